//! PyPI as a client and a person meet it: public reads, and the pages where publishers are added. There is no API for
//! publishers, so there is none here.

mod pages;
mod reads;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::page::Page;
use super::respond;
use super::server::Shared;
use super::world::pypi::normalise;

/// The state of every handler.
type App = Arc<Shared>;

/// pypi.org.
pub(super) fn site(shared: &App) -> Router {
    Router::new()
        .route("/simple/{name}/", get(reads::simple))
        .route("/simple/{name}", get(reads::simple_without_slash))
        .route("/pypi/{name}/json", get(reads::project))
        .route("/integrity/{name}/{version}/{file}/provenance", get(reads::provenance))
        .route("/manage/project/{name}/settings/publishing/", get(pages::project).post(pages::add))
        .route("/manage/account/publishing/", get(pages::account).post(pages::add_pending))
        .fallback(|| async { not_found() })
        .with_state(Arc::clone(shared))
}

fn not_found() -> Response {
    Page::new("Page Not Found (404)")
        .say("We looked everywhere but couldn't find this page")
        .with_status(StatusCode::NOT_FOUND)
}

/// The redirect to the normalised spelling, when the name is spelt otherwise.
fn to_normal(name: &str, path: impl FnOnce(&str) -> String) -> Option<Response> {
    let normal = normalise(name);
    (normal != name).then(|| respond::redirect(StatusCode::MOVED_PERMANENTLY, &path(&normal)))
}

/// A refusal in PyPI's words, for the faults.
pub(super) fn refusal(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    Page::new(format!("{} {reason}", status.as_str())).with_status(status)
}

#[cfg(test)]
mod tests;
