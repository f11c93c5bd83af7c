//! `PUT /api/v1/crates/new`: what `cargo publish` sends.
//!
//! The real server reads description and license from the manifest inside the tarball; here they come from cargo's
//! metadata, which cargo takes from that same manifest.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::auth::{Need, Target};
use super::{ApiError, App, auth, validate, wire};
use crate::sandbox::respond;
use crate::sandbox::world::crates_io::{
    Crate, CratesIo, Email, EndpointScope, Limited, PublishedBy, Publishing, Version,
};

const MAX_METADATA: usize = 1024 * 1024;
const MAX_CRATE: usize = 10 * 1024 * 1024;
/// The first two bytes of every gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How cargo names crates.io when it publishes elsewhere; to crates.io itself it sends nothing.
const CRATES_IO_INDEX: &str = "https://github.com/rust-lang/crates.io-index";

/// The metadata that cargo sends before the file.
#[derive(Debug, Deserialize)]
struct Metadata {
    name: String,
    vers: String,
    #[serde(default)]
    deps: Vec<Dependency>,
    #[serde(default)]
    features: Map<String, Value>,
    description: Option<String>,
    license: Option<String>,
    license_file: Option<String>,
    repository: Option<String>,
    links: Option<String>,
    rust_version: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    version_req: String,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    default_features: bool,
    target: Option<String>,
    kind: Option<String>,
    registry: Option<String>,
    explicit_name_in_toml: Option<String>,
}

/// `PUT /api/v1/crates/new`
pub(super) async fn publish(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response, ApiError> {
    let mut rest: &[u8] = &body;
    let metadata = read_metadata(&mut rest)?;
    validate::crate_name(&metadata.name).map_err(ApiError::bad_request)?;
    let number = semver::Version::parse(&metadata.vers)
        .map_err(|_| ApiError::bad_request(format!("\"{}\" is an invalid semver version", metadata.vers)))?;
    let mut world = app.world();
    let now = world.now();
    let crates_io = &mut world.crates_io;
    let login = authorise(crates_io, &headers, &metadata.name)?;
    limit(crates_io, &metadata.name, &login, now)?;
    let file = read_file(&mut rest)?;
    check_metadata(&metadata)?;
    admit(crates_io, &metadata, &number, &login)?;

    let id = crates_io.next_id();
    let checksum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
    let version = Version {
        id,
        num: number.to_string(),
        published: PublishedBy::User(login.clone()),
        created_at: now,
        index_line: index_line(&metadata, &number, &checksum),
        checksum,
        file,
        license: metadata.license.clone().or(metadata.license_file.as_ref().map(|_| "non-standard".to_owned())),
    };
    if crates_io.krate(&metadata.name).is_none() {
        let id = crates_io.next_id();
        crates_io.crates.push(Crate {
            id,
            name: metadata.name.clone(),
            repository: None,
            description: None,
            owners: vec![login],
            team_owners: Vec::new(),
            publishing: Publishing::Any,
            versions: Vec::new(),
            created_at: now,
        });
    }
    let krate = crates_io.krate_mut(&metadata.name).ok_or_else(|| ApiError::no_crate(&metadata.name))?;
    krate.versions.push(version);
    krate.repository = metadata.repository;
    krate.description = metadata.description;
    let body = json!({
        "crate": wire::krate(krate, wire::Versions::Apart),
        "warnings": { "invalid_categories": [], "invalid_badges": [], "other": [] },
    });
    Ok(respond::json(StatusCode::OK, body))
}

/// One publish of the user's limit; the words of a refusal are the server's, the time in the form of HTTP.
fn limit(crates_io: &mut CratesIo, name: &str, login: &str, now: DateTime<Utc>) -> Result<(), ApiError> {
    let (what, said) = match crates_io.krate(name) {
        None => (Limited::NewCrate, "You have published too many new crates in a short period of time."),
        Some(_) => {
            (Limited::NewVersion, "You have published too many updates to existing crates in a short period of time.")
        }
    };
    crates_io.spend(login, what, now).map_err(|until| {
        let until = until.format("%a, %d %b %Y %H:%M:%S GMT");
        ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            format!(
                "{said} Please try again after {until} and see https://crates.io/docs/rate-limits for more details."
            ),
        )
    })
}

/// The user whose token opens this, in the server's order: scope, the switch that refuses tokens, the address.
fn authorise(crates_io: &CratesIo, headers: &HeaderMap, name: &str) -> Result<String, ApiError> {
    let existing = crates_io.krate(name);
    let scope = match existing {
        Some(_) => EndpointScope::PublishUpdate,
        None => EndpointScope::PublishNew,
    };
    let need = Need { scope: Some(scope), krate: Target::Crate(name) };
    let (_, user) = auth::check(crates_io, headers, need)?;
    if existing.is_some_and(|krate| krate.publishing == Publishing::TrustedOnly) {
        return Err(ApiError::forbidden(
            "New versions of this crate can only be published using Trusted Publishing (see \
             https://crates.io/docs/trusted-publishing).",
        ));
    }
    if user.email == Email::Unverified {
        return Err(ApiError::bad_request(
            "A verified email address is required to publish crates to crates.io. Visit \
             https://crates.io/settings/profile to set and verify your email address.",
        ));
    }
    Ok(user.login.clone())
}

