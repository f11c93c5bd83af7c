//! Whether a step publishes to the main registry or somewhere else.

use super::super::expression::{expressions, members};
use super::credentials::Scope;
use super::tools::Options;

/// Where a step publishes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    /// The main registry.
    Main,
    /// Another one.
    Elsewhere,
    /// Decided by this text, which only a run knows.
    Unknown(String),
}

/// What a name or an address means to these tools.
pub(super) fn of(text: &str, options: &Options, scope: &Scope<'_>) -> Destination {
    let resolved = resolve(text.trim(), scope);
    if resolved.is_empty() {
        return Destination::Main;
    }
    if resolved.contains('$') {
        return Destination::Unknown(resolved);
    }
    let host =
        resolved.split_once("://").or_else(|| resolved.split_once("//")).map_or(resolved.as_str(), |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or(host).to_ascii_lowercase();
    if options.main.contains(&host.as_str()) { Destination::Main } else { Destination::Elsewhere }
}

/// The text with `${{ env.X }}` and `$X` replaced by what the workflow sets them to, once.
fn resolve(text: &str, scope: &Scope<'_>) -> String {
    let mut out = text.to_owned();
    for (_, inner) in expressions(text) {
        if let [(_, name)] = members(inner, "env")[..]
            && let Some(value) = scope.variable(name)
        {
            out = out.replace(&format!("${{{{{inner}}}}}"), value.value.trim());
        }
    }
    let bare = out.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
    match scope.variable(bare) {
        Some(value) if out.starts_with('$') && !out.starts_with("${{") => value.value.trim().to_owned(),
        _ => out,
    }
}
