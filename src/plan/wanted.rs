//! Which publisher a registry should hold for a package: what the workflow would present, in GitHub's own spelling.

use super::{Answers, Facts};
use crate::model::{Auth, Certainty, EnvironmentRef, IdToken, Package, PublishJob, TrustedPublisher, Unknown};
use crate::registry;

/// The publishing step of a package: the surest one, and among equals the one nearest to OIDC.
#[must_use]
pub fn job_of<'a>(facts: &'a Facts, package: &Package) -> Option<&'a PublishJob> {
    let local = facts.local.value()?;
    local
        .publish_jobs
        .iter()
        .filter(|job| job.registry == package.id.registry)
        .filter(|job| job.packages.as_ref().is_none_or(|names| names.contains(&package.id.name)))
        .filter(|job| job.certainty > Certainty::CannotTell)
        .max_by_key(|job| {
            (job.packages.is_some(), matches!(job.id_token, IdToken::Granted(_)), job.auth == Auth::Oidc, job.certainty)
        })
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
    if let Some(job) = job_of(facts, package) {
        let claim = registry::guides(package.id.registry).rules().claim.value;
        let workflow = job.workflow(claim).cloned().ok_or_else(|| {
            Unknown::because(format!(
                "the job `{}` that publishes it cannot be trusted by {}",
                job.job, package.id.registry
            ))
            .hint("publish from a job in a workflow of this repository")
        })?;
        return match &job.environment {
            EnvironmentRef::None => Ok(TrustedPublisher { repository, workflow, environment: None }),
            EnvironmentRef::Named(name) => {
                Ok(TrustedPublisher { repository, workflow, environment: Some(canonical(facts, name)) })
            }
            EnvironmentRef::Expression(text) => Err(Unknown::because(format!(
                "the environment of job `{}` is {text}, which only a run decides",
                job.job
            ))
            .hint("press e and name the environment")),
            EnvironmentRef::Unknown(why) => {
                Err(Unknown::because(format!("the environment of job `{}` is unknown: {why}", job.job))
                    .hint("press e and name the environment"))
            }
        };
    }
    let declared = facts.local.value().and_then(|local| local.config.policy_for(package));
    match declared {
        Some((policy, _)) => Ok(TrustedPublisher {
            repository: policy.repository.clone().unwrap_or(repository),
            workflow: policy.workflow.clone(),
            environment: policy.environment.clone(),
        }),
        None => Err(Unknown::because(format!("no step that publishes it to {} was found", package.id.registry))
            .hint("press e and name the workflow that publishes it, or add one")),
    }
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
