//! Which packages a publishing step means: by name, by folder, all, or nobody can tell.

use globset::{GlobBuilder, GlobMatcher};

use crate::model::{Package, PackageName, Registry, RelPath};

/// How many letters around an expression must be fixed before what fits the rest is believed.
const FIXED: usize = 3;

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

/// The packages that a step means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// These.
    Named(Vec<PackageName>),
    /// One of these, or several: an expression in the name decides in the run.
    Among(Vec<PackageName>),
    /// Nobody can tell.
    Unknown,
}

/// Which of the packages a mention means.
pub(super) fn meant(registry: Registry, mention: &Mention, packages: &[Package]) -> Meant {
    let here: Vec<&Package> = packages.iter().filter(|package| package.id.registry == registry).collect();
    let names = |found: &[&Package]| found.iter().map(|package| package.id.name.clone()).collect::<Vec<_>>();
    if mention.names.iter().chain(&mention.folders).any(|text| text.contains('$')) {
        let globs: Vec<GlobMatcher> =
            mention.names.iter().chain(&mention.folders).filter_map(|text| wildcard(text)).collect();
        let fits = |text: &str| globs.iter().any(|glob| glob.is_match(text));
        let fitting: Vec<&Package> =
            here.iter().copied().filter(|p| fits(p.id.name.as_str()) || fits(p.dir().as_str())).collect();
        return match (&here[..], &fitting[..]) {
            ([only], _) => Meant::Among(names(&[only])),
            (_, []) => Meant::Unknown,
            (_, fitting) => Meant::Among(names(fitting)),
        };
    }
    if !mention.names.is_empty() {
        let named: Vec<&Package> = here.iter().copied().filter(|package| is_named(package, &mention.names)).collect();
        return if named.is_empty() { Meant::Unknown } else { Meant::Named(names(&named)) };
    }
    if mention.all && !here.is_empty() {
        let kept: Vec<&Package> = here.into_iter().filter(|package| !is_named(package, &mention.except)).collect();
        return Meant::Named(names(&kept));
    }
    let lying: Vec<&Package> = here.iter().copied().filter(|package| lies_in(package, &mention.folders)).collect();
    match (&lying[..], &here[..]) {
        ([], [only]) => Meant::Named(names(&[only])),
        ([], _) => Meant::Unknown,
        (lying, _) => Meant::Named(names(lying)),
    }
}

/// The text as a pattern: what an expression or a variable stands for may be anything but a slash.
fn wildcard(text: &str) -> Option<GlobMatcher> {
    let mut pattern = String::new();
    let mut rest = text.trim_start_matches("./");
    while let Some(at) = rest.find('$') {
        pattern.push_str(&globset::escape(&rest[..at]));
        pattern.push('*');
        let after = &rest[at..];
        let end = if after.starts_with("${{") {
            after.find("}}").map(|end| end + 2)
        } else if after.starts_with("${") {
            after.find('}').map(|end| end + 1)
        } else {
            after[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map(|end| end + 1)
        };
        rest = end.map_or("", |end| &after[end..]);
    }
    pattern.push_str(&globset::escape(rest));
    let fixed = pattern.chars().filter(|c| c.is_alphanumeric()).count();
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build().ok()?;
    (fixed >= FIXED).then(|| glob.compile_matcher())
}

/// A name as it is, npm's `name@version`, and the filters of pnpm and npm that name a folder (`./packages/a...`).
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
