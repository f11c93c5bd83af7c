//! In which order old secrets can be removed: what a newer way has replaced first, what only seems unused last.

use super::{Entry, Kept, Verdict};
use crate::model::SecretPlace;

/// The entries that can be removed, the safest first. An organisation's secrets are never among them, for others use them too,
/// and none that a workflow names: without the one that goes before it, it would be used.
pub(super) fn removal(entries: &[Entry]) -> Vec<usize> {
    let rank = |entry: &Entry| {
        let Kept::Secret(place, _) = &entry.kept else { return None };
        let verdict = entry.judgement.as_ref()?.verdict;
        let can_go = matches!(verdict, Verdict::Replaced | Verdict::Unused);
        (can_go && *place != SecretPlace::Organization).then_some(verdict)
    };
    let mut found: Vec<(Verdict, usize)> =
        entries.iter().enumerate().filter_map(|(index, entry)| Some((rank(entry)?, index))).collect();
    found.sort();
    found.into_iter().map(|(_, index)| index).collect()
}
