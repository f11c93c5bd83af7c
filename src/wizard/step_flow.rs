//! What a person does with a step: begins it, types a credential, lends the terminal, says that it is saved.
//!
//! What comes back of it is heard in `step_news`.

use super::step::{Aim, EditField, Lent};
use super::step_copy::visit;
use super::{Action, Effect, ItemState, Lending, Mark, Read, Screen, Stage, StepScreen, Ticket, Wizard};
use crate::journal::Event;
use crate::model::{Guide, Package, PackageId, Reading, StepKind, StepState, Unknown, Way, Who};
use crate::plan;
use crate::registry::{self, ReadBack};
use crate::report::Report;

impl Wizard {
    /// The ways of the step for the package whose turn it is.
    #[must_use]
    pub fn ways(&self, step: &StepScreen) -> Vec<Guide> {
        if step.kind == StepKind::Environment {
            return self.environment_guides(step);
        }
        let row = step.turn().and_then(|item| self.plan.row(&item.package));
        row.map(|row| plan::guides(&self.facts, row, step.kind)).unwrap_or_default()
    }

    /// The way that is chosen.
    #[must_use]
    pub fn guide(&self, step: &StepScreen) -> Option<Guide> {
        let mut ways = self.ways(step);
        (step.way < ways.len()).then(|| ways.swap_remove(step.way))
    }

    pub(super) fn with_step(&mut self, change: impl FnOnce(&mut StepScreen)) {
        if let Screen::Step(step) = &mut self.screen {
            change(step);
        }
    }

    pub(super) fn stage(&mut self, stage: Stage) -> Vec<Effect> {
        self.with_step(|step| step.stage = stage);
        Vec::new()
    }

