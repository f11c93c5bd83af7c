//! pub.dev as a client and a person meet it: public reads, and the admin page where automated publishing is set. The call
//! behind that page takes a session of the website alone, so no client can use it here either.

mod pages;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, put};
use serde_json::{Value, json};

use super::respond;
use super::server::Shared;
use super::world::pub_dev::{Package, Version};

/// The state of every handler.
type App = Arc<Shared>;

/// pub.dev.
pub(super) fn site(shared: &App) -> Router {
    Router::new()
        .route("/api/packages/{name}", get(package))
        .route("/api/packages/{name}/publisher", get(publisher))
        .route("/api/packages/{name}/automated-publishing", put(|| async { no_session() }))
        .route("/packages/{name}", get(pages::package))
        .route("/packages/{name}/admin", get(pages::admin).post(pages::save))
        .route("/packages/{name}/admin/manual", get(pages::manual).post(pages::save_manual))
        .fallback(|| async { not_found("Requested content was not found.") })
        .with_state(Arc::clone(shared))
}

fn not_found(message: &str) -> Response {
    error(StatusCode::NOT_FOUND, "NotFound", message)
}

/// pub.dev's errors, in the form that `dart pub` reads.
fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let error = json!({ "code": code, "message": message });
    respond::json(status, json!({ "error": error, "code": code, "message": message }))
}

fn no_session() -> Response {
    error(StatusCode::UNAUTHORIZED, "MissingAuthentication", "Authentication failed.")
}

/// A refusal in pub.dev's words, for the faults.
pub(super) fn refusal(status: StatusCode) -> Response {
    let code = match status {
        StatusCode::NOT_FOUND => "NotFound",
        StatusCode::FORBIDDEN => "InsufficientPermissions",
        StatusCode::UNAUTHORIZED => "MissingAuthentication",
        StatusCode::TOO_MANY_REQUESTS => "RateLimit",
        _ => "InternalError",
    };
    error(status, code, status.canonical_reason().unwrap_or("Error"))
}

/// `GET /api/packages/{name}`
async fn package(State(app): State<App>, Path(name): Path<String>) -> Response {
    let world = app.world();
    let Some(package) = world.pub_dev.package(&name) else {
        return not_found(&format!("Could not find `package \"{name}\"`."));
    };
    let versions: Vec<Value> = package.versions.iter().map(|one| version(&app, package, one)).collect();
    // A pre-release is the latest only where there is nothing else.
    let stable = package.versions.iter().rposition(|version| !version.num.contains('-'));
    let latest = stable.or(versions.len().checked_sub(1)).and_then(|at| versions.get(at)).cloned().unwrap_or_default();
    let mut body = json!({ "name": package.name, "latest": latest, "versions": versions });
    // It is there only where it is so.
    if package.versions.is_empty() {
        body = json!({ "name": package.name, "versions": [] });
    }
    respond::json(StatusCode::OK, body)
}

fn version(app: &App, package: &Package, version: &Version) -> Value {
    json!({
        "version": version.num,
        "pubspec": { "name": package.name, "version": version.num },
        "archive_url": format!("{}/api/archives/{}-{}.tar.gz", app.urls().pub_dev, package.name, version.num),
        "archive_sha256": "0".repeat(64),
        "published": version.published_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
    })
}

/// `GET /api/packages/{name}/publisher`
async fn publisher(State(app): State<App>, Path(name): Path<String>) -> Response {
    match app.world().pub_dev.package(&name) {
        Some(package) => respond::json(StatusCode::OK, json!({ "publisherId": package.publisher })),
        None => not_found(&format!("Could not find `package \"{name}\"`.")),
    }
}
