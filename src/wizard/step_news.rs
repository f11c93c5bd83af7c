//! What a step hears back: logins, registrations, lists, a terminal that was lent; and how it goes on from there.

use super::step::{Aim, Approval, Lent};
use super::update::unknown;
use super::{Effect, Finished, ItemState, Mark, Overlay, Read, Screen, Stage, Ticket, Trouble, Wizard};
use crate::model::{Existence, PackageId, PublisherEntry, Reading, StepKind, Timestamp, Trusted};
use crate::registry::{self, Changed, Held, Login, Registered};
use crate::report::{Kind, Report};

impl Wizard {
    /// Whether the tool is logged in is known.
    pub(super) fn login_known(&mut self, ticket: Ticket, result: Result<Login, Report>) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        if step.stage != Stage::CheckingLogin(ticket) {
            return Vec::new();
        }
        if let Ok(login) = &result {
            self.logged_in_as(step.registry, login);
        }
        match result {
            Ok(Login::Token(_)) if step.kind == StepKind::FirstPublish => self.logged_in(),
            Ok(Login::As(_) | Login::Present(_)) => self.logged_in(),
            Ok(Login::Token(name)) => {
                let report = Report::new(Kind::User, format!("npm would use the token in {name} and not your login"))
                    .because(
                        "npm takes no granular token for trusted publishers (reported), and asks for none of your own",
                    )
                    .hint(format!(
                        "unset {name} or take its line out of your .npmrc, run npm login; or w for the other way"
                    ));
                self.overlay = Overlay::Problem(report);
                self.step_back()
            }
            Ok(Login::Absent { how }) => self.stage(Stage::Login(how)),
            Err(mut report) => {
                if self.ways(&step).len() > 1 {
                    let other = report.hint.map(|hint| format!("{hint}; or w for the other way"));
                    report.hint = other.or_else(|| Some("w for the other way".to_owned()));
                }
                self.overlay = Overlay::Problem(report);
                self.step_back()
            }
        }
    }

    /// The tool is logged in: on with it.
    pub(super) fn logged_in(&mut self) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        match step.kind {
            StepKind::FirstPublish => self.lend_first_publish(&step),
            _ => self.run(),
        }
    }

    /// A package has come to an end: the next one begins. News of one that nobody awaits starts nothing.
    pub(super) fn settle(&mut self, id: &PackageId, state: ItemState) -> Vec<Effect> {
        let awaited = self.awaits(id);
        self.ended(id, state);
        self.replan();
        if awaited { self.run() } else { Vec::new() }
    }

    /// Writes down how far a package has come.
    pub(super) fn ended(&mut self, id: &PackageId, state: ItemState) {
        match &state {
            ItemState::Failed(_) | ItemState::NotSeen(_) => self.failed.insert(id.to_string()),
            _ => self.failed.remove(&id.to_string()),
        };
        self.with_step(|step| {
            if let Some(item) = step.item_mut(id) {
                item.state = state;
            }
        });
    }

    pub(super) fn awaits(&self, id: &PackageId) -> bool {
        matches!(&self.screen, Screen::Step(step) if step.awaits(id))
    }

    fn put_back(&mut self, id: &PackageId, stage: Stage) -> Vec<Effect> {
        if !self.awaits(id) {
            return Vec::new();
        }
        self.with_step(|step| {
            if let Some(item) = step.item_mut(id) {
                item.state = ItemState::Waiting;
            }
        });
        self.stage(stage)
    }

    /// A registration ended.
    pub(super) fn registered(&mut self, id: &PackageId, result: Result<Registered, Trouble>) -> Vec<Effect> {
        match result {
            Ok(Registered::Done(held)) => {
                if let Trusted::Workflow(publisher) = &held.entry.publisher {
                    self.remember(|memory, now| memory.made.insert(id.clone(), (publisher.clone(), now)));
                }
                let seen = format!("entry {}, read back", held.entry.id);
                self.note_done(Mark::Yes, id.name.as_str(), format!("registered on {} ({seen})", id.registry));
                self.remember_list(id, *held);
                self.settle(id, ItemState::Done(seen))
            }
            Ok(Registered::AlreadySo(held)) => {
                let seen = format!("entry {}", held.entry.id);
                self.note_done(
                    Mark::Yes,
                    id.name.as_str(),
                    format!("was registered on {} already ({seen})", id.registry),
                );
                self.remember_list(id, *held);
                self.settle(id, ItemState::AlreadySo(seen))
            }
            Ok(Registered::NotSeen(why)) => self.settle(id, ItemState::NotSeen(why)),
            Err(trouble) => self.troubled(id, trouble),
        }
    }

    /// A package's record was made, or not: the public facts are read again in any case.
    pub(super) fn created(&mut self, id: &PackageId, result: Result<Changed, Trouble>) -> Vec<Effect> {
        let state = match result {
            Ok(Changed::Done) => {
                self.note_done(Mark::Yes, id.name.as_str(), format!("made on {} (read back)", id.registry));
                ItemState::Done("made, and read back".to_owned())
            }
            Ok(Changed::AlreadySo) => ItemState::AlreadySo("its record was there".to_owned()),
            Ok(Changed::NotSeen(why)) => ItemState::NotSeen(why),
            Err(trouble) => return self.troubled(id, trouble),
        };
        let mut effects = vec![self.read(Read::Public(id.clone()))];
        effects.extend(self.settle(id, state));
        effects
    }

    /// A list that was read back belongs to the facts.
    fn remember_list(&mut self, id: &PackageId, held: Held) {
        let mut value = held.beside;
        value.push(held.entry);
        self.list_seen(id, value);
    }

    /// A list of publishers was read, or not.
    pub(super) fn publishers_read(
        &mut self,
        ticket: Ticket,
        id: &PackageId,
        result: Result<(Vec<PublisherEntry>, String, Timestamp), Trouble>,
    ) -> Vec<Effect> {
        let running = matches!(&self.screen, Screen::Step(step) if step.aim == Aim::ReadLists && step.awaits(id));
        let reading = match &result {
            Ok((list, source, at)) => Reading::seen(list.clone(), source.clone(), *at),
            Err(Trouble::Failed(report) | Trouble::Credential(report)) => Reading::Unknown(unknown(report)),
            Err(Trouble::SecondFactor | Trouble::Silent) => Reading::NotRead,
        };
        self.list_read(ticket, id, reading);
        self.replan();
        if !running {
            return Vec::new();
        }
        match result {
            Ok((list, ..)) => {
                let what = match list.len() {
                    1 => "1 publisher".to_owned(),
                    n => format!("{n} publishers"),
                };
                self.settle(id, ItemState::Read(what))
            }
            Err(trouble) => self.troubled(id, trouble),
        }
    }

    /// The terminal came back.
    pub(super) fn returned(&mut self, finished: Finished) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        let Stage::Lent(why) = step.stage else { return Vec::new() };
        if let Finished::NotStarted(report) = finished {
            self.overlay = Overlay::Problem(report);
            self.unrun();
            return self.step_back();
        }
        self.status = match &finished {
            Finished::Badly(how) => Some(how.clone()),
            Finished::Well | Finished::NotStarted(_) => None,
        };
        match (why, &finished) {
            (Lent::SecondFactor, Finished::Badly(_)) => self.stage(Stage::SecondFactor),
            (Lent::SecondFactor, _) => {
                self.with_step(|step| step.approvals.push(Approval { ended: step.ended() }));
                self.run()
            }
            (Lent::Login, _) => self.check_login(step.registry),
            (Lent::FirstPublish, _) => {
                let Some(id) = step.turn().map(|item| item.package.clone()) else { return Vec::new() };
                self.look_again(id)
            }
        }
    }

    fn unrun(&mut self) {
        self.with_step(|step| {
            for item in step.items.iter_mut().filter(|item| item.state == ItemState::Running) {
                item.state = ItemState::Waiting;
            }
        });
    }

    /// Reads the public facts once more: only they say whether something was published.
    pub(super) fn look_again(&mut self, id: PackageId) -> Vec<Effect> {
        let effect = self.read(Read::Public(id));
        if let Effect::Read(ticket, _) = &effect {
            self.stage(Stage::LookingAgain(*ticket));
        }
        vec![effect]
    }

    /// The public facts were read again after a borrowed tool had the terminal: only they say whether it worked.
    pub(super) fn looked_again(&mut self, ticket: Ticket, id: &PackageId) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        if step.stage != Stage::LookingAgain(ticket) {
            return Vec::new();
        }
        let state = match self.facts.existence(id) {
            Some(Existence::Exists { latest }) => {
                let version = latest.clone().map(|v| format!(" as {v}")).unwrap_or_default();
                self.note_done(Mark::Yes, id.name.as_str(), format!("published{version}, seen on {}", id.registry));
                ItemState::Done(format!("seen on {}{version}", id.registry))
            }
            Some(Existence::Absent) => {
                ItemState::NotSeen(format!("{} does not show it yet; it may take a minute", id.registry))
            }
            None => ItemState::NotSeen(format!("{} could not be asked", id.registry)),
        };
        let more = step.items.iter().any(|item| item.package != *id && item.state == ItemState::Waiting);
        self.ended(id, state);
        let full = more && self.quota_spent();
        self.stage(if more && !full { Stage::Explain } else { Stage::End })
    }

    /// An item cannot go on by itself: a person is asked for what is missing, or it has failed.
    pub(super) fn troubled(&mut self, id: &PackageId, trouble: Trouble) -> Vec<Effect> {
        match trouble {
            Trouble::SecondFactor => {
                let typed = registry::guides(id.registry).one_time_code().is_some();
                self.put_back(id, if typed { Stage::OneTimeCode } else { Stage::SecondFactor })
            }
            Trouble::Credential(report) => {
                self.credentials.remove(&id.registry);
                if !self.awaits(id) {
                    return Vec::new();
                }
                self.put_back(id, Stage::Explain);
                self.want_credential(id.registry, Some(report))
            }
            Trouble::Silent => self.settle(id, ItemState::NotSeen("no answer".to_owned())),
            Trouble::Failed(report) => self.settle(id, ItemState::Failed(report)),
        }
    }
}
