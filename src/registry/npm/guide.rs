//! How the steps on npm are done.

use super::npm_call;
use super::rules::{RULES, TRUST};
use crate::model::{
    Arg, Finding, Guide, Link, Package, PackageName, PublisherEntry, Severity, ToolCall, TrustedPublisher, Way, Who,
    WorkflowFile,
};
use crate::registry::{
    Approvals, CiRules, Endpoints, FirstWay, Guides, OidcLogin, OwnerRules, RegisterAsk, Rules, Work, fields,
};

/// The permission that `--allow-publish` asks for; the registry may add others of its own.
const PUBLISH: &str = "createPackage";

/// How many calls one approval is good for: five minutes, two seconds apart, with the time that npm itself takes (about 80 by
/// npm/documentation npm-trust.mdx, read 2026-08-21).
const CALLS_PER_WINDOW: usize = 80;

/// How many calls each package takes: to register, the list is read before and after.
fn calls(work: Work) -> usize {
    match work {
        Work::List => 1,
        Work::Register => 3,
    }
}

/// The pure side of npm.
pub(in crate::registry) struct NpmGuides;

impl Guides for NpmGuides {
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
        let elsewhere = fields::elsewhere(RULES.registry, wanted);
        let unusual = wanted.environment.as_ref().filter(|e| e.as_str().trim() != e.as_str());
        unusual
            .map(|_| {
                Finding::new(
                    Severity::Warning,
                    "npm compares the environment exactly, and this one has blanks at its ends",
                )
                .hint("rename the environment on GitHub and in the workflow")
            })
            .into_iter()
            .chain(elsewhere)
            .collect()
    }

    fn same(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> bool {
        RULES.holds(wanted, &held.publisher) && held.permissions.iter().any(|p| p == PUBLISH)
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let workflow = ask.publisher.workflow.own();
        workflow.map(|workflow| vec![by_npm(ask, workflow), in_browser(ask, workflow)]).unwrap_or_default()
    }

    fn first_publish(&self, package: &Package, endpoints: &Endpoints) -> Vec<FirstWay> {
        super::first::ways(package, endpoints)
    }

    fn lock(&self, package: &PackageName, endpoints: &Endpoints) -> Option<Guide> {
        let args =
            ["access", "set", "mfa=publish"].map(Arg::from).into_iter().chain([package.as_str().into()]).collect();
        Some(Guide {
            way: Way::Tool,
            who: Who::YouInTerminal,
            title: format!("Have npm refuse tokens for {package}."),
            text: vec![
                "It requires a second factor for every publish and allows no token; OIDC goes on working.".to_owned(),
                "npm asks for your second factor.".to_owned(),
            ],
            fields: Vec::new(),
            link: Some(access_page(package, endpoints)),
            commands: vec![npm_call(args, "requires a second factor and refuses tokens", endpoints)],
            verify: "Nobody can read this setting: you say so.".to_owned(),
            undo: format!("`npm access set mfa=automation {package}`"),
        })
    }

    fn lock_ways(&self, package: &PackageName, endpoints: &Endpoints) -> Vec<Guide> {
        let Some(by_tool) = self.lock(package, endpoints) else { return Vec::new() };
        let by_hand = Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            text: vec![
                "On the access page, require two-factor authentication and disallow tokens. OIDC goes on working."
                    .to_owned(),
            ],
            commands: Vec::new(),
            undo: "Choose another setting on the same page.".to_owned(),
            ..by_tool.clone()
        };
        let by_tool = Guide {
            who: Who::Untoken,
            verify: "npm takes it or says why not. Nobody can read the setting afterwards.".to_owned(),
            undo: format!("`untoken undo`, or `npm access set mfa=automation {package}`"),
            ..by_tool
        };
        vec![by_tool, by_hand]
    }

    fn second_factor(&self, package: &PackageName, endpoints: &Endpoints) -> Option<ToolCall> {
        // Never with --json: npm would hold the address of the page back until the person had been there.
        let args = vec!["trust".into(), "list".into(), package.as_str().into()];
        Some(npm_call(args, "asks for your second factor; tick the box to be left alone for five minutes", endpoints))
    }

    fn approvals(&self, work: Work, packages: usize) -> Option<Approvals> {
        let calls = packages * calls(work);
        let seconds = u64::try_from(calls).unwrap_or(u64::MAX).saturating_mul(super::PACE.as_secs());
        Some(Approvals { calls, times: calls.div_ceil(CALLS_PER_WINDOW), seconds })
    }

    fn differs(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> Vec<String> {
        let mut found = RULES.differs(wanted, &held.publisher);
        if !held.permissions.iter().any(|p| p == PUBLISH) {
            found.push("it may not publish, only stage".to_owned());
        }
        found
    }

    fn list_way(&self) -> Way {
        Way::Tool
    }

    fn log_in(&self, endpoints: &Endpoints) -> Option<ToolCall> {
        Some(npm_call(vec!["login".into(), "--auth-type=web".into()], "logs you in", endpoints))
    }

    fn oidc_login(&self) -> OidcLogin {
        OidcLogin {
            permissions: "permissions:\n  contents: read\n  id-token: write",
            before: Some("- run: npm install --global npm@^11.5.1"),
            on_step: None,
            take_out: &[
                "NODE_AUTH_TOKEN and NPM_TOKEN, wherever they are set",
                "`_authToken` lines that the workflow writes into .npmrc",
            ],
            notes: &[
                "npm 11.5.1 or newer asks GitHub for the OIDC token by itself; drop the install step where node brings one.",
                "setup-node's registry-url writes an .npmrc with a placeholder for a token: reported to get in the way when \
                 there is none, so leave it out unless you publish to another registry.",
                "npm says only ENEEDAUTH or E404 when the publisher does not match.",
                "By npm's documentation OIDC works on GitHub's own runners alone: self-hosted ones are not supported.",
            ],
        }
    }

    fn proof_hint(&self) -> &'static str {
        "in the package's full metadata, as _npmUser.trustedPublisher of the version; the attestations name the workflow"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        Link { label: format!("{name} on npm"), url: endpoints.npm_site.join(page_path(name)).into(), prefilled: false }
    }
}

