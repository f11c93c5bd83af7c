#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::super::testing::{client, demo};
use super::super::world::npm::{PublishingAccess, SecondFactor, TokenKind};
use super::super::world::{Run, World};
use super::super::{Sandbox, visit};

const TRUST: &str = "/-/package/@acme%2fwidgets/trust";

fn session(sandbox: &Sandbox) -> String {
    sandbox.world().npm.add_token("mona", TokenKind::Session)
}

/// A session of a person who has just ticked the box.
fn open_session(sandbox: &Sandbox) -> String {
    let token = session(sandbox);
    let mut world = sandbox.world();
    world.npm.users[0].window_until = Some(world.now() + TimeDelta::minutes(5));
    token
}

async fn call(sandbox: &Sandbox, method: Method, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
    let mut request = client().request(method, format!("{}{path}", sandbox.urls().npm)).bearer_auth(token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    read(request.send().await.unwrap()).await
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or_default())
}

fn entry(file: &str) -> Value {
    json!([{
        "type": "github",
        "claims": { "repository": "acme/widgets", "workflow_ref": { "file": file }, "environment": "release" },
        "permissions": ["createPackage"],
    }])
}

#[tokio::test]
async fn packuments_come_whole_and_short_and_by_either_address() {
    let sandbox = demo().await;
    for path in ["/@acme%2fwidgets", "/@acme/widgets"] {
        let (status, body) = read(client().get(format!("{}{path}", sandbox.urls().npm)).send().await.unwrap()).await;
        assert_eq!((status, &body["dist-tags"]["latest"]), (200, &json!("0.1.0")), "{path}");
        assert_eq!(body["versions"]["0.1.0"]["_npmUser"]["name"], "mona");
        assert!(body["versions"]["0.1.0"]["_npmUser"].get("trustedPublisher").is_none());
    }
    let url = format!("{}/@acme%2fwidgets", sandbox.urls().npm);
    let short = client().get(url).header("accept", "application/vnd.npm.install-v1+json; q=1.0, */*").send();
    let (_, short) = read(short.await.unwrap()).await;
    assert!(short.get("modified").is_some() && short.get("time").is_none(), "{short}");
    assert!(short["versions"]["0.1.0"].get("_npmUser").is_none());
    let absent = client().get(format!("{}/no-such-package", sandbox.urls().npm)).send().await.unwrap();
    assert_eq!(absent.status(), 404);
}

#[tokio::test]
async fn trust_asks_for_the_second_factor_and_says_where() {
    let sandbox = demo().await;
    let token = session(&sandbox);
    for method in [Method::GET, Method::POST] {
        let url = format!("{}{TRUST}", sandbox.urls().npm);
        let response = client().request(method, url).bearer_auth(&token).json(&entry("r.yml")).send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], "OTP");
        let body: Value = response.json().await.unwrap();
        assert!(body["authUrl"].as_str().unwrap().starts_with(&sandbox.urls().npm), "{body}");
        assert!(body["doneUrl"].as_str().unwrap().starts_with(&sandbox.urls().npm), "{body}");
    }
    assert_eq!(call(&sandbox, Method::GET, TRUST, "npm_not-a-token", None).await.0, 401);
}

#[tokio::test]
async fn the_box_on_the_page_gives_five_minutes() {
    let sandbox = demo().await;
    let token = session(&sandbox);
    let (_, body) = call(&sandbox, Method::GET, TRUST, &token, None).await;
    visit(body["authUrl"].as_str().unwrap(), &[]).await.unwrap();
    assert_eq!(call(&sandbox, Method::GET, TRUST, &token, None).await, (200, json!([])));
    sandbox.world().advance(TimeDelta::minutes(5));
    assert_eq!(call(&sandbox, Method::GET, TRUST, &token, None).await.0, 401);
    assert!(visit(body["authUrl"].as_str().unwrap(), &[]).await.is_err(), "an approval is given once");
}

