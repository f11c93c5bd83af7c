//! The steps that would raise a package, each with whether it can be taken now.

use super::wanted::jobs_of;
use super::{Facts, environment, new_workflow};
use crate::model::{
    Auth, Existence, Ladder, Package, Reading, Rung, SecretName, SecretUse, Standing, Step, StepKind, StepState,
    Timestamp, TrustedPublisher, Unknown,
};
use crate::registry::{self, FirstPublish, Rules};

/// The steps of one package, in order.
pub(super) fn steps(
    facts: &Facts,
    package: &Package,
    ladder: &Ladder,
    wanted: Result<&TrustedPublisher, &Unknown>,
) -> Vec<Step> {
    let judge = Judge { facts, package, ladder, wanted };
    let exists = judge.first_publish();
    let register = judge.register(&exists);
    let repair = judge.repair();
    let environment = environment::state(facts, package, wanted);
    let declare = judge.declare();
    let prove = judge.prove(&register, &repair);
    let proven = || after(&prove, "only after a release by OIDC was seen");
    let lock = judge.unless(Rung::Locked, proven);
    let retire = judge
        .unless(Rung::Retired, || proven().or_else(|| after(&lock, "only after the registry refuses tokens (lock)")));
    [exists, register, repair, environment, declare, prove, lock, retire]
        .into_iter()
        .zip(StepKind::ALL)
        .map(|(state, kind)| Step { package: package.id.clone(), kind, state, title: title(facts, package, kind) })
        .collect()
}

/// Whether a step is held up by one that is not done, and why.
fn after(first: &StepState, why: &str) -> Option<StepState> {
    (*first != StepState::Done).then(|| StepState::Blocked(why.to_owned()))
}

/// What the steps of one package are judged by.
struct Judge<'a> {
    facts: &'a Facts,
    package: &'a Package,
    ladder: &'a Ladder,
    wanted: Result<&'a TrustedPublisher, &'a Unknown>,
}

impl Judge<'_> {
    fn at(&self, rung: Rung) -> &Standing {
        self.ladder.standing(rung)
    }

    /// Done where the rung is settled; else held up, or open.
    fn unless(&self, rung: Rung, held_up: impl FnOnce() -> Option<StepState>) -> StepState {
        if self.at(rung).settled() { StepState::Done } else { held_up().unwrap_or(StepState::Open) }
    }

    fn first_publish(&self) -> StepState {
        let rule = registry::guides(self.package.id.registry).rules().first_publish.value;
        match (self.facts.existence(&self.package.id), rule) {
            _ if self.at(Rung::Exists).settled() => StepState::Done,
            (Some(Existence::Exists { .. }), _) | (_, FirstPublish::Pending | FirstPublish::NotNeeded) => {
                StepState::Done
            }
            (Some(Existence::Absent), _) if self.package.family.is_some() => StepState::Blocked(
                "its files come from a build: release once as you do now, and it is there".to_owned(),
            ),
            (Some(Existence::Absent), FirstPublish::Needed | FirstPublish::Record) => StepState::Open,
            (None, FirstPublish::Needed | FirstPublish::Record) => self.unknown(Rung::Exists),
        }
    }

    fn register(&self, exists: &StepState) -> StepState {
        match (self.at(Rung::Registered), exists, self.wanted) {
            (standing, _, _) if standing.settled() => StepState::Done,
            (_, StepState::Open | StepState::Blocked(_), _) => {
                StepState::Blocked("it has to be published once first".to_owned())
            }
            (_, _, Err(unknown)) => StepState::Unknown(unknown.why.clone()),
            _ if self.facts.existence(&self.package.id).is_none() => self.unknown(Rung::Exists),
            _ => StepState::Open,
        }
    }

    fn repair(&self) -> StepState {
        match self.at(Rung::Ready) {
            Standing::Yes(_) | Standing::NotApplicable(_) | Standing::Stated { .. } => StepState::Done,
            Standing::HereOnly(seen) => StepState::Blocked(seen.value.clone()),
            Standing::No(_) => StepState::Open,
            // Where nothing publishes it, a workflow can be made for it.
            Standing::Unknown(_) if new_workflow::is_wanted(self.facts, self.package) => StepState::Open,
            Standing::Unknown(unknown) => StepState::Unknown(unknown.why.clone()),
        }
    }

    fn declare(&self) -> StepState {
        let unknown = self.wanted.err();
        self.unless(Rung::Declared, || unknown.map(|unknown| StepState::Unknown(unknown.why.clone())))
    }

    fn prove(&self, register: &StepState, repair: &StepState) -> StepState {
        self.unless(Rung::Proven, || {
            after(register, "the publisher has to be registered first")
                .or_else(|| after(repair, "the workflow has to be repaired and pushed first"))
                // A release would make a missing one, bare; one that is bare, or could not be read, holds nothing up.
                .or_else(|| environment::holds_up(self.facts, self.package, self.wanted).map(StepState::Blocked))
        })
    }

    fn unknown(&self, rung: Rung) -> StepState {
        StepState::Unknown(self.at(rung).why().to_owned())
    }
}

