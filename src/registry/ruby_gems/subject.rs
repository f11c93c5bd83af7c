//! How RubyGems answers, in its own shapes and words (rubygems/rubygems.org, read 2026-08-22).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::sigstore::testing::certificate;
use crate::registry::testing::ladder::{Part, Served, Subject, Whose};

pub(super) const GEM: &str = "/rubygems/api/v1/gems/widgets.json";
pub(super) const VERSIONS: &str = "/rubygems/api/v1/versions/widgets.json";
pub(super) const ATTESTED: &str = "/rubygems/api/v1/attestations/widgets-1.2.0.json";
pub(super) const LIST: &str = "/rubygems/api/v1/gems/widgets/trusted_publishers";
pub(super) const KEY: &str = "rubygems_not-a-real-key";
pub(super) const GITHUB: &str = "https://token.actions.githubusercontent.com";

pub(in crate::registry) const SUBJECT: Subject = Subject {
    registry: Registry::RubyGems,
    name: "widgets",
    token: KEY,
    serves: |_, whose| {
        let (owner, repository) = whose.repository().split_once('/').unwrap();
        let mut held = entry(4, owner, "release.yml", None);
        held["trusted_publisher"]["repository_name"] = json!(repository);
        let attested = if whose.by_oidc() { bundle(GITHUB, whose.repository()) } else { json!([]) };
        match whose {
            Whose::Nobodys => Vec::new(),
            _ => vec![
                Served(Part::Public, GEM.to_owned(), gem()),
                Served(Part::Proof, VERSIONS.to_owned(), versions(&PUSHED)),
                Served(Part::List, LIST.to_owned(), ok(json!([held]))),
                Served(Part::Proof, ATTESTED.to_owned(), ok(attested)),
            ],
        }
    },
    refusal: |status| match status {
        404 => words(404, "This rubygem could not be found."),
        401 => words(401, "Access Denied. Please sign up for an account at https://rubygems.org"),
        403 => words(403, "The API key doesn't have access"),
        422 => ResponseTemplate::new(422)
            .set_body_json(json!({"errors": {"base": ["is odd"]}, "status": "unprocessable_content"})),
        other => words(other, "Retry later"),
    },
};

pub(super) fn words(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(text.to_owned(), "text/plain")
}

pub(super) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(super) fn gem() -> ResponseTemplate {
    ok(json!({"name": "widgets", "version": "1.2.0", "platform": "ruby",
        "version_created_at": "2026-11-01T10:00:00.500Z", "downloads": 7}))
}

/// All versions, the highest first, with when each was pushed.
pub(super) fn versions(pushed: &[(&str, &str, &str)]) -> ResponseTemplate {
    let version = |(number, platform, at): &(&str, &str, &str)| json!({"number": number, "platform": platform, "created_at": at, "prerelease": number.contains("rc")});
    ok(json!(pushed.iter().map(version).collect::<Vec<_>>()))
}

pub(super) const PUSHED: [(&str, &str, &str); 2] =
    [("1.2.0", "ruby", "2026-11-01T10:00:00.500Z"), ("1.1.0", "ruby", "2026-10-01T10:00:00.500Z")];

pub(super) fn entry(id: u64, owner: &str, workflow: &str, home: Option<&str>) -> Value {
    json!({"id": id, "trusted_publisher_type": "OIDC::TrustedPublisher::GitHubAction", "trusted_publisher": {
        "name": "GitHub Actions …", "repository_owner": owner, "repository_name": "widgets", "repository_owner_id": "7",
        "workflow_filename": workflow, "environment": null,
        "workflow_repository_owner": home, "workflow_repository_name": home.map(|_| "shared")}})
}

pub(super) fn bundle(issuer: &str, repository: &str) -> Value {
    let raw = STANDARD.encode(certificate(issuer, repository));
    json!([{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": raw}, "tlogEntries": []}, "messageSignature": {}}])
}
