//! The environment that a publishing job names: whether it is there, what guards it, and what would guard it well.
//!
//! GitHub makes a named environment at its first run, without any guard. Nothing here says that one is missing or bare that
//! could not be read.

mod guard;
mod guide;
mod refs;

pub use guard::who_can_change;
pub(super) use guide::guides;
pub use guide::ways;

use super::wanted::job_of;
use super::{Facts, off_oidc};
use crate::model::{
    BranchPolicy, EnvironmentFacts, EnvironmentName, EnvironmentRef, EnvironmentWish, Existence, Finding, Package,
    Protection, PublishJob, Reading, Reviewer, Severity, StepState, TrustedPublisher, Unknown,
};
use crate::registry;

/// How an environment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarding {
    /// GitHub lists no such environment.
    Missing,
    /// It is there, and nothing guards it.
    Bare,
    /// It was begun: patterns decide what may deploy, and some that were wished for are not there.
    Unfinished(String),
    /// Something guards it; the text says what, as a fragment.
    Guarded(String),
    /// Nobody can tell, for this reason.
    Unknown(String),
}

/// What there is to say about the environment of a package's publishing job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// How it stands.
    pub guarding: Guarding,
    /// What it should be: its name, and which refs may deploy.
    pub wish: EnvironmentWish,
    /// Who could approve, with GitHub's numbers; empty: not read, or nobody.
    pub approvers: Vec<(String, u64)>,
    /// What to know of it.
    pub notes: Vec<Finding>,
}

/// Looks at the environment of a package's publishing job; `None`: it names none, or none is known.
#[must_use]
pub fn advice(facts: &Facts, package: &Package, wanted: Result<&TrustedPublisher, &Unknown>) -> Option<Advice> {
    let job = job_of(facts, package)?;
    let name = wanted.ok().and_then(|publisher| publisher.environment.clone()).or_else(|| named(job).cloned())?;
    let jobs = sharing(facts, job, &name);
    let branch = facts.github.repository.value().map(|repository| repository.default_branch.as_str());
    let proposal = refs::proposal(&jobs, branch);
    let mut notes: Vec<Finding> = proposal.notes.into_iter().map(|note| Finding::new(Severity::Note, note)).collect();
    let there = match &facts.github.environments {
        Reading::Seen(seen) => Ok(seen.value.iter().find(|there| there.name.same_on_github(&name))),
        Reading::Unknown(unknown) => Err(unknown.why.clone()),
        Reading::NotRead => Err("GitHub's environments were not read".to_owned()),
    };
    if let Ok(Some(there)) = there {
        notes.extend(trouble(facts, there, &proposal.refs));
    }
    notes.extend(one_pending(facts, package, job, &name));
    notes.extend(nameless(facts));
    let mut approvers: Vec<(String, u64)> =
        facts.github.guard.collaborators.value().into_iter().flatten().map(|one| (one.login.clone(), one.id)).collect();
    approvers.truncate(EnvironmentWish::REVIEWERS);
    let wish = EnvironmentWish { name, refs: proposal.refs, reviewers: Vec::new() };
    let guarding = match there {
        Err(why) => Guarding::Unknown(why),
        Ok(None) => Guarding::Missing,
        Ok(Some(there)) => standing(there, &wish),
    };
    Some(Advice { guarding, wish, approvers, notes })
}

/// Whether the step can be taken.
pub(super) fn state(facts: &Facts, package: &Package, wanted: Result<&TrustedPublisher, &Unknown>) -> StepState {
    if off_oidc(facts, package).is_some() {
        return StepState::Done;
    }
    match advice(facts, package, wanted).map(|advice| advice.guarding) {
        None | Some(Guarding::Guarded(_)) => StepState::Done,
        Some(Guarding::Missing | Guarding::Bare | Guarding::Unfinished(_)) => StepState::Open,
        Some(Guarding::Unknown(why)) => StepState::Unknown(why),
    }
}

/// Why a release has to wait for the environment.
pub(super) fn holds_up(
    facts: &Facts,
    package: &Package,
    wanted: Result<&TrustedPublisher, &Unknown>,
) -> Option<String> {
    if off_oidc(facts, package).is_some() {
        return None;
    }
    match advice(facts, package, wanted)?.guarding {
        Guarding::Missing => {
            Some("the environment has to be made first: a release would make it without a guard".to_owned())
        }
        Guarding::Unfinished(_) => Some("the environment lets nothing through yet".to_owned()),
        Guarding::Bare | Guarding::Guarded(_) | Guarding::Unknown(_) => None,
    }
}

fn named(job: &PublishJob) -> Option<&EnvironmentName> {
    match &job.environment {
        EnvironmentRef::Named(name) => Some(name),
        EnvironmentRef::None | EnvironmentRef::Expression(_) | EnvironmentRef::Unknown(_) => None,
    }
}

/// Every publishing job that goes through this environment: a rule that suits one of them holds for all.
fn sharing<'a>(facts: &'a Facts, job: &'a PublishJob, name: &EnvironmentName) -> Vec<&'a PublishJob> {
    let all = facts.local.value().map(|local| local.publish_jobs.as_slice()).unwrap_or_default();
    let others = all.iter().filter(|other| named(other).is_some_and(|there| there.same_on_github(name)));
    std::iter::once(job).chain(others).collect()
}

