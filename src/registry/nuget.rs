//! NuGet.org: a policy belongs to a user and holds for all packages of an owner. Browser only.
//!
//! Rules and guides only: this version does not ask NuGet.

use super::rules::{documented, from_source};
use super::{
    Case, Endpoints, FirstPublish, Guides, Lock, OidcLogin, Provenance, ReadBack, RegisterAsk, Rules, WorkflowClaim,
    fields,
};
use crate::model::{
    Finding, Guide, Link, Package, PackageName, PublisherEntry, Registry, ToolCall, TrustedPublisher, Way, Who,
};

/// The day on which the sources were read.
const READ: &str = "2026-08-17";
/// Where a run's claims are compared with the policy.
const VALIDATOR: &str =
    "NuGet/NuGetGallery src/NuGetGallery.Services/Authentication/Federated/GitHubTokenPolicyValidator.cs";
/// The only place where policies are managed.
const USERS: &str = "NuGet/NuGetGallery src/NuGetGallery/Controllers/UsersController.cs";

static RULES: Rules = Rules {
    registry: Registry::Nuget,
    kind: "nuget",
    claim: from_source(WorkflowClaim::Callee, VALIDATOR, READ),
    repository_case: from_source(Case::Ignored, VALIDATOR, READ),
    environment_case: from_source(Case::Ignored, VALIDATOR, READ),
    workflow_case: from_source(Case::Ignored, VALIDATOR, READ),
    // A list of banned events is set on the server; its value is not public.
    refused_events: None,
    only_events: None,
    run_ref: None,
    max_publishers: None,
    lapses_after: Some(from_source(7 * 24 * 60 * 60, VALIDATOR, READ)),
    first_publish: documented(
        FirstPublish::NotNeeded,
        "NuGet/docs.microsoft.com-nuget docs/nuget-org/trusted-publishing.md",
        "2026-08-07",
    ),
    one_pending: None,
    read_back: from_source(ReadBack::Never, USERS, READ),
    lock: from_source(Lock::None, USERS, READ),
    proof: None,
    provenance: from_source(Provenance::None, "NuGet/NuGetGallery src/NuGetGallery", READ),
    token_variables: &["NUGET_API_KEY", "NUGET_TOKEN"],
    asked: false,
};

/// The pure side of NuGet.
pub(super) struct NugetGuides;

impl Guides for NugetGuides {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn check(&self, _: &TrustedPublisher) -> Vec<Finding> {
        Vec::new()
    }

    fn same(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> bool {
        RULES.holds(wanted, &held.publisher)
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let TrustedPublisher { repository, workflow, environment } = ask.publisher;
        vec![Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Tell NuGet that this workflow may publish {}.", ask.package),
            text: vec![
                format!(
                    "A policy is not {}'s own: choose the user or organisation that owns it, and the policy holds for what \
                     that owner has.",
                    ask.package
                ),
                "One that publishes nothing for 7 days lapses, and can be enabled again on the page.".to_owned(),
                "The first publish fixes the ids of the repository and its owner.".to_owned(),
                "The workflow has to log in with your own user name: you are the one who makes the policy.".to_owned(),
            ],
            fields: vec![
                fields::field("Repository Owner", repository.owner()),
                fields::field("Repository", repository.name()),
                fields::noted("Workflow File", workflow.as_str(), "the file that holds the publishing job"),
                fields::environment("Environment", environment.as_ref()),
            ],
            link: Some(Link {
                label: "trusted publishing policies of your account".to_owned(),
                url: ask.endpoints.nuget.join(["account", "trustedpublishing"]).into(),
                prefilled: false,
            }),
            commands: Vec::new(),
            verify: "Nobody but you can read it: you say so.".to_owned(),
            undo: "Remove the policy on the same page.".to_owned(),
        }]
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
                "- uses: NuGet/login@8d196754b4036150537f80ac539e15c2f1028841 # v1.2.0\n  id: nuget\n  with:\n    \
                 user: THE-USER-WHO-MADE-THE-POLICY",
            ),
            on_step: Some("env:\n  NUGET_API_KEY: ${{ steps.nuget.outputs.NUGET_API_KEY }}"),
            take_out: &["NUGET_API_KEY and its like, wherever they are set from a secret"],
            notes: &[
                "`user` is a user name: never an organisation, never an e-mail address.",
                "The key is short-lived: log in right before `dotnet nuget push`, which still needs `--api-key`.",
            ],
        }
    }

    fn proof_hint(&self) -> &'static str {
        "nowhere in public: NuGet does not show how a version was pushed"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        let url = endpoints.nuget.join(["packages", name.as_str()]).into();
        Link { label: format!("{name} on NuGet"), url, prefilled: false }
    }
}
