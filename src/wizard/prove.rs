//! The prove step: the release is named, the person makes it, and untoken watches GitHub and the registries for what comes
//! of it. untoken never pushes. What is awaited is in the journal, so that the next start takes the watching up.
//!
//! What it says is in `prove_words`.

use super::{Account, Action, Effect, Look, LookAtRuns, Looked, Mark, Screen, StepScreen, Ticket, Watch, Wizard};
use crate::journal::Event;
use crate::model::{PackageId, Reading, RunDetail, RunState, Seen, StepKind, StepState, WorkflowFile};
use crate::plan::{self, Awaited, Outcome, Release, Start};

/// The screen of the step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prove {
    /// Which packages one release proves.
    pub packages: Vec<PackageId>,
    /// Which of the ways to start it.
    pub way: usize,
}

impl Wizard {
    /// Opens the step for these packages and every other one that the same release proves; the rest waits its turn.
    pub(super) fn open_prove(&mut self, step: StepScreen) -> Vec<Effect> {
        // What was seen to its end is no longer waited for: a release that proved nothing can be followed by another.
        self.watches.retain(Watch::goes_on);
        let wanted: Vec<PackageId> = step.items.into_iter().map(|item| item.package).collect();
        let open = |row: &&plan::Row| row.step(StepKind::Prove).is_some_and(|step| step.state == StepState::Open);
        let rows: Vec<&plan::Row> = wanted.iter().filter_map(|id| self.plan.row(id)).filter(open).collect();
        let mut groups = plan::by_workflow(&self.facts, &rows);
        if groups.is_empty() {
            return self.next_group();
        }
        let (workflow, mut packages) = groups.remove(0);
        let others: Vec<&plan::Row> = self.plan.rows.iter().filter(open).collect();
        for (other, ids) in plan::by_workflow(&self.facts, &others) {
            if other == workflow && workflow.is_some() {
                packages.extend(ids.into_iter().filter(|id| !wanted.contains(id)));
            }
        }
        for (_, ids) in groups.into_iter().rev() {
            if let Some(first) = ids.first() {
                self.queue.push_front(StepScreen::new(StepKind::Prove, first.registry, ids));
            }
        }
        self.screen = Screen::Prove(Prove { packages, way: 0 });
        Vec::new()
    }

    /// What would release the packages of the screen: the first one's ways, as all are of one workflow.
    #[must_use]
    pub fn release_of(&self, prove: &Prove) -> Option<Release> {
        let rows = prove.packages.iter().filter_map(|id| self.plan.row(id));
        rows.filter_map(|row| plan::release(&self.facts, row).ok()).next()
    }

    /// The chosen way to start it.
    #[must_use]
    pub fn start_of(&self, prove: &Prove) -> Option<Start> {
        let mut starts = self.release_of(prove)?.starts;
        (prove.way < starts.len()).then(|| starts.swap_remove(prove.way))
    }

    /// The watch for the packages of the screen.
    #[must_use]
    pub fn watch_of(&self, prove: &Prove) -> Option<&Watch> {
        self.watches.iter().find(|watch| prove.packages.iter().any(|id| watch.packages.contains_key(id)))
    }

    pub(super) fn act_prove(&mut self, action: Action) -> Vec<Effect> {
        let Screen::Prove(prove) = self.screen.clone() else { return Vec::new() };
        let watch = self.watch_of(&prove).map(|watch| watch.workflow.clone());
        match (watch, action) {
            (None, Action::Go) => self.await_release(&prove),
            (None, Action::OtherWay) => {
                let ways = self.release_of(&prove).map_or(1, |release| release.starts.len());
                self.screen = Screen::Prove(Prove { way: (prove.way + 1) % ways.max(1), ..prove });
                Vec::new()
            }
            (_, Action::Copy) => {
                let commands = self.start_of(&prove).map(|start| start.commands).unwrap_or_default();
                if commands.is_empty() { Vec::new() } else { vec![Effect::Copy(commands.join(" && "))] }
            }
            (_, Action::Open) => self.release_page(&prove).map(Effect::Open).into_iter().collect(),
            (_, Action::Visit) => self.play_release(&prove).into_iter().collect(),
            (Some(workflow), Action::Refresh) => self.look_now(&workflow),
            (Some(workflow), Action::Forget) => self.await_no_longer(&workflow),
            (Some(_), Action::Go) => self.next_group(),
            (_, Action::Back) => self.home(),
            _ => Vec::new(),
        }
    }

    pub(super) fn allows_prove(&self, prove: &Prove, action: Action) -> bool {
        let watch = self.watch_of(prove);
        match action {
            Action::Go => match watch {
                None => !self.settings.offline && self.release_of(prove).is_some(),
                Some(watch) => !watch.goes_on(),
            },
            Action::OtherWay => self.release_of(prove).is_some_and(|release| release.starts.len() > 1),
            Action::Copy => self.start_of(prove).is_some_and(|start| !start.commands.is_empty()),
            Action::Open => self.release_page(prove).is_some(),
            Action::Visit => self.play_release(prove).is_some(),
            Action::Refresh | Action::Forget => watch.is_some_and(Watch::goes_on),
            _ => true,
        }
    }