    pub(super) fn act_step(&mut self, action: Action) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        if let Some(effects) = self.act_code(&step, action).or_else(|| self.act_old(&step, action)) {
            return effects;
        }
        if let Some(effects) = self.act_hand_over(&step, action) {
            return effects;
        }
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
            (Stage::End, Action::Go) => self.next_group(),
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
            (Stage::Covers, Action::Yes) => self.begin(&step),
            (Stage::Saved | Stage::Redirects | Stage::Login(_) | Stage::SecondFactor | Stage::Covers, Action::No) => {
                self.step_back()
            }
            (Stage::End, Action::Retry) => self.retry(&step),
            (Stage::CheckingLogin(ticket), Action::Back) => {
                self.reads.remove(ticket);
                self.step_back();
                vec![Effect::Cancel(*ticket)]
            }
            (Stage::LookingAgain(ticket), Action::Back) => self.stop_looking(*ticket),
            (Stage::Running, Action::Back) if step.aim == Aim::ReadLists => self.stop_reading(&step),
            (Stage::Running | Stage::Lent(_), _) => Vec::new(),
            (Stage::Explain | Stage::End, Action::Back) => self.home(),
            (_, Action::Back) => self.step_back(),
            _ => Vec::new(),
        }
    }

    /// Back to what the step is about, which is a question where old entries may go; reading lists is about nothing more, so
    /// from there home.
    pub(super) fn step_back(&mut self) -> Vec<Effect> {
        match &self.screen {
            Screen::Step(step) if step.aim == Aim::ReadLists => self.home(),
            Screen::Step(step) if step.aim == Aim::RemoveOld => self.stage(Stage::Old),
            _ => self.stage(Stage::Explain),
        }
    }

    /// The publish was sent, and what came of it is left open.
    fn stop_looking(&mut self, ticket: Ticket) -> Vec<Effect> {
        match self.reads.remove(&ticket) {
            Some(Read::Public(id) | Read::Environment(id, ..)) => {
                self.ended(&id, ItemState::NotSeen("nobody looked to the end".to_owned()));
                self.stage(Stage::End);
            }
            _ => {
                self.step_back();
            }
        }
        vec![Effect::Cancel(ticket)]
    }

    fn stop_reading(&mut self, step: &StepScreen) -> Vec<Effect> {
        let lists: Vec<Read> = step.items.iter().map(|item| Read::Publishers(item.package.clone())).collect();
        let under_way: Vec<Ticket> =
            self.reads.iter().filter(|(_, read)| lists.contains(read)).map(|(ticket, _)| *ticket).collect();
        for ticket in &under_way {
            self.reads.remove(ticket);
        }
        self.home();
        under_way.into_iter().map(Effect::Cancel).collect()
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
        let open = match step.kind {
            StepKind::Environment => self.environments_open(),
            StepKind::FirstPublish => self.in_order(self.plan.also_open(step.kind, step.registry)),
            kind => self.plan.also_open(kind, step.registry),
        };
        ids.extend(open.into_iter().filter(|id| !step.items.iter().any(|i| i.package == *id)));
        ids
    }

    // doing it

    fn begin(&mut self, step: &StepScreen) -> Vec<Effect> {
        let Some(guide) = self.guide(step) else { return self.next_group() };
        if let Some(effects) = self.ask_what_it_covers(step) {
            return effects;
        }
        match (guide.way, step.kind) {
            // What the person does elsewhere is looked up; to say so would say that a publisher is saved.
            (_, StepKind::FirstPublish) if matches!(guide.who, Who::YouInBrowser | Who::YouElsewhere) => {
                let package = step.turn().map(|item| item.package.clone());
                package.map(|id| self.look_again(id)).unwrap_or_default()
            }
            (Way::Api, StepKind::Environment) => self.run(),
            (_, StepKind::Environment) => self.look_at_environment(step),
            (Way::Api, _) if self.credentials.contains(&step.registry) => self.run(),
            (Way::Api, _) => self.want_credential(step.registry, None),
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
    pub(super) fn read_lists(&mut self, step: StepScreen) -> Vec<Effect> {
        let guides = registry::guides(step.registry);
        let wanted = guides.list_way() == Way::Api && !guides.list_is_public();
        let registry = step.registry;
        self.screen = Screen::Step(step);
        if wanted && !self.credentials.contains(&registry) {
            return self.want_credential(registry, None);
        }
        self.run()
    }

    pub(super) fn lend(&mut self, why: Lent, lending: Lending) -> Vec<Effect> {
        self.stage(Stage::Lent(why));
        vec![Effect::Lend(Box::new(lending))]
    }

    pub(super) fn package_of(&self, id: &PackageId) -> Option<Package> {
        self.plan.row(id).map(|row| row.package.clone())
    }

    fn lend_login(&mut self, step: &StepScreen) -> Vec<Effect> {
        let call = registry::guides(step.registry).log_in(&self.facts.endpoints);
        match call {
            Some(call) => self.lend(Lent::Login, Lending::of(call, None)),
            None => self.step_back(),
        }
    }

    fn lend_second_factor(&mut self, step: &StepScreen) -> Vec<Effect> {
        let Some(package) = step.turn().map(|item| item.package.clone()) else { return Vec::new() };
        match registry::guides(step.registry).second_factor(&package.name, &self.facts.endpoints) {
            Some(call) => self.lend(Lent::SecondFactor, Lending::of(call, self.package_of(&package))),
            None => self.step_back(),
        }
    }

    /// Starts the next package that waits; at the end says so.
    pub(super) fn run(&mut self) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        let Some(id) = step.next_waiting().cloned() else { return self.stage(Stage::End) };
        self.with_step(|step| {
            step.stage = Stage::Running;
            if let Some(item) = step.item_mut(&id) {
                item.state = ItemState::Running;
            }
        });
        match step.aim {
            Aim::ReadLists => return vec![self.read(Read::Publishers(id))],
            Aim::RemoveOld => return self.remove_old(&id),
            Aim::Do => {}
        }
        if step.kind == StepKind::Environment {
            return self.make_environment(&step, id);
        }
        if step.kind == StepKind::FirstPublish {
            return vec![Effect::Create(id)];
        }
        if step.kind == StepKind::Lock {
            return vec![Effect::Lock(id)];
        }
        match self.plan.row(&id).map(|row| row.wanted.clone()) {
            Some(Ok(publisher)) => {
                let row = self.plan.row(&id);
                let old = row.map(|row| plan::lapsed(&self.facts, &row.package, &publisher)).unwrap_or_default();
                match old.is_empty() {
                    true => vec![Effect::Register(id, publisher)],
                    false => vec![Effect::Renew(id, publisher, old)],
                }
            }
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

    /// "It is saved there."
    fn state(&mut self, step: &StepScreen) -> Vec<Effect> {
        let Some(id) = step.turn().map(|item| item.package.clone()) else { return Vec::new() };
        let effects = match step.kind {
            StepKind::Lock => self.state_lock(id.clone()),
            kind => self.state_publisher(kind, &id),
        };
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

    fn state_publisher(&mut self, kind: StepKind, id: &PackageId) -> Vec<Effect> {
        let Some(Ok(publisher)) = self.plan.row(id).map(|row| row.wanted.clone()) else { return Vec::new() };
        self.remember(|memory, now| memory.stated.insert(id.clone(), (publisher.clone(), now)));
        let rules = registry::guides(id.registry).rules();
        let can_read = rules.can_read_back();
        let caveat = if rules.read_back.value == ReadBack::Never { "nobody can read that" } else { "not read back" };
        self.note_done(
            Mark::Stated,
            id.name.as_str(),
            format!("you said: {} is saved on {} ({caveat})", rules.in_words(&publisher), id.registry),
        );
        let mut effects = vec![Effect::Record(Event::Stated { package: id.clone(), step: kind, publisher })];
        let was_read = matches!(self.facts.registries.get(id).map(|r| &r.publishers), Some(Reading::Seen(_)));
        if can_read && (was_read || self.credentials.contains(&id.registry)) {
            effects.push(self.read(Read::Publishers(id.clone())));
        }
        effects
    }

    fn retry(&mut self, step: &StepScreen) -> Vec<Effect> {
        let unseen =
            step.items.iter().find(|item| matches!(item.state, ItemState::NotSeen(_))).map(|item| item.package.clone());
        if let (StepKind::FirstPublish, Some(id)) = (step.kind, unseen) {
            return self.look_again(id);
        }
        let by_hand = self.guide(step).is_some_and(|guide| guide.way == Way::Browser);
        self.with_step(|step| {
            for item in
                step.items.iter_mut().filter(|i| matches!(i.state, ItemState::Failed(_) | ItemState::NotSeen(_)))
            {
                item.state = ItemState::Waiting;
            }
        });
        if step.kind == StepKind::Environment && by_hand {
            let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
            return self.look_at_environment(&step);
        }
        self.run()
    }

    pub(super) fn allows_step(&self, step: &StepScreen, action: Action) -> bool {
        if let Stage::Code(_) = step.stage {
            return action != Action::Visit || self.settings.demo.is_some();
        }
        let guide = self.guide(step);
        let failed = |item: &super::StepItem| matches!(item.state, ItemState::Failed(_) | ItemState::NotSeen(_));
        match action {
            Action::Edit => step.kind == StepKind::Register && (self.can_do(step) || self.unwanted(step).is_some()),
            Action::OtherWay => {
                step.aim == Aim::Do
                    && self.ways(step).len() > 1
                    && (step.stage == Stage::Explain || step.items.iter().any(failed))
            }
            Action::TakeAll => step.stage == Stage::Explain && self.others(step).len() > step.items.len(),
            Action::Open => guide.is_some_and(|guide| guide.link.is_some()),
            Action::HandOver => self.hand_over(step).is_some(),
            Action::Copy if step.stage == Stage::HandOver => true,
            Action::Copy => !self.copyable(step).is_empty(),
            Action::Show => guide.is_some_and(|guide| guide.way != Way::Browser),
            Action::Visit => {
                self.settings.demo.is_some()
                    && guide.is_some_and(|guide| guide.way == Way::Browser && guide.link.is_some())
            }
            Action::RemoveOld => step.items.iter().any(|item| !self.superseded(&item.package).is_empty()),
            Action::Retry => step.items.iter().any(failed),
            Action::Back => !step.is_changing(),
            _ => true,
        }
    }

    /// Whether the step can be taken by untoken at all now.
    /// Why nobody can tell which publisher the package in turn wants.
    pub(super) fn unwanted(&self, step: &StepScreen) -> Option<&Unknown> {
        self.plan.row(&step.turn()?.package)?.wanted.as_ref().err()
    }

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
