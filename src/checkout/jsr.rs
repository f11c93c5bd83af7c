//! JSR's packages: jsr.json or deno.json with a name and exports, and the members of a deno workspace.
//!
//! Rules read in jsr.json's page of JSR's documentation and deno's page on workspaces, 2026-11-21.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Registry, RelPath};

use super::manifest::{Members, Shelf, Stated};
use super::roots;

/// The manifests, in the order in which they are asked for a name.
const MANIFESTS: [&str; 4] = ["jsr.json", "jsr.jsonc", "deno.json", "deno.jsonc"];

/// Adds the packages. `named` are folders that a config file names.
pub(super) fn read(shelf: &mut Shelf<'_>, named: &[RelPath]) {
    let before = shelf.packages.len();
    let workspace = project(shelf, &RelPath::root());
    if !workspace && shelf.packages.len() == before && named.is_empty() {
        let mut folders: BTreeSet<RelPath> = MANIFESTS.iter().flat_map(|name| roots::near(shelf, name)).collect();
        // A member of an npm workspace may go to both registries.
        folders.extend(shelf.packages.iter().filter(|p| p.id.registry == Registry::Npm).map(|p| p.dir()));
        for folder in folders {
            project(shelf, &folder);
        }
    }
    for folder in named {
        package(shelf, folder);
    }
}

/// Reads a folder's package and its members; says whether it is a workspace.
fn project(shelf: &mut Shelf<'_>, folder: &RelPath) -> bool {
    let patterns = package(shelf, folder);
    if patterns.is_empty() {
        return false;
    }
    let members = Members::new(folder, &patterns);
    let folders: BTreeSet<RelPath> = MANIFESTS.iter().flat_map(|name| shelf.folders_with(name)).collect();
    for member in folders.iter().filter(|member| *member != folder && members.holds(member)) {
        package(shelf, member);
    }
    true
}

/// Reads a folder's manifests, takes its package in, and gives back the patterns of a workspace's members.
fn package(shelf: &mut Shelf<'_>, folder: &RelPath) -> Vec<String> {
    let mut patterns = Vec::new();
    let mut named = false;
    for file in MANIFESTS {
        let Some(path) = folder.join(file).ok().filter(|path| shelf.has(path)) else { continue };
        let Some(manifest) = shelf.jsonc(&path) else { continue };
        patterns.extend(workspace(&manifest));
        if !named {
            named = take(shelf, &manifest, path);
        }
    }
    patterns
}

/// `workspace`, as a list or as an object that holds one.
fn workspace(manifest: &Value) -> Vec<String> {
    let list = match manifest.get("workspace") {
        Some(Value::Object(object)) => object.get("members"),
        other => other,
    };
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Takes the package in if the manifest names one that JSR may get; says whether it names one.
fn take(shelf: &mut Shelf<'_>, manifest: &Value, path: RelPath) -> bool {
    let text = |key: &str| manifest.get(key).and_then(Value::as_str);
    let Some(name) = text("name") else { return false };
    let exports = matches!(manifest.get("exports"), Some(Value::String(_) | Value::Object(_)));
    let version = text("version").map(str::to_owned);
    // deno.json serves any project: without exports and a version it only gives itself a name.
    let only_deno = path.file_name().starts_with("deno.") && (version.is_none() || !exports);
    if only_deno || manifest.get("publish") == Some(&Value::Bool(false)) {
        return true;
    }
    if !is_jsr(name) {
        let message = format!("{path} was passed over: `{name}` is not of the form @scope/name");
        shelf.note(&path, message);
        return true;
    }
    let mut lacks = Vec::new();
    if version.is_none() {
        lacks.push("version is missing".to_owned());
    }
    if !exports {
        lacks.push("exports are missing".to_owned());
    }
    shelf.add(Stated { version, lacks, ..Stated::named(Registry::Jsr, name, path) });
    true
}

/// `@scope/name` of lower-case letters, digits and hyphens.
fn is_jsr(name: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    name.strip_prefix('@').and_then(|name| name.split_once('/')).is_some_and(|(scope, name)| part(scope) && part(name))
}