    /// The page of the run, else of the workflow.
    fn release_page(&self, prove: &Prove) -> Option<String> {
        if let Some(run) = self.watch_of(prove).and_then(Watch::run) {
            return Some(run.link.clone());
        }
        let (web, slug) = (self.facts.github.web.as_ref()?, self.slug()?);
        let workflow = self.release_of(prove)?.workflow;
        Some(format!("{web}/{slug}/actions/workflows/{workflow}"))
    }

    /// The demo: what the person in the browser does next, a tag or an approval.
    fn play_release(&self, prove: &Prove) -> Option<Effect> {
        self.settings.demo.as_ref()?;
        if let Some(run) = self.watch_of(prove).and_then(Watch::run) {
            return (run.state == RunState::Waiting).then(|| Effect::Visit(run.link.clone(), Vec::new()));
        }
        let (web, slug) = (self.facts.github.web.as_ref()?, self.slug()?);
        let tag = self.release_of(prove)?.starts.into_iter().find_map(|start| start.tag)?;
        let page = format!("{}/{slug}/releases/new", web);
        Some(Effect::Visit(page, vec![("tag".to_owned(), tag)]))
    }

    /// The demo: what was written here is pushed by the person in the browser.
    pub(super) fn play_push(&self) -> Option<Effect> {
        self.settings.demo.as_ref()?;
        let (web, slug) = (self.facts.github.web.as_ref()?, self.slug()?);
        let local = self.facts.local.value()?;
        let waits = self.plan.rows.iter().flat_map(|row| row.ladder.iter());
        let unpushed = waits.into_iter().any(|(_, standing)| matches!(standing, crate::model::Standing::HereOnly(_)));
        let files = local.workflow_files.iter().chain(&local.config_files);
        let files = files.map(|file| (file.path.to_string(), String::from_utf8_lossy(&file.bytes).into_owned()));
        let page = format!("{}/{slug}/upload", web);
        unpushed.then(|| Effect::Visit(page, files.collect()))
    }

    /// The person goes to release: from now on it is awaited.
    fn await_release(&mut self, prove: &Prove) -> Vec<Effect> {
        let Some(release) = self.release_of(prove) else { return Vec::new() };
        let since = self.facts.now;
        let mut effects = Vec::new();
        for id in &prove.packages {
            let had = plan::newest(&self.facts, id).map(str::to_owned);
            let awaited = Awaited { since, had: had.clone(), workflow: release.workflow.clone() };
            self.remember(|memory, _| memory.awaited.insert(id.clone(), awaited));
            let workflow = release.workflow.clone();
            effects.push(Effect::Record(Event::Awaits { package: id.clone(), workflow, had }));
        }
        effects.extend(self.watch_again());
        effects
    }

    /// Takes up every watch that the journal remembers and nobody keeps.
    fn watch_again(&mut self) -> Vec<Effect> {
        let mut begun = Vec::new();
        for (id, awaited) in &self.facts.memory.awaited {
            if self.plan.row(id).is_none() || self.watches.iter().any(|watch| watch.packages.contains_key(id)) {
                continue;
            }
            let at = self.watches.iter().position(|watch| watch.workflow == awaited.workflow && watch.goes_on());
            let at = at.unwrap_or_else(|| {
                self.watches.push(Watch::new(awaited.workflow.clone(), awaited.since));
                self.watches.len() - 1
            });
            let watch = &mut self.watches[at];
            watch.since = watch.since.min(awaited.since);
            watch.packages.insert(id.clone(), Outcome::Unread("not looked at yet".to_owned()));
            if !begun.contains(&awaited.workflow) {
                begun.push(awaited.workflow.clone());
            }
        }
        begun.iter().flat_map(|workflow| self.look_now(workflow)).collect()
    }

    /// After a start: what was awaited is watched for again, once everything has been read.
    pub(super) fn take_up(&mut self) -> Vec<Effect> {
        let ready = self.screen == Screen::Board && self.reads.is_empty() && !self.settings.offline;
        if !ready || self.facts.memory.awaited.is_empty() { Vec::new() } else { self.watch_again() }
    }

    fn await_no_longer(&mut self, workflow: &WorkflowFile) -> Vec<Effect> {
        let Some(at) = self.watches.iter().position(|watch| watch.workflow == *workflow) else { return Vec::new() };
        let watch = self.watches.remove(at);
        let mut effects: Vec<Effect> = watch.ticket.map(Effect::Cancel).into_iter().collect();
        for id in watch.packages.into_keys() {
            if self.remember(|memory, _| memory.awaited.remove(&id)).is_some() {
                effects.push(Effect::Record(Event::AwaitsNoMore { package: id }));
            }
        }
        self.status = Some("the release is awaited no longer".to_owned());
        effects
    }

