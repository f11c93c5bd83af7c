//! The API against the shapes and codes of the real server (jsr-io/jsr api/src/api, read 2026-08-22).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Mutex;

use base64::Engine as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use sha2::Digest as _;
use wiremock::matchers::{body_json, body_partial_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::subject::{PACKAGE, SUBJECT, TOKEN, VERSION, VERSIONS, ok, record, refused, version, versions};
use crate::model::{Existence, PackageName, PublisherEntry, Registry, Trusted};
use crate::registry::testing::ladder::words;
use crate::registry::testing::{apis, publisher};
use crate::registry::{ApiError, AuthorizeEvent, Changed, Registered};

const SCOPE: &str = "/jsr-api/scopes/acme";

fn name() -> PackageName {
    PackageName::new("@acme/widgets").unwrap()
}

fn token() -> SecretString {
    SecretString::from(TOKEN)
}

#[tokio::test]
async fn a_record_that_is_linked_to_no_repository_trusts_nobody() {
    let rungs = SUBJECT.shown(&[(PACKAGE, record(Some("1.2.0"), None))]).await;
    assert_eq!(words(&rungs)[..3], ["yes", "no", "unknown"]);
    let cased = SUBJECT.shown(&[(PACKAGE, record(Some("1.2.0"), Some("Acme/Widgets")))]).await;
    assert_eq!(words(&cased)[..3], ["yes", "yes", "unknown"], "names are told apart without case");
}

#[tokio::test]
async fn provenance_is_named_and_is_no_proof() {
    for (answer, part) in [(version(Some("42")), "Rekor entry 42"), (version(None), "no provenance")] {
        let all = versions(&[("2.0.0-rc.1", "2026-10-01T10:00:00Z"), ("1.2.0", "2026-11-01T10:00:00Z")]);
        let answers = [(PACKAGE, record(Some("1.2.0"), None)), (VERSIONS, all), (VERSION, answer)];
        let rungs = SUBJECT.shown(&answers).await;
        let [.., proven, _] = &rungs;
        assert_eq!(proven.word(), "unknown");
        assert!(proven.why().contains(part), "{proven:?}");
    }
    let empty = SUBJECT.shown(&[(PACKAGE, record(None, None))]).await;
    assert!(empty[2].why().contains("no version of it is published"), "{empty:?}");
}

async fn get(server: &MockServer, answer: ResponseTemplate, times: u64) {
    let get = Mock::given(method("GET")).and(path(PACKAGE)).respond_with(answer);
    get.up_to_n_times(times).mount(server).await;
}

async fn patch(server: &MockServer, at: &str, body: Value, answer: ResponseTemplate) {
    let patch = Mock::given(method("PATCH")).and(path(at)).and(body_json(body));
    let bearer = format!("Bearer {TOKEN}");
    patch.and(header("authorization", bearer)).respond_with(answer).expect(1).mount(server).await;
}

async fn registered(server: &MockServer) -> Result<Registered, ApiError> {
    apis(&server.uri()).get(Registry::Jsr).register(&name(), &publisher(Some("release")), Some(&token())).await
}

fn link() -> Value {
    json!({"githubRepository": {"owner": "acme", "name": "widgets"}})
}

#[tokio::test]
async fn a_repository_is_linked_and_read_back() {
    for (after, seen) in [(Some("acme/widgets"), true), (None, false)] {
        let server = MockServer::start().await;
        get(&server, record(None, Some("acme/gadgets")), 1).await;
        patch(&server, PACKAGE, link(), record(None, Some("acme/widgets"))).await;
        get(&server, record(None, after), 1).await;
        let outcome = registered(&server).await.unwrap();
        assert_eq!(matches!(&outcome, Registered::Done(held) if held.entry.id == "700"), seen, "{outcome:?}");
        assert_eq!(matches!(&outcome, Registered::NotSeen(_)), !seen, "{outcome:?}");
    }
    let server = MockServer::start().await;
    get(&server, record(None, Some("ACME/widgets")), 1).await;
    assert!(matches!(registered(&server).await, Ok(Registered::AlreadySo(_))), "nothing is sent");
}

#[tokio::test]
async fn refusals_are_typed_and_a_lost_answer_is_looked_up() {
    for (answer, denied) in [
        (refused(403, "actorNotScopeAdmin"), false),
        (refused(400, "githubRepositoryNotPublic"), false),
        (refused(403, "missingPermission"), true),
    ] {
        let server = MockServer::start().await;
        get(&server, record(None, None), 9).await;
        patch(&server, PACKAGE, link(), answer).await;
        let error = registered(&server).await.unwrap_err();
        assert_eq!(matches!(error, ApiError::Denied { .. }), denied, "{error:?}");
        assert_eq!(matches!(error, ApiError::Refused { .. }), !denied, "{error:?}");
    }
    let server = MockServer::start().await;
    get(&server, record(None, None), 1).await;
    patch(&server, PACKAGE, link(), ResponseTemplate::new(502).set_body_raw("<html>", "text/html")).await;
    get(&server, record(None, Some("acme/widgets")), 1).await;
    assert!(matches!(registered(&server).await, Ok(Registered::Done(_))));

    let server = MockServer::start().await;
    get(&server, record(None, Some("acme/widgets")), 9).await;
    let error = apis_at(&server).get(Registry::Jsr).unregister(&name(), &entry(), None).await.unwrap_err();
    assert!(matches!(error, ApiError::NeedsCredential { .. }), "{error:?}");
}

fn entry() -> PublisherEntry {
    let publisher = Trusted::Repository("acme/widgets".parse().unwrap());
    PublisherEntry { id: "700".to_owned(), publisher, created: None, permissions: Vec::new() }
}

#[tokio::test]
async fn a_link_is_taken_away_and_a_record_is_made() {
    let server = MockServer::start().await;
    get(&server, record(None, Some("acme/widgets")), 1).await;
    patch(&server, PACKAGE, json!({"githubRepository": null}), record(None, None)).await;
    get(&server, record(None, None), 9).await;
    let apis = apis(&server.uri());
    let api = apis.get(Registry::Jsr);
    assert_eq!(api.unregister(&name(), &entry(), Some(&token())).await.unwrap(), Changed::Done);
    assert_eq!(api.unregister(&name(), &entry(), Some(&token())).await.unwrap(), Changed::AlreadySo);
    assert_eq!(api.create(&name(), Some(&token())).await.unwrap(), Changed::AlreadySo);

    for (answer, done) in [(record(None, None), true), (refused(400, "weeklyPackageLimitExceeded"), false)] {
        let server = MockServer::start().await;
        get(&server, refused(404, "packageNotFound"), 1).await;
        let post = Mock::given(method("POST"))
            .and(path(format!("{SCOPE}/packages")))
            .and(body_json(json!({"package": "widgets"})));
        post.respond_with(answer).expect(1).mount(&server).await;
        get(&server, record(None, None), 9).await;
        let outcome = apis_at(&server).get(Registry::Jsr).create(&name(), Some(&token())).await;
        assert_eq!(matches!(outcome, Ok(Changed::Done)), done, "{outcome:?}");
        assert_eq!(matches!(outcome, Err(ApiError::Refused { .. })), !done, "{outcome:?}");
    }
}

fn apis_at(server: &MockServer) -> crate::registry::Apis {
    apis(&server.uri())
}

#[tokio::test]
async fn the_scopes_switch_is_read_set_and_read_back_and_its_packages_are_named() {
    let full = |on: bool| ok(json!({"scope": "acme", "ghActionsVerifyActor": true, "requirePublishingFromCI": on}));
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path(SCOPE)).respond_with(full(false)).up_to_n_times(1).mount(&server).await;
    patch(&server, SCOPE, json!({"requirePublishingFromCI": true}), full(true)).await;
    Mock::given(method("GET")).and(path(SCOPE)).respond_with(full(true)).mount(&server).await;
    let apis = apis(&server.uri());
    let api = apis.get(Registry::Jsr);
    assert_eq!(api.set_lock(&name(), true, Some(&token())).await.unwrap(), Changed::Done);
    assert_eq!(api.set_lock(&name(), true, Some(&token())).await.unwrap(), Changed::AlreadySo);

    let page = |names: Vec<String>| {
        let items: Vec<Value> = names.iter().map(|name| json!({"name": name, "latestVersion": null})).collect();
        ok(json!({"items": items, "total": 101}))
    };
    let many = (0..100).map(|n| format!("p{n}")).collect();
    for (number, names) in [("1", many), ("2", vec!["widgets".to_owned()])] {
        let list = Mock::given(path(format!("{SCOPE}/packages"))).and(query_param("page", number));
        list.respond_with(page(names)).mount(&server).await;
    }
    let covered = api.lock_covers(&name(), Some(&token())).await.unwrap();
    assert_eq!((covered.len(), covered[100].as_str()), (101, "@acme/widgets"));

    let partial = MockServer::start().await;
    Mock::given(method("GET")).and(path(SCOPE)).respond_with(ok(json!({"scope": "acme"}))).mount(&partial).await;
    patch(&partial, SCOPE, json!({"requirePublishingFromCI": true}), refused(403, "actorNotScopeAdmin")).await;
    let outcome = apis_at(&partial).get(Registry::Jsr).set_lock(&name(), true, Some(&token())).await;
    assert!(matches!(outcome, Err(ApiError::Refused { .. })), "{outcome:?}");
}

