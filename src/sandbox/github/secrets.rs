//! Deleting a secret by its name. The body of a good answer is empty; a name that is not there is 404, and so is a repository
//! that the caller may not see.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::App;
use super::auth::{ApiError, Caller};
use crate::sandbox::world::github::{Permission, Secret};

type Answer = Result<StatusCode, ApiError>;

/// `DELETE …/actions/secrets/{secret}`
pub(super) async fn of_repository(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, secret)): Path<(String, String, String)>,
) -> Answer {
    let mut world = app.world();
    caller.change(&world.github, &owner, &name, Permission::Secrets)?;
    let repo = world.github.repo_mut(&owner, &name).ok_or_else(ApiError::not_found)?;
    remove(&mut repo.secrets, &secret)
}

/// `DELETE …/dependabot/secrets/{secret}`
pub(super) async fn of_dependabot(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, secret)): Path<(String, String, String)>,
) -> Answer {
    let mut world = app.world();
    caller.change(&world.github, &owner, &name, Permission::DependabotSecrets)?;
    let repo = world.github.repo_mut(&owner, &name).ok_or_else(ApiError::not_found)?;
    remove(&mut repo.dependabot_secrets, &secret)
}

/// `DELETE …/environments/{environment}/secrets/{secret}`
pub(super) async fn of_environment(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, environment, secret)): Path<(String, String, String, String)>,
) -> Answer {
    let mut world = app.world();
    caller.change(&world.github, &owner, &name, Permission::Environments)?;
    let repo = world.github.repo_mut(&owner, &name).ok_or_else(ApiError::not_found)?;
    let found = repo.environments.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&environment));
    remove(&mut found.ok_or_else(ApiError::not_found)?.secrets, &secret)
}

fn remove(secrets: &mut Vec<Secret>, name: &str) -> Answer {
    let before = secrets.len();
    secrets.retain(|secret| !secret.name.eq_ignore_ascii_case(name));
    if secrets.len() == before { Err(ApiError::not_found()) } else { Ok(StatusCode::NO_CONTENT) }
}
