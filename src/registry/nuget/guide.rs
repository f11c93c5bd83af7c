//! How the steps on NuGet are done: in a browser, on the page of one's own policies.

use super::rules::RULES;
use crate::model::{
    Field, Finding, Guide, Link, Owner, PackageName, PublisherEntry, ToolCall, TrustedPublisher, Way, Who,
};
use crate::registry::{CiRules, Endpoints, Guides, OidcLogin, RegisterAsk, Rules, fields};

/// The pure side of NuGet.
pub(in crate::registry) struct NugetGuides;

impl Guides for NugetGuides {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn ci(&self) -> &'static CiRules {
        &super::ci::CI
    }

    fn check(&self, wanted: &TrustedPublisher) -> Vec<Finding> {
        fields::elsewhere(RULES.registry, wanted).into_iter().collect()
    }

    fn same(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> bool {
        RULES.holds(wanted, &held.publisher)
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let TrustedPublisher { repository, workflow, environment } = ask.publisher;
        let Some(workflow) = workflow.own() else { return Vec::new() };
        vec![Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Tell NuGet that this workflow may publish {}.", ask.package),
            text: vec![
                format!(
                    "A policy is not {}'s own: choose the user or organisation that owns it. One policy with these values \
                     serves all packages of that owner; if you have made it for another package, there is nothing to add.",
                    ask.package
                ),
                "A new one lives 7 days. Its first publish makes it permanent and fixes the ids of the repository and its \
                 owner; without one it lapses, and can be enabled again on the page."
                    .to_owned(),
                "The workflow has to log in with the name of the user who makes the policy, which is you: never an \
                 organisation, never an e-mail address."
                    .to_owned(),
            ],
            fields: vec![
                fields::noted("Policy Name", repository.name(), "any name: it is for you alone"),
                owner(ask.owners),
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

/// The form lets a person choose themselves or an organisation of theirs; the package's only owner is the one to choose.
fn owner(owners: &[Owner]) -> Field {
    match owners {
        [] => fields::act("Package Owner", "choose the owner", Some("you, or an organisation that you belong to")),
        [only] => fields::noted("Package Owner", only.name.as_str(), "who owns the package now"),
        many => {
            let names: Vec<&str> = many.iter().map(|owner| owner.name.as_str()).collect();
            fields::act("Package Owner", "choose the owner", Some(&format!("one of {}", names.join(", "))))
        }
    }
}
