#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::sandbox::testing::client;
use crate::sandbox::world::github::{Role, Visibility};
use crate::sandbox::world::jsr::{Member, Reach};
use crate::sandbox::{Sandbox, SandboxOptions, World, visit};

const PACKAGE: &str = "/scopes/acme/packages/widgets";

async fn sandbox() -> Sandbox {
    let mut world = World::demo();
    world.jsr.browser_user = "mona".to_owned();
    world.jsr.add_scope("acme", "mona");
    Sandbox::start(SandboxOptions { world, ..SandboxOptions::default() }).await.unwrap()
}

async fn send(sandbox: &Sandbox, method: &str, path: &str, token: &str, body: Value) -> (u16, Value) {
    let url = format!("{}{path}", sandbox.urls().jsr_api);
    let request = client().request(method.parse().unwrap(), url).json(&body);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

fn token(sandbox: &Sandbox, reach: Reach) -> String {
    sandbox.world().jsr.add_token("jsrp_", "mona", reach, None)
}

#[tokio::test]
async fn a_record_is_made_linked_unlinked_and_deleted() {
    let sandbox = sandbox().await;
    let token = token(&sandbox, Reach::Account);
    assert_eq!(send(&sandbox, "GET", PACKAGE, "", json!(null)).await.1["code"], "packageNotFound");
    let packages = "/scopes/acme/packages";
    assert_eq!(send(&sandbox, "POST", packages, "", json!({"package": "widgets"})).await.0, 401);
    assert_eq!(send(&sandbox, "POST", packages, &token, json!({"package": "widgets"})).await.0, 200);
    assert_eq!(
        send(&sandbox, "POST", packages, &token, json!({"package": "wid-gets"})).await.1["code"],
        "packageAlreadyExists"
    );
    let link = json!({"githubRepository": {"owner": "ACME", "name": "widgets"}});
    let (status, body) = send(&sandbox, "PATCH", PACKAGE, &token, link.clone()).await;
    assert_eq!((status, &body["githubRepository"]["owner"]), (200, &json!("acme")), "{body}");
    assert_eq!(
        send(&sandbox, "PATCH", PACKAGE, &token, json!({"githubRepository": null})).await.1["githubRepository"],
        json!(null)
    );
    assert_eq!(send(&sandbox, "DELETE", PACKAGE, &token, json!(null)).await.0, 204);
}

#[tokio::test]
async fn who_may_not_is_told_why() {
    let sandbox = sandbox().await;
    let link = json!({"githubRepository": {"owner": "acme", "name": "widgets"}});
    let full = token(&sandbox, Reach::Account);
    send(&sandbox, "POST", "/scopes/acme/packages", &full, json!({"package": "widgets"})).await;
    let limited = token(&sandbox, Reach::Permissions);
    let code = async |token: &str| send(&sandbox, "PATCH", PACKAGE, token, link.clone()).await.1["code"].clone();
    assert_eq!(code(&limited).await, "missingPermission");
    assert_eq!(code("jsrp_wrong").await, "invalidBearerToken");
    sandbox.world().jsr.scopes[0].members[0].1 = Member::Plain;
    assert_eq!(code(&full).await, "actorNotScopeAdmin");
    sandbox.world().jsr.scopes[0].members[0].1 = Member::Admin;
    sandbox.world().github.repos[0].visibility = Visibility::Private;
    assert_eq!(code(&full).await, "githubRepositoryNotPublic");
    sandbox.world().github.repos[0].visibility = Visibility::Public;
    sandbox.world().github.repos[0].collaborators.insert("mona".to_owned(), Role::Triage);
    assert_eq!(code(&full).await, "githubRepositoryNotAuthorized");
    sandbox.world().jsr.scopes[0].members.clear();
    assert_eq!(code(&full).await, "actorNotScopeMember");
}

#[tokio::test]
async fn the_quota_of_a_week_ends_and_only_admins_see_the_switch() {
    let sandbox = sandbox().await;
    let token = token(&sandbox, Reach::Account);
    let make =
        async |name: &str| send(&sandbox, "POST", "/scopes/acme/packages", &token, json!({"package": name})).await;
    for n in 0..20 {
        assert_eq!(make(&format!("p{n}x")).await.0, 200);
    }
    assert_eq!(make("one-more").await.1["code"], "weeklyPackageLimitExceeded");
    sandbox.world().advance(TimeDelta::days(8));
    assert_eq!(make("one-more").await.0, 200);
    assert!(send(&sandbox, "GET", "/scopes/acme", "", json!(null)).await.1.get("requirePublishingFromCI").is_none());
    let (status, body) =
        send(&sandbox, "PATCH", "/scopes/acme", &token, json!({"requirePublishingFromCI": true})).await;
    assert_eq!((status, &body["requirePublishingFromCI"]), (200, &json!(true)));
    assert_eq!(
        send(&sandbox, "GET", "/scopes/acme", &token, json!(null)).await.1["requirePublishingFromCI"],
        json!(true)
    );
}

#[tokio::test]
async fn a_code_is_exchanged_once_by_whoever_kept_the_verifier() {
    let sandbox = sandbox().await;
    let challenge = STANDARD.encode(Sha256::digest("kept"));
    let (_, began) =
        send(&sandbox, "POST", "/authorizations", "", json!({"challenge": challenge, "permissions": null})).await;
    let exchange = async |verifier: &str| {
        let body = json!({"exchangeToken": began["exchangeToken"], "verifier": verifier});
        send(&sandbox, "POST", "/authorizations/exchange", "", body).await.1
    };
    assert_eq!(exchange("kept").await["code"], "authorizationPending");
    let page = format!("{}?code={}", began["verificationUrl"].as_str().unwrap(), began["code"].as_str().unwrap());
    visit(&page, &[]).await.unwrap();
    assert!(exchange("kept").await["token"].as_str().unwrap().starts_with("jsrd_"));
    assert_eq!(exchange("kept").await["code"], "authorizationNotFound");
}
