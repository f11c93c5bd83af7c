//! The TOML that records `trust_policy`: what a project says each registry should trust.
//!
//! Reads `putitoutthere.toml` (both schemas), `monochange.toml` and `untoken.toml`, and prepares changes of them. Pure: bytes
//! in, bytes out; nothing here opens a file. It never writes what the file's owner tool would refuse or publish because of
//! it, and never gives out bytes that do not read back as wanted with every other line unharmed.

mod declare;
mod document;
mod edit;
mod ignores;
mod monochange;
mod packages;
mod policy;
mod render;
mod verify;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use declare::{Declaration, Refused, Wanted, declare};
pub use ignores::Ignore;

use std::collections::BTreeMap;

use crate::model::{Finding, Package, PackageId, Place, Registry, RelPath, Severity, SourceFile, TrustPolicy};

use document::Document;

/// putitoutthere's own file, by name.
const PUTITOUTTHERE: &str = "putitoutthere.toml";
/// monochange's own file, by name.
const MONOCHANGE: &str = "monochange.toml";
/// untoken's own file, by name.
const UNTOKEN: &str = "untoken.toml";

/// How many findings of one file are told.
const MAX_FINDINGS: usize = 100;

/// Whose file it is, and so what may be written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// putitoutthere's, in one of its schemas.
    PutItOutThere(Schema),
    /// monochange's: read and written in its own form.
    Monochange,
    /// untoken's own.
    Untoken,
}

/// Which of putitoutthere's schemas a file is in. (Its source, `src/config.ts`, commit db79056 of 27 April 2026: `paths`
/// became `globs`, `trust_policy` went, and unknown keys are refused.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The older one with `paths`: it knows `trust_policy`.
    Paths,
    /// The newer one with `globs`: `trust_policy` would break the release.
    Globs,
    /// The file tells neither, so nothing is written there.
    Undecided,
}

/// One package of a config file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file's word for the registry: `crates`, `npm`, `pypi`; empty where none is given.
    pub kind: String,
    /// The file's own name for the package, which need not be the registry's.
    pub name: String,
    /// Its folder, where the file says so.
    pub path: Option<RelPath>,
    /// Where it is published, if the kind is known.
    pub registry: Option<Registry>,
    /// Registry and name there, as far as the file alone tells. monochange's names are its own, so it has none.
    pub id: Option<PackageId>,
    /// What is declared, and where it stands.
    pub policy: Option<(TrustPolicy, Place)>,
    /// Why it is deliberately not published by OIDC, if it is so.
    pub off_oidc: Option<String>,
    /// Where the file demands that its registry keep provenance of each version, if it does.
    pub provenance: Option<Place>,
}

/// A config file as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Where it lies.
    pub path: RelPath,
    /// Whose it is.
    pub flavour: Flavour,
    /// Its packages, all of them, in the order of the file.
    pub entries: Vec<Entry>,
}

/// What the config files say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigReading {
    /// The files that could be read, in the order given.
    pub files: Vec<ConfigFile>,
    /// Findings of the doctor that the project silences, each with its reason.
    pub ignores: Vec<Ignore>,
    /// What is wrong in them.
    pub findings: Vec<Finding>,
}

impl ConfigReading {
    /// What is declared for the package of this name. Prefer [`ConfigReading::policy_for`], which also knows folders.
    #[must_use]
    pub fn policy_of(&self, id: &PackageId) -> Option<&(TrustPolicy, Place)> {
        self.files.iter().find_map(|file| file.named(id).and_then(|i| file.entries[i].policy.as_ref()))
    }

    /// What is declared for a package of the checkout: by its name, or in another tool's file by its folder.
    #[must_use]
    pub fn policy_for(&self, package: &Package) -> Option<&(TrustPolicy, Place)> {
        self.entries_for(package).find_map(|entry| entry.policy.as_ref())
    }

    /// Why the package is deliberately off OIDC, if a file says so.
    #[must_use]
    pub fn off_oidc(&self, package: &Package) -> Option<&str> {
        self.entries_for(package).find_map(|entry| entry.off_oidc.as_deref())
    }

