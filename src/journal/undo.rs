//! What can be taken back of what untoken did, and what can't: read from the journal alone.
//!
//! Taking back is a change like any other and stands in the journal like any other. A change and its opposite cancel each
//! other here, so that what was undone is not offered again.

use super::{Entry, Event, Outcome, Wrote};
use crate::model::{PackageId, StepKind, Timestamp, TrustedPublisher};

/// What is done to take a change back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reversal {
    /// The entry that untoken made goes.
    Unregister {
        /// Of which package.
        package: PackageId,
        /// The registry's id of it.
        entry: String,
        /// What it trusts.
        publisher: TrustedPublisher,
    },
    /// The entry that untoken removed is made again; it gets another id.
    Register {
        /// Of which package.
        package: PackageId,
        /// What it trusted.
        publisher: TrustedPublisher,
    },
    /// The registry is told the opposite about refusing tokens.
    SetLock {
        /// Of which package.
        package: PackageId,
        /// Whether it is to refuse them.
        locked: bool,
    },
    /// The file becomes what it was.
    PutBack(Wrote),
}

impl Reversal {
    /// Whose registry has to be told; `None`: only a file changes.
    #[must_use]
    pub fn package(&self) -> Option<&PackageId> {
        match self {
            Self::Unregister { package, .. } | Self::Register { package, .. } | Self::SetLock { package, .. } => {
                Some(package)
            }
            Self::PutBack(_) => None,
        }
    }
}

/// A change that stands, and what would take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    /// When it was made.
    pub at: Timestamp,
    /// What would take it back.
    pub reversal: Reversal,
}

/// A change that nothing takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasting {
    /// When it was made.
    pub at: Timestamp,
    /// What was done, as the journal has it.
    pub what: String,
    /// Why it stays, and what can be done instead, as a sentence.
    pub why: &'static str,
}

/// What can be taken back, newest first.
#[must_use]
pub fn undoable(entries: &[Entry]) -> Vec<Undoable> {
    let mut standing: Vec<Undoable> = Vec::new();
    for entry in entries {
        let reversal = match &entry.event {
            Event::Made { package, entry, publisher } => {
                Reversal::Unregister { package: package.clone(), entry: entry.clone(), publisher: publisher.clone() }
            }
            Event::Removed { package, publisher, .. } => {
                Reversal::Register { package: package.clone(), publisher: publisher.clone() }
            }
            Event::Locked { package, locked } => Reversal::SetLock { package: package.clone(), locked: !locked },
            Event::Wrote(wrote) => Reversal::PutBack(wrote.clone()),
            Event::Intent { .. }
            | Event::Outcome { .. }
            | Event::Stated { .. }
            | Event::Awaits { .. }
            | Event::Refuses { .. }
            | Event::StoodIn { .. }
            | Event::Revoked { .. }
            | Event::AwaitsNoMore { .. }
            | Event::Numbered { .. } => continue,
        };
        match standing.iter().rposition(|undoable| same_thing(&undoable.reversal, &reversal)) {
            Some(before) if opposite(&standing[before].reversal, &reversal) => {
                standing.remove(before);
            }
            _ => standing.push(Undoable { at: entry.at, reversal }),
        }
    }
    standing.reverse();
    standing
}

/// Whether two changes are about the same thing, so that the newer one stands on the older.
fn same_thing(a: &Reversal, b: &Reversal) -> bool {
    use Reversal::{PutBack, Register, SetLock, Unregister};
    match (a, b) {
        (PutBack(a), PutBack(b)) => a.path == b.path,
        (SetLock { package: a, .. }, SetLock { package: b, .. }) => a == b,
        (
            Unregister { package: a, publisher: p, .. } | Register { package: a, publisher: p },
            Unregister { package: b, publisher: q, .. } | Register { package: b, publisher: q },
        ) => a == b && p == q,
        _ => false,
    }
}

/// Whether the second change made the first one undone.
fn opposite(a: &Reversal, b: &Reversal) -> bool {
    use Reversal::{PutBack, Register, SetLock, Unregister};
    match (a, b) {
        (PutBack(a), PutBack(b)) => a.after == b.before && a.before == b.after,
        (SetLock { locked: a, .. }, SetLock { locked: b, .. }) => a != b,
        (Unregister { .. }, Register { .. }) | (Register { .. }, Unregister { .. }) => true,
        _ => false,
    }
}

/// What was done and stays, newest first: a person should not look for it among the rest.
#[must_use]
pub fn lasting(entries: &[Entry]) -> Vec<Lasting> {
    let done = |wanted: &super::IntentId| {
        entries
            .iter()
            .any(|entry| matches!(&entry.event, Event::Outcome { id, result: Outcome::Done { .. } } if id == wanted))
    };
    let mut lasting: Vec<Lasting> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Intent { id, step, what, package } if done(id) => {
                let what = match step {
                    StepKind::FirstPublish => what.clone(),
                    _ => format!("{package}: {what}"),
                };
                Some(Lasting { at: entry.at, what, why: why(*step)? })
            }
            _ => None,
        })
        .collect();
    lasting.reverse();
    lasting
}

