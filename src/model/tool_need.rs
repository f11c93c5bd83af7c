//! What a command needs of the person's own tools, and what was found of them on this machine.

use std::collections::BTreeMap;

use semver::Version;

/// What was found of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToolFound {
    /// It is there, in this version.
    Version(Version),
    /// It is there, and did not tell its version.
    Silent,
    /// It is not on PATH, or only inside the checkout.
    Missing,
}

/// The tools that were looked for, by the names that they go by: `npm`.
pub type ToolsFound = BTreeMap<&'static str, ToolFound>;

/// A tool from a version on, without which a command can't do its work.
#[derive(Debug, PartialEq, Eq)]
pub struct ToolNeed {
    /// The tool: `node`.
    pub tool: &'static str,
    /// The first version that will do.
    pub since: Version,
    /// What needs it, as it is typed: `npm stage`.
    pub what: &'static str,
    /// How a newer one is got.
    pub newer: &'static str,
}

/// Why a command can't do its work here, as far as can be told beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmet {
    /// The tool is not there.
    Missing(&'static str),
    /// The tool is there and too old.
    Older(&'static ToolNeed, Version),
    /// The tool is there and does not tell its version.
    Untold(&'static ToolNeed),
}

impl ToolNeed {
    /// What keeps the need from being met; `None`: nothing does, or the tool was not looked for.
    #[must_use]
    pub fn unmet(&'static self, found: &ToolsFound) -> Option<Unmet> {
        match found.get(self.tool)? {
            ToolFound::Version(version) if *version >= self.since => None,
            ToolFound::Version(version) => Some(Unmet::Older(self, version.clone())),
            ToolFound::Silent => Some(Unmet::Untold(self)),
            ToolFound::Missing => Some(Unmet::Missing(self.tool)),
        }
    }
}

impl Unmet {
    /// Whether it is known that it cannot work; otherwise nobody can tell.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        !matches!(self, Self::Untold(_))
    }

    /// In a few words, beside the name of a way: `node 20.20.2 is too old`.
    #[must_use]
    pub fn brief(&self) -> String {
        match self {
            Self::Missing(tool) => format!("no {tool} here"),
            Self::Older(need, version) => format!("{} {version} is too old", need.tool),
            Self::Untold(need) => format!("{} told no version", need.tool),
        }
    }

    /// What to do about it, as a fragment.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Missing(tool) => format!("install {tool}, or put its folder on PATH"),
            Self::Older(need, _) => need.newer.to_owned(),
            Self::Untold(need) => format!("try `{} --version` in this terminal", need.tool),
        }
    }
}

impl std::fmt::Display for Unmet {
    /// As a fragment, without the hint.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(tool) => write!(f, "{tool} is not on PATH outside the checkout"),
            Self::Older(ToolNeed { what, tool, since, .. }, version) => {
                write!(f, "{what} needs {tool} {since} or newer, and yours is {version}")
            }
            Self::Untold(ToolNeed { what, tool, since, .. }) => {
                write!(f, "{what} needs {tool} {since} or newer, and yours did not tell its version")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    static NEED: ToolNeed = ToolNeed {
        tool: "node",
        since: Version::new(22, 14, 0),
        what: "`npm stage`",
        newer: "install a newer Node.js",
    };

    fn of(found: Option<ToolFound>) -> Option<String> {
        let found = found.into_iter().map(|found| ("node", found)).collect();
        NEED.unmet(&found).map(|unmet| unmet.to_string())
    }

    #[test]
    fn only_a_version_that_was_read_is_too_old_and_a_tool_that_nobody_looked_for_is_nothing() {
        let at = |minor| of(Some(ToolFound::Version(Version::new(22, minor, 0))));
        assert_eq!(at(14), None);
        assert_eq!(at(13).unwrap(), "`npm stage` needs node 22.14.0 or newer, and yours is 22.13.0");
        assert!(of(Some(ToolFound::Silent)).unwrap().ends_with("did not tell its version"));
        assert_eq!(of(Some(ToolFound::Missing)).unwrap(), "node is not on PATH outside the checkout");
        assert_eq!(of(None), None);
    }
}
