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
    /// Whether its manifest wants it readable for its owners' own people alone.
    pub restricted: bool,
    /// The package that it is a platform of, whose manifest names it: a build makes its own, and `manifest` is the other's.
    /// `None`: `manifest` is its own.
    pub family: Option<PackageName>,
}

impl Package {
    /// The folder of its manifest.
    #[must_use]
    pub fn dir(&self) -> RelPath {
        self.manifest.parent()
    }

    /// The name by which the checkout's workflows mean it: a platform goes with the package that it belongs to.
    #[must_use]
    pub fn meant_by(&self) -> &PackageName {
        self.family.as_ref().unwrap_or(&self.id.name)
    }

    /// Where it comes from: its folder, or the package whose manifest names it.
    #[must_use]
    pub fn origin(&self) -> String {
        match &self.family {
            Some(whose) => format!("from optionalDependencies of {whose}"),
            None => self.dir().to_string(),
        }
    }
}

/// A package of a kind that no registry of untoken takes: there is nothing to set up, and the reader is told why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherPackage {
    /// Its kind: `Go module`.
    pub what: &'static str,
    /// Its name, where its manifest was read.
    pub name: Option<String>,
    /// Its manifest.
    pub manifest: RelPath,
    /// Why there is nothing to set up, as a fragment.
    pub why: &'static str,
    /// How many more of the kind there are that are not named.
    pub more: usize,
}

impl std::fmt::Display for OtherPackage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.what)?;
        if let Some(name) = &self.name {
            write!(f, " {name}")?;
        }
        write!(f, " ({}): {}", self.manifest, self.why)?;
        if self.more > 0 {
            write!(f, "; and {} more of the kind", self.more)?;
        }
        Ok(())
    }
}

/// A project on gitlab.com, as the registries' forms ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitlabProject {
    /// The group, with its groups: `acme/tools`.
    pub namespace: String,
    /// The project's path below it.
    pub name: String,
    /// The CI file, by GitLab's own default.
    pub file: String,
    /// Whether it lies in the checkout.
    pub file_is_there: bool,
    /// The environments that its jobs name.
    pub environments: Vec<String>,
}