    fn look_now(&mut self, workflow: &WorkflowFile) -> Vec<Effect> {
        let Some(at) = self.watches.iter().position(|watch| watch.workflow == *workflow) else { return Vec::new() };
        let mut effects: Vec<Effect> = self.watches[at].ticket.take().map(Effect::Cancel).into_iter().collect();
        effects.extend(self.look_at(at, 0));
        effects
    }

    /// The next look; none where nothing more may come.
    fn look_at(&mut self, at: usize, pause: u64) -> Option<Effect> {
        let ticket = self.ticket();
        let signed_in = matches!(self.account, Account::SignedIn(..));
        let slug = self.slug().filter(|_| signed_in).cloned();
        let watch = &mut self.watches[at];
        if !watch.goes_on() {
            watch.ticket = None;
            return None;
        }
        watch.ticket = Some(ticket);
        let open = watch.packages.iter().filter(|(_, outcome)| !outcome.is_final());
        let look = Look {
            pause,
            runs: slug.map(|slug| LookAtRuns {
                slug,
                workflow: watch.workflow.clone(),
                since: watch.since.plus(-plan::EARLIER),
                tag: watch.tag.clone(),
            }),
            packages: open.map(|(id, _)| id.clone()).collect(),
            // Who asks now wants to know it all.
            always: pause == 0
                || !signed_in
                || watch.looks.is_multiple_of(4)
                || watch.run().is_some_and(|run| matches!(run.state, RunState::Completed(_))),
        };
        Some(Effect::Watch(ticket, Box::new(look)))
    }

    /// A look has its answer.
    pub(super) fn looked(&mut self, ticket: Ticket, looked: Looked) -> Vec<Effect> {
        let Some(at) = self.watches.iter().position(|watch| watch.ticket == Some(ticket)) else { return Vec::new() };
        self.facts.now = self.facts.now.max(looked.at);
        let mut troubles = Vec::new();
        for (id, result) in looked.public {
            match result {
                Ok((value, source, at)) => self.public_seen(&id, Seen { value, source, at }),
                // What was seen before stays seen: the time beside it says when.
                Err(report) => troubles.push(report.line()),
            }
        }
        let watch = &mut self.watches[at];
        watch.looks += 1;
        match looked.runs {
            None => {}
            Some(Err(report)) => troubles.push(report.line()),
            Some(Ok(seen)) => {
                if let Some((runs, tag)) = seen.runs {
                    self.facts
                        .github
                        .runs
                        .insert(watch.workflow.clone(), Reading::seen(runs.clone(), "GitHub API", looked.at));
                    watch.runs = runs;
                    watch.tag = tag;
                    watch.detail = RunDetail::default();
                }
                if let Some(detail) = seen.detail {
                    watch.detail = detail;
                }
            }
        }
        let troubled = !troubles.is_empty();
        watch.trouble = troubles.into_iter().next();
        self.replan();
        let mut effects = self.judge(at);
        effects.extend(self.next_look(at, troubled));
        effects
    }

    /// Compares what is awaited with what is there; what has come is awaited no longer.
    fn judge(&mut self, at: usize) -> Vec<Effect> {
        let mut effects = Vec::new();
        let ids: Vec<PackageId> = self.watches[at].packages.keys().cloned().collect();
        for id in ids {
            let (Some(row), Some(awaited)) = (self.plan.row(&id), self.facts.memory.awaited.get(&id)) else { continue };
            let outcome = plan::outcome(&self.facts, row, awaited, &self.watches[at].runs);
            if outcome.is_final() {
                self.remember(|memory, _| memory.awaited.remove(&id));
                effects.push(Effect::Record(Event::AwaitsNoMore { package: id.clone() }));
                if let Outcome::StandIn(what) = &outcome {
                    self.remember(|memory, now| memory.stood_in.insert(id.clone(), (what.clone(), now)));
                    self.replan();
                    effects.push(Effect::Record(Event::StoodIn { package: id.clone(), what: what.clone() }));
                }
                self.note_done(Mark::from(&outcome), id.name.as_str(), format!("{}: {}", id.registry, outcome.text()));
            }
            self.watches[at].packages.insert(id, outcome);
        }
        effects
    }

    fn next_look(&mut self, at: usize, troubled: bool) -> Option<Effect> {
        let signed_in = matches!(self.account, Account::SignedIn(..));
        let watch = &self.watches[at];
        let mut pause = plan::pause(watch.looks, watch.run().map(|run| &run.state), signed_in);
        if troubled {
            pause = pause.max(60);
        }
        if self.settings.demo.is_some() {
            pause = pause.min(2);
        }
        self.look_at(at, pause)
    }
}

impl From<&Outcome> for Mark {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Proven(_) => Self::Yes,
            Outcome::ByToken(_) | Outcome::BySomebodyElse(_) => Self::Refused,
            Outcome::StandIn(_) => Self::Stated,
            Outcome::NotYet(_) => Self::No,
            Outcome::Unread(_) | Outcome::Unsaid(_) => Self::Unknown,
        }
    }
}
