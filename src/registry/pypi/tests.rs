//! The public reads against the shapes of the real server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::model::{Existence, PackageName, PublicFacts, PublishedBy, Reading, Registry};
use crate::registry::ApiError;
use crate::registry::testing::{apis, publisher};

const SIMPLE: &str = "application/vnd.pypi.simple.v1+json";

/// Serves what is given: simple, project, provenance.
async fn read(
    simple: ResponseTemplate,
    project: ResponseTemplate,
    provenance: ResponseTemplate,
) -> Result<PublicFacts, ApiError> {
    let server = MockServer::start().await;
    for (at, answer) in [
        ("/pypi/pypi/widgets/json", project),
        ("/pypi/integrity/widgets/1.2.0/widgets-1.2.0.tar.gz/provenance", provenance),
    ] {
        Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(&server).await;
    }
    let simple = Mock::given(method("GET")).and(path("/pypi/simple/widgets/")).respond_with(simple);
    simple.mount(&server).await;
    apis(&server.uri()).get(Registry::Pypi).read_public(&PackageName::new("widgets").unwrap()).await
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn none() -> ResponseTemplate {
    ResponseTemplate::new(404).set_body_raw("404 Not Found", "text/plain")
}

fn simple() -> ResponseTemplate {
    ok(json!({"meta": {"api-version": "1.3"}, "name": "widgets", "files": [], "versions": []}))
}

fn project() -> ResponseTemplate {
    let file = json!({"filename": "widgets-1.2.0.tar.gz", "upload_time_iso_8601": "2026-11-01T10:00:00.5Z"});
    ok(json!({"info": {"version": "1.2.0"}, "urls": [file], "releases": {}}))
}

fn provenance(kind: &str) -> ResponseTemplate {
    let publisher =
        json!({"kind": kind, "repository": "acme/widgets", "workflow": "release.yml", "environment": "pypi"});
    ok(json!({"version": 1, "attestation_bundles": [{"publisher": publisher, "attestations": []}]}))
}

#[tokio::test]
async fn an_attestation_names_repository_workflow_and_environment() {
    let facts = read(simple(), project(), provenance("GitHub")).await.unwrap();
    assert_eq!(facts.existence, Existence::Exists { latest: Some("1.2.0".to_owned()) });
    assert_eq!(facts.locked, None);
    let proof = facts.proof.value().unwrap();
    assert_eq!(proof.published.unwrap().rfc3339(), "2026-11-01T10:00:00Z");
    let PublishedBy::Oidc { repository, workflow, environment, .. } = &proof.by else { panic!("{proof:?}") };
    let wanted = publisher(Some("pypi"));
    assert_eq!((repository, workflow), (&Some(wanted.repository), &Some(wanted.workflow)));
    assert_eq!(environment, &wanted.environment);
}

#[tokio::test]
async fn no_attestation_is_unknown_and_never_no() {
    let broken = ResponseTemplate::new(200).set_body_raw("<html>", "text/html");
    for odd in [none(), provenance("GitLab"), broken, ResponseTemplate::new(500), ok(json!({}))] {
        let facts = read(simple(), project(), odd).await.unwrap();
        assert!(matches!(facts.existence, Existence::Exists { .. }), "the rest stays read");
        assert!(matches!(facts.proof, Reading::Unknown(_)), "{facts:?}");
    }
}

#[tokio::test]
async fn a_name_is_taken_even_without_a_release() {
    let facts = read(simple(), none(), none()).await.unwrap();
    assert_eq!(facts.existence, Existence::Exists { latest: None });
    assert_eq!(read(none(), none(), none()).await.unwrap().existence, Existence::Absent);
    let portal = ResponseTemplate::new(200).set_body_raw("<html>sign in to the café</html>", "text/html");
    assert!(matches!(read(portal, none(), none()).await, Err(ApiError::Net { .. })));
    assert!(matches!(read(ResponseTemplate::new(503), none(), none()).await, Err(ApiError::Unwell { .. })));
}

#[tokio::test]
async fn the_json_form_is_asked_for_and_nothing_else_is_offered() {
    let server = MockServer::start().await;
    let asked = Mock::given(path("/pypi/simple/widgets/")).and(header("accept", SIMPLE)).respond_with(none());
    asked.expect(1).mount(&server).await;
    let (apis, name) = (apis(&server.uri()), PackageName::new("widgets").unwrap());
    let api = apis.get(Registry::Pypi);
    assert_eq!(api.read_public(&name).await.unwrap().existence, Existence::Absent);
    assert!(matches!(api.list_publishers(&name, None).await, Err(ApiError::Unsupported { .. })));
    assert!(matches!(api.register(&name, &publisher(None), None).await, Err(ApiError::Unsupported { .. })));
}
