//! How the steps on crates.io are done.

use super::rules::RULES;
use crate::model::{
    Finding, Guide, Link, Package, PackageName, Registry, RunIn, ToolCall, TrustedPublisher, Way, Who, WorkflowFile,
};
use crate::registry::rules::from_source;
use crate::registry::{
    CiRules, CredentialBy, CredentialWish, Endpoints, FirstWay, Guides, OidcLogin, OwnerRules, Quota, RegisterAsk,
    Rule, Rules, fields,
};

/// The pure side of crates.io.
pub(in crate::registry) struct CratesIoGuides;

impl Guides for CratesIoGuides {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn owners(&self) -> &'static OwnerRules {
        &super::owners::OWNERS
    }

    fn ci(&self) -> &'static CiRules {
        &super::ci::CI
    }

    fn check(&self, wanted: &TrustedPublisher) -> Vec<Finding> {
        fields::strict(Registry::CratesIo, wanted)
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let workflow = ask.publisher.workflow.own();
        workflow.map(|workflow| vec![by_api(ask, workflow), in_browser(ask, workflow)]).unwrap_or_default()
    }

    fn first_publish(&self, package: &Package, endpoints: &Endpoints) -> Vec<FirstWay> {
        super::first::ways(package, endpoints)
    }

    fn lock(&self, package: &PackageName, endpoints: &Endpoints) -> Option<Guide> {
        Some(Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Have crates.io refuse tokens for {package}."),
            text: vec![
                "On the crate's settings page, require trusted publishing.".to_owned(),
                "From then on `cargo publish` with a token is answered 403. crates.io mails every owner.".to_owned(),
            ],
            fields: vec![fields::noted("trustpub_only", "true", "the switch's name in crates.io's API")],
            link: Some(Link {
                label: "settings of the crate".to_owned(),
                url: endpoints.crates_io.join(["crates", package.as_str(), "settings"]).into(),
                prefilled: false,
            }),
            commands: Vec::new(),
            verify: "untoken reads trustpub_only, which is public.".to_owned(),
            undo: "The same switch, back.".to_owned(),
        })
    }

    fn lock_ways(&self, package: &PackageName, endpoints: &Endpoints) -> Vec<Guide> {
        let by_hand = self.lock(package, endpoints);
        let by_api = by_hand.clone().map(|guide| Guide {
            way: Way::Api,
            who: Who::Untoken,
            text: vec![
                "From then on `cargo publish` with a token is answered 403; releases by OIDC go on.".to_owned(),
                "It needs a crates.io token of scope trusted-publishing, of an owner who is a user.".to_owned(),
                "crates.io mails every owner of the crate who verified an address.".to_owned(),
            ],
            verify: "It looks first, sends one request if tokens are taken, and reads the switch back.".to_owned(),
            undo: "`untoken undo`, or the same switch on the crate's settings page.".to_owned(),
            ..guide
        });
        by_api.into_iter().chain(by_hand).collect()
    }

    fn log_in(&self, endpoints: &Endpoints) -> Option<ToolCall> {
        let (registry, env) = super::first::cargo_registry(endpoints);
        Some(ToolCall {
            tool: "cargo",
            args: vec!["login".into(), "--registry".into(), registry.into()],
            run_in: RunIn::Private,
            env,
            purpose: "asks for a token of scope publish-new and keeps it in cargo's own credentials".to_owned(),
            credential: true,
            needs: &[],
        })
    }

    fn credential(&self, endpoints: &Endpoints) -> Option<CredentialWish> {
        Some(CredentialWish {
            what: "Make a token with the scope trusted-publishing (and no other), good for these crates.".to_owned(),
            page: endpoints.crates_io.join(["settings", "tokens", "new"]).to_string(),
            by: CredentialBy::Typed,
        })
    }

    fn new_names(&self) -> Option<Rule<Quota>> {
        let quota = Quota { at_once: 5, then_every: 10 * 60 };
        Some(from_source(quota, "rust-lang/crates.io src/rate_limiter.rs", "2026-08-21"))
    }

    fn mails_owners(&self) -> bool {
        true
    }

    fn oidc_login(&self) -> OidcLogin {
        OidcLogin {
            permissions: "permissions:\n  contents: read\n  id-token: write",
            before: Some(
                "- uses: rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18 # v1.0.5\n  id: auth",
            ),
            on_step: Some("env:\n  CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}"),
            take_out: &[
                "the secret that CARGO_REGISTRY_TOKEN is set from",
                "`--token` after `cargo publish`, and `cargo login`",
            ],
            notes: &[
                "The token that the action gets is good for 30 minutes: put its step right before the publishing one.",
            ],
        }
    }

    fn proof_hint(&self) -> &'static str {
        "on the version's page and in crates.io's API, as trustpub_data: repository, run and commit"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        Link {
            label: format!("{name} on crates.io"),
            url: endpoints.crates_io.join(["crates", name.as_str()]).into(),
            prefilled: false,
        }
    }
}

