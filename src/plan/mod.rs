//! From facts to what is so and what to do: the ladder of each package, the findings, and the steps that would raise it.
//!
//! A pure function: [`Plan::make`] reads [`Facts`] and [`Answers`] and nothing else. It opens nothing, asks no clock (the
//! time is a fact) and never says more than a fact says.

mod access;
mod beside;
mod check;
mod claims;
mod dry_run;
mod environment;
mod facts;
mod forecast;
mod hand_over;
mod ladder;
mod linked;
mod name;
mod needs;
mod new_workflow;
mod pending;
mod pins;
mod prove;
mod proven;
mod ready;
mod registered;
mod render;
mod repairs;
mod steps;
mod tags;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod typed;
mod wanted;

pub use access::{Access, May, Ownership, access, wants_owner};
pub use beside::{Beside, beside, gitlab_guide};
pub use check::{Check, Missed, check};
pub use claims::{claims, events, files};
pub use dry_run::dry_run;
pub use environment::{Advice, Guarding, advice as environment_advice, ways as environment_ways, who_can_change};
pub use facts::{Answers, Facts, Local, LockedBy, Memory};
pub use forecast::{Because, Forecast, forecast};
pub use hand_over::{HandOver, hand_over};
pub use name::{name_doubt, refused_beforehand, steered};
pub use needs::unmet;
pub use pins::tags_to_ask;
pub use prove::{Awaited, EARLIER, Outcome, Release, Start, Version, by_workflow, newest, outcome, pause, release};
pub use ready::unpushed;
pub use registered::{drifted, hours, lapsed, minutes, superseded};
pub use render::{markdown, text};
pub use repairs::{Repairs, Split, repairs};
pub use tags::{Tags, TagsFrom, refused as tags_refused, told as tags_of};
pub use wanted::{job_of, wanted, workflow_of};

use crate::model::{
    Asked, EnvironmentName, EnvironmentRef, Existence, Finding, Guide, Ladder, Package, PackageId, Reading, Registry,
    Rung, Step, StepKind, StepState, TrustedPublisher, Unknown, Who, WorkflowFile,
};
use crate::registry::{self, FirstPublish, FirstWay, RegisterAsk};

/// One package: how it stands and what would raise it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The package.
    pub package: Package,
    /// Its seven rungs.
    pub ladder: Ladder,
    /// The publisher that its registry should hold, or why nobody can tell.
    pub wanted: Result<TrustedPublisher, Unknown>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// In how many seconds the registered entry stops working unless it publishes; `None`: it does not, or nobody can tell.
    pub lapses_in: Option<i64>,
}

impl Row {
    /// The first step that can be taken now; where none can, the first whose state must be read first.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        let first = |wanted: fn(&StepState) -> bool| self.steps.iter().find(|step| wanted(&step.state));
        first(|s| matches!(s, StepState::Open)).or_else(|| first(|s| matches!(s, StepState::Unknown(_))))
    }

    /// One of its steps.
    #[must_use]
    pub fn step(&self, kind: StepKind) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == kind)
    }
}

/// What is so, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// A row a package, in the order of registries and names.
    pub rows: Vec<Row>,
    /// What the reader should know besides.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Judges the facts.
    #[must_use]
    pub fn make(facts: &Facts, answers: &Answers) -> Self {
        let Some(local) = facts.local.value() else { return Self::default() };
        let mut rows: Vec<Row> = local
            .all()
            .map(|package| {
                let wanted = wanted::wanted(facts, answers, package);
                let ladder = ladder::climb(facts, package, wanted.as_ref());
                let steps = steps::steps(facts, package, &ladder, wanted.as_ref());
                let lapses_in = registered::lapses_in(facts, package, wanted.as_ref());
                let lapses_in = lapses_in.or_else(|| pending::ends_in(facts, &package.id)).filter(|left| *left > 0);
                Row { package: package.clone(), ladder, wanted, steps, lapses_in }
            })
            .collect();
        rows.sort_by(|a, b| a.package.id.cmp(&b.package.id));
        pending::take_turns(facts, &mut rows);
        Self { rows, findings: facts.findings() }
    }

    /// The row of a package.
    #[must_use]
    pub fn row(&self, id: &PackageId) -> Option<&Row> {
        self.rows.iter().find(|row| row.package.id == *id)
    }

    /// All steps that can be taken now.
    pub fn open_steps(&self) -> impl Iterator<Item = &Step> {
        self.rows.iter().flat_map(|row| &row.steps).filter(|step| step.state == StepState::Open)
    }

    /// Packages for which a step of this kind can be taken now, on this registry.
    #[must_use]
    pub fn also_open(&self, kind: StepKind, registry: Registry) -> Vec<PackageId> {
        self.open_steps()
            .filter(|step| step.kind == kind && step.package.registry == registry)
            .map(|step| step.package.clone())
            .collect()
    }
}

