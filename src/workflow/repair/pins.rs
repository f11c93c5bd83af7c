//! Which commit an action's version is, as far as anybody wrote it down: `assets/actions.toml`.
//!
//! A commit is never invented: what is not in the table and was not resolved through GitHub has none.

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::{ActionTag, CommitId};

/// The table, as it is shipped.
const TABLE: &str = include_str!("../../../assets/actions.toml");

/// Why a text is no action, no commit or no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// No `owner/name` with parts that GitHub allows.
    #[error("`{0}` is no action: an action is owner/name")]
    Action(String),
    /// No full commit.
    #[error("`{0}` is no commit: a commit is 40 hexadecimal digits")]
    Sha(String),
    /// No version as tags have it.
    #[error("`{0}` is no version: a version is a tag like v1.2.3")]
    Version(String),
    /// The table can't be read.
    #[error("the table of actions can't be read: {0}")]
    Table(String),
}

/// An action, `owner/name` or with a folder behind, lower-case: GitHub ignores the case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionName(String);

impl ActionName {
    /// Reads `owner/name`, without a ref.
    ///
    /// # Errors
    ///
    /// It is not of that form.
    pub fn new(text: &str) -> Result<Self, PinError> {
        let part = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        let parts: Vec<&str> = text.split('/').collect();
        let local = text.starts_with('.');
        if local || text.len() > 200 || parts.len() < 2 || !parts.iter().all(|text| part(text)) {
            return Err(PinError::Action(text.to_owned()));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The name, lower-case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ActionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The version that stands beside a commit, `v1.2.3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    fn new(text: &str) -> Result<Self, PinError> {
        let number = text.strip_prefix('v').unwrap_or(text);
        let clean = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
        let good = number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(clean) && text.len() <= 50;
        if good { Ok(Self(text.to_owned())) } else { Err(PinError::Version(text.to_owned())) }
    }

    /// Whether a ref names this version or a range that holds it: `v1`, `v1.0` and `release/v1` hold `v1.0.5`.
    #[must_use]
    pub fn is_meant_by(&self, reference: &str) -> bool {
        let reference = reference.strip_prefix("release/").unwrap_or(reference);
        let number = |text: &str| text.strip_prefix('v').unwrap_or(text).to_owned();
        let (own, other) = (number(&self.0), number(reference));
        let digit = other.starts_with(|c: char| c.is_ascii_digit());
        digit && (own == other || own.strip_prefix(&other).is_some_and(|rest| rest.starts_with('.')))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A commit and the version that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The commit.
    pub sha: CommitId,
    /// The version, as a tag names it.
    pub version: Version,
}

impl Pin {
    /// A pin from what GitHub answered.
    ///
    /// # Errors
    ///
    /// One of the two is not of its form.
    pub fn new(sha: &str, version: &str) -> Result<Self, PinError> {
        let sha = CommitId::new(sha).ok_or_else(|| PinError::Sha(sha.to_owned()))?;
        Ok(Self { sha, version: Version::new(version)? })
    }
}

/// The commits that are known, the best one of each action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pins {
    known: Vec<(ActionName, Pin)>,
    /// What stood here before GitHub named another commit for the same version.
    moved: Vec<(ActionName, Pin)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    action: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    tag: String,
    sha: String,
    #[allow(dead_code, reason = "for those who read the table")]
    seen_in: String,
    #[allow(dead_code, reason = "for those who read the table")]
    seen_at: String,
}

impl Pins {
    /// The shipped table.
    #[must_use]
    pub fn known() -> &'static Self {
        // A test reads it, so that a broken one can't be shipped; without one, all actions stay tags.
        static KNOWN: LazyLock<Pins> =
            LazyLock::new(|| Pins::read(TABLE).unwrap_or(Pins { known: Vec::new(), moved: Vec::new() }));
        &KNOWN
    }

    /// Reads a table.
    ///
    /// # Errors
    ///
    /// It is no TOML of that form, or a row is no pin.
    pub fn read(text: &str) -> Result<Self, PinError> {
        let table: Table = toml_edit::de::from_str(text).map_err(|error| PinError::Table(error.to_string()))?;
        let pin = |row: Row| Ok((ActionName::new(&row.name)?, Pin::new(&row.sha, &row.tag)?));
        Ok(Self { known: table.action.into_iter().map(pin).collect::<Result<_, PinError>>()?, moved: Vec::new() })
    }

    /// The same with what GitHub just told, which goes before what was known. A commit without a version is no pin.
    #[must_use]
    pub fn with(&self, told: &[(ActionTag, CommitId)]) -> Self {
        let mut pins = self.clone();
        for (tag, sha) in told {
            let name = ActionName::new(&tag.repository.to_string());
            let (Ok(name), Ok(version)) = (name, Version::new(&tag.tag)) else { continue };
            let pin = Pin { sha: sha.clone(), version };
            match pins.known.iter_mut().find(|(known, old)| *known == name && old.version == pin.version) {
                Some((_, old)) if old.sha != pin.sha => {
                    pins.moved.push((name, std::mem::replace(old, pin)));
                }
                Some(_) => {}
                None => pins.known.push((name, pin)),
            }
        }
        pins
    }

    /// That a version of an action is another commit now than the one that untoken was shipped with, as a sentence.
    #[must_use]
    pub fn moved(&self, action: &ActionName) -> Option<String> {
        let (_, old) = self.moved.iter().find(|(name, _)| name == action)?;
        Some(format!(
            "GitHub says that {action} {} is another commit now than {}, which untoken knew: compare the two before you merge",
            old.version,
            old.sha.as_str()
        ))
    }

    /// The newest version of an action.
    #[must_use]
    pub fn of(&self, action: &ActionName) -> Option<&Pin> {
        self.known.iter().find(|(name, _)| name == action).map(|(_, pin)| pin)
    }

    /// The version of an action that a ref means: `v4` is never pinned as a `v7`.
    #[must_use]
    pub fn meant_by(&self, action: &ActionName, reference: &str) -> Option<&Pin> {
        let mut own = self.known.iter().filter(|(name, _)| name == action).map(|(_, pin)| pin);
        own.find(|pin| pin.version.is_meant_by(reference))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&ActionName, &Pin)> {
        self.known.iter().map(|(name, pin)| (name, pin))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_shipped_table_reads() {
        let pins = Pins::read(TABLE).unwrap();
        assert!(pins.iter().count() > 10);
        let auth = ActionName::new("Rust-Lang/crates-io-auth-action").unwrap();
        assert_eq!(pins.meant_by(&auth, "v1").unwrap().version.to_string(), "v1.0.5");
        assert_eq!(pins.of(&ActionName::new("acme/unknown").unwrap()), None);
    }

    #[test]
    fn what_github_tells_goes_before_the_table_and_a_moved_tag_is_said() {
        let auth = ActionName::new("rust-lang/crates-io-auth-action").unwrap();
        let own = ActionName::new("acme/publish").unwrap();
        let tag = |repository: &str, tag: &str| ActionTag { repository: repository.parse().unwrap(), tag: tag.into() };
        let commit = |digit: &str| CommitId::new(&digit.repeat(40)).unwrap();
        let shipped = Pins::known().of(&auth).unwrap().clone();

        let same = Pins::known().with(&[(tag("Rust-Lang/crates-io-auth-action", "v1.0.5"), shipped.sha.clone())]);
        assert_eq!((same.of(&auth), same.moved(&auth)), (Some(&shipped), None));

        let told = [
            (tag("rust-lang/crates-io-auth-action", "v1.0.5"), commit("a")),
            (tag("acme/publish", "v3"), commit("b")),
            (tag("acme/publish", "main"), commit("c")),
        ];
        let pins = Pins::known().with(&told);
        assert_eq!(pins.of(&auth).unwrap().sha, commit("a"));
        assert!(pins.moved(&auth).unwrap().contains(shipped.sha.as_str()));
        assert_eq!(pins.meant_by(&own, "v3").unwrap().sha, commit("b"));
        assert_eq!((pins.meant_by(&own, "main"), pins.moved(&own)), (None, None));
    }

    #[test]
    fn a_ref_means_versions_that_it_holds_and_no_others() {
        let version = Version::new("v1.14.2").unwrap();
        for yes in ["v1", "1", "v1.14", "v1.14.2", "release/v1"] {
            assert!(version.is_meant_by(yes), "{yes}");
        }
        for no in ["v2", "v1.1", "v1.14.20", "main", "", "v", "release/v11"] {
            assert!(!version.is_meant_by(no), "{no}");
        }
    }

    #[test]
    fn what_is_no_pin_is_refused() {
        assert!(Pin::new("abc", "v1").is_err());
        assert!(Pin::new(&"a".repeat(40), "v1\n  evil: x").is_err());
        assert!(ActionName::new("./.github/actions/x").is_err());
        assert!(ActionName::new("docker://alpine").is_err());
        assert!(ActionName::new("a/b c").is_err());
    }
}
