//! The environment step: which way, making it, looking at it again, and who can change what it guards.
//!
//! What was made or looked at goes into the facts as GitHub showed it; nothing is taken as so because it was sent.

use super::{Account, Effect, ItemState, Mark, Overlay, Read, Screen, Stage, StepScreen, Ticket, Wizard};
use crate::model::{
    EnvironmentFacts, EnvironmentMade, EnvironmentWish, GuardFacts, Guide, PackageId, Reading, StepKind, StepState,
    TokenReach, Way,
};
use crate::plan;
use crate::report::{Kind, Report};

impl Wizard {
    /// The ways of the step for the package whose turn it is; untoken's own only where the sign-in may.
    fn environment_ways(&self, step: &StepScreen, id: &PackageId) -> Vec<(Guide, EnvironmentWish)> {
        let Some(row) = self.plan.row(id) else { return Vec::new() };
        debug_assert_eq!(step.kind, StepKind::Environment);
        let mut ways = plan::environment_ways(&self.facts, row);
        if !self.may_administer() {
            ways.retain(|(guide, _)| guide.way != Way::Api);
        }
        ways
    }

    /// The same without what would be made; none where nothing is to do.
    pub(super) fn environment_guides(&self, step: &StepScreen) -> Vec<Guide> {
        let Some(item) = step.turn() else { return Vec::new() };
        let state = self.plan.row(&item.package).and_then(|row| row.step(StepKind::Environment));
        if !state.is_some_and(|step| step.state == StepState::Open) {
            return Vec::new();
        }
        self.environment_ways(step, &item.package).into_iter().map(|(guide, _)| guide).collect()
    }

    /// Whether the token may change settings, as far as GitHub told; where it tells nothing, trying tells.
    fn may_administer(&self) -> bool {
        let Account::SignedIn(identity, _) = &self.account else { return false };
        match &identity.reach {
            TokenReach::App { permissions } => {
                permissions.iter().any(|(name, level)| name == "administration" && level == "write")
            }
            TokenReach::Scopes(scopes) => scopes.iter().any(|scope| scope == "repo"),
            TokenReach::Untold => true,
        }
    }

    /// Every package whose environment is to be made or guarded, whichever registry it is on: one does for many.
    pub(super) fn environments_open(&self) -> Vec<PackageId> {
        let open = self.plan.open_steps().filter(|step| step.kind == StepKind::Environment);
        open.map(|step| step.package.clone()).collect()
    }

    /// Whether nothing is left to do for any package of a waiting step.
    pub(super) fn environment_settled(&self, step: &StepScreen) -> bool {
        step.kind == StepKind::Environment
            && step.items.iter().all(|item| {
                let known = self.plan.row(&item.package).and_then(|row| row.step(StepKind::Environment));
                known.is_some_and(|step| step.state == StepState::Done)
            })
    }

    /// Opens the step, and reads who can change what the environment guards.
    pub(super) fn open_environment(&mut self, step: StepScreen) -> Vec<Effect> {
        self.screen = Screen::Step(step);
        let under_way = self.reads.values().any(|read| matches!(read, Read::Guard(..)));
        if self.settings.offline || under_way || self.facts.github.guard != GuardFacts::default() {
            return Vec::new();
        }
        let Some(repository) = self.facts.github.repository.value() else { return Vec::new() };
        let read = Read::Guard(repository.slug.clone(), repository.default_branch.clone());
        vec![self.read(read)]
    }

    pub(super) fn guard_read(&mut self, guard: GuardFacts) -> Vec<Effect> {
        self.facts.github.guard = guard;
        self.replan();
        Vec::new()
    }

    /// Makes the environment of a package, by the chosen way.
    pub(super) fn make_environment(&mut self, step: &StepScreen, id: PackageId) -> Vec<Effect> {
        let mut ways = self.environment_ways(step, &id);
        ways.retain(|(guide, _)| guide.way == Way::Api);
        let at = step.way.min(ways.len().saturating_sub(1));
        match (ways.into_iter().nth(at), self.slug().cloned()) {
            (Some((_, wish)), Some(slug)) => vec![Effect::MakeEnvironment(id, slug, wish)],
            _ => {
                let report = Report::new(Kind::User, "this sign-in may not make it").hint("w for the other way");
                self.settle(&id, ItemState::Failed(report))
            }
        }
    }

