//! What the sitting itself knows, beside what is read for it: what it remembers, a release that a watch has seen, a list that
//! was read back. A reading that was asked for before that may lack it: such a reading never replaces what is known here.

use std::collections::BTreeMap;

use super::{Effect, Read, Ticket, Wizard};
use crate::model::{GithubFacts, PackageId, PublicFacts, PublisherEntry, Reading, Seen, Timestamp};
use crate::plan::Memory;

/// Since when something is known otherwise than by its own read: the last ticket that was out then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Newer {
    memory: Ticket,
    github: Ticket,
    public: BTreeMap<PackageId, Ticket>,
    lists: BTreeMap<PackageId, Ticket>,
}

impl Wizard {
    /// Adds to what is remembered, or takes from it, now. Nobody changes it otherwise.
    pub(super) fn remember<T>(&mut self, change: impl FnOnce(&mut Memory, Timestamp) -> T) -> T {
        self.newer.memory = Ticket(self.next_ticket);
        change(&mut self.facts.memory, self.facts.now)
    }

    /// A reading of the journal has come, asked for with this ticket.
    pub(super) fn recall(&mut self, asked: Ticket, memory: Memory) -> Option<Effect> {
        if asked > self.newer.memory {
            self.facts.memory = memory;
            return None;
        }
        self.read_anew(Read::Journal)
    }

    /// Something was changed on GitHub and looked at, and is among the facts.
    pub(super) fn github_seen(&mut self) {
        self.newer.github = Ticket(self.next_ticket);
    }

    /// GitHub's facts have come, asked for with this ticket.
    pub(super) fn github_read(&mut self, asked: Ticket, github: GithubFacts) -> Option<Effect> {
        if asked > self.newer.github {
            let actions = std::mem::take(&mut self.facts.github.actions);
            self.facts.github = GithubFacts { actions, ..github };
            // Of two that are under way the later one counts, whichever comes first.
            self.newer.github = asked;
            return None;
        }
        let under_way = self.reads.values().any(|read| matches!(read, Read::Github(..)));
        if under_way { None } else { self.read_github() }
    }

    /// A watch has seen a package. What somebody else asked for later, and heard already, is newer than that.
    pub(super) fn public_seen(&mut self, id: &PackageId, seen: Seen<PublicFacts>) {
        let known = &mut self.facts.registries.entry(id.clone()).or_default().public;
        if matches!(known, Reading::Seen(known) if known.at > seen.at) {
            return;
        }
        *known = Reading::Seen(seen);
        self.newer.public.insert(id.clone(), Ticket(self.next_ticket));
    }

    /// A reading of what is public has come, or why there is none, asked for with this ticket.
    pub(super) fn public_read(
        &mut self,
        asked: Ticket,
        id: &PackageId,
        reading: Reading<PublicFacts>,
    ) -> Option<Effect> {
        if self.newer.public.get(id).is_none_or(|known| asked > *known) {
            self.facts.registries.entry(id.clone()).or_default().public = reading;
            return None;
        }
        self.read_anew(Read::Public(id.clone()))
    }

    /// A list was read back after a change.
    pub(super) fn list_seen(&mut self, id: &PackageId, value: Vec<PublisherEntry>) {
        let seen = Seen { value, source: format!("{}, read back", id.registry), at: self.facts.now };
        self.facts.registries.entry(id.clone()).or_default().publishers = Reading::Seen(seen);
        self.newer.lists.insert(id.clone(), Ticket(self.next_ticket));
    }

    /// A reading of a list has come, or why there is none, asked for with this ticket. What was read back since is newer.
    pub(super) fn list_read(&mut self, asked: Ticket, id: &PackageId, reading: Reading<Vec<PublisherEntry>>) {
        if self.newer.lists.get(id).is_none_or(|known| asked > *known) {
            self.facts.registries.entry(id.clone()).or_default().publishers = reading;
        }
    }

    /// Reads it once more, unless that is under way.
    fn read_anew(&mut self, read: Read) -> Option<Effect> {
        let under_way = self.reads.values().any(|known| *known == read);
        (!under_way).then(|| self.read(read))
    }
}
