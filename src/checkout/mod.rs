//! What lies in the checkout: where it came from, which packages its manifests publish, which files steer it.
//!
//! Reading executes nothing that the repository brings along and never leaves the checkout: links that lead out, devices,
//! pipes and oversized files are passed over. Nothing here writes (but `write`, the one door for writing), asks a server
//! or interprets a workflow.

mod blob;
mod cargo;
mod dart;
mod dotnet;
mod elsewhere;
mod gitlab;
mod jsonc;
mod jsr;
mod manifest;
mod npm;
mod platforms;
mod python;
mod remote;
mod revision;
mod roots;
mod ruby;
mod slug;
mod source;
#[cfg(test)]
mod tests;
mod tracked;
mod write;

pub use blob::{blob_id, is_blob};
pub use gitlab::gitlab_project;
pub use remote::{Remote, remote};
pub use revision::Revision;
pub use source::{CheckoutError, Disk, FileSource, InMemory, MAX_FILE, ReadError, read_regular};
pub use tracked::tracked;
pub use write::{WriteError, apply, current, remove};

use toml_edit::{DocumentMut, Item};

use crate::model::{
    Finding, MONOCHANGE_TYPES, OtherPackage, Package, PackageId, Place, Registry, RelPath, Severity, SourceFile,
};

use manifest::{Shelf, text_at};

/// What was found in a checkout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checkout {
    /// The packages that it publishes: members only, sorted by registry and name.
    pub packages: Vec<Package>,
    /// Platforms of these packages that their manifests name and whose own manifests a build makes.
    pub family: Vec<Package>,
    /// Manifests that could not be read: their packages are left out.
    pub unread: Vec<RelPath>,
    /// Packages of kinds that no registry of untoken takes.
    pub others: Vec<OtherPackage>,
    /// The same in an order in which they can be published: each after those of the checkout that it needs, where that is known.
    pub order: Vec<PackageId>,
    /// The workflow files, sorted by path.
    pub workflows: Vec<SourceFile>,
    /// The files that may hold `trust_policy`, in the order in which they are asked.
    pub configs: Vec<SourceFile>,
    /// Why a config that was named is not among them; a new untoken.toml may be named before it is there.
    pub unread_config: Option<Finding>,
    /// Files of the repository that redirect or execute tools which run in a package's folder.
    pub redirects: Vec<RelPath>,
    /// Whether its package manager is pnpm, by which npm is then run.
    pub by_pnpm: bool,
    /// What could not be read, and what is odd about the rest.
    pub findings: Vec<Finding>,
}

impl Checkout {
    /// Takes a config that a person named, which goes before those that go by their names.
    pub fn take_config(&mut self, source: &dyn FileSource, path: &RelPath) {
        self.configs.retain(|file| file.path != *path);
        match source.read(path) {
            Ok(file) => self.configs.insert(0, file),
            Err(ReadError::Missing(_)) if path.file_name() == CONFIG_FILES[2] => {}
            // No gate passes by a slip in a name.
            Err(error) => {
                let why = format!("the config that was named is not read: {error}");
                let hint = "check the path, which goes from the checkout's root; only an untoken.toml is made anew";
                self.unread_config = Some(Finding::new(Severity::Error, why).hint(hint));
            }
        }
    }
}

/// The config files that may hold `trust_policy`, in the order in which they are asked.
pub const CONFIG_FILES: [&str; 3] = ["putitoutthere.toml", "monochange.toml", "untoken.toml"];

/// Files that redirect or execute cargo, rustup and npm when they run in or below their folder.
const REDIRECTS: [&str; 5] = [".cargo/config", ".cargo/config.toml", "rust-toolchain", "rust-toolchain.toml", ".npmrc"];

/// Reads packages, workflows and configs. What can't be read is a finding, never the end.
#[must_use]
pub fn look(source: &dyn FileSource) -> Checkout {
    let mut shelf = Shelf::new(source);
    let named = named_folders(&mut shelf);
    let of = |registry: Registry| -> Vec<RelPath> {
        named.iter().filter(|one| one.registry == registry).map(|one| one.folder.clone()).collect()
    };
    cargo::read(&mut shelf, &of(Registry::CratesIo));
    npm::read(&mut shelf, &of(Registry::Npm));
    python::read(&mut shelf, &of(Registry::Pypi));
    jsr::read(&mut shelf, &of(Registry::Jsr));
    dart::read(&mut shelf, &of(Registry::PubDev));
    ruby::read(&mut shelf, &of(Registry::RubyGems));
    dotnet::read(&mut shelf, &of(Registry::Nuget));
    kept_back(&mut shelf, &named);
    let others = elsewhere::read(&mut shelf);
    let redirects = redirects(&shelf);
    let Shelf { mut packages, mut family, mut unread, mut findings, .. } = shelf;
    unread.sort();
    unread.dedup();
    family.retain(|platform| packages.iter().all(|package| package.id != platform.id));
    family.sort_by(|a, b| a.id.cmp(&b.id));
    family.dedup_by(|a, b| a.id == b.id);
    let order = packages.iter().map(|package| package.id.clone()).collect();
    packages.sort_by(|a, b| a.id.cmp(&b.id));
    let mut take = |paths: &mut dyn Iterator<Item = RelPath>| {
        let mut files = Vec::new();
        for path in paths {
            match source.read(&path) {
                Ok(file) => files.push(file),
                Err(ReadError::Missing(_)) => {}
                Err(error) => findings.push(error.finding()),
            }
        }
        files
    };
    let workflows = take(&mut source.paths().iter().filter(|path| is_workflow(path)).cloned());
    // Asked for by name, listed or not: a link that leads out of the checkout is worth a word, for it looks like a config.
    let configs = take(&mut CONFIG_FILES.iter().filter_map(|name| RelPath::new(name).ok()));
    let by_pnpm = npm::by_pnpm(source);
    Checkout {
        packages,
        family,
        unread,
        others,
        order,
        workflows,
        configs,
        unread_config: None,
        redirects,
        by_pnpm,
        findings,
    }
}

