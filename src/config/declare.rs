//! Where a policy goes, and the change that puts it there.
//!
//! The file: the one that was chosen, else the first that is there of putitoutthere.toml, monochange.toml and untoken.toml,
//! else a new untoken.toml. A package is only ever added to untoken's own file, because another tool would publish it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::Document;
use super::edit::{self, CannotEdit};
use super::verify::{self, Edit, Unsound};
use super::{
    ConfigFile, Entry, Flavour, MONOCHANGE, PUTITOUTTHERE, Schema, UNTOKEN, monochange, read_document, render,
};
use crate::model::{FileChange, Finding, Package, PackageId, Registry, RelPath, Severity, SourceFile, TrustPolicy};

/// A policy to declare.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// For which package.
    pub package: &'a Package,
    /// The word for its registry: `crates`.
    pub kind: &'a str,
    /// What shall stand there. Without an environment, one that stands there goes; without a repository, one stays.
    pub policy: TrustPolicy,
}

/// What declaring takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declaration {
    /// The changes, one a file.
    pub changes: Vec<FileChange>,
    /// The packages for which it stands there already.
    pub already: Vec<PackageId>,
    /// What has to be done by hand.
    pub refused: Vec<Refused>,
    /// What a person should know of the choice of files.
    pub findings: Vec<Finding>,
}

/// Packages whose file is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which packages.
    pub packages: Vec<PackageId>,
    /// The file that would have been written.
    pub file: RelPath,
    /// Why it is not, as a fragment.
    pub why: String,
    /// The lines to paste there, a comment line before each package's.
    pub paste: String,
}

/// Why a package is not declared by untoken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("it could not be read: {0}")]
    Unreadable(String),
    #[error("it is not there, and only untoken.toml is made anew")]
    NotThere,
    #[error("the package is off OIDC on purpose: {0}")]
    OffOidc(String),
    #[error(transparent)]
    CannotEdit(#[from] CannotEdit),
    #[error(transparent)]
    Unsound(#[from] Unsound),
}

/// Finds the file for each policy and prepares the changes.
///
/// `files` are the config files that are there; others among them are passed over.
#[must_use]
pub fn declare(files: &[SourceFile], chosen: Option<&RelPath>, wanted: &[Wanted<'_>]) -> Declaration {
    let kinds: Vec<_> = wanted.iter().map(|w| (w.kind, w.package.id.registry)).collect();
    let mut desk = Desk::lay_out(files, chosen, &kinds);
    let shared = desk.share(wanted);
    for (index, wanted) in wanted.iter().enumerate() {
        if !shared.contains(&index) {
            desk.take(wanted);
        }
    }
    desk.clear()
}

/// A file on the desk.
struct Page {
    path: RelPath,
    original: Option<Arc<[u8]>>,
    state: State,
}

enum State {
    Open(Box<Sheet>),
    Shut(Refusal),
}

/// A file's text beside what it says.
struct Sheet {
    document: Document,
    config: ConfigFile,
}

struct Desk<'a> {
    kinds: &'a [(&'a str, Registry)],
    pages: Vec<Page>,
    /// Which page takes packages that no page has.
    home: usize,
    result: Declaration,
}

