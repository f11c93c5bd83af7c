//! Who calls whom among the local workflows, and what a call hands down.
//!
//! Calls are followed inside this repository only, and a circle or an over-long chain ends the way.

use crate::model::{Caller, IdToken, Reach};

use super::model::{Job, Workflow};
use super::permissions;

/// How many calls a chain may have: GitHub allows ten levels, the top-level file and nine below it (GitHub's page on reusing
/// workflows, read 2026-11-21; it was four before).
const MAX_CALLS: usize = 9;
/// How many ways to one workflow are looked at: files that all call each other have more than anybody could list.
const MAX_WAYS: usize = 64;

/// A job that calls a reusable workflow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) workflow: &'a Workflow,
    pub(super) job: &'a Job,
}

/// The ways to a workflow, each from the called file outwards: the last call is in a top-level file.
pub(super) fn ways<'a>(all: &'a [Workflow], callee: &Workflow) -> Vec<Vec<Call<'a>>> {
    let mut found = Vec::new();
    let mut open: Vec<Vec<Call<'a>>> = callers(all, callee).map(|call| vec![call]).collect();
    while let Some(way) = open.pop() {
        let Some(last) = way.last().copied() else { continue };
        if found.len() >= MAX_WAYS {
            break;
        }
        if last.workflow.starts_itself() {
            found.push(way.clone());
        }
        if !last.workflow.is_reusable() || way.len() >= MAX_CALLS {
            continue;
        }
        for call in callers(all, last.workflow) {
            if open.len() < MAX_WAYS && !way.iter().any(|seen| seen.workflow.file == call.workflow.file) {
                open.push(way.iter().copied().chain([call]).collect());
            }
        }
    }
    found.sort_by_key(|way| way.last().map(|call| (call.workflow.file.clone(), call.job.at.line)));
    found
}

pub(super) fn callers<'a>(all: &'a [Workflow], callee: &Workflow) -> impl Iterator<Item = Call<'a>> {
    let file = callee.file.clone();
    all.iter()
        .flat_map(|workflow| workflow.jobs.iter().map(move |job| Call { workflow, job }))
        .filter(move |call| call.job.uses.as_ref().and_then(|uses| local(&uses.value)) == Some(file.as_str()))
}

/// The filename of a workflow of the same repository: `./.github/workflows/x.yml`, or with `$/` in front.
fn local(uses: &str) -> Option<&str> {
    let path = uses.trim().strip_prefix("./").or_else(|| uses.trim().strip_prefix("$/"))?;
    path.strip_prefix(".github/workflows/").filter(|file| !file.contains('/'))
}

/// By which files a run comes to a step of this workflow, along this way.
pub(super) fn reach(workflow: &Workflow, way: &[Call<'_>]) -> Reach {
    match way.last() {
        Some(top) => {
            let caller = Caller { workflow: top.workflow.file.clone(), job: top.job.id.clone() };
            Reach::Reusable { callers: vec![caller], callee: workflow.file.clone() }
        }
        None if workflow.is_reusable() && !workflow.starts_itself() => Reach::Uncalled(workflow.file.clone()),
        None => Reach::Direct(workflow.file.clone()),
    }
}

/// Whether `id-token: write` is effective in a job that is reached by this way.
///
/// A called job gets what it asks for and never more than the calling job has; without a block of its own it gets what the
/// caller has.
pub(super) fn id_token(workflow: &Workflow, job: &Job, way: &[Call<'_>]) -> IdToken {
    if way.is_empty() && workflow.is_reusable() && !workflow.starts_itself() {
        return match permissions::id_token(workflow, job) {
            permissions::Grant::Denied => IdToken::Missing,
            permissions::Grant::Granted(at) => IdToken::Granted(workflow.place(at)),
            permissions::Grant::Unset => {
                IdToken::Unknown("nothing here calls this reusable workflow, and its caller decides".to_owned())
            }
        };
    }
    along(workflow, job, way).map_or(IdToken::Missing, IdToken::Granted)
}

fn along(workflow: &Workflow, job: &Job, way: &[Call<'_>]) -> Option<crate::model::Place> {
    let mut place = None;
    let links = std::iter::once((workflow, job)).chain(way.iter().map(|call| (call.workflow, call.job)));
    for (index, (workflow, job)) in links.enumerate() {
        match permissions::id_token(workflow, job) {
            permissions::Grant::Granted(at) => place = place.or(Some(workflow.place(at))),
            permissions::Grant::Denied => return None,
            // Not set: the caller's holds. At the top there is no caller, and no default grants it.
            permissions::Grant::Unset if index == way.len() => return None,
            permissions::Grant::Unset => {}
        }
    }
    place
}
