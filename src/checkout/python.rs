//! Python's packages: PEP 621, Poetry and setup.cfg names, and uv's workspace members.
//!
//! Rules read in uv's page on workspaces and the PyPA's guide to pyproject.toml (private classifiers), 2026-11-21.

use toml_edit::{DocumentMut, Item, TableLike};

use crate::model::{Registry, RelPath, RepoSlug, mentioned_repository, repository_among};

use super::manifest::{Members, Shelf, Stated, at, text_at, texts_at};
use super::roots;

const MANIFEST: &str = "pyproject.toml";

/// Adds the packages. `named` are folders that a config file names.
pub(super) fn read(shelf: &mut Shelf<'_>, named: &[RelPath]) {
    let before = shelf.packages.len();
    let workspace = project(shelf, &RelPath::root());
    // A root without a project of its own holds settings for tools; the projects lie near it.
    if !workspace && shelf.packages.len() == before && named.is_empty() {
        for folder in roots::near(shelf, MANIFEST) {
            project(shelf, &folder);
        }
    }
    for folder in named {
        package(shelf, folder);
    }
}

/// Reads a folder's package and its members; says whether it is a workspace.
fn project(shelf: &mut Shelf<'_>, folder: &RelPath) -> bool {
    let Some(document) = package(shelf, folder) else { return false };
    let Some(workspace) = at(document.as_table(), &["tool", "uv", "workspace"]).and_then(Item::as_table_like) else {
        return false;
    };
    let mut patterns = texts_at(workspace, &["members"]);
    patterns.extend(texts_at(workspace, &["exclude"]).into_iter().map(|pattern| format!("!{pattern}")));
    let members = Members::new(folder, &patterns);
    let mut found = shelf.folders_with(MANIFEST);
    found.retain(|member| member != folder && members.holds(member));
    let paths: Vec<RelPath> = found.iter().filter_map(|member| member.join(MANIFEST).ok()).collect();
    let documents = shelf.tomls(&paths);
    for (member, (path, document)) in found.iter().zip(paths.iter().zip(documents)) {
        document.iter().for_each(|document| take(shelf, member, path, document));
    }
    true
}

/// Reads a folder's manifest, and takes the package in if PyPI may get it.
fn package(shelf: &mut Shelf<'_>, folder: &RelPath) -> Option<DocumentMut> {
    let path = folder.join(MANIFEST).ok()?;
    if !shelf.has(&path) {
        setup_cfg(shelf, folder);
        return None;
    }
    let document = shelf.toml(&path)?;
    take(shelf, folder, &path, &document);
    Some(document)
}

/// Takes a package in, if PyPI may get it.
fn take(shelf: &mut Shelf<'_>, folder: &RelPath, path: &RelPath, document: &DocumentMut) {
    let table = document.as_table();
    let uv_package = at(table, &["tool", "uv", "package"]).and_then(Item::as_bool);
    let project = at(table, &["project"]).and_then(Item::as_table_like);
    let poetry = at(table, &["tool", "poetry"]).and_then(Item::as_table_like);
    let poetry_package = poetry.and_then(|table| table.get("package-mode")).and_then(Item::as_bool);
    if uv_package == Some(false) || poetry_package == Some(false) {
        return;
    }
    let stated = match (project, poetry) {
        (Some(project), poetry) => by_project(project, poetry, path),
        (None, Some(poetry)) => by_poetry(poetry, path),
        (None, None) => return setup_cfg(shelf, folder),
    };
    if let Some(stated) = stated {
        shelf.add(stated);
    }
}

/// PEP 621, whose computed fields are listed as `dynamic`; Poetry 2 may compute them from its own table.
fn by_project(project: &dyn TableLike, poetry: Option<&dyn TableLike>, path: &RelPath) -> Option<Stated> {
    let name = text_at(project, &["name"])?;
    if is_private(&texts_at(project, &["classifiers"])) {
        return None;
    }
    let version = text_at(project, &["version"]).map(str::to_owned);
    let dynamic = texts_at(project, &["dynamic"]).iter().any(|field| field == "version");
    let of_poetry = poetry.and_then(|table| text_at(table, &["version"])).filter(|_| dynamic).map(str::to_owned);
    let urls = project.get("urls").and_then(Item::as_table_like);
    Some(Stated {
        lacks: missing_version(version.is_some() || dynamic),
        version: version.or(of_poetry),
        repository: urls.and_then(repository),
        ..named(name, path)
    })
}

fn by_poetry(poetry: &dyn TableLike, path: &RelPath) -> Option<Stated> {
    let name = text_at(poetry, &["name"])?;
    if is_private(&texts_at(poetry, &["classifiers"])) {
        return None;
    }
    let version = text_at(poetry, &["version"]).map(str::to_owned);
    // With a plugin that computes the version, a zero is a placeholder and no version to show.
    let computed = version.as_deref().is_some_and(|version| matches!(version, "0.0.0" | "0")) && has_plugin(poetry);
    Some(Stated {
        lacks: missing_version(version.is_some()),
        version: version.filter(|_| !computed),
        repository: repository(poetry),
        ..named(name, path)
    })
}

fn has_plugin(poetry: &dyn TableLike) -> bool {
    ["version", "dynamic-versioning"].iter().any(|key| at(poetry, &[key]).is_some_and(Item::is_table_like))
        || poetry.contains_key("requires-plugins")
}

/// `[metadata] name` of setup.cfg, where a project has not moved on. setup.py is a program, and is not run.
fn setup_cfg(shelf: &mut Shelf<'_>, folder: &RelPath) {
    let Some(path) = folder.join("setup.cfg").ok().filter(|path| shelf.has(path)) else { return };
    let Some(text) = shelf.text(&path) else { return };
    let mut section = "";
    let mut fields = Vec::new();
    for line in text.lines() {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end().trim_end_matches(']');
        } else if section == "metadata" && !line.starts_with(char::is_whitespace) {
            fields.extend(line.split_once('=').map(|(key, value)| (key.trim(), value.trim())));
        }
    }
    let field = |wanted: &str| fields.iter().find(|(key, _)| *key == wanted).map(|(_, value)| *value);
    if let Some(name) = field("name").filter(|name| !name.is_empty()) {
        // `attr:` and `file:` are computed at build time.
        let version = field("version").filter(|version| !version.contains(':')).map(str::to_owned);
        shelf.add(Stated { version, repository: field("url").and_then(mentioned_repository), ..named(name, &path) });
    }
}

fn named(name: &str, path: &RelPath) -> Stated {
    let spelled = Some(name.trim().to_owned());
    Stated { spelled, ..Stated::named(Registry::Pypi, normalised(name), path.clone()) }
}

fn missing_version(there: bool) -> Vec<String> {
    if there { Vec::new() } else { vec!["version is missing".to_owned()] }
}

/// PyPI refuses every upload that carries a classifier of this kind.
fn is_private(classifiers: &[String]) -> bool {
    classifiers.iter().any(|classifier| classifier.trim().starts_with("Private ::"))
}

fn repository(urls: &dyn TableLike) -> Option<RepoSlug> {
    let links: Vec<(&str, &str)> = urls.iter().filter_map(|(label, url)| Some((label, url.as_str()?))).collect();
    repository_among(links.iter().copied())
}

/// PEP 503: lower-case, and every run of `-`, `_` and `.` is one hyphen.
fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}