#[tokio::test]
async fn codes_from_an_application_are_taken_as_well() {
    let sandbox = demo().await;
    let token = session(&sandbox);
    sandbox.world().npm.users[0].second_factor = SecondFactor::Totp { code: "123456".to_owned() };
    let url = format!("{}{TRUST}", sandbox.urls().npm);
    for (code, status) in [("123456", 200), ("654321", 401)] {
        let answer = client().get(&url).bearer_auth(&token).header("npm-otp", code).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
    sandbox.world().npm.users[0].second_factor = SecondFactor::None;
    assert_eq!(call(&sandbox, Method::GET, TRUST, &token, None).await.0, 403);
}

#[tokio::test]
async fn granular_tokens_manage_nothing() {
    let sandbox = demo().await;
    for kind in [TokenKind::Granular, TokenKind::GranularBypass] {
        let token = sandbox.world().npm.add_token("mona", kind);
        assert_eq!(call(&sandbox, Method::GET, TRUST, &token, None).await.0, 403, "{kind:?}");
    }
}

#[tokio::test]
async fn publishers_add_up_to_ten_that_live_and_doubles_are_refused() {
    let sandbox = demo().await;
    let token = open_session(&sandbox);
    for n in 0..10 {
        let (status, body) = call(&sandbox, Method::POST, TRUST, &token, Some(entry(&format!("r{n}.yml")))).await;
        assert_eq!((status, &body[0]["type"]), (200, &json!("github")));
        assert_eq!(body[0]["permissions"], json!(["createPackage", "createStagedPackage"]));
    }
    assert_eq!(call(&sandbox, Method::POST, TRUST, &token, Some(entry("r10.yml"))).await.0, 409);
    assert_eq!(call(&sandbox, Method::POST, TRUST, &token, Some(entry("r0.yml"))).await.0, 409);
    sandbox.world().advance(TimeDelta::hours(48));
    let token = open_session(&sandbox);
    assert_eq!(
        call(&sandbox, Method::POST, TRUST, &token, Some(entry("r10.yml"))).await.0,
        200,
        "lapsed ones don't count"
    );
    let (_, listed) = call(&sandbox, Method::GET, TRUST, &token, None).await;
    assert_eq!(listed.as_array().unwrap().len(), 11, "and are still listed");
}

#[tokio::test]
async fn entries_of_the_wrong_shape_and_packages_of_others_are_refused() {
    let sandbox = demo().await;
    let token = open_session(&sandbox);
    let mut no_permission = entry("release.yml");
    no_permission[0]["permissions"] = json!([]);
    for body in [no_permission, entry(".github/workflows/release.yml"), entry("release"), json!([])] {
        assert_eq!(call(&sandbox, Method::POST, TRUST, &token, Some(body)).await.0, 400);
    }
    let absent = "/-/package/no-such-package/trust";
    assert_eq!(call(&sandbox, Method::GET, absent, &token, None).await.0, 403);
    let unknown = format!("{TRUST}/5a9d0000-0000-4000-8000-ffffffffffff");
    assert_eq!(call(&sandbox, Method::DELETE, &unknown, &token, None).await.0, 404);
}

/// What npm sends for a package with this tarball.
fn upload(name: &str, version: &str, access: Option<&str>) -> Value {
    let tarball = b"as good as packed";
    let integrity = format!("sha512-{}", STANDARD.encode(Sha512::digest(tarball)));
    json!({
        "_id": name,
        "name": name,
        "access": access,
        "dist-tags": { "latest": version },
        "versions": { version: { "name": name, "version": version, "dist": { "integrity": integrity } } },
        "_attachments": { format!("{name}-{version}.tgz"): { "data": STANDARD.encode(tarball) } },
    })
}

#[tokio::test]
async fn a_publish_needs_the_factor_unless_a_token_may_bypass_it() {
    let sandbox = demo().await;
    let path = "/@acme%2fwidgets";
    let session = session(&sandbox);
    let bypass = sandbox.world().npm.add_token("mona", TokenKind::GranularBypass);
    let put = |token: String, version: &'static str| {
        let body = upload("@acme/widgets", version, None);
        let sandbox = &sandbox;
        async move { call(sandbox, Method::PUT, path, &token, Some(body)).await.0 }
    };
    assert_eq!(put(session, "0.2.0").await, 401);
    assert_eq!(put(bypass.clone(), "0.2.0").await, 200);
    assert_eq!(put(bypass.clone(), "0.2.0").await, 403, "a version is published once");
    sandbox.world().npm.package_mut("@acme/widgets").unwrap().publishing_access = PublishingAccess::SecondFactorOnly;
    assert_eq!(put(bypass, "0.3.0").await, 403, "tokens are locked out");
}

#[tokio::test]
async fn a_new_name_needs_its_scope_and_public_access() {
    let sandbox = demo().await;
    let token = open_session(&sandbox);
    for (name, access, status) in [
        ("@acme/gadgets", None, 402),
        ("@acme/gadgets", Some("public"), 200),
        ("@nobody/gadgets", Some("public"), 404),
        ("gadgets", None, 200),
    ] {
        let path = format!("/{}", name.replace('/', "%2f"));
        let answer = call(&sandbox, Method::PUT, &path, &token, Some(upload(name, "0.1.0", access))).await;
        assert_eq!(answer.0, status, "{name} {access:?}");
    }
    sandbox.world().npm.organizations[0].members.clear();
    let foreign = upload("@acme/more", "0.1.0", Some("public"));
    assert_eq!(call(&sandbox, Method::PUT, "/@acme%2fmore", &token, Some(foreign)).await.0, 403);
    let mut broken = upload("broken", "0.1.0", None);
    broken["_attachments"]["broken-0.1.0.tgz"]["data"] = json!(STANDARD.encode("something else"));
    assert_eq!(call(&sandbox, Method::PUT, "/broken", &token, Some(broken)).await.0, 400);
}

