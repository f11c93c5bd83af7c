//! Cargo's packages: the root package, the workspace's members, and the path dependencies that are members without saying.
//!
//! Rules read in the Cargo book of Rust 1.95 (workspaces, manifest format, specifying dependencies), 2026-11-21.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{DocumentMut, Item, TableLike};

use crate::model::{Registry, RelPath, mentioned_repository};

use super::manifest::{MAX_PATTERNS, Members, Shelf, Stated, at, text_at, texts_at};
use super::roots;

const MANIFEST: &str = "Cargo.toml";
/// The tables that hold dependencies which a publish needs on the registry. Development dependencies are stripped.
const NEEDED: [&str; 2] = ["dependencies", "build-dependencies"];
const DEPENDENCIES: [&str; 3] = ["dependencies", "build-dependencies", "dev-dependencies"];

/// Adds the crates. `named` are folders that a config file names.
pub(super) fn read(shelf: &mut Shelf<'_>, named: &[RelPath]) {
    let mut seen = BTreeSet::new();
    let named: Vec<RelPath> = named.iter().filter(|folder| shelf.has(&manifest(folder))).cloned().collect();
    let roots = if shelf.has(&manifest(&RelPath::root())) {
        vec![RelPath::root()]
    } else if named.is_empty() {
        roots::near(shelf, MANIFEST)
    } else {
        Vec::new()
    };
    for root in roots.into_iter().chain(named) {
        if !seen.contains(&root) {
            seen.extend(workspace(shelf, &root));
        }
    }
}

fn manifest(folder: &RelPath) -> RelPath {
    folder.join(MANIFEST).unwrap_or_else(|_| folder.clone())
}

/// Reads the root and all of its members; returns their folders.
fn workspace(shelf: &mut Shelf<'_>, root: &RelPath) -> BTreeSet<RelPath> {
    let Some(document) = shelf.toml(&manifest(root)) else { return BTreeSet::from([root.clone()]) };
    let scope = Scope::new(root, &document);
    let listed = Members::new(root, &scope.members);
    let mut open: Vec<RelPath> =
        shelf.folders_with(MANIFEST).into_iter().filter(|f| listed.holds(f) && !scope.excludes(f)).collect();
    let mut read = BTreeMap::from([(root.clone(), document.clone())]);
    open.extend(scope.path_dependencies(root, &document));
    let mut seen = BTreeSet::from([root.clone()]);
    while !open.is_empty() {
        // What these lead to is the next wave.
        let wave: Vec<RelPath> = std::mem::take(&mut open)
            .into_iter()
            .filter(|folder| seen.insert(folder.clone()))
            .filter(|folder| roots::inside(root, folder) && !scope.excludes(folder) && shelf.has(&manifest(folder)))
            .collect();
        let manifests: Vec<RelPath> = wave.iter().map(manifest).collect();
        let documents = shelf.tomls(&manifests);
        for (folder, member) in wave.into_iter().zip(documents).filter_map(|(folder, it)| Some((folder, it?))) {
            // A folder with a workspace of its own belongs to that one.
            if !member.contains_key("workspace") {
                open.extend(scope.path_dependencies(&folder, &member));
                read.insert(folder, member);
            }
        }
    }
    for folder in in_order(&scope, &read) {
        package(shelf, &scope, folder, &read[folder]);
    }
    read.into_keys().collect()
}

/// The members so that each comes after those that its publish needs on the registry. Dependencies for development are not
/// needed there, so that cargo's own cycles do no harm; any other cycle is cut where it is entered.
fn in_order<'m>(scope: &Scope<'_>, members: &'m BTreeMap<RelPath, DocumentMut>) -> Vec<&'m RelPath> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for start in members.keys() {
        // A stack of its own: a hostile chain of members must not be one of calls.
        let mut stack = vec![(start, false)];
        while let Some((folder, done)) = stack.pop() {
            if done {
                order.push(folder);
            } else if seen.insert(folder) {
                stack.push((folder, true));
                let needed = scope.dependencies_by_path(folder, &members[folder], &NEEDED);
                stack.extend(
                    needed.iter().filter_map(|path| members.get_key_value(path)).map(|(path, _)| (path, false)),
                );
            }
        }
    }
    order
}

/// What the workspace's root says for all.
struct Scope<'a> {
    root: &'a RelPath,
    document: &'a DocumentMut,
    members: Vec<String>,
    /// The members that are named by their own path, not by a pattern.
    named: BTreeSet<RelPath>,
    exclude: Vec<RelPath>,
}

impl<'a> Scope<'a> {
    fn new(root: &'a RelPath, document: &'a DocumentMut) -> Self {
        let members = texts_at(document.as_table(), &["workspace", "members"]);
        let exclude = texts_at(document.as_table(), &["workspace", "exclude"]);
        let exclude = exclude.iter().take(MAX_PATTERNS).filter_map(|path| root.join(path).ok()).collect();
        let named = members.iter().take(MAX_PATTERNS).filter_map(|member| root.join(member).ok()).collect();
        Self { root, document, members, named, exclude }
    }

    /// `exclude` holds folders, not patterns; a member that is listed by its own path stays one.
    fn excludes(&self, folder: &RelPath) -> bool {
        !self.named.contains(folder) && self.exclude.iter().any(|excluded| roots::inside(excluded, folder))
    }

    /// A field of `[package]`, or the workspace's where it says `workspace = true`.
    fn field<'t>(&'t self, package: &'t dyn TableLike, key: &str) -> Option<&'t Item> {
        let own = package.get(key)?;
        if inherits(own) { at(self.document.as_table(), &["workspace", "package", key]) } else { Some(own) }
    }

