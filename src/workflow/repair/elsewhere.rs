//! The lines for a publisher that lies where nothing is written: in an action of this repository, or in another repository.
//!
//! Each group of lines starts with a comment that names the file.

use super::super::model::{Job, Workflow};
use super::instead::{CannotRepair, usual};
use super::permissions::would_hold;
use super::{Access, Pins, lines, npm, paste};
use crate::model::{Auth, EnvironmentName, EnvironmentRef, IdToken, JobId, PublishJob, Reach, Registry, RelPath};

/// Why the publisher is not mended, with the lines.
pub(super) fn elsewhere(
    workflows: &[Workflow],
    publish: &PublishJob,
    environment: Option<&EnvironmentName>,
) -> CannotRepair {
    let (place, file) = match &publish.reach {
        Reach::Remote { callee, .. } => (format!("{callee}, a workflow of another repository"), callee.as_str()),
        _ => (format!("{}, which is no workflow", publish.at.file), publish.at.file.as_str()),
    };
    let needs_login = publish.auth != Auth::Oidc && publish.exchange.is_none();
    let mut rows = if needs_login { login(publish, file) } else { Vec::new() };
    for token in &publish.tokens {
        let (secret, by, at) = (&token.secret, &token.by, &token.at);
        rows.push(format!("# in {}, line {}: take the secret {secret} away ({by})", at.file, at.line));
    }
    let (own, callers) = match &publish.reach {
        Reach::Direct(file) | Reach::Uncalled(file) => (file.path(), Vec::new()),
        Reach::Reusable { callee, callers } => (callee.path(), callers.clone()),
        Reach::Remote { caller, .. } => (caller.workflow.path(), Vec::new()),
    };
    let mut jobs = vec![(own, publish.job.clone())];
    jobs.extend(callers.into_iter().map(|caller| (caller.workflow.path(), caller.job)));
    if publish.id_token == IdToken::Missing {
        rows.extend(jobs.iter().flat_map(|(file, job)| permissions(workflows, file, job)));
    }
    let is_named =
        |name: &EnvironmentName| matches!(&publish.environment, EnvironmentRef::Named(there) if there == name);
    // A job that calls another workflow takes no environment.
    let takes_one = !matches!(publish.reach, Reach::Remote { .. });
    if let (Some(name), [(file, job), ..]) = (environment.filter(|name| takes_one && !is_named(name)), &jobs[..]) {
        rows.extend([at(file.as_str(), job), format!("environment: {}", lines::scalar(name.as_str()))]);
    }
    CannotRepair::Elsewhere { place, paste: rows }
}

fn at(file: &str, job: &JobId) -> String {
    format!("# in {file}, in the job {job}")
}

/// What the publishing step needs before it, in the file that holds it.
fn login(publish: &PublishJob, file: &str) -> Vec<String> {
    let place = format!("# in {file}, before the step that publishes");
    let registry = publish.destination.speaks();
    if registry == Registry::Npm {
        // A step of an action has to name its shell.
        return vec![place, format!("- run: {}", npm::RENEW), "  shell: bash".to_owned()];
    }
    let Some(login) = usual(registry) else { return Vec::new() };
    let mut rows = paste::login(&publish.job, &login, Pins::known());
    if let Some(first) = rows.first_mut() {
        *first = place;
    }
    rows
}

fn permissions(workflows: &[Workflow], file: &RelPath, id: &JobId) -> Vec<String> {
    let found = workflows.iter().find(|workflow| workflow.path == *file);
    let found: Option<(&Workflow, &Job)> =
        found.and_then(|workflow| Some((workflow, workflow.jobs.iter().find(|job| job.id == *id)?)));
    let Some((workflow, job)) = found else { return Vec::new() };
    let scopes = would_hold(workflow, job, &[("id-token".to_owned(), Access::Write)]);
    let scopes = scopes.into_iter().map(|(scope, access)| format!("  {scope}: {}", access.word()));
    [at(file.as_str(), id), "permissions:".to_owned()].into_iter().chain(scopes).collect()
}
