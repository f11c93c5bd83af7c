//! Where a publishing step publishes to: the main registry, or a place that must never be taken for it.

use super::Registry;

/// Where a step publishes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// The main registry, the one that can be told to trust the workflow.
    Main(Registry),
    /// PyPI's registry for trials, which keeps publishers of its own.
    TestPypi,
    /// Another place that speaks a registry's language: GitHub Packages, a company's own. Never to be proposed to the main one.
    Other {
        /// Whose language.
        speaks: Registry,
        /// Its host, as written in the files.
        host: String,
    },
    /// Only a run tells.
    Undecided {
        /// Whose language.
        speaks: Registry,
        /// What decides, as written.
        by: String,
    },
}

impl Destination {
    /// The main registry, if that is where it goes.
    #[must_use]
    pub fn registry(&self) -> Option<Registry> {
        match self {
            Self::Main(registry) => Some(*registry),
            Self::TestPypi | Self::Other { .. } | Self::Undecided { .. } => None,
        }
    }

    /// Whose language is spoken there: by its rules the packages are named and the tools log in.
    #[must_use]
    pub fn speaks(&self) -> Registry {
        match self {
            Self::Main(registry) | Self::Other { speaks: registry, .. } | Self::Undecided { speaks: registry, .. } => {
                *registry
            }
            Self::TestPypi => Registry::Pypi,
        }
    }

    /// The name in JSON: `npm`, `testpypi`, `other:npm.pkg.github.com`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Main(registry) | Self::Undecided { speaks: registry, .. } => registry.label().to_owned(),
            Self::TestPypi => "testpypi".to_owned(),
            Self::Other { host, .. } => format!("other:{host}"),
        }
    }
}

impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Main(registry) => f.pad(registry.title()),
            Self::TestPypi => f.pad("TestPyPI"),
            Self::Other { host, .. } => f.pad(host),
            Self::Undecided { speaks, .. } => f.pad(&format!("{speaks} or another place")),
        }
    }
}
