//! What GitHub tells of a repository that a registry which links it will refuse.

use super::Facts;
use crate::model::{Permission, Registry};
use crate::registry;

/// What stands in the way, as a sentence; `None`: nothing that was seen. What was not read is no hindrance: the registry looks.
pub(super) fn hindrance(facts: &Facts, registry: Registry) -> Option<String> {
    registry::guides(registry).links_repository()?;
    let repository = facts.github.repository.value()?;
    let slug = &repository.slug;
    if repository.private {
        return Some(format!(
            "{slug} is private on GitHub, and {registry} links public repositories alone: it will refuse the link. A private one \
             publishes with a token."
        ));
    }
    let permission = repository.permission.filter(|held| *held < Permission::Write)?;
    let may = if permission == Permission::Read { "only read" } else { "only sort issues of" };
    Some(format!(
        "Your account on GitHub may {may} {slug}, and {registry} wants one that may push: it will refuse the link."
    ))
}
