//! How the steps on RubyGems are done.

use super::rules::RULES;
use crate::model::{Field, Finding, Guide, Link, PackageName, TrustedPublisher, Way, Who};
use crate::registry::{
    CredentialBy, CredentialWish, Endpoints, Guides, OidcLogin, OwnerRules, RegisterAsk, Rules, fields,
};

/// The pure side of RubyGems.
pub(in crate::registry) struct RubyGemsGuides;

impl Guides for RubyGemsGuides {
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
        if ask.exists { vec![by_api(ask), on_gem(ask)] } else { vec![pending(ask)] }
    }

    fn credential(&self, endpoints: &Endpoints) -> Option<CredentialWish> {
        Some(CredentialWish {
            what: "Make a key with the scope configure_trusted_publishers (and no other), for an hour or a day."
                .to_owned(),
            page: keys_page(endpoints),
            by: CredentialBy::Typed,
        })
    }

    fn one_time_code(&self) -> Option<&'static str> {
        Some(
            "RubyGems wants the code of your authenticator for this key. It goes along with the calls of the next minute alone.",
        )
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
        "in the version's attestation, where the push carried one (rubygems/release-gem does); else nowhere in public"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        let url = endpoints.rubygems.join(["gems", name.as_str()]).into();
        Link { label: format!("{name} on RubyGems"), url, prefilled: false }
    }
}

/// The page where keys are made.
pub(super) fn keys_page(endpoints: &Endpoints) -> String {
    endpoints.rubygems.join(["profile", "api_keys"]).into()
}

fn by_api(ask: &RegisterAsk<'_>) -> Guide {
    let publisher = ask.publisher;
    Guide {
        way: Way::Api,
        who: Who::Untoken,
        title: format!("Tell RubyGems that this workflow may publish {}.", ask.package),
        text: vec![
            "It needs a key of scope configure_trusted_publishers. You have to be an owner of the gem.".to_owned(),
            EXACT.to_owned(),
        ],
        fields: [
            fields::noted("repository", publisher.repository.to_string(), "GitHub's own spelling"),
            fields::noted("workflow", publisher.workflow.file_alone().as_str(), HOLDS),
            fields::environment("environment", publisher.environment.as_ref()),
        ]
        .into_iter()
        .chain(publisher.workflow.home().map(|home| fields::noted("workflow repository", home.to_string(), REUSED)))
        .collect(),
        link: Some(Link { label: "your keys".to_owned(), url: keys_page(ask.endpoints), prefilled: false }),
        commands: Vec::new(),
        verify: "It reads the list, sends one request if the entry is missing, and reads the list back.".to_owned(),
        undo: "Remove the publisher on the gem's page of trusted publishers.".to_owned(),
    }
}

/// The page of a gem that exists guesses its values from the gem's links: a sheet to compare and copy from.
fn on_gem(ask: &RegisterAsk<'_>) -> Guide {
    let page = ["gems", ask.package.as_str(), "trusted_publishers", "new"];
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        title: format!("Tell RubyGems that this workflow may publish {}.", ask.package),
        text: vec!["You have to be an owner of the gem.".to_owned(), EXACT.to_owned()],
        fields: form(ask.publisher),
        link: Some(Link {
            label: "trusted publishers of the gem".to_owned(),
            url: ask.endpoints.rubygems.join(page).into(),
            prefilled: false,
        }),
        commands: Vec::new(),
        verify: "With a key of scope configure_trusted_publishers untoken can read it back; without one you say so."
            .to_owned(),
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
            "This is a pending publisher: the first push by the workflow makes the gem, and you its owner. It holds no \
             name: another may push it first, and RubyGems' reserved names are refused."
                .to_owned(),
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
        verify: "Only you see your pending publishers: you say so.".to_owned(),
        undo: "Remove the pending publisher on the page that lists them.".to_owned(),
    }
}

const EXACT: &str = "RubyGems keeps the values as typed and compares letter case: copy them.";

/// What the file is.
const HOLDS: &str = "the file that holds the publishing job";
/// What its repository is, where that is another.
const REUSED: &str = "where that file lies; GitHub's own spelling";

/// The fields of both forms, in their order (rubygems/rubygems.org
/// app/views/components/oidc/trusted_publisher/github_action/form_component.rb, read 2026-08-22). The last two are left empty
/// where the workflow is one of the repository, and so are not shown.
fn form(publisher: &TrustedPublisher) -> Vec<Field> {
    let mut form = vec![
        fields::noted("Repository owner", publisher.repository.owner(), "GitHub's own spelling"),
        fields::noted("Repository name", publisher.repository.name(), "GitHub's own spelling"),
        fields::noted("Workflow filename", publisher.workflow.file_alone().as_str(), HOLDS),
        fields::environment("Environment", publisher.environment.as_ref()),
    ];
    if let Some(home) = publisher.workflow.home() {
        form.push(fields::noted("Workflow Repository Owner", home.owner(), REUSED));
        form.push(fields::noted("Workflow Repository Name", home.name(), REUSED));
    }
    form
}
