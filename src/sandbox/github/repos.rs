//! `GET /repos/{owner}/{repo}`, with the repository's own spelling of its name, and an organisation's repositories.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::auth::{ApiError, Caller, Read};
use super::list::PageQuery;
use super::{App, wire};
use crate::sandbox::respond;
use crate::sandbox::world::github::{AccountKind, Permission};

/// `GET /repos/{owner}/{repo}`
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Metadata))?;
    Ok(respond::json(StatusCode::OK, wire::full_repo(app.urls(), &world.github, repo, caller.role(repo))))
}

/// `GET /orgs/{org}/repos`: those that the caller may know of.
pub(super) async fn of_organization(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let github = &world.github;
    let organization = github
        .account(&name)
        .filter(|account| account.kind == AccountKind::Organization)
        .ok_or_else(ApiError::not_found)?;
    let mut repos: Vec<_> = github.repos.iter().filter(|r| r.owner.eq_ignore_ascii_case(&organization.login)).collect();
    repos.retain(|repo| caller.sees(github, repo));
    repos.sort_by_key(|repo| repo.full_name());
    let items = repos.iter().map(|repo| wire::listed_repo(app.urls(), github, repo, caller.role(repo))).collect();
    let url = format!("{}/organizations/{}/repos", app.urls().github_api, organization.id);
    Ok(page.plain(&url, items))
}
