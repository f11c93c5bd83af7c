#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;
use wiremock::matchers::{header, query_param, query_param_is_missing};

use super::*;
use crate::github::testing::{World, get, json as answer, refuse};
use crate::github::{TokenSource, identify};
use crate::model::Permission;

const R: &str = "/repos/acme/widgets";

fn token() -> Token {
    Token::new("ghu_not-a-token".into(), TokenSource::Device)
}

fn environment(name: &str) -> EnvironmentName {
    EnvironmentName::new(name).unwrap()
}

async fn facts(world: &World, token: Option<&Token>, named: &[&str]) -> GithubFacts {
    let named: Vec<_> = named.iter().map(|name| environment(name)).collect();
    read_facts(&world.http, &world.endpoints, token, &"acme/widgets".parse().unwrap(), &named).await
}

fn repo(full_name: &str, owner: &str) -> Value {
    json!({
        "id": 7, "full_name": full_name, "owner": { "login": "acme", "id": 70, "type": owner }, "private": false,
        "default_branch": "trunk", "permissions": { "admin": false, "maintain": true, "push": true, "pull": true },
    })
}

fn secrets(names: &[&str]) -> ResponseTemplate {
    let secrets: Vec<_> = names.iter().map(|n| json!({ "name": n, "updated_at": "2026-01-02T03:04:05Z" })).collect();
    answer(json!({ "total_count": names.len(), "secrets": secrets }))
}

fn names(reading: &Reading<Vec<SecretFact>>) -> Vec<&str> {
    reading.value().unwrap().iter().map(|s| s.name.as_str()).collect()
}

fn why<T: std::fmt::Debug>(reading: &Reading<T>) -> &str {
    match reading {
        Reading::Unknown(unknown) => &unknown.why,
        other => panic!("{other:?}"),
    }
}

/// Everything answers, with these environments (custom branch policies each) and this many workflows.
async fn whole(world: &World, environments: &[&str], workflows: usize) {
    world.get(R, answer(repo("acme/widgets", "Organization"))).await;
    let path = |n: usize| format!(".github/workflows/w{n:02}.yml");
    let list: Vec<_> = (0..workflows).map(|n| json!({ "id": n, "path": path(n), "state": "active" })).collect();
    world.get(&format!("{R}/actions/workflows"), answer(json!({ "total_count": workflows, "workflows": list }))).await;
    let files: Vec<_> =
        (0..workflows).map(|n| json!({ "path": path(n), "sha": format!("{n:040x}"), "type": "file" })).collect();
    world.get(&format!("{R}/contents/.github/workflows"), answer(json!(files))).await;
    let list: Vec<_> = environments
        .iter()
        .map(|name| {
            let policy = json!({ "protected_branches": false, "custom_branch_policies": true });
            json!({ "id": 1, "name": name, "protection_rules": [], "deployment_branch_policy": policy })
        })
        .collect();
    world.get(&format!("{R}/environments"), answer(json!({ "total_count": 1, "environments": list }))).await;
    for name in environments {
        let at = format!("{R}/environments/{name}");
        world.get(&format!("{at}/secrets"), secrets(&["NPM_TOKEN"])).await;
        let patterns = json!({ "total_count": 1, "branch_policies": [{ "id": 1, "name": "v*", "type": "tag" }] });
        world.get(&format!("{at}/deployment-branch-policies"), answer(patterns)).await;
    }
    world.get(&format!("{R}/actions/secrets"), secrets(&["CARGO_REGISTRY_TOKEN"])).await;
    world.get(&format!("{R}/actions/organization-secrets"), secrets(&["ORG_TOKEN"])).await;
    let subject = json!({ "use_default": true, "use_immutable_subject": true, "sub_claim_prefix": "repo:acme@70" });
    world.get(&format!("{R}/actions/oidc/customization/sub"), answer(subject)).await;
}

