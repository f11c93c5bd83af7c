//! What a registry is to be told of a publisher on GitLab. untoken signs in to GitHub and automates GitHub alone: here are
//! the values, and no more.

use super::{Endpoints, Provider, capability_of, fields};
use crate::model::{Field, GitlabProject, Link, PackageName, Registry};

/// How a publisher on GitLab is registered by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitlabGuide {
    /// The form's fields.
    pub fields: Vec<Field>,
    /// The page with the form.
    pub link: Option<Link>,
    /// A command that does the same.
    pub command: Option<String>,
}

/// The values for a registry; `None`: it takes no publisher on GitLab. `environment` is the publishing job's, where it has one.
#[must_use]
pub fn gitlab(
    name: &PackageName,
    registry: Registry,
    project: &GitlabProject,
    endpoints: &Endpoints,
) -> Option<GitlabGuide> {
    capability_of(registry, Provider::GitlabCi)?;
    let environment = match project.environments.as_slice() {
        [] => fields::noted("Environment", "", "the file names none"),
        [one] => fields::noted("Environment", one, "if the publishing job is the one that has it; else leave it empty"),
        all => fields::noted("Environment", "", &format!("the publishing job's; the file names {}", all.join(", "))),
    };
    let form = |project_label: &str, file_label: &str| {
        vec![
            fields::field("Namespace", &project.namespace),
            fields::field(project_label, &project.name),
            fields::field(file_label, &project.file),
            environment.clone(),
        ]
    };
    let page = |url: url::Url| Some(Link { label: "the form".to_owned(), url: url.into(), prefilled: false });
    let guide = |fields, link| Some(GitlabGuide { fields, link, command: None });
    match registry {
        Registry::CratesIo => guide(
            form("Project", "Workflow filepath"),
            page(endpoints.crates_io.join(["crates", name.as_str(), "settings", "new-trusted-publisher"])),
        ),
        Registry::Npm => Some(GitlabGuide {
            fields: form("Project name", "Top-level CI file path"),
            link: page(
                endpoints.npm_site.join(["package"].into_iter().chain(name.as_str().split('/')).chain(["access"])),
            ),
            command: Some(format!(
                "npm trust gitlab {name} --project {}/{} --file {} --allow-publish",
                project.namespace, project.name, project.file
            )),
        }),
        Registry::Pypi => guide(
            form("Project name", "Top-level pipeline file path"),
            page(endpoints.pypi.join(["manage", "project", name.as_str(), "settings", "publishing", ""])),
        ),
        Registry::Nuget => {
            guide(form("Project", "CI file path"), page(endpoints.nuget.join(["account", "trustedpublishing"])))
        }
        Registry::Jsr | Registry::PubDev | Registry::RubyGems => None,
    }
}
