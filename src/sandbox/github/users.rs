//! `/user`, what an App reaches, and accounts by login.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::auth::{ApiError, Caller};
use super::list::PageQuery;
use super::{App, wire};
use crate::sandbox::respond;
use crate::sandbox::world::github::{Installation, Reach};

/// `GET /user`
pub(super) async fn me(State(app): State<App>, Extension(caller): Extension<Caller>) -> Result<Response, ApiError> {
    let world = app.world();
    let login = caller.user().ok_or_else(ApiError::requires_authentication)?;
    let account = world.github.account(login).ok_or_else(ApiError::bad_credentials)?;
    Ok(respond::json(StatusCode::OK, wire::public_user(app.urls(), account)))
}

/// `GET /users/{login}`
pub(super) async fn one(State(app): State<App>, Path(login): Path<String>) -> Result<Response, ApiError> {
    let world = app.world();
    let account = world.github.account(&login).ok_or_else(ApiError::not_found)?;
    Ok(respond::json(StatusCode::OK, wire::public_user(app.urls(), account)))
}

/// `GET /user/installations`: for a user token of an App alone.
pub(super) async fn installations(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(page): Query<PageQuery>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let github = &world.github;
    caller.user().ok_or_else(ApiError::requires_authentication)?;
    let client = caller.app(github).ok_or_else(only_for_apps)?;
    let places = github
        .installations
        .iter()
        .filter(|place| place.client_id == client.client_id)
        .map(|place| wire::installation(app.urls(), github, place, client))
        .collect();
    let url = format!("{}/user/installations", app.urls().github_api);
    Ok(page.answer(&url, "installations", places))
}

/// `GET /user/installations/{id}/repositories`
pub(super) async fn reach(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<u64>,
    Query(page): Query<PageQuery>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let github = &world.github;
    caller.user().ok_or_else(ApiError::requires_authentication)?;
    let client = caller.app(github).ok_or_else(only_for_apps)?;
    let its = |place: &&Installation| place.id == id && place.client_id == client.client_id;
    let place = github.installations.iter().find(its).ok_or_else(ApiError::not_found)?;
    let repos = github
        .repos
        .iter()
        .filter(|repo| repo.owner == place.account)
        .filter(|repo| match &place.reach {
            Reach::All => true,
            Reach::Selected(ids) => ids.contains(&repo.id),
        })
        .map(|repo| wire::listed_repo(app.urls(), github, repo, caller.role(repo)))
        .collect();
    let url = format!("{}/user/installations/{id}/repositories", app.urls().github_api);
    Ok(page.answer(&url, "repositories", repos))
}

fn only_for_apps() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "You must authenticate with an access token authorized to a GitHub App in order to list installations",
    )
}
