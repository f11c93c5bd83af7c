//! Who may take a step: asked of the registry when the step is opened, told in one line, and never in the way. Whoever may
//! not hands the step over.

use super::step::Aim;
use super::{Account, Action, Ask, Effect, Mark, Para, Read, Screen, Stage, StepScreen, Wizard};
use crate::model::{Identity, Owner, PackageId, Reading, Registry, StepKind};
use crate::plan::{self, May};
use crate::registry::{self, AccountBy, Login};

/// Of how many packages the owners are read to announce mails: each costs a request that a person would wait for.
const OWNERS_READ: usize = 5;
/// For how long what the person's own tool said of its login is believed, in seconds.
const FRESH: i64 = 300;

/// What came of asking who may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnersSeen {
    /// The owners.
    pub owners: Reading<Vec<Owner>>,
    /// Who the person's own tool is logged in as; `None`: it was not asked.
    pub account: Option<Reading<String>>,
}

impl Wizard {
    fn me(&self) -> Option<&Identity> {
        match &self.account {
            Account::SignedIn(identity, _) => Some(identity),
            Account::Nobody => None,
        }
    }

    /// Asks who owns the package whose step is open, and the first of those whose owners are written to; each once.
    pub(super) fn ask_owners(&mut self) -> Vec<Effect> {
        let Screen::Step(step) = &self.screen else { return Vec::new() };
        if step.stage != Stage::Explain || step.aim != Aim::Do || self.settings.offline {
            return Vec::new();
        }
        let mailed = step.kind == StepKind::Register && registry::guides(step.registry).mails_owners();
        let first = step.items.iter().take(if mailed { OWNERS_READ } else { 0 });
        let mut wanted: Vec<PackageId> =
            step.turn().into_iter().chain(first).map(|item| item.package.clone()).collect();
        wanted.dedup();
        wanted.retain(|id| {
            let asked = self.reads.values().any(|read| matches!(read, Read::Owners { package, .. } if package == id));
            !asked && !self.facts.ownership.owners.contains_key(id) && plan::wants_owner(&self.facts, id, step.kind)
        });
        let by_tool = registry::guides(step.registry).owners().account.value == AccountBy::Tool;
        let account = by_tool && !self.facts.ownership.accounts.contains_key(&step.registry);
        wanted.into_iter().map(|package| self.read(Read::Owners { package, account })).collect()
    }

    /// The registry has told, or not.
    pub(super) fn owners_read(&mut self, id: PackageId, seen: OwnersSeen) {
        if let Some(account) = seen.account {
            self.facts.ownership.accounts.insert(id.registry, account);
        }
        self.facts.ownership.owners.insert(id, seen.owners);
    }

    /// The person's own tool has another login now, or none that tells whose it is.
    pub(super) fn logged_in_as(&mut self, registry: Registry, login: &Login) {
        let accounts = &mut self.facts.ownership.accounts;
        match login {
            Login::As(name) => {
                accounts.insert(registry, Reading::seen(name.clone(), "your own tool", self.facts.now));
            }
            Login::Present(_) | Login::Token(_) | Login::Absent { .. } => {
                accounts.remove(&registry);
            }
        }
    }

    /// Whether the person's own tool was logged in a moment ago.
    pub(super) fn just_logged_in(&self, registry: Registry) -> bool {
        match self.facts.ownership.accounts.get(&registry) {
            Some(Reading::Seen(seen)) => self.facts.now.since(seen.at) < FRESH,
            _ => false,
        }
    }

    /// Asks who the person's own tool is logged in as, unless that was just told.
    pub(super) fn check_login(&mut self, registry: Registry) -> Vec<Effect> {
        if self.just_logged_in(registry) {
            return self.logged_in();
        }
        let effect = self.read(Read::Login(registry));
        if let Effect::Read(ticket, _) = &effect {
            self.stage(Stage::CheckingLogin(*ticket));
        }
        vec![effect]
    }

    /// The line about it.
    pub(super) fn access_para(&self, step: &StepScreen) -> Option<Para> {
        let row = step.turn().and_then(|item| self.plan.row(&item.package))?;
        let access = plan::access(&self.facts, self.me(), row, step.kind)?;
        let (mark, hint) = match access.may {
            May::Yes => (Mark::Yes, ""),
            May::No => (Mark::No, " h makes a message for one of them."),
            May::Unknown => (Mark::Unknown, ""),
        };
        Some(Para::Marked(mark, format!("{}{hint}", access.words)))
    }

    /// The message that hands the step over.
    pub(super) fn hand_over(&self, step: &StepScreen) -> Option<String> {
        let row = step.turn().and_then(|item| self.plan.row(&item.package))?;
        plan::hand_over(&self.facts, row, step.kind).map(|message| message.to_string())
    }

    /// What a person does with the message; `None`: nothing of it is meant.
    pub(super) fn act_hand_over(&mut self, step: &StepScreen, action: Action) -> Option<Vec<Effect>> {
        match (&step.stage, action) {
            (Stage::Explain, Action::HandOver) => Some(self.stage(Stage::HandOver)),
            (Stage::HandOver, Action::Copy) => Some(self.hand_over(step).map(Effect::Copy).into_iter().collect()),
            (Stage::HandOver, _) => Some(self.stage(Stage::Explain)),
            _ => None,
        }
    }

    pub(super) fn ask_hand_over(&self, step: &StepScreen) -> Ask {
        let text = self.hand_over(step).unwrap_or_default();
        // Prose may be wrapped; the table may not.
        let para = |line: &str| match line.is_empty() || line.starts_with(' ') {
            true => Para::Verbatim(line.to_owned()),
            false => Para::Text(line.to_owned()),
        };
        let body = text.lines().map(para).collect();
        Ask::note("step.hand-over", "A message for somebody who may do this.", body)
    }
}
