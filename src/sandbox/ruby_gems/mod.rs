//! RubyGems.org as the wizard meets it: public reads, the API of trusted publishers, and the pages of the same.
//!
//! Statuses and texts are those of the server's source of 2026-08-22 (rubygems/rubygems.org).

mod attestations;
mod pages;
mod publishers;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{delete, get};
use serde_json::json;

use super::page::Page;
use super::respond;
use super::server::Shared;
use super::world::ruby_gems::{Gem, Version};

/// The state of every handler.
type App = Arc<Shared>;

const NO_GEM: &str = "This rubygem could not be found.";

/// rubygems.org.
pub(super) fn site(shared: &App) -> Router {
    Router::new()
        .route("/api/v1/gems/{file}", get(one))
        .route("/api/v1/gems/{name}/owners.json", get(owners))
        .route("/api/v1/gems/{name}/trusted_publishers", get(publishers::list).post(publishers::create))
        .route("/api/v1/gems/{name}/trusted_publishers/{id}", delete(publishers::delete))
        .route("/api/v1/versions/{file}", get(versions))
        .route("/api/v1/attestations/{file}", get(attestations::of))
        .route("/gems/{name}/trusted_publishers/new", get(pages::new).post(pages::add))
        .route("/profile/oidc/pending_trusted_publishers/new", get(pages::new_pending).post(pages::add_pending))
        .fallback(|| async { Page::new("Page not found.").with_status(StatusCode::NOT_FOUND) })
        .with_state(Arc::clone(shared))
}

/// `GET /api/v1/gems/{name}.json`
async fn one(State(app): State<App>, Path(file): Path<String>) -> Response {
    let world = app.world();
    let gem = file.strip_suffix(".json").and_then(|name| world.ruby_gems.gem(name));
    let Some((gem, version)) = gem.and_then(|gem| Some((gem, latest(gem)?))) else {
        return respond::text(StatusCode::NOT_FOUND, NO_GEM);
    };
    let body = json!({
        "name": gem.name, "downloads": 7, "version": version.num, "version_created_at": version.created_at,
        "version_downloads": 7, "platform": "ruby", "authors": "mona", "info": "", "licenses": ["MIT"], "metadata": {},
        "yanked": false, "project_uri": format!("{}/gems/{}", app.urls().rubygems, gem.name),
    });
    respond::json(StatusCode::OK, body)
}

/// Only a gem without any other version has a pre-release, which is one with a letter in it, for its latest
/// (app/models/rubygem.rb, 2026-11-21).
fn latest(gem: &Gem) -> Option<&Version> {
    let stable = |version: &&Version| !version.num.contains(|c: char| c.is_ascii_alphabetic());
    gem.versions.iter().rfind(stable).or(gem.versions.last())
}

/// `GET /api/v1/versions/{name}.json`: all of them, the newest first.
async fn versions(State(app): State<App>, Path(file): Path<String>) -> Response {
    let world = app.world();
    let gem = file.strip_suffix(".json").and_then(|name| world.ruby_gems.gem(name));
    let Some(gem) = gem.filter(|gem| !gem.versions.is_empty()) else {
        return respond::text(StatusCode::NOT_FOUND, NO_GEM);
    };
    let version = |version: &Version| {
        json!({
            "authors": "mona", "built_at": version.created_at, "created_at": version.created_at, "downloads_count": 7,
            "metadata": {}, "number": version.num, "summary": "", "platform": "ruby", "licenses": ["MIT"],
            "prerelease": version.num.contains(|c: char| c.is_ascii_alphabetic()),
        })
    };
    respond::json(StatusCode::OK, gem.versions.iter().rev().map(version).collect())
}

/// `GET /api/v1/gems/{name}/owners.json`: handles, without roles.
async fn owners(State(app): State<App>, Path(name): Path<String>) -> Response {
    let world = app.world();
    let Some(gem) = world.ruby_gems.gem(&name) else {
        return respond::text(StatusCode::NOT_FOUND, NO_GEM);
    };
    let shown = |(at, (handle, _)): (usize, &(String, _))| json!({ "id": at + 1, "handle": handle });
    respond::json(StatusCode::OK, json!(gem.owners.iter().enumerate().map(shown).collect::<Vec<_>>()))
}

/// A refusal in RubyGems' words, for the faults.
pub(super) fn refusal(status: StatusCode) -> Response {
    respond::text(
        status,
        match status {
            StatusCode::UNAUTHORIZED => publishers::ACCESS_DENIED,
            StatusCode::FORBIDDEN => publishers::NO_ACCESS,
            StatusCode::NOT_FOUND => NO_GEM,
            StatusCode::TOO_MANY_REQUESTS => "Retry later\n",
            _ => "",
        },
    )
}
