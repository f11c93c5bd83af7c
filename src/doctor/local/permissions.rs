//! Which block of permissions lacks `id-token: write`, and the lines to write there.

use super::super::about::{Publisher, holder, in_force, writes};
use super::super::found::Fix;
use super::Facts;
use crate::model::{Caller, Reach};
use crate::workflow::{Job, Permissions, Workflow};

/// What is missing, as a fragment, and what to write.
pub(super) fn id_token(facts: &Facts, publisher: &Publisher<'_>) -> (String, Fix) {
    let plain = || "has no id-token: write, so GitHub gives it no OIDC token".to_owned();
    let Some((workflow, job)) = holder(facts, publisher.job) else {
        return (plain(), Fix::write("Write into the job:", "permissions:\n  id-token: write"));
    };
    // The job itself may ask; then it is a caller that does not hand the permission down.
    if writes(in_force(workflow, job), "id-token") == Some(true) {
        let callers = stingy(facts, &publisher.job.reach);
        let why =
            format!("asks for id-token: write, which the job {callers} does not hand down, so GitHub gives it none");
        let fix = Fix::write("Write into the job that calls it:", "permissions:\n  contents: read\n  id-token: write");
        return (why, fix);
    }
    (plain(), lines(workflow, job))
}

/// The calling jobs that do not have the permission themselves; where all have it, one between them and the job lacks it.
fn stingy(facts: &Facts, reach: &Reach) -> String {
    let Reach::Reusable { callers, .. } = reach else { return "that calls it".to_owned() };
    let lacks = |caller: &&Caller| {
        let workflow = facts.reading.workflows.iter().find(|workflow| workflow.file == caller.workflow);
        let job =
            workflow.and_then(|workflow| Some((workflow, workflow.jobs.iter().find(|job| job.id == caller.job)?)));
        job.is_some_and(|(workflow, job)| writes(in_force(workflow, job), "id-token") != Some(true))
    };
    let names: Vec<String> =
        callers.iter().filter(lacks).map(|caller| format!("`{}` of {}", caller.job, caller.workflow)).collect();
    if names.is_empty() { "between it and the top".to_owned() } else { names.join(" or ") }
}

/// A job's block replaces the workflow's entirely, so what is in force is written again.
fn lines(workflow: &Workflow, job: &Job) -> Fix {
    if let Permissions::Only { at, .. } = &job.permissions {
        return Fix::write(format!("Add to the permissions in line {}:", at.line), "id-token: write");
    }
    let mut block = "permissions:".to_owned();
    match in_force(workflow, job) {
        Permissions::Only { scopes, .. } => {
            for (scope, level) in scopes.iter().filter(|(scope, _)| scope.value != "id-token") {
                block.push_str(&format!("\n  {}: {}", scope.value, level.value));
            }
        }
        Permissions::Unset | Permissions::ReadAll(_) | Permissions::WriteAll(_) | Permissions::Odd(_) => {}
    }
    if !block.contains("\n  contents:") {
        block.push_str("\n  contents: read");
    }
    block.push_str("\n  id-token: write");
    let text = "Write into the job (its block replaces the workflow's, so it repeats what the job needs):";
    Fix::write(text, &block)
}
