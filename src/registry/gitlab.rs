//! What a registry is to be told of a publisher on GitLab. untoken signs in to GitHub and automates GitHub alone: here are
//! the values, and no more.

use url::Url;

use super::{Endpoints, Provider, capability_of, fields, guides};
use crate::model::{Field, GitlabProject, Link, PackageId, Registry};

/// How a publisher on GitLab is registered by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitlabGuide {
    /// What has to be so before, as a sentence.
    pub before: Option<String>,
    /// The form's fields.
    pub fields: Vec<Field>,
    /// The page with the form.
    pub link: Option<Link>,
    /// A command that does the same.
    pub command: Option<String>,
}

/// The values for a registry; `None`: it takes no publisher on GitLab. `exists`: whether the name is there already.
#[must_use]
pub fn gitlab(
    PackageId { registry, name }: &PackageId,
    exists: bool,
    project: &GitlabProject,
    endpoints: &Endpoints,
) -> Option<GitlabGuide> {
    capability_of(*registry, Provider::GitlabCi)?;
    let form = |project_label: &str, file_label: &str| {
        vec![
            fields::field("Namespace", &project.namespace),
            fields::field(project_label, &project.name),
            fields::field(file_label, &project.file),
            environment("Environment", project),
        ]
    };
    let must_exist = guides(*registry).rules().first_publish.value.must_exist();
    let before = (must_exist && !exists)
        .then(|| format!("{registry} trusts a publisher only for what is there: publish {name} once first."));
    let guide = |fields, url: Url, prefilled| {
        let link = Link { label: "the form".to_owned(), url: url.into(), prefilled };
        Some(GitlabGuide { before: before.clone(), fields, link: Some(link), command: None })
    };
    match registry {
        Registry::CratesIo => guide(
            form("Project", "Workflow filepath"),
            endpoints.crates_io.join(["crates", name.as_str(), "settings", "new-trusted-publisher"]),
            false,
        ),
        Registry::Npm => {
            let page =
                endpoints.npm_site.join(["package"].into_iter().chain(name.as_str().split('/')).chain(["access"]));
            let guide = guide(form("Project name", "Top-level CI file path"), page, false)?;
            let command = format!(
                "npm trust gitlab {name} --project {}/{} --file {} --allow-publish",
                project.namespace, project.name, project.file
            );
            Some(GitlabGuide { command: Some(command), ..guide })
        }
        Registry::Pypi if exists => {
            let page = endpoints.pypi.join(["manage", "project", name.as_str(), "settings", "publishing", ""]);
            guide(form("Project name", PIPELINE), prefilled(page, project), true)
        }
        Registry::Pypi => {
            let name = std::iter::once(fields::field("PyPI Project Name", name.as_str()));
            let fields = name.chain(form("Project name", PIPELINE)).collect();
            guide(fields, endpoints.pypi.join(["manage", "account", "publishing", ""]), false)
        }
        Registry::Nuget => {
            guide(nuget_form(name.as_str(), project), endpoints.nuget.join(["account", "trustedpublishing"]), false)
        }
        Registry::Jsr | Registry::PubDev | Registry::RubyGems => None,
    }
}

/// What PyPI calls the file.
const PIPELINE: &str = "Top-level pipeline file path";

fn environment(label: &str, project: &GitlabProject) -> Field {
    match project.environments.as_slice() {
        [] => fields::noted(label, "", "the file names none"),
        [one] => fields::noted(label, one, "if the publishing job is the one that has it; else leave it empty"),
        all => fields::noted(label, "", &format!("the publishing job's; the file names {}", all.join(", "))),
    }
}

/// The names of the form's fields, from pypi/warehouse warehouse/oidc/forms/gitlab.py, read 2026-08-21. The environment is left
/// to the person, who knows which job publishes.
fn prefilled(mut page: Url, project: &GitlabProject) -> Url {
    page.query_pairs_mut()
        .append_pair("provider", "gitlab")
        .append_pair("namespace", &project.namespace)
        .append_pair("project", &project.name)
        .append_pair("workflow_filepath", &project.file);
    page
}

/// NuGet's form names no file of the pipeline (NuGet/NuGetGallery src/NuGetGallery/Views/Users/TrustedPublishing.cshtml of
/// 2026-08-17, read 2026-11-21).
fn nuget_form(name: &str, project: &GitlabProject) -> Vec<Field> {
    vec![
        fields::noted("Policy Name", &project.name, "any name: it is for you alone"),
        fields::act("Package Owner", "choose the owner", Some("you, or an organisation that you belong to")),
        fields::act("CI/CD Provider", "choose GitLab CI/CD", None),
        fields::field("Namespace Path", &project.namespace),
        fields::field("Project Path", &project.name),
        fields::noted("Ref", "", "optional: the branch or tag whose runs alone may publish"),
        environment("Environment", project),
        fields::act("Select Scopes", "tick Push", None),
        fields::noted("Glob Patterns and Packages", name, "a line for each package"),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::PackageName;
    use crate::registry::testing::real;

    fn guide_for(registry: Registry, exists: bool) -> Option<GitlabGuide> {
        let project = GitlabProject {
            namespace: "acme/tools".to_owned(),
            name: "widgets".to_owned(),
            file: ".gitlab-ci.yml".to_owned(),
            file_is_there: true,
            environments: vec!["release".to_owned()],
        };
        let id = PackageId { registry, name: PackageName::new("widgets").unwrap() };
        gitlab(&id, exists, &project, &real())
    }

    fn labels(guide: &GitlabGuide) -> Vec<&str> {
        guide.fields.iter().map(|field| field.label.as_str()).collect()
    }

    #[test]
    fn pypis_project_page_comes_filled_in_and_a_new_name_leads_to_the_account() {
        let there = guide_for(Registry::Pypi, true).unwrap();
        assert_eq!(
            there.link.clone().unwrap().url,
            "https://pypi.org/manage/project/widgets/settings/publishing/?provider=gitlab&namespace=acme%2Ftools\
             &project=widgets&workflow_filepath=.gitlab-ci.yml"
        );
        assert!(!labels(&there).contains(&"PyPI Project Name"));
        let new = guide_for(Registry::Pypi, false).unwrap();
        assert_eq!(new.link.clone().unwrap().url, "https://pypi.org/manage/account/publishing/");
        assert_eq!((labels(&new)[0], &new.before), ("PyPI Project Name", &None));
    }

    #[test]
    fn nugets_form_asks_for_scopes_and_packages_and_for_no_file() {
        let guide = guide_for(Registry::Nuget, false).unwrap();
        assert_eq!(guide.before, None, "its policy may make the package");
        let labels = labels(&guide);
        for asked in
            ["CI/CD Provider", "Namespace Path", "Project Path", "Ref", "Select Scopes", "Glob Patterns and Packages"]
        {
            assert!(labels.contains(&asked), "{asked}: {labels:?}");
        }
        assert!(!labels.iter().any(|label| label.contains("file")), "{labels:?}");
    }

    #[test]
    fn a_name_that_has_to_be_there_is_to_be_published_first() {
        for registry in [Registry::CratesIo, Registry::Npm] {
            assert_eq!(guide_for(registry, true).unwrap().before, None);
            assert!(guide_for(registry, false).unwrap().before.unwrap().contains("publish widgets once first"));
        }
        for registry in [Registry::Jsr, Registry::PubDev, Registry::RubyGems] {
            assert_eq!(guide_for(registry, true), None, "{registry}");
        }
    }
}
