//! npm's packages: the root's, and the members that npm's, yarn's or pnpm's workspaces name.
//!
//! Rules read in npm 11.19's page on package.json (private, version, workspaces, publishConfig) and pnpm's page on
//! pnpm-workspace.yaml, 2026-11-21.

use serde_json::Value;
use url::Url;

use crate::model::{Registry, RelPath, RepoSlug, mentioned_repository};

use super::manifest::{Members, Shelf, Stated};
use super::{FileSource, platforms, roots};

const MANIFEST: &str = "package.json";
/// Hosts that are the npm registry.
const REGISTRY_HOSTS: [&str; 3] = ["registry.npmjs.org", "registry.npmjs.com", "registry.yarnpkg.com"];

/// Fields of a package that serves somebody; a manifest with none of them and no version only holds tools.
const CONTENT: [&str; 7] = ["main", "module", "exports", "browser", "bin", "files", "types"];

/// Adds the packages. `named` are folders that a config file names.
pub(super) fn read(shelf: &mut Shelf<'_>, named: &[RelPath]) {
    let root = RelPath::root();
    let before = shelf.packages.len();
    let workspace = project(shelf, &root);
    // A private root without members is tooling; what it serves lies near it.
    if !workspace && shelf.packages.len() == before && named.is_empty() {
        for folder in roots::near(shelf, MANIFEST) {
            project(shelf, &folder);
        }
    }
    for folder in named {
        package(shelf, folder);
    }
}

/// Whether the project's package manager is pnpm: its workspace file at the root, or `packageManager` in package.json.
pub(super) fn by_pnpm(source: &dyn FileSource) -> bool {
    let root = |name: &str| RelPath::new(name).ok().filter(|path| source.paths().binary_search(path).is_ok());
    let manager = || {
        let file = source.read(&root(MANIFEST)?).ok()?;
        let manifest: Value = serde_json::from_slice(&file.bytes).ok()?;
        Some(manifest.get("packageManager")?.as_str()?.starts_with("pnpm@"))
    };
    root("pnpm-workspace.yaml").is_some() || manager().unwrap_or_default()
}

/// Reads a folder's package and its members; says whether it is a workspace.
fn project(shelf: &mut Shelf<'_>, folder: &RelPath) -> bool {
    let own = package(shelf, folder);
    let mut patterns = own.as_ref().map(workspaces).unwrap_or_default();
    if let Some(found) = pnpm_workspaces(shelf, folder) {
        patterns = found;
    }
    if patterns.is_empty() {
        return false;
    }
    let members = Members::new(folder, &patterns);
    let mut found = shelf.folders_with(MANIFEST);
    found.retain(|member| member != folder && members.holds(member));
    let paths: Vec<RelPath> = found.iter().filter_map(|member| member.join(MANIFEST).ok()).collect();
    let manifests = shelf.jsons(&paths);
    for (path, manifest) in paths.into_iter().zip(manifests) {
        manifest.iter().for_each(|manifest| take(shelf, &path, manifest));
    }
    true
}

/// `workspaces`, as a list or as an object that holds one.
fn workspaces(manifest: &Value) -> Vec<String> {
    let list = match manifest.get("workspaces") {
        Some(Value::Object(object)) => object.get("packages"),
        other => other,
    };
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[derive(serde::Deserialize)]
struct PnpmWorkspace {
    #[serde(default)]
    packages: Option<Vec<String>>,
}

/// The patterns of pnpm-workspace.yaml; `None` where it holds settings alone, so that package.json's list stands.
fn pnpm_workspaces(shelf: &mut Shelf<'_>, folder: &RelPath) -> Option<Vec<String>> {
    let path = folder.join("pnpm-workspace.yaml").ok().filter(|path| shelf.has(path))?;
    let text = shelf.text(&path)?;
    match serde_saphyr::from_str::<PnpmWorkspace>(&text) {
        Ok(workspace) => workspace.packages,
        Err(error) => {
            let at = error.location();
            let number = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).max(1);
            let (line, column) = (number(at.map(|at| at.line())), number(at.map(|at| at.column())));
            shelf.broken(&path, line, column, &error.to_string());
            None
        }
    }
}

