//! How PyPI answers, in its own shapes and words (pypi/warehouse warehouse/views.py and warehouse/api, read 2026-08-21).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::testing::ladder::{Part, Served, Subject, Whose};

pub(super) const SIMPLE: &str = "/pypi/simple/widgets/";
pub(super) const PROJECT: &str = "/pypi/pypi/widgets/json";
pub(super) const PROVENANCE: &str = "/pypi/integrity/widgets/1.2.0/widgets-1.2.0.tar.gz/provenance";

pub(in crate::registry) const SUBJECT: Subject = Subject {
    registry: Registry::Pypi,
    name: "widgets",
    token: "pypi-takes-none",
    serves: |_, whose| {
        let proof = match whose.by_oidc() {
            true => provenance("GitHub", whose.repository()),
            false => message(404, "No provenance available for widgets-1.2.0.tar.gz"),
        };
        match whose {
            Whose::Nobodys => Vec::new(),
            _ => vec![
                Served(Part::Public, SIMPLE.to_owned(), simple()),
                Served(Part::Public, PROJECT.to_owned(), project()),
                Served(Part::Proof, PROVENANCE.to_owned(), proof),
            ],
        }
    },
    refusal: |status| match status {
        404 => none(),
        other => message(other, "An odd thing happened"),
    },
};

pub(super) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// The refusal of everything below `/simple/`.
pub(super) fn none() -> ResponseTemplate {
    ResponseTemplate::new(404).set_body_raw("404 Not Found", "text/plain")
}

/// A refusal of the JSON API.
pub(super) fn message(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"message": text}))
}

pub(super) fn simple() -> ResponseTemplate {
    ok(json!({"meta": {"api-version": "1.3"}, "name": "widgets", "files": [], "versions": []}))
}

pub(super) fn project() -> ResponseTemplate {
    let file = json!({"filename": "widgets-1.2.0.tar.gz", "upload_time_iso_8601": "2026-11-01T10:00:00.5Z"});
    ok(json!({"info": {"version": "1.2.0"}, "urls": [file], "releases": {}}))
}

pub(super) fn provenance(kind: &str, repository: &str) -> ResponseTemplate {
    let publisher = json!({"kind": kind, "repository": repository, "workflow": "release.yml", "environment": "pypi"});
    ok(json!({"version": 1, "attestation_bundles": [{"publisher": publisher, "attestations": []}]}))
}
