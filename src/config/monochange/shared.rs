//! The policy that all packages of an ecosystem want, written once in the ecosystem's table: monochange's own guide has it so
//! (docs/src/guide/07-trusted-publishing.md at commit 4580ed6 of 1 May 2026).
//!
//! Only where it speaks for no other package: monochange holds releases back until what is on is set up at the registry.

use toml_edit::{Item, Table};

use super::{SETTINGS, at, ecosystem_of, has_settings, source};
use crate::config::ConfigFile;
use crate::config::document::Document;
use crate::config::edit::{Splice, paragraph, paragraph_below};
use crate::config::policy::REPOSITORY;
use crate::config::render;
use crate::model::{MONOCHANGE_TYPES, TrustPolicy};

/// The ecosystems that nothing is said of yet, each with the packages for which a block of it would speak: two at least, as
/// indexes into the file's entries. One that is off OIDC on purpose says so itself.
pub(in crate::config) fn groups(document: &Document, config: &ConfigFile) -> Vec<(&'static str, Vec<usize>)> {
    let root = document.root();
    let mut names: Vec<&'static str> = MONOCHANGE_TYPES.iter().map(|(_, ecosystem, _)| *ecosystem).collect();
    names.dedup();
    let silent = |name: &&str| at(root, &["ecosystems", name, "publish", SETTINGS]).is_none();
    names
        .into_iter()
        .filter(silent)
        .filter_map(|name| {
            let its =
                config.entries.iter().enumerate().filter(|(_, entry)| ecosystem_of(root, &entry.name) == Some(name));
            let on: Vec<_> = its.filter(|(_, entry)| entry.off_oidc.is_none()).collect();
            let plain = on.iter().all(|(_, entry)| !has_settings(document, &entry.name));
            (on.len() > 1 && plain).then(|| (name, on.into_iter().map(|(index, _)| index).collect()))
        })
        .collect()
}

/// The block that makes an ecosystem's packages inherit the policy; `None`: what is there has a form that takes no header.
pub(in crate::config) fn block(document: &Document, ecosystem: &str, policy: &TrustPolicy) -> Option<Splice> {
    let mut pairs = render::pairs(&policy.plain());
    let home = source(document, &mut Vec::new());
    pairs.retain(|(key, _)| *key != REPOSITORY || home.is_none() || home != policy.repository);
    let lines = render::ecosystem(ecosystem, &pairs);
    let text = document.text();
    Some(match deepest(document.root(), ecosystem)? {
        Some(table) => paragraph_below(text, table, &lines),
        None => paragraph(text, text.len(), &lines),
    })
}

/// The deepest header on the way to the block, if there is one; no answer where something else stands in the way.
fn deepest<'a>(root: &'a Table, ecosystem: &str) -> Option<Option<&'a Table>> {
    let (mut table, mut found) = (root, None);
    for key in ["ecosystems", ecosystem, "publish"] {
        match table.get(key) {
            None => break,
            Some(Item::Table(inner)) if !inner.is_dotted() => (table, found) = (inner, Some(inner)),
            Some(_) => return None,
        }
    }
    Some(found)
}
