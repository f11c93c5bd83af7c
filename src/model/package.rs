//! A package of the checkout.

use super::{PackageName, Registry, RelPath, RepoSlug};

/// One package on one registry: the row of the board.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct PackageId {
    /// Where it is published.
    pub registry: Registry,
    /// Its name there, normalised where the registry does so.
    pub name: PackageName,
}

impl std::fmt::Display for PackageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {}", self.name, self.registry)
    }
}

/// A package that this checkout publishes, read from its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Registry and name.
    pub id: PackageId,
    /// The name as the manifest spells it: `Flask` where PyPI knows `flask`.
    pub spelled: PackageName,
    /// The manifest: `crates/core/Cargo.toml`.
    pub manifest: RelPath,
    /// The version there; `None` where it is computed at build time.
    pub version: Option<String>,
    /// The GitHub repository that the manifest names, if it names one.
    pub repository: Option<RepoSlug>,
    /// What its registry would refuse or warn about in the manifest, as fragments: `description is missing`.
    pub lacks: Vec<String>,
}

impl Package {
    /// The folder of its manifest.
    #[must_use]
    pub fn dir(&self) -> RelPath {
        self.manifest.parent()
    }
}
