//! NuGet as a client and a person meet it: the service index, the list of a package's versions, and the page of policies.
//! The real site and its API are two hosts; here one address serves both.

mod pages;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use super::respond;
use super::server::Shared;

/// The state of every handler.
type App = Arc<Shared>;

/// www.nuget.org and api.nuget.org.
pub(super) fn site(shared: &App) -> Router {
    Router::new()
        .route("/v3/index.json", get(index))
        .route("/query", get(search))
        .route("/v3-flatcontainer/{id}/index.json", get(versions))
        .route("/packages/{id}", get(pages::package))
        .route("/account/trustedpublishing", get(pages::policies).post(pages::add))
        .fallback(|| async { refusal(StatusCode::NOT_FOUND) })
        .with_state(Arc::clone(shared))
}

/// A refusal in NuGet's words, for the faults: its storage answers in XML.
pub(super) fn refusal(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let code = if status == StatusCode::NOT_FOUND { "BlobNotFound" } else { reason };
    respond::text(status, format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code></Error>"))
}

/// `GET /v3/index.json`
async fn index(State(app): State<App>) -> Response {
    let home = &app.urls().nuget;
    let resource = |path: &str, kind: &str| json!({ "@id": format!("{home}{path}"), "@type": kind });
    let resources = [
        resource("/query", "SearchQueryService/3.5.0"),
        resource("/v3-flatcontainer/", "PackageBaseAddress/3.0.0"),
        resource("/api/v2/package", "PackagePublish/2.0.0"),
    ];
    respond::json(StatusCode::OK, json!({ "version": "3.0.0", "resources": resources }))
}

/// `GET /query?q=packageid:ID`: the one way to be told the owners.
async fn search(State(app): State<App>, Query(query): Query<HashMap<String, String>>) -> Response {
    let world = app.world();
    let id = query.get("q").and_then(|q| q.strip_prefix("packageid:")).unwrap_or_default();
    let found = world.nuget.package(id).filter(|package| !package.versions.is_empty());
    let data: Vec<_> = found
        .into_iter()
        .map(|package| json!({ "id": package.id, "version": package.versions.last(), "owners": [package.owner] }))
        .collect();
    respond::json(StatusCode::OK, json!({ "totalHits": data.len(), "data": data }))
}

/// `GET /v3-flatcontainer/{id}/index.json`: the id in lower case alone.
async fn versions(State(app): State<App>, Path(id): Path<String>) -> Response {
    let world = app.world();
    let package = world.nuget.package(&id).filter(|package| !package.versions.is_empty() && id == id.to_lowercase());
    match package {
        Some(package) => respond::json(StatusCode::OK, json!({ "versions": package.versions })),
        None => refusal(StatusCode::NOT_FOUND),
    }
}