impl<'a> Desk<'a> {
    fn lay_out(files: &[SourceFile], chosen: Option<&RelPath>, kinds: &'a [(&'a str, Registry)]) -> Self {
        let own = [PUTITOUTTHERE, MONOCHANGE, UNTOKEN].into_iter().filter_map(|name| RelPath::new(name).ok());
        let paths: Vec<RelPath> = match chosen {
            Some(path) => vec![path.clone()],
            None => own.collect(),
        };
        let there = |path: &RelPath| files.iter().find(|file| file.path == *path);
        let mut pages: Vec<_> = paths.iter().filter_map(there).map(|file| Page::of(file, kinds)).collect();
        if let (Some(path), true) = (chosen, pages.is_empty()) {
            pages.push(Page::missing(path, kinds));
        }
        let home = pages.iter().position(Page::takes_packages).unwrap_or_else(|| {
            let untoken = RelPath::new(UNTOKEN).unwrap_or_else(|_| RelPath::root());
            pages.push(there(&untoken).map_or_else(|| Page::missing(&untoken, kinds), |file| Page::of(file, kinds)));
            pages.len() - 1
        });
        Self { kinds, pages, home, result: Declaration::default() }
    }

    /// Writes what all packages of an ecosystem of monochange want once, in the ecosystem's table. Gives back which ones
    /// that was for; where it does not go well, each package gets a block of its own.
    fn share(&mut self, wanted: &[Wanted<'_>]) -> BTreeSet<usize> {
        let mut done = BTreeSet::new();
        for page in 0..self.pages.len() {
            for (ecosystem, entries) in self.pages[page].groups() {
                let asked = |index: &usize| -> Option<usize> {
                    let choice =
                        |w: &Wanted<'_>| matches!(self.choose(w), Ok(Choice::Set(p, i)) if (p, i) == (page, *index));
                    wanted.iter().position(choice)
                };
                let Some(group) = entries.iter().map(asked).collect::<Option<Vec<_>>>() else { continue };
                let all: Vec<&Wanted<'_>> = group.iter().map(|index| &wanted[*index]).collect();
                if self.pages[page].edit_shared(ecosystem, &all, self.kinds).is_ok() {
                    done.extend(group);
                }
            }
        }
        done
    }

    fn take(&mut self, wanted: &Wanted<'_>) {
        let id = wanted.package.id.clone();
        let (page, outcome) = match self.choose(wanted) {
            Ok(Choice::Already) => return self.result.already.push(id),
            Ok(Choice::Set(page, index)) => (page, self.pages[page].edit(&Edit::Set(index), wanted, self.kinds)),
            Ok(Choice::Add) => (self.home, self.pages[self.home].edit(&Edit::Added, wanted, self.kinds)),
            Err((page, refusal)) => (page, Err(refusal)),
        };
        if let Err(refusal) = outcome {
            self.refuse(page, wanted, &refusal);
        }
    }

    /// A page that declares it already is the one to change; else the first that has the package and takes a block.
    fn choose(&mut self, wanted: &Wanted<'_>) -> Result<Choice, (usize, Refusal)> {
        for (page, index, entry) in self.entries(wanted.package) {
            match &entry.policy {
                Some((policy, _)) if self.pages[page].satisfied(policy, &wanted.policy) => return Ok(Choice::Already),
                Some(_) => return Ok(Choice::Set(page, index)),
                None => {}
            }
        }
        for (page, Page { path, state, .. }) in self.pages.iter().enumerate() {
            let config = match state {
                State::Shut(refusal) => return Err((page, refusal.clone())),
                State::Open(sheet) => &sheet.config,
            };
            let Some(index) = config.find(wanted.package) else { continue };
            if let Some(reason) = &config.entries[index].off_oidc {
                return Err((page, Refusal::OffOidc(reason.clone())));
            }
            match config.flavour {
                Flavour::PutItOutThere(Schema::Paths) | Flavour::Monochange | Flavour::Untoken => {
                    return Ok(Choice::Set(page, index));
                }
                Flavour::PutItOutThere(schema) => {
                    let finding = instead(path, schema, &self.pages[self.home].path);
                    if !self.result.findings.contains(&finding) {
                        self.result.findings.push(finding);
                    }
                }
            }
        }
        Ok(Choice::Add)
    }

    fn entries<'s>(&'s self, package: &Package) -> impl Iterator<Item = (usize, usize, &'s Entry)> {
        self.pages.iter().enumerate().filter_map(move |(page, Page { state, .. })| match state {
            State::Open(sheet) => sheet.config.find(package).map(|index| (page, index, &sheet.config.entries[index])),
            State::Shut(_) => None,
        })
    }

    fn refuse(&mut self, page: usize, wanted: &Wanted<'_>, refusal: &Refusal) {
        let (why, id) = (refusal.to_string(), wanted.package.id.clone());
        let paste = format!("# {id}\n{}\n", self.pages[page].paste(wanted));
        let file = self.pages[page].path.clone();
        match self.result.refused.iter_mut().find(|other| other.file == file && other.why == why) {
            Some(other) => {
                other.packages.push(id);
                other.paste.push('\n');
                other.paste.push_str(&paste);
            }
            None => self.result.refused.push(Refused { packages: vec![id], file, why, paste }),
        }
    }

    fn clear(mut self) -> Declaration {
        self.result.changes = self.pages.into_iter().filter_map(Page::change).collect();
        self.result
    }
}

