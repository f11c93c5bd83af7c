//! What the registries say of a name besides whether it is there: whose source it names, and what it is too like.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::testing::apis;
use crate::model::{Existence, NameFacts, PackageName, Registry};

/// Asks for a name of a registry that answers these paths so, and every other one with its own 404.
async fn read(registry: Registry, name: &str, answers: &[(&str, Value)]) -> (bool, NameFacts) {
    let server = MockServer::start().await;
    for (at, body) in answers {
        Mock::given(method("GET"))
            .and(path(*at))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&server)
            .await;
    }
    let absent = (super::matrix::subject(registry).refusal)(404);
    Mock::given(method("GET")).respond_with(absent).with_priority(200).mount(&server).await;
    let facts = apis(&server.uri()).get(registry).read_public(&PackageName::new(name).unwrap()).await.unwrap();
    (facts.existence != Existence::Absent, facts.name)
}

#[tokio::test]
async fn the_source_that_a_page_names_is_read_where_the_registry_tells_it() {
    let github = "https://github.com/acme/widgets";
    let npm = |repository: Value| json!({ "name": "widgets", "versions": { "1.0.0": {} }, "repository": repository });
    let pypi = |urls: Value| json!({ "info": { "version": "1.0.0", "project_urls": urls } });
    let krate = |repository: Value| json!({ "crate": { "id": "widgets", "repository": repository }, "versions": [] });
    let dart = |homepage: &str| json!({ "name": "widgets", "latest": { "version": "1.0.0", "pubspec": { "homepage": homepage } } });
    let simple = ("/pypi/simple/widgets/", json!({ "name": "widgets" }));
    let table = [
        (Registry::CratesIo, vec![("/crates/api/v1/crates/widgets", krate(json!(github)))], true),
        (Registry::CratesIo, vec![("/crates/api/v1/crates/widgets", krate(Value::Null))], false),
        (
            Registry::Npm,
            vec![("/npm/widgets", npm(json!({ "type": "git", "url": "git+ssh://git@github.com/acme/widgets.git" })))],
            true,
        ),
        (Registry::Npm, vec![("/npm/widgets", npm(json!("acme/widgets")))], true),
        (Registry::Npm, vec![("/npm/widgets", npm(json!(["a", "list"])))], false),
        (Registry::Pypi, vec![simple.clone(), ("/pypi/pypi/widgets/json", pypi(json!({ "Source": github })))], true),
        // A sponsor's page lies on GitHub too.
        (
            Registry::Pypi,
            vec![simple, ("/pypi/pypi/widgets/json", pypi(json!({ "Funding": "https://github.com/sponsors/mona" })))],
            false,
        ),
        (Registry::PubDev, vec![("/pub/api/packages/widgets", dart(github))], true),
        (Registry::PubDev, vec![("/pub/api/packages/widgets", dart("https://widgets.example"))], false),
        (
            Registry::RubyGems,
            vec![("/rubygems/api/v1/gems/widgets.json", json!({ "version": "1.0.0", "source_code_uri": github }))],
            true,
        ),
    ];
    for (registry, answers, told) in table {
        let (there, name) = read(registry, "widgets", &answers).await;
        let expected = told.then(|| "acme/widgets".parse().unwrap());
        assert_eq!((there, name), (true, NameFacts { source: expected, like: None }), "{registry}: {answers:?}");
    }
}

#[tokio::test]
async fn a_name_that_would_be_refused_for_another_names_it_and_is_not_there() {
    let table = [
        (
            Registry::CratesIo,
            "wid-gets",
            "wid_gets",
            "/crates/api/v1/crates/wid-gets",
            json!({ "crate": { "id": "wid_gets" }, "versions": [] }),
        ),
        (
            Registry::Npm,
            "wid-gets",
            "widgets",
            "/npm/widgets",
            json!({ "name": "widgets", "versions": { "1.0.0": {} } }),
        ),
        (
            Registry::Npm,
            "wid.gets",
            "wid-gets",
            "/npm/wid-gets",
            json!({ "name": "wid-gets", "versions": { "1.0.0": {} } }),
        ),
        (Registry::Pypi, "wid-gets", "widgets", "/pypi/simple/widgets/", json!({ "name": "widgets" })),
        (
            Registry::PubDev,
            "wid_gets",
            "widgets",
            "/pub/api/packages/widgets",
            json!({ "name": "widgets", "latest": { "version": "1.0.0" } }),
        ),
    ];
    for (registry, name, like, at, body) in table {
        let (there, facts) = read(registry, name, &[(at, body)]).await;
        let expected = NameFacts { source: None, like: Some(PackageName::new(like).unwrap()) };
        assert_eq!((there, facts), (false, expected), "{registry} {name}");
    }
    // A name in a scope is like no other; one that was unpublished takes no other's place.
    for (name, at, body) in [
        ("@acme/wid-gets", "/npm/@acme%2Fwidgets", json!({ "name": "@acme/widgets", "versions": { "1.0.0": {} } })),
        ("wid-gets", "/npm/widgets", json!({ "name": "widgets", "time": { "unpublished": {} } })),
    ] {
        assert_eq!(read(Registry::Npm, name, &[(at, body)]).await, (false, NameFacts::default()), "{name}");
    }
}
