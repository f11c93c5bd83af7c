//! How the steps on PyPI are done.

use url::Url;

use super::rules::RULES;
use crate::model::{Field, Finding, Guide, Link, PackageName, Registry, TrustedPublisher, Way, Who, WorkflowFile};
use crate::registry::{CiRules, Endpoints, Guides, OidcLogin, OwnerRules, RegisterAsk, Rules, fields};

/// The pure side of PyPI.
pub(in crate::registry) struct PypiGuides;

impl Guides for PypiGuides {
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
        fields::strict(Registry::Pypi, wanted)
    }

    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide> {
        let workflow = ask.publisher.workflow.own();
        let guide = |workflow| if ask.exists { on_project(ask, workflow) } else { pending(ask, workflow) };
        workflow.map(guide).into_iter().collect()
    }

    fn oidc_login(&self) -> OidcLogin {
        OidcLogin {
            permissions: "permissions:\n  contents: read\n  id-token: write",
            before: None,
            on_step: Some("uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33 # v1.14.2"),
            take_out: &[
                "`password:` and `user:` under the publishing action's `with:`",
                "TWINE_PASSWORD, UV_PUBLISH_TOKEN and their like, wherever they are set",
            ],
            notes: &[
                "The action asks for the OIDC token by itself when it has no password; `uv publish` does so too.",
                "The publishing job has to be in the workflow file that PyPI is told, not in one that it calls from elsewhere.",
            ],
        }
    }

    fn proof_hint(&self) -> &'static str {
        "in PyPI's integrity API, where files were uploaded with attestations: publisher, repository, workflow, environment"
    }

    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link {
        Link {
            label: format!("{name} on PyPI"),
            url: endpoints.pypi.join(["project", name.as_str(), ""]).into(),
            prefilled: false,
        }
    }
}

/// The page of a project that exists takes the values from its address.
fn on_project(ask: &RegisterAsk<'_>, workflow: &WorkflowFile) -> Guide {
    let page = ["manage", "project", ask.package.as_str(), "settings", "publishing", ""];
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        title: title(ask),
        text: vec!["The form comes filled in and says so: compare the values, then add it.".to_owned()],
        fields: form(ask.publisher, workflow),
        link: Some(Link {
            label: "publishing settings of the project".to_owned(),
            url: prefilled(ask.endpoints.pypi.join(page), ask.publisher, workflow).into(),
            prefilled: true,
        }),
        commands: Vec::new(),
        verify: VERIFY.to_owned(),
        undo: "Remove the publisher on the same page.".to_owned(),
    }
}

/// The page of pending publishers takes nothing from its address: a sheet to copy from, and its traps.
fn pending(ask: &RegisterAsk<'_>, workflow: &WorkflowFile) -> Guide {
    Guide {
        way: Way::Browser,
        who: Who::YouInBrowser,
        title: title(ask),
        text: vec![
            format!("{} is not on PyPI yet: this is a pending publisher, and the first release creates it.", ask.package),
            "You can have three pending ones at a time. One that is not used within 30 days is gone.".to_owned(),
            "It holds no name: if somebody else creates the project first, it is dropped.".to_owned(),
            "The project is made before the upload: if the package's metadata names another, the upload fails and an empty \
             project is left."
                .to_owned(),
            "Your account needs a verified e-mail address.".to_owned(),
            "Two pending ones with the same repository, workflow and environment cannot stand side by side, whatever their \
             project names: give each its own environment, or release one before you add the next."
                .to_owned(),
        ],
        fields: std::iter::once(fields::field("PyPI Project Name", ask.package.as_str()))
            .chain(form(ask.publisher, workflow))
            .collect(),
        link: Some(Link {
            label: "publishing settings of your account".to_owned(),
            url: ask.endpoints.pypi.join(["manage", "account", "publishing", ""]).into(),
            prefilled: false,
        }),
        commands: Vec::new(),
        verify: VERIFY.to_owned(),
        undo: "Remove the pending publisher on the same page.".to_owned(),
    }
}

const VERIFY: &str = "Nobody but you can read it: you say so.";

fn title(ask: &RegisterAsk<'_>) -> String {
    format!("Tell PyPI that this workflow may publish {}.", ask.package)
}

fn form(publisher: &TrustedPublisher, workflow: &WorkflowFile) -> Vec<Field> {
    vec![
        fields::noted("Owner", publisher.repository.owner(), "GitHub's own spelling"),
        fields::noted("Repository name", publisher.repository.name(), "GitHub's own spelling"),
        fields::noted("Workflow name", workflow.as_str(), "the file that holds the publishing job"),
        fields::environment("Environment name", publisher.environment.as_ref()),
    ]
}

/// The names of the form's fields, from pypi/warehouse warehouse/oidc/forms/github.py, read 2026-08-21.
fn prefilled(mut page: Url, publisher: &TrustedPublisher, workflow: &WorkflowFile) -> Url {
    page.query_pairs_mut()
        .append_pair("provider", "github")
        .append_pair("owner", publisher.repository.owner())
        .append_pair("repository", publisher.repository.name())
        .append_pair("workflow_filename", workflow.as_str())
        .extend_pairs(publisher.environment.iter().map(|e| ("environment", e.as_str())));
    page
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::{self, held, publisher};

    fn register(exists: bool, environment: Option<&str>) -> Guide {
        testing::register(&PypiGuides, "widgets", exists, environment).remove(0)
    }

    #[test]
    fn the_page_of_an_existing_project_comes_filled_in() {
        let link = register(true, Some("pypi & co")).link.unwrap();
        assert_eq!(
            link.url,
            "https://pypi.org/manage/project/widgets/settings/publishing/?provider=github&owner=acme\
             &repository=widgets&workflow_filename=release.yml&environment=pypi+%26+co"
        );
        assert!(link.prefilled);
        assert!(!register(true, None).link.unwrap().url.contains("environment"));
    }

    #[test]
    fn a_pending_publisher_is_a_sheet_to_copy() {
        let guide = register(false, None);
        let link = guide.link.unwrap();
        assert_eq!((link.url.as_str(), link.prefilled), ("https://pypi.org/manage/account/publishing/", false));
        let sheet: Vec<_> =
            guide.fields.iter().map(|f| (f.label.as_str(), f.value.exact().unwrap_or_default())).collect();
        assert_eq!(
            sheet,
            [
                ("PyPI Project Name", "widgets"),
                ("Owner", "acme"),
                ("Repository name", "widgets"),
                ("Workflow name", "release.yml"),
                ("Environment name", "")
            ]
        );
    }

    #[test]
    fn only_the_environment_ignores_case() {
        let wanted = publisher(Some("pypi"));
        assert!(PypiGuides.same(&wanted, &held("acme/widgets", Some("PyPI"), &[])));
        assert!(!PypiGuides.same(&wanted, &held("Acme/widgets", Some("pypi"), &[])));
    }
}
