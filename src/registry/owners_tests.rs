//! Who owns a package, against the shapes of the real servers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::testing::apis;
use crate::model::{Owner, PackageName, Registry, Right};
use crate::registry::ApiError;

/// Each registry with a package's name, where it tells the owners, an answer, and its own words for a name that is not there.
fn tellers() -> Vec<(Registry, &'static str, &'static str, Value, ResponseTemplate)> {
    let absent = |body: Value| ResponseTemplate::new(404).set_body_json(body);
    vec![
        (
            Registry::CratesIo,
            "widgets",
            "/crates/api/v1/crates/widgets/owners",
            json!({"users": [
                {"id": 1, "login": "ada\u{202e}", "kind": "user", "url": "https://github.com/ada"},
                {"id": 2, "login": "github:acme:release", "kind": "team"},
            ]}),
            absent(json!({"errors": [{"detail": "crate `widgets` does not exist"}]})),
        ),
        (
            Registry::Npm,
            "@acme/widgets",
            "/npm/@acme%2Fwidgets",
            json!({"name": "@acme/widgets", "maintainers": [{"name": "ada\u{202e}", "email": "ada@example.com"}]}),
            absent(json!({"error": "Not found"})),
        ),
        (
            Registry::Pypi,
            "widgets",
            "/pypi/pypi/widgets/json",
            json!({"info": {"version": "1.0.0"}, "ownership": {"organization": "acme", "roles": [
                {"role": "Owner", "user": "ada\u{202e}"}, {"role": "Maintainer", "user": "bob"},
            ]}}),
            absent(json!({"message": "Not Found"})),
        ),
        (
            Registry::Jsr,
            "@acme/widgets",
            "/jsr-api/scopes/acme/members",
            json!([
                {"scope": "acme", "user": {"id": "u", "name": "ada\u{202e}", "githubId": 7}, "isAdmin": true},
                {"scope": "acme", "user": {"id": "v", "name": "bob", "githubId": null}, "isAdmin": false},
            ]),
            absent(json!({"code": "scopeNotFound", "message": "The requested scope was not found."})),
        ),
        (
            Registry::PubDev,
            "widgets",
            "/pub/api/packages/widgets/publisher",
            json!({"publisherId": "acme.dev\u{202e}"}),
            absent(json!({"error": {"code": "NotFound", "message": "Could not find `package \"widgets\"`."}})),
        ),
        (
            Registry::RubyGems,
            "widgets",
            "/rubygems/api/v1/gems/widgets/owners.json",
            json!([{"id": 1, "handle": "ada\u{202e}"}, {"id": 2, "handle": null}]),
            ResponseTemplate::new(404).set_body_raw("This rubygem could not be found.", "text/plain"),
        ),
    ]
}

async fn ask(registry: Registry, name: &str, at: &str, answer: ResponseTemplate) -> Result<Vec<Owner>, ApiError> {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path(at)).respond_with(answer).expect(1).mount(&server).await;
    apis(&server.uri()).get(registry).read_owners(&PackageName::new(name).unwrap()).await
}

#[tokio::test]
async fn owners_are_told_with_what_they_may_do() {
    let seen: Vec<Vec<(String, Right)>> = futures::future::join_all(tellers().into_iter().map(|teller| async move {
        let (registry, name, at, body, _) = teller;
        let owners = ask(registry, name, at, ResponseTemplate::new(200).set_body_json(body)).await.unwrap();
        owners.into_iter().map(|owner| (owner.in_words(), owner.right)).collect()
    }))
    .await;
    let wanted = [
        vec![("ada", Right::Manages), ("team github:acme:release", Right::Publishes)],
        vec![("ada", Right::Manages)],
        vec![("ada", Right::Manages), ("bob", Right::Publishes), ("team acme", Right::Manages)],
        vec![("ada", Right::Manages), ("bob", Right::Publishes)],
        vec![("the admins of the verified publisher acme.dev (not public)", Right::Manages)],
        vec![("ada", Right::Untold), ("somebody", Right::Untold)],
    ];
    let seen: Vec<Vec<(&str, Right)>> =
        seen.iter().map(|all| all.iter().map(|(name, right)| (name.trim(), *right)).collect()).collect();
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_and_never_nobody() {
    for (registry, name, at, _, absent) in tellers() {
        let portal = ResponseTemplate::new(200).set_body_raw("<html>sign in to the café</html>", "text/html");
        let answers = [absent, portal, ResponseTemplate::new(500), ResponseTemplate::new(403)];
        for answer in answers {
            assert!(ask(registry, name, at, answer.clone()).await.is_err(), "{registry}: {answer:?}");
        }
        for stripped in [json!({}), json!({"info": {}})] {
            let answer = ResponseTemplate::new(200).set_body_json(stripped);
            assert!(ask(registry, name, at, answer).await.is_err(), "{registry}");
        }
    }
    let api = apis("http://127.0.0.1:9");
    let name = PackageName::new("widgets").unwrap();
    assert!(api.get(Registry::Nuget).read_owners(&name).await.is_err());
}

#[tokio::test]
async fn a_package_of_no_publisher_is_its_uploaders_whom_pub_dev_names_to_nobody() {
    let none = ResponseTemplate::new(200).set_body_json(json!({"publisherId": null}));
    let owners = ask(Registry::PubDev, "widgets", "/pub/api/packages/widgets/publisher", none).await.unwrap();
    assert_eq!(owners.iter().map(Owner::in_words).collect::<Vec<_>>(), ["its uploaders (not public)"]);
}
