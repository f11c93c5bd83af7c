//! Dart's packages: the root's pubspec, the members of a pub workspace, and those that melos names.
//!
//! Rules read in dart.dev's pages on the pubspec (publish_to, name, version) and on workspaces, 2026-11-21.

use url::Url;

use crate::model::{Registry, RelPath, mentioned_repository};
use crate::yaml::Node;

use super::manifest::{Members, Shelf, Stated};
use super::roots;

const MANIFEST: &str = "pubspec.yaml";
/// Hosts that are pub.dev.
const HOSTS: [&str; 2] = ["pub.dev", "pub.dartlang.org"];

/// Adds the packages. `named` are folders that a config file names.
pub(super) fn read(shelf: &mut Shelf<'_>, named: &[RelPath]) {
    let before = shelf.packages.len();
    let workspace = project(shelf, &RelPath::root());
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
    let pubspec = package(shelf, folder);
    let mut patterns = pubspec.as_ref().map(|pubspec| texts(pubspec.get("workspace"))).unwrap_or_default();
    if patterns.is_empty() {
        patterns = melos(shelf, folder);
    }
    if patterns.is_empty() {
        return false;
    }
    let members = Members::new(folder, &patterns);
    for member in shelf.folders_with(MANIFEST) {
        if member != *folder && members.holds(&member) {
            package(shelf, &member);
        }
    }
    true
}

/// The packages of melos.yaml, from before pub had workspaces.
fn melos(shelf: &mut Shelf<'_>, folder: &RelPath) -> Vec<String> {
    let path = folder.join("melos.yaml").ok().filter(|path| shelf.has(path));
    let Some(melos) = path.and_then(|path| shelf.yaml(&path)) else { return Vec::new() };
    let mut patterns = texts(melos.get("packages"));
    patterns.extend(texts(melos.get("ignore")).into_iter().map(|pattern| format!("!{pattern}")));
    patterns
}

fn texts(list: Option<&Node>) -> Vec<String> {
    let items = list.map(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| item.text().map(|text| text.value.clone())).collect()
}

/// Reads a folder's pubspec, and takes the package in if pub.dev may get it.
fn package(shelf: &mut Shelf<'_>, folder: &RelPath) -> Option<Node> {
    let path = folder.join(MANIFEST).ok().filter(|path| shelf.has(path))?;
    let pubspec = shelf.yaml(&path)?;
    let text = |key: &str| pubspec.get(key).and_then(Node::text).map(|text| text.value.as_str());
    let Some(name) = text("name") else { return Some(pubspec) };
    match text("publish_to") {
        Some("none") => return Some(pubspec),
        Some(address) if !is_pub_dev(address) => {
            shelf.note(&path, format!("{name} goes to {address} by its publish_to, so it was left out"));
            return Some(pubspec);
        }
        _ => {}
    }
    // An app has no version; pub refuses to publish without one.
    let Some(version) = text("version") else {
        shelf.note(&path, format!("{name} has no version, so it was left out"));
        return Some(pubspec);
    };
    let mut lacks = Vec::new();
    if text("description").is_none_or(|text| text.trim().is_empty()) {
        lacks.push("description is missing".to_owned());
    }
    if !shelf.has_file_in(folder, is_licence) {
        lacks.push("a LICENSE file is missing beside it".to_owned());
    }
    let repository = text("repository").or_else(|| text("homepage")).and_then(mentioned_repository);
    let version = Some(version.to_owned());
    shelf.add(Stated { version, repository, lacks, ..Stated::named(Registry::PubDev, name, path) });
    Some(pubspec)
}

/// What pub takes for a licence: `LICENSE`, `LICENSE.md`, `MIT-LICENSE`, `COPYING.txt`, `UNLICENSE`; in this case alone
/// (dart-lang/pub lib/src/validator/license.dart, 2026-11-21).
fn is_licence(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let plain = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
    let (before, word) = stem.rsplit_once(['-', '_']).unwrap_or(("x", stem));
    stem == "UNLICENSE" || matches!(word, "LICENSE" | "COPYING") && plain(before)
}

fn is_pub_dev(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| url.host_str().is_some_and(|host| HOSTS.contains(&host)))
}
