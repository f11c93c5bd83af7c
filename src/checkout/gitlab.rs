//! A project on gitlab.com: its namespace and name from the remote, its CI file and environments from the checkout.

use crate::model::{GitlabProject, RelPath};

use super::manifest::Shelf;
use super::{FileSource, Remote, slug};
use crate::yaml::Node;

/// The one host whose tokens registries take from GitLab; a self-managed one is nobody's provider.
const HOST: &str = "gitlab.com";
/// GitLab's own default; a project's settings may name another file, which nobody can read here.
const FILE: &str = ".gitlab-ci.yml";

/// The project, if the remote is one of gitlab.com.
#[must_use]
pub fn gitlab_project(remote: &Remote, source: &dyn FileSource) -> Option<GitlabProject> {
    let Remote::Elsewhere { host: Some(host), url } = remote else { return None };
    if host != HOST {
        return None;
    }
    let path = slug::path(url)?;
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let (namespace, name) = path.rsplit_once('/')?;
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c)) && !text.is_empty();
    if !plain(namespace) || !plain(name) {
        return None;
    }
    let file = RelPath::new(FILE).ok()?;
    let mut shelf = Shelf::new(source);
    let file_is_there = shelf.has(&file);
    let environments = if file_is_there { shelf.yaml(&file).map(|root| environments(&root)) } else { None };
    Some(GitlabProject {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        file: FILE.to_owned(),
        file_is_there,
        environments: environments.unwrap_or_default(),
    })
}

/// The environments of its jobs, without those that a run decides.
fn environments(root: &Node) -> Vec<String> {
    let mut names: Vec<String> = root
        .entries()
        .iter()
        .filter_map(|(_, job)| {
            let environment = job.get("environment")?;
            let name = environment.text().or_else(|| environment.get("name")?.text())?;
            Some(name.value.clone()).filter(|name| !name.contains('$') && !name.is_empty())
        })
        .map(|name| crate::model::clean_line(&name, 255))
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::checkout::InMemory;
    use crate::model::SourceFile;

    fn project(address: &str, ci: Option<&str>) -> Option<GitlabProject> {
        let files = ci.map(|text| SourceFile::new(RelPath::new(FILE).unwrap(), text.as_bytes()));
        gitlab_project(&slug::parse(address), &InMemory::new(files))
    }

    #[test]
    fn a_project_of_gitlab_com_is_known_by_every_form_of_its_address() {
        for address in [
            "https://gitlab.com/acme/tools/widgets.git",
            "git@gitlab.com:acme/tools/widgets.git",
            "ssh://git@gitlab.com/acme/tools/widgets",
            "https://mona:glpat-not-a-real-token@gitlab.com/acme/tools/widgets",
        ] {
            let found = project(address, None).unwrap_or_else(|| panic!("{address}"));
            assert_eq!((found.namespace.as_str(), found.name.as_str()), ("acme/tools", "widgets"), "{address}");
            assert!(!found.file_is_there && found.environments.is_empty());
        }
        for other in ["https://gitlab.acme.example/a/b", "https://github.com/a/b", "https://gitlab.com/a", "/srv/a/b"] {
            assert_eq!(project(other, None), None, "{other}");
        }
    }

    #[test]
    fn the_environments_of_its_jobs_are_listed() {
        let ci = "stages: [publish]\npublish:\n  environment: release\n  script: [cargo publish]\n\
                  pages:\n  environment: {name: docs, url: 'https://x'}\nreview:\n  environment: review/$CI_COMMIT\n";
        assert_eq!(project("https://gitlab.com/a/b", Some(ci)).unwrap().environments, ["docs", "release"]);
        assert_eq!(project("https://gitlab.com/a/b", Some("- [")).unwrap().environments, [""; 0]);
    }
}
