#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;

use super::*;
use crate::github::TokenSource;
use crate::github::testing::{World, json as answer, refuse};
use crate::model::Reading;

const R: &str = "/repos/acme/widgets";

async fn guard(world: &World, signed_in: bool) -> GuardFacts {
    let token = Token::new("ghp_not-a-token".into(), TokenSource::Environment("GH_TOKEN"));
    let token = signed_in.then_some(&token);
    read_guard(&world.http, &world.endpoints, token, &"acme/widgets".parse().unwrap(), "main").await
}

fn why<T: std::fmt::Debug>(reading: &Reading<T>) -> &str {
    match reading {
        Reading::Unknown(unknown) => &unknown.why,
        other => panic!("{other:?}"),
    }
}

async fn whole(world: &World) {
    let person = |login: &str, id: u64, push: bool, admin: bool| json!({ "login": login, "id": id, "permissions": { "pull": true, "push": push, "admin": admin } });
    let people =
        json!([person("mona\u{1b}", 5, true, true), person("ada", 6, true, false), person("eve", 7, false, false)]);
    world.get(&format!("{R}/collaborators"), answer(people)).await;
    let rules = json!([{ "type": "pull_request" }, { "type": "deletion" }, { "type": "pull_request" }]);
    world.get(&format!("{R}/rules/branches/main"), answer(rules)).await;
    let summary =
        |id: u64, target: &str, how: &str| json!({ "id": id, "name": "x", "target": target, "enforcement": how });
    let all = json!([summary(1, "tag", "active"), summary(2, "branch", "active"), summary(3, "tag", "disabled")]);
    world.get(&format!("{R}/rulesets"), answer(all)).await;
    let one = json!({ "id": 1, "name": "Release tags", "target": "tag", "enforcement": "active",
        "conditions": { "ref_name": { "include": ["refs/tags/v*"], "exclude": [] } },
        "rules": [{ "type": "creation" }, { "type": "update" }],
        "bypass_actors": [{ "actor_id": 5, "actor_type": "RepositoryRole" }] });
    world.get(&format!("{R}/rulesets/1"), answer(one)).await;
}

#[tokio::test]
async fn who_can_push_and_what_rules_hold_is_read_in_few_requests() {
    let world = World::new().await;
    whole(&world).await;
    let guard = guard(&world, true).await;
    let people = guard.collaborators.value().unwrap();
    let shown: Vec<_> = people.iter().map(|one| (one.login.as_str(), one.id, one.permission)).collect();
    assert_eq!(shown, [("mona", 5, Permission::Admin), ("ada", 6, Permission::Write)]);
    assert_eq!(guard.branch_rules.value().unwrap(), &["deletion", "pull_request"]);
    let [tags] = guard.tag_rulesets.value().unwrap().as_slice() else { panic!() };
    assert_eq!((tags.name.as_str(), tags.include.as_slice()), ("Release tags", &["refs/tags/v*".to_owned()][..]));
    assert_eq!((tags.rules.as_slice(), tags.bypass), (&["creation".to_owned(), "update".to_owned()][..], Some(1)));
    assert_eq!(world.asked().await.len(), 4);
}

#[tokio::test]
async fn each_part_fails_alone_and_is_never_none() {
    for status in [403, 404, 500] {
        let refused = || refuse(status, "no").insert_header("x-accepted-github-permissions", "metadata=read");
        for part in ["collaborators", "rules/branches/main", "rulesets", "rulesets/1"] {
            let world = World::new().await;
            world.get(&format!("{R}/{part}"), refused()).await;
            whole(&world).await;
            let guard = guard(&world, true).await;
            let unknown = [
                matches!(guard.collaborators, Reading::Unknown(_)),
                matches!(guard.branch_rules, Reading::Unknown(_)),
                matches!(guard.tag_rulesets, Reading::Unknown(_)),
            ];
            let expected = [part == "collaborators", part.starts_with("rules/"), part.starts_with("rulesets")];
            assert_eq!(unknown, expected, "{part} {status}");
            if (part, status) == ("collaborators", 403) {
                assert!(why(&guard.collaborators).ends_with("it lacks the permission metadata: read"));
            }
        }
    }
    let world = World::new().await;
    whole(&world).await;
    let guard = guard(&world, false).await;
    assert!(why(&guard.collaborators).contains("nobody is signed in"));
    assert!(guard.branch_rules.value().is_some(), "public");
}

#[tokio::test]
async fn more_rulesets_than_are_read_are_unknown() {
    let world = World::new().await;
    let many: Vec<_> =
        (0..11).map(|id| json!({ "id": id, "name": "x", "target": "tag", "enforcement": "active" })).collect();
    world.get(&format!("{R}/rulesets"), answer(json!(many))).await;
    let guard = guard(&world, true).await;
    assert!(why(&guard.tag_rulesets).contains("11 rulesets on tags"));
}
