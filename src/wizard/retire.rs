//! The retire step: the old secrets of packages, each deleted only after nothing uses it, its token was said to be revoked, and
//! its name was typed.
//!
//! Whether one may go is judged in `retire_fate`, what the screen says is in `retire_words`.

use super::retire_fate::Fate;
use super::{Account, Action, Effect, Mark, Overlay, Read, Screen, StepScreen, Ticket, Wizard};
use crate::journal::Event;
use crate::model::{PackageId, Reading, SecretDeleted, SecretHome, SecretName, TokenReach};
use crate::report::Report;
use crate::secrets::{Audit, Entry, Kept};

/// The screen of the step.
#[derive(Debug, Clone, PartialEq)]
pub struct Retire {
    /// Of which packages.
    pub packages: Vec<PackageId>,
    /// The secrets that serve them, as last read.
    pub entries: Vec<Entry>,
    /// What could not be read, a line each.
    pub unread: Vec<String>,
    /// The secret under the cursor.
    pub cursor: usize,
    /// Where it stands.
    pub stage: RetireStage,
    /// What was deleted, or is to be deleted by hand: the next reading tells whether it is gone.
    pub(super) looked_for: Option<(SecretHome, SecretName)>,
}

/// Where the step stands.
#[derive(Debug, Clone, PartialEq)]
pub enum RetireStage {
    /// The names are being read.
    Reading(Ticket),
    /// The list.
    List,
    /// Is the token revoked at its registry?
    Revoked,
    /// The secret's name is being typed; `Some`: what was typed instead.
    Name(Option<String>),
    /// The person deletes it; `Some`: why untoken could not.
    ByHand(Option<Report>),
    /// GitHub is asked to delete it.
    Deleting,
}

impl Retire {
    /// The secret under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&Entry> {
        self.entries.get(self.cursor)
    }

    /// The same by place and name, where it is the repository's own.
    #[must_use]
    pub fn target(&self) -> Option<(SecretHome, SecretName)> {
        match &self.current()?.kept {
            Kept::Secret(place, name) => Some((place.home()?, name.clone())),
            Kept::Named(_) | Kept::Variable(_) | Kept::File(..) => None,
        }
    }
}

impl Wizard {
    /// Opens the step, and reads the names anew.
    pub(super) fn open_retire(&mut self, step: StepScreen) -> Vec<Effect> {
        let packages = step.items.into_iter().map(|item| item.package).collect();
        self.read_names(Retire {
            packages,
            entries: Vec::new(),
            unread: Vec::new(),
            cursor: 0,
            stage: RetireStage::List,
            looked_for: None,
        })
    }

    fn read_names(&mut self, retire: Retire) -> Vec<Effect> {
        let effect = self.read(Read::Secrets);
        let Effect::Read(ticket, _) = &effect else { return Vec::new() };
        self.screen = Screen::Retire(Retire { stage: RetireStage::Reading(*ticket), ..retire });
        vec![effect]
    }

    fn with_retire(&mut self, change: impl FnOnce(&mut Retire)) {
        if let Screen::Retire(retire) = &mut self.screen {
            change(retire);
        }
    }

    fn retire_stage(&mut self, stage: RetireStage) -> Vec<Effect> {
        self.with_retire(|retire| retire.stage = stage);
        Vec::new()
    }