#[tokio::test]
async fn twenty_workflows_and_five_environments_cost_at_most_16_requests() {
    let world = World::new().await;
    whole(&world, &["a", "b", "c", "d", "e"], 20).await;
    world.get("/user", answer(json!({ "login": "mona" }))).await;
    world.get("/user/installations", answer(json!({ "installations": [] }))).await;
    let slug = "acme/widgets".parse().unwrap();
    identify(&world.http, &world.endpoints, &token(), Some(&slug)).await.unwrap();
    let facts = facts(&world, Some(&token()), &["A", "b"]).await;

    let asked = world.asked().await;
    assert!(asked.len() <= 16, "{asked:#?}");
    let repository = facts.repository.value().unwrap();
    assert_eq!((repository.id, repository.owner_id, repository.permission), (7, 70, Some(Permission::Maintain)));
    let workflows = facts.workflows.value().unwrap();
    assert_eq!(workflows.len(), 20);
    assert_eq!((&workflows[1].state, &workflows[1].blob), (&Some(WorkflowState::Active), &Some(format!("{:040x}", 1))));
    let environments = facts.environments.value().unwrap();
    assert_eq!(environments.len(), 5);
    assert!(environments.iter().all(|e| names(&e.secrets) == ["NPM_TOKEN"]));
    assert!(matches!(&environments[0].refs, BranchPolicy::Custom(r) if r.value().unwrap()[0].to_string() == "tag v*"));
    assert_eq!(environments[4].refs, BranchPolicy::Custom(Reading::NotRead), "no workflow names it");
    assert_eq!(names(&facts.repository_secrets), ["CARGO_REGISTRY_TOKEN"]);
    assert_eq!(names(&facts.organization_secrets), ["ORG_TOKEN"]);
    assert_eq!(facts.oidc_subject.value().unwrap().immutable, Some(true));
}

