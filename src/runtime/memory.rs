//! What the journal remembers, as the plan wants it; and writing to it around every change.

use std::collections::HashMap;

use super::{World, now};
use crate::journal::{Entry, Event, IntentId, JournalError, Outcome};
use crate::model::{PackageId, StepKind};
use crate::plan::{Awaited, LockedBy, Memory};

impl World {
    /// Reads the journals of this repository. What cannot be read is logged: the journal only helps.
    #[must_use]
    pub fn memory(&self) -> Memory {
        let mut memory = Memory::default();
        let mut publishes = HashMap::new();
        for journal in self.journals().into_iter().rev() {
            match journal.and_then(|journal| journal.read()) {
                Ok(entries) => entries.into_iter().for_each(|entry| remember(&mut memory, &mut publishes, entry)),
                Err(error) => tracing::warn!(%error, "the journal was not read"),
            }
        }
        memory
    }

    /// Adds an event to the journal.
    ///
    /// # Errors
    /// Where there is no journal to write to, or it cannot be written.
    pub fn record(&self, event: Event) -> Result<(), JournalError> {
        match self.journals().into_iter().next() {
            Some(journal) => journal?.append(&Entry { at: now(), event }),
            None => Ok(()),
        }
    }

    /// Journals an intent before a change; without it the change is not made.
    pub(super) fn intend(&self, package: &PackageId, step: StepKind, what: String) -> Result<IntentId, JournalError> {
        let id = IntentId::fresh(now());
        self.record(Event::Intent { id: id.clone(), step, package: package.clone(), what })?;
        Ok(id)
    }

    /// Journals how it ended. The change is made; a journal that fails now is only logged.
    pub(super) fn outcome(&self, id: IntentId, result: Outcome) {
        if let Err(error) = self.record(Event::Outcome { id, result }) {
            tracing::warn!(%error, "the outcome was not journalled");
        }
    }
}

/// `publishes` are the first publishes whose end was not read so far.
fn remember(memory: &mut Memory, publishes: &mut HashMap<IntentId, PackageId>, entry: Entry) {
    match entry.event {
        Event::Stated { package, step: StepKind::Register, publisher } => {
            memory.stated.insert(package, (publisher, entry.at));
        }
        Event::Made { package, publisher, .. } => {
            memory.made.insert(package, (publisher, entry.at));
        }
        Event::Awaits { package, workflow, had } => {
            memory.awaited.insert(package, Awaited { since: entry.at, had, workflow });
        }
        Event::AwaitsNoMore { package } => {
            memory.awaited.remove(&package);
        }
        Event::Locked { package, locked: true } => {
            memory.locked.insert(package, (LockedBy::Untoken, entry.at));
        }
        Event::Locked { package, locked: false } => {
            memory.locked.remove(&package);
        }
        Event::Refuses { package, said } => {
            let by = if said { LockedBy::Person } else { LockedBy::Seen };
            memory.locked.insert(package, (by, entry.at));
        }
        Event::StoodIn { package, what } => {
            memory.stood_in.insert(package, (what, entry.at));
        }
        Event::Revoked { home, secret } => {
            memory.revoked.insert((home, secret), entry.at);
        }
        Event::Removed { package, publisher, .. } => {
            if memory.made.get(&package).is_some_and(|(made, _)| *made == publisher) {
                memory.made.remove(&package);
            }
        }
        Event::Intent { id, step: StepKind::FirstPublish, package, .. } => {
            memory.begun.insert(package.clone(), entry.at);
            publishes.insert(id, package);
        }
        Event::Outcome { id, .. } => {
            if let Some(package) = publishes.remove(&id) {
                memory.begun.insert(package, entry.at);
            }
        }
        Event::Stated { .. } | Event::Intent { .. } | Event::Wrote(_) | Event::Numbered { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::{PackageName, Registry, Timestamp};

    #[test]
    fn first_publishes_are_remembered_by_when_they_ended_or_began() {
        let (mut memory, mut publishes) = (Memory::default(), HashMap::new());
        let package = |name: &str| PackageId { registry: Registry::CratesIo, name: PackageName::new(name).unwrap() };
        let mut tell = |at: i64, event: Event| {
            remember(&mut memory, &mut publishes, Entry { at: Timestamp::from_unix(at), event });
        };
        for (at, name, step) in [
            (10, "ended", StepKind::FirstPublish),
            (11, "killed", StepKind::FirstPublish),
            (12, "registered", StepKind::Register),
        ] {
            let id = IntentId::fresh(Timestamp::from_unix(at));
            tell(at, Event::Intent { id: id.clone(), step, package: package(name), what: "publish".to_owned() });
            if name != "killed" {
                tell(at + 20, Event::Outcome { id, result: Outcome::Done { what: "seen".to_owned() } });
            }
        }
        let begun: Vec<(String, i64)> = memory.begun.iter().map(|(id, at)| (id.name.to_string(), at.unix())).collect();
        assert_eq!(begun, [("ended".to_owned(), 30), ("killed".to_owned(), 11)]);
    }
}
