//! The npm registry as npm itself and the wizard meet it: packuments, publishing, trust, the second factor, two pages.
//!
//! npm's registry is closed; this follows what npm 11.19.1 sends and accepts, its API description, and what users
//! reported until November 2026.

mod attestations;
mod auth;
mod factor;
mod packument;
mod pages;
mod publish;
mod settings;
mod trust;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use serde_json::{Value, json};

use super::respond;
use super::server::Shared;

/// The state of every handler.
type App = Arc<Shared>;

/// The most that a publish may weigh here.
const MAX_UPLOAD: usize = 32 * 1024 * 1024;

/// The registry and the website, which here share a door.
pub(super) fn registry(shared: &App) -> Router {
    Router::new()
        .route("/-/ping", get(|| async { respond::json(StatusCode::OK, json!({})) }))
        .route("/-/whoami", get(auth::whoami))
        .route("/-/stage/package/{name}", post(publish::stage))
        .route("/-/package/{name}/trust", get(trust::list).post(trust::create))
        .route("/-/package/{name}/trust/{id}", delete(trust::revoke))
        .route("/-/package/{name}/access", post(settings::set_access))
        .route("/-/package/{name}/collaborators", get(settings::collaborators))
        .route("/-/package/{name}/visibility", get(settings::visibility))
        .route("/-/npm/v1/attestations/{*spec}", get(attestations::of))
        .route("/-/v1/login", post(factor::sign_in))
        .route("/-/v1/done", get(factor::done))
        .route("/auth/cli/{id}", get(factor::page).post(factor::approve))
        .route("/package/{name}/access", get(pages::access).post(pages::change))
        .route("/package/{scope}/{name}/access", get(pages::scoped_access).post(pages::scoped_change))
        .route("/{name}", get(packument::one).put(publish::publish))
        .route("/{scope}/{name}", get(packument::scoped).put(publish::scoped))
        .route("/{name}/-/{file}", get(packument::tarball))
        .route("/{scope}/{name}/-/{file}", get(packument::scoped_tarball))
        .fallback(|| async { NpmError::not_found() })
        .layer(DefaultBodyLimit::max(MAX_UPLOAD))
        .with_state(Arc::clone(shared))
}

/// A refusal of the registry.
#[derive(Debug)]
struct NpmError {
    status: StatusCode,
    body: Value,
    asks_for_code: bool,
}

impl NpmError {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        let error = error.into();
        Self { status, body: json!({ "error": error, "message": error }), asks_for_code: false }
    }

    fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
    }

    fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    fn forbidden(error: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, error)
    }

    fn needs_code(body: Value) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, body, asks_for_code: true }
    }
}

impl IntoResponse for NpmError {
    fn into_response(self) -> Response {
        let response = respond::json(self.status, self.body);
        match self.asks_for_code {
            true => respond::with_header(response, "www-authenticate", "OTP"),
            false => response,
        }
    }
}

/// A refusal in npm's words, for the faults.
pub(super) fn refusal(status: StatusCode) -> Response {
    let error = match status {
        StatusCode::UNAUTHORIZED => "Unauthorized",
        StatusCode::FORBIDDEN => "Forbidden",
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::CONFLICT => "Conflict",
        StatusCode::TOO_MANY_REQUESTS => "Too many requests",
        _ => "Internal server error",
    };
    NpmError::new(status, error).into_response()
}

#[cfg(test)]
mod tests;