/// `npm trust github`, as an argument vector. Values are joined to their flags, so that none can be taken for a flag.
pub(super) fn trust_call(
    name: &PackageName,
    wanted: &TrustedPublisher,
    workflow: &WorkflowFile,
    endpoints: &Endpoints,
) -> ToolCall {
    let mut args: Vec<Arg> = vec![
        "trust".into(),
        "github".into(),
        name.as_str().into(),
        format!("--file={workflow}").into(),
        format!("--repository={}", wanted.repository).into(),
    ];
    args.extend(wanted.environment.as_ref().map(|e| Arg::from(format!("--environment={e}"))));
    args.extend(["--allow-publish".into(), "--yes".into()]);
    ToolCall { needs: &TRUST, ..npm_call(args, "tells npm to trust the workflow", endpoints) }
}

fn by_npm(ask: &RegisterAsk<'_>, workflow: &WorkflowFile) -> Guide {
    Guide {
        way: Way::Tool,
        who: Who::Untoken,
        title: title(ask),
        text: vec![
            "It is done with your own npm, which needs `npm login` and 11.15 or newer.".to_owned(),
            "npm asks for your second factor in a browser. Tick the box there: one approval then lasts five minutes, \
             for all packages."
                .to_owned(),
            LAPSES.to_owned(),
        ],
        fields: fields::of_publisher(ask.publisher, workflow),
        link: None,
        commands: vec![trust_call(ask.package, ask.publisher, workflow, ask.endpoints)],
        verify: "It reads the list, adds the entry if it is missing, and reads the list back (`npm trust list`)."
            .to_owned(),
        undo: UNDO.to_owned(),
    }
}

