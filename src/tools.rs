//! The person's own tools: git, cargo, npm, gh. Found once, outside the checkout, and run without what they must not see.

use std::path::{Path, PathBuf};

/// A tool on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    /// Its absolute path, outside the checkout.
    pub path: PathBuf,
    /// The version that it printed; `None`: it printed something else.
    pub version: Option<semver::Version>,
}

/// The tools that were found; `None`: not on PATH, or only inside the checkout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tools {
    /// git
    pub git: Option<Tool>,
    /// cargo
    pub cargo: Option<Tool>,
    /// npm
    pub npm: Option<Tool>,
    /// gh
    pub gh: Option<Tool>,
}

impl Tools {
    /// Looks along PATH; folders inside `checkout` are passed over.
    #[must_use]
    pub fn find(_checkout: &Path) -> Self {
        Self::default()
    }
}
