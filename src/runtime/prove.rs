//! The runs of the workflows that publish.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::{World, now};
use crate::github::{self, Runs, Token};
use crate::model::{Reading, RepoSlug, Unknown, WorkflowFile, WorkflowRun};

/// How many workflows are asked about: a request each.
const WORKFLOWS: usize = 5;

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
