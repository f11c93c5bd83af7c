//! How the steps on pub.dev are done: in a browser, with the tag pattern that its runs have to have.

use super::rules::RULES;
use crate::model::{
    Arg, Field, Finding, Guide, Link, Package, PackageName, RunIn, Severity, TagPattern, ToolCall, TrustedPublisher,
    Way, Who,
};
use crate::registry::first::{real_version, version_for_ever};
use crate::registry::rules::documented;
use crate::registry::{Endpoints, FirstWay, Guides, OidcLogin, OwnerRules, RegisterAsk, Rule, Rules, fields};

/// The pure side of pub.dev.
pub(in crate::registry) struct PubDevGuides;

impl Guides for PubDevGuides {
    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn owners(&self) -> &'static OwnerRules {
        &super::owners::OWNERS
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

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let TrustedPublisher { repository, workflow, environment } = ask.publisher;
        let mut text = vec![
            "pub.dev trusts runs of a tag: the tag has to be the pattern with the pubspec's version in it.".to_owned(),
            format!("It compares no workflow file. {workflow} is the one that publishes here."),
            "Tick push; tick workflow_dispatch only if you publish by hand too, and then start it on the tag."
                .to_owned(),
            "After the first publish pub.dev keeps the ids of the repository and its owner.".to_owned(),
            "You have to be an uploader of the package, or an admin of its publisher.".to_owned(),
        ];
        if !ask.exists {
            text.insert(0, "The package has to be published once by a signed-in user first.".to_owned());
        }
        let mut sheet = vec![
            fields::noted("Repository", repository.to_string(), "GitHub's own spelling"),
            pattern(ask.tag_pattern),
            fields::act(
                "Enable publishing from push events",
                "tick it",
                Some("workflow_dispatch only if you publish by hand too"),
            ),
        ];
        sheet.push(match environment {
            Some(name) => fields::noted("Environment", name.as_str(), "tick Require GitHub Actions environment first"),
            None => fields::act("Require GitHub Actions environment", "leave it unticked", None),
        });
        vec![Guide {
            way: Way::Browser,
            who: Who::YouInBrowser,
            title: format!("Tell pub.dev that runs of this repository's tags may publish {}.", ask.package),
            text,
            fields: sheet,
            link: Some(admin(ask.package, ask.endpoints)),
            commands: Vec::new(),
            verify: "Nobody can read it back: you say so.".to_owned(),
            undo: "Disable publishing from GitHub Actions on the same page.".to_owned(),
        }]
    }

    fn first_publish(&self, package: &Package, _: &Endpoints) -> Vec<FirstWay> {
        let guide = Guide {
            way: Way::Tool,
            who: Who::YouElsewhere,
            title: format!("Publish {} once with your own dart.", package.id.name),
            text: vec![
                "Only a signed-in user can publish a new package on pub.dev; the tool opens the sign-in.".to_owned(),
                "PUB_HOSTED_URL and publish_to in the pubspec send it elsewhere: see that neither is set.".to_owned(),
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
                needs: &[],
            }],
            verify: "untoken reads pub.dev again.".to_owned(),
            undo: FOREVER.to_owned(),
        };
        vec![FirstWay {
            rule: Some(NO_PLACEHOLDER),
            ..FirstWay::new(real_version(package), version_for_ever(package), guide)
        }]
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

/// Why there is no placeholder to choose.
const NO_PLACEHOLDER: Rule<&str> = documented(
    "pub.dev takes no package that is there only to hold a name, so no placeholder is offered",
    "dart-lang/pub-dev doc/policy.md",
    "2026-08-20",
);

/// What stays public, by pub.dev's own pages (dart-lang/pub-dev doc/help-publishing.md and doc/policy.md, read 2026-08-20).
const FOREVER: &str = "Not by you: a published version stays. pub.dev's moderators may remove one that was published by \
                       mistake if you ask within 48 hours.";

/// The field of the tag pattern.
fn pattern(known: Option<&TagPattern>) -> Field {
    match known {
        Some(pattern) => {
            fields::noted("Tag pattern", pattern.to_string(), "the workflow's tag filter has to take the same tags")
        }
        None => fields::noted(
            "Tag pattern",
            TagPattern::usual().to_string(),
            "a suggestion: write it as your tags are, and set tag_pattern in untoken.toml",
        ),
    }
}