fn why(step: StepKind) -> Option<&'static str> {
    match step {
        StepKind::FirstPublish => {
            Some("A published name and version stay public; the registry's own rules say what can be hidden.")
        }
        StepKind::Retire => Some("GitHub keeps no deleted secret: make a new token and store it again, if you must."),
        StepKind::Environment => {
            Some("Deleting an environment would delete its secrets: change it on the repository's settings page.")
        }
        StepKind::Register | StepKind::RepairWorkflow | StepKind::Declare | StepKind::Prove | StepKind::Lock => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::super::IntentId;
    use super::*;
    use crate::model::{FileChange, PackageName, Registry, RelPath};

    fn package(name: &str) -> PackageId {
        PackageId { registry: Registry::CratesIo, name: PackageName::new(name).unwrap() }
    }

    fn publisher(workflow: &str) -> TrustedPublisher {
        TrustedPublisher {
            repository: "acme/widgets".parse().unwrap(),
            workflow: workflow.parse().unwrap(),
            environment: None,
        }
    }

    fn made(entry: &str) -> Event {
        Event::Made { package: package("a"), entry: entry.to_owned(), publisher: publisher("release.yml") }
    }

    fn removed(entry: &str) -> Event {
        Event::Removed { package: package("a"), entry: entry.to_owned(), publisher: publisher("release.yml") }
    }

    fn locked(locked: bool) -> Event {
        Event::Locked { package: package("a"), locked }
    }

    fn wrote(path: &str, before: Option<&str>, after: &str) -> Event {
        Event::Wrote(Wrote::of(&FileChange {
            path: RelPath::new(path).unwrap(),
            before: before.map(|b| b.as_bytes().into()),
            after: after.as_bytes().into(),
        }))
    }

    fn of(events: Vec<Event>) -> Vec<Undoable> {
        let entries: Vec<Entry> =
            events.into_iter().zip(1..).map(|(event, at)| Entry { at: Timestamp::from_unix(at), event }).collect();
        undoable(&entries)
    }

    #[test]
    fn the_newest_change_comes_first() {
        let left = of(vec![made("1"), locked(true), wrote("a", None, "x")]);
        assert_eq!(left.iter().map(|u| u.at.unix()).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(left[1].reversal, Reversal::SetLock { package: package("a"), locked: false });
    }

    #[test]
    fn what_was_taken_back_is_not_offered_again() {
        assert_eq!(of(vec![made("1"), removed("1")]), []);
        assert_eq!(of(vec![removed("1"), made("2")]), [], "made again under another id");
        assert_eq!(of(vec![locked(true), locked(false)]), []);
        let away = Event::Wrote(Wrote::away(RelPath::new("a").unwrap(), b"x"));
        assert_eq!(of(vec![wrote("a", None, "x"), away]), []);
        assert_eq!(of(vec![wrote("a", Some("x"), "y"), wrote("a", Some("y"), "x")]), []);
    }

    #[test]
    fn a_file_is_put_back_write_by_write() {
        let left = of(vec![wrote("a", Some("x"), "y"), wrote("a", Some("y"), "z"), wrote("a", Some("z"), "y")]);
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(left[0].at.unix(), 1);
    }

    #[test]
    fn another_publisher_of_the_package_is_another_thing() {
        let other = Event::Removed { package: package("a"), entry: "9".into(), publisher: publisher("old.yml") };
        assert_eq!(of(vec![made("1"), other]).len(), 2);
    }

    #[test]
    fn what_stays_is_said_with_the_reason() {
        let [done, failed] = [1, 2].map(|at| IntentId::fresh(Timestamp::from_unix(at)));
        let intent = |id: &IntentId, step| Entry {
            at: Timestamp::from_unix(1),
            event: Event::Intent { id: id.clone(), step, package: package("a"), what: "publish a".to_owned() },
        };
        let outcome = |id, result| Entry { at: Timestamp::from_unix(2), event: Event::Outcome { id, result } };
        let entries = [
            intent(&done, StepKind::FirstPublish),
            intent(&failed, StepKind::FirstPublish),
            outcome(done.clone(), Outcome::Done { what: "seen".into() }),
            outcome(failed, Outcome::Failed { why: "no".into() }),
        ];
        let stays = lasting(&entries);
        assert_eq!(stays.len(), 1);
        assert!(stays[0].why.contains("stay public"), "{stays:?}");
    }
}
