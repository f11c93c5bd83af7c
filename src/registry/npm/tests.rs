//! The public reads against the shapes of the real registry, and the owner's side through the real npm.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::subject::{ATTESTATIONS, PACKUMENT, TRUST, attestations, by_oidc, entry, ok, packument, person};
use crate::model::{Existence, PackageName, PublicFacts, PublishedBy, PublisherEntry, Reading, Registry};
use crate::registry::testing::ladder::{Machine, Waiting, has_npm};
use crate::registry::testing::{apis, held, publisher};
use crate::registry::{ApiError, Changed, Login, Registered};

fn name() -> PackageName {
    PackageName::new("@acme/widgets").unwrap()
}

async fn serve(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).mount(server).await;
}

async fn shown(server: &MockServer) -> Result<PublicFacts, ApiError> {
    apis(&server.uri()).get(Registry::Npm).read_public(&name()).await
}

async fn shown_as(answer: ResponseTemplate) -> Result<PublicFacts, ApiError> {
    let server = MockServer::start().await;
    serve(&server, "GET", PACKUMENT, answer).await;
    shown(&server).await
}

fn by(facts: &PublicFacts) -> &PublishedBy {
    match &facts.proof {
        Reading::Seen(seen) => &seen.value.by,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_publish_by_oidc_names_its_repository_by_the_attestation() {
    for (repository, expected) in
        [("https://github.com/acme/widgets", Some("acme/widgets")), ("https://gitlab.example/acme/widgets", None)]
    {
        let server = MockServer::start().await;
        serve(&server, "GET", PACKUMENT, packument(by_oidc())).await;
        serve(&server, "GET", ATTESTATIONS, attestations(repository)).await;
        let facts = shown(&server).await.unwrap();
        assert_eq!(facts.existence, Existence::Exists { latest: Some("1.0.0".to_owned()) });
        let PublishedBy::Oidc { repository, workflow, .. } = by(&facts) else { panic!("{facts:?}") };
        assert_eq!(repository.as_ref().map(ToString::to_string).as_deref(), expected);
        assert_eq!(workflow.is_some(), expected.is_some());
    }
}

#[tokio::test]
async fn a_person_is_a_token_and_a_stripped_field_is_unknown() {
    assert_eq!(by(&shown_as(packument(person())).await.unwrap()), &PublishedBy::Token(Some("mona".to_owned())));
    let gitlab = json!({"_npmUser": {"name": "x", "trustedPublisher": {"id": "gitlab"}}});
    assert_eq!(by(&shown_as(packument(gitlab)).await.unwrap()), &PublishedBy::Elsewhere("gitlab".to_owned()));
    for odd in [json!({}), json!({"_npmUser": {"name": "x", "trustedPublisher": {}}})] {
        assert!(matches!(shown_as(packument(odd)).await.unwrap().proof, Reading::Unknown(_)));
    }
}

#[tokio::test]
async fn the_newest_version_by_a_token_is_told_only_where_every_version_is() {
    let told = async |old: Value| {
        let versions = json!({"1.0.0": by_oidc(), "0.9.0": old, "0.8.0": {"_npmUser": {"name": "mona"}}});
        let time =
            json!({"1.0.0": "2026-11-01T00:00:00Z", "0.9.0": "2026-10-01T00:00:00Z", "0.8.0": "2026-09-01T00:00:00Z"});
        let body =
            json!({"name": "@acme/widgets", "dist-tags": {"latest": "1.0.0"}, "versions": versions, "time": time});
        match shown_as(ok(body)).await.unwrap().by_token {
            Reading::Seen(seen) => Ok(seen.value.map(|release| release.version)),
            Reading::Unknown(unknown) => Err(unknown.why),
            Reading::NotRead => panic!("it was read"),
        }
    };
    assert_eq!(told(json!({"_npmUser": {"name": "mona"}})).await, Ok(Some("0.9.0".to_owned())));
    assert_eq!(told(by_oidc()).await, Ok(Some("0.8.0".to_owned())));
    assert_eq!(told(json!({"_npmUser": "odd"})).await, Err("npm does not tell how 0.9.0 was published".to_owned()));
}

#[tokio::test]
async fn what_a_mirror_strips_is_unknown_and_what_others_carry_is_not_stripped() {
    let versions = |newest: Value, older: Value| {
        ok(json!({
            "name": "@acme/widgets", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": newest, "0.9.0": older},
            "time": {"1.0.0": "2026-11-01T00:00:00Z", "0.9.0": "2026-10-01T00:00:00Z"},
        }))
    };
    let person = json!({"_npmUser": {"name": "mona"}});
    let robot = json!({"_npmUser": {"name": "GitHub Actions"}});
    for (newest, older) in [(json!({}), json!({})), (robot, person.clone())] {
        let facts = shown_as(versions(newest, older)).await.unwrap();
        let Reading::Unknown(unknown) = facts.proof else { panic!("{facts:?}") };
        assert!(unknown.why.contains("a mirror may strip"), "{unknown:?}");
    }
    let cases = [
        (json!({}), person.clone(), PublishedBy::Token(None)),
        (person.clone(), by_oidc(), PublishedBy::token(Some("mona".to_owned()), Some("0.9.0".to_owned()))),
        (json!({}), by_oidc(), PublishedBy::token(None, Some("0.9.0".to_owned()))),
    ];
    for (newest, older, expected) in cases {
        assert_eq!(by(&shown_as(versions(newest, older)).await.unwrap()), &expected);
    }
}

#[tokio::test]
async fn an_unpublished_name_is_absent_and_another_package_says_nothing() {
    let unpublished = |name: &str| ok(json!({"name": name, "time": {"unpublished": {}}}));
    assert_eq!(shown_as(unpublished("@acme/widgets")).await.unwrap().existence, Existence::Absent);
    assert!(matches!(shown_as(unpublished("widgets")).await, Err(ApiError::Strange { .. })));
}

/// The real npm, logged in at this server; `None`, said aloud, where there is no npm that can do it.
async fn real_npm(server: &MockServer) -> Option<Machine> {
    if has_npm().await { Some(Machine::new(&server.uri(), &Waiting::seconds(20), true).await) } else { None }
}

#[tokio::test]
async fn the_real_npm_registers_once_and_the_list_is_read_back() {
    let server = MockServer::start().await;
    let Some(machine) = real_npm(&server).await else { return };
    let apis = &machine.apis;
    let (name, wanted) = (name(), publisher(Some("npm")));
    let list = |entries: Value, times| {
        Mock::given(method("GET"))
            .and(path(TRUST))
            .and(header("authorization", "Bearer npm-not-a-token"))
            .respond_with(ok(entries))
            .up_to_n_times(times)
    };
    list(json!([entry(&["createStagedPackage"])]), 1).mount(&server).await;
    list(json!([entry(&["createPackage", "createStagedPackage"])]), 2).mount(&server).await;
    let sent = json!([{"type": "github", "permissions": ["createPackage"],
        "claims": {"repository": "acme/widgets", "workflow_ref": {"file": "release.yml"}, "environment": "npm"}}]);
    Mock::given(method("POST"))
        .and(path(TRUST))
        .and(body_json(sent))
        .respond_with(ok(json!([entry(&["createPackage"])])))
        .expect(1)
        .mount(&server)
        .await;
    let api = apis.get(Registry::Npm);
    let first = api.register(&name, &wanted, None).await.unwrap();
    assert!(matches!(&first, Registered::Done(held) if held.entry.id == "7b2e"), "{first:?}");
    let again = api.register(&name, &wanted, None).await.unwrap();
    assert!(matches!(again, Registered::AlreadySo(_)), "{again:?}");
}

#[tokio::test]
async fn the_real_npms_refusals_are_told_apart() {
    let server = MockServer::start().await;
    let Some(machine) = real_npm(&server).await else { return };
    let apis = &machine.apis;
    let (name, api) = (name(), apis.get(Registry::Npm));
    let answers = |status: u16, body: Value| ResponseTemplate::new(status).set_body_json(body);
    let own = format!("{}/auth/cli/1", server.uri());
    for (page, shown) in [(own.as_str(), Some(own.clone())), ("https://evil.example/auth", None)] {
        let body = json!({"authUrl": page, "doneUrl": format!("{}/done", server.uri())});
        let answer = answers(401, body).insert_header("www-authenticate", "OTP");
        let gate = Mock::given(path(TRUST)).respond_with(answer).mount_as_scoped(&server).await;
        let error = api.list_publishers(&name, None).await.unwrap_err();
        assert!(matches!(&error, ApiError::NeedsSecondFactor { page, .. } if *page == shown), "{error:?}");
        drop(gate);
    }
    for (status, there, expected) in [
        (404, false, "knows no package"),
        (403, false, "knows no package"),
        (403, true, "refused the credential"),
        (404, true, "offers no API"),
    ] {
        let packument = if there { packument(json!({})) } else { answers(404, json!({"error": "Not found"})) };
        let packument = Mock::given(path(PACKUMENT)).respond_with(packument).mount_as_scoped(&server).await;
        let trust = Mock::given(path(TRUST)).respond_with(answers(status, json!({"message": "no"})));
        let trust = trust.mount_as_scoped(&server).await;
        let error = api.list_publishers(&name, None).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{status} {there}: {error:?}");
        drop((packument, trust));
    }
}

#[tokio::test]
async fn the_real_npm_tells_who_is_logged_in() {
    let server = MockServer::start().await;
    let Some(machine) = real_npm(&server).await else { return };
    let apis = &machine.apis;
    let api = apis.get(Registry::Npm);
    let whoami = Mock::given(path("/npm/-/whoami"));
    let known = whoami.respond_with(ok(json!({"username": "mona"}))).mount_as_scoped(&server).await;
    assert_eq!(api.login().await.unwrap(), Login::As("mona".to_owned()));
    drop(known);
    let refused = ResponseTemplate::new(401).set_body_json(json!({"message": "no"}));
    serve(&server, "GET", "/npm/-/whoami", refused).await;
    let Login::Absent { how } = api.login().await.unwrap() else { panic!("logged in") };
    assert_eq!(how, format!("npm login --registry={}/npm/", server.uri()));
}

#[tokio::test]
async fn the_real_npm_takes_an_entry_away_and_sets_what_nobody_can_read() {
    let server = MockServer::start().await;
    let Some(machine) = real_npm(&server).await else { return };
    let apis = &machine.apis;
    let (name, api) = (name(), apis.get(Registry::Npm));
    let list = |entries: Value| Mock::given(method("GET")).and(path(TRUST)).respond_with(ok(entries)).up_to_n_times(1);
    list(json!([entry(&["createPackage"])])).mount(&server).await;
    list(json!([])).mount(&server).await;
    let gone = ResponseTemplate::new(204);
    Mock::given(method("DELETE")).and(path(format!("{TRUST}/7b2e"))).respond_with(gone).expect(1).mount(&server).await;
    let old = PublisherEntry { id: "7b2e".to_owned(), ..held("acme/widgets", Some("npm"), &["createPackage"]) };
    assert_eq!(api.unregister(&name, &old, None).await.unwrap(), Changed::Done);

    let setting = json!({"publish_requires_tfa": true, "automation_token_overrides_tfa": false});
    Mock::given(method("POST"))
        .and(path("/npm/-/package/@acme%2fwidgets/access"))
        .and(body_json(setting))
        .respond_with(ok(json!({})))
        .expect(1)
        .mount(&server)
        .await;
    let locked = api.set_lock(&name, true, None).await.unwrap();
    assert!(matches!(&locked, Changed::NotSeen(why) if why.contains("nobody")), "{locked:?}");
}

#[tokio::test]
async fn the_real_npm_is_asked_again_after_a_429_and_not_for_ever() {
    let server = MockServer::start().await;
    let Some(machine) = real_npm(&server).await else { return };
    let apis = &machine.apis;
    let (name, api) = (name(), apis.get(Registry::Npm));
    let busy = || ResponseTemplate::new(429).insert_header("retry-after", "30").set_body_json(json!({"error": "slow"}));
    let twice = Mock::given(path(TRUST)).respond_with(busy()).up_to_n_times(2).mount_as_scoped(&server).await;
    serve(&server, "GET", TRUST, ok(json!([entry(&["createPackage"])]))).await;
    assert_eq!(api.list_publishers(&name, None).await.unwrap().len(), 1);
    assert_eq!(twice.received_requests().await.len(), 2, "npm itself must not repeat what untoken repeats");
    drop(twice);
    let always = Mock::given(path(TRUST)).respond_with(busy()).with_priority(1).mount_as_scoped(&server).await;
    let before = server.received_requests().await.unwrap().len();
    let error = api.list_publishers(&name, None).await.unwrap_err();
    assert!(matches!(error, ApiError::Unwell { status: 429, .. }), "{error:?}");
    assert_eq!(server.received_requests().await.unwrap().len() - before, 3);
    drop(always);
}
