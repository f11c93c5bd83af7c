//! Which workflow files lie on a branch or in a commit, with git's ids of them: enough to tell whether they are those here.

use super::api::Api;
use super::wire::Entry;
use super::{Endpoints, GithubError, Token};
use crate::model::{RemoteWorkflow, RepoSlug, clean_line};
use crate::net::Http;

/// Reads which workflow files lie in a commit, with their blob ids.
///
/// # Errors
/// Whatever keeps the folder from being read.
pub async fn read_workflow_files(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    slug: &RepoSlug,
    commit: &str,
) -> Result<Vec<RemoteWorkflow>, GithubError> {
    workflow_files(&Api::new(http, endpoints, token), slug, Some(commit)).await
}

/// The workflow files on a branch or in a commit; `None`: the default branch.
pub(super) async fn workflow_files(
    api: &Api<'_>,
    slug: &RepoSlug,
    at: Option<&str>,
) -> Result<Vec<RemoteWorkflow>, GithubError> {
    let mut folder = api.repo_url(slug, &["contents", ".github", "workflows"]);
    if let Some(at) = at {
        folder.query_pairs_mut().append_pair("ref", at);
    }
    let files = api.one::<Vec<Entry>>("the workflow files", folder).await?;
    let told = |file: Entry| RemoteWorkflow { path: clean_line(&file.path, 500), state: None, blob: Some(file.sha) };
    Ok(files.into_iter().filter(is_workflow_file).map(told).collect())
}

fn is_workflow_file(file: &Entry) -> bool {
    file.kind == "file" && (file.path.ends_with(".yml") || file.path.ends_with(".yaml"))
}