fn in_browser(ask: &RegisterAsk<'_>, workflow: &WorkflowFile) -> Guide {
    let TrustedPublisher { repository, environment, .. } = ask.publisher;
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        title: title(ask),
        text: vec!["npm compares letter case: copy the values.".to_owned(), LAPSES.to_owned()],
        fields: vec![
            fields::field("Publisher", "GitHub Actions"),
            fields::field("Organization or user", repository.owner()),
            fields::field("Repository", repository.name()),
            fields::noted("Workflow filename", workflow.as_str(), "the file that the run starts from, without folders"),
            fields::environment("Environment name", environment.as_ref()),
            fields::noted("Allowed actions", "publish", "staging alone is not enough for `npm publish`"),
        ],
        link: Some(access_page(ask.package, ask.endpoints)),
        commands: Vec::new(),
        verify: "With npm 11.15 or newer untoken can read it back; without, you say so.".to_owned(),
        undo: UNDO.to_owned(),
    }
}

const UNDO: &str = "Delete the entry on the package's access page, or with `npm trust revoke`.";
const LAPSES: &str = "Reported: an entry that has not published within 48 hours stops working. Release soon after.";

fn title(ask: &RegisterAsk<'_>) -> String {
    format!("Tell npm that this workflow may publish {}.", ask.package)
}

fn page_path(name: &PackageName) -> impl Iterator<Item = &str> {
    std::iter::once("package").chain(name.as_str().split('/'))
}

fn access_page(name: &PackageName, endpoints: &Endpoints) -> Link {
    Link {
        label: "access settings of the package".to_owned(),
        url: endpoints.npm_site.join(page_path(name).chain(["access"])).into(),
        prefilled: false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::{self, held, publisher};

    fn register(name: &str, environment: Option<&str>) -> Vec<Guide> {
        testing::register(&NpmGuides, name, true, environment)
    }

    #[test]
    fn the_own_npm_comes_first_and_the_page_stays_open() {
        let ways = register("@acme/widgets", Some("release"));
        assert_eq!(
            ways[0].commands[0].shown(),
            "npm trust github @acme/widgets --file=release.yml --repository=acme/widgets --environment=release \
             --allow-publish --yes --registry=https://registry.npmjs.org/"
        );
        assert_eq!(ways[1].link.as_ref().unwrap().url, "https://www.npmjs.com/package/@acme/widgets/access");
        let by_hand = ways[0].commands[0].by_hand(true);
        assert!(by_hand.starts_with("pnpm exec npm trust github @acme/widgets --file=release.yml "), "{by_hand}");
        assert!(ways.iter().all(|way| way.text.iter().any(|t| t.starts_with("Reported: ") && t.contains("48 hours"))));
    }

    #[test]
    fn an_environment_cannot_become_a_flag_and_none_is_left_out() {
        let shown = register("widgets", Some("--registry=https://evil.example"))[0].commands[0].shown();
        assert!(shown.contains(" --environment=--registry=https://evil.example "), "{shown}");
        assert!(!register("widgets", None)[0].commands[0].shown().contains("--environment"));
    }

    #[test]
    fn an_entry_that_may_only_stage_is_not_the_wanted_one() {
        let wanted = publisher(Some("release"));
        let same = |held| NpmGuides.same(&wanted, &held);
        assert!(same(held("acme/widgets", Some("release"), &["createPackage"])));
        assert!(same(held("acme/widgets", Some("release"), &["createStagedPackage", "createPackage"])));
        assert!(!same(held("acme/widgets", Some("release"), &["createStagedPackage"])));
        assert!(!same(held("Acme/widgets", Some("release"), &["createPackage"])), "npm compares case");
        assert!(!same(held("acme/widgets", Some("Release"), &["createPackage"])), "npm compares case");
        assert!(!same(held("acme/widgets", None, &["createPackage"])));
    }
}
