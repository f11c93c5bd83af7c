//! monochange.toml: `[package.<id>]` tables whose publishing settings inherit from `[ecosystems.<type>.publish]`.
//!
//! The inheritance is field by field, and owner and repository come from `[source]` where none is given. The settings are a
//! switch or a table of `enabled`, `repository`, `workflow` and `environment`; a package can give a value of its own, but not
//! take an inherited one back. (monochange's crates/monochange_config/src/lib.rs and docs/src/guide/07-trusted-publishing.md at
//! commit 4580ed6 of 1 May 2026, the former also at 23bd962 of 20 May 2026; read 2026-11-21.)

mod shared;
mod write;

pub(super) use shared::{block, groups};
pub(super) use write::set_policy;

use std::collections::BTreeSet;

use toml_edit::{Item, Table, TableLike};

use super::Entry;
use super::document::Document;
use super::policy::{ENVIRONMENT, REPOSITORY, Values, WORKFLOW};
use crate::model::{
    EnvironmentName, Finding, MONOCHANGE_TYPES, NameError, Place, Registry, RelPath, RepoSlug, Severity, TrustPolicy,
    WorkflowFile,
};

pub(super) const SETTINGS: &str = "trusted_publishing";

/// All packages of the file, in order.
pub(super) fn entries(document: &Document, kinds: &[(&str, Registry)], findings: &mut Vec<Finding>) -> Vec<Entry> {
    let root = document.root();
    let source = source(document, findings);
    let packages = root.get("package").and_then(Item::as_table_like);
    let mut entries = Vec::new();
    for (name, item) in packages.iter().flat_map(|packages| packages.iter()) {
        let Some(table) = item.as_table_like() else { continue };
        let own = own_type(root, table);
        let known = MONOCHANGE_TYPES.into_iter().find(|(word, ..)| *word == own);
        let kind = known.map_or(own, |(.., registry)| registry.kind());
        let ecosystem = known.and_then(|(_, name, _)| at(root, &["ecosystems", name, "publish"]));
        let layers = [table.get("publish"), ecosystem].into_iter().flatten().filter_map(Item::as_table_like);
        let settings = Settings { document, name, layers: layers.collect() };
        let off_oidc = settings.off();
        let provenance = settings.provenance();
        let policy = if off_oidc.is_some() { None } else { settings.policy(source.as_ref(), findings) };
        entries.push(Entry {
            kind: kind.to_owned(),
            name: name.to_owned(),
            path: table.get("path").and_then(Item::as_str).and_then(|path| RelPath::new(path).ok()),
            registry: kinds.iter().find(|(word, _)| *word == kind).map(|(_, registry)| *registry),
            id: None,
            policy,
            off_oidc,
            provenance,
        });
    }
    // An inherited value is read once a package and is wrong once.
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert(finding.at.clone()));
    entries
}

/// monochange's word for what a package is; empty where none is given.
fn own_type<'a>(root: &'a Table, package: &'a dyn TableLike) -> &'a str {
    let default = at(root, &["defaults", "package_type"]).and_then(Item::as_str);
    package.get("type").and_then(Item::as_str).or(default).unwrap_or_default()
}

/// The ecosystem from which a package inherits.
fn ecosystem_of(root: &Table, id: &str) -> Option<&'static str> {
    let own = own_type(root, at(root, &["package", id])?.as_table_like()?);
    MONOCHANGE_TYPES.into_iter().find(|(word, ..)| *word == own).map(|(_, ecosystem, _)| ecosystem)
}

/// Whether a package says anything of trusted publishing itself.
pub(super) fn has_settings(document: &Document, id: &str) -> bool {
    at(document.root(), &["package", id, "publish", SETTINGS]).is_some()
}

fn at<'a>(root: &'a Table, path: &[&str]) -> Option<&'a Item> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(root.get(first)?, |item, key| item.as_table_like()?.get(key))
}

fn source(document: &Document, findings: &mut Vec<Finding>) -> Option<RepoSlug> {
    let table = document.root().get("source")?.as_table_like()?;
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    if text("provider").is_some_and(|provider| provider != "github") {
        return None;
    }
    match RepoSlug::new(text("owner")?, text("repo")?) {
        Ok(slug) => Some(slug),
        Err(error) => {
            let place = document.place_of(document.root().get("source")?);
            findings.push(Finding::new(Severity::Error, format!("[source]: {error}")).at(place));
            None
        }
    }
}

/// The publishing settings of one package: its own layer first, then the ecosystem's.
struct Settings<'a> {
    document: &'a Document,
    name: &'a str,
    layers: Vec<&'a dyn TableLike>,
}

impl Settings<'_> {
    /// Why the package is off OIDC on purpose.
    fn off(&self) -> Option<String> {
        let file = self.document.path();
        if self.first(|layer| layer.get("enabled")?.as_bool()) == Some(false) {
            return Some(format!("{file} says that it is not published (enabled = false)"));
        }
        if self.first(|layer| layer.get("mode")?.as_str()) == Some("external") {
            return Some(format!("{file} says that it is published by other means (mode = \"external\")"));
        }
        let enabled = self.first(|layer| {
            let settings = layer.get(SETTINGS)?;
            settings.as_bool().or_else(|| settings.as_table_like()?.get("enabled")?.as_bool())
        });
        (enabled == Some(false)).then(|| format!("{file} says so ({SETTINGS} = false)"))
    }

    /// Where `attestations.require_registry_provenance` is `true`. (Its docs/src/guide/04-configuration.md, read 2026-11-21.)
    fn provenance(&self) -> Option<Place> {
        let item =
            self.first(|layer| layer.get("attestations")?.as_table_like()?.get("require_registry_provenance"))?;
        (item.as_bool() == Some(true)).then(|| self.document.place_of(item))
    }

    fn policy(&self, source: Option<&RepoSlug>, findings: &mut Vec<Finding>) -> Option<(TrustPolicy, Place)> {
        let details: Vec<_> = self.layers.iter().filter_map(|l| l.get(SETTINGS)).collect();
        let place = details.iter().find(|item| item.is_table_like()).map(|item| self.document.place_of(item))?;
        let mut sound = true;
        let workflow = self.value(WORKFLOW, WorkflowFile::new, &mut sound, findings);
        let environment = self.value(ENVIRONMENT, EnvironmentName::new, &mut sound, findings);
        let repository = self.value(REPOSITORY, |text| text.parse::<RepoSlug>(), &mut sound, findings);
        let repository = repository.or_else(|| source.cloned());
        let policy = TrustPolicy { workflow, environment, repository, tag_pattern: None, workflow_repository: None };
        (sound && policy.workflow.is_some()).then_some((policy, place))
    }

    /// The value of the first layer that has the key.
    fn value<T>(
        &self,
        key: &str,
        parse: impl Fn(&str) -> Result<T, NameError>,
        sound: &mut bool,
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        let block = self.first(|layer| layer.get(SETTINGS)?.as_table_like().filter(|t| t.contains_key(key)))?;
        let mut values = Values { document: self.document, owner: self.name, block, findings, sound: true };
        let value = values.get(key, parse);
        *sound &= values.sound;
        value
    }

    fn first<'s, T>(&'s self, get: impl Fn(&'s dyn TableLike) -> Option<T>) -> Option<T> {
        self.layers.iter().find_map(|layer| get(*layer))
    }
}
