//! The public reads against the shapes of the real server.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::subject::{PROJECT, PROVENANCE, SIMPLE, message, none, project, provenance, simple};
use crate::model::{Existence, PackageName, PublicFacts, PublishedBy, Reading, Registry};
use crate::registry::ApiError;
use crate::registry::testing::{apis, publisher};

const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// Serves what is given: simple, project, provenance.
async fn read(
    simple: ResponseTemplate,
    project: ResponseTemplate,
    provenance: ResponseTemplate,
) -> Result<PublicFacts, ApiError> {
    let server = MockServer::start().await;
    for (at, answer) in [(SIMPLE, simple), (PROJECT, project), (PROVENANCE, provenance)] {
        Mock::given(method("GET")).and(path(at)).respond_with(answer).mount(&server).await;
    }
    apis(&server.uri()).get(Registry::Pypi).read_public(&PackageName::new("widgets").unwrap()).await
}

#[tokio::test]
async fn an_attestation_names_repository_workflow_and_environment() {
    let facts = read(simple(), project(), provenance("GitHub", "acme/widgets")).await.unwrap();
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
async fn what_another_forge_attests_is_told_as_that() {
    let facts = read(simple(), project(), provenance("GitLab", "acme/widgets")).await.unwrap();
    assert_eq!(facts.proof.value().unwrap().by, PublishedBy::Elsewhere("GitLab".to_owned()));
    let nobody = ResponseTemplate::new(200).set_body_json(json!({"version": 1, "attestation_bundles": []}));
    let facts = read(simple(), project(), nobody).await.unwrap();
    assert!(matches!(&facts.proof, Reading::Unknown(unknown) if unknown.why.contains("names nobody")), "{facts:?}");
}

/// `info.version` is never a pre-release while there is any other release.
#[tokio::test]
async fn the_file_that_was_uploaded_last_is_looked_at_whatever_the_latest_is() {
    let file = |name: &str, at: &str| json!({"filename": name, "upload_time_iso_8601": at});
    let project = |rc: Value| {
        let releases = json!({"1.2.0": [file("widgets-1.2.0.tar.gz", "2026-11-01T10:00:00.5Z")], "2.0.0rc1": rc,
            "1.1.0": [], "1.0.0": [file("widgets-1.0.0.tar.gz", "2026-10-01T10:00:00Z"), file("odd.whl", "soon")]});
        let urls = [file("widgets-1.2.0.tar.gz", "2026-11-01T10:00:00.5Z")];
        let body = json!({"info": {"version": "1.2.0"}, "urls": urls, "releases": releases});
        ResponseTemplate::new(200).set_body_json(body)
    };
    let (wheel, sdist) = ("widgets-2.0.0rc1-py3-none-any.whl", "widgets-2.0.0rc1.tar.gz");
    let last = json!([file(sdist, "2026-11-20T10:00:00Z"), file(wheel, "2026-11-20T10:00:09Z")]);
    let facts = read(simple(), project(last), none()).await.unwrap();
    assert_eq!(facts.existence, Existence::Exists { latest: Some("1.2.0".to_owned()) });
    assert_eq!(facts.newest.as_deref(), Some("2.0.0rc1"));
    let Reading::Unknown(unknown) = &facts.proof else {
        panic!("the older file's attestation is not the newest one's")
    };
    assert!(unknown.why.contains("HTTP 404"), "{unknown:?}");
    let before = json!([file(sdist, "2026-09-20T10:00:00Z")]);
    let facts = read(simple(), project(before), provenance("GitHub", "acme/widgets")).await.unwrap();
    assert_eq!((facts.newest.as_deref(), facts.proof.value().unwrap().version.as_str()), (Some("1.2.0"), "1.2.0"));
}

#[tokio::test]
async fn a_name_is_taken_even_without_a_release() {
    let facts = read(simple(), message(404, "Not Found"), none()).await.unwrap();
    assert_eq!(facts.existence, Existence::Exists { latest: None });
}

#[tokio::test]
async fn the_json_form_is_asked_for_and_nothing_else_is_offered() {
    let server = MockServer::start().await;
    let asked = Mock::given(path(SIMPLE)).and(header("accept", JSON)).respond_with(none());
    asked.expect(1).mount(&server).await;
    let (apis, name) = (apis(&server.uri()), PackageName::new("widgets").unwrap());
    let api = apis.get(Registry::Pypi);
    assert_eq!(api.read_public(&name).await.unwrap().existence, Existence::Absent);
    assert!(matches!(api.list_publishers(&name, None).await, Err(ApiError::Unsupported { .. })));
    assert!(matches!(api.register(&name, &publisher(None), None).await, Err(ApiError::Unsupported { .. })));
}