enum Choice {
    Already,
    Set(usize, usize),
    Add,
}

impl Page {
    fn of(file: &SourceFile, kinds: &[(&str, Registry)]) -> Self {
        Self { path: file.path.clone(), original: Some(file.bytes.clone()), state: State::of(file, kinds) }
    }

    /// A page for a file that is not there: only untoken's own can be made.
    fn missing(path: &RelPath, kinds: &[(&str, Registry)]) -> Self {
        let state = if [PUTITOUTTHERE, MONOCHANGE].contains(&path.file_name()) {
            State::Shut(Refusal::NotThere)
        } else {
            State::of(&SourceFile::new(path.clone(), render::NEW_FILE.as_bytes()), kinds)
        };
        Self { path: path.clone(), original: None, state }
    }

    fn flavour(&self) -> Option<Flavour> {
        match &self.state {
            State::Open(sheet) => Some(sheet.config.flavour),
            State::Shut(_) => None,
        }
    }

    /// Whether this file says what is wanted, as far as its form can.
    fn satisfied(&self, is: &TrustPolicy, wanted: &TrustPolicy) -> bool {
        match self.flavour() {
            Some(Flavour::Untoken) => satisfies(is, wanted),
            _ => satisfies(is, &wanted.plain()),
        }
    }

    fn takes_packages(&self) -> bool {
        self.flavour() == Some(Flavour::Untoken) || self.path.as_str() == UNTOKEN
    }

    /// Edits the text and holds the result against what was wanted; on a refusal the page is as before.
    fn edit(&mut self, edit: &Edit, wanted: &Wanted<'_>, kinds: &[(&str, Registry)]) -> Result<(), Refusal> {
        let sheet = match &self.state {
            State::Open(sheet) => sheet,
            State::Shut(refusal) => return Err(refusal.clone()),
        };
        let (document, monochange) = (&sheet.document, sheet.config.flavour == Flavour::Monochange);
        let text = match edit {
            Edit::Set(index) if monochange => {
                let id = &sheet.config.entries.get(*index).ok_or(CannotEdit::NoPackages)?.name;
                let (splices, keys) = monochange::set_policy(document, id, &wanted.policy)?;
                let text = edit::spliced(document.text(), &splices);
                verify::verify_monochange(document, &text, &splices, id, &keys)?;
                text
            }
            _ => {
                let splices = match edit {
                    Edit::Set(index) => edit::set_policy(document, *index, &wanted.policy)?,
                    Edit::Added => edit::add_package(document, wanted)?,
                };
                let text = edit::spliced(document.text(), &splices);
                verify::verify(document, &text, &splices, edit, &wanted.policy)?;
                text
            }
        };
        let document = Document::parse(&document.with_text(&text)).map_err(|_| Unsound::Unreadable)?;
        let sheet = Sheet::new(document, kinds);
        let config = &sheet.config;
        let is = config.find(wanted.package).and_then(|index| config.entries[index].policy.as_ref());
        let policy = if monochange { wanted.policy.plain() } else { wanted.policy.clone() };
        if !is.is_some_and(|(is, _)| satisfies(is, &policy)) {
            return Err(Unsound::NotThere.into());
        }
        self.state = State::Open(Box::new(sheet));
        Ok(())
    }

    /// What a block of each of monochange's ecosystems would speak for.
    fn groups(&self) -> Vec<(&'static str, Vec<usize>)> {
        match &self.state {
            State::Open(sheet) if sheet.config.flavour == Flavour::Monochange => {
                monochange::groups(&sheet.document, &sheet.config)
            }
            State::Open(_) | State::Shut(_) => Vec::new(),
        }
    }