/// Reads a folder's package.json, and takes the package in if the registry may get it.
fn package(shelf: &mut Shelf<'_>, folder: &RelPath) -> Option<Value> {
    let path = folder.join(MANIFEST).ok().filter(|path| shelf.has(path))?;
    let manifest = shelf.json(&path)?;
    take(shelf, &path, &manifest);
    Some(manifest)
}

/// Takes a package in, if the registry may get it.
fn take(shelf: &mut Shelf<'_>, path: &RelPath, manifest: &Value) {
    let text = |key: &str| manifest.get(key).and_then(Value::as_str);
    let private = matches!(manifest.get("private"), Some(Value::Bool(true)));
    // Without a name npm can't publish it: a settings file, such as `{"type": "module"}`.
    let Some(name) = text("name").filter(|_| !private) else { return };
    if let Some(elsewhere) = other_registry(manifest, name) {
        return shelf.note(path, format!("{name} goes to {elsewhere} by its publishConfig, so it was left out"));
    }
    let version = text("version").map(str::to_owned);
    let repository = repository(manifest);
    if version.is_none() && !CONTENT.iter().any(|key| manifest.get(key).is_some()) {
        let message = format!("{name} has neither a version nor anything to import, so it was left out");
        return shelf.note(path, message);
    }
    let mut lacks = Vec::new();
    if version.is_none() {
        lacks.push("version is missing".to_owned());
    }
    if repository.is_none() {
        lacks.push("repository names no GitHub repository, and npm compares it for provenance".to_owned());
    }
    let restricted = manifest.pointer("/publishConfig/access").and_then(Value::as_str) == Some("restricted");
    if restricted && !name.starts_with('@') {
        lacks.push("publishConfig.access is restricted, which npm allows in a scope alone".to_owned());
    }
    platforms::read(shelf, path, name, manifest);
    let name = name.to_owned();
    for (registry, name) in built_by_jsii(manifest) {
        let (manifest, version, repository) = (path.clone(), version.clone(), repository.clone());
        shelf.add(Stated { version, repository, ..Stated::named(registry, name, manifest) });
    }
    let restricted = restricted && name.starts_with('@');
    shelf.add(Stated { version, repository, lacks, restricted, ..Stated::named(Registry::Npm, name, path.clone()) });
}

/// The packages for other registries that jsii builds from this one (its configuration reference, `jsii.targets`, read
/// 2026-11-21).
fn built_by_jsii(manifest: &Value) -> Vec<(Registry, String)> {
    let targets = [("python", "distName", Registry::Pypi), ("dotnet", "packageId", Registry::Nuget)];
    let name = |target: &str, key: &str| manifest.get("jsii")?.get("targets")?.get(target)?.get(key)?.as_str();
    targets.iter().filter_map(|(target, key, registry)| Some((*registry, name(target, key)?.to_owned()))).collect()
}

/// The registry that `publishConfig` names, if it is another one.
fn other_registry(manifest: &Value, name: &str) -> Option<String> {
    let config = manifest.get("publishConfig")?;
    let scope = name.split_once('/').map(|(scope, _)| format!("{scope}:registry"));
    let scoped = scope.and_then(|key| config.get(key));
    let address = scoped.or_else(|| config.get("registry")).and_then(Value::as_str)?;
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    match host {
        Some(host) if REGISTRY_HOSTS.contains(&host.as_str()) => None,
        Some(host) => Some(host),
        None => Some(address.to_owned()),
    }
}

/// `repository` as a text or as an object with a `url`.
fn repository(manifest: &Value) -> Option<RepoSlug> {
    let stated = manifest.get("repository")?;
    let address = stated.as_str().or_else(|| stated.get("url").and_then(Value::as_str))?;
    mentioned_repository(address)
}
