//! How a name comes to be on its registry, where it has to be there before anything can be trusted: the ways to choose from.
//!
//! The real version comes first everywhere. A placeholder is offered only where the registry's rules do not plainly forbid it,
//! always with the rule and with what stays public. Nothing here runs or sends anything.

use super::Rule;
use crate::model::{Guide, Package, PrivateFile};

/// The version of a placeholder: nobody mistakes it for a release, and it takes no number from the project.
pub const PLACEHOLDER: &str = "0.0.0-placeholder";

/// One way to have a name exist.
#[derive(Debug, Clone)]
pub struct FirstWay {
    /// What it sends, in a few words: `the real version, 1.2.0`.
    pub label: String,
    /// What is public afterwards, and for how long, as a fragment.
    pub leaves: String,
    /// What the registry's rules say of it, as a fragment.
    pub rule: Option<Rule<&'static str>>,
    /// How it is done.
    pub guide: Guide,
    /// Files that its commands want in untoken's private folder.
    pub files: Vec<PrivateFile>,
}

impl FirstWay {
    /// What it sends, and what that leaves, in a line.
    #[must_use]
    pub fn about(&self) -> String {
        format!("{}; it leaves public: {}", self.label, self.leaves)
    }

    /// A way that no rule speaks of, and that needs no file.
    pub(super) fn new(label: impl Into<String>, leaves: impl Into<String>, guide: Guide) -> Self {
        Self { label: label.into(), leaves: leaves.into(), rule: None, guide, files: Vec::new() }
    }
}

/// `the real version, 1.2.0`
pub(super) fn real_version(package: &Package) -> String {
    match &package.version {
        Some(version) => format!("the real version, {version}"),
        None => "the real version".to_owned(),
    }
}

/// `1.2.0 for ever`
pub(super) fn version_for_ever(package: &Package) -> String {
    format!("{} for ever", package.version.as_deref().unwrap_or("that version"))
}

/// What a placeholder says of itself, to whoever finds it.
pub(super) fn placeholder_text(package: &Package) -> String {
    let from = match &package.repository {
        Some(repository) => format!(" It is being prepared at https://github.com/{repository}."),
        None => String::new(),
    };
    format!("This version holds no code: the first release of {} follows.{from}", package.id.name)
}

/// The folder of a placeholder below untoken's private one: a plain word, whatever the name has in it.
pub(super) fn placeholder_folder(package: &Package) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
    let name: String = package.id.name.as_str().chars().map(plain).collect();
    format!("placeholder-{}", name.trim_matches('-'))
}