    /// The folders of all dependencies that have a path.
    fn path_dependencies(&self, folder: &RelPath, document: &DocumentMut) -> Vec<RelPath> {
        self.dependencies_by_path(folder, document, &DEPENDENCIES)
    }

    fn dependencies_by_path(&self, folder: &RelPath, document: &DocumentMut, kinds: &[&str]) -> Vec<RelPath> {
        let mut found = Vec::new();
        for (name, item) in dependencies(document, kinds) {
            let (base, item) = self.resolve(folder, name, item);
            if let Some(path) = item.and_then(|item| text_at(item.as_table_like()?, &["path"])) {
                found.extend(joined(base, path));
            }
        }
        found
    }

    /// The dependency itself, or the workspace's where it is inherited, and the folder that its path is relative to.
    fn resolve<'t>(&'t self, folder: &'t RelPath, name: &str, item: &'t Item) -> (&'t RelPath, Option<&'t Item>) {
        if inherits(item) {
            (self.root, at(self.document.as_table(), &["workspace", "dependencies", name]))
        } else {
            (folder, Some(item))
        }
    }

    /// Dependencies that crates.io would refuse: a registry can't follow a path, and takes no `*`.
    fn unfit_versions(&self, folder: &RelPath, document: &DocumentMut) -> Vec<String> {
        let mut found = Vec::new();
        for (name, item) in dependencies(document, &NEEDED) {
            let Some(item) = self.resolve(folder, name, item).1 else { continue };
            if item.as_str().or_else(|| text_at(item.as_table_like()?, &["version"])) == Some("*") {
                found.push(format!("the dependency {name} takes any version (`*`)"));
            }
            let Some(table) = item.as_table_like() else { continue };
            let elsewhere = table.contains_key("path") || table.contains_key("git");
            if elsewhere && !table.contains_key("version") {
                found.push(format!("the dependency {name} has no version"));
            }
        }
        found
    }
}

fn inherits(item: &Item) -> bool {
    item.as_table_like().is_some_and(|table| table.get("workspace").and_then(Item::as_bool) == Some(true))
}

/// The entries of these tables, those under `[target.*]` included.
fn dependencies<'t>(document: &'t DocumentMut, kinds: &[&str]) -> Vec<(&'t str, &'t Item)> {
    let targets = at(document.as_table(), &["target"]).and_then(Item::as_table_like);
    let targets = targets.into_iter().flat_map(|table| table.iter()).filter_map(|(_, item)| item.as_table_like());
    let tables = std::iter::once(document.as_table() as &dyn TableLike).chain(targets);
    let mut found = Vec::new();
    for table in tables {
        let sections = kinds.iter().filter_map(|kind| table.get(kind).and_then(Item::as_table_like));
        found.extend(sections.flat_map(|section| section.iter()));
    }
    found
}

/// `base/path` with `..` taken back; `None` where it leaves the checkout.
fn joined(base: &RelPath, path: &str) -> Option<RelPath> {
    let mut parts: Vec<&str> = base.as_str().split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    RelPath::new(&parts.join("/")).ok()
}

fn package(shelf: &mut Shelf<'_>, scope: &Scope<'_>, folder: &RelPath, document: &DocumentMut) {
    let path = manifest(folder);
    let Some(package) = at(document.as_table(), &["package"]).and_then(Item::as_table_like) else { return };
    let Some(name) = text_at(package, &["name"]) else {
        return shelf.broken(&path, 1, 1, "[package] has no name");
    };
    let text = |key: &str| scope.field(package, key).and_then(Item::as_str).map(str::to_owned);
    let version = text("version");
    if !published(scope.field(package, "publish"), version.is_some()) {
        return;
    }
    if is_binding(shelf, folder, document) {
        return shelf.note(&path, format!("{name} is the native half of a package beside it, and no crate to publish"));
    }
    let mut lacks = Vec::new();
    if text("description").is_none_or(|text| text.trim().is_empty()) {
        lacks.push("description is missing".to_owned());
    }
    if text("license").or_else(|| text("license-file")).is_none_or(|text| text.trim().is_empty()) {
        lacks.push("license or license-file is missing".to_owned());
    }
    let keywords = scope.field(package, "keywords").and_then(Item::as_array).map_or(0, toml_edit::Array::len);
    // rust-lang/crates.io src/controllers/krate/publish.rs, read 2026-08-21.
    if keywords > 5 {
        lacks.push(format!("{keywords} keywords are more than the 5 that crates.io takes"));
    }
    lacks.extend(scope.unfit_versions(folder, document));
    let repository = text("repository").and_then(|url| mentioned_repository(&url));
    shelf.add(Stated { version, repository, lacks, ..Stated::named(Registry::CratesIo, name, path) });
}

/// Whether crates.io may get it: `publish` is not written or true, or names crates-io. Without a version it is `false`.
fn published(publish: Option<&Item>, has_version: bool) -> bool {
    match publish {
        None => has_version,
        Some(item) => match (item.as_bool(), item.as_array()) {
            (Some(publish), _) => publish && has_version,
            (None, Some(registries)) => registries.iter().any(|name| name.as_str() == Some("crates-io")),
            (None, None) => true,
        },
    }
}

/// A library that only other languages load, beside the manifest of that language: maturin's or napi's native half.
fn is_binding(shelf: &Shelf<'_>, folder: &RelPath, document: &DocumentMut) -> bool {
    let only_c = texts_at(document.as_table(), &["lib", "crate-type"]) == ["cdylib"];
    let beside = ["pyproject.toml", "package.json"];
    only_c && beside.iter().any(|name| folder.join(name).is_ok_and(|path| shelf.has(&path)))
}
