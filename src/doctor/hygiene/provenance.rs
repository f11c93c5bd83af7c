//! Provenance that a config file demands and that its registry cannot give: the release tool would fail on every release.

use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::registry::{self, Provenance};

/// The packages whose demand cannot be met.
pub(super) fn not_to_be_had(facts: &Facts) -> Vec<Found> {
    let entries = facts.config.files.iter().flat_map(|file| file.entries.iter().map(move |entry| (file, entry)));
    entries
        .filter_map(|(file, entry)| {
            let at = entry.provenance.clone()?;
            let registry = entry.registry.filter(|_| entry.off_oidc.is_none())?;
            let rule = registry::guides(registry).rules().provenance;
            let why = match rule.value {
                Provenance::Demanded { .. } => return None,
                Provenance::Kept { by } => {
                    format!("{registry} keeps what {by} sends, and refuses no publish that lacks it")
                }
                Provenance::None => format!("{registry} keeps none"),
            };
            let message = format!(
                "{} demands registry provenance for {}, and {why} ({}, read {}).",
                file.path, entry.name, rule.source, rule.read
            );
            let fix = Fix::write("Leave it out for this package:", "require_registry_provenance = false");
            Some(Found::new(Code::NoProvenance, format!("{} {registry}", entry.name), message).at(at).fix(fix))
        })
        .collect()
}
