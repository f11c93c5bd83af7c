//! JSR as the wizard meets it: the API's records, links, scopes and codes, and the pages of the same.
//!
//! Codes and texts are those of the server's source of 2026-08-22 (jsr-io/jsr api/src/api/errors.rs).

mod authorize;
mod packages;
mod pages;
mod scopes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::page::Page;
use super::respond;
use super::server::Shared;
use super::world::jsr::{Jsr, Member, Reach, Token};

/// The state of every handler.
type App = Arc<Shared>;

/// api.jsr.io.
pub(super) fn api(shared: &App) -> Router {
    Router::new()
        .route("/scopes/{scope}", get(scopes::one).patch(scopes::update))
        .route("/scopes/{scope}/members", get(scopes::members))
        .route("/scopes/{scope}/packages", get(packages::all).post(packages::create))
        .route(
            "/scopes/{scope}/packages/{package}",
            get(packages::one).patch(packages::update).delete(packages::delete),
        )
        .route("/scopes/{scope}/packages/{package}/versions", get(packages::versions))
        .route("/scopes/{scope}/packages/{package}/versions/{version}", get(packages::version))
        .route("/user", get(user))
        .route("/authorizations", post(authorize::begin))
        .route("/authorizations/exchange", post(authorize::exchange))
        .fallback(|| async { respond::text(StatusCode::NOT_FOUND, "404 - Not Found") })
        .with_state(Arc::clone(shared))
}

/// jsr.io.
pub(super) fn site(shared: &App) -> Router {
    Router::new()
        .route("/auth", get(pages::auth).post(pages::decide))
        .route("/new", get(pages::new).post(pages::make))
        .route("/{scope}/{package}/settings", get(pages::settings).post(pages::link))
        .fallback(|| async { Page::new("404 - Not Found").with_status(StatusCode::NOT_FOUND) })
        .with_state(Arc::clone(shared))
}

/// A refusal with JSR's code.
#[derive(Debug)]
struct ApiError(StatusCode, &'static str, String);

impl ApiError {
    fn of(code: &'static str) -> Self {
        let (status, message) = match code {
            "packageNotFound" => (404, "The requested package was not found."),
            "packageVersionNotFound" => (404, "The requested package version was not found."),
            "scopeNotFound" => (404, "The requested scope was not found."),
            "authorizationNotFound" => (404, "The requested authorization was not found."),
            "githubRepositoryNotFound" => {
                (404, "The requested GitHub repository was not found. Make sure the repository exists and is public.")
            }
            "packageAlreadyExists" => (409, "A package with this or a very similar name already exists."),
            "packageNotEmpty" => (
                409,
                "The requested package has a version published, or is currently publishing a version. Only empty packages \
                 may be deleted.",
            ),
            "invalidBearerToken" => (401, "The provided bearer token is invalid."),
            "missingAuthentication" => (401, "This request requires authentication."),
            "missingPermission" => (
                403,
                "The credential this request was authenticated with does not have the necessary permissions to perform this \
                 action.",
            ),
            "actorNotScopeAdmin" => (
                403,
                "The actor that this request was authenticated for is not authorized as a scope admin for this scope.",
            ),
            "actorNotScopeMember" => (
                403,
                "The actor that this request was authenticated for is not authorized as a scope member for this scope.",
            ),
            "githubRepositoryNotPublic" => (400, "To link a GitHub repository, it must be public."),
            "githubRepositoryNotAuthorized" => {
                (400, "To link a GitHub repository, you must have at least push permissions for it.")
            }
            "packageArchived" => {
                (400, "The requested package is archived. Unarchive it to modify settings or publish to it.")
            }
            "packageNameNotAllowed" => (400, "The provided package name is not allowed."),
            "authorizationPending" => (400, "The requested authorization is still pending. Try again later."),
            "authorizationDenied" => (400, "The requested authorization has been denied by the user."),
            "authorizationExpired" => (400, "The requested authorization has expired."),
            "authorizationInvalidVerifier" => {
                (400, "The passed verifier does not match the authorization's challenge.")
            }
            _ => (500, "Internal Server Error"),
        };
        Self(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), code, message.to_owned())
    }

    fn malformed(why: &str) -> Self {
        Self(StatusCode::BAD_REQUEST, "malformedRequest", format!("Malformed request: {why}."))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        respond::json(self.0, json!({ "code": self.1, "message": self.2, "data": {} }))
    }
}

/// A refusal of the API, for the faults.
pub(super) fn refusal(status: StatusCode) -> Response {
    let mut error = ApiError::of(match status {
        StatusCode::UNAUTHORIZED => "invalidBearerToken",
        StatusCode::FORBIDDEN => "actorNotScopeAdmin",
        StatusCode::NOT_FOUND => "packageNotFound",
        StatusCode::CONFLICT => "packageAlreadyExists",
        _ => "internalServerError",
    });
    error.0 = status;
    error.into_response()
}

/// A refusal of the website, for the faults.
pub(super) fn site_refusal(status: StatusCode) -> Response {
    Page::new(format!("{status}")).with_status(status)
}

/// The token that came along; `None`: nobody's request.
fn bearer<'j>(jsr: &'j Jsr, headers: &HeaderMap, now: DateTime<Utc>) -> Result<Option<&'j Token>, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let value = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
    let known = jsr.tokens.iter().find(|token| Some(token.value.as_str()) == value);
    let live = known.filter(|token| token.expires_at.is_none_or(|end| end > now));
    live.map(Some).ok_or_else(|| ApiError::of("invalidBearerToken"))
}

/// `GET /user`
async fn user(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let world = app.world();
    let token = bearer(&world.jsr, &headers, world.now())?.ok_or_else(|| ApiError::of("missingAuthentication"))?;
    let body = json!({
        "id": "00000000-0000-4000-8000-000000000001", "name": token.user, "avatarUrl": "", "githubId": 7_000_001,
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        "isBlocked": false, "isStaff": false, "scopeUsage": 1, "scopeLimit": 3, "inviteCount": 0,
    });
    Ok(respond::json(StatusCode::OK, body))
}

/// The user of the token, if it is a member (or an admin) of the scope.
fn member(jsr: &Jsr, token: Option<&Token>, scope: &str, admin: bool) -> Result<String, ApiError> {
    let token = token.ok_or_else(|| ApiError::of("missingAuthentication"))?;
    if token.reach == Reach::Permissions {
        return Err(ApiError::of("missingPermission"));
    }
    let members = jsr.scope(scope).map(|scope| scope.members.as_slice()).unwrap_or_default();
    match members.iter().find(|(login, _)| *login == token.user) {
        None => Err(ApiError::of("actorNotScopeMember")),
        Some((_, Member::Plain)) if admin => Err(ApiError::of("actorNotScopeAdmin")),
        Some(_) => Ok(token.user.clone()),
    }
}
