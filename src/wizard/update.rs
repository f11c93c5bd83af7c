//! `update`: each message to the place that knows what to do with it.

use std::collections::BTreeSet;

use super::{
    Account, Action, Effect, Mark, Msg, Overlay, Read, ReadAnswer, RetireStage, Scope, Screen, SignIn, Stage, Ticket,
    Wizard,
};
use crate::model::{PackageId, Reading, Registry, StepKind, StepState, Unknown};
use crate::plan;
use crate::registry;
use crate::report::Report;

/// A report as the reason of an unknown.
pub(super) fn unknown(report: &Report) -> Unknown {
    Unknown { why: report.line(), hint: report.hint.clone() }
}

impl Wizard {
    /// Takes a message; answers with what is to be done.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let mut effects = self.hear(msg);
        effects.extend(self.take_up());
        effects.extend(self.ask_owners());
        effects
    }

    fn hear(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Started => vec![self.read(Read::Look(Scope::Everything)), Effect::FindSources],
            Msg::Now(now) => {
                self.facts.now = now;
                Vec::new()
            }
            Msg::Act(action) => self.act(action),
            // What lies over a screen takes no answer to what is below it.
            Msg::Pick(_) | Msg::Text(_) | Msg::Secret(_) if self.overlay != Overlay::None => Vec::new(),
            Msg::Pick(index) => self.pick(index),
            Msg::Text(text) => self.typed(&text),
            Msg::Secret(secret) => match &self.screen {
                Screen::SignIn(SignIn::Paste) => self.pasted(secret),
                Screen::Step(step) if matches!(step.stage, Stage::Credential(_)) => self.credential(secret),
                Screen::Step(step) if step.stage == Stage::OneTimeCode => self.one_time_code(secret),
                _ => Vec::new(),
            },
            Msg::Sources(sources) => self.sources_known(sources),
            Msg::Device(ticket, news) if matches!(self.screen, Screen::Step(_)) => self.code_news(ticket, news),
            Msg::Device(ticket, news) => self.device_news(ticket, news),
            Msg::Authorized(ticket, result) => self.authorized(ticket, result),
            Msg::SignedIn(ticket, result) => self.signed_in(ticket, result),
            Msg::Kept(result) => self.kept(result),
            Msg::Read(ticket, answer) => self.answered(ticket, *answer),
            Msg::Looked(ticket, looked) => self.looked(ticket, *looked),
            Msg::Note(text) => {
                self.status = Some(text);
                Vec::new()
            }
            Msg::Registered(id, result) => self.registered(&id, result),
            Msg::Unregistered(id, entry, result) => self.unregistered(&id, &entry, result),
            Msg::Created(id, result) => self.created(&id, result),
            Msg::Locked(id, result) => self.locked(&id, result),
            Msg::SecretDeleted(home, name, result) => self.secret_deleted((&home, &name), result),
            Msg::EnvironmentMade(id, result) => self.environment_made(&id, *result),
            Msg::Returned(finished) => self.returned(finished),
            Msg::Written(path, result) => self.written(&path, result),
            Msg::Patched(Ok(path)) => {
                self.status = Some(format!("saved {path}"));
                Vec::new()
            }
            Msg::Patched(Err(report)) => {
                self.overlay = Overlay::Problem(report);
                Vec::new()
            }
        }
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match (&self.overlay, action) {
            (Overlay::Leave(_), Action::Quit | Action::Yes | Action::Go) => return vec![Effect::Exit],
            (Overlay::None, _) => {}
            (_, Action::Quit) => return self.leave(),
            _ => {
                self.overlay = Overlay::None;
                return Vec::new();
            }
        }
        match action {
            Action::Help => {
                self.overlay = Overlay::Help;
                return Vec::new();
            }
            Action::Quit => return self.leave(),
            _ => {}
        }
        if !self.allows(action) {
            return Vec::new();
        }
        self.status = None;
        match &self.screen {
            Screen::Look(_) => self.act_look(action),
            Screen::SignIn(_) => self.act_sign_in(action),
            Screen::Board => self.act_board(action),
            Screen::Step(_) => self.act_step(action),
            Screen::Prove(_) => self.act_prove(action),
            Screen::Retire(_) => self.act_retire(action),
            Screen::Review(_) => self.act_review(action),
            Screen::Secrets | Screen::Receipt => {
                if action == Action::Back {
                    self.screen = Screen::Board;
                }
                Vec::new()
            }
        }
    }

    fn leave(&mut self) -> Vec<Effect> {
        if self.is_writing() {
            let text = "Something is still being done. It runs to its end; what was done is in the journal and seen next time.";
            self.overlay = Overlay::Leave(text.to_owned());
            return Vec::new();
        }
        // The files were just written: what is still open is known in a moment. Who asks twice does not wait.
        let written = Read::Look(Scope::Checkout);
        if !self.leaving && self.reads.values().any(|read| *read == written) {
            self.leaving = true;
            return Vec::new();
        }
        vec![Effect::Exit]
    }

    /// What was written has been read again: who wanted to leave does.
    fn left(&self) -> Vec<Effect> {
        if self.leaving { vec![Effect::Exit] } else { Vec::new() }
    }

    fn act_look(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Go if matches!(self.facts.local, Reading::Seen(_)) => self.begin_sign_in(),
            Action::Refresh => {
                self.screen = Screen::Look(None);
                self.look()
            }
            _ => Vec::new(),
        }
    }

    /// Reads everything, unless that is under way.
    pub(super) fn look(&mut self) -> Vec<Effect> {
        let look = Read::Look(Scope::Everything);
        if self.reads.values().any(|read| *read == look) {
            return Vec::new();
        }
        self.facts.ownership = plan::Ownership::default();
        vec![self.read(look)]
    }

    fn pick(&mut self, index: usize) -> Vec<Effect> {
        match &mut self.screen {
            Screen::Board => {
                let last = self.board.visible(&self.plan).len().saturating_sub(1);
                self.board.cursor = index.min(last);
                self.act(Action::Go)
            }
            Screen::Retire(retire) if retire.stage == RetireStage::List && index < retire.entries.len() => {
                retire.cursor = index;
                self.act(Action::Go)
            }
            Screen::Review(review) if index < review.items.len() => {
                review.cursor = index;
                self.act(Action::Toggle)
            }
            _ => Vec::new(),
        }
    }

    fn typed(&mut self, text: &str) -> Vec<Effect> {
        match &self.screen {
            Screen::Board if self.board.filtering => {
                self.board.filtering = false;
                text.trim().clone_into(&mut self.board.filter);
                self.board.cursor = 0;
                Vec::new()
            }
            Screen::Step(step) => match step.stage.clone() {
                Stage::Edit(field, _) => self.edited(&field, text),
                _ => Vec::new(),
            },
            Screen::Retire(_) => self.typed_name(text),
            _ => Vec::new(),
        }
    }

    fn answered(&mut self, ticket: Ticket, answer: ReadAnswer) -> Vec<Effect> {
        let Some(asked) = self.reads.remove(&ticket) else { return Vec::new() };
        match answer {
            ReadAnswer::Look(Ok(found)) => {
                let (local, memory, at) = *found;
                let packages: Vec<PackageId> = local.all().map(|p| p.id.clone()).collect();
                self.facts.local = Reading::seen(local, "the checkout", at);
                let again = self.recall(ticket, memory);
                self.replan();
                if asked == Read::Look(Scope::Checkout) {
                    return self.left();
                }
                let mut effects: Vec<Effect> = again.into_iter().chain(self.read_public(&packages)).collect();
                if !matches!(self.screen, Screen::Look(_)) {
                    effects.extend(self.read_github());
                }
                effects
            }
            ReadAnswer::Look(Err(_)) if self.leaving => self.left(),
            ReadAnswer::Look(Err(report)) => {
                if matches!(self.screen, Screen::Look(_)) {
                    self.screen = Screen::Look(Some(report));
                } else {
                    self.overlay = Overlay::Problem(report);
                }
                Vec::new()
            }
            ReadAnswer::Github(github, memory) => {
                let again = [self.github_read(ticket, *github), self.recall(ticket, memory)];
                self.replan();
                again.into_iter().flatten().chain(self.ask_for_actions()).collect()
            }
            ReadAnswer::Journal(memory) => {
                let again = self.recall(ticket, memory);
                self.replan();
                again.into_iter().collect()
            }
            ReadAnswer::Actions(told) => {
                self.facts.github.actions = told;
                Vec::new()
            }
            ReadAnswer::Public(id, result) => {
                let reading = match *result {
                    Ok((public, source, at)) => Reading::seen(public, source, at),
                    Err(report) => Reading::Unknown(unknown(&report)),
                };
                let again = self.public_read(ticket, &id, reading);
                self.replan();
                again.into_iter().chain(self.looked_again(ticket, &id)).collect()
            }
            ReadAnswer::Publishers(id, result) => self.publishers_read(ticket, &id, result),
            ReadAnswer::Secrets(result) => self.names_read(ticket, result),
            ReadAnswer::Covers(result) => self.covers_read(ticket, result),
            ReadAnswer::Owners(id, seen) => {
                self.owners_read(id, seen);
                Vec::new()
            }
            ReadAnswer::Login(_, result) => self.login_known(ticket, result),
            ReadAnswer::Environment(id, result) => self.environment_read(ticket, &id, result),
            ReadAnswer::Guard(guard) => self.guard_read(guard),
        }
    }

    /// The commits of actions, once, where somebody is signed in and a workflow is to be mended or made.
    fn ask_for_actions(&mut self) -> Vec<Effect> {
        let mend =
            |row: &plan::Row| row.step(StepKind::RepairWorkflow).is_some_and(|step| step.state == StepState::Open);
        let asked = !self.facts.github.actions.is_empty() || self.reads.values().any(|r| matches!(r, Read::Actions(_)));
        if asked || !matches!(self.account, Account::SignedIn(..)) || !self.plan.rows.iter().any(mend) {
            return Vec::new();
        }
        vec![self.read(Read::Actions(plan::tags_to_ask(&self.facts)))]
    }

    /// Reads what anybody can read about these packages, and the lists for which a credential is at hand.
    fn read_public(&mut self, packages: &[PackageId]) -> Vec<Effect> {
        if self.settings.offline {
            return Vec::new();
        }
        let held: BTreeSet<Registry> = self.credentials.clone();
        let mut effects = Vec::new();
        for id in packages {
            if self.reads.values().any(|read| *read == Read::Public(id.clone())) {
                continue;
            }
            effects.push(self.read(Read::Public(id.clone())));
            if held.contains(&id.registry) || registry::guides(id.registry).list_is_public() {
                effects.push(self.read(Read::Publishers(id.clone())));
            }
        }
        effects
    }
}

/// A mark for a finding's severity.
pub(super) fn severity(finding: &crate::model::Finding) -> Mark {
    match finding.severity {
        crate::model::Severity::Error => Mark::Refused,
        crate::model::Severity::Warning | crate::model::Severity::Note => Mark::Unknown,
    }
}
