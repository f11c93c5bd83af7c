//! What the journal remembers, as the plan wants it; and writing to it around every change.

use super::{World, now};
use crate::journal::{Entry, Event, IntentId, JournalError, Outcome};
use crate::model::{PackageId, StepKind};
use crate::plan::{Awaited, LockedBy, Memory};

impl World {
    /// Reads the journals of this repository. What cannot be read is logged: the journal only helps.
    #[must_use]
    pub fn memory(&self) -> Memory {
        let mut memory = Memory::default();
        for journal in self.journals().into_iter().rev() {
            match journal.and_then(|journal| journal.read()) {
                Ok(entries) => entries.into_iter().for_each(|entry| remember(&mut memory, entry)),
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

fn remember(memory: &mut Memory, entry: Entry) {
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
        Event::Stated { .. }
        | Event::Intent { .. }
        | Event::Outcome { .. }
        | Event::Wrote(_)
        | Event::Numbered { .. } => {}
    }
}
