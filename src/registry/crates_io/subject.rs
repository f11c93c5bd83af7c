//! How crates.io answers, in its own shapes and words (rust-lang/crates.io src/controllers, read 2026-08-21).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::testing::ladder::{Part, Served, Subject, Whose};

pub(in crate::registry) const SHOW: &str = "/crates/api/v1/crates/widgets-core";
pub(in crate::registry) const CONFIGS: &str = "/crates/api/v1/trusted_publishing/github_configs";
pub(in crate::registry) const TOKEN: &str = "cio-sandbox-not-a-token";

pub(in crate::registry) const SUBJECT: Subject = Subject {
    registry: Registry::CratesIo,
    name: "widgets-core",
    token: TOKEN,
    serves: |_, whose| match whose {
        Whose::Nobodys => Vec::new(),
        _ => vec![
            Served(Part::Public, SHOW.to_owned(), shown(whose)),
            Served(Part::List, CONFIGS.to_owned(), listed(whose)),
        ],
    },
    refusal: |status| match status {
        404 => refused(404, "crate `widgets-core` does not exist"),
        401 => refused(401, "The given API token does not match the format used by crates.io."),
        403 => refused(403, "this token does not have the required permissions to perform this action"),
        409 => refused(409, "This crate already has the maximum number of configurations (5)"),
        other => refused(other, "An odd thing happened"),
    },
};

fn refused(status: u16, detail: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"errors": [{"detail": detail}]}))
}

fn shown(whose: Whose) -> ResponseTemplate {
    let data = || json!({"provider": "github", "repository": whose.repository(), "run_id": "77", "sha": "abc"});
    let version = json!({"num": "1.1.0", "created_at": "2026-11-01T00:00:00Z", "published_by": {"login": "mona"},
        "trustpub_data": whose.by_oidc().then(data)});
    let krate = json!({"id": "widgets-core", "default_version": "1.1.0", "trustpub_only": whose.by_oidc()});
    ResponseTemplate::new(200).set_body_json(json!({"crate": krate, "versions": [version]}))
}

fn listed(whose: Whose) -> ResponseTemplate {
    let mut held = config(4, "release.yml", None);
    let (owner, repository) = whose.repository().split_once('/').unwrap();
    (held["repository_owner"], held["repository_name"]) = (json!(owner), json!(repository));
    page(vec![held], None)
}

pub(super) fn config(id: u64, workflow: &str, environment: Option<&str>) -> Value {
    json!({"id": id, "crate": "widgets-core", "repository_owner": "Acme", "repository_owner_id": 1,
        "repository_name": "widgets", "workflow_filename": workflow, "environment": environment,
        "created_at": "2026-11-20T23:59:36.169570Z"})
}

pub(super) fn page(configs: Vec<Value>, next: Option<&str>) -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_json(json!({"github_configs": configs, "meta": {"total": 9, "next_page": next}}))
}
