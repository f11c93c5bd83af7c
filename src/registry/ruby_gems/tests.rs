//! The API against the shapes and words of the real server (rubygems/rubygems.org, read 2026-08-22).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::subject::{
    ATTESTED, GEM, GITHUB, KEY, LIST, PUSHED, SUBJECT, VERSIONS, bundle, entry, gem, ok, versions, words,
};
use crate::model::{PackageName, PublishedBy, Registry, TrustedPublisher, TrustedWorkflow};
use crate::registry::testing::ladder;
use crate::registry::testing::{apis, publisher};
use crate::registry::{ApiError, Changed, Registered};

const NO_CODE: &str = "You have enabled multifactor authentication but no OTP code provided. Please fill it and retry.";
const WRONG_CODE: &str = "Your OTP code is incorrect. Please check it and retry.";

fn name() -> PackageName {
    PackageName::new("widgets").unwrap()
}

fn key() -> SecretString {
    SecretString::from(KEY)
}

#[tokio::test]
async fn an_entry_that_differs_in_anything_is_another_one() {
    let listing = |list: Value| [(GEM, gem()), (LIST, ok(list)), (ATTESTED, ok(json!([])))];
    for (what, other) in [
        ("another case", entry(4, "Acme", "release.yml", None)),
        ("another workflow", entry(4, "acme", "old.yml", None)),
        ("the file of another repository", entry(4, "acme", "release.yml", Some("acme"))),
    ] {
        let rungs = SUBJECT.shown(&listing(json!([other]))).await;
        assert_eq!(ladder::words(&rungs)[..3], ["yes", "no", "unknown"], "{what}");
    }
    let mut gitlab = entry(5, "acme", "release.yml", None);
    gitlab["trusted_publisher_type"] = json!("OIDC::TrustedPublisher::GitLab");
    let [_, registered, ..] = SUBJECT.shown(&listing(json!([gitlab]))).await;
    assert!(registered.why().contains("0 publishers"), "{registered:?}");
}

#[tokio::test]
async fn an_attestation_tells_of_its_own_repository_alone_and_its_absence_of_none() {
    for (what, answer) in [
        ("none", json!([])),
        ("another issuer", bundle("https://gitlab.com", "acme/widgets")),
        ("no certificate", json!([{"verificationMaterial": {}}])),
    ] {
        let list = (LIST, ok(json!([])));
        let answers = [(GEM, gem()), (VERSIONS, versions(&PUSHED)), list, (ATTESTED, ok(answer))];
        let rungs = SUBJECT.shown(&answers).await;
        assert_eq!(ladder::words(&rungs)[..3], ["yes", "no", "unknown"], "{what}");
        assert!(rungs[2].why().contains("1.2.0"), "{what}: {rungs:?}");
    }
    let server = MockServer::start().await;
    let native = "/rubygems/api/v1/attestations/widgets-1.2.0-x86_64-linux.json";
    let pushed = versions(&[("1.2.0", "x86_64-linux", PUSHED[0].2)]);
    for (at, answer) in [(GEM, gem()), (VERSIONS, pushed), (native, ok(bundle(GITHUB, "acme/widgets")))] {
        Mock::given(path(at)).respond_with(answer).mount(&server).await;
    }
    let facts = apis(&server.uri()).get(Registry::RubyGems).read_public(&name()).await.unwrap();
    let proof = facts.proof.value().unwrap();
    assert!(matches!(&proof.by, PublishedBy::Oidc { workflow: Some(file), .. } if file.to_string() == "release.yml"));
    assert_eq!(proof.published.unwrap().rfc3339(), "2026-11-01T10:00:00Z");
}

#[tokio::test]
async fn a_pre_release_that_came_last_is_looked_at_though_the_gem_names_another() {
    let rc = "/rubygems/api/v1/attestations/widgets-2.0.0.rc1.json";
    let pushed = versions(&[("2.0.0.rc1", "ruby", "2026-11-20T10:00:00Z"), PUSHED[0], PUSHED[1]]);
    let answers = [(GEM, gem()), (VERSIONS, pushed), (LIST, ok(json!([]))), (rc, ok(bundle(GITHUB, "acme/widgets")))];
    let [exists, _, proven, _] = SUBJECT.shown(&answers).await;
    assert!(exists.why().contains("1.2.0"), "{exists:?}");
    assert_eq!(proven.word(), "yes");
    assert!(proven.why().contains("2.0.0.rc1"), "{proven:?}");
}

async fn list(server: &MockServer, entries: Value, times: u64) {
    let list = Mock::given(method("GET")).and(path(LIST)).and(header("authorization", KEY));
    list.respond_with(ok(entries)).up_to_n_times(times).mount(server).await;
}

async fn registered(server: &MockServer) -> Result<Registered, ApiError> {
    apis(&server.uri()).get(Registry::RubyGems).register(&name(), &publisher(None), Some(&key())).await
}