/// The ways to take a step of a package, the best one first. Empty where a step has no guide of its own (declaring is
/// untoken's own writing; a proof is a release).
#[must_use]
pub fn guides(facts: &Facts, row: &Row, kind: StepKind) -> Vec<Guide> {
    let registry = registry::guides(row.package.id.registry);
    let name = &row.package.id.name;
    match (kind, &row.wanted, facts.existence(&row.package.id)) {
        (StepKind::Environment, ..) => environment::guides(facts, row),
        (StepKind::Lock, ..) => registry.lock_ways(name, &facts.endpoints),
        (StepKind::FirstPublish, ..) => first_ways(facts, row).into_iter().map(|way| way.guide).collect(),
        (StepKind::Register, Ok(publisher), existence) => {
            let rules = registry.rules();
            let pending = rules.first_publish.value == FirstPublish::Pending;
            let tags = tags::told(facts, &row.package);
            let ways = |exists| {
                let owners = facts.ownership.owners.get(&row.package.id).and_then(Reading::value);
                let tag_pattern = tags.as_ref().map(|tags| &tags.pattern);
                registry.register(&RegisterAsk {
                    package: name,
                    exists,
                    publisher,
                    owners: owners.map(Vec::as_slice).unwrap_or_default(),
                    tag_pattern,
                    endpoints: &facts.endpoints,
                })
            };
            let mut guides = match existence {
                // Which form it is depends on whether the name is there.
                None if pending => Vec::new(),
                existence => ways(existence != Some(&Existence::Absent)),
            };
            let hindrance = linked::hindrance(facts, row.package.id.registry);
            for guide in &mut guides {
                guide.text.splice(0..0, hindrance.clone());
                guide.text.extend(pending::note(facts, &row.package.id));
            }
            guides
        }
        _ => Vec::new(),
    }
}

/// The ways to have a package's name exist, in the order of its guides.
#[must_use]
pub fn first_ways(facts: &Facts, row: &Row) -> Vec<FirstWay> {
    let registry = row.package.id.registry;
    let hindrance = linked::hindrance(facts, registry);
    let mut ways = registry::guides(registry).first_publish(&row.package, &facts.endpoints);
    ways.iter_mut().for_each(|way| drop(way.guide.text.splice(0..0, hindrance.clone())));
    ways
}

/// The ways to take a step, each with what it makes public where it has the name exist.
#[must_use]
pub fn ways(facts: &Facts, row: &Row, kind: StepKind) -> Vec<(Guide, Option<FirstWay>)> {
    match kind {
        StepKind::FirstPublish => {
            first_ways(facts, row).into_iter().map(|way| (way.guide.clone(), Some(way))).collect()
        }
        kind => guides(facts, row, kind).into_iter().map(|guide| (guide, None)).collect(),
    }
}

/// Why a package is deliberately not published by OIDC, if the project says so.
fn off_oidc<'a>(facts: &'a Facts, package: &Package) -> Option<&'a str> {
    facts.local.value()?.config.off_oidc(package)
}

/// How many open steps need a person in a browser, whatever way is chosen.
#[must_use]
pub fn in_browser(facts: &Facts, plan: &Plan) -> usize {
    plan.rows
        .iter()
        .flat_map(|row| row.steps.iter().map(move |step| (row, step)))
        .filter(|(_, step)| step.state == StepState::Open)
        .filter(|(row, step)| guides(facts, row, step.kind).first().is_some_and(|guide| guide.who == Who::YouInBrowser))
        .count()
}

/// The environments that the publishing jobs name: theirs are the rules that matter.
#[must_use]
fn named_environments(local: &Local) -> Vec<EnvironmentName> {
    let mut named: Vec<EnvironmentName> = local
        .publish_jobs
        .iter()
        .filter_map(|job| match &job.environment {
            EnvironmentRef::Named(name) => Some(name.clone()),
            EnvironmentRef::None | EnvironmentRef::Expression(_) | EnvironmentRef::Unknown(_) => None,
        })
        .collect();
    named.sort();
    named.dedup();
    named
}

/// What GitHub is asked for by name: what the publishing jobs name.
#[must_use]
pub fn asked(local: &Local) -> Asked {
    let mut workflows: Vec<WorkflowFile> = local.publish_jobs.iter().flat_map(prove::starts).collect();
    workflows.sort();
    workflows.dedup();
    Asked { environments: named_environments(local), workflows }
}

/// The names of the long-lived secrets that (may) still publish a package.
#[must_use]
pub fn old_secret_names(facts: &Facts, package: &Package) -> Vec<String> {
    let old = steps::old_secrets(facts, package, registry::guides(package.id.registry).rules());
    let mut names: Vec<String> = old
        .workflow
        .iter()
        .map(|used| used.secret.to_string())
        .chain(old.on_github.iter().map(|(name, _)| name.to_string()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The rung that a step raises.
#[must_use]
pub fn raises(kind: StepKind) -> Rung {
    match kind {
        StepKind::FirstPublish => Rung::Exists,
        StepKind::Register => Rung::Registered,
        // The environment is part of what a run presents, and raises no rung of its own.
        StepKind::RepairWorkflow | StepKind::Environment => Rung::Ready,
        StepKind::Declare => Rung::Declared,
        StepKind::Prove => Rung::Proven,
        StepKind::Lock => Rung::Locked,
        StepKind::Retire => Rung::Retired,
    }
}