#[tokio::test]
async fn of_many_environments_the_named_ones_are_read_first() {
    let world = World::new().await;
    whole(&world, &["a", "b", "c", "d", "e", "f", "g"], 0).await;
    let facts = facts(&world, Some(&token()), &["g", "on no list"]).await;
    let read: Vec<_> = facts.environments.value().unwrap().iter().filter(|e| e.secrets.value().is_some()).collect();
    assert_eq!(read.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d", "g"]);
    assert_eq!(why(&facts.environments.value().unwrap()[5].secrets), "not asked: no workflow names it");
}

#[tokio::test]
async fn each_part_fails_alone_and_names_what_is_missing() {
    let world = World::new().await;
    let missing = refuse(403, "Resource not accessible by integration")
        .insert_header("x-accepted-github-permissions", "secrets=read");
    world.get(&format!("{R}/actions/secrets"), missing).await;
    world.get(&format!("{R}/actions/organization-secrets"), refuse(404, "Not Found")).await;
    world.get(&format!("{R}/environments"), refuse(404, "Not Found")).await;
    world.get(&format!("{R}/actions/workflows"), ResponseTemplate::new(200).set_body_raw("<html>", "text/html")).await;
    whole(&world, &[], 2).await;
    let facts = facts(&world, Some(&token()), &[]).await;
    assert_eq!(
        why(&facts.repository_secrets),
        "the token may not read the names of the repository's secrets: it lacks the permission secrets: read"
    );
    for why in [why(&facts.organization_secrets), why(&facts.environments)] {
        assert!(why.ends_with("not there, or hidden"), "{why}");
    }
    assert!(why(&facts.workflows).contains("a web page where JSON was expected"));
    assert!(facts.repository.value().is_some() && facts.oidc_subject.value().is_some());
}

#[tokio::test]
async fn workflow_files_that_cannot_be_read_leave_the_states() {
    let world = World::new().await;
    world.get(&format!("{R}/contents/.github/workflows"), refuse(404, "Not Found")).await;
    whole(&world, &[], 1).await;
    let facts = facts(&world, Some(&token()), &[]).await;
    let [workflow] = facts.workflows.value().unwrap().as_slice() else { panic!("{:?}", facts.workflows) };
    assert_eq!((&workflow.state, &workflow.blob), (&Some(WorkflowState::Active), &None));
}

#[tokio::test]
async fn lists_and_folder_are_one_list_of_workflows() {
    let world = World::new().await;
    let listed = json!({ "workflows": [
        { "path": ".github/workflows/off.yml", "state": "disabled_manually" },
        { "path": ".github/workflows/gone.yml", "state": "deleted" },
        { "path": "dynamic/pages/pages-build-deployment", "state": "active" },
    ]});
    world.get(&format!("{R}/actions/workflows"), answer(listed)).await;
    let folder = json!([
        { "path": ".github/workflows/off.yml", "sha": "aa", "type": "file" },
        { "path": ".github/workflows/new.yaml", "sha": "bb", "type": "file" },
        { "path": ".github/workflows/README.md", "sha": "cc", "type": "file" },
        { "path": ".github/workflows/x.yml", "sha": "dd", "type": "dir" },
    ]);
    let on_branch = get(&format!("{R}/contents/.github/workflows")).and(query_param("ref", "trunk"));
    on_branch.respond_with(answer(folder)).mount(&world.server).await;
    whole(&world, &[], 0).await;
    let workflow = |path: &str, state, blob: &str| RemoteWorkflow {
        path: format!(".github/workflows/{path}"),
        state,
        blob: Some(blob.into()),
    };
    let off = Some(WorkflowState::Disabled("disabled by hand".into()));
    assert_eq!(
        facts(&world, Some(&token()), &[]).await.workflows.value().unwrap().as_slice(),
        [workflow("new.yaml", None, "bb"), workflow("off.yml", off, "aa")]
    );
}

#[tokio::test]
async fn lists_are_read_to_their_end_and_never_elsewhere() {
    let world = World::new().await;
    let at = format!("{R}/actions/secrets");
    let link = |to: &str| format!("<{to}>; rel=\"prev\", <{to}?per_page=100&page=2>; rel=\"next\"");
    let next = link(&format!("{}{at}", world.server.uri()));
    let first = get(&at).and(query_param("per_page", "100")).and(query_param_is_missing("page"));
    first.respond_with(secrets(&["ONE"]).insert_header("link", next)).mount(&world.server).await;
    get(&at).and(query_param("page", "2")).respond_with(secrets(&["TWO"])).mount(&world.server).await;
    let away = secrets(&["ONE"]).insert_header("link", link("https://evil.example/secrets"));
    world.get(&format!("{R}/actions/organization-secrets"), away).await;
    whole(&world, &[], 0).await;
    let facts = facts(&world, Some(&token()), &[]).await;
    assert_eq!(names(&facts.repository_secrets), ["ONE", "TWO"]);
    assert!(why(&facts.organization_secrets).ends_with("the next page is on another host"));
}

#[tokio::test]
async fn a_list_without_end_is_given_up() {
    let world = World::new().await;
    let at = format!("{R}/actions/secrets");
    let next = format!("<{}{at}?page=2>; rel=\"next\"", world.server.uri());
    world.get(&at, secrets(&["ONE"]).insert_header("link", next)).await;
    whole(&world, &[], 0).await;
    assert!(why(&facts(&world, Some(&token()), &[]).await.repository_secrets).contains("over 20 entries"));
}

#[tokio::test]
async fn a_rename_is_followed_and_the_new_name_used() {
    let world = World::new().await;
    let moved = ResponseTemplate::new(301).insert_header("location", "/repositories/7");
    world.get("/repos/acme/gadgets", moved).await;
    get("/repositories/7")
        .and(header("authorization", "Bearer ghu_not-a-token"))
        .respond_with(answer(repo("acme/widgets", "Organization")))
        .mount(&world.server)
        .await;
    whole(&world, &[], 0).await;
    let old = "acme/gadgets".parse().unwrap();
    let facts = read_facts(&world.http, &world.endpoints, Some(&token()), &old, &[]).await;
    assert_eq!(facts.repository.value().unwrap().slug.to_string(), "acme/widgets");
    assert_eq!(names(&facts.repository_secrets), ["CARGO_REGISTRY_TOKEN"]);
}

#[tokio::test]
async fn without_a_token_only_what_is_public_is_asked() {
    let world = World::new().await;
    whole(&world, &["release"], 1).await;
    let facts = facts(&world, None, &["release"]).await;
    let repository = facts.repository.value().unwrap();
    assert_eq!(repository.permission, None);
    assert_eq!(facts.workflows.value().unwrap().len(), 1);
    let secrets = &facts.environments.value().unwrap()[0].secrets;
    for why in [why(secrets), why(&facts.repository_secrets), why(&facts.oidc_subject)] {
        assert_eq!(why, "nobody is signed in to GitHub");
    }
    let asked = world.asked().await;
    assert!(!asked.iter().any(|path| path.contains("secrets") || path.contains("oidc")), "{asked:#?}");
    let requests = world.server.received_requests().await.unwrap();
    assert!(requests.iter().all(|r| !r.headers.contains_key("authorization")));
}

#[tokio::test]
async fn a_person_has_no_organisation_secrets() {
    let world = World::new().await;
    world.get(R, answer(repo("acme/widgets", "User"))).await;
    whole(&world, &[], 0).await;
    let facts = facts(&world, Some(&token()), &[]).await;
    assert_eq!(names(&facts.organization_secrets), Vec::<&str>::new());
    assert!(!world.asked().await.iter().any(|path| path.contains("organization")));
}

#[tokio::test]
async fn protection_is_read_and_odd_names_are_not_shown() {
    let world = World::new().await;
    let rules = json!([
        { "id": 1, "type": "wait_timer", "wait_timer": 30 },
        { "id": 2, "type": "required_reviewers", "prevent_self_review": true, "reviewers": [
            { "type": "User", "reviewer": { "login": "mona\u{1b}" } },
            { "type": "Team", "reviewer": { "slug": "release", "name": "Release" } },
        ]},
        { "id": 3, "type": "branch_policy" },
        { "id": 4, "type": "some_app" },
    ]);
    let policy = json!({ "protected_branches": true, "custom_branch_policies": false });
    let list = json!([
        { "name": "release", "protection_rules": rules, "deployment_branch_policy": policy },
        { "name": "open", "protection_rules": [], "deployment_branch_policy": null },
    ]);
    world.get(&format!("{R}/environments"), answer(json!({ "environments": list }))).await;
    world.get(&format!("{R}/actions/secrets"), secrets(&["not a name"])).await;
    whole(&world, &["release"], 0).await;
    let facts = facts(&world, Some(&token()), &[]).await;
    let [release, open] = facts.environments.value().unwrap().as_slice() else { panic!() };
    assert_eq!(
        release.protection,
        [
            Protection::WaitTimer(30),
            Protection::Reviewers {
                reviewers: vec![Reviewer::Person("mona".into()), Reviewer::Team("release".into())],
                prevent_self_review: true,
            },
            Protection::BranchPolicy,
            Protection::Other("some_app".into()),
        ]
    );
    assert_eq!((&release.refs, &open.refs), (&BranchPolicy::ProtectedBranches, &BranchPolicy::Any));
    assert!(why(&facts.repository_secrets).contains("cannot be understood"), "a list with an odd name is not believed");
}

/// A server that says 404 after a while to everybody; counts how many wait at the same time.
async fn crowded() -> (String, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let (now, most) = (now.clone(), most.clone());
            tokio::spawn(async move {
                let _ = socket.read(&mut [0; 4096]).await;
                most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                tokio::time::sleep(std::time::Duration::from_millis(30)).await;
                now.fetch_sub(1, SeqCst);
                let _ = socket.write_all(b"HTTP/1.1 404 N\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
            });
        }
    });
    (url, seen)
}

#[tokio::test]
async fn reads_run_side_by_side_but_never_more_than_four() {
    let world = World::new().await;
    let (url, most) = crowded().await;
    let endpoints = Endpoints::resolve(|_| Some(url.clone()), &[]).unwrap();
    let facts = read_facts(&world.http, &endpoints, Some(&token()), &"acme/widgets".parse().unwrap(), &[]).await;
    assert!(why(&facts.oidc_subject).ends_with("not there, or hidden"));
    assert_eq!(most.load(std::sync::atomic::Ordering::SeqCst), 4);
}
