//! Permissions that reach further than the publishing job.

use super::super::about::{Publisher, in_force};
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::workflow::{Job, Permissions, Workflow};

/// Parts of actions' names that ask for OIDC tokens themselves: clouds, attestations, signatures, coverage.
const ASK_TOO: [&str; 14] = [
    "attest",
    "sigstore",
    "cosign",
    "slsa",
    "aws-actions/",
    "google-github-actions/",
    "azure/",
    "hashicorp/vault",
    "codecov/",
    "actions/deploy-pages",
    "docker/",
    "gcp",
    "oidc",
    "codspeed",
];

pub(super) fn findings(facts: &Facts, publishers: &[&Publisher<'_>]) -> Vec<Found> {
    let mut found = Vec::new();
    for workflow in &facts.reading.workflows {
        let own = |job: &Job| {
            publishers.iter().any(|p| p.job.job_at.line == job.at.line && p.job.job_at.file == workflow.path)
        };
        if !workflow.jobs.iter().any(own) {
            continue;
        }
        found.extend(too_wide(workflow, &own));
        found.extend(workflow.jobs.iter().filter(|job| own(job)).filter_map(|job| write_all(workflow, job)));
    }
    found
}

/// The workflow's own block grants it, and jobs that publish nothing inherit it.
fn too_wide(workflow: &Workflow, publishes: &dyn Fn(&Job) -> bool) -> Option<Found> {
    let Permissions::Only { scopes, .. } = &workflow.permissions else { return None };
    let (scope, _) = scopes.iter().find(|(scope, level)| scope.value == "id-token" && level.value == "write")?;
    let idle = |job: &&Job| {
        job.permissions == Permissions::Unset && job.uses.is_none() && !publishes(job) && !asks_itself(workflow, job)
    };
    let others: Vec<String> = workflow.jobs.iter().filter(idle).map(|job| format!("`{}`", job.id)).collect();
    if others.is_empty() {
        return None;
    }
    let shown = others.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
    let more = others.len().saturating_sub(4);
    let shown = if more > 0 { format!("{shown} and {more} more") } else { shown };
    let message = format!(
        "id-token: write stands for the whole of {}, so {shown} can ask for the publishing identity too.",
        workflow.file
    );
    let fix = Fix::write(
        "Take it out here and write it into the publishing job:",
        "permissions:\n  contents: read\n  id-token: write",
    );
    Some(Found::new(Code::IdTokenTooWide, workflow.file.as_str(), message).at(workflow.place(scope.at)).fix(fix))
}

/// Whether a job may have a use of its own for an OIDC token.
fn asks_itself(workflow: &Workflow, job: &Job) -> bool {
    let local = |uses: &str| uses.starts_with("./");
    let by_action = job.steps.iter().filter_map(crate::workflow::Step::action);
    let mut by_action = by_action.map(|(name, _)| name);
    let script = |text: &str| text.contains("ACTIONS_ID_TOKEN") || text.contains("cosign") || text.contains("sigstore");
    by_action.any(|name| local(&name) || ASK_TOO.iter().any(|part| name.contains(part)))
        || job.texts.iter().any(|text| script(&text.value))
        || workflow.env.iter().any(|(_, value)| script(&value.value))
}

fn write_all(workflow: &Workflow, job: &Job) -> Option<Found> {
    let Permissions::WriteAll(mark) = in_force(workflow, job) else { return None };
    let message = format!(
        "Job `{}` of {} publishes with write-all: every step of it may change everything.",
        job.id, workflow.file
    );
    let fix = Fix::write("Name what the job needs instead:", "permissions:\n  contents: read\n  id-token: write");
    Some(Found::new(Code::WriteAll, job.id.as_str(), message).at(workflow.place(*mark)).fix(fix))
}
