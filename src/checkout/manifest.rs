//! What the readers of manifests share: files of a source, parsed, with whatever is wrong turned into findings.
//!
//! Nothing here knows a registry's rules.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use toml_edit::{DocumentMut, Item, TableLike};

use crate::model::{
    Finding, Package, PackageId, PackageName, Place, Registry, RelPath, RepoSlug, Severity, clean_line,
};

use crate::spread::spread;
use crate::yaml;

use super::jsonc;
use super::source::FileSource;

/// The files of a source, and what was found in them so far.
pub(super) struct Shelf<'a> {
    source: &'a dyn FileSource,
    pub(super) packages: Vec<Package>,
    /// Platforms of them that their manifests name.
    pub(super) family: Vec<Package>,
    /// Files that could not be read: their packages are left out.
    pub(super) unread: Vec<RelPath>,
    pub(super) findings: Vec<Finding>,
}

/// A package as a manifest states it.
pub(super) struct Stated {
    pub(super) registry: Registry,
    /// The name as its registry normalises it.
    pub(super) name: String,
    /// The name as written, where that is another text.
    pub(super) spelled: Option<String>,
    pub(super) manifest: RelPath,
    pub(super) version: Option<String>,
    pub(super) repository: Option<RepoSlug>,
    pub(super) lacks: Vec<String>,
    /// Whether the manifest keeps the public from reading it.
    pub(super) restricted: bool,
}

impl Stated {
    /// A name in a manifest that says nothing more.
    pub(super) fn named(registry: Registry, name: impl Into<String>, manifest: RelPath) -> Self {
        Self {
            registry,
            name: name.into(),
            spelled: None,
            manifest,
            version: None,
            repository: None,
            lacks: Vec::new(),
            restricted: false,
        }
    }
}

impl<'a> Shelf<'a> {
    pub(super) fn new(source: &'a dyn FileSource) -> Self {
        let findings = source.findings().to_vec();
        Self { source, packages: Vec::new(), family: Vec::new(), unread: Vec::new(), findings }
    }

    /// Whether a file is there.
    pub(super) fn has(&self, path: &RelPath) -> bool {
        self.source.paths().binary_search(path).is_ok()
    }

    /// Whether a folder has a file whose name is so.
    pub(super) fn has_file_in(&self, folder: &RelPath, named: impl Fn(&str) -> bool) -> bool {
        self.source.paths().iter().any(|path| path.parent() == *folder && named(path.file_name()))
    }

    /// Whether a folder has any file.
    pub(super) fn source_has_folder(&self, folder: &RelPath) -> bool {
        self.source.paths().iter().any(|path| path.parent() == *folder)
    }

    /// The folders that hold a file of this name, sorted.
    pub(super) fn folders_with(&self, name: &str) -> Vec<RelPath> {
        let inside =
            |path: &&RelPath| path.file_name() == name && !path.as_str().split('/').any(|p| p == "node_modules");
        self.source.paths().iter().filter(inside).map(RelPath::parent).collect()
    }

    /// The files whose name ends so, sorted.
    pub(super) fn files_ending(&self, ends: &[&str]) -> Vec<RelPath> {
        let inside = |path: &&RelPath| {
            let name = path.file_name();
            ends.iter().any(|end| name.len() > end.len() && name.ends_with(end))
                && !path.as_str().split('/').any(|part| part == "node_modules")
        };
        self.source.paths().iter().filter(inside).cloned().collect()
    }

    /// A file's text without its BOM; `None` and a finding where it can't be read.
    pub(super) fn text(&mut self, path: &RelPath) -> Option<String> {
        self.one(path, text)
    }

    /// A TOML file; a broken one is a finding with the parser's own caret.
    pub(super) fn toml(&mut self, path: &RelPath) -> Option<DocumentMut> {
        self.one(path, toml)
    }

    /// Many TOML files, read and parsed at once.
    pub(super) fn tomls(&mut self, paths: &[RelPath]) -> Vec<Option<DocumentMut>> {
        self.many(paths, toml)
    }

    /// A JSON file.
    pub(super) fn json(&mut self, path: &RelPath) -> Option<serde_json::Value> {
        self.one(path, json)
    }

    /// Many JSON files, read and parsed at once.
    pub(super) fn jsons(&mut self, paths: &[RelPath]) -> Vec<Option<serde_json::Value>> {
        self.many(paths, json)
    }

    fn one<T>(&mut self, path: &RelPath, read: Reader<T>) -> Option<T> {
        let answer = read(self.source, path);
        self.kept(path, answer)
    }

    fn many<T: Send>(&mut self, paths: &[RelPath], read: Reader<T>) -> Vec<Option<T>> {
        let source = self.source;
        let answers = spread(paths, |path| read(source, path));
        paths.iter().zip(answers).map(|(path, answer)| self.kept(path, answer)).collect()
    }

    fn kept<T>(&mut self, path: &RelPath, answer: Result<T, Finding>) -> Option<T> {
        answer.map_err(|finding| self.not_read(path, finding)).ok()
    }

    fn not_read(&mut self, path: &RelPath, finding: Finding) {
        self.unread.push(path.clone());
        self.findings.push(finding);
    }

    /// A JSON file with comments and trailing commas, as deno's and JSR's are.
    pub(super) fn jsonc(&mut self, path: &RelPath) -> Option<serde_json::Value> {
        let text = self.text(path)?;
        // Taking the comments out moves no byte.
        self.kept(path, serde_json::from_str(&jsonc::plain(&text)).map_err(|error| broken_json(path, &text, &error)))
    }