/// Packages that a config wants published and whose own manifest forbids it: the registry's client would refuse them.
fn kept_back(shelf: &mut Shelf<'_>, named: &[Named]) {
    for Named { registry, folder, config } in named {
        let taken = shelf.packages.iter().any(|package| package.id.registry == *registry && package.dir() == *folder);
        let about = |at: &Place| at.file.parent() == *folder && at.file.as_str() != *config;
        let told = shelf.findings.iter().any(|told| told.at.as_ref().is_some_and(about));
        if !taken && !told && shelf.source_has_folder(folder) {
            let why = "private, `publish = false`, or without a version";
            let message =
                format!("the config names {folder} as a package for {registry}, and its manifest keeps it back: {why}");
            if let Ok(config) = RelPath::new(config) {
                shelf.note(&config, message);
            }
        }
    }
}

/// A package folder that a config file names.
struct Named {
    registry: Registry,
    folder: RelPath,
    config: &'static str,
}

/// The package folders that putitoutthere.toml and monochange.toml name.
fn named_folders(shelf: &mut Shelf<'_>) -> Vec<Named> {
    let mut named = Vec::new();
    if let Some(document) = config(shelf, CONFIG_FILES[0]) {
        let packages = document.get("package").and_then(Item::as_array_of_tables);
        named.extend(packages.into_iter().flatten().filter_map(|table| {
            let text = |key: &str| table.get(key).and_then(Item::as_str);
            let folder = RelPath::new(text("path")?).ok()?;
            Some(Named { registry: Registry::of_kind(text("kind")?)?, folder, config: CONFIG_FILES[0] })
        }));
    }
    if let Some(document) = config(shelf, CONFIG_FILES[1]) {
        let default = text_at(document.as_table(), &["defaults", "package_type"]);
        let packages = document.get("package").and_then(Item::as_table_like);
        named.extend(packages.into_iter().flat_map(|packages| packages.iter()).filter_map(|(_, item)| {
            let table = item.as_table_like()?;
            let own = text_at(table, &["type"]).or(default)?;
            let (.., registry) = MONOCHANGE_TYPES.into_iter().find(|(name, ..)| *name == own)?;
            let folder = RelPath::new(text_at(table, &["path"])?).ok()?;
            Some(Named { registry, folder, config: CONFIG_FILES[1] })
        }));
    }
    named
}

/// A config file, if it is there. A broken one is reported by the reader of configs, not here.
fn config(shelf: &mut Shelf<'_>, name: &str) -> Option<DocumentMut> {
    let path = RelPath::new(name).ok().filter(|path| shelf.has(path))?;
    let (known, unread) = (shelf.findings.len(), shelf.unread.len());
    let document = shelf.toml(&path);
    shelf.findings.truncate(known);
    shelf.unread.truncate(unread);
    document
}

/// Those that lie on the way from a package to the root.
fn redirects(shelf: &Shelf<'_>) -> Vec<RelPath> {
    let mut folders = std::collections::BTreeSet::from([RelPath::root()]);
    for package in &shelf.packages {
        let mut folder = package.dir();
        while !folder.is_root() && folders.insert(folder.clone()) {
            folder = folder.parent();
        }
    }
    let all = folders.iter().flat_map(|folder| REDIRECTS.iter().filter_map(|name| folder.join(name).ok()));
    let mut found: Vec<RelPath> = all.filter(|path| shelf.has(path)).collect();
    found.sort();
    found
}

/// GitHub reads `.yml` and `.yaml` directly in this folder, and nothing below it.
#[must_use]
pub fn is_workflow(path: &RelPath) -> bool {
    path.parent().as_str() == ".github/workflows"
        && (path.file_name().ends_with(".yml") || path.file_name().ends_with(".yaml"))
}
