//! Files made of `[[package]]` blocks: putitoutthere.toml and untoken.toml.

use std::collections::BTreeSet;

use toml_edit::{Item, TableLike};

use super::document::{Document, packages};
use super::{Entry, Flavour, Schema, policy};
use crate::model::{Finding, NameError, PackageId, PackageName, Place, Registry, RelPath, Severity};

/// The key by which a package of untoken.toml says why it is not published by OIDC.
const OFF: &str = "off_oidc";
/// The kinds that putitoutthere knows; those of other registries are untoken.toml's own.
const PUTITOUTTHERE_KINDS: [&str; 3] = ["crates", "npm", "pypi"];
/// What else a package of untoken.toml may have. `trust_evidence` is for people and never read.
const UNTOKEN_KEYS: [&str; 6] = ["name", "kind", "path", OFF, policy::BLOCK, "trust_evidence"];

/// All packages of the file, in order.
pub(super) fn entries(
    document: &Document,
    flavour: Flavour,
    kinds: &[(&str, Registry)],
    findings: &mut Vec<Finding>,
) -> Vec<Entry> {
    let tables = packages(document.root());
    if document.root().get("package").is_some_and(|p| tables.is_empty() && hints_at_packages(p)) {
        let finding = Finding::new(Severity::Error, "`package` is not a list of packages");
        findings.push(finding.at(document.place(0)).hint("write each package under [[package]]"));
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen = BTreeSet::new();
    for table in tables {
        let mut reader = Reader { document, flavour, kinds, table, findings };
        let entry = reader.entry();
        let again = entry.id.clone().is_some_and(|id| !seen.insert(id));
        if again && flavour == Flavour::Untoken {
            let message = format!("{} stands here twice; the first one counts", entry.name);
            findings.push(Finding::new(Severity::Warning, message).at(document_place(document, table)));
        }
        entries.push(entry);
    }
    entries
}

fn hints_at_packages(item: &Item) -> bool {
    !item.as_array().is_some_and(toml_edit::Array::is_empty)
}

fn document_place(document: &Document, table: &dyn TableLike) -> Place {
    table.iter().next().map_or_else(|| document.place(0), |(_, item)| document.place_of(item))
}

struct Reader<'a> {
    document: &'a Document,
    flavour: Flavour,
    kinds: &'a [(&'a str, Registry)],
    table: &'a dyn TableLike,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn entry(&mut self) -> Entry {
        let kind = self.text("kind").unwrap_or_default();
        let name = self.text("name").unwrap_or_default();
        let registry = self.registry(&kind);
        let id = registry.and_then(|registry| self.id(registry, &kind, &name));
        let path = self.path();
        let policy = self.policy(&kind, &name);
        let off_oidc = (self.flavour == Flavour::Untoken).then(|| self.text(OFF)).flatten();
        self.untoken_checks(&name, off_oidc.is_some() && policy.is_some());
        Entry { kind, name, path, registry, id, policy, off_oidc, provenance: None }
    }

    fn registry(&mut self, kind: &str) -> Option<Registry> {
        let theirs = matches!(self.flavour, Flavour::PutItOutThere(_));
        let known = |word: &&str| !theirs || PUTITOUTTHERE_KINDS.contains(word);
        let mut kinds = self.kinds.iter().filter(|(word, _)| known(word));
        let registry = kinds.find(|(word, _)| *word == kind).map(|(_, registry)| *registry);
        if registry.is_none() {
            let words: Vec<_> = self.kinds.iter().map(|(word, _)| *word).filter(known).collect();
            let message = if kind.is_empty() {
                "a package without a kind".to_owned()
            } else {
                format!("kind `{kind}` is none that this version knows")
            };
            let finding = Finding::new(Severity::Warning, message).at(self.at("kind"));
            self.findings.push(finding.hint(format!("it knows {}", words.join(", "))));
        }
        registry
    }

    /// putitoutthere publishes under the key that is called like the registry (`crate` for crates.io) where it is there, else
    /// under `name`. (Its handlers, read in August 2026.)
    fn id(&mut self, registry: Registry, kind: &str, name: &str) -> Option<PackageId> {
        let own = if kind == "crates" { "crate" } else { kind };
        let own = matches!(self.flavour, Flavour::PutItOutThere(_)).then(|| self.text(own)).flatten();
        let name = PackageName::new(own.as_deref().unwrap_or(name));
        self.good("name", name).map(|name| PackageId { registry, name })
    }

    fn path(&mut self) -> Option<RelPath> {
        let path = RelPath::new(&self.text("path")?);
        self.good("path", path)
    }

    fn policy(&mut self, kind: &str, name: &str) -> Option<(crate::model::TrustPolicy, Place)> {
        let item = self.table.get(policy::BLOCK)?;
        if matches!(self.flavour, Flavour::PutItOutThere(Schema::Globs)) {
            let message = format!("{} of {name}: putitoutthere refuses this block since 27 April 2026", policy::BLOCK);
            let finding = Finding::new(Severity::Error, message).at(self.document.place_of(item));
            self.findings.push(finding.hint("move it to untoken.toml; here it counts for nothing"));
            return None;
        }
        policy::read(self.document, self.flavour, (kind, name), item, self.findings)
    }

    fn untoken_checks(&mut self, name: &str, both: bool) {
        if self.flavour != Flavour::Untoken {
            return;
        }
        if both {
            let message = format!("{name} is declared both off OIDC and with a {}", policy::BLOCK);
            self.findings.push(Finding::new(Severity::Warning, message).at(self.at(OFF)).hint("keep one of the two"));
        }
        for (key, item) in self.table.iter().filter(|(key, _)| !UNTOKEN_KEYS.contains(key)) {
            let finding =
                Finding::new(Severity::Warning, format!("package {name} has a key `{key}` that nobody knows"));
            let finding = finding.at(self.document.place_of(item));
            self.findings.push(finding.hint("it is ignored; look for a slip in the spelling"));
        }
    }

    /// A text value; another type is a finding.
    fn text(&mut self, key: &str) -> Option<String> {
        let item = self.table.get(key)?;
        if item.as_str().is_none() {
            let finding = Finding::new(Severity::Error, format!("{key} of a package must be a text"));
            self.findings.push(finding.at(self.document.place_of(item)));
        }
        item.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
    }

    fn good<T>(&mut self, key: &str, value: Result<T, NameError>) -> Option<T> {
        value.map_err(|e| self.findings.push(Finding::new(Severity::Error, e.to_string()).at(self.at(key)))).ok()
    }

    /// Where a key's value stands, or else the package.
    fn at(&self, key: &str) -> Place {
        let item = self.table.get(key);
        item.map_or_else(|| document_place(self.document, self.table), |item| self.document.place_of(item))
    }
}
