//! `GET /repos/{owner}/{repo}`, with the repository's own spelling of its name.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::auth::{ApiError, Caller, Read};
use super::{App, wire};
use crate::sandbox::respond;
use crate::sandbox::world::github::Permission;

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