/// Refuses what an existing crate does not take: strangers, another spelling, the same version again.
fn admit(crates_io: &CratesIo, metadata: &Metadata, number: &semver::Version, login: &String) -> Result<(), ApiError> {
    let Some(krate) = crates_io.krate(&metadata.name) else {
        return Ok(());
    };
    if !krate.owners.contains(login) {
        return Err(ApiError::forbidden(
            "this crate exists but you don't seem to be an owner. If you believe this is a mistake, perhaps you need \
             to accept an invitation to be an owner before publishing.",
        ));
    }
    if krate.name != metadata.name {
        return Err(ApiError::bad_request(format!("crate was previously named `{}`", krate.name)));
    }
    // Build metadata makes no other version.
    let bare = |text: &str| text.split('+').next().unwrap_or_default().to_owned();
    let num = bare(&number.to_string());
    match krate.versions.iter().any(|version| bare(&version.num) == num) {
        true => Err(ApiError::bad_request(format!("crate version `{num}` is already uploaded"))),
        false => Ok(()),
    }
}

fn check_metadata(metadata: &Metadata) -> Result<(), ApiError> {
    let given = |field: &Option<String>| field.as_deref().is_some_and(|text| !text.is_empty());
    let mut missing = Vec::new();
    if !given(&metadata.description) {
        missing.push("description");
    }
    if !given(&metadata.license) && !given(&metadata.license_file) {
        missing.push("license");
    }
    if !missing.is_empty() {
        return Err(ApiError::bad_request(format!(
            "missing or empty metadata fields: {}. Please see https://doc.rust-lang.org/cargo/reference/manifest.html \
             for more information on configuring these fields",
            missing.join(", ")
        )));
    }
    if let Some(url) = metadata.repository.as_deref().filter(|url| !url.starts_with("http")) {
        return Err(ApiError::bad_request(format!(
            "URL for field `repository` must begin with http:// or https:// (url: {url})"
        )));
    }
    for dependency in &metadata.deps {
        if dependency.registry.as_deref().is_some_and(|index| !index.is_empty() && index != CRATES_IO_INDEX) {
            return Err(ApiError::bad_request(format!(
                "Dependency `{}` is hosted on another registry. Cross-registry dependencies are not permitted on \
                 crates.io.",
                dependency.name
            )));
        }
        if dependency.version_req == "*" {
            return Err(ApiError::bad_request(format!(
                "wildcard (`*`) dependency constraints are not allowed on crates.io. Crate with this problem: `{}` See \
                 https://doc.rust-lang.org/cargo/faq.html#can-libraries-use--as-a-version-for-their-dependencies for \
                 more information",
                dependency.name
            )));
        }
    }
    Ok(())
}

fn read_length(rest: &mut &[u8], what: &str) -> Result<usize, ApiError> {
    let (length, after) =
        rest.split_first_chunk::<4>().ok_or_else(|| ApiError::bad_request(format!("invalid {what} length")))?;
    *rest = after;
    usize::try_from(u32::from_le_bytes(*length))
        .map_err(|_| ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "payload too large"))
}

fn read_metadata(rest: &mut &[u8]) -> Result<Metadata, ApiError> {
    let length = read_length(rest, "metadata")?;
    if length > MAX_METADATA {
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "JSON metadata blob too large"));
    }
    let (json, after) = rest
        .split_at_checked(length)
        .ok_or_else(|| ApiError::bad_request(format!("invalid metadata length for remaining payload: {length}")))?;
    *rest = after;
    serde_json::from_slice(json).map_err(|error| ApiError::bad_request(format!("invalid upload request: {error}")))
}

fn read_file(rest: &mut &[u8]) -> Result<Vec<u8>, ApiError> {
    let length = read_length(rest, "tarball")?;
    if length > MAX_CRATE {
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, format!("max upload size is: {MAX_CRATE}")));
    }
    let file = rest
        .get(..length)
        .ok_or_else(|| ApiError::bad_request(format!("invalid tarball length for remaining payload: {length}")))?;
    match file.starts_with(&GZIP) {
        true => Ok(file.to_vec()),
        false => Err(ApiError::bad_request("uploaded tarball is malformed or too large when decompressed")),
    }
}

fn index_line(metadata: &Metadata, number: &semver::Version, checksum: &str) -> Value {
    let dependencies: Vec<Value> = metadata
        .deps
        .iter()
        .map(|dependency| {
            let mut line = json!({
                "name": dependency.explicit_name_in_toml.as_ref().unwrap_or(&dependency.name),
                "req": dependency.version_req,
                "features": dependency.features,
                "optional": dependency.optional,
                "default_features": dependency.default_features,
                "target": dependency.target,
                "kind": dependency.kind.as_deref().unwrap_or("normal"),
            });
            if dependency.explicit_name_in_toml.is_some() {
                line["package"] = json!(dependency.name);
            }
            if let Some(index) = &dependency.registry {
                line["registry"] = json!(index);
            }
            line
        })
        .collect();
    let mut line = json!({
        "name": metadata.name,
        "vers": number.to_string(),
        "deps": dependencies,
        "cksum": checksum,
        "features": metadata.features,
        "yanked": false,
    });
    for (key, value) in [("links", &metadata.links), ("rust_version", &metadata.rust_version)] {
        if let Some(value) = value {
            line[key] = json!(value);
        }
    }
    line
}
