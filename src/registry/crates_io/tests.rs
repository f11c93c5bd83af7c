//! The API against the shapes and statuses of the real server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::subject::{CONFIGS, SHOW, TOKEN, config, page};
use crate::model::{Existence, PackageName, PublicFacts, PublishedBy, Reading, Registry};
use crate::registry::testing::{apis, publisher};
use crate::registry::{ApiError, Changed, Registered};

fn name() -> PackageName {
    PackageName::new("widgets-core").unwrap()
}

fn token() -> SecretString {
    SecretString::from(TOKEN)
}

async fn shown(answer: ResponseTemplate) -> Result<PublicFacts, ApiError> {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path(SHOW)).respond_with(answer).mount(&server).await;
    apis(&server.uri()).get(Registry::CratesIo).read_public(&name()).await
}

async fn shown_versions(versions: Value) -> PublicFacts {
    let krate = json!({"id": "widgets-core", "default_version": "1.1.0", "trustpub_only": true});
    shown(ResponseTemplate::new(200).set_body_json(json!({"crate": krate, "versions": versions}))).await.unwrap()
}

fn by(facts: &PublicFacts) -> &PublishedBy {
    match &facts.proof {
        Reading::Seen(seen) => &seen.value.by,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_newest_version_by_time_is_the_proof() {
    let oidc = json!({"provider": "github", "repository": "acme/widgets", "run_id": "77", "sha": "abc"});
    let facts = shown_versions(json!([
        {"num": "1.1.0", "created_at": "2026-11-01T00:00:00Z", "published_by": {"login": "mona"}, "trustpub_data": null},
        {"num": "1.0.9", "created_at": "2026-11-02T00:00:00Z", "published_by": null, "trustpub_data": oidc},
    ]))
    .await;
    assert_eq!(facts.existence, Existence::Exists { latest: Some("1.1.0".to_owned()) });
    assert_eq!(facts.locked, Some(true));
    let PublishedBy::Oidc { repository, link, .. } = by(&facts) else { panic!("{facts:?}") };
    assert_eq!(repository.as_ref().unwrap().to_string(), "acme/widgets");
    assert_eq!(link.as_deref(), Some("https://github.com/acme/widgets/actions/runs/77"));
}

#[tokio::test]
async fn null_is_a_token_and_a_missing_field_is_unknown() {
    let facts = shown_versions(json!([
        {"num": "1.0.0", "created_at": "2026-11-01T00:00:00Z", "published_by": {"login": "mona"}, "trustpub_data": null},
    ]))
    .await;
    assert_eq!(by(&facts), &PublishedBy::Token(Some("mona".to_owned())));
    let stripped = json!([{"num": "1.0.0", "created_at": "2026-11-01T00:00:00Z"}]);
    assert!(matches!(shown_versions(stripped).await.proof, Reading::Unknown(_)));
    let gitlab = json!([{"num": "1.0.0", "trustpub_data": {"provider": "gitlab", "project_path": "acme/widgets"}}]);
    assert_eq!(by(&shown_versions(gitlab).await), &PublishedBy::Elsewhere("gitlab".to_owned()));
    let nowhere = json!([{"num": "1.0.0", "trustpub_data": {"project_path": "acme/widgets"}}]);
    assert!(matches!(shown_versions(nowhere).await.proof, Reading::Unknown(_)));
}

#[tokio::test]
async fn the_newest_version_by_a_token_is_told_only_where_every_version_is() {
    let version = |number: &str, day: u8, by: Value| json!({"num": number, "created_at": format!("2026-11-{day:02}T00:00:00Z"), "trustpub_data": by});
    let oidc = || json!({"provider": "gitlab", "project_path": "acme/widgets"});
    let told = async |versions: Value| match shown_versions(versions).await.by_token {
        Reading::Seen(seen) => Ok(seen.value.map(|release| release.version)),
        Reading::Unknown(unknown) => Err(unknown.why),
        Reading::NotRead => panic!("it was read"),
    };
    let both = json!([version("2.0.0", 9, oidc()), version("1.1.0", 2, Value::Null), version("1.0.0", 1, Value::Null)]);
    assert_eq!(told(both).await, Ok(Some("1.1.0".to_owned())));
    assert_eq!(told(json!([version("2.0.0", 9, oidc())])).await, Ok(None), "every version came by OIDC");
    let stripped = json!([version("2.0.0", 9, oidc()), {"num": "1.0.0", "created_at": "2026-11-01T00:00:00Z"}]);
    assert_eq!(told(stripped).await, Err("crates.io does not tell how 1.0.0 was published".to_owned()));
    let timeless = json!([{"num": "1.0.0", "trustpub_data": null}]);
    assert_eq!(told(timeless).await, Err("crates.io does not tell when 1.0.0 was published".to_owned()));
    assert_eq!(told(json!([])).await, Err("crates.io's answer lists no version".to_owned()));
}

#[tokio::test]
async fn a_field_that_older_versions_carry_was_not_stripped() {
    let oidc = json!({"provider": "github", "repository": "acme/widgets", "run_id": "7", "sha": "x"});
    let facts = shown_versions(json!([
        {"num": "1.1.0", "created_at": "2026-11-02T00:00:00Z", "published_by": {"login": "mona"}},
        {"num": "1.0.0", "created_at": "2026-11-01T00:00:00Z", "published_by": null, "trustpub_data": oidc},
    ]))
    .await;
    assert_eq!(by(&facts), &PublishedBy::token(Some("mona".to_owned()), Some("1.0.0".to_owned())));
    let facts = shown_versions(json!([
        {"num": "1.1.0", "created_at": "2026-11-02T00:00:00Z", "published_by": {"login": "mona"}},
        {"num": "1.0.0", "created_at": "2026-11-01T00:00:00Z", "published_by": {"login": "mona"}, "trustpub_data": null},
    ]))
    .await;
    assert_eq!(by(&facts), &PublishedBy::Token(Some("mona".to_owned())));
}

#[tokio::test]
async fn the_list_is_read_to_its_end_and_never_elsewhere() {
    let server = MockServer::start().await;
    let api = |next: Option<&str>, seek: &str| {
        Mock::given(method("GET"))
            .and(path(CONFIGS))
            .and(header("authorization", TOKEN))
            .and(query_param("seek", seek))
            .respond_with(page(vec![config(5, "b.yml", None)], next))
    };
    api(None, "NQ").mount(&server).await;
    api(Some("https://evil.example/?seek=x"), "away").mount(&server).await;
    api(Some("?crate=widgets-core&seek=loop"), "loop").mount(&server).await;
    for (first, expected) in [("NQ", Some(2)), ("away", None), ("loop", None)] {
        let next = format!("?crate=widgets-core&per_page=1&seek={first}");
        let first = Mock::given(method("GET"))
            .and(path(CONFIGS))
            .and(wiremock::matchers::query_param_is_missing("seek"))
            .respond_with(page(vec![config(4, "release.yml", Some("crates"))], Some(&next)))
            .mount_as_scoped(&server)
            .await;
        let (apis, name, token) = (apis(&server.uri()), name(), token());
        let listed = apis.get(Registry::CratesIo).list_publishers(&name, Some(&token)).await;
        match expected {
            Some(count) => {
                let listed = listed.unwrap();
                assert_eq!(listed.len(), count);
                assert_eq!(listed[0].id, "4");
                assert_eq!(listed[0].publisher.to_string(), "Acme/widgets release.yml in crates");
            }
            None => assert!(matches!(listed, Err(ApiError::Strange { .. })), "{listed:?}"),
        }
        drop(first);
    }
}

async fn registered(server: &MockServer) -> Result<Registered, ApiError> {
    let (apis, name, token, wanted) = (apis(&server.uri()), name(), token(), publisher(Some("crates")));
    apis.get(Registry::CratesIo).register(&name, &wanted, Some(&token)).await
}

async fn list_once(server: &MockServer, configs: Vec<Value>) {
    let list = Mock::given(method("GET")).and(path(CONFIGS)).respond_with(page(configs, None));
    list.up_to_n_times(1).mount(server).await;
}

fn post(status: u16, detail: &str) -> Mock {
    let body = json!({"errors": [{"detail": detail}]});
    Mock::given(method("POST")).and(path(CONFIGS)).respond_with(ResponseTemplate::new(status).set_body_json(body))
}

#[tokio::test]
async fn an_entry_that_is_there_is_not_sent_again() {
    let server = MockServer::start().await;
    list_once(&server, vec![config(4, "release.yml", Some("Crates"))]).await;
    post(500, "not to be asked").expect(0).mount(&server).await;
    assert!(matches!(registered(&server).await, Ok(Registered::AlreadySo(held)) if held.entry.id == "4"));
}

#[tokio::test]
async fn done_is_what_was_read_back() {
    let wanted = json!({"github_config": {"crate": "widgets-core", "repository_owner": "acme",
        "repository_name": "widgets", "workflow_filename": "release.yml", "environment": "crates"}});
    for (after, seen) in [(Some(config(9, "release.yml", Some("crates"))), true), (None, false)] {
        let server = MockServer::start().await;
        list_once(&server, vec![config(4, "release.yml", None)]).await;
        Mock::given(method("POST"))
            .and(path(CONFIGS))
            .and(header("authorization", TOKEN))
            .and(body_json(&wanted))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({"github_config": config(9, "x.yml", None)})))
            .expect(1)
            .mount(&server)
            .await;
        list_once(&server, after.into_iter().collect()).await;
        let outcome = registered(&server).await.unwrap();
        assert_eq!(matches!(&outcome, Registered::Done(held) if held.entry.id == "9"), seen, "{outcome:?}");
        assert_eq!(matches!(&outcome, Registered::NotSeen(_)), !seen, "{outcome:?}");
    }
}

