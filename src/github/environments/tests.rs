#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, ResponseTemplate};

use super::*;
use crate::github::TokenSource;
use crate::github::testing::{World, get, json as answer, refuse};
use crate::model::{RefKind, RefPattern};

const AT: &str = "/repos/acme/widgets/environments/release";

fn token() -> Token {
    Token::new("ghp_not-a-token".into(), TokenSource::Environment("GH_TOKEN"))
}

fn slug() -> RepoSlug {
    "acme/widgets".parse().unwrap()
}

fn tag(pattern: &str) -> RefPattern {
    RefPattern { kind: RefKind::Tag, pattern: pattern.to_owned() }
}

fn wish(refs: &[&str], reviewers: &[(&str, u64)]) -> EnvironmentWish {
    EnvironmentWish {
        name: EnvironmentName::new("release").unwrap(),
        refs: refs.iter().map(|pattern| tag(pattern)).collect(),
        reviewers: reviewers.iter().map(|(login, id)| ((*login).to_owned(), *id)).collect(),
    }
}

fn environment(rules: &Value, custom: bool) -> ResponseTemplate {
    let policy = json!({ "protected_branches": false, "custom_branch_policies": true });
    answer(json!({
        "name": "release", "protection_rules": rules,
        "deployment_branch_policy": if custom { policy } else { Value::Null },
    }))
}

fn patterns(names: &[&str]) -> ResponseTemplate {
    let list: Vec<_> = names.iter().map(|name| json!({ "id": 1, "name": name, "type": "tag" })).collect();
    answer(json!({ "total_count": names.len(), "branch_policies": list }))
}

/// Answers these in turn, and the last one from then on.
async fn in_turn(world: &World, at: &str, answers: Vec<ResponseTemplate>) {
    let last = answers.len() - 1;
    for (n, one) in answers.into_iter().enumerate() {
        let mock = get(at).respond_with(one);
        if n < last { mock.up_to_n_times(1).mount(&world.server).await } else { mock.mount(&world.server).await }
    }
}

async fn takes(world: &World, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(&world.server).await;
}

/// The changes that were asked for: method, path and body.
async fn changes(world: &World) -> Vec<(String, String, Value)> {
    let all = world.server.received_requests().await.unwrap();
    let changes = all.iter().filter(|request| request.method.as_str() != "GET");
    changes.map(|r| (r.method.to_string(), r.url.path().to_owned(), serde_json::from_slice(&r.body).unwrap())).collect()
}

async fn make(world: &World, wish: &EnvironmentWish) -> Result<EnvironmentMade, GithubError> {
    make_environment(&world.http, &world.endpoints, &token(), &slug(), wish).await
}

#[tokio::test]
async fn a_missing_one_is_made_with_what_was_asked_for_and_read_back() {
    let world = World::new().await;
    let policies = format!("{AT}/deployment-branch-policies");
    in_turn(&world, AT, vec![refuse(404, "Not Found"), environment(&json!([{ "type": "branch_policy" }]), true)]).await;
    world.get(&policies, patterns(&["v*"])).await;
    takes(&world, "PUT", AT, answer(json!({}))).await;
    takes(&world, "POST", &policies, answer(json!({}))).await;
    assert!(matches!(make(&world, &wish(&["v*"], &[])).await, Ok(EnvironmentMade::Done(_))));
    let policy = json!({ "deployment_branch_policy": { "protected_branches": false, "custom_branch_policies": true } });
    let sent = changes(&world).await;
    assert_eq!(sent[0], ("PUT".into(), AT.into(), policy), "nothing but what was asked for");
    assert_eq!(sent[1], ("POST".into(), policies, json!({ "name": "v*", "type": "tag" })));
    assert_eq!(sent.len(), 2);
}

#[tokio::test]
async fn reviewers_are_named_by_number_and_nothing_else_is_sent() {
    let world = World::new().await;
    let rules = json!([{ "type": "required_reviewers", "prevent_self_review": false,
        "reviewers": [{ "type": "User", "reviewer": { "login": "Mona", "id": 5 } }] }]);
    in_turn(&world, AT, vec![environment(&json!([]), false), environment(&rules, false)]).await;
    Mock::given(method("PUT"))
        .and(path(AT))
        .and(body_json(json!({ "reviewers": [{ "type": "User", "id": 5 }] })))
        .respond_with(answer(json!({})))
        .mount(&world.server)
        .await;
    assert!(matches!(make(&world, &wish(&[], &[("mona", 5)])).await, Ok(EnvironmentMade::Done(_))));
}

#[tokio::test]
async fn what_is_so_already_is_not_sent_again() {
    let world = World::new().await;
    world.get(AT, environment(&json!([{ "type": "branch_policy" }]), true)).await;
    world.get(&format!("{AT}/deployment-branch-policies"), patterns(&["v*"])).await;
    assert!(matches!(make(&world, &wish(&["v*"], &[])).await, Ok(EnvironmentMade::AlreadySo(_))));
    assert_eq!(changes(&world).await, []);
}

