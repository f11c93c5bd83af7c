//! Which packages a publishing step means: by name, by folder, all, or nobody can tell.

use crate::model::{Certainty, Package, PackageName, Registry, RelPath};

/// What a step says about its packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mention {
    /// Names, as written.
    pub(super) names: Vec<String>,
    /// Folders, relative to the checkout, as written.
    pub(super) folders: Vec<String>,
    /// All of them.
    pub(super) all: bool,
    /// But not these names.
    pub(super) except: Vec<String>,
}

impl Mention {
    /// This and another one.
    pub(super) fn join(&mut self, other: Self) {
        self.names.extend(other.names);
        self.folders.extend(other.folders);
        self.except.extend(other.except);
        self.all |= other.all;
    }
}

/// The packages meant, and how sure that is. `None`: cannot tell.
pub(super) fn meant(
    registry: Registry,
    mention: &Mention,
    packages: &[Package],
) -> (Option<Vec<PackageName>>, Certainty) {
    let here: Vec<&Package> = packages.iter().filter(|package| package.id.registry == registry).collect();
    let names = |found: Vec<&Package>| Some(found.into_iter().map(|package| package.id.name.clone()).collect());
    if mention.names.iter().chain(&mention.folders).any(|text| text.contains('$')) {
        return match here[..] {
            [only] => (names(vec![only]), Certainty::Likely),
            _ => (None, Certainty::CannotTell),
        };
    }
    let named: Vec<&Package> = here.iter().copied().filter(|package| is_named(package, &mention.names)).collect();
    if !mention.names.is_empty() {
        return if named.is_empty() { (None, Certainty::CannotTell) } else { (names(named), Certainty::Certain) };
    }
    if mention.all && !here.is_empty() {
        let kept = here.into_iter().filter(|package| !is_named(package, &mention.except)).collect();
        return (names(kept), Certainty::Certain);
    }
    let lying: Vec<&Package> = here.iter().copied().filter(|package| lies_in(package, &mention.folders)).collect();
    if !lying.is_empty() {
        return (names(lying), Certainty::Certain);
    }
    match here[..] {
        [only] => (names(vec![only]), Certainty::Certain),
        _ => (None, Certainty::CannotTell),
    }
}

/// Python's names compare after normalisation; the others as they are. npm's filters may carry `./folder` or `name...`.
fn is_named(package: &Package, names: &[String]) -> bool {
    let dir = package.dir();
    names.iter().any(|name| {
        let bare = name.trim_start_matches('.').trim_start_matches('/').trim_end_matches("...").trim_end_matches('/');
        name == package.id.name.as_str()
            || bare == package.id.name.as_str()
            || bare == dir.as_str() && !dir.is_root()
            || name.split_once('@').is_some_and(|(before, _)| before == package.id.name.as_str())
    })
}

fn lies_in(package: &Package, folders: &[String]) -> bool {
    folders.iter().filter_map(|folder| RelPath::new(folder).ok()).any(|folder| {
        package.dir() == folder
            || package.manifest == folder
            // `dist` of the package's own folder, where a build leaves its files.
            || (folder.file_name() == "dist" && package.dir() == folder.parent())
    })
}
