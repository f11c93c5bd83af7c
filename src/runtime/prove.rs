//! The runs of the workflows that publish, and looks at what came of a release.

use std::collections::BTreeMap;

use std::time::Duration;

use futures::future::join_all;

use super::reads::public;
use super::{World, now};
use crate::github::{self, Runs, Token};
use crate::model::{Reading, RepoSlug, RunState, Unknown, WorkflowFile, WorkflowRun};
use crate::report::Report;
use crate::wizard::{Look, LookAtRuns, Looked, RunsSeen};

/// How many workflows are asked about: a request each.
const WORKFLOWS: usize = 5;

/// Of how many runs the workflows in their own commit are read: a request each, and only where the list has changed.
const ENDED: usize = 10;

/// The newest runs of each; nothing where nobody is signed in, for the few requests of a nobody are needed elsewhere.
pub(super) async fn newest_runs(
    world: &World,
    token: Option<&Token>,
    slug: &RepoSlug,
    workflows: &[WorkflowFile],
) -> BTreeMap<WorkflowFile, Reading<Vec<WorkflowRun>>> {
    if token.is_none() {
        return BTreeMap::new();
    }
    let reads = workflows.iter().take(WORKFLOWS).map(async |workflow| {
        let read = github::read_runs(&world.http, &world.github, token, (slug, workflow), None, None).await;
        let reading = match read {
            Ok(Runs::Newest { runs, .. }) => Reading::seen(runs, "GitHub API", now()),
            Ok(Runs::Same) => Reading::NotRead,
            Err(error) => Reading::Unknown(Unknown::from(&error)),
        };
        (workflow.clone(), reading)
    });
    join_all(reads).await.into_iter().collect()
}

/// Waits, then looks: at the runs, and at the registries where something may have come of one.
pub(super) async fn look(world: &World, look: Look) -> Looked {
    tokio::time::sleep(Duration::from_secs(look.pause)).await;
    let runs = match &look.runs {
        Some(wanted) => Some(runs_seen(world, wanted).await.map_err(Report::from)),
        None => None,
    };
    let ended = runs.as_ref().is_some_and(|seen| {
        let newest = seen.as_ref().ok().and_then(|seen| seen.runs.as_ref()).and_then(|(runs, _)| runs.first());
        newest.is_some_and(|run| matches!(run.state, RunState::Completed(_)))
    });
    let unread = runs.as_ref().is_none_or(Result::is_err);
    let public = if look.always || ended || unread {
        join_all(look.packages.into_iter().map(async |id| {
            let result = public(world, &id).await;
            (id, result)
        }))
        .await
    } else {
        Vec::new()
    };
    Looked { at: now(), runs, public }
}

async fn runs_seen(world: &World, wanted: &LookAtRuns) -> Result<RunsSeen, github::GithubError> {
    let token = world.fresh_token().await;
    let (http, github) = (&world.http, &world.github);
    let which = (&wanted.slug, &wanted.workflow);
    let read =
        github::read_runs(http, github, token.as_ref(), which, Some(wanted.since), wanted.tag.as_deref()).await?;
    let Runs::Newest { mut runs, tag } = read else { return Ok(RunsSeen::default()) };
    // What the run had to publish with is in its own commit, whatever the branch holds by now.
    let ended = runs.iter_mut().filter(|run| run.state.may_have_published()).take(ENDED);
    let reads = ended.map(async |run| {
        let read = github::read_workflow_files(http, github, token.as_ref(), &wanted.slug, &run.sha).await;
        run.files = read.ok();
    });
    join_all(reads).await;
    // What could not be read is asked for again, though the list stays the same.
    let unread = runs.iter().take(ENDED).any(|run| run.state.may_have_published() && run.files.is_none());
    let tag = tag.filter(|_| !unread);
    let telling = |run: &&WorkflowRun| run.state == RunState::Waiting || run.state.went_wrong();
    let detail = match runs.first().filter(telling) {
        // Without it the run is told all the same.
        Some(run) => github::read_run_detail(http, github, token.as_ref(), &wanted.slug, run).await.ok(),
        None => None,
    };
    Ok(RunsSeen { runs: Some((runs, tag)), detail })
}
