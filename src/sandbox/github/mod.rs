//! GitHub as the wizard meets it: the device flow with its page, the REST reads of one repository, and its environments.
//!
//! Shapes follow GitHub's published OpenAPI description; manners (errors with status 200, 404 for what may not be seen,
//! 403 for what may not be done) follow its documentation of 2026.

mod actions;
mod auth;
mod contents;
mod device;
mod environments;
mod limits;
mod list;
mod repos;
mod revoke;
mod rules;
mod runs;
mod secrets;
mod tags;
mod users;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::http::uri::PathAndQuery;
use axum::http::{StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};

use super::server::Shared;
use auth::ApiError;

/// The state of every handler.
type App = Arc<Shared>;

/// github.com.
pub(super) fn web(shared: &App) -> Router {
    Router::new()
        .route("/login/device/code", post(device::code))
        .route("/login/oauth/access_token", post(device::token))
        .route("/login/device", get(device::page).post(device::decide))
        .route("/{owner}/{repo}/settings/environments", get(environments::page))
        .route("/{owner}/{repo}/settings/environments/new", get(environments::page).post(environments::configure))
        .route("/{owner}/{repo}/upload", get(runs::upload_page).post(runs::upload))
        .route("/{owner}/{repo}/releases/new", get(runs::tag_page).post(runs::tag))
        .route("/{owner}/{repo}/actions/runs/{id}", get(runs::run_page).post(runs::approve))
        .with_state(Arc::clone(shared))
}

/// api.github.com.
pub(super) fn api(shared: &App) -> Router {
    let repo = Router::new()
        .route("/", get(repos::one))
        .route("/contents", get(contents::root))
        .route("/contents/", get(contents::root))
        .route("/contents/{*path}", get(contents::one))
        .route("/git/trees/{*tree}", get(contents::tree))
        .route("/git/blobs/{sha}", get(contents::blob))
        .route("/git/ref/tags/{*tag}", get(tags::by_name))
        .route("/git/tags/{sha}", get(tags::object))
        .route("/actions/workflows", get(actions::workflows))
        .route("/actions/workflows/{workflow}/runs", get(runs::of_workflow))
        .route("/actions/runs", get(runs::all))
        .route("/actions/runs/{id}", get(runs::one))
        .route("/actions/runs/{id}/jobs", get(runs::jobs))
        .route("/actions/runs/{id}/pending_deployments", get(runs::pending))
        .route("/actions/secrets", get(actions::secrets))
        .route("/actions/secrets/{secret}", delete(secrets::of_repository))
        .route("/actions/organization-secrets", get(actions::organization_secrets))
        .route("/actions/oidc/customization/sub", get(actions::oidc_subject))
        .route("/dependabot/secrets", get(actions::dependabot_secrets))
        .route("/dependabot/secrets/{secret}", delete(secrets::of_dependabot))
        .route("/collaborators", get(rules::collaborators))
        .route("/rulesets", get(rules::rulesets))
        .route("/rulesets/{id}", get(rules::ruleset))
        .route("/rules/branches/{branch}", get(rules::on_branch))
        .route("/environments", get(environments::all))
        .route("/environments/{environment}", get(environments::one).put(environments::put))
        .route("/environments/{environment}/secrets", get(actions::environment_secrets))
        .route("/environments/{environment}/secrets/{secret}", delete(secrets::of_environment))
        .route(
            "/environments/{environment}/deployment-branch-policies",
            get(environments::policies).post(environments::add_policy),
        );
    Router::new()
        .route("/user", get(users::me))
        .route("/user/installations", get(users::installations))
        .route("/user/installations/{id}/repositories", get(users::reach))
        .route("/users/{login}", get(users::one))
        .route("/orgs/{org}/repos", get(repos::of_organization))
        .nest("/repos/{owner}/{repo}", repo)
        .route("/credentials/revoke", post(revoke::revoke))
        .fallback(|| async { ApiError::not_found() })
        .layer(from_fn_with_state(Arc::clone(shared), auth::guard))
        .with_state(Arc::clone(shared))
}

/// A refusal in GitHub's words, for the faults.
pub(super) fn refusal(status: StatusCode) -> Response {
    match status {
        StatusCode::UNAUTHORIZED => ApiError::bad_credentials(),
        StatusCode::FORBIDDEN => ApiError::new(status, "Resource not accessible by integration"),
        StatusCode::NOT_FOUND => ApiError::not_found(),
        StatusCode::TOO_MANY_REQUESTS => ApiError::new(
            status,
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        ),
        _ => ApiError::new(status, "Server Error"),
    }
    .into_response()
}

/// Turns `/repositories/ID/…`, which GitHub writes into its Link and Location headers, into `/repos/OWNER/NAME/…`, and
/// `/organizations/ID/…` into `/orgs/NAME/…`.
pub(super) fn by_name(shared: &Shared, uri: &mut Uri) {
    let path = uri.path();
    let parts = path.strip_prefix("/repositories/").map(|rest| ("repos", rest));
    let Some((kind, rest)) = parts.or_else(|| path.strip_prefix("/organizations/").map(|rest| ("orgs", rest))) else {
        return;
    };
    let (id, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let Ok(id) = id.parse::<u64>() else { return };
    let name = {
        let github = &shared.world().github;
        match kind {
            "repos" => github.repos.iter().find(|repo| repo.id == id).map(|repo| repo.full_name()),
            _ => github.accounts.iter().find(|account| account.id == id).map(|account| account.login.clone()),
        }
    };
    let Some(name) = name else { return };
    let slash = if rest.is_empty() { "" } else { "/" };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    if let Ok(path) = PathAndQuery::try_from(format!("/{kind}/{name}{slash}{rest}{query}")) {
        parts.path_and_query = Some(path);
        if let Ok(renamed) = Uri::from_parts(parts) {
            *uri = renamed;
        }
    }
}

#[cfg(test)]
mod tests;
