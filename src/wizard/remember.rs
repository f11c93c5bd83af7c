//! What the sitting itself remembers, beside what the journal is read for. A reading of the journal that was asked for before
//! the last thing was remembered may lack it: such a reading never replaces what is known here; it is read again.

use super::{Effect, Read, Ticket, Wizard};
use crate::model::Timestamp;
use crate::plan::Memory;

impl Wizard {
    /// Adds to what is remembered, or takes from it, now. Nobody changes it otherwise.
    pub(super) fn remember<T>(&mut self, change: impl FnOnce(&mut Memory, Timestamp) -> T) -> T {
        self.remembered = Ticket(self.next_ticket);
        change(&mut self.facts.memory, self.facts.now)
    }

    /// A reading of the journal has come, asked for with this ticket.
    pub(super) fn recall(&mut self, asked: Ticket, memory: Memory) -> Option<Effect> {
        if asked > self.remembered {
            self.facts.memory = memory;
            return None;
        }
        let under_way = self.reads.values().any(|read| *read == Read::Journal);
        (!under_way).then(|| self.read(Read::Journal))
    }
}
