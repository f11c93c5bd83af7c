//! RubyGems.org: compares the file that holds the job, and takes one of another repository when it is told which.
//!
//! Rules and guides only: this version does not ask RubyGems.

use super::rules::from_source;
use super::{
    Case, Endpoints, FirstPublish, Guides, Lock, OidcLogin, Provenance, ReadBack, RegisterAsk, Rules, WorkflowClaim,
    fields,
};
use crate::model::{
    Field, Finding, Guide, Link, Package, PackageName, PublisherEntry, Registry, ToolCall, TrustedPublisher, Way, Who,
};

/// The day on which the sources were read.
const READ: &str = "2026-08-22";
/// Where a run's claims are compared with the publisher.
const CLAIMS: &str = "rubygems/rubygems.org app/models/oidc/trusted_publisher/github_action.rb";
/// The calls that list and make publishers; there is none that refuses tokens.
const ROUTES: &str = "rubygems/rubygems.org config/routes.rb";

static RULES: Rules = Rules {
    registry: Registry::RubyGems,
    kind: "gem",
    claim: from_source(WorkflowClaim::CalleeAnywhere, CLAIMS, READ),
    repository_case: from_source(Case::Exact, CLAIMS, READ),
    environment_case: from_source(Case::Exact, CLAIMS, READ),
    workflow_case: from_source(Case::Exact, CLAIMS, READ),
    refused_events: Some(from_source(&[], CLAIMS, READ)),
    only_events: None,
    run_ref: None,
    max_publishers: None,
    lapses_after: None,
    first_publish: from_source(FirstPublish::Pending, "rubygems/rubygems.org app/models/pusher.rb", READ),
    one_pending: None,
    read_back: from_source(ReadBack::Api, ROUTES, READ),
    lock: from_source(Lock::None, ROUTES, READ),
    proof: None,
    provenance: from_source(
        Provenance::Kept { by: "gem push --attestation" },
        "rubygems/rubygems.org app/models/attestation.rb",
        "2026-08-22",
    ),
    token_variables: &["GEM_HOST_API_KEY", "RUBYGEMS_API_KEY", "RUBYGEMS_AUTH_TOKEN"],
    asked: false,
};

/// The pure side of RubyGems.
pub(super) struct RubyGemsGuides;

impl Guides for RubyGemsGuides {
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
        vec![if ask.exists { on_gem(ask) } else { pending(ask) }]
    }

    fn first_publish(&self, _: &Package, _: &Endpoints) -> Option<Guide> {
        None
    }

    fn lock(&self, _: &PackageName, _: &Endpoints) -> Option<Guide> {
        None
    }

    fn second_factor(&self, _: &PackageName, _: &Endpoints) -> Option<ToolCall> {
        None
    }

    fn oidc_login(&self) -> OidcLogin {
        OidcLogin {
            permissions: "permissions:\n  contents: read\n  id-token: write",
            before: Some(
                "- uses: rubygems/configure-rubygems-credentials@dc5a8d8553e6ee01fc26761a49e99e733d17954a # v2.1.0",
            ),
            on_step: None,
            take_out: &[
                "GEM_HOST_API_KEY and RUBYGEMS_API_KEY, wherever they are set",
                "steps that write ~/.gem/credentials from a secret",
            ],
            notes: &[
                "rubygems/release-gem logs in and pushes the gem: with it the step before is not needed. It also pushes the \
                 tag, so its job needs contents: write.",
                "RubyGems answers 404 for everything that does not match the publisher.",
            ],
        }
    }

    fn proof_hint(&self) -> &'static str {
        "nowhere in public: RubyGems does not show how a version was pushed"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        let url = endpoints.rubygems.join(["gems", name.as_str()]).into();
        Link { label: format!("{name} on RubyGems"), url, prefilled: false }
    }
}

/// The page of a gem that exists guesses its values from the gem's links: a sheet to compare and copy from.
fn on_gem(ask: &RegisterAsk<'_>) -> Guide {
    let page = ["gems", ask.package.as_str(), "trusted_publishers", "new"];
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        title: format!("Tell RubyGems that this workflow may publish {}.", ask.package),
        text: vec![
            "You have to be an owner of the gem. If it is not on RubyGems yet, take the other way.".to_owned(),
            EXACT.to_owned(),
        ],
        fields: form(ask.publisher),
        link: Some(Link {
            label: "trusted publishers of the gem".to_owned(),
            url: ask.endpoints.rubygems.join(page).into(),
            prefilled: false,
        }),
        commands: Vec::new(),
        verify: VERIFY.to_owned(),
        undo: "Remove the publisher on the gem's page of trusted publishers.".to_owned(),
    }
}

fn pending(ask: &RegisterAsk<'_>) -> Guide {
    let page = ["profile", "oidc", "pending_trusted_publishers", "new"];
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        title: format!("Tell RubyGems that this workflow may publish {}, which is not there yet.", ask.package),
        text: vec![
            "This is a pending publisher: the first push by the workflow makes the gem, and you its owner.".to_owned(),
            "It is gone after 12 hours: make it right before you release.".to_owned(),
            EXACT.to_owned(),
        ],
        fields: std::iter::once(fields::field("Gem name", ask.package.as_str())).chain(form(ask.publisher)).collect(),
        link: Some(Link {
            label: "your pending trusted publishers".to_owned(),
            url: ask.endpoints.rubygems.join(page).into(),
            prefilled: false,
        }),
        commands: Vec::new(),
        verify: VERIFY.to_owned(),
        undo: "Remove the pending publisher on the page that lists them.".to_owned(),
    }
}

const EXACT: &str = "RubyGems keeps the values as typed and compares letter case: copy them.";
const VERIFY: &str = "untoken does not read RubyGems yet: you say so.";

fn form(publisher: &TrustedPublisher) -> Vec<Field> {
    vec![
        fields::noted("Repository owner", publisher.repository.owner(), "GitHub's own spelling"),
        fields::noted("Repository name", publisher.repository.name(), "GitHub's own spelling"),
        fields::noted("Workflow filename", publisher.workflow.as_str(), "the file that holds the publishing job"),
        fields::environment("Environment", publisher.environment.as_ref()),
    ]
}