#[tokio::test]
async fn done_is_what_was_read_back() {
    let wanted = json!({"trusted_publisher_type": "OIDC::TrustedPublisher::GitHubAction", "trusted_publisher": {
        "repository_owner": "acme", "repository_name": "widgets", "workflow_filename": "release.yml"}});
    for (after, seen) in [(json!([entry(9, "acme", "release.yml", None)]), true), (json!([]), false)] {
        let server = MockServer::start().await;
        list(&server, json!([entry(4, "acme", "old.yml", None)]), 1).await;
        let post =
            Mock::given(method("POST")).and(path(LIST)).and(header("authorization", KEY)).and(body_json(&wanted));
        let made = ResponseTemplate::new(201).set_body_json(entry(9, "acme", "release.yml", None));
        post.respond_with(made).expect(1).mount(&server).await;
        list(&server, after, 1).await;
        let outcome = registered(&server).await.unwrap();
        assert_eq!(matches!(&outcome, Registered::Done(held) if held.entry.id == "9"), seen, "{outcome:?}");
        assert_eq!(matches!(&outcome, Registered::NotSeen(_)), !seen, "{outcome:?}");
    }
    let server = MockServer::start().await;
    list(&server, json!([entry(9, "acme", "release.yml", None)]), 1).await;
    assert!(matches!(registered(&server).await, Ok(Registered::AlreadySo(_))), "nothing is sent");
    assert!(matches!(
        apis("http://127.0.0.1:9").get(Registry::RubyGems).list_publishers(&name(), None).await,
        Err(ApiError::NeedsCredential { .. })
    ));
}

#[tokio::test]
async fn a_workflow_of_another_repository_goes_along_and_is_read_back() {
    let body = json!({"trusted_publisher_type": "OIDC::TrustedPublisher::GitHubAction", "trusted_publisher": {
        "repository_owner": "acme", "repository_name": "widgets", "workflow_filename": "release.yml",
        "workflow_repository_owner": "ruby", "workflow_repository_name": "shared"}});
    let file = "release.yml".parse().unwrap();
    let workflow = TrustedWorkflow::Elsewhere { file, home: Box::new("ruby/shared".parse().unwrap()) };
    let wanted = TrustedPublisher { workflow, ..publisher(None) };
    for (after, seen) in [(Some("ruby"), true), (Some("Ruby"), false), (None, false)] {
        let server = MockServer::start().await;
        list(&server, json!([entry(4, "acme", "release.yml", None)]), 1).await;
        let made = ResponseTemplate::new(201).set_body_json(entry(9, "acme", "release.yml", after));
        let post = Mock::given(method("POST")).and(path(LIST)).and(body_json(&body));
        post.respond_with(made).expect(1).mount(&server).await;
        list(&server, json!([entry(9, "acme", "release.yml", after)]), 1).await;
        let apis = apis(&server.uri());
        let outcome = apis.get(Registry::RubyGems).register(&name(), &wanted, Some(&key())).await.unwrap();
        assert_eq!(matches!(outcome, Registered::Done(_)), seen, "{outcome:?}");
    }
}

#[tokio::test]
async fn a_value_that_is_refused_is_told_in_words() {
    let server = MockServer::start().await;
    list(&server, json!([]), 1).await;
    let errors = json!({"errors": {"trusted_publisher.repository_owner_id": ["can't be blank"], "base": ["it is odd"]},
        "status": "unprocessable_content"});
    let post = Mock::given(method("POST")).and(path(LIST));
    post.respond_with(ResponseTemplate::new(422).set_body_json(errors)).mount(&server).await;
    let error = registered(&server).await.unwrap_err();
    assert!(
        matches!(&error, ApiError::Refused { message, .. } if message == "it is odd; repository owner id can't be blank"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_code_goes_along_for_a_minute_and_a_wrong_one_is_forgotten() {
    let server = MockServer::start().await;
    let with = |code: &'static str, answer: ResponseTemplate| {
        Mock::given(method("GET")).and(path(LIST)).and(header("otp", code)).respond_with(answer).with_priority(1)
    };
    with("123456", ok(json!([]))).mount(&server).await;
    with("000000", words(401, WRONG_CODE)).expect(1).mount(&server).await;
    Mock::given(method("GET")).and(path(LIST)).respond_with(words(401, NO_CODE)).mount(&server).await;
    let (apis, name, key) = (apis(&server.uri()), name(), key());
    let api = apis.get(Registry::RubyGems);
    let needs_code =
        |result: &Result<_, ApiError>| matches!(result, Err(ApiError::NeedsSecondFactor { page: None, .. }));
    let without = api.list_publishers(&name, Some(&key)).await;
    assert!(needs_code(&without), "{without:?}");
    api.take_code(SecretString::from("000000"));
    assert!(needs_code(&api.list_publishers(&name, Some(&key)).await), "refused");
    assert!(needs_code(&api.list_publishers(&name, Some(&key)).await), "and not sent again");
    api.take_code(SecretString::from("123456"));
    for _ in 0..3 {
        assert!(api.list_publishers(&name, Some(&key)).await.is_ok(), "good for the calls of one registration");
    }
}

#[tokio::test]
async fn an_entry_is_taken_away_and_read_back() {
    let server = MockServer::start().await;
    let apis = apis(&server.uri());
    let api = apis.get(Registry::RubyGems);
    list(&server, json!([entry(4, "acme", "release.yml", None)]), 2).await;
    let delete = Mock::given(method("DELETE")).and(path(format!("{LIST}/4"))).and(header("authorization", KEY));
    delete.respond_with(ResponseTemplate::new(204)).expect(1).mount(&server).await;
    list(&server, json!([]), 9).await;
    let held = api.list_publishers(&name(), Some(&key())).await.unwrap().remove(0);
    assert_eq!(api.unregister(&name(), &held, Some(&key())).await.unwrap(), Changed::Done);
    assert_eq!(api.unregister(&name(), &held, Some(&key())).await.unwrap(), Changed::AlreadySo);
}
