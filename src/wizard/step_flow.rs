//! How a step goes on: from explaining it, through credentials and second factors, to what was read back.

use secrecy::SecretString;

use super::step::{EditField, Lent};
use super::{
    Action, Effect, Finished, Intent, ItemState, Lending, Mark, Overlay, Read, Screen, Stage, StepScreen, Ticket,
    Trouble, Wizard,
};
use crate::journal::Event;
use crate::model::{
    EnvironmentName, Existence, Guide, PackageId, PublisherEntry, Reading, Registry, Seen, StepKind, StepState,
    Timestamp, ToolCall, TrustedPublisher, Way, WorkflowFile,
};
use crate::plan;
use crate::registry::{self, Login, ReadBack, Registered};
use crate::report::Report;

impl Wizard {
    /// The ways of the step for the package whose turn it is.
    #[must_use]
    pub fn ways(&self, step: &StepScreen) -> Vec<Guide> {
        let row = step.turn().and_then(|item| self.plan.row(&item.package));
        row.map(|row| plan::guides(&self.facts, row, step.kind)).unwrap_or_default()
    }

    /// The way that is chosen.
    #[must_use]
    pub fn guide(&self, step: &StepScreen) -> Option<Guide> {
        let mut ways = self.ways(step);
        (step.way < ways.len()).then(|| ways.swap_remove(step.way))
    }

    fn with_step(&mut self, change: impl FnOnce(&mut StepScreen)) {
        if let Screen::Step(step) = &mut self.screen {
            change(step);
        }
    }

    fn stage(&mut self, stage: Stage) -> Vec<Effect> {
        self.with_step(|step| step.stage = stage);
        Vec::new()
    }

