//! JSR: a package is linked to one GitHub repository, and whatever that repository runs may publish it.
//!
//! Rules and guides only: this version does not ask JSR.

use super::rules::{documented, from_source};
use super::{
    Case, Endpoints, FirstPublish, Guides, Lock, OidcLogin, Provenance, ReadBack, RegisterAsk, Rules, WorkflowClaim,
    fields,
};
use crate::model::{
    Finding, Guide, Link, Package, PackageName, PublisherEntry, Registry, ToolCall, TrustedPublisher, Way, Who,
};

/// The day on which the sources were read.
const READ: &str = "2026-08-22";
/// Where a run is let through: the numeric repository id, and who started it.
const IAM: &str = "jsr-io/jsr api/src/iam.rs";
/// Where a package's record is made, read and linked.
const PACKAGE: &str = "jsr-io/jsr api/src/api/package.rs";

static RULES: Rules = Rules {
    registry: Registry::Jsr,
    kind: "jsr",
    claim: from_source(WorkflowClaim::None, IAM, READ),
    // The run's repository id is compared; owner and name only tell which repository is meant, as GitHub reads them.
    repository_case: from_source(Case::Ignored, IAM, READ),
    environment_case: from_source(Case::NotCompared, IAM, READ),
    workflow_case: from_source(Case::NotCompared, IAM, READ),
    refused_events: Some(from_source(&[], IAM, READ)),
    only_events: None,
    run_ref: None,
    max_publishers: Some(from_source(1, PACKAGE, READ)),
    lapses_after: None,
    first_publish: from_source(FirstPublish::Record, PACKAGE, READ),
    one_pending: None,
    read_back: from_source(ReadBack::Api, PACKAGE, READ),
    lock: from_source(Lock::WholeScope, "jsr-io/jsr api/src/api/scope.rs", READ),
    proof: None,
    provenance: documented(
        Provenance::Demanded { by: "JSR itself, for every publish from GitHub Actions without --no-provenance" },
        "jsr-io/jsr frontend/docs/trust.md",
        "2026-08-22",
    ),
    token_variables: &["JSR_TOKEN"],
    asked: false,
};

/// The pure side of JSR.
pub(super) struct JsrGuides;

impl Guides for JsrGuides {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn check(&self, _: &TrustedPublisher) -> Vec<Finding> {
        Vec::new()
    }

    fn same(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> bool {
        RULES.same(wanted, &held.publisher)
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let (scope, _) = halves(ask.package);
        let mut text = vec![
            "JSR trusts the repository as a whole: each of its workflows that has id-token: write may publish."
                .to_owned(),
            format!(
                "You have to be an admin of {scope}, with a GitHub account that may push to {}; the repository has to be public.",
                ask.publisher.repository
            ),
            "Unless the scope says otherwise, whoever starts the run has to be a member of the scope.".to_owned(),
        ];
        if !ask.exists {
            text.insert(0, "The package has to be there first: make it on JSR's page for new packages.".to_owned());
        }
        vec![Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Link {} on JSR to its repository.", ask.package),
            text,
            fields: vec![
                fields::field("Repository owner", ask.publisher.repository.owner()),
                fields::field("Repository name", ask.publisher.repository.name()),
            ],
            link: Some(Link {
                label: "settings of the package".to_owned(),
                url: ask.endpoints.jsr.join(path(ask.package).into_iter().chain(["settings"])).into(),
                prefilled: false,
            }),
            commands: Vec::new(),
            verify: "untoken does not read JSR yet: you say so.".to_owned(),
            undo: "Unlink the repository on the same page.".to_owned(),
        }]
    }

    fn first_publish(&self, package: &Package, endpoints: &Endpoints) -> Option<Guide> {
        let (scope, name) = halves(&package.id.name);
        let scope = scope.trim_start_matches('@');
        let mut page = endpoints.jsr.join(["new"]);
        page.query_pairs_mut().append_pair("scope", scope).append_pair("package", name);
        Some(Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Make {} on JSR.", package.id.name),
            text: vec![
                "Only the package's record is needed: no version has to be published for it.".to_owned(),
                "JSR allows 20 new packages a week and 100 packages in a scope.".to_owned(),
            ],
            fields: vec![fields::field("Scope", scope), fields::field("Package name", name)],
            link: Some(Link { label: "JSR's page for new packages".to_owned(), url: page.into(), prefilled: true }),
            commands: Vec::new(),
            verify: "untoken does not read JSR yet: look at the package's page.".to_owned(),
            undo: "A package without a version can be deleted in its settings.".to_owned(),
        })
    }

    fn lock(&self, package: &PackageName, endpoints: &Endpoints) -> Option<Guide> {
        let (scope, _) = halves(package);
        Some(Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Have JSR refuse tokens for all of {scope}."),
            text: vec![format!(
                "The switch that requires publishing from CI is the scope's: it holds for every package of {scope}."
            )],
            fields: Vec::new(),
            link: Some(Link {
                label: "the scope".to_owned(),
                url: endpoints.jsr.join([scope]).into(),
                prefilled: false,
            }),
            commands: Vec::new(),
            verify: "untoken does not read JSR yet: you say so.".to_owned(),
            undo: "Turn the switch back.".to_owned(),
        })
    }

    fn second_factor(&self, _: &PackageName, _: &Endpoints) -> Option<ToolCall> {
        None
    }

    fn oidc_login(&self) -> OidcLogin {
        OidcLogin {
            permissions: "permissions:\n  contents: read\n  id-token: write",
            before: None,
            on_step: None,
            take_out: &["`--token` of `deno publish` and `jsr publish`, and the secret that it names"],
            notes: &["Without a token, `deno publish` and `jsr publish` ask GitHub for the OIDC token by themselves."],
        }
    }

    fn proof_hint(&self) -> &'static str {
        "on the version's page on JSR; untoken does not read it yet"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        Link { label: format!("{name} on JSR"), url: endpoints.jsr.join(path(name)).into(), prefilled: false }
    }
}

/// Scope (with its `@`) and name.
fn halves(name: &PackageName) -> (&str, &str) {
    name.as_str().split_once('/').unwrap_or(("", name.as_str()))
}

fn path(name: &PackageName) -> Vec<&str> {
    name.as_str().split('/').collect()
}
