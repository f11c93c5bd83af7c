//! Which packages a publishing step means: by name, by folder, all, or nobody can tell.

use globset::{GlobBuilder, GlobMatcher};

use crate::model::{Package, PackageName, Registry, RelPath};

use super::super::value::Value;

/// How many letters around an unknown part must be fixed before what fits the rest is believed.
const FIXED: usize = 3;

/// What a step says about its packages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Mention {
    /// Names.
    pub(super) names: Vec<Value>,
    /// Folders, relative to the checkout.
    pub(super) folders: Vec<Value>,
    /// All of them.
    pub(super) all: bool,
    /// But not these names.
    pub(super) except: Vec<Value>,
}

/// The packages that a step means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// These.
    Named(Vec<PackageName>),
    /// One of these, or several: something in the name decides in the run.
    Among(Vec<PackageName>),
    /// Nobody can tell.
    Unknown,
}

/// The packages that a config file lists, else those that a mention means. A list without any says nothing.
pub(super) fn listed_or_meant(
    listed: Option<Vec<PackageName>>,
    registry: Registry,
    mention: &Mention,
    packages: &[Package],
) -> Meant {
    match listed {
        Some(names) if !names.is_empty() => Meant::Named(names),
        Some(_) => Meant::Unknown,
        None => meant(registry, mention, packages),
    }
}

/// Which of the packages a mention means.
pub(super) fn meant(registry: Registry, mention: &Mention, packages: &[Package]) -> Meant {
    let here: Vec<&Package> = packages.iter().filter(|package| package.id.registry == registry).collect();
    let names = |found: &[&Package]| found.iter().map(|package| package.id.name.clone()).collect::<Vec<_>>();
    let (named, open) = texts(&mention.names);
    let (folders, open_folders) = texts(&mention.folders);
    let unknown: Vec<String> = open.into_iter().chain(open_folders).collect();
    if !unknown.is_empty() {
        let globs: Vec<GlobMatcher> = unknown.iter().filter_map(|text| wildcard(text)).collect();
        let fits = |text: &str| globs.iter().any(|glob| glob.is_match(text));
        let fitting: Vec<&Package> =
            here.iter().copied().filter(|p| fits(p.id.name.as_str()) || fits(p.dir().as_str())).collect();
        return match (&here[..], &fitting[..]) {
            ([only], _) => Meant::Among(names(&[only])),
            (_, []) if mention.all && !here.is_empty() => Meant::Among(names(&here)),
            (_, []) => Meant::Unknown,
            (_, fitting) => Meant::Among(names(fitting)),
        };
    }
    if !named.is_empty() {
        let named: Vec<&Package> = here.iter().copied().filter(|package| is_named(package, &named)).collect();
        return if named.is_empty() { Meant::Unknown } else { Meant::Named(names(&named)) };
    }
    if mention.all && !here.is_empty() {
        let (except, _) = texts(&mention.except);
        let kept: Vec<&Package> = here.into_iter().filter(|package| !is_named(package, &except)).collect();
        return Meant::Named(names(&kept));
    }
    let lying: Vec<&Package> = here.iter().copied().filter(|package| lies_in(package, &folders)).collect();
    match (&lying[..], &here[..]) {
        // Run at the root, a tool finds the only package there is; in a folder that is no package's it may mean another one.
        ([], [only])
            if folders.iter().all(|folder| matches!(folder.trim_end_matches('/'), "" | "." | "dist" | "./dist")) =>
        {
            Meant::Named(names(&[only]))
        }
        ([], [only]) => Meant::Among(names(&[only])),
        ([], _) => Meant::Unknown,
        (lying, _) => Meant::Named(names(lying)),
    }
}

/// What is known of these, each alternative by itself, and what is known in part, as it is shown.
fn texts(values: &[Value]) -> (Vec<String>, Vec<String>) {
    let (mut known, mut open) = (Vec::new(), Vec::new());
    for value in values.iter().flat_map(Value::spread) {
        match value.literal() {
            Some(text) => known.push(text),
            None => open.push(value.shown()),
        }
    }
    (known, open)
}

/// The text as a pattern: what an unknown part stands for may be anything but a slash.
fn wildcard(text: &str) -> Option<GlobMatcher> {
    let mut pattern = String::new();
    let mut rest = text.trim_start_matches("./");
    while let Some(at) = rest.find("${{") {
        pattern.push_str(&globset::escape(&rest[..at]));
        pattern.push('*');
        rest = rest[at..].find("}}").map_or("", |end| &rest[at + end + 2..]);
    }
    pattern.push_str(&globset::escape(rest));
    let fixed = pattern.chars().filter(|c| c.is_alphanumeric()).count();
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build().ok()?;
    (fixed >= FIXED).then(|| glob.compile_matcher())
}

/// A name as it is, npm's `name@version`, and the filters of pnpm and npm that name a folder (`./packages/a...`).
fn is_named(package: &Package, names: &[String]) -> bool {
    let dir = package.dir();
    names.iter().flat_map(|name| name.split(',')).any(|name| {
        let bare = name.trim_start_matches('.').trim_start_matches('/').trim_end_matches("...").trim_end_matches('/');
        // A filter of folders: `./packages/*`, `{packages/**}`.
        let filter = bare.trim_start_matches('{').trim_end_matches('}');
        let glob = || GlobBuilder::new(filter).literal_separator(true).build().ok().map(|glob| glob.compile_matcher());
        name == package.id.name.as_str()
            || bare == package.id.name.as_str()
            || bare == dir.as_str() && !dir.is_root()
            || name.split_once('@').is_some_and(|(before, _)| before == package.id.name.as_str())
            || filter.contains('*')
                && glob().is_some_and(|glob| glob.is_match(dir.as_str()) || glob.is_match(package.id.name.as_str()))
    })
}

fn lies_in(package: &Package, folders: &[String]) -> bool {
    folders.iter().filter_map(|folder| RelPath::new(folder).ok()).any(|folder| {
        package.dir() == folder
            || package.manifest == folder
            // `dist` of the package's own folder, where a build leaves its files.
            || (matches!(folder.file_name(), "dist" | "build" | "out" | "lib" | "pkg") && package.dir() == folder.parent())
    })
}
