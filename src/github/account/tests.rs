#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, ResponseTemplate};

use super::*;
use crate::github::TokenSource;
use crate::github::testing::{World, get, json as answer, refuse};

fn slug() -> RepoSlug {
    "acme/widgets".parse().unwrap()
}

fn token(text: &str, source: TokenSource) -> Token {
    Token::new(text.into(), source)
}

#[tokio::test]
async fn scopes_are_split_at_commas() {
    let world = World::new().await;
    let user =
        answer(json!({ "login": "mona\u{202e}", "id": 1 })).insert_header("x-oauth-scopes", "repo, read:org,gist");
    get("/user").and(header("authorization", "Bearer gho_not-a-token")).respond_with(user).mount(&world.server).await;
    let token = token("gho_not-a-token", TokenSource::Gh);
    let identity = identify(&world.http, &world.endpoints, &token, Some(&slug())).await.unwrap();
    assert_eq!(identity.login, "mona");
    assert_eq!(identity.reach, TokenReach::Scopes(vec!["repo".into(), "read:org".into(), "gist".into()]));
}

#[tokio::test]
async fn an_app_tells_its_permissions_on_the_owner() {
    let world = World::new().await;
    world.get("/user", answer(json!({ "login": "mona" }))).await;
    let installations = json!({ "total_count": 2, "installations": [
        { "account": { "login": "other" }, "permissions": { "contents": "write" }, "suspended_at": null },
        { "account": { "login": "ACME" }, "permissions": { "secrets": "read", "actions": "read" }, "suspended_at": null },
    ]});
    world.get("/user/installations", answer(installations)).await;
    let token = token("ghu_not-a-token", TokenSource::Device);
    let reach = async |slug: &str| {
        identify(&world.http, &world.endpoints, &token, Some(&slug.parse().unwrap())).await.unwrap().reach
    };
    let permissions = vec![("actions".into(), "read".into()), ("secrets".into(), "read".into())];
    assert_eq!(reach("acme/widgets").await, TokenReach::App { permissions });
    assert_eq!(reach("nobody/widgets").await, TokenReach::App { permissions: vec![] }, "not installed there");
}

#[tokio::test]
async fn an_app_list_that_cannot_be_read_is_not_nowhere() {
    let world = World::new().await;
    world.get("/user", answer(json!({ "login": "mona" }))).await;
    world.get("/user/installations", refuse(403, "no")).await;
    let token = token("ghu_not-a-token", TokenSource::Device);
    let identity = identify(&world.http, &world.endpoints, &token, Some(&slug())).await.unwrap();
    assert_eq!(identity.reach, TokenReach::Untold);
}

#[tokio::test]
async fn a_dead_token_is_named() {
    let world = World::new().await;
    world.get("/user", refuse(401, "Bad credentials")).await;
    let token = token("ghp_not-a-token", TokenSource::Pasted);
    let error = identify(&world.http, &world.endpoints, &token, None).await.unwrap_err();
    assert_eq!(error, GithubError::TokenRefused);
}

#[tokio::test]
async fn both_tokens_are_revoked_without_showing_one_of_them() {
    let world = World::new().await;
    Mock::given(method("POST"))
        .and(path("/credentials/revoke"))
        .and(body_json(json!({ "credentials": ["ghu_not-a-token", "ghr_not-a-token"] })))
        .and(|request: &wiremock::Request| !request.headers.contains_key("authorization"))
        .respond_with(ResponseTemplate::new(202))
        .expect(1)
        .mount(&world.server)
        .await;
    let mine = Token { refresh: Some("ghr_not-a-token".into()), ..token("ghu_not-a-token", TokenSource::Stored) };
    revoke(&world.http, &world.endpoints, &mine).await.unwrap();
    for source in [TokenSource::Gh, TokenSource::Pasted, TokenSource::Environment("GH_TOKEN")] {
        let theirs = Token { source, ..mine.clone() };
        assert_eq!(revoke(&world.http, &world.endpoints, &theirs).await, Err(GithubError::NotOurs));
    }
}

#[tokio::test]
async fn a_revocation_that_failed_says_that_the_token_may_live() {
    let world = World::new().await;
    Mock::given(method("POST")).respond_with(refuse(422, "odd")).mount(&world.server).await;
    let mine = token("ghu_not-a-token", TokenSource::Device);
    let error = revoke(&world.http, &world.endpoints, &mine).await.unwrap_err();
    assert!(error.to_string().ends_with("the token may still be good"), "{error}");
}