#[tokio::test]
async fn a_version_from_a_workflow_names_its_publisher_and_its_run() {
    let sandbox = demo().await;
    let token = open_session(&sandbox);
    call(&sandbox, Method::POST, TRUST, &token, Some(entry("release.yml"))).await;
    let run = Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        event: "push".to_owned(),
        run_id: "42".to_owned(),
        sha: "0".repeat(40),
    };
    World::release_npm(&mut sandbox.world(), "@acme/widgets", "0.2.0", &run).unwrap();
    let (_, body) = read(client().get(format!("{}/@acme/widgets", sandbox.urls().npm)).send().await.unwrap()).await;
    let version = &body["versions"]["0.2.0"];
    assert_eq!(version["_npmUser"]["trustedPublisher"]["id"], "github");
    let url = version["dist"]["attestations"]["url"].as_str().unwrap();
    let (_, body) = read(client().get(url).send().await.unwrap()).await;
    let payload = body["attestations"][0]["bundle"]["dsseEnvelope"]["payload"].as_str().unwrap();
    let statement: Value = serde_json::from_slice(&STANDARD.decode(payload).unwrap()).unwrap();
    let workflow = &statement["predicate"]["buildDefinition"]["externalParameters"]["workflow"];
    assert_eq!(workflow["repository"], "https://github.com/acme/widgets");
    assert_eq!(workflow["path"], ".github/workflows/release.yml");
    let old = format!("{}/-/npm/v1/attestations/@acme%2fwidgets@0.1.0", sandbox.urls().npm);
    assert_eq!(client().get(old).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_sign_in_gives_a_session_to_who_waits_for_it() {
    let sandbox = demo().await;
    let url = format!("{}/-/v1/login", sandbox.urls().npm);
    let (_, body) = read(client().post(url).json(&json!({})).send().await.unwrap()).await;
    let done = body["doneUrl"].as_str().unwrap();
    assert_eq!(client().get(done).send().await.unwrap().status(), 202);
    visit(body["loginUrl"].as_str().unwrap(), &[]).await.unwrap();
    let (_, body) = read(client().get(done).send().await.unwrap()).await;
    let token = body["token"].as_str().unwrap();
    assert_eq!(call(&sandbox, Method::GET, "/-/whoami", token, None).await, (200, json!({ "username": "mona" })));
    assert_eq!(client().get(done).send().await.unwrap().status(), 404, "the token is told once");
}

#[tokio::test]
async fn the_settings_page_adds_and_locks() {
    let sandbox = demo().await;
    let page = format!("{}/package/@acme/widgets/access", sandbox.urls().npm);
    let typed = [("owner", "acme"), ("repository", "widgets"), ("workflow", "release.yml"), ("environment", "")];
    visit(&page, &typed).await.unwrap();
    assert_eq!(sandbox.world().npm.packages[0].publishers[0].workflow, "release.yml");
    assert!(visit(&page, &typed).await.is_err(), "the same again");
    visit(&page, &[("decision", "mfa-publish")]).await.unwrap();
    assert_eq!(sandbox.world().npm.packages[0].publishing_access, PublishingAccess::SecondFactorOnly);
}

#[tokio::test]
async fn staging_a_new_name_asks_for_no_factor_and_shows_a_shell_alone() {
    let sandbox = demo().await;
    let token = session(&sandbox);
    let stage = async |name: &str| {
        call(&sandbox, Method::POST, &format!("/-/stage/package/{name}"), &token, Some(upload(name, "0.1.0", None)))
            .await
    };
    let (status, body) = stage("gizmo").await;
    assert!(status == 201 && body["stageId"].is_string(), "{status} {body}");
    let (_, shown) = call(&sandbox, Method::GET, "/gizmo", &token, None).await;
    assert_eq!(shown["dist-tags"]["latest"], "0.0.0-stage");
    assert!(shown["versions"].as_object().unwrap().keys().eq(["0.0.0-stage"]), "{shown}");
    let (status, body) = stage("giz-mo").await;
    assert!(
        status == 403 && body["error"].as_str().unwrap().contains("too similar to existing package gizmo"),
        "{body}"
    );
}
