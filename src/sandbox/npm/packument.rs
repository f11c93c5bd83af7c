//! Public reads: the packument in its full and its short form, tarballs.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::{App, NpmError};
use crate::sandbox::world::npm::{Package, PublishedBy, Version};
use crate::sandbox::{Urls, respond};

/// What the short form asks for.
const SHORT: &str = "application/vnd.npm.install-v1+json";
/// Fields of a version that the short form keeps (npm/registry documentation, 2024).
const SHORT_FIELDS: [&str; 14] = [
    "name",
    "version",
    "deprecated",
    "dependencies",
    "optionalDependencies",
    "devDependencies",
    "bundleDependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "bin",
    "directories",
    "dist",
    "engines",
    "os",
];

/// A time as npm writes it, in milliseconds.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `GET /{name}`, also with its slash as `%2f`.
pub(super) async fn one(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, NpmError> {
    let world = app.world();
    let package = world.npm.package(&name).ok_or_else(NpmError::not_found)?;
    let short = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(SHORT));
    Ok(match short {
        true => {
            let body = short_form(app.urls(), package).to_string();
            respond::bytes(SHORT, body.into_bytes())
        }
        false => respond::json(StatusCode::OK, full_form(app.urls(), package)),
    })
}

/// `GET /{scope}/{name}`
pub(super) async fn scoped(
    state: State<App>,
    Path((scope, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, NpmError> {
    one(state, Path(format!("{scope}/{name}")), headers).await
}

/// `GET /{name}/-/{file}`
pub(super) async fn tarball(
    State(app): State<App>,
    Path((name, file)): Path<(String, String)>,
) -> Result<Response, NpmError> {
    let world = app.world();
    let package = world.npm.package(&name).ok_or_else(NpmError::not_found)?;
    let found = package.versions.iter().find(|version| file_name(package, version) == file);
    let version = found.ok_or_else(NpmError::not_found)?;
    Ok(respond::bytes("application/octet-stream", version.tarball.clone()))
}

/// `GET /{scope}/{name}/-/{file}`
pub(super) async fn scoped_tarball(
    state: State<App>,
    Path((scope, name, file)): Path<(String, String, String)>,
) -> Result<Response, NpmError> {
    tarball(state, Path((format!("{scope}/{name}"), file))).await
}

fn file_name(package: &Package, version: &Version) -> String {
    let base = package.name.rsplit('/').next().unwrap_or_default();
    format!("{base}-{}.tgz", version.num)
}

fn person(name: &str) -> Value {
    json!({ "name": name, "email": format!("{name}@example.com") })
}

fn full_form(urls: &Urls, package: &Package) -> Value {
    let maintainers: Vec<Value> = package.maintainers.iter().map(|name| person(name)).collect();
    let latest = package.versions.last();
    let mut times = Map::new();
    times.insert("created".to_owned(), json!(time(package.created_at)));
    times.insert("modified".to_owned(), json!(time(latest.map_or(package.created_at, |latest| latest.created_at))));
    let mut versions = Map::new();
    for version in &package.versions {
        times.insert(version.num.clone(), json!(time(version.created_at)));
        let mut shown = shown(urls, package, version);
        shown.insert("maintainers".to_owned(), json!(maintainers));
        versions.insert(version.num.clone(), Value::Object(shown));
    }
    let mut whole = json!({
        "_id": package.name,
        "_rev": format!("{}-sandbox", package.versions.len()),
        "name": package.name,
        "dist-tags": package.dist_tags,
        "versions": versions,
        "time": times,
        "maintainers": maintainers,
        "readme": "",
    });
    for field in ["description", "repository", "license", "homepage", "keywords"] {
        if let Some(value) = latest.and_then(|latest| latest.manifest.get(field)) {
            whole[field] = value.clone();
        }
    }
    whole
}

fn short_form(urls: &Urls, package: &Package) -> Value {
    let modified = package.versions.last().map_or(package.created_at, |latest| latest.created_at);
    let versions: Map<String, Value> = package
        .versions
        .iter()
        .map(|version| {
            let mut shown = shown(urls, package, version);
            shown.retain(|field, _| SHORT_FIELDS.contains(&field.as_str()));
            (version.num.clone(), Value::Object(shown))
        })
        .collect();
    json!({
        "name": package.name,
        "modified": time(modified),
        "dist-tags": package.dist_tags,
        "versions": versions,
    })
}

/// A version with where its tarball lies and who published it.
fn shown(urls: &Urls, package: &Package, version: &Version) -> Map<String, Value> {
    let mut shown = version.manifest.clone();
    let dist = shown.entry("dist").or_insert_with(|| json!({}));
    dist["tarball"] = json!(format!("{}/{}/-/{}", urls.npm, package.name, file_name(package, version)));
    let publisher = match &version.published {
        PublishedBy::User(user) => person(user),
        PublishedBy::GitHub { publisher, .. } => {
            dist["attestations"] = json!({
                "url": format!("{}/-/npm/v1/attestations/{}@{}", urls.npm, package.name, version.num),
                "provenance": { "predicateType": "https://slsa.dev/provenance/v1" },
            });
            json!({
                "name": "GitHub Actions",
                "email": "npm-oidc-no-reply@github.com",
                "trustedPublisher": { "id": "github", "oidcConfigId": format!("oidc:{publisher}") },
            })
        }
    };
    shown.insert("_npmUser".to_owned(), publisher);
    shown
}
