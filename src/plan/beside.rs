//! What stands beside the ladder: packages of other kinds, and the values for a publisher on GitLab.

use super::{Facts, Local};
use crate::model::{Existence, GitlabProject, Package};
use crate::registry::{self, GitlabGuide};

/// A paragraph with a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What it is about.
    pub title: String,
    /// A line each.
    pub lines: Vec<String>,
}

/// What the reader of a ladder should know besides; empty for most repositories.
#[must_use]
pub fn beside(facts: &Facts) -> Vec<Beside> {
    let Some(local) = facts.local.value() else { return Vec::new() };
    let mut all: Vec<Beside> = local.gitlab.iter().map(|project| on_gitlab(facts, local, project)).collect();
    if !local.others.is_empty() {
        let lines = local.others.iter().map(ToString::to_string).collect();
        all.push(Beside { title: "Found too, with nothing to set up".to_owned(), lines });
    }
    all
}

/// The values to enter on each registry for a project on GitLab; `None`: the registry takes none from there.
#[must_use]
pub fn gitlab_guide(facts: &Facts, package: &Package, project: &GitlabProject) -> Option<GitlabGuide> {
    let exists = !matches!(facts.existence(&package.id), Some(Existence::Absent));
    registry::gitlab(&package.id, exists, project, &facts.endpoints)
}

fn on_gitlab(facts: &Facts, local: &Local, project: &GitlabProject) -> Beside {
    let mut lines = vec![
        "untoken signs in to GitHub, and reads and sets up publishers there alone. What to enter for GitLab CI:"
            .to_owned(),
    ];
    if !project.file_is_there {
        lines.push(format!("{} is not there: if the project sets another CI file, enter that one.", project.file));
    }
    for package in local.all() {
        let Some(guide) = gitlab_guide(facts, package, project) else {
            lines.push(format!("{}: {} takes no publisher on GitLab", package.id, package.id.registry));
            continue;
        };
        lines.push(package.id.to_string());
        lines.extend(guide.before.map(|before| format!("  first: {before}")));
        lines.extend(guide.link.map(|link| format!("  page: {}", link.url)));
        for field in guide.fields {
            let note = field.note.map(|note| format!(" ({note})")).unwrap_or_default();
            lines.push(format!("  {}: {}{note}", field.label, field.value.told_apart()));
        }
        lines.extend(guide.command.map(|command| format!("  or: {command}")));
    }
    Beside { title: format!("On GitLab: {}/{}", project.namespace, project.name), lines }
}
