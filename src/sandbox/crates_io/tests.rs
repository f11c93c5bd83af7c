#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use super::super::testing::{client, client_named, demo};
use super::super::world::crates_io::{
    Email, EndpointScope, GitHubLink, PublishedBy, Publishing, TokenScopes, User, Version,
};
use super::super::{Sandbox, visit};

const CONFIGS: &str = "/api/v1/trusted_publishing/github_configs";

fn scoped(endpoints: &[EndpointScope], crates: &[&str]) -> TokenScopes {
    TokenScopes::Scoped {
        endpoints: endpoints.to_vec(),
        crates: crates.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// A token for trusted publishing on every crate.
fn trust_token(sandbox: &Sandbox) -> String {
    sandbox.world().crates_io.add_token("mona", scoped(&[EndpointScope::TrustedPublishing], &[]))
}

fn wanted() -> Value {
    json!({
        "crate": "widgets-core", "repository_owner": "ACME", "repository_name": "widgets",
        "workflow_filename": "release.yml", "environment": "release",
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut body = wanted();
    body[field] = value;
    body
}

async fn create(sandbox: &Sandbox, token: Option<&str>, config: Value) -> (u16, Value) {
    let url = format!("{}{CONFIGS}", sandbox.urls().crates_io);
    let mut request = client().post(url).json(&json!({ "github_config": config }));
    if let Some(token) = token {
        request = request.header("authorization", token);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn get(sandbox: &Sandbox, path: &str, token: Option<&str>) -> (u16, Value) {
    let mut request = client().get(format!("{}{path}", sandbox.urls().crates_io));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// Holds a refusal against status and text of the real server.
fn refused((status, body): (u16, Value), expected: u16, detail: &str) {
    assert_eq!((status, body), (expected, json!({ "errors": [{ "detail": detail }] })));
}

#[tokio::test]
async fn a_publisher_is_made_with_the_owner_in_githubs_case_and_its_id() {
    let sandbox = demo().await;
    let token = trust_token(&sandbox);
    let (status, body) = create(&sandbox, Some(&token), wanted()).await;
    assert_eq!(status, 200, "{body}");
    let config = &body["github_config"];
    assert_eq!((&config["repository_owner"], &config["repository_owner_id"]), (&json!("acme"), &json!(7_000_002)));
    assert_eq!(config["environment"], "release");
    assert_eq!(sandbox.world().crates_io.mails.len(), 1, "every owner gets a mail");
}

#[tokio::test]
async fn the_same_publisher_can_be_made_twice_and_the_sixth_is_refused() {
    let sandbox = demo().await;
    let token = trust_token(&sandbox);
    for _ in 0..5 {
        assert_eq!(create(&sandbox, Some(&token), wanted()).await.0, 200);
    }
    let most = "This crate already has the maximum number of GitHub Trusted Publishing configurations (5)";
    refused(create(&sandbox, Some(&token), wanted()).await, 409, most);
    // The count is looked at before the owner.
    sandbox.world().crates_io.krate_mut("widgets-core").unwrap().owners.clear();
    refused(create(&sandbox, Some(&token), wanted()).await, 409, most);
}

#[tokio::test]
async fn tokens_are_refused_in_the_servers_words() {
    let sandbox = demo().await;
    refused(create(&sandbox, None, wanted()).await, 403, "this action requires authentication");
    refused(create(&sandbox, Some("cio-not-a-token"), wanted()).await, 403, "authentication failed");
    let (status, body) = create(&sandbox, Some("not-a-token"), wanted()).await;
    assert_eq!(status, 401);
    let detail = body["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("The given API token does not match the format used by crates.io."), "{detail}");
    assert!(detail.ends_with("We apologize for any inconvenience."), "{detail}");
    let lacks = "this token does not have the required permissions to perform this action";
    for scopes in [
        scoped(&[EndpointScope::PublishNew, EndpointScope::PublishUpdate], &[]),
        scoped(&[EndpointScope::TrustedPublishing], &["other-*"]),
    ] {
        let token = sandbox.world().crates_io.add_token("mona", scopes);
        refused(create(&sandbox, Some(&token), wanted()).await, 403, lacks);
    }
    let prefix = scoped(&[EndpointScope::TrustedPublishing], &["widgets-*"]);
    for scopes in [prefix, TokenScopes::Legacy] {
        let token = sandbox.world().crates_io.add_token("mona", scopes);
        assert_eq!(create(&sandbox, Some(&token), wanted()).await.0, 200);
    }
}

#[tokio::test]
async fn fields_are_checked_before_the_token_and_in_order() {
    let sandbox = demo().await;
    let odd =
        r#"Environment name must not contain non-printable characters or the characters "'", """, "`", ",", ";", "\""#;
    for (field, value, detail) in [
        (
            "workflow_filename",
            json!(".github/workflows/release.yml"),
            "Workflow filename must be a filename only, without directories",
        ),
        ("workflow_filename", json!("release"), "Workflow filename must end with `.yml` or `.yaml`"),
        ("environment", json!(""), "Environment name may not be empty (use `null` to omit)"),
        ("environment", json!(" release"), "Environment name may not start with whitespace"),
        ("environment", json!("a,b"), odd),
        ("repository_owner", json!("-acme"), "Invalid GitHub repository owner name"),
        ("repository_name", json!("acme/widgets"), "Invalid GitHub repository name"),
    ] {
        refused(create(&sandbox, None, with(field, value)).await, 400, detail);
    }
    let token = trust_token(&sandbox);
    let unknown = create(&sandbox, Some(&token), with("repository_owner", json!("nobody-here"))).await;
    refused(unknown, 400, "Unknown GitHub user or organization");
    let missing = create(&sandbox, Some(&token), with("crate", json!("widgets-macros"))).await;
    refused(missing, 404, "crate `widgets-macros` does not exist");
}

#[tokio::test]
async fn bodies_of_the_wrong_shape_are_told_apart() {
    let sandbox = demo().await;
    let url = format!("{}{CONFIGS}", sandbox.urls().crates_io);
    let post = |kind: &'static str| {
        let request = client().post(&url).body(r#"{"github_config":{"crate":"pot-lab-demo"}}"#);
        request.header("content-type", kind).send()
    };
    let wrong_type = post("text/plain").await.unwrap();
    let answer = (wrong_type.status().as_u16(), wrong_type.json().await.unwrap());
    refused(answer, 415, "Expected request with `Content-Type: application/json`");
    let incomplete = post("application/json").await.unwrap();
    assert_eq!(incomplete.status(), 422);
    let body: Value = incomplete.json().await.unwrap();
    assert_eq!(
        body["errors"][0]["detail"],
        "Failed to deserialize the JSON body into the target type: github_config: missing field `repository_owner` at \
         line 1 column 41"
    );
}

#[tokio::test]
async fn only_an_owner_with_a_verified_address_and_a_linked_account_may() {
    let sandbox = demo().await;
    let token = trust_token(&sandbox);
    sandbox.world().crates_io.users[0].github = GitHubLink::Missing;
    let no_link = "Must have a linked GitHub account to create a Trusted Publishing config";
    refused(create(&sandbox, Some(&token), wanted()).await, 400, no_link);
    sandbox.world().crates_io.users[0].email = Email::Unverified;
    let no_mail = "You must verify your email address to create a Trusted Publishing config";
    refused(create(&sandbox, Some(&token), wanted()).await, 403, no_mail);
    {
        let mut world = sandbox.world();
        let krate = world.crates_io.krate_mut("widgets-core").unwrap();
        krate.owners.clear();
        krate.team_owners.push("github:acme:release".to_owned());
    }
    refused(create(&sandbox, Some(&token), wanted()).await, 400, "You are not an owner of this crate");
    let path = format!("{CONFIGS}?crate=widgets-core");
    refused(get(&sandbox, &path, Some(&token)).await, 400, "You are not an owner of this crate");
}

#[tokio::test]
async fn a_list_is_followed_by_its_seek() {
    let sandbox = demo().await;
    let token = trust_token(&sandbox);
    for n in 0..5 {
        create(&sandbox, Some(&token), with("workflow_filename", json!(format!("r{n}.yml")))).await;
    }
    let mut query = "?crate=widgets-core&per_page=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let (status, body) = get(&sandbox, &format!("{CONFIGS}{query}"), Some(&token)).await;
        assert_eq!((status, &body["meta"]["total"]), (200, &json!(5)));
        let page = body["github_configs"].as_array().unwrap();
        seen.extend(page.iter().map(|one| one["workflow_filename"].as_str().unwrap().to_owned()));
        let Some(next) = body["meta"]["next_page"].as_str() else { break };
        assert!(next.starts_with("?crate=widgets-core&per_page=2&seek="), "{next}");
        query = next.to_owned();
    }
    assert_eq!(seen, ["r0.yml", "r1.yml", "r2.yml", "r3.yml", "r4.yml"]);
}

#[tokio::test]
async fn a_list_by_user_is_for_that_user_with_a_scoped_token() {
    let sandbox = demo().await;
    let token = trust_token(&sandbox);
    create(&sandbox, Some(&token), wanted()).await;
    let (_, user) = get(&sandbox, "/api/v1/users/MONA", None).await;
    let mine = format!("{CONFIGS}?user_id={}", user["user"]["id"]);
    assert_eq!(get(&sandbox, &mine, Some(&token)).await.1["meta"]["total"], 1);
    let other = scoped(&[EndpointScope::TrustedPublishing], &["other-*"]);
    let other = sandbox.world().crates_io.add_token("mona", other);
    assert_eq!(get(&sandbox, &mine, Some(&other)).await.1["meta"]["total"], 0, "the token's crates filter the list");
    let legacy = sandbox.world().crates_io.add_token("mona", TokenScopes::Legacy);
    let no_legacy = "This endpoint cannot be used with legacy API tokens. Use a scoped API token instead.";
    refused(get(&sandbox, &mine, Some(&legacy)).await, 403, no_legacy);
    let others = format!("{CONFIGS}?user_id=1");
    refused(
        get(&sandbox, &others, Some(&token)).await,
        403,
        "this action requires authentication as the specified user",
    );
    let none = "Must specify either `crate` or `user_id` query parameter";
    refused(get(&sandbox, CONFIGS, Some(&token)).await, 400, none);
}

#[tokio::test]
async fn a_publisher_is_deleted_once() {
    let sandbox = demo().await;
    let token = trust_token(&sandbox);
    let (_, made) = create(&sandbox, Some(&token), wanted()).await;
    let url = format!("{}{CONFIGS}/{}", sandbox.urls().crates_io, made["github_config"]["id"]);
    let delete = |token: String| client().delete(&url).bearer_auth(token).send();
    let poor = sandbox.world().crates_io.add_token("mona", scoped(&[EndpointScope::PublishUpdate], &[]));
    assert_eq!(delete(poor).await.unwrap().status(), 403);
    assert_eq!(delete(token.clone()).await.unwrap().status(), 204);
    let again = delete(token).await.unwrap();
    refused((again.status().as_u16(), again.json().await.unwrap()), 404, "Not Found");
}

#[tokio::test]
async fn the_switch_refuses_legacy_tokens_and_is_read_by_anyone() {
    let sandbox = demo().await;
    let url = format!("{}/api/v1/crates/widgets_core", sandbox.urls().crates_io);
    let patch = |token: String| {
        let body = json!({ "crate": { "trustpub_only": true } });
        client().patch(&url).bearer_auth(token).json(&body).send()
    };
    let legacy = sandbox.world().crates_io.add_token("mona", TokenScopes::Legacy);
    assert_eq!(patch(legacy).await.unwrap().status(), 403);
    let token = trust_token(&sandbox);
    assert_eq!(patch(token).await.unwrap().status(), 200);
    let (_, krate) = get(&sandbox, "/api/v1/crates/widgets-core?include=", None).await;
    assert_eq!(krate["crate"]["trustpub_only"], true);
    assert_eq!(sandbox.world().crates_io.krate("widgets-core").unwrap().publishing, Publishing::TrustedOnly);
}

#[tokio::test]
async fn a_crate_shows_who_published_each_version() {
    let sandbox = demo().await;
    {
        let mut world = sandbox.world();
        let krate = world.crates_io.krate_mut("widgets-core").unwrap();
        let published =
            PublishedBy::GitHub { repository: "acme/widgets".to_owned(), run_id: "42".to_owned(), sha: "0".repeat(40) };
        let newer = Version { id: 99, num: "0.2.0".to_owned(), published, ..krate.versions[0].clone() };
        krate.versions.push(newer);
    }
    let (_, body) = get(&sandbox, "/api/v1/crates/widgets-core", None).await;
    assert_eq!(body["versions"][0]["trustpub_data"]["repository"], "acme/widgets");
    assert_eq!(body["versions"][0]["published_by"], Value::Null);
    assert_eq!(body["versions"][1]["published_by"]["login"], "mona");
    assert_eq!(body["versions"][1]["trustpub_data"], Value::Null);
    assert_eq!(body["crate"]["default_version"], "0.2.0");
    let (_, slim) = get(&sandbox, "/api/v1/crates/widgets-core?include=default_version", None).await;
    assert_eq!(slim["versions"].as_array().unwrap().len(), 1);
    assert_eq!(slim["crate"]["max_version"], "0.0.0", "deprecated, and not filled in without the versions");
    refused(get(&sandbox, "/api/v1/crates/widgets-macros", None).await, 404, "crate `widgets-macros` does not exist");
}

#[tokio::test]
async fn a_user_agent_is_asked_for_and_me_is_for_browsers() {
    let sandbox = demo().await;
    let url = format!("{}/api/v1/crates/widgets-core", sandbox.urls().crates_io);
    assert_eq!(client_named(None).get(url).send().await.unwrap().status(), 403);
    let token = trust_token(&sandbox);
    let only = "this action can only be performed on the crates.io website";
    refused(get(&sandbox, "/api/v1/me", Some(&token)).await, 403, only);
}

#[tokio::test]
async fn owners_are_users_and_teams() {
    let sandbox = demo().await;
    sandbox.world().crates_io.krate_mut("widgets-core").unwrap().team_owners.push("github:acme:release".to_owned());
    let (_, body) = get(&sandbox, "/api/v1/crates/widgets-core/owners", None).await;
    let kinds: Vec<_> = body["users"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["user", "team"]);
}

#[tokio::test]
async fn the_index_is_sparse_and_knows_what_has_not_changed() {
    let sandbox = demo().await;
    let index = &sandbox.urls().crates_io_index;
    let url = format!("{index}/wi/dg/widgets-core");
    let response = client().get(&url).send().await.unwrap();
    let tag = response.headers()["etag"].clone();
    let lines = response.text().await.unwrap();
    assert_eq!(lines.lines().count(), 1);
    assert!(lines.contains("\"vers\":\"0.1.0\""), "{lines}");
    let again = client().get(&url).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    for absent in ["wi/dg/widgets-macros", "3/w/widgets-core", "widgets-core"] {
        assert_eq!(client().get(format!("{index}/{absent}")).send().await.unwrap().status(), 404, "{absent}");
    }
}

/// What cargo sends: length and metadata, length and file.
fn upload(metadata: &Value, file: &[u8]) -> Vec<u8> {
    let metadata = metadata.to_string().into_bytes();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    [&length(&metadata), metadata.as_slice(), &length(file), file].concat()
}

#[tokio::test]
async fn a_publish_is_refused_for_what_the_server_refuses() {
    let sandbox = demo().await;
    let url = format!("{}/api/v1/crates/new", sandbox.urls().crates_io);
    let send = |token: String, metadata: Value| {
        let request = client().put(&url).header("authorization", token).body(upload(&metadata, &[0x1f, 0x8b, 8]));
        async move {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.json::<Value>().await.unwrap())
        }
    };
    let metadata = |name: &str, vers: &str| json!({ "name": name, "vers": vers, "deps": [], "features": {}, "description": "d", "license": "MIT" });
    let new = sandbox.world().crates_io.add_token("mona", scoped(&[EndpointScope::PublishNew], &[]));
    let update = sandbox.world().crates_io.add_token("mona", scoped(&[EndpointScope::PublishUpdate], &[]));
    let lacks = "this token does not have the required permissions to perform this action";
    refused(send(new.clone(), metadata("widgets-core", "0.3.0")).await, 403, lacks);
    refused(send(update.clone(), metadata("widgets-macros", "0.3.0")).await, 403, lacks);
    let twice = "crate version `0.1.0` is already uploaded";
    refused(send(update.clone(), metadata("widgets-core", "0.1.0")).await, 400, twice);
    let spelt = "crate was previously named `widgets-core`";
    refused(send(update.clone(), metadata("widgets_core", "0.3.0")).await, 400, spelt);
    let mut bare = metadata("widgets-macros", "0.3.0");
    bare["description"] = Value::Null;
    bare["license"] = json!("");
    let (status, body) = send(new.clone(), bare).await;
    assert_eq!(status, 400);
    let detail = body["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("missing or empty metadata fields: description, license."), "{detail}");
    let digit = "the name `1st` cannot be used as a crate name, the name cannot start with a digit";
    refused(send(new, metadata("1st", "0.3.0")).await, 400, digit);
    let other = User { id: 5, login: "octocat".to_owned(), ..sandbox.world().crates_io.users[0].clone() };
    sandbox.world().crates_io.users.push(other);
    let stranger = sandbox.world().crates_io.add_token("octocat", TokenScopes::Legacy);
    let (status, body) = send(stranger, metadata("widgets-core", "0.3.0")).await;
    assert_eq!(status, 403);
    assert!(body["errors"][0]["detail"].as_str().unwrap().starts_with("this crate exists but you don't seem to be"));
    assert_eq!(sandbox.world().crates_io.crates.len(), 1, "nothing was published");
}

#[tokio::test]
async fn the_pages_do_what_the_person_says() {
    let sandbox = demo().await;
    let site = sandbox.urls().crates_io.clone();
    let page = format!("{site}/crates/widgets-core/settings/new-trusted-publisher");
    visit(&page, &[("workflow_filename", "release.yml"), ("environment", "")]).await.unwrap();
    let publisher = sandbox.world().crates_io.publishers[0].clone();
    assert_eq!((publisher.repository_owner.as_str(), publisher.repository_name.as_str()), ("acme", "widgets"));
    assert_eq!(publisher.environment, None);
    let error = visit(&page, &[("workflow_filename", "release")]).await.unwrap_err().to_string();
    assert!(error.contains("must end with `.yml` or `.yaml`"), "{error}");
    let shown = visit(&format!("{site}/settings/tokens/new"), &[("name", "untoken")]).await.unwrap();
    let token = sandbox.world().crates_io.tokens.last().unwrap().value.clone();
    assert!(shown.contains(&token));
}

#[test]
fn five_new_crates_at_once_and_then_one_in_ten_minutes() {
    use crate::sandbox::world::crates_io::{CratesIo, Limited};
    let (mut crates_io, start) = (CratesIo::default(), chrono::Utc::now());
    let minutes = |n| start + chrono::TimeDelta::minutes(n);
    for _ in 0..5 {
        crates_io.spend("mona", Limited::NewCrate, start).unwrap();
    }
    assert_eq!(crates_io.spend("mona", Limited::NewCrate, start), Err(minutes(10)));
    crates_io.spend("octocat", Limited::NewCrate, start).unwrap();
    crates_io.spend("mona", Limited::NewVersion, start).unwrap();
    assert_eq!(crates_io.spend("mona", Limited::NewCrate, minutes(9)), Err(minutes(10)));
    crates_io.spend("mona", Limited::NewCrate, minutes(10)).unwrap();
    assert_eq!(crates_io.spend("mona", Limited::NewCrate, minutes(11)), Err(minutes(20)));
    for _ in 0..5 {
        crates_io.spend("mona", Limited::NewCrate, minutes(500)).unwrap();
    }
    assert_eq!(crates_io.spend("mona", Limited::NewCrate, minutes(500)), Err(minutes(510)));
}