fn title(facts: &Facts, package: &Package, kind: StepKind) -> String {
    let (name, registry) = (&package.id.name, package.id.registry);
    let first = registry::guides(registry).rules().first_publish.value;
    match kind {
        StepKind::FirstPublish if first == FirstPublish::Record => {
            format!("Make {name} on {registry}, so that it can be trusted.")
        }
        StepKind::FirstPublish => format!("Publish {name} once, so that {registry} can trust its workflow."),
        StepKind::Register => format!("Tell {registry} which workflow may publish {name}."),
        StepKind::RepairWorkflow if new_workflow::is_wanted(facts, package) => {
            format!("Make a workflow that publishes {name} by OIDC: none that publishes it was found.")
        }
        StepKind::RepairWorkflow => format!("Let the workflow that publishes {name} ask for an OIDC token."),
        StepKind::Environment => format!("Make and guard the environment that {name} is published from."),
        StepKind::Declare => format!("Write down in the project who may publish {name}."),
        StepKind::Prove => format!("Release {name} once by OIDC: that is the proof."),
        StepKind::Lock => format!("Have {registry} refuse tokens for {name}."),
        StepKind::Retire => format!("Delete the old secrets of {name}."),
    }
}

/// The long-lived secrets that (may) still publish a package.
pub(super) struct OldSecrets {
    /// Used by a step that publishes it.
    pub workflow: Vec<SecretUse>,
    /// Still on GitHub under a name that a client of the registry reads, or that such a step used.
    pub on_github: Vec<(SecretName, Timestamp)>,
}

/// Which secrets those are: what the publishing steps log in with, and the names that say so.
pub(super) fn old_secrets(facts: &Facts, package: &Package, rules: &Rules) -> OldSecrets {
    let Some(local) = facts.local.value() else { return OldSecrets { workflow: Vec::new(), on_github: Vec::new() } };
    let workflow: Vec<SecretUse> = jobs_of(local, package)
        .filter_map(|job| match &job.auth {
            Auth::Token(secret) => {
                let seen = local.secret_uses.iter().find(|u| u.secret == *secret && u.job == job.job);
                Some(seen.cloned().unwrap_or_else(|| SecretUse {
                    secret: secret.clone(),
                    at: job.at.clone(),
                    job: job.job.clone(),
                }))
            }
            Auth::Oidc | Auth::Unknown => None,
        })
        .collect();
    let named = |name: &SecretName| rules.named_by(name.as_str()) || workflow.iter().any(|used| used.secret == *name);
    let environments = facts.github.environments.value().into_iter().flatten().map(|e| &e.secrets);
    let on_github = [&facts.github.repository_secrets, &facts.github.organization_secrets]
        .into_iter()
        .chain(environments)
        .filter_map(|reading| match reading {
            Reading::Seen(seen) => Some(seen),
            Reading::NotRead | Reading::Unknown(_) => None,
        })
        .flat_map(|seen| seen.value.iter().map(|secret| (secret.name.clone(), seen.at)))
        .filter(|(name, _)| named(name))
        .collect();
    OldSecrets { workflow, on_github }
}