    /// What each file says of a package, in the order of the files.
    pub fn entries_for<'s>(&'s self, package: &Package) -> impl Iterator<Item = &'s Entry> {
        self.files.iter().filter_map(move |file| file.find(package).map(|i| &file.entries[i]))
    }
}

impl ConfigFile {
    /// Which entry is about a package of the checkout.
    fn find(&self, package: &Package) -> Option<usize> {
        self.named(&package.id).or_else(|| {
            // Names in another tool's file are that tool's own; the folder tells which package is meant.
            let dir = package.dir();
            let there = |e: &Entry| e.registry == Some(package.id.registry) && e.path.as_ref() == Some(&dir);
            (self.flavour != Flavour::Untoken).then(|| self.only(there)).flatten()
        })
    }

    /// Which entry has this name: exactly, or else as registries that fold punctuation and case would read it.
    fn named(&self, id: &PackageId) -> Option<usize> {
        let exact = self.entries.iter().position(|e| e.id.as_ref() == Some(id));
        exact.or_else(|| {
            self.only(|e| {
                e.id.as_ref().is_some_and(|own| own.registry == id.registry && folded(own) == id.name.as_str())
            })
        })
    }

    fn only(&self, fits: impl Fn(&Entry) -> bool) -> Option<usize> {
        let mut found = (0..self.entries.len()).filter(|&i| fits(&self.entries[i]));
        found.next().filter(|_| found.next().is_none())
    }
}

/// A name in PEP 503's normal form. A package's own name is in it only where its registry normalises so.
fn folded(id: &PackageId) -> String {
    let lower = id.name.as_str().to_ascii_lowercase();
    let parts = lower.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// Reads the config files. `kinds` maps the words for registries (`crates`) to registries.
///
/// A file that can't be read is one finding and missing from `files`.
#[must_use]
pub fn read(files: &[SourceFile], kinds: &[(&str, Registry)]) -> ConfigReading {
    let mut reading = ConfigReading::default();
    for file in files {
        match Document::parse(file) {
            Ok(document) => {
                let (config, mut findings) = read_document(&document, kinds);
                reading.ignores.extend(ignores::read(&document, config.flavour, &mut findings));
                if findings.len() > MAX_FINDINGS {
                    let message = format!("{} more of {} are left out", findings.len() - MAX_FINDINGS, file.path);
                    findings.truncate(MAX_FINDINGS);
                    findings.push(Finding::new(Severity::Note, message));
                }
                reading.files.push(config);
                reading.findings.extend(findings);
            }
            Err(finding) => reading.findings.push(*finding),
        }
    }
    let conflicts = conflicts(&reading);
    reading.findings.extend(conflicts);
    reading
}

fn read_document(document: &Document, kinds: &[(&str, Registry)]) -> (ConfigFile, Vec<Finding>) {
    let flavour = document.flavour();
    let mut findings = Vec::new();
    let entries = match flavour {
        Flavour::Monochange => monochange::entries(document, kinds, &mut findings),
        Flavour::PutItOutThere(_) | Flavour::Untoken => packages::entries(document, flavour, kinds, &mut findings),
    };
    (ConfigFile { path: document.path().clone(), flavour, entries }, findings)
}

/// The same package declared twice, differently. The first one counts.
fn conflicts(reading: &ConfigReading) -> Vec<Finding> {
    let mut first = BTreeMap::new();
    let mut findings = Vec::new();
    for entry in reading.files.iter().flat_map(|file| &file.entries) {
        let (Some(id), Some((policy, at))) = (&entry.id, &entry.policy) else { continue };
        let (counts, there) = *first.entry(id).or_insert((policy, at));
        if counts != policy {
            let message = format!("{id} is declared differently at {there}, which counts");
            findings.push(Finding::new(Severity::Warning, message).at(at.clone()).hint("keep one of the two"));
        }
    }
    findings
}