#[tokio::test]
async fn one_with_rules_of_its_own_is_left_alone() {
    let world = World::new().await;
    for rules in [json!([{ "type": "wait_timer", "wait_timer": 30 }]), json!([{ "type": "some_app" }])] {
        world.server.reset().await;
        world.get(AT, environment(&rules, false)).await;
        let error = make(&world, &wish(&["v*"], &[])).await.unwrap_err();
        assert!(matches!(&error, GithubError::Guarded { .. }), "{error}");
        assert_eq!(changes(&world).await, []);
    }
}

#[tokio::test]
async fn a_run_that_was_cut_after_the_first_request_is_finished_by_the_next() {
    let world = World::new().await;
    let policies = format!("{AT}/deployment-branch-policies");
    world.get(AT, environment(&json!([{ "type": "branch_policy" }]), true)).await;
    in_turn(&world, &policies, vec![patterns(&[]), patterns(&["v*"])]).await;
    takes(&world, "POST", &policies, ResponseTemplate::new(303)).await;
    assert!(matches!(make(&world, &wish(&["v*"], &[])).await, Ok(EnvironmentMade::Done(_))));
    assert_eq!(changes(&world).await.len(), 1, "no PUT: it might take something away");
}

#[tokio::test]
async fn what_reads_back_otherwise_is_no_success() {
    let policies = format!("{AT}/deployment-branch-policies");
    for (after, there, says) in [
        (environment(&json!([]), false), vec![], "any branch and tag"),
        (environment(&json!([]), true), vec!["v*", "*"], "tag * may deploy too"),
        (environment(&json!([]), true), vec!["x*"], "lacks the rule for tag v*"),
    ] {
        let world = World::new().await;
        in_turn(&world, AT, vec![refuse(404, "Not Found"), after]).await;
        world.get(&policies, patterns(&there)).await;
        takes(&world, "PUT", AT, answer(json!({}))).await;
        takes(&world, "POST", &policies, answer(json!({}))).await;
        match make(&world, &wish(&["v*"], &[])).await {
            Ok(EnvironmentMade::Differs(why, _)) => assert!(why.contains(says), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_names_the_permission_and_none_is_taken_for_done() {
    let policies = format!("{AT}/deployment-branch-policies");
    let lacking = refuse(403, "Resource not accessible by integration")
        .insert_header("x-accepted-github-permissions", "administration=write");
    let gated = "Failed to create the environment protection rule. Please ensure the billing plan supports it.";
    for (refusal, says) in [
        (lacking, "the token may not make the environment release: it lacks the permission administration: write"),
        (refuse(404, "Not Found"), "no such place for this account"),
        (refuse(422, gated), "HTTP 422): Failed to create the environment protection rule"),
        (refuse(500, "Server Error"), "GitHub did not make the environment release (HTTP 500): Server Error"),
    ] {
        let world = World::new().await;
        world.get(AT, refuse(404, "Not Found")).await;
        takes(&world, "PUT", AT, refusal).await;
        let error = make(&world, &wish(&["v*"], &[])).await.unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        assert!(error.hint().is_some());
        assert_eq!(changes(&world).await.len(), 1, "nothing is sent after a refusal");
    }
    // The look before and the look after fail like any read.
    for status in [403, 500] {
        let world = World::new().await;
        world.get(AT, refuse(status, "no")).await;
        assert!(make(&world, &wish(&["v*"], &[])).await.is_err());
        assert_eq!(changes(&world).await, [], "not without having looked");
        let world = World::new().await;
        in_turn(&world, AT, vec![refuse(404, "Not Found"), refuse(status, "no")]).await;
        takes(&world, "PUT", AT, answer(json!({}))).await;
        takes(&world, "POST", &policies, answer(json!({}))).await;
        assert!(make(&world, &wish(&["v*"], &[])).await.is_err(), "not read back");
    }
}

#[tokio::test]
async fn hostile_names_stay_in_their_place_of_the_address() {
    let world = World::new().await;
    for name in [".", ".."] {
        let wish = EnvironmentWish { name: EnvironmentName::new(name).unwrap(), ..wish(&[], &[]) };
        assert!(make(&world, &wish).await.is_err());
    }
    assert!(world.asked().await.is_empty());
    for name in ["../../../user", "a/b?x=1#y", "%2e%2e", "a b"] {
        let wish = EnvironmentWish { name: EnvironmentName::new(name).unwrap(), ..wish(&[], &[]) };
        let _ = make(&world, &wish).await;
    }
    for asked in world.asked().await {
        let rest = asked.strip_prefix("/repos/acme/widgets/environments/").expect(&asked);
        assert!(!rest.contains('/') && !rest.contains('?'), "{asked}");
    }
}