/// The page on which a token of the right scope is made.
pub(super) fn token_page(endpoints: &Endpoints) -> String {
    endpoints.crates_io.join(["settings", "tokens", "new"]).into()
}

fn by_api(ask: &RegisterAsk<'_>, workflow: &WorkflowFile) -> Guide {
    Guide {
        way: Way::Api,
        who: Who::Untoken,
        title: title(ask),
        text: vec![
            "It needs a crates.io token of scope trusted-publishing: a token from `cargo login` rarely has it."
                .to_owned(),
            "crates.io mails every owner of the crate who verified an address.".to_owned(),
        ],
        fields: fields::of_publisher(ask.publisher, workflow),
        link: Some(Link {
            label: "new token, scope trusted-publishing".to_owned(),
            url: token_page(ask.endpoints),
            prefilled: false,
        }),
        commands: Vec::new(),
        verify: "It reads the list, sends one request if the entry is missing, and reads the list back.".to_owned(),
        undo: UNDO.to_owned(),
    }
}

fn in_browser(ask: &RegisterAsk<'_>, workflow: &WorkflowFile) -> Guide {
    let TrustedPublisher { repository, environment, .. } = ask.publisher;
    let page = ["crates", ask.package.as_str(), "settings", "new-trusted-publisher"];
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        title: title(ask),
        text: vec![
            "The page guesses owner and name from the crate's own repository field: compare them.".to_owned(),
            "crates.io mails every owner of the crate who verified an address.".to_owned(),
        ],
        fields: vec![
            fields::field("Publisher", "GitHub"),
            fields::field("Repository owner", repository.owner()),
            fields::field("Repository name", repository.name()),
            fields::noted("Workflow filename", workflow.as_str(), "the file that the run starts from, without folders"),
            fields::environment("Environment", environment.as_ref()),
        ],
        link: Some(Link {
            label: "new trusted publisher".to_owned(),
            url: ask.endpoints.crates_io.join(page).into(),
            prefilled: false,
        }),
        commands: Vec::new(),
        verify: "With a token of scope trusted-publishing untoken can read it back; without one you say so.".to_owned(),
        undo: UNDO.to_owned(),
    }
}

const UNDO: &str = "Remove the entry on the crate's settings page.";

fn title(ask: &RegisterAsk<'_>) -> String {
    format!("Tell crates.io that this workflow may publish {}.", ask.package)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::{held, publisher, register};

    #[test]
    fn the_form_is_filled_value_by_value() {
        let ways = register(&CratesIoGuides, "widgets-core", true, None);
        assert_eq!(ways[0].title, "Tell crates.io that this workflow may publish widgets-core.");
        assert_eq!(ways[0].link.as_ref().unwrap().url, "https://crates.io/settings/tokens/new");
        assert_eq!(
            ways[1].link.as_ref().unwrap().url,
            "https://crates.io/crates/widgets-core/settings/new-trusted-publisher"
        );
        let form: Vec<_> = ways[1].fields.iter().map(|f| f.value.exact().unwrap_or_default()).collect();
        assert_eq!(form, ["GitHub", "acme", "widgets", "release.yml", ""]);
        assert!(ways[1].fields[4].note.is_some(), "an empty field says why");
    }

    #[test]
    fn case_matters_in_the_filename_alone() {
        let wanted = publisher(Some("release"));
        assert!(CratesIoGuides.same(&wanted, &held("Acme/Widgets", Some("RELEASE"), &[])));
        assert!(!CratesIoGuides.same(&wanted, &held("acme/widgets", None, &[])), "any environment is not this one");
        let mut other = held("acme/widgets", None, &[]);
        other.publisher = TrustedPublisher { workflow: "Release.yml".parse().unwrap(), ..wanted.clone() }.into();
        assert!(!CratesIoGuides.same(&wanted, &other));
    }

    #[test]
    fn what_the_server_refuses_is_told_beforehand() {
        assert!(CratesIoGuides.check(&publisher(Some("release"))).is_empty());
        for bad in [" release", "a;b", "it's", "a\\b"] {
            assert_eq!(CratesIoGuides.check(&publisher(Some(bad))).len(), 1, "{bad}");
        }
    }

    #[test]
    fn drift_is_named_field_by_field() {
        let wanted = publisher(Some("release"));
        let mut other = held("Acme/Widgets", None, &[]);
        assert_eq!(CratesIoGuides.differs(&wanted, &other), ["any environment instead of environment release"]);
        let old = TrustedPublisher { workflow: "old.yml".parse().unwrap(), ..publisher(Some("RELEASE")) };
        other.publisher = old.into();
        assert_eq!(CratesIoGuides.differs(&wanted, &other), ["workflow old.yml instead of release.yml"]);
        assert!(CratesIoGuides.differs(&wanted, &held("acme/widgets", Some("release"), &[])).is_empty());
    }
}
