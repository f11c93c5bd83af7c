//! The lock step: the registry is told to refuse tokens, or the person says that they told it.
//!
//! What the lock covers is shown before. Where a switch can be read, only what was read back counts; where nobody can read it,
//! that is said.

use super::{
    Ask, AskKind, Effect, ItemState, Mark, Overlay, Para, Read, Screen, Stage, StepScreen, Ticket, Trouble, Wizard,
};
use crate::journal::Event;
use crate::model::{PackageId, PackageName, StepKind};
use crate::plan::LockedBy;
use crate::registry::{self, Changed, Lock};
use crate::report::Report;

impl Wizard {
    /// Before a lock that holds for more than was picked, all that it holds for is read; `None`: that is known, or no other.
    pub(super) fn ask_what_it_covers(&mut self, step: &StepScreen) -> Option<Vec<Effect>> {
        let whole = registry::guides(step.registry).rules().lock.value == Lock::WholeScope;
        if step.kind != StepKind::Lock || !whole || step.covers.is_some() {
            return None;
        }
        let effect = self.read(Read::Covers(step.items.iter().map(|item| item.package.clone()).collect()));
        if let Effect::Read(ticket, _) = &effect {
            self.stage(Stage::LookingAgain(*ticket));
        }
        Some(vec![effect])
    }

    /// What the lock holds for is known: the person decides.
    pub(super) fn covers_read(&mut self, ticket: Ticket, result: Result<Vec<PackageName>, Report>) -> Vec<Effect> {
        let Screen::Step(step) = &self.screen else { return Vec::new() };
        if step.stage != Stage::LookingAgain(ticket) {
            return Vec::new();
        }
        match result {
            Ok(names) => {
                self.with_step(|step| step.covers = Some(names));
                self.stage(Stage::Covers)
            }
            Err(report) => {
                self.overlay = Overlay::Problem(report);
                self.step_back()
            }
        }
    }

    pub(super) fn ask_covers(&self, step: &StepScreen) -> Ask {
        let names = step.covers.as_deref().unwrap_or_default();
        let here = |name: &PackageName| {
            self.plan.rows.iter().find(|row| row.package.id.registry == step.registry && row.package.id.name == *name)
        };
        let mut body = vec![Para::Text(format!(
            "{} has one switch for the whole scope. From then on no token publishes any of these {}:",
            step.registry,
            names.len()
        ))];
        body.extend(names.iter().map(|name| match here(name) {
            Some(row) => {
                let proven = row.ladder.standing(crate::model::Rung::Proven);
                let word = if proven.settled() { "proven" } else { "not proven: a token may still publish it" };
                Para::Marked(proven.into(), format!("{name}  {word}"))
            }
            None => {
                Para::Marked(Mark::Unknown, format!("{name}  published from elsewhere, which untoken does not see"))
            }
        }));
        body.push(Para::Text("Go on?".into()));
        Ask::note("step.covers", "The lock holds for the whole scope", body).wanting(AskKind::Confirm)
    }

    /// A registry was told to refuse tokens, or not.
    pub(super) fn locked(&mut self, id: &PackageId, result: Result<Changed, Trouble>) -> Vec<Effect> {
        let readable = registry::guides(id.registry).rules().lock.value != Lock::SetOnly;
        let (by, state) = match result {
            Ok(Changed::Done) => (LockedBy::Untoken, ItemState::Done("tokens are refused, read back".to_owned())),
            Ok(Changed::AlreadySo) => (LockedBy::Seen, ItemState::AlreadySo("tokens are refused".to_owned())),
            Ok(Changed::NotSeen(_)) if !readable => {
                (LockedBy::Untoken, ItemState::Accepted("nobody can read the setting back".to_owned()))
            }
            Ok(Changed::NotSeen(why)) => return self.settle(id, ItemState::NotSeen(why)),
            Err(trouble) => return self.troubled(id, trouble),
        };
        let (mark, seen) = match &state {
            ItemState::Accepted(why) => (Mark::Stated, why.clone()),
            ItemState::AlreadySo(_) => (Mark::Yes, "was so before".to_owned()),
            _ => (Mark::Yes, "read back".to_owned()),
        };
        self.note_done(mark, id.name.as_str(), format!("{} refuses tokens ({seen})", id.registry));
        self.remember(|memory, now| memory.locked.insert(id.clone(), (by, now)));
        let mut effects = vec![self.read(Read::Public(id.clone()))];
        if by == LockedBy::Seen {
            effects.push(Effect::Record(Event::Refuses { package: id.clone(), said: false }));
        }
        effects.extend(self.settle(id, state));
        effects
    }

    /// "It is set there."
    pub(super) fn state_lock(&mut self, id: PackageId) -> Vec<Effect> {
        let rules = registry::guides(id.registry).rules();
        self.remember(|memory, now| memory.locked.insert(id.clone(), (LockedBy::Person, now)));
        let public = rules.lock.value == Lock::Public;
        let caveat = if public { "it is read now" } else { "not read back" };
        self.note_done(Mark::Stated, id.name.as_str(), format!("you said: {} refuses tokens ({caveat})", id.registry));
        let mut effects = vec![Effect::Record(Event::Refuses { package: id.clone(), said: true })];
        if public {
            effects.push(self.read(Read::Public(id)));
        }
        effects
    }
}

/// The question after the browser.
pub(super) fn saved_text(package: &PackageId) -> String {
    let registry = package.registry;
    let after = match registry::guides(registry).rules().lock.value {
        Lock::Public => "untoken reads it afterwards.",
        Lock::SetOnly | Lock::WholeScope | Lock::None => {
            "Nobody else can read it: untoken writes down that you said so."
        }
    };
    format!("Say yes once {registry} refuses tokens for {}. {after}", package.name)
}
