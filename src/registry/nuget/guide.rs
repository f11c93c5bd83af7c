//! How the steps on NuGet are done: in a browser, on the page of one's own policies.
//!
//! The form is the one of NuGet/NuGetGallery src/NuGetGallery/Views/Users/TrustedPublishing.cshtml; that the oldest policy wins
//! stands in src/NuGetGallery.Services/Authentication/Federated/FederatedCredentialPolicyEvaluator.cs. (Both of 2026-08-17, read
//! 2026-11-21.)

use super::rules::RULES;
use crate::model::{Field, Finding, Guide, Link, Owner, PackageName, TrustedPublisher, Way, Who};
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

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let TrustedPublisher { repository, workflow, environment } = ask.publisher;
        let Some(workflow) = workflow.own() else { return Vec::new() };
        vec![Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Tell NuGet that this workflow may publish {}.", ask.package),
            text: vec![
                format!(
                    "A policy is the owner's, not {}'s own: put all packages of this workflow into one, a line each. Of \
                     several with the same values NuGet asks the oldest alone, for the packages that it names: if you have \
                     made one for another package, edit that one and add a line.",
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
                fields::act("CI/CD Provider", "choose GitHub Actions", None),
                fields::field("Repository Owner", repository.owner()),
                fields::field("Repository", repository.name()),
                fields::noted("Workflow File", workflow.as_str(), "the file that holds the publishing job"),
                fields::environment("Environment", environment.as_ref()),
                scopes(ask.exists),
                fields::noted("Glob Patterns and Packages", ask.package.as_str(), "a line for each package; * is any letters"),
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

/// What the keys may push. No box is ticked beforehand, and a key for versions alone makes no new package.
fn scopes(exists: bool) -> Field {
    let (wanted, note) = match exists {
        true => (
            "Push only new package versions",
            "if another package of the policy is new: Push new packages and package versions",
        ),
        false => ("Push new packages and package versions", "the other choice takes no new package"),
    };
    fields::act("Select Scopes", &format!("tick Push, then {wanted}"), Some(note))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::register;

    fn sheet(exists: bool) -> Guide {
        register(&NugetGuides, "Acme.Widgets", exists, None).remove(0)
    }

    #[test]
    fn the_sheet_has_every_field_of_the_form_in_its_order() {
        let guide = sheet(true);
        let fields: Vec<_> =
            guide.fields.iter().map(|f| (f.label.as_str(), f.value.exact().unwrap_or_default())).collect();
        assert_eq!(
            fields,
            [
                ("Policy Name", "widgets"),
                ("Package Owner", ""),
                ("CI/CD Provider", ""),
                ("Repository Owner", "acme"),
                ("Repository", "widgets"),
                ("Workflow File", "release.yml"),
                ("Environment", ""),
                ("Select Scopes", ""),
                ("Glob Patterns and Packages", "Acme.Widgets"),
            ]
        );
        assert!(guide.text.iter().any(|text| text.contains("the oldest alone")), "{:?}", guide.text);
    }

    #[test]
    fn a_new_package_needs_the_wider_scope() {
        let scopes = |exists| sheet(exists).fields[7].value.words().to_owned();
        assert_eq!(scopes(false), "tick Push, then Push new packages and package versions");
        assert_eq!(scopes(true), "tick Push, then Push only new package versions");
    }
}
