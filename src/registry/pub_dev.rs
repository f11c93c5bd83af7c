//! pub.dev: trusts runs of a repository by their tag. It compares no workflow file, and nobody can read what it holds.
//!
//! Rules and guides only: this version does not ask pub.dev.

use super::rules::{documented, from_source};
use super::{
    Case, Endpoints, FirstPublish, Guides, Lock, OidcLogin, Provenance, ReadBack, RegisterAsk, Rules, RunRef,
    WorkflowClaim, fields,
};
use crate::model::{
    Arg, Finding, Guide, Link, Package, PackageName, PublisherEntry, Registry, RunIn, Severity, ToolCall,
    TrustedPublisher, Way, Who,
};

/// The day on which the sources were read.
const READ: &str = "2026-08-20";
/// Where a run is let through.
const BACKEND: &str = "dart-lang/pub-dev app/lib/package/backend.dart";
/// Where the settings are written; there is no call that reads them.
const API: &str = "dart-lang/pub-dev app/lib/frontend/handlers/pubapi.dart";

static RULES: Rules = Rules {
    registry: Registry::PubDev,
    kind: "pub",
    claim: from_source(WorkflowClaim::NotCompared, BACKEND, READ),
    repository_case: from_source(Case::Exact, BACKEND, READ),
    environment_case: from_source(Case::Exact, BACKEND, READ),
    workflow_case: from_source(Case::NotCompared, BACKEND, READ),
    refused_events: Some(from_source(&[], BACKEND, READ)),
    only_events: Some(from_source(&["push", "workflow_dispatch"], BACKEND, READ)),
    run_ref: Some(from_source(RunRef::Tag, BACKEND, READ)),
    max_publishers: Some(from_source(1, "dart-lang/pub-dev pkg/_pub_shared/lib/data/package_api.dart", READ)),
    lapses_after: None,
    first_publish: documented(
        FirstPublish::Needed,
        "dart-lang/site-www src/content/tools/pub/automated-publishing.md",
        "2026-08-21",
    ),
    one_pending: None,
    read_back: from_source(ReadBack::Never, API, READ),
    lock: from_source(Lock::SetOnly, API, READ),
    proof: None,
    provenance: from_source(Provenance::None, "dart-lang/pub-dev pkg/_pub_shared/lib/data/package_api.dart", READ),
    token_variables: &["PUB_TOKEN"],
    asked: false,
};

/// The pure side of pub.dev.
pub(super) struct PubDevGuides;

impl Guides for PubDevGuides {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn check(&self, wanted: &TrustedPublisher) -> Vec<Finding> {
        let odd = |text: &str| text.chars().find(|c| !c.is_ascii_alphanumeric() && !"-._".contains(*c));
        let environment = wanted.environment.iter().filter_map(|name| odd(name.as_str()));
        environment
            .map(|c| {
                Finding::new(Severity::Error, format!("pub.dev would refuse the environment because of its {c:?}"))
                    .hint("rename the environment on GitHub and in the workflow")
            })
            .collect()
    }

    fn same(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> bool {
        RULES.holds(wanted, &held.publisher)
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let TrustedPublisher { repository, workflow, environment } = ask.publisher;
        let mut text = vec![
            "pub.dev trusts runs of a tag: the tag has to be the pattern with the pubspec's version in it.".to_owned(),
            format!("It compares no workflow file. {workflow} is the one that publishes here."),
            "A run by hand (workflow_dispatch) counts only where its box is ticked, and only on a tag.".to_owned(),
            "After the first publish pub.dev keeps the ids of the repository and its owner.".to_owned(),
        ];
        if !ask.exists {
            text.insert(0, "The package has to be published once by a signed-in user first.".to_owned());
        }
        vec![Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Tell pub.dev that runs of this repository's tags may publish {}.", ask.package),
            text,
            fields: vec![
                fields::noted("Repository", repository.to_string(), "GitHub's own spelling"),
                fields::noted(
                    "Tag pattern",
                    "v{{version}}",
                    "as your tags are: one {{version}}, and the workflow's tag filter has to take the same ones",
                ),
                match environment {
                    Some(name) => fields::noted("Require GitHub Actions environment", name.as_str(), "tick the box"),
                    None => fields::noted("Require GitHub Actions environment", "", "leave the box unticked"),
                },
            ],
            link: Some(admin(ask.package, ask.endpoints)),
            commands: Vec::new(),
            verify: "Nobody can read it back: you say so.".to_owned(),
            undo: "Disable publishing from GitHub Actions on the same page.".to_owned(),
        }]
    }

    fn first_publish(&self, package: &Package, _: &Endpoints) -> Option<Guide> {
        Some(Guide {
            way: Way::Tool,
            who: Who::YouElsewhere,
            title: format!("Publish {} once with your own dart.", package.id.name),
            text: vec![
                "Only a signed-in user can publish a new package on pub.dev; the tool opens the sign-in.".to_owned(),
            ],
            fields: Vec::new(),
            link: None,
            commands: vec![ToolCall {
                tool: "dart",
                args: ["pub", "publish"].map(Arg::from).to_vec(),
                run_in: RunIn::Package,
                env: Vec::new(),
                purpose: "packs and publishes it, in the package's folder".to_owned(),
                credential: true,
            }],
            verify: "untoken does not read pub.dev yet: look at the package's page.".to_owned(),
            undo: "Take it for permanent.".to_owned(),
        })
    }

    fn lock(&self, package: &PackageName, endpoints: &Endpoints) -> Option<Guide> {
        Some(Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Have pub.dev refuse uploads of {package} by users."),
            text: vec!["Turn manual publishing off: then only the trusted runs can publish.".to_owned()],
            fields: Vec::new(),
            link: Some(admin(package, endpoints)),
            commands: Vec::new(),
            verify: "Nobody can read this setting: you say so.".to_owned(),
            undo: "Turn manual publishing on again on the same page.".to_owned(),
        })
    }

    fn second_factor(&self, _: &PackageName, _: &Endpoints) -> Option<ToolCall> {
        None
    }

    fn oidc_login(&self) -> OidcLogin {
        OidcLogin {
            permissions: "permissions:\n  contents: read\n  id-token: write",
            before: Some("- uses: dart-lang/setup-dart@65eb853c7ba17dde3be364c3d2858773e7144260 # v1.7.2"),
            on_step: None,
            take_out: &[
                "steps that write pub's credentials file from a secret",
                "`dart pub token add https://pub.dev`, and the secret that it names",
            ],
            notes: &[
                "setup-dart asks GitHub for the OIDC token and hands it to `dart pub publish`.",
                "The run has to be of a tag: `on: push: tags:`. Runs that a release or a branch starts are refused.",
                "dart-lang/setup-dart/.github/workflows/publish.yml is a whole job that does this.",
            ],
        }
    }

    fn proof_hint(&self) -> &'static str {
        "nowhere in public: pub.dev does not show how a version was published"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        let url = endpoints.pub_dev.join(["packages", name.as_str()]).into();
        Link { label: format!("{name} on pub.dev"), url, prefilled: false }
    }
}

fn admin(name: &PackageName, endpoints: &Endpoints) -> Link {
    let mut url = endpoints.pub_dev.join(["packages", name.as_str(), "admin"]);
    url.set_fragment(Some("automated-publishing"));
    Link { label: "admin page of the package".to_owned(), url: url.into(), prefilled: false }
}