    pub(super) fn act_step(&mut self, action: Action) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        match (&step.stage, action) {
            (Stage::Explain, Action::Go) => self.begin(&step),
            (Stage::Explain, Action::Edit) => self.stage(Stage::Edit(EditField::Workflow, None)),
            (Stage::Explain | Stage::End, Action::OtherWay) => self.other_way(&step),
            (Stage::Explain, Action::TakeAll) => self.take_all(&step),
            (Stage::Explain, Action::Show) => {
                self.with_step(|step| step.show = !step.show);
                Vec::new()
            }
            (Stage::Explain, Action::Up) => self.move_field(&step, -1),
            (Stage::Explain, Action::Down) => self.move_field(&step, 1),
            (Stage::Explain, Action::Copy) => self.copy_field(&step),
            (Stage::Explain | Stage::Saved, Action::Open) => {
                self.guide(&step).and_then(|guide| guide.link).map(|link| Effect::Open(link.url)).into_iter().collect()
            }
            (Stage::Explain, Action::Visit) => self.guide(&step).and_then(visit).into_iter().collect(),
            (Stage::Redirects, Action::Yes) => {
                self.with_step(|step| step.accepted_redirects = true);
                self.check_login(step.registry)
            }
            (Stage::Login(_), Action::Yes) => self.lend_login(&step),
            (Stage::SecondFactor, Action::Yes) => self.lend_second_factor(&step),
            (Stage::Saved, Action::Yes) => self.state(&step),
            (Stage::Saved | Stage::Redirects | Stage::Login(_) | Stage::SecondFactor, Action::No) => {
                self.stage(Stage::Explain)
            }
            (Stage::End, Action::Go) => self.next_group(),
            (Stage::End, Action::Retry) => self.retry(&step),
            (Stage::CheckingLogin(ticket) | Stage::LookingAgain(ticket), Action::Back) => {
                self.reads.remove(ticket);
                let mut effects = vec![Effect::Cancel(*ticket)];
                effects.extend(self.stage(Stage::Explain));
                effects
            }
            (Stage::Running | Stage::Lent(_), _) => Vec::new(),
            (Stage::Explain | Stage::End, Action::Back) => self.next_group(),
            (_, Action::Back) if step.only_read => self.next_group(),
            (_, Action::Back) => self.stage(Stage::Explain),
            _ => Vec::new(),
        }
    }

    fn other_way(&mut self, step: &StepScreen) -> Vec<Effect> {
        let ways = self.ways(step).len().max(1);
        self.with_step(|step| {
            step.way = (step.way + 1) % ways;
            step.field = 0;
            step.stage = Stage::Explain;
            for item in
                step.items.iter_mut().filter(|i| matches!(i.state, ItemState::Failed(_) | ItemState::NotSeen(_)))
            {
                item.state = ItemState::Waiting;
            }
        });
        Vec::new()
    }

    fn take_all(&mut self, step: &StepScreen) -> Vec<Effect> {
        let others = self.others(step);
        self.with_step(|step| {
            *step = StepScreen { way: step.way, ..StepScreen::new(step.kind, step.registry, others) }
        });
        Vec::new()
    }

    /// Every package with this step open on this registry, this one's own first.
    pub(super) fn others(&self, step: &StepScreen) -> Vec<PackageId> {
        let mut ids: Vec<PackageId> = step.items.iter().map(|item| item.package.clone()).collect();
        ids.extend(
            self.plan
                .also_open(step.kind, step.registry)
                .into_iter()
                .filter(|id| !step.items.iter().any(|i| i.package == *id)),
        );
        ids
    }

    fn move_field(&mut self, step: &StepScreen, by: isize) -> Vec<Effect> {
        let last = self.copyable(step).len().saturating_sub(1);
        self.with_step(|step| step.field = step.field.saturating_add_signed(by).min(last));
        Vec::new()
    }

    fn copy_field(&mut self, step: &StepScreen) -> Vec<Effect> {
        let mut values = self.copyable(step);
        if step.field < values.len() { vec![Effect::Copy(values.swap_remove(step.field))] } else { Vec::new() }
    }

    /// What can be copied: each value alone, or the lines to paste.
    fn copyable(&self, step: &StepScreen) -> Vec<String> {
        match self.guide(step) {
            Some(guide) => guide.fields.into_iter().map(|field| field.value).collect(),
            None => self.paste(step).into_iter().collect(),
        }
    }

    // doing it

    fn begin(&mut self, step: &StepScreen) -> Vec<Effect> {
        let Some(guide) = self.guide(step) else { return self.next_group() };
        match (guide.way, step.kind) {
            (Way::Api, _) if self.credentials.contains(&step.registry) => self.run(),
            (Way::Api, _) => self.stage(Stage::Credential(None)),
            (Way::Tool, StepKind::FirstPublish) if !self.redirects().is_empty() && !step.accepted_redirects => {
                self.stage(Stage::Redirects)
            }
            (Way::Tool, _) => self.check_login(step.registry),
            (Way::Browser, _) => self.stage(Stage::Saved),
        }
    }

    pub(super) fn redirects(&self) -> &[crate::model::RelPath] {
        self.facts.local.value().map(|local| local.redirects.as_slice()).unwrap_or_default()
    }

    /// Reads the lists of a registry's publishers, asking for its credential first where one is typed.
    pub(super) fn read_lists(&mut self, mut step: StepScreen) -> Vec<Effect> {
        let typed = registry::guides(step.registry).list_way() == Way::Api;
        if typed && !self.credentials.contains(&step.registry) {
            step.stage = Stage::Credential(None);
            self.screen = Screen::Step(step);
            return Vec::new();
        }
        self.screen = Screen::Step(step);
        self.run()
    }

    fn check_login(&mut self, registry: Registry) -> Vec<Effect> {
        let effect = self.read(Read::Login(registry));
        if let Effect::Read(ticket, _) = &effect {
            self.stage(Stage::CheckingLogin(*ticket));
        }
        vec![effect]
    }

    /// Whether the tool is logged in is known.
    pub(super) fn login_known(&mut self, ticket: Ticket, result: Result<Login, Report>) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        if step.stage != Stage::CheckingLogin(ticket) {
            return Vec::new();
        }
        match result {
            Ok(Login::As(_) | Login::Present(_)) if step.kind == StepKind::FirstPublish => {
                self.lend_first_publish(&step)
            }
            Ok(Login::As(_) | Login::Present(_)) => self.run(),
            Ok(Login::Absent { how }) => self.stage(Stage::Login(how)),
            Err(mut report) => {
                if self.ways(&step).len() > 1 {
                    let other = report.hint.map(|hint| format!("{hint}; or w for the other way"));
                    report.hint = other.or_else(|| Some("w for the other way".to_owned()));
                }
                self.overlay = Overlay::Problem(report);
                self.stage(Stage::Explain)
            }
        }
    }

    fn lend(
        &mut self,
        why: Lent,
        calls: Vec<ToolCall>,
        package: Option<&PackageId>,
        intent: Option<Intent>,
    ) -> Vec<Effect> {
        self.stage(Stage::Lent(why));
        let package = package.and_then(|id| self.plan.row(id)).map(|row| row.package.clone());
        vec![Effect::Lend(Box::new(Lending { calls, package, intent }))]
    }

    fn lend_login(&mut self, step: &StepScreen) -> Vec<Effect> {
        let call = registry::guides(step.registry).log_in(&self.facts.endpoints);
        match call {
            Some(call) => self.lend(Lent::Login, vec![call], None, None),
            None => self.stage(Stage::Explain),
        }
    }

    fn lend_second_factor(&mut self, step: &StepScreen) -> Vec<Effect> {
        let Some(package) = step.turn().map(|item| item.package.clone()) else { return Vec::new() };
        match registry::guides(step.registry).second_factor(&package.name, &self.facts.endpoints) {
            Some(call) => self.lend(Lent::SecondFactor, vec![call], Some(&package), None),
            None => self.stage(Stage::Explain),
        }
    }

    fn lend_first_publish(&mut self, step: &StepScreen) -> Vec<Effect> {
        let (Some(guide), Some(package)) = (self.guide(step), step.turn().map(|item| item.package.clone())) else {
            return Vec::new();
        };
        self.with_step(|step| {
            if let Some(item) = step.item_mut(&package) {
                item.state = ItemState::Running;
            }
        });
        let what = format!("publish {package} for the first time");
        let intent = Intent { package: package.clone(), step: step.kind, what };
        self.lend(Lent::FirstPublish, guide.commands, Some(&package), Some(intent))
    }

    /// A credential was typed; it goes to the runtime and is not kept here.
    pub(super) fn credential(&mut self, secret: SecretString) -> Vec<Effect> {
        let Screen::Step(step) = &self.screen else { return Vec::new() };
        let registry = step.registry;
        self.credentials.insert(registry);
        let mut effects = vec![Effect::KeepCredential(registry, secret)];
        effects.extend(self.run());
        effects
    }

    /// Starts the next package that waits; at the end says so.
    fn run(&mut self) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        let Some(id) = step.next_waiting().cloned() else { return self.stage(Stage::End) };
        self.with_step(|step| {
            step.stage = Stage::Running;
            if let Some(item) = step.item_mut(&id) {
                item.state = ItemState::Running;
            }
        });
        if step.only_read {
            return vec![self.read(Read::Publishers(id))];
        }
        match self.plan.row(&id).map(|row| row.wanted.clone()) {
            Some(Ok(publisher)) => vec![Effect::Register(id, publisher)],
            Some(Err(unknown)) => {
                let report = Report::new(crate::report::Kind::User, unknown.why);
                self.settle(&id, ItemState::Failed(unknown.hint.into_iter().fold(report, Report::hint)))
            }
            None => self.settle(
                &id,
                ItemState::Failed(Report::new(crate::report::Kind::User, "the package is no longer here")),
            ),
        }
    }

    fn settle(&mut self, id: &PackageId, state: ItemState) -> Vec<Effect> {
        match &state {
            ItemState::Failed(_) | ItemState::NotSeen(_) => self.failed.insert(id.to_string()),
            _ => self.failed.remove(&id.to_string()),
        };
        self.with_step(|step| {
            if let Some(item) = step.item_mut(id) {
                item.state = state;
            }
        });
        self.replan();
        self.run()
    }

    fn put_back(&mut self, id: &PackageId, stage: Stage) -> Vec<Effect> {
        self.with_step(|step| {
            if let Some(item) = step.item_mut(id) {
                item.state = ItemState::Waiting;
            }
        });
        self.stage(stage)
    }

    /// A registration ended.
    pub(super) fn registered(&mut self, id: &PackageId, result: Result<Registered, Trouble>) -> Vec<Effect> {
        let now = self.facts.now;
        match result {
            Ok(Registered::Done(entry)) => {
                self.facts.memory.made.insert(id.clone(), (entry.publisher.clone(), now));
                let seen = format!("entry {}, read back", entry.id);
                self.note_done(Mark::Yes, id.name.as_str(), format!("registered on {} ({seen})", id.registry));
                self.remember_entry(id, entry);
                self.settle(id, ItemState::Done(seen))
            }
            Ok(Registered::AlreadySo(entry)) => {
                let seen = format!("entry {}", entry.id);
                self.note_done(
                    Mark::Yes,
                    id.name.as_str(),
                    format!("was registered on {} already ({seen})", id.registry),
                );
                self.remember_entry(id, entry);
                self.settle(id, ItemState::AlreadySo(seen))
            }
            Ok(Registered::NotSeen(why)) => self.settle(id, ItemState::NotSeen(why)),
            Err(Trouble::SecondFactor) => self.put_back(id, Stage::SecondFactor),
            Err(Trouble::Credential(report)) => {
                self.credentials.remove(&id.registry);
                self.put_back(id, Stage::Credential(Some(report)))
            }
            Err(Trouble::Silent) => self.settle(id, ItemState::NotSeen("no answer".to_owned())),
            Err(Trouble::Failed(report)) => self.settle(id, ItemState::Failed(report)),
        }
    }

    /// An entry that was read back belongs to the facts.
    fn remember_entry(&mut self, id: &PackageId, entry: PublisherEntry) {
        let now = self.facts.now;
        let facts = self.facts.registries.entry(id.clone()).or_default();
        match &mut facts.publishers {
            Reading::Seen(seen) => {
                seen.value.retain(|held| held.id != entry.id);
                seen.value.push(entry);
                seen.at = now;
            }
            other => {
                *other =
                    Reading::Seen(Seen { value: vec![entry], source: format!("{}, read back", id.registry), at: now })
            }
        }
    }

    /// A list of publishers was read, or not.
    pub(super) fn publishers_read(
        &mut self,
        id: &PackageId,
        result: Result<(Vec<PublisherEntry>, String, Timestamp), Trouble>,
    ) -> Vec<Effect> {
        let running = matches!(&self.screen, Screen::Step(step) if step.only_read && step.stage == Stage::Running
            && step.items.iter().any(|item| item.package == *id));
        let reading = match &result {
            Ok((list, source, at)) => Reading::seen(list.clone(), source.clone(), *at),
            Err(Trouble::Failed(report) | Trouble::Credential(report)) => {
                Reading::Unknown(super::update::unknown(report))
            }
            Err(Trouble::SecondFactor | Trouble::Silent) => Reading::NotRead,
        };
        self.facts.registries.entry(id.clone()).or_default().publishers = reading;
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
            Err(Trouble::SecondFactor) => self.put_back(id, Stage::SecondFactor),
            Err(Trouble::Credential(report)) => {
                self.credentials.remove(&id.registry);
                self.put_back(id, Stage::Credential(Some(report)))
            }
            Err(Trouble::Silent) => self.settle(id, ItemState::NotSeen("no answer".to_owned())),
            Err(Trouble::Failed(report)) => self.settle(id, ItemState::Failed(report)),
        }
    }

    /// The terminal came back.
    pub(super) fn returned(&mut self, finished: Finished) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        let Stage::Lent(why) = step.stage else { return Vec::new() };
        if let Finished::NotStarted(report) = finished {
            self.overlay = Overlay::Problem(report);
            self.unrun();
            return self.stage(Stage::Explain);
        }
        self.status = match &finished {
            Finished::Badly(how) => Some(how.clone()),
            Finished::Well | Finished::NotStarted(_) => None,
        };
        match (why, &finished) {
            (Lent::SecondFactor, Finished::Badly(_)) => self.stage(Stage::SecondFactor),
            (Lent::SecondFactor, _) => self.run(),
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

    fn look_again(&mut self, id: PackageId) -> Vec<Effect> {
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
        let more = step.items.iter().any(|item| item.state == ItemState::Waiting);
        self.with_step(|step| {
            if let Some(item) = step.item_mut(id) {
                item.state = state;
            }
            step.stage = if more { Stage::Explain } else { Stage::End };
        });
        Vec::new()
    }

    /// "It is saved there."
    fn state(&mut self, step: &StepScreen) -> Vec<Effect> {
        let Some(id) = step.turn().map(|item| item.package.clone()) else { return Vec::new() };
        let Some(Ok(publisher)) = self.plan.row(&id).map(|row| row.wanted.clone()) else { return Vec::new() };
        let now = self.facts.now;
        self.facts.memory.stated.insert(id.clone(), (publisher.clone(), now));
        let can_read = registry::guides(id.registry).rules().read_back.value == ReadBack::Api;
        let caveat = if can_read { "not read back" } else { "nobody can read that" };
        self.note_done(
            Mark::Stated,
            id.name.as_str(),
            format!("you said: {publisher} is saved on {} ({caveat})", id.registry),
        );
        let mut effects = vec![Effect::Record(Event::Stated { package: id.clone(), step: step.kind, publisher })];
        if can_read && self.credentials.contains(&id.registry) {
            effects.push(self.read(Read::Publishers(id.clone())));
        }
        let more = step.items.iter().filter(|item| item.state == ItemState::Waiting).count() > 1;
        self.with_step(|step| {
            if let Some(item) = step.item_mut(&id) {
                item.state = ItemState::Stated;
            }
            step.field = 0;
            step.stage = if more { Stage::Explain } else { Stage::End };
        });
        self.replan();
        effects
    }

    fn retry(&mut self, step: &StepScreen) -> Vec<Effect> {
        let unseen =
            step.items.iter().find(|item| matches!(item.state, ItemState::NotSeen(_))).map(|item| item.package.clone());
        if let (StepKind::FirstPublish, Some(id)) = (step.kind, unseen) {
            return self.look_again(id);
        }
        self.with_step(|step| {
            for item in
                step.items.iter_mut().filter(|i| matches!(i.state, ItemState::Failed(_) | ItemState::NotSeen(_)))
            {
                item.state = ItemState::Waiting;
            }
        });
        self.run()
    }

    /// A value was typed.
    pub(super) fn edited(&mut self, field: &EditField, text: &str) -> Vec<Effect> {
        match field {
            EditField::Workflow => match WorkflowFile::new(text.trim()) {
                Ok(workflow) => self.stage(Stage::Edit(EditField::Environment(workflow), None)),
                Err(why) => self.stage(Stage::Edit(EditField::Workflow, Some(why.to_string()))),
            },
            EditField::Environment(workflow) => {
                let environment = match text.trim() {
                    "" => Ok(None),
                    name => EnvironmentName::new(name).map(Some),
                };
                match environment {
                    Ok(environment) => self.take_edit(workflow, environment.as_ref()),
                    Err(why) => self.stage(Stage::Edit(field.clone(), Some(why.to_string()))),
                }
            }
        }
    }

    fn take_edit(&mut self, workflow: &WorkflowFile, environment: Option<&EnvironmentName>) -> Vec<Effect> {
        let (Screen::Step(step), Some(repository)) = (self.screen.clone(), self.slug().cloned()) else {
            return Vec::new();
        };
        let publisher = TrustedPublisher { repository, workflow: workflow.clone(), environment: environment.cloned() };
        let refused = registry::guides(step.registry).check(&publisher);
        if let Some(finding) = refused.first() {
            let field = EditField::Environment(workflow.clone());
            return self.stage(Stage::Edit(field, Some(finding.message.clone())));
        }
        for item in &step.items {
            self.answers.publishers.insert(item.package.clone(), publisher.clone());
        }
        self.replan();
        self.stage(Stage::Explain)
    }

    pub(super) fn allows_step(&self, step: &StepScreen, action: Action) -> bool {
        let guide = self.guide(step);
        let failed = |item: &super::StepItem| matches!(item.state, ItemState::Failed(_) | ItemState::NotSeen(_));
        match action {
            Action::Edit => step.kind == StepKind::Register,
            Action::OtherWay => {
                self.ways(step).len() > 1 && (step.stage == Stage::Explain || step.items.iter().any(failed))
            }
            Action::TakeAll => step.stage == Stage::Explain && self.others(step).len() > step.items.len(),
            Action::Open => guide.is_some_and(|guide| guide.link.is_some()),
            Action::Copy => !self.copyable(step).is_empty(),
            Action::Show => guide.is_some_and(|guide| guide.way != Way::Browser),
            Action::Visit => {
                self.settings.demo.is_some()
                    && guide.is_some_and(|guide| guide.way == Way::Browser && guide.link.is_some())
            }
            Action::Retry => step.items.iter().any(failed),
            Action::Back => !matches!(step.stage, Stage::Running | Stage::Lent(_)),
            _ => true,
        }
    }

    /// Whether the step can be taken by untoken at all now.
    pub(super) fn can_do(&self, step: &StepScreen) -> bool {
        self.guide(step).is_some()
            && step.items.iter().any(|item| {
                self.plan
                    .row(&item.package)
                    .and_then(|row| row.step(step.kind))
                    .is_some_and(|s| s.state != StepState::Done)
            })
    }
}

/// What the person in the browser would do with this guide: open its page and type its values.
fn visit(guide: Guide) -> Option<Effect> {
    let typed = guide.fields.into_iter().map(|field| (field.label, field.value)).collect();
    guide.link.map(|link| Effect::Visit(link.url, typed))
}