fn standing(there: &EnvironmentFacts, wish: &EnvironmentWish) -> Guarding {
    if there.is_bare() {
        return Guarding::Bare;
    }
    if matches!(&there.refs, BranchPolicy::Custom(Reading::Seen(seen)) if seen.value.is_empty())
        && !wish.refs.is_empty()
    {
        return Guarding::Unfinished("patterns decide what may deploy, and there is none: nothing may".to_owned());
    }
    let rules: Vec<String> = there
        .protection
        .iter()
        .filter_map(|rule| match rule {
            Protection::WaitTimer(minutes) => Some(format!("a wait of {minutes} min")),
            Protection::Reviewers { reviewers, .. } => Some(format!("approval by {}", listed(reviewers))),
            Protection::BranchPolicy => None,
            Protection::Other(app) => Some(format!("the rule {app}")),
        })
        .chain(match &there.refs {
            BranchPolicy::Any => None,
            BranchPolicy::ProtectedBranches => Some("only protected branches deploy".to_owned()),
            BranchPolicy::Custom(Reading::Seen(seen)) => Some(format!("only {} may deploy", listed(&seen.value))),
            BranchPolicy::Custom(_) => Some("only certain refs deploy".to_owned()),
        })
        .collect();
    Guarding::Guarded(rules.join("; "))
}

/// `a, b or c`
fn listed<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

/// What is wrong with one that is there.
fn trouble(facts: &Facts, there: &EnvironmentFacts, proposed: &[crate::model::RefPattern]) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in &there.protection {
        let Protection::Reviewers { reviewers, prevent_self_review: true } = rule else { continue };
        let pushers = facts.github.guard.collaborators.value();
        let alone = match reviewers.as_slice() {
            [Reviewer::Person(login)] => Some(login),
            _ => None,
        };
        if let Some(login) = alone {
            let only =
                pushers.is_some_and(|all| matches!(all.as_slice(), [one] if one.login.eq_ignore_ascii_case(login)));
            let (severity, so) = if only {
                (Severity::Error, "nobody else can push, so no release gets through")
            } else {
                (Severity::Warning, "a release that they start waits for ever")
            };
            found.push(
                Finding::new(severity, format!("only {login} may approve, and not what {login} started: {so}"))
                    .hint("name a second reviewer, or allow self-review on the settings page"),
            );
        }
    }
    let shut_out: Vec<&crate::model::RefPattern> = match &there.refs {
        BranchPolicy::Custom(Reading::Seen(seen)) => {
            proposed.iter().filter(|wished| !seen.value.iter().any(|rule| refs::covers(rule, wished))).collect()
        }
        BranchPolicy::ProtectedBranches => {
            proposed.iter().filter(|wished| wished.kind == crate::model::RefKind::Tag).collect()
        }
        BranchPolicy::Any | BranchPolicy::Custom(_) => Vec::new(),
    };
    if !shut_out.is_empty() {
        let shown: Vec<String> = shut_out.iter().map(ToString::to_string).collect();
        found.push(
            Finding::new(
                Severity::Warning,
                format!("its rules do not name {}, from which the workflow publishes", shown.join(", ")),
            )
            .hint("add the rule on the settings page, else GitHub may refuse the run"),
        );
    }
    found
}

/// Where a registry takes only one pending publisher of the same workflow and environment, and two packages want one.
fn one_pending(facts: &Facts, package: &Package, job: &PublishJob, name: &EnvironmentName) -> Option<Finding> {
    let rule = registry::guides(package.id.registry).rules().one_pending.filter(|rule| !rule.value.alike)?;
    let absent = |package: &Package| facts.existence(&package.id) == Some(&Existence::Absent);
    if !absent(package) {
        return None;
    }
    let also: Vec<String> = facts
        .local
        .value()?
        .packages
        .iter()
        .filter(|other| other.id.registry == package.id.registry && other.id != package.id && absent(other))
        .filter(|other| {
            job_of(facts, other).is_some_and(|theirs| {
                theirs.job_at.file == job.job_at.file && named(theirs).is_some_and(|n| n.same_on_github(name))
            })
        })
        .map(|other| other.id.name.to_string())
        .collect();
    if also.is_empty() {
        return None;
    }
    let message = format!(
        "{} wants the same pending publisher: {} takes one of the same workflow and environment at a time ({}, read {})",
        also.join(", "),
        package.id.registry,
        rule.source,
        rule.read
    );
    Some(
        Finding::new(Severity::Warning, message)
            .hint("give each package an environment of its own, or publish one before the next is registered"),
    )
}

/// Publishing jobs that go through no environment at all.
fn nameless(facts: &Facts) -> Option<Finding> {
    let jobs = facts.local.value()?.publish_jobs.iter().filter(|job| job.environment == EnvironmentRef::None);
    let mut names: Vec<String> =
        jobs.map(|job| format!("`{}` ({}:{})", job.job, job.job_at.file.file_name(), job.job_at.line)).collect();
    names.sort();
    names.dedup();
    (!names.is_empty()).then(|| {
        let message = format!("no environment guards {}: every run of it publishes", names.join(", "));
        Finding::new(Severity::Note, message).hint("name one in the job and in the registry's publisher")
    })
}
