//! How the steps on JSR are done.

use super::halves;
use super::rules::RULES;
use crate::model::{Finding, Guide, Link, Package, PackageName, TrustedPublisher, Way, Who};
use crate::registry::rules::{documented, from_source};
use crate::registry::{
    CredentialBy, CredentialWish, Endpoints, FirstWay, Guides, OidcLogin, OwnerRules, RegisterAsk, Rule, Rules, fields,
};

/// The pure side of JSR.
pub(in crate::registry) struct JsrGuides;

impl Guides for JsrGuides {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn owners(&self) -> &'static OwnerRules {
        &super::owners::OWNERS
    }

    fn check(&self, _: &TrustedPublisher) -> Vec<Finding> {
        Vec::new()
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let (scope, _) = halves(ask.package);
        let mut text = vec![
            "JSR trusts the repository as a whole: each of its workflows that has id-token: write may publish."
                .to_owned(),
            format!(
                "You have to be an admin of @{scope}, with a GitHub account that may push to {}; the repository has to be public.",
                ask.publisher.repository
            ),
            "Unless the scope says otherwise, whoever starts the run has to be a member of the scope.".to_owned(),
        ];
        if !ask.exists {
            text.insert(0, "The package's record has to be there first.".to_owned());
        }
        let api = Guide {
            way: Way::Api,
            who: Who::Untoken,
            title: format!("Link {} on JSR to its repository.", ask.package),
            text,
            fields: vec![fields::noted(
                "repository",
                ask.publisher.repository.to_string(),
                "JSR keeps its number on GitHub, so that a new name changes nothing",
            )],
            link: None,
            commands: Vec::new(),
            verify: "It reads the package's record, sends one request if it is linked otherwise, and reads it back."
                .to_owned(),
            undo: "Unlink the repository in the package's settings.".to_owned(),
        };
        let browser = Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            fields: vec![
                fields::field("Repository owner", ask.publisher.repository.owner()),
                fields::field("Repository name", ask.publisher.repository.name()),
            ],
            link: Some(Link {
                label: "settings of the package".to_owned(),
                url: ask.endpoints.jsr.join(path(ask.package).into_iter().chain(["settings"])).into(),
                prefilled: false,
            }),
            verify: "untoken reads the link, which is public.".to_owned(),
            ..api.clone()
        };
        vec![api, browser]
    }

    fn first_publish(&self, package: &Package, endpoints: &Endpoints) -> Vec<FirstWay> {
        let leaves = "an empty page, which can be deleted as long as it has no version";
        let ways =
            [("the record, by untoken", by_api(package)), ("the record, on JSR's page", on_page(package, endpoints))];
        let way = |(label, guide)| FirstWay { rule: Some(SQUATTING), ..FirstWay::new(label, leaves, guide) };
        ways.into_iter().map(way).collect()
    }

    fn credential(&self, endpoints: &Endpoints) -> Option<CredentialWish> {
        Some(CredentialWish {
            what: "JSR takes a token of your whole account here, and nothing less: its own code gives one for an hour."
                .to_owned(),
            page: endpoints.jsr.join(["account", "tokens"]).into(),
            by: CredentialBy::Device,
        })
    }

    fn links_repository(&self) -> Option<Rule<()>> {
        Some(from_source((), "jsr-io/jsr api/src/external/github.rs", "2026-08-22"))
    }

    fn list_is_public(&self) -> bool {
        true
    }

    fn lock(&self, package: &PackageName, endpoints: &Endpoints) -> Option<Guide> {
        let (scope, _) = halves(package);
        Some(Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Have JSR refuse tokens for all of @{scope}."),
            text: vec![format!(
                "The switch that requires publishing from CI is the scope's: it holds for every package of @{scope}."
            )],
            fields: Vec::new(),
            link: Some(Link {
                label: "settings of the scope".to_owned(),
                url: endpoints.jsr.join([format!("@{scope}").as_str(), "~", "settings"]).into(),
                prefilled: false,
            }),
            commands: Vec::new(),
            verify: "Only the scope's admins are shown the switch: you say so.".to_owned(),
            undo: "Turn the switch back.".to_owned(),
        })
    }

    fn lock_ways(&self, package: &PackageName, endpoints: &Endpoints) -> Vec<Guide> {
        let by_hand = self.lock(package, endpoints);
        let by_api = by_hand.clone().map(|mut guide| {
            guide.text.push("You have to be an admin of the scope.".to_owned());
            Guide {
                way: Way::Api,
                who: Who::Untoken,
                verify: "It sends one request if tokens are taken, and reads the switch back.".to_owned(),
                undo: "`untoken undo`, or the switch in the scope's settings.".to_owned(),
                ..guide
            }
        });
        by_api.into_iter().chain(by_hand).collect()
    }

    fn lock_holds_for(&self, locked: &PackageName, other: &PackageName) -> bool {
        halves(locked).0 == halves(other).0
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
        "on the version's page on JSR, under Provenance: who signed it, not whether a token sent it"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        Link { label: format!("{name} on JSR"), url: endpoints.jsr.join(path(name)).into(), prefilled: false }
    }
}

fn by_api(package: &Package) -> Guide {
    let (scope, name) = halves(&package.id.name);
    Guide {
        way: Way::Api,
        who: Who::Untoken,
        title: format!("Make {} on JSR.", package.id.name),
        text: vec![
            "Only the package's record is needed: no version has to be published for it.".to_owned(),
            QUOTA.to_owned(),
            format!("You have to be a member of @{scope}; to link the repository afterwards, an admin."),
        ],
        fields: vec![fields::field("scope", scope), fields::field("package", name)],
        link: None,
        commands: Vec::new(),
        verify: "It looks whether the record is there, sends one request if not, and looks again.".to_owned(),
        undo: UNDO_RECORD.to_owned(),
    }
}

fn on_page(package: &Package, endpoints: &Endpoints) -> Guide {
    let (scope, name) = halves(&package.id.name);
    let mut page = endpoints.jsr.join(["new"]);
    page.query_pairs_mut().append_pair("scope", scope).append_pair("package", name);
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        fields: vec![fields::field("Scope", scope), fields::field("Package name", name)],
        link: Some(Link { label: "JSR's page for new packages".to_owned(), url: page.into(), prefilled: true }),
        verify: "untoken looks the package up on JSR.".to_owned(),
        ..by_api(package)
    }
}

/// What JSR says of names that nobody uses.
const SQUATTING: Rule<&str> = documented(
    "JSR disallows to hold a scope or a package name without use, and writes to its owner before it acts",
    "jsr-io/jsr frontend/docs/usage-policy.md",
    "2026-08-22",
);

/// jsr-io/jsr frontend/docs/quotas-and-limits.md, read 2026-08-22.
const QUOTA: &str = "JSR allows 20 new packages a week and 100 packages in a scope.";
/// jsr-io/jsr api/src/api/package.rs (`packageNotEmpty`), frontend/docs/packages.md; read 2026-08-22.
const UNDO_RECORD: &str =
    "A package without a version can be deleted in its settings, by an admin of the scope; one with a version can not.";

fn path(name: &PackageName) -> Vec<&str> {
    name.as_str().split('/').collect()
}