/// Begins the device flow; every poll but the last is pending.
async fn flow(
    verification: impl Fn(&str) -> String,
    last: ResponseTemplate,
) -> (Result<SecretString, ApiError>, Vec<AuthorizeEvent>) {
    let server = MockServer::start().await;
    let began = json!({"verificationUrl": verification(&server.uri()), "code": "ABCD-EFGH",
        "exchangeToken": "0123456789abcdef", "pollInterval": 2, "expiresAt": "2026-11-21T12:10:00.123456Z"});
    let begin = Mock::given(method("POST")).and(path("/jsr-api/authorizations"));
    begin.and(body_partial_json(json!({"permissions": null}))).respond_with(ok(began)).mount(&server).await;
    let poll = || {
        Mock::given(method("POST"))
            .and(path("/jsr-api/authorizations/exchange"))
            .and(body_partial_json(json!({"exchangeToken": "0123456789abcdef"})))
    };
    poll().respond_with(refused(400, "authorizationPending")).up_to_n_times(2).mount(&server).await;
    poll().respond_with(ResponseTemplate::new(503)).up_to_n_times(1).mount(&server).await;
    poll().respond_with(refused(400, "authorizationPending")).up_to_n_times(1).mount(&server).await;
    poll().respond_with(last).mount(&server).await;
    let heard = Mutex::new(Vec::new());
    let progress = |event| heard.lock().unwrap().push(event);
    let outcome = apis(&server.uri()).get(Registry::Jsr).authorize(&progress).await;
    // The challenge is the digest of the verifier, which is sent only with the exchange.
    let asked = server.received_requests().await.unwrap();
    let of = |key: &str| {
        let bodies = asked.iter().map(|request| serde_json::from_slice::<Value>(&request.body).unwrap());
        bodies.filter_map(|body| body[key].as_str().map(str::to_owned)).next()
    };
    if let (Some(challenge), Some(verifier)) = (of("challenge"), of("verifier")) {
        let digest = sha2::Sha256::digest(verifier.as_bytes());
        assert_eq!(challenge, base64::engine::general_purpose::STANDARD.encode(digest));
        assert_eq!(verifier.len(), 64);
    }
    (outcome, heard.into_inner().unwrap())
}