#[tokio::test]
async fn an_answer_that_got_lost_is_looked_up() {
    for (after, found) in [(vec![config(9, "release.yml", Some("crates"))], true), (Vec::new(), false)] {
        let server = MockServer::start().await;
        list_once(&server, Vec::new()).await;
        let cut = ResponseTemplate::new(502).set_body_raw("<html>bad gateway</html>", "text/html");
        Mock::given(method("POST")).and(path(CONFIGS)).respond_with(cut).mount(&server).await;
        list_once(&server, after).await;
        let outcome = registered(&server).await;
        assert_eq!(matches!(&outcome, Ok(Registered::Done(_))), found, "{outcome:?}");
        assert_eq!(matches!(&outcome, Err(ApiError::Unwell { .. })), !found, "{outcome:?}");
    }
}

#[tokio::test]
async fn refusals_are_typed_and_nothing_is_sent_without_a_token() {
    let server = MockServer::start().await;
    list_once(&server, Vec::new()).await;
    post(409, "This crate already has the maximum number of GitHub Trusted Publishing configurations (5)")
        .mount(&server)
        .await;
    assert!(matches!(registered(&server).await, Err(ApiError::Refused { .. })));

    let (apis, name, wanted) = (apis("http://127.0.0.1:9"), name(), publisher(None));
    let api = apis.get(Registry::CratesIo);
    assert!(matches!(api.register(&name, &wanted, None).await, Err(ApiError::NeedsCredential { .. })));
    assert!(matches!(api.list_publishers(&name, None).await, Err(ApiError::NeedsCredential { .. })));
    let (odd, token) = (publisher(Some("a;b")), token());
    assert!(matches!(api.register(&name, &odd, Some(&token)).await, Err(ApiError::Refused { .. })));
}

