//! crates.io as cargo and the wizard meet it: API, a few pages, sparse index, publishing.
//!
//! Statuses and texts are those of the server's source of 2026-08-21.

mod auth;
mod configs;
mod crates;
mod index;
mod pages;
mod publish;
mod validate;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, put};
use serde_json::json;

use super::respond;
use super::server::Shared;

/// The state of every handler.
type App = Arc<Shared>;

/// The most that a `.crate` file may weigh (server's default, 2026-08-21), with room for its metadata.
const MAX_UPLOAD: usize = 11 * 1024 * 1024;

/// crates.io itself.
pub(super) fn site(shared: &App) -> Router {
    Router::new()
        .route("/api/v1/crates/new", put(publish::publish))
        .route("/api/v1/crates/{name}", get(crates::one).patch(crates::update))
        .route("/api/v1/crates/{name}/owners", get(crates::owners))
        .route("/api/v1/crates/{name}/owner_user", get(crates::owner_user))
        .route("/api/v1/crates/{name}/owner_team", get(crates::owner_team))
        .route("/api/v1/crates/{name}/{version}/download", get(index::download))
        .route("/api/v1/trusted_publishing/github_configs", get(configs::list).post(configs::create))
        .route("/api/v1/trusted_publishing/github_configs/{id}", delete(configs::delete))
        .route("/api/v1/me", get(crates::me))
        .route("/api/v1/users/{login}", get(crates::user))
        .route("/crates/{name}/settings/new-trusted-publisher", get(pages::new_publisher).post(pages::add_publisher))
        .route("/settings/tokens/new", get(pages::new_token).post(pages::add_token))
        .fallback(|| async { ApiError::not_found() })
        .layer(DefaultBodyLimit::max(MAX_UPLOAD))
        .layer(from_fn(require_user_agent))
        .with_state(Arc::clone(shared))
}

/// The sparse index.
pub(super) fn index(shared: &App) -> Router {
    Router::new()
        .route("/config.json", get(index::config))
        .route("/{*path}", get(index::lines))
        .with_state(Arc::clone(shared))
}

/// A refusal in crates.io's envelope.
#[derive(Debug)]
struct ApiError {
    status: StatusCode,
    detail: String,
}

impl ApiError {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into() }
    }

    fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    fn no_crate(name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("crate `{name}` does not exist"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        respond::json(self.status, json!({ "errors": [{ "detail": self.detail }] }))
    }
}

/// A refusal in crates.io's words, for the faults.
pub(super) fn refusal(status: StatusCode) -> Response {
    let detail = match status {
        StatusCode::UNAUTHORIZED => auth::INSECURE_TOKEN,
        StatusCode::FORBIDDEN => "this token does not have the required permissions to perform this action",
        StatusCode::NOT_FOUND => "Not Found",
        StatusCode::CONFLICT => {
            "This crate already has the maximum number of GitHub Trusted Publishing configurations (5)"
        }
        StatusCode::TOO_MANY_REQUESTS => {
            "You have published too many new crates in a short period of time. Please try again later."
        }
        _ => "Internal Server Error",
    };
    ApiError::new(status, detail).into_response()
}

/// Downloads are let through without a User-Agent, for very old cargos.
async fn require_user_agent(request: Request, next: Next) -> Response {
    let named = request.headers().get(header::USER_AGENT).is_some_and(|agent| !agent.is_empty());
    if named || request.uri().path().ends_with("download") {
        return next.run(request).await;
    }
    respond::text(
        StatusCode::FORBIDDEN,
        "We require that all requests include a `User-Agent` header.  To allow us to determine the impact your bot has \
         on our service, we ask that your user agent actually identify your bot, and not just report the HTTP client \
         library you're using.",
    )
}

#[cfg(test)]
mod tests;