    /// A YAML file.
    pub(super) fn yaml(&mut self, path: &RelPath) -> Option<yaml::Node> {
        let text = self.text(path)?;
        match yaml::parse(text.as_bytes()) {
            Ok(node) => Some(node),
            Err(error) => {
                self.broken(path, error.at.line, error.at.column, &error.message);
                None
            }
        }
    }

    /// A finding for a file that is not what its name says.
    pub(super) fn broken(&mut self, path: &RelPath, line: usize, column: usize, message: &str) {
        self.not_read(path, broken(path, line, column, message));
    }

    /// Something worth knowing about a manifest.
    pub(super) fn note(&mut self, path: &RelPath, message: impl Into<String>) {
        let place = Place { file: path.clone(), line: 1, column: 1 };
        let finding = Finding::new(Severity::Note, message).at(place);
        // A manifest may be reached twice: as a member, and by the name that a config gives its folder.
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Takes a package in. A name that no registry can hold, or one that is there already, is a finding.
    pub(super) fn add(&mut self, stated: Stated) {
        let Stated { registry, name, spelled, manifest, version, repository, lacks, restricted } = stated;
        let name = match PackageName::new(&name) {
            Ok(name) => name,
            Err(error) => return self.note(&manifest, format!("{manifest} was passed over: {error}")),
        };
        let spelled = spelled.and_then(|text| PackageName::new(&text).ok()).unwrap_or_else(|| name.clone());
        let id = PackageId { registry, name };
        if let Some(known) = self.packages.iter().find(|package| package.id == id) {
            if known.manifest != manifest {
                let message = format!("{id} is stated by {} already; {manifest} was passed over", known.manifest);
                self.note(&manifest, message);
            }
            return;
        }
        self.packages.push(Package { id, spelled, manifest, version, repository, lacks, restricted, family: None });
    }
}

/// Reads and parses one file.
type Reader<T> = fn(&dyn FileSource, &RelPath) -> Result<T, Finding>;

fn text(source: &dyn FileSource, path: &RelPath) -> Result<String, Finding> {
    let file = source.read(path).map_err(|error| error.finding())?;
    match std::str::from_utf8(&file.bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        Err(error) => {
            let line = 1 + file.bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            Err(broken(path, line, 1, "it is not UTF-8 text"))
        }
    }
}

fn toml(source: &dyn FileSource, path: &RelPath) -> Result<DocumentMut, Finding> {
    let text = text(source, path)?;
    text.parse::<DocumentMut>().map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
        broken(path, line, column, &error.to_string())
    })
}

fn json(source: &dyn FileSource, path: &RelPath) -> Result<serde_json::Value, Finding> {
    let text = text(source, path)?;
    serde_json::from_str(&text).map_err(|error| broken_json(path, &text, &error))
}

/// The parser counts bytes; a place counts characters.
fn broken_json(path: &RelPath, text: &str, error: &serde_json::Error) -> Finding {
    let line = error.line().max(1);
    let bytes = text.split('\n').nth(line - 1).unwrap_or_default().as_bytes();
    let before = String::from_utf8_lossy(&bytes[..error.column().min(bytes.len())]).chars().count();
    broken(path, line, before.max(1), &error.to_string())
}

fn broken(path: &RelPath, line: usize, column: usize, message: &str) -> Finding {
    // The parser quotes the line, however long it is.
    let message: Vec<String> = message.lines().take(8).map(|line| clean_line(line, 160)).collect();
    let text = format!("{path} can't be read: {}", message.join("\n"));
    let place = Place { file: path.clone(), line, column };
    Finding::new(Severity::Warning, text).at(place).hint("its packages are left out until it can be read")
}

/// How many patterns of a workspace are taken; no real one comes near.
pub(super) const MAX_PATTERNS: usize = 1000;

/// Patterns of a workspace: a folder is a member if one matches and none that begins with `!` does.
pub(super) struct Members {
    take: GlobSet,
    leave: GlobSet,
}

impl Members {
    /// Patterns relative to `root`. One that can't be a path inside the checkout matches nothing.
    pub(super) fn new(root: &RelPath, patterns: &[String]) -> Self {
        let set = |negative: bool| {
            let mut set = GlobSetBuilder::new();
            for pattern in patterns.iter().take(MAX_PATTERNS).filter(|pattern| pattern.starts_with('!') == negative) {
                let path = root.join(pattern.trim_start_matches('!').trim_start_matches('/'));
                let glob = path.ok().and_then(|p| GlobBuilder::new(p.as_str()).literal_separator(true).build().ok());
                if let Some(glob) = glob {
                    set.add(glob);
                }
            }
            // Too large a set matches nothing.
            set.build().unwrap_or_default()
        };
        Self { take: set(false), leave: set(true) }
    }

    /// Whether a folder is a member.
    pub(super) fn holds(&self, folder: &RelPath) -> bool {
        self.take.is_match(folder.as_str()) && !self.leave.is_match(folder.as_str())
    }
}

/// A value in nested tables.
pub(super) fn at<'t>(table: &'t dyn TableLike, path: &[&str]) -> Option<&'t Item> {
    let (first, rest) = path.split_first()?;
    let item = table.get(first)?;
    if rest.is_empty() { Some(item) } else { at(item.as_table_like()?, rest) }
}

/// A text in nested tables.
pub(super) fn text_at<'t>(table: &'t dyn TableLike, path: &[&str]) -> Option<&'t str> {
    at(table, path)?.as_str()
}

/// The texts of a list in nested tables.
pub(super) fn texts_at(table: &dyn TableLike, path: &[&str]) -> Vec<String> {
    let array = at(table, path).and_then(Item::as_array);
    array.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