    pub(super) fn act_retire(&mut self, action: Action) -> Vec<Effect> {
        let Screen::Retire(retire) = self.screen.clone() else { return Vec::new() };
        match (&retire.stage, action) {
            (RetireStage::Reading(ticket), Action::Back) => {
                self.reads.remove(ticket);
                self.home();
                vec![Effect::Cancel(*ticket)]
            }
            (RetireStage::List, Action::Go) => self.begin_retire(&retire),
            (RetireStage::List, Action::OtherWay) => self.by_hand(&retire),
            (RetireStage::List, Action::Up) => self.move_retire(&retire, -1),
            (RetireStage::List, Action::Down) => self.move_retire(&retire, 1),
            (RetireStage::List | RetireStage::ByHand(_), Action::Refresh) => self.read_names(retire),
            (RetireStage::List, Action::Open) => self.retire_page(&retire).map(Effect::Open).into_iter().collect(),
            (RetireStage::List, Action::Back) => self.home(),
            (RetireStage::Revoked, Action::Yes) => self.revoked(&retire),
            (RetireStage::Revoked, Action::Open) => self.revoke_link(&retire).map(Effect::Open).into_iter().collect(),
            (RetireStage::ByHand(_), Action::Go) => self.read_names(Retire { looked_for: retire.target(), ..retire }),
            (RetireStage::ByHand(_), Action::Open) => self.retire_page(&retire).map(Effect::Open).into_iter().collect(),
            (RetireStage::ByHand(_), Action::Copy) => {
                self.retire_command(&retire).map(Effect::Copy).into_iter().collect()
            }
            (RetireStage::Revoked | RetireStage::Name(_) | RetireStage::ByHand(_), Action::Back | Action::No) => {
                self.retire_stage(RetireStage::List)
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn allows_retire(&self, retire: &Retire, action: Action) -> bool {
        let free = || retire.current().is_some_and(|entry| matches!(self.fate(entry), Fate::CanGo(_)));
        match (&retire.stage, action) {
            (RetireStage::List, Action::Go) => !retire.entries.is_empty(),
            (RetireStage::List, Action::OtherWay) => free(),
            (RetireStage::List | RetireStage::ByHand(_), Action::Open) => self.retire_page(retire).is_some(),
            (RetireStage::Deleting, Action::Back) => false,
            _ => true,
        }
    }

    fn move_retire(&mut self, retire: &Retire, by: isize) -> Vec<Effect> {
        let last = retire.entries.len().saturating_sub(1);
        self.with_retire(|retire| retire.cursor = retire.cursor.saturating_add_signed(by).min(last));
        Vec::new()
    }

    /// Enter on a secret: refused with the reason, or first the question for its token.
    fn begin_retire(&mut self, retire: &Retire) -> Vec<Effect> {
        let Some(entry) = retire.current() else { return self.next_group() };
        match self.fate(entry) {
            Fate::Refused(why) | Fate::Others(why) => {
                self.status = Some(format!("it stays: {why}"));
                Vec::new()
            }
            Fate::CanGo(home) => {
                let known = retire.target().and_then(|target| self.facts.memory.revoked.get(&target).copied());
                // A secret that was set since holds another token.
                let said = known.is_some_and(|at| entry.updated.is_none_or(|updated| updated < at));
                if said { self.after_revoked(&home) } else { self.retire_stage(RetireStage::Revoked) }
            }
        }
    }

    fn after_revoked(&mut self, home: &SecretHome) -> Vec<Effect> {
        match self.may_delete(home) {
            true => self.retire_stage(RetireStage::Name(None)),
            false => self.retire_stage(RetireStage::ByHand(None)),
        }
    }

    fn by_hand(&mut self, retire: &Retire) -> Vec<Effect> {
        match retire.current().map(|entry| self.fate(entry)) {
            Some(Fate::CanGo(_)) => self.retire_stage(RetireStage::ByHand(None)),
            _ => Vec::new(),
        }
    }

    /// The person says that the token is revoked.
    fn revoked(&mut self, retire: &Retire) -> Vec<Effect> {
        let Some((home, secret)) = retire.target() else { return Vec::new() };
        self.remember(|memory, now| memory.revoked.insert((home.clone(), secret.clone()), now));
        self.note_done(Mark::Stated, secret.as_str(), "you said: its token is revoked at the registry");
        let mut effects = vec![Effect::Record(Event::Revoked { home: home.clone(), secret })];
        effects.extend(self.after_revoked(&home));
        effects
    }

    /// A name was typed: only the secret's own deletes it.
    pub(super) fn typed_name(&mut self, text: &str) -> Vec<Effect> {
        let Screen::Retire(retire) = self.screen.clone() else { return Vec::new() };
        let RetireStage::Name(_) = retire.stage else { return Vec::new() };
        let (Some((home, name)), Some(package), Some(slug)) =
            (retire.target(), retire.packages.first(), self.slug().cloned())
        else {
            return self.retire_stage(RetireStage::List);
        };
        if text.trim() != name.as_str() {
            return self.retire_stage(RetireStage::Name(Some(crate::model::clean_line(text, 60))));
        }
        // What was judged when the list was read is judged again.
        if !retire.current().is_some_and(|entry| self.fate(entry) == Fate::CanGo(home.clone())) {
            return self.retire_stage(RetireStage::List);
        }
        self.retire_stage(RetireStage::Deleting);
        vec![Effect::DeleteSecret(package.clone(), slug, home, name)]
    }

    /// A secret was deleted, or not.
    pub(super) fn secret_deleted(
        &mut self,
        (home, name): (&SecretHome, &SecretName),
        result: Result<SecretDeleted, Report>,
    ) -> Vec<Effect> {
        let place = home.place().in_words();
        let failed = format!("secret {name} of {place}");
        match &result {
            Ok(SecretDeleted::Gone) => {
                self.note_done(
                    Mark::Yes,
                    name.as_str(),
                    format!("secret deleted from {place}; its name is gone (read back)"),
                );
            }
            Ok(SecretDeleted::WasGone) => {
                self.note_done(Mark::Yes, name.as_str(), format!("was gone from {place} already (read)"));
            }
            Ok(SecretDeleted::NotSeen(_)) | Err(_) => {
                self.failed.insert(failed.clone());
            }
        }
        let effects = match result {
            Ok(SecretDeleted::Gone | SecretDeleted::WasGone) => {
                self.failed.remove(&failed);
                self.github_seen();
                let target = Some((home.clone(), name.clone()));
                let Screen::Retire(retire) = self.screen.clone() else {
                    return self.read_github().into_iter().collect();
                };
                self.read_names(Retire { looked_for: target, ..retire })
            }
            Ok(SecretDeleted::NotSeen(why)) => {
                self.status = Some(why);
                self.retire_stage(RetireStage::List)
            }
            Err(report) => self.retire_stage(RetireStage::ByHand(Some(report))),
        };
        effects.into_iter().chain(self.read_github()).collect()
    }

    /// The names were read: the list, and whether what was looked for is gone.
    pub(super) fn names_read(&mut self, ticket: Ticket, result: Result<Audit, Report>) -> Vec<Effect> {
        let Screen::Retire(retire) = self.screen.clone() else { return Vec::new() };
        if retire.stage != RetireStage::Reading(ticket) {
            return Vec::new();
        }
        let audit = match result {
            Ok(audit) => audit,
            Err(report) => {
                self.overlay = Overlay::Problem(report);
                return self.home();
            }
        };
        let unread: Vec<String> = audit.unread.iter().map(|(what, why)| format!("{what}: {}", why.why)).collect();
        let there = |target: &(SecretHome, SecretName)| {
            audit.entries.iter().any(|entry| entry.kept == Kept::Secret(target.0.place(), target.1.clone()))
        };
        let looked_for = retire.looked_for.clone();
        if let Some(target) = &looked_for {
            let (place, name) = (target.0.place().in_words(), &target.1);
            self.status = Some(match (there(target), unread.is_empty()) {
                (true, _) => format!("GitHub still lists {name} in {place}"),
                (false, true) => {
                    self.failed.remove(&format!("secret {name} of {place}"));
                    if !self.done.iter().any(|done| done.subject == name.as_str() && done.mark == Mark::Yes) {
                        self.note_done(Mark::Yes, name.as_str(), format!("gone from {place} (read)"));
                    }
                    format!("{name} is gone from {place}")
                }
                (false, false) => format!("{name} is in no list that was read; some were not"),
            });
        }
        let mut entries: Vec<Entry> =
            audit.entries.into_iter().filter(|entry| self.serves(entry, &retire.packages)).collect();
        entries.sort_by_key(|entry| !matches!(self.fate(entry), Fate::CanGo(_)));
        let cursor = retire.cursor.min(entries.len().saturating_sub(1));
        let stage = RetireStage::List;
        self.screen =
            Screen::Retire(Retire { packages: retire.packages, entries, unread, cursor, stage, looked_for: None });
        if looked_for.is_some() { self.read_github().into_iter().collect() } else { Vec::new() }
    }

    /// Whether the token may delete there, as far as GitHub told; where it tells nothing, trying tells.
    pub(super) fn may_delete(&self, home: &SecretHome) -> bool {
        let Account::SignedIn(identity, _) = &self.account else { return false };
        let wanted = match home {
            SecretHome::Repository => "secrets",
            SecretHome::Environment(_) => "environments",
            SecretHome::Dependabot => "dependabot_secrets",
        };
        match &identity.reach {
            TokenReach::App { permissions } => {
                permissions.iter().any(|(name, level)| name == wanted && level == "write")
            }
            TokenReach::Scopes(scopes) => scopes.iter().any(|scope| scope == "repo"),
            TokenReach::Untold => true,
        }
    }

    /// Whether the names of secrets were read as somebody who may.
    pub(super) fn sees_names(&self) -> bool {
        matches!(self.facts.github.repository_secrets, Reading::Seen(_))
    }
}
