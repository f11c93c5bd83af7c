//! Which commits of actions a repair or a new workflow writes: those that GitHub just told, else those that were shipped.

use super::Facts;
use crate::model::{ActionTag, CommitId, SourceFile};
use crate::workflow::repair::Pins;

/// The commits to write.
#[must_use]
pub(super) fn pins(facts: &Facts) -> Pins {
    Pins::known().with(&facts.github.actions)
}

/// The tags that GitHub is asked for, where a workflow is to be mended or made: the shipped ones, to see whether they still
/// are those commits, and the ones that the workflows use without a commit.
#[must_use]
pub fn tags_to_ask(facts: &Facts) -> Vec<ActionTag> {
    let shipped = Pins::known().iter().filter_map(|(action, pin)| {
        Some(ActionTag { repository: action.as_str().parse().ok()?, tag: pin.version.to_string() })
    });
    let files = facts.local.value().map(|local| local.workflow_files.as_slice()).unwrap_or_default();
    let mut tags: Vec<ActionTag> = files.iter().flat_map(used).collect();
    tags.extend(shipped);
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags
}

/// The actions that a file uses by a tag. Read line by line: only what stands there like this would be pinned.
fn used(file: &SourceFile) -> Vec<ActionTag> {
    let text = String::from_utf8_lossy(&file.bytes);
    let of = |line: &str| {
        let line = line.trim_start();
        let value = line.strip_prefix("- uses:").or_else(|| line.strip_prefix("uses:"))?;
        let value = value.split(" #").next()?.trim().trim_matches(['"', '\'']);
        let (action, tag) = value.split_once('@')?;
        let version = tag.strip_prefix('v').unwrap_or(tag).starts_with(|c: char| c.is_ascii_digit());
        let plain = tag.len() <= 50 && tag.chars().all(|c| c.is_ascii_alphanumeric() || "-._+".contains(c));
        let tagged = version && plain && CommitId::new(tag).is_none();
        Some(ActionTag { repository: action.parse().ok().filter(|_| tagged)?, tag: tag.to_owned() })
    };
    text.lines().filter_map(of).collect()
}
