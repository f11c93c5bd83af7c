//! Which publisher a registry should hold for a package: what the workflow would present, in GitHub's own spelling.

use super::{Answers, Facts, Local, new_workflow};
use crate::model::{
    Auth, Certainty, EnvironmentRef, IdToken, Package, PublishJob, RepoSlug, TrustedPublisher, TrustedWorkflow,
    Unknown, WorkflowFile, WorkflowRole,
};
use crate::registry::{self, Case, Rules};

/// The publishing step of a package: the surest one, and among equals the one nearest to OIDC.
#[must_use]
pub fn job_of<'a>(facts: &'a Facts, package: &'a Package) -> Option<&'a PublishJob> {
    jobs_of(facts.local.value()?, package).filter(|job| job.certainty > Certainty::CannotTell).max_by_key(|job| {
        (job.packages.is_some(), matches!(job.id_token, IdToken::Granted(_)), job.auth == Auth::Oidc, job.certainty)
    })
}

/// Every step that (may) publish a package, however sure.
pub(super) fn jobs_of<'a>(local: &'a Local, package: &'a Package) -> impl Iterator<Item = &'a PublishJob> {
    local
        .publish_jobs
        .iter()
        .filter(|job| job.publishes_to(package.id.registry))
        .filter(|job| job.packages.as_ref().is_none_or(|names| names.contains(package.meant_by())))
}

/// The publisher to register: edited by hand, else from the workflow, else from what the config file declares.
///
/// # Errors
/// Why nobody can tell.
pub fn wanted(facts: &Facts, answers: &Answers, package: &Package) -> Result<TrustedPublisher, Unknown> {
    if let Some(edited) = answers.publishers.get(&package.id) {
        return Ok(edited.clone());
    }
    let repository = facts.slug().cloned().ok_or_else(|| {
        Unknown::because("there is no GitHub remote").hint("add the remote, or say --repo OWNER/NAME")
    })?;
    let declared = facts.local.value().and_then(|local| local.config.policy_for(package)).map(|(policy, _)| policy);
    if let Some(job) = job_of(facts, package) {
        let rules = registry::guides(package.id.registry).rules();
        let workflow = told(job, rules, &repository)?;
        if rules.environment_case.value == Case::NotCompared {
            return Ok(TrustedPublisher { repository, workflow, environment: None });
        }
        let why = match &job.environment {
            EnvironmentRef::None => return Ok(TrustedPublisher { repository, workflow, environment: None }),
            EnvironmentRef::Named(name) => {
                return Ok(TrustedPublisher { repository, workflow, environment: Some(canonical(facts, name)) });
            }
            EnvironmentRef::Expression(text) => format!("is {text}, which only a run decides"),
            EnvironmentRef::Unknown(why) => format!("is unknown: {why}"),
        };
        // The project may have said it where the workflow cannot.
        let same = |named: TrustedWorkflow| named.same_on_github(&workflow);
        if let Some(policy) = declared.filter(|policy| policy.trusted_workflow(&repository).is_none_or(same)) {
            return Ok(TrustedPublisher { repository, workflow, environment: policy.environment.clone() });
        }
        return Err(Unknown::because(format!("the environment of job `{}` {why}", job.job))
            .hint("press e and name the environment"));
    }
    match declared {
        Some(policy) => {
            let repository = policy.repository.clone().unwrap_or(repository);
            let workflow = policy.trusted_workflow(&repository).ok_or_else(|| {
                Unknown::because("trust_policy names no workflow, and no step that publishes it was found")
                    .hint(how_to_name(facts, package))
            })?;
            Ok(TrustedPublisher { repository, workflow, environment: policy.environment.clone() })
        }
        None => Err(Unknown::because(format!("no step that publishes it to {} was found", package.id.registry))
            .hint(how_to_name(facts, package))),
    }
}

/// What to do where no workflow is known for a package.
fn how_to_name(facts: &Facts, package: &Package) -> &'static str {
    match new_workflow::is_wanted(facts, package) {
        true => {
            "the repair step proposes a workflow; or press e in the register step and name the one that publishes it"
        }
        false => "press e in the register step and name the workflow that publishes it",
    }
}

/// The workflow that the registry is told, whatever else of the publisher is not known.
#[must_use]
pub fn workflow_of(facts: &Facts, package: &Package) -> Option<TrustedWorkflow> {
    let repository = facts.slug()?;
    match job_of(facts, package) {
        Some(job) => told(job, registry::guides(package.id.registry).rules(), repository).ok(),
        None => facts.local.value()?.config.policy_for(package)?.0.trusted_workflow(repository),
    }
}

/// The workflow that the registry is told; where it compares none, the one that publishes, for the project's own record.
fn told(job: &PublishJob, rules: &Rules, repository: &RepoSlug) -> Result<TrustedWorkflow, Unknown> {
    if let Some(file) = job.workflow(rules.claim.value) {
        return Ok(file.clone().into());
    }
    let at = || WorkflowFile::new(job.at.file.file_name()).ok();
    if job.role(rules.claim.value) == WorkflowRole::NotUsed
        && let Some(file) = job.reach.top_level().cloned().or_else(at)
    {
        return Ok(file.into());
    }
    if let Some((home, file)) = job.workflow_anywhere(rules.claim.value).and_then(|_| job.reach.remote_file()) {
        return Ok(TrustedWorkflow::of(repository, file, Some(home)));
    }
    let why = format!("the job `{}` that publishes it cannot be trusted by {}", job.job, rules.registry);
    Err(Unknown::because(why).hint("publish from a job in a workflow of this repository"))
}

/// GitHub's own spelling of an environment, where it was read: npm and others compare it exactly.
fn canonical(facts: &Facts, name: &crate::model::EnvironmentName) -> crate::model::EnvironmentName {
    facts
        .github
        .environments
        .value()
        .and_then(|all| all.iter().find(|e| e.name.same_on_github(name)))
        .map_or_else(|| name.clone(), |e| e.name.clone())
}
