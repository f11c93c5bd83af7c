//! The lines of a policy, in each form that a file may want: for writing and for pasting by hand.

use toml_edit::{Key, Value};

use super::Wanted;
use super::monochange::SETTINGS;
use super::policy::{BLOCK, ENVIRONMENT, REPOSITORY, TAG_PATTERN, WORKFLOW, WORKFLOW_REPOSITORY};
use crate::model::TrustPolicy;

/// How a new untoken.toml starts.
pub(super) const NEW_FILE: &str = "# What each registry is told to trust to publish a package. It holds no secret.\n";

/// A value as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The keys of a policy with their values, in the order in which they are written.
pub(super) fn pairs(policy: &TrustPolicy) -> Vec<(&'static str, String)> {
    let all = [
        (WORKFLOW, policy.workflow.as_ref().map(ToString::to_string)),
        (ENVIRONMENT, policy.environment.as_ref().map(ToString::to_string)),
        (REPOSITORY, policy.repository.as_ref().map(ToString::to_string)),
        (TAG_PATTERN, policy.tag_pattern.as_ref().map(ToString::to_string)),
        (WORKFLOW_REPOSITORY, policy.workflow_repository.as_ref().map(ToString::to_string)),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// `key = "value"` of each pair.
pub(super) fn assignments(pairs: &[(&'static str, String)]) -> Vec<String> {
    pairs.iter().map(|(key, value)| format!("{key} = {}", quoted(value))).collect()
}

/// `{ key = "value", … }`.
pub(super) fn braces(pairs: &[(&'static str, String)]) -> String {
    format!("{{ {} }}", assignments(pairs).join(", "))
}

/// The block under its header, to go below the package's `[[package]]`.
pub(super) fn block(policy: &TrustPolicy) -> Vec<String> {
    let mut lines = vec![format!("[package.{BLOCK}]")];
    lines.extend(assignments(&pairs(policy)));
    lines
}

/// The block on one line, to go inside an inline package.
pub(super) fn inline(policy: &TrustPolicy) -> String {
    format!("{BLOCK} = {}", braces(&pairs(policy)))
}

/// A whole package of untoken.toml.
pub(super) fn package(wanted: &Wanted<'_>) -> Vec<String> {
    let dir = wanted.package.dir();
    let path = if dir.is_root() { "." } else { dir.as_str() };
    let mut lines = vec![
        "[[package]]".to_owned(),
        format!("name = {}", quoted(wanted.package.id.name.as_str())),
        format!("kind = {}", quoted(wanted.kind)),
        format!("path = {}", quoted(path)),
        String::new(),
    ];
    lines.extend(block(&wanted.policy));
    lines
}

/// Settings of an ecosystem of monochange.toml, under their header.
pub(super) fn ecosystem(name: &str, pairs: &[(&'static str, String)]) -> Vec<String> {
    let mut lines = vec![format!("[ecosystems.{name}.publish.{SETTINGS}]")];
    lines.extend(assignments(pairs));
    lines
}

/// Settings of a package of monochange.toml, under their header.
pub(super) fn monochange(id: &str, pairs: &[(&'static str, String)]) -> Vec<String> {
    let mut lines = vec![format!("[package.{}.publish.{SETTINGS}]", Key::new(id).display_repr())];
    lines.extend(assignments(pairs));
    lines
}
