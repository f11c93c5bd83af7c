//! The sparse index and the files that it points to.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{ApiError, App};
use crate::sandbox::respond;

/// `GET /config.json`
pub(super) async fn config(State(app): State<App>) -> Response {
    let site = &app.urls().crates_io;
    respond::json(StatusCode::OK, json!({ "dl": format!("{site}/api/v1/crates"), "api": site }))
}

/// `GET /{prefix}/{name}`: one line of JSON per version.
pub(super) async fn lines(State(app): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    let world = app.world();
    let found = world.crates_io.crates.iter().find(|krate| index_path(&krate.name) == path);
    let Some(krate) = found else {
        return respond::text(StatusCode::NOT_FOUND, "");
    };
    let mut body = String::new();
    for version in &krate.versions {
        body.push_str(&version.index_line.to_string());
        body.push('\n');
    }
    let digest: String = Sha256::digest(&body).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{digest}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let response = match known == Some(tag.as_str()) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => respond::bytes("text/plain", body.into_bytes()),
    };
    respond::with_header(response, "etag", &tag)
}

/// Where a crate's lines lie: `1/a`, `2/ab`, `3/a/abc`, `ab/cd/abcd`, always in lower case.
fn index_path(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.len() {
        0..=2 => format!("{}/{name}", name.len()),
        3 => format!("3/{}/{name}", &name[..1]),
        _ => format!("{}/{}/{name}", &name[..2], &name[2..4]),
    }
}

/// `GET /api/v1/crates/{name}/{version}/download`
pub(super) async fn download(
    State(app): State<App>,
    Path((name, version)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let krate = world.crates_io.krate(&name).ok_or_else(ApiError::not_found)?;
    let found = krate.versions.iter().find(|one| one.num == version).ok_or_else(ApiError::not_found)?;
    Ok(respond::bytes("application/gzip", found.file.clone()))
}