    /// Edits an ecosystem's table for all of these, and holds what each package then says against what was wanted; on a
    /// refusal the page is as before.
    fn edit_shared(&mut self, ecosystem: &str, all: &[&Wanted<'_>], kinds: &[(&str, Registry)]) -> Result<(), Refusal> {
        let (State::Open(sheet), Some(first)) = (&self.state, all.first()) else {
            return Err(Unsound::NotThere.into());
        };
        let policy = first.policy.plain();
        let document = &sheet.document;
        let splice = monochange::block(document, ecosystem, &policy).ok_or(CannotEdit::UnknownForm)?;
        let text = edit::spliced(document.text(), std::slice::from_ref(&splice));
        verify::verify_shared(document, &text, &splice, ecosystem)?;
        let after = Document::parse(&document.with_text(&text)).map_err(|_| Unsound::Unreadable)?;
        let after = Sheet::new(after, kinds);
        let (was, is) = (&sheet.config.entries, &after.config.entries);
        let meant: BTreeSet<_> = all.iter().filter_map(|wanted| after.config.find(wanted.package)).collect();
        let says = |entry: &Entry| (entry.name.clone(), entry.off_oidc.clone(), entry.policy.clone().map(|(is, _)| is));
        let others = |entries: &[Entry]| -> Vec<_> {
            entries.iter().enumerate().filter(|(at, _)| !meant.contains(at)).map(|(_, entry)| says(entry)).collect()
        };
        let same = all.iter().all(|wanted| wanted.policy.plain() == policy);
        let sound = meant.iter().all(|at| is[*at].policy.as_ref().is_some_and(|(is, _)| satisfies(is, &policy)));
        if !same || !sound || meant.len() != all.len() || others(was) != others(is) {
            return Err(Unsound::NotThere.into());
        }
        self.state = State::Open(Box::new(after));
        Ok(())
    }

    /// The lines to paste into this file, in the form that it is in.
    fn paste(&self, wanted: &Wanted<'_>) -> String {
        let lines = match &self.state {
            State::Open(sheet) => match sheet.config.find(wanted.package).map(|i| &sheet.config.entries[i]) {
                Some(entry) if sheet.config.flavour == Flavour::Monochange => {
                    let lines = render::monochange(&entry.name, &render::pairs(&wanted.policy.plain()));
                    // A key may stand but once: beside what is there, these lines would break the file.
                    let instead = monochange::has_settings(&sheet.document, &entry.name);
                    let note = instead.then(|| format!("# in the place of its own publish.{}:", monochange::SETTINGS));
                    note.into_iter().chain(lines).collect()
                }
                Some(_) if sheet.document.package_tables().is_none() => return render::inline(&wanted.policy),
                Some(_) => render::block(&wanted.policy),
                None => render::package(wanted),
            },
            State::Shut(_) => render::block(&wanted.policy),
        };
        lines.join("\n")
    }

    fn change(self) -> Option<FileChange> {
        let State::Open(sheet) = self.state else { return None };
        let Sheet { document, config } = *sheet;
        let after = document.with_text(document.text()).bytes;
        let changed = match &self.original {
            Some(original) => *original != after,
            None => !config.entries.is_empty(),
        };
        changed.then_some(FileChange { path: self.path, before: self.original, after })
    }
}

impl State {
    fn of(file: &SourceFile, kinds: &[(&str, Registry)]) -> Self {
        match Document::parse(file) {
            Ok(document) => Self::Open(Box::new(Sheet::new(document, kinds))),
            Err(finding) => Self::Shut(Refusal::Unreadable(finding.message)),
        }
    }
}

impl Sheet {
    fn new(document: Document, kinds: &[(&str, Registry)]) -> Self {
        let (config, _) = read_document(&document, kinds);
        Self { document, config }
    }
}

/// Whether what stands there is what is wanted.
///
/// A workflow that is left out was read as such only where it may be.
fn satisfies(is: &TrustPolicy, wanted: &TrustPolicy) -> bool {
    (is.workflow.is_none() || wanted.workflow.is_none() || is.workflow == wanted.workflow)
        && is.environment == wanted.environment
        && (wanted.repository.is_none() || is.repository == wanted.repository)
        && (wanted.tag_pattern.is_none() || is.tag_pattern == wanted.tag_pattern)
        && is.workflow_repository == wanted.workflow_repository
}

/// Why the packages of this file are declared elsewhere.
fn instead(file: &RelPath, schema: Schema, home: &RelPath) -> Finding {
    let why = match schema {
        Schema::Globs => "is in the newer schema, whose releases break on a trust_policy",
        Schema::Paths | Schema::Undecided => "does not show whether it takes a trust_policy",
    };
    Finding::new(Severity::Note, format!("{file} {why}: the policies go to {home}"))
}
