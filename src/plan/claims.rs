//! What a publishing job would present, and the files that a registry would have to be told of it.

use crate::model::{EnvironmentRef, PublishJob, Reach, Refs, Trigger, WorkflowClaim, WorkflowFile};
use crate::registry::{Rules, RunRef};

/// The events that start the job, each with why the registry refuses its runs, as a fragment; `None`: it does not, or only
/// a run tells.
#[must_use]
pub fn events<'a>(job: &'a PublishJob, rules: &Rules) -> Vec<(&'a Trigger, Option<String>)> {
    job.triggers.iter().map(|trigger| (trigger, refused(trigger, rules))).collect()
}

fn refused(trigger: &Trigger, rules: &Rules) -> Option<String> {
    let (event, registry) = (trigger.event.as_str(), rules.registry);
    if rules.refused_events.is_some_and(|rule| rule.value.contains(&event)) {
        return Some(format!("{registry} refuses every run by {event}"));
    }
    if let Some(only) = rules.only_events.filter(|only| !only.value.contains(&event)) {
        return Some(format!("{registry} takes runs by {} alone, none by {event}", only.value.join(" and ")));
    }
    let tag = rules.run_ref.is_some_and(|rule| rule.value == RunRef::Tag);
    (tag && trigger.refs == Refs::Branches)
        .then(|| format!("{registry} takes only runs of a tag, and a {event} here is of a branch"))
}

/// The workflow files that fit what the registry compares: more than one where several callers reach the job and it
/// compares the caller, or where it compares none.
#[must_use]
pub fn files(job: &PublishJob, rules: &Rules) -> Vec<WorkflowFile> {
    let claim = rules.claim.value;
    let callers = || match &job.reach {
        Reach::Reusable { callers, .. } => callers.iter().map(|caller| caller.workflow.clone()).collect(),
        Reach::Direct(_) | Reach::Remote { .. } | Reach::Uncalled(_) => Vec::new(),
    };
    let mut files: Vec<WorkflowFile> = job.workflow_anywhere(claim).into_iter().collect();
    match claim {
        WorkflowClaim::Caller => files.extend(callers()),
        WorkflowClaim::NotCompared | WorkflowClaim::None => {
            files.extend(callers());
            files.extend(WorkflowFile::new(job.job_at.file.file_name()).ok());
        }
        WorkflowClaim::Callee | WorkflowClaim::CalleeAnywhere => {}
    }
    let mut once: Vec<WorkflowFile> = Vec::new();
    for file in files {
        if !once.contains(&file) {
            once.push(file);
        }
    }
    once
}

/// What the job would present, as name and value, as far as the files tell. The repository is the reader's to add.
#[must_use]
pub fn claims(job: &PublishJob) -> Vec<(&'static str, String)> {
    let (top, holder) = match &job.reach {
        Reach::Direct(file) => (file.to_string(), file.to_string()),
        Reach::Reusable { callers, callee } => {
            let mut tops: Vec<String> = callers.iter().map(|caller| caller.workflow.to_string()).collect();
            tops.dedup();
            (tops.join(" or "), callee.to_string())
        }
        Reach::Remote { caller, callee } => (caller.workflow.to_string(), callee.clone()),
        Reach::Uncalled(file) => ("unknown: nothing here calls it".to_owned(), file.to_string()),
    };
    let environment = match &job.environment {
        EnvironmentRef::None => "none".to_owned(),
        EnvironmentRef::Named(name) => name.to_string(),
        EnvironmentRef::Expression(text) => format!("decided by a run: {text}"),
        EnvironmentRef::Unknown(why) => format!("unknown: {why}"),
    };
    let mut claims = vec![("workflow_ref", top), ("job_workflow_ref", holder), ("environment", environment)];
    let events: Vec<String> = job.triggers.iter().map(spoken).collect();
    if !events.is_empty() {
        claims.push(("event_name", events.join(", ")));
    }
    claims
}

/// An event with the refs of its runs: `push (tags)`.
fn spoken(trigger: &Trigger) -> String {
    let refs = match trigger.refs {
        Refs::Tags => "tags",
        Refs::Branches => "branches",
        Refs::Either => "any ref",
    };
    format!("{} ({refs})", trigger.event)
}
