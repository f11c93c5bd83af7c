//! How JSR answers, in its own shapes and codes (jsr-io/jsr api/src/api, read 2026-08-22).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::testing::ladder::{Part, Served, Subject, Whose};

pub(super) const PACKAGE: &str = "/jsr-api/scopes/acme/packages/widgets";
pub(super) const VERSIONS: &str = "/jsr-api/scopes/acme/packages/widgets/versions";
pub(super) const VERSION: &str = "/jsr-api/scopes/acme/packages/widgets/versions/1.2.0";
pub(super) const TOKEN: &str = "jsrd_not-a-real-token";

pub(in crate::registry) const SUBJECT: Subject = Subject {
    registry: Registry::Jsr,
    name: "@acme/widgets",
    token: TOKEN,
    serves: |_, whose| match whose {
        Whose::Nobodys => Vec::new(),
        _ => vec![
            Served(Part::PublicAndList, PACKAGE.to_owned(), record(Some("1.2.0"), Some(whose.repository()))),
            Served(Part::Proof, VERSIONS.to_owned(), versions(&[("1.2.0", "2026-11-01T10:00:00Z")])),
            Served(Part::Proof, VERSION.to_owned(), version(whose.by_oidc().then_some("42"))),
        ],
    },
    refusal: |status| match status {
        404 => refused(404, "packageNotFound"),
        401 => refused(401, "invalidBearerToken"),
        403 => refused(403, "actorNotScopeAdmin"),
        409 => refused(409, "packageAlreadyExists"),
        other => refused(other, "malformedRequest"),
    },
};

pub(super) fn refused(status: u16, code: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"code": code, "message": format!("{code}, in words.")}))
}

pub(super) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(super) fn record(latest: Option<&str>, linked: Option<&str>) -> ResponseTemplate {
    let repository = linked.map(|slug| {
        let (owner, name) = slug.split_once('/').unwrap();
        json!({"id": 700, "owner": owner, "name": name, "createdAt": "2026-11-01T00:00:00Z", "updatedAt": "2026-11-01T00:00:00Z"})
    });
    ok(json!({"scope": "acme", "name": "widgets", "description": "", "githubRepository": repository,
        "versionCount": usize::from(latest.is_some()), "latestVersion": latest, "isArchived": false}))
}

pub(super) fn version(rekor: Option<&str>) -> ResponseTemplate {
    ok(json!({"scope": "acme", "package": "widgets", "version": "1.2.0", "yanked": false, "rekorLogId": rekor}))
}

/// All versions, with when each was published.
pub(super) fn versions(published: &[(&str, &str)]) -> ResponseTemplate {
    let version = |(number, at): &(&str, &str)| json!({"scope": "acme", "package": "widgets", "version": number, "user": null, "yanked": false, "createdAt": at});
    ok(json!(published.iter().map(version).collect::<Vec<_>>()))
}
