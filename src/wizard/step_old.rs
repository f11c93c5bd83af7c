//! Old entries of the same repository that a new one stands beside: offered to be taken away, never without a yes.
//!
//! Entries of other repositories are none of this: untoken leaves them alone.

use std::collections::BTreeMap;

use super::step::Aim;
use super::{Action, Ask, AskKind, Effect, ItemState, Mark, Para, Stage, StepScreen, Trouble, Wizard};
use crate::model::{PackageId, PublisherEntry, Reading, Registry, Rung, StepKind, Way};
use crate::plan;
use crate::registry::{self, Changed};

/// How many entries are named before they are taken away; the others are counted.
const NAMED: usize = 12;

impl Wizard {
    /// The old entries of a package that may go, each with what differs.
    pub(super) fn superseded(&self, id: &PackageId) -> Vec<(PublisherEntry, Vec<String>)> {
        let Some(row) = self.plan.row(id) else { return Vec::new() };
        let Ok(wanted) = &row.wanted else { return Vec::new() };
        plan::superseded(&self.facts, &row.package, wanted)
    }

    /// Offers to take the old entries of the chosen packages away, a registry after the other.
    pub(super) fn offer_old(&mut self) -> Vec<Effect> {
        self.queue.clear();
        self.offer(self.chosen())
    }

    /// The same for the packages of a step that has ended; what was queued comes afterwards.
    fn offer_old_of(&mut self, step: &StepScreen) -> Vec<Effect> {
        self.offer(step.items.iter().map(|item| item.package.clone()).collect())
    }

    /// What a person does where old entries are offered, or left; `None`: nothing of that.
    pub(super) fn act_old(&mut self, step: &StepScreen, action: Action) -> Option<Vec<Effect>> {
        Some(match (&step.stage, action) {
            (Stage::Old, Action::Yes) => self.begin_old(step),
            (Stage::Old, Action::No) => self.next_group(),
            (Stage::Old, Action::Back) => self.home(),
            (Stage::End, Action::RemoveOld) => self.offer_old_of(step),
            _ => return None,
        })
    }

    fn offer(&mut self, packages: Vec<PackageId>) -> Vec<Effect> {
        let mut groups: BTreeMap<Registry, Vec<PackageId>> = BTreeMap::new();
        for id in packages.into_iter().filter(|id| !self.superseded(id).is_empty()) {
            groups.entry(id.registry).or_default().push(id);
        }
        for (registry, ids) in groups.into_iter().rev() {
            let step = StepScreen::new(StepKind::Register, registry, ids);
            self.queue.push_front(StepScreen { aim: Aim::RemoveOld, stage: Stage::Old, ..step });
        }
        self.next_group()
    }

    /// "Take them away."
    fn begin_old(&mut self, step: &StepScreen) -> Vec<Effect> {
        match registry::guides(step.registry).list_way() {
            Way::Api if self.credentials.contains(&step.registry) => self.run(),
            Way::Api => self.want_credential(step.registry, None),
            Way::Tool | Way::Browser => self.check_login(step.registry),
        }
    }

    /// Takes the first old entry of a package away that is still there.
    pub(super) fn remove_old(&mut self, id: &PackageId) -> Vec<Effect> {
        match self.superseded(id).into_iter().next() {
            Some((entry, _)) => vec![Effect::Unregister(id.clone(), entry)],
            None => self.settle(id, ItemState::AlreadySo("no old entry is there".to_owned())),
        }
    }

    /// An old entry is gone, or not; the package's next one follows.
    pub(super) fn unregistered(
        &mut self,
        id: &PackageId,
        entry: &PublisherEntry,
        result: Result<Changed, Trouble>,
    ) -> Vec<Effect> {
        let state = match result {
            Ok(Changed::Done) => {
                let what = format!(
                    "no longer trusts {} on {} (entry {}, read back; untoken undo makes it again)",
                    entry.publisher, id.registry, entry.id
                );
                self.note_done(Mark::Yes, id.name.as_str(), what);
                ItemState::Done(format!("entry {} is gone, read back", entry.id))
            }
            Ok(Changed::AlreadySo) => ItemState::AlreadySo(format!("entry {} was gone", entry.id)),
            Ok(Changed::NotSeen(why)) => return self.settle(id, ItemState::NotSeen(why)),
            Err(trouble) => return self.troubled(id, trouble),
        };
        if let Some(Reading::Seen(list)) = self.facts.registries.get(id).map(|facts| &facts.publishers) {
            let left = list.value.iter().filter(|held| held.id != entry.id).cloned().collect();
            self.list_seen(id, left);
        }
        self.replan();
        if self.awaits(id) && !self.superseded(id).is_empty() {
            return self.remove_old(id);
        }
        self.settle(id, state)
    }

    pub(super) fn ask_old(&self, step: &StepScreen) -> Ask {
        let all: Vec<(&PackageId, PublisherEntry, Vec<String>)> = step
            .items
            .iter()
            .flat_map(|item| self.superseded(&item.package).into_iter().map(|(e, d)| (&item.package, e, d)))
            .collect();
        let mut body: Vec<Para> = all
            .iter()
            .take(NAMED)
            .map(|(id, entry, differs)| {
                Para::Marked(Mark::No, format!("{}  entry {} has {}", id.name, entry.id, differs.join(" and ")))
            })
            .collect();
        if all.len() > NAMED {
            body.push(Para::Faint(format!("and {} more", all.len() - NAMED)));
        }
        let proven = |id: &PackageId| self.plan.row(id).is_some_and(|row| row.ladder.standing(Rung::Proven).settled());
        let open = step.items.iter().filter(|item| !proven(&item.package)).count();
        if open > 0 {
            let whom = if step.items.len() == 1 { "the new entry".to_owned() } else { format!("{open} new entries") };
            body.push(Para::Marked(
                Mark::Unknown,
                format!("No release has proven {whom} yet. What still releases by an old entry fails without it."),
            ));
        }
        body.push(Para::Text(
            "The new entry stays. untoken takes these away and reads the list back; entries of other repositories are left \
             alone."
                .to_owned(),
        ));
        body.push(Para::Text("Undo: `untoken undo` makes an entry again, under another number.".to_owned()));
        Ask::note("step.old", self.step_title(step), body).wanting(AskKind::Confirm)
    }

    /// What a step that has ended leaves behind: old entries beside the new ones.
    pub(super) fn old_left(&self, step: &StepScreen) -> Option<Para> {
        let left: usize = step.items.iter().map(|item| self.superseded(&item.package).len()).sum();
        let text = match left {
            0 => return None,
            1 => "An old entry of this repository is trusted too: d takes it away.".to_owned(),
            n => format!("{n} old entries of this repository are trusted too: d takes them away."),
        };
        Some(Para::Marked(Mark::Unknown, text))
    }
}