#[tokio::test]
async fn a_code_is_approved_through_trouble_and_the_token_comes_once() {
    let done = ok(json!({"token": TOKEN, "user": {"id": "1", "name": "mona"}}));
    let (outcome, heard) = flow(|base| format!("{base}/jsr/auth"), done).await;
    assert_eq!(outcome.unwrap().expose_secret(), TOKEN);
    let [AuthorizeEvent::Code { code, page, .. }, AuthorizeEvent::Trouble(_), AuthorizeEvent::Recovered] = &heard[..]
    else {
        panic!("{heard:?}")
    };
    assert_eq!(code, "ABCD-EFGH");
    assert!(page.ends_with("/jsr/auth?code=ABCD-EFGH"), "{page}");
}

#[tokio::test]
async fn a_refusal_the_end_and_another_site_stop_it() {
    for (code, part) in [
        ("authorizationDenied", "refused it"),
        ("authorizationExpired", "has ended"),
        ("authorizationNotFound", "no longer knows"),
        ("authorizationInvalidVerifier", "in words"),
        ("authorizationPending", "has ended"),
    ] {
        let (outcome, _) = flow(|base| format!("{base}/jsr/auth"), refused(400, code)).await;
        assert!(matches!(&outcome, Err(ApiError::Refused { message, .. }) if message.contains(part)), "{outcome:?}");
    }
    let (outcome, heard) = flow(|_| "https://evil.example/auth".to_owned(), ResponseTemplate::new(500)).await;
    assert!(matches!(outcome, Err(ApiError::Strange { .. })) && heard.is_empty(), "{heard:?}");
}

#[tokio::test]
async fn a_record_without_a_version_exists() {
    let server = MockServer::start().await;
    get(&server, record(None, None), 1).await;
    let facts = apis(&server.uri()).get(Registry::Jsr).read_public(&name()).await.unwrap();
    assert_eq!((facts.existence, facts.locked), (Existence::Exists { latest: None }, None));
}
