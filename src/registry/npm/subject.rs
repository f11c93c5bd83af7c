//! How npm answers: the registry in its own shapes and words, its list of publishers through the real npm.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine as _;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::testing::ladder::{Part, Served, Subject, Whose};

pub(super) const PACKUMENT: &str = "/npm/@acme%2Fwidgets";
pub(super) const TRUST: &str = "/npm/-/package/@acme%2fwidgets/trust";
pub(super) const ATTESTATIONS: &str = "/npm/-/npm/v1/attestations/@acme%2Fwidgets@1.0.0";

pub(in crate::registry) const SUBJECT: Subject = Subject {
    registry: Registry::Npm,
    name: "@acme/widgets",
    token: "npm-asks-its-own-login",
    serves: |_, whose| {
        let (user, repository) = (if whose.by_oidc() { by_oidc() } else { person() }, whose.repository());
        let mut held = entry(&["createPackage"]);
        held["claims"] = json!({"repository": repository, "workflow_ref": {"file": "release.yml"}});
        match whose {
            Whose::Nobodys => Vec::new(),
            _ => vec![
                Served(Part::Public, PACKUMENT.to_owned(), packument(user)),
                Served(Part::List, TRUST.to_owned(), ok(json!([held]))),
                Served(Part::Proof, ATTESTATIONS.to_owned(), attestations(&format!("https://github.com/{repository}"))),
            ],
        }
    },
    refusal: |status| {
        let words = match status {
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not found",
            409 => "Conflict",
            429 => "Too many requests",
            _ => "Internal server error",
        };
        ResponseTemplate::new(status).set_body_json(json!({"error": words, "message": words}))
    },
};

pub(super) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(super) fn packument(version: Value) -> ResponseTemplate {
    ok(json!({
        "name": "@acme/widgets",
        "dist-tags": {"latest": "1.0.0"},
        "versions": {"1.0.0": version, "0.9.0": {"_npmUser": "odd", "dist": 7}},
        "time": {"created": "2026-10-01T00:00:00Z", "1.0.0": "2026-11-01T00:00:00Z", "0.9.0": "2026-10-01T00:00:00Z",
            "unpublished": {"time": "x"}},
        "readme": "x".repeat(100_000),
    }))
}

pub(super) fn person() -> Value {
    json!({"_npmUser": {"name": "mona", "email": "m@acme.example"}, "dist": {}})
}

pub(super) fn by_oidc() -> Value {
    json!({
        "_npmUser": {"name": "GitHub Actions", "trustedPublisher": {"id": "github", "oidcConfigId": "oidc:1"}},
        "dist": {"attestations": {"url": "https://evil.example/", "provenance": {}}},
    })
}

pub(super) fn attestations(repository: &str) -> ResponseTemplate {
    let workflow = json!({"ref": "refs/heads/main", "repository": repository, "path": ".github/workflows/release.yml"});
    let statement = json!({"predicate": {"buildDefinition": {"externalParameters": {"workflow": workflow}}}});
    let payload = base64::engine::general_purpose::STANDARD.encode(statement.to_string());
    let provenance = |kind: &str| json!({"predicateType": kind, "bundle": {"dsseEnvelope": {"payload": payload, "payloadType": "x"}}});
    ok(
        json!({"attestations": [provenance("https://github.com/npm/attestation/x"), provenance("https://slsa.dev/provenance/v1")]}),
    )
}

pub(super) fn entry(permissions: &[&str]) -> Value {
    json!({"id": "7b2e", "type": "github", "permissions": permissions,
        "claims": {"repository": "acme/widgets", "workflow_ref": {"file": "release.yml"}, "environment": "npm"}})
}