#[tokio::test]
async fn an_entry_is_taken_away_once_and_its_absence_is_read_back() {
    for (before, sent) in [(vec![config(4, "old.yml", None)], 1), (Vec::new(), 0)] {
        let server = MockServer::start().await;
        let there = !before.is_empty();
        list_once(&server, before).await;
        Mock::given(method("DELETE"))
            .and(path(format!("{CONFIGS}/4")))
            .and(header("authorization", TOKEN))
            .respond_with(ResponseTemplate::new(204))
            .expect(sent)
            .mount(&server)
            .await;
        list_once(&server, Vec::new()).await;
        let (apis, name, token) = (apis(&server.uri()), name(), token());
        let old = crate::registry::testing::held("acme/widgets", None, &[]);
        let old = crate::model::PublisherEntry { id: "4".to_owned(), ..old };
        let outcome = apis.get(Registry::CratesIo).unregister(&name, &old, Some(&token)).await.unwrap();
        assert_eq!(outcome, if there { Changed::Done } else { Changed::AlreadySo });
    }
}

#[tokio::test]
async fn the_switch_is_read_before_and_after_and_never_shuts_everybody_out() {
    for (held, after, expected) in [
        (1, true, Some(Changed::Done)),
        (1, false, Some(Changed::NotSeen("crates.io took it, but does not show trustpub_only so yet".to_owned()))),
        (0, false, None),
    ] {
        let server = MockServer::start().await;
        let krate =
            |locked: bool| json!({"crate": {"default_version": "1.0.0", "trustpub_only": locked}, "versions": []});
        let show = |locked| {
            Mock::given(method("GET"))
                .and(path(SHOW))
                .respond_with(ResponseTemplate::new(200).set_body_json(krate(locked)))
        };
        show(false).up_to_n_times(1).mount(&server).await;
        show(after).mount(&server).await;
        list_once(&server, (0..held).map(|_| config(4, "release.yml", None)).collect()).await;
        Mock::given(method("PATCH"))
            .and(path(SHOW))
            .and(header("authorization", TOKEN))
            .and(body_json(json!({"crate": {"trustpub_only": true}})))
            .respond_with(ResponseTemplate::new(200).set_body_json(krate(true)))
            .expect(held)
            .mount(&server)
            .await;
        let (apis, name, token) = (apis(&server.uri()), name(), token());
        let outcome = apis.get(Registry::CratesIo).set_lock(&name, true, Some(&token)).await;
        match expected {
            Some(expected) => assert_eq!(outcome.unwrap(), expected),
            None => assert!(matches!(&outcome, Err(ApiError::Refused { .. })), "{outcome:?}"),
        }
    }
}

#[tokio::test]
async fn a_crate_with_five_entries_is_not_sent_a_sixth() {
    let server = MockServer::start().await;
    list_once(&server, (1..=5).map(|id| config(id, "old.yml", None)).collect()).await;
    post(500, "not to be asked").expect(0).mount(&server).await;
    let outcome = registered(&server).await;
    assert!(
        matches!(&outcome, Err(ApiError::Refused { message, .. }) if message.contains("no more than 5")),
        "{outcome:?}"
    );
}