    /// It was made, or not.
    pub(super) fn environment_made(&mut self, id: &PackageId, result: Result<EnvironmentMade, Report>) -> Vec<Effect> {
        let state = match result {
            Ok(EnvironmentMade::Done(there)) => {
                let seen = format!("environment {}, read back", there.name);
                self.note_done(Mark::Yes, there.name.as_str(), "environment made on GitHub (read back)");
                self.remember_environment(there);
                ItemState::Done(seen)
            }
            Ok(EnvironmentMade::AlreadySo(there)) => {
                let seen = format!("environment {}", there.name);
                self.remember_environment(there);
                ItemState::AlreadySo(seen)
            }
            Ok(EnvironmentMade::Differs(why, there)) => {
                self.remember_environment(there);
                ItemState::NotSeen(why)
            }
            Err(report) => ItemState::Failed(report),
        };
        self.settle(id, state)
    }

    /// The person did it elsewhere: GitHub is asked.
    pub(super) fn look_at_environment(&mut self, step: &StepScreen) -> Vec<Effect> {
        let Some(id) = step.turn().map(|item| item.package.clone()) else { return Vec::new() };
        let wish = self.environment_ways(step, &id).pop().map(|(_, wish)| wish);
        let (Some(wish), Some(slug)) = (wish, self.slug().cloned()) else { return Vec::new() };
        let effect = self.read(Read::Environment(id, slug, wish.name));
        if let Effect::Read(ticket, _) = &effect {
            self.stage(Stage::LookingAgain(*ticket));
        }
        vec![effect]
    }

    /// What GitHub shows after somebody else's hands.
    pub(super) fn environment_read(
        &mut self,
        ticket: Ticket,
        id: &PackageId,
        result: Result<Option<EnvironmentFacts>, Report>,
    ) -> Vec<Effect> {
        let Screen::Step(step) = self.screen.clone() else { return Vec::new() };
        if step.stage != Stage::LookingAgain(ticket) {
            return Vec::new();
        }
        let state = match result {
            Err(report) => {
                self.overlay = Overlay::Problem(report);
                return self.step_back();
            }
            Ok(None) => ItemState::NotSeen("GitHub shows no such environment".to_owned()),
            Ok(Some(there)) => {
                let name = there.name.clone();
                self.remember_environment(there);
                self.replan();
                if self.environment_settled(&StepScreen::new(step.kind, step.registry, vec![id.clone()])) {
                    self.note_done(Mark::Yes, name.as_str(), "environment is guarded on GitHub (read)");
                    ItemState::Done(format!("environment {name}, read at GitHub"))
                } else {
                    ItemState::NotSeen(format!("{name} is there, and nothing guards it yet"))
                }
            }
        };
        self.ended(id, state);
        // One environment does for all that publish through it.
        for item in step.items.iter().filter(|item| item.package != *id && item.state == ItemState::Waiting) {
            if self.environment_settled(&StepScreen::new(step.kind, step.registry, vec![item.package.clone()])) {
                self.ended(&item.package, ItemState::AlreadySo("the same environment".to_owned()));
            }
        }
        let more = matches!(&self.screen, Screen::Step(step) if step.next_waiting().is_some());
        self.stage(if more { Stage::Explain } else { Stage::End })
    }

    /// What GitHub showed of an environment belongs to the facts; the names of its secrets stay as they were read.
    fn remember_environment(&mut self, mut there: EnvironmentFacts) {
        self.github_seen();
        let now = self.facts.now;
        // One that was seen is not the whole list: where the list is unknown, it stays so.
        let Reading::Seen(seen) = &mut self.facts.github.environments else { return };
        seen.at = now;
        match seen.value.iter_mut().find(|known| known.name.same_on_github(&there.name)) {
            Some(known) => {
                there.secrets = std::mem::take(&mut known.secrets);
                *known = there;
            }
            None => seen.value.push(there),
        }
    }
}
