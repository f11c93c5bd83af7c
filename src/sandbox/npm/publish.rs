//! `PUT /{name}`: what `npm publish` sends.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha512};

use super::{App, NpmError, auth, factor};
use crate::sandbox::respond;
use crate::sandbox::world::npm::{
    Access, Npm, Package, PublishedBy, PublishingAccess, SecondFactor, Staged, TokenKind, Version,
};

/// The body of a publish.
#[derive(Debug, Deserialize)]
pub(super) struct Body {
    name: String,
    access: Option<String>,
    #[serde(rename = "dist-tags", default)]
    dist_tags: Map<String, Value>,
    versions: Map<String, Value>,
    #[serde(rename = "_attachments")]
    attachments: Map<String, Value>,
}

/// `PUT /{scope}/{name}`
pub(super) async fn scoped(
    state: State<App>,
    Path((scope, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Json<Body>, JsonRejection>,
) -> Result<Response, NpmError> {
    publish(state, Path(format!("{scope}/{name}")), headers, body).await
}

/// `PUT /{name}`
pub(super) async fn publish(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Json<Body>, JsonRejection>,
) -> Result<Response, NpmError> {
    let Json(body) = body.map_err(|error| NpmError::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let mut world = app.world();
    let token = auth::token(&world.npm, &headers)?;
    let demand = demand(&world.npm, &token.user, token.kind, &name)?;
    if demand == Demand::SecondFactor {
        factor::require(&mut world, app.urls(), &token.user, &headers)?;
    }
    let now = world.now();
    let upload = read_version(&name, body.versions, &body.attachments)?;
    if body.name != name {
        return Err(bad_request("the name in the body is not the name in the address"));
    }
    let npm = &mut world.npm;
    if npm.package(&name).is_none() {
        create(npm, &token.user, &name, body.access.as_deref(), now)?;
    }
    let package = auth::own(npm, &token.user, &name)?;
    if package.versions.iter().any(|version| version.num == upload.num) {
        return Err(NpmError::forbidden(format!(
            "You cannot publish over the previously published versions: {}.",
            upload.num
        )));
    }
    package.dist_tags.extend(body.dist_tags);
    // A package always has `latest`, whatever tag its first version was sent with.
    package.dist_tags.entry("latest").or_insert_with(|| upload.num.clone().into());
    package.versions.push(Version {
        num: upload.num,
        created_at: now,
        manifest: upload.manifest,
        tarball: upload.tarball,
        published: PublishedBy::User(token.user),
    });
    Ok(respond::json(StatusCode::OK, json!({ "success": true })))
}

/// A package without a version, if this person may take the name.
fn create(npm: &mut Npm, user: &str, name: &str, access: Option<&str>, now: DateTime<Utc>) -> Result<(), NpmError> {
    may_create(npm, user, name, access)?;
    npm.packages.push(Package {
        name: name.to_owned(),
        maintainers: vec![user.to_owned()],
        access: Access::Public,
        publishing_access: PublishingAccess::SecondFactorOrToken,
        dist_tags: Map::new(),
        versions: Vec::new(),
        publishers: Vec::new(),
        created_at: now,
    });
    Ok(())
}

/// `POST /-/stage/package/{name}`: what `npm stage publish` sends. It asks for no second factor. A name that is new becomes a
/// package with npm's own shell of a version, which gets the tag `latest` (reported: npm's changelog of 2026-10-02).
pub(super) async fn stage(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Json<Body>, JsonRejection>,
) -> Result<Response, NpmError> {
    let Json(body) = body.map_err(|error| NpmError::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let mut world = app.world();
    let token = auth::token(&world.npm, &headers)?;
    let now = world.now();
    let upload = read_version(&name, body.versions, &body.attachments)?;
    let npm = &mut world.npm;
    if npm.package(&name).is_none() {
        create(npm, &token.user, &name, body.access.as_deref(), now)?;
        let package = auth::own(npm, &token.user, &name)?;
        let shell = json!({ "name": name, "version": SHELL });
        package.dist_tags.insert("latest".to_owned(), SHELL.into());
        package.versions.push(Version {
            num: SHELL.to_owned(),
            created_at: now,
            manifest: shell.as_object().cloned().unwrap_or_default(),
            tarball: Vec::new(),
            published: PublishedBy::User(token.user.clone()),
        });
    }
    auth::own(npm, &token.user, &name)?;
    let id = format!("00000000-0000-4000-8000-{:012}", npm.staged.len() + 1);
    npm.staged.push(Staged { id: id.clone(), name, num: upload.num });
    Ok(respond::json(StatusCode::CREATED, json!({ "stageId": id })))
}

/// What npm makes public of a package that is only staged.
const SHELL: &str = "0.0.0-stage";

/// What a publish asks of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demand {
    Nothing,
    SecondFactor,
}

fn demand(npm: &Npm, user: &str, kind: TokenKind, name: &str) -> Result<Demand, NpmError> {
    let access = npm.package(name).map(|package| package.publishing_access);
    let enrolled = npm.user(user).is_some_and(|user| user.second_factor != SecondFactor::None);
    match (kind, access) {
        (TokenKind::GranularBypass, Some(PublishingAccess::SecondFactorOnly)) => Err(NpmError::forbidden(
            "Two-factor authentication is required to publish this package and tokens are not allowed",
        )),
        (TokenKind::GranularBypass, _) => Ok(Demand::Nothing),
        (TokenKind::Session | TokenKind::Granular, Some(PublishingAccess::NoSecondFactor)) if !enrolled => {
            Ok(Demand::Nothing)
        }
        (TokenKind::Session | TokenKind::Granular, None) if !enrolled => Ok(Demand::Nothing),
        (TokenKind::Session | TokenKind::Granular, _) => Ok(Demand::SecondFactor),
    }
}

/// A new name: one's own scope or organisation's, and public, for nobody here pays.
fn may_create(npm: &Npm, user: &str, name: &str, access: Option<&str>) -> Result<(), NpmError> {
    let Some((scope, _)) = name.strip_prefix('@').and_then(|name| name.split_once('/')) else {
        let bare = |name: &str| name.replace(['-', '_', '.'], "").to_lowercase();
        return match npm.packages.iter().find(|package| bare(&package.name) == bare(name)) {
            Some(other) => Err(NpmError::forbidden(format!(
                "Package name too similar to existing package {}; try renaming your package to '@{user}/{name}' and \
                 publishing with 'npm publish --access=public' instead",
                other.name
            ))),
            None => Ok(()),
        };
    };
    let organization = npm.organizations.iter().find(|organization| organization.name == scope);
    match organization {
        _ if scope == user => {}
        Some(organization) if organization.members.iter().any(|member| member == user) => {}
        Some(_) => {
            return Err(NpmError::forbidden("You do not have permission to publish below this scope"));
        }
        None => return Err(NpmError::new(StatusCode::NOT_FOUND, "Scope not found")),
    }
    match access {
        Some("public") => Ok(()),
        _ => Err(NpmError::new(StatusCode::PAYMENT_REQUIRED, "You must sign up for private packages")),
    }
}

fn bad_request(error: &str) -> NpmError {
    NpmError::new(StatusCode::BAD_REQUEST, error)
}

/// A version as it was sent.
struct Upload {
    num: String,
    manifest: Map<String, Value>,
    tarball: Vec<u8>,
}

/// The one version in the body, with its tarball, whose digest has to be the announced one.
fn read_version(
    name: &str,
    versions: Map<String, Value>,
    attachments: &Map<String, Value>,
) -> Result<Upload, NpmError> {
    let mut versions = versions.into_iter();
    let (Some((num, Value::Object(manifest))), None) = (versions.next(), versions.next()) else {
        return Err(bad_request("exactly one version can be published at a time"));
    };
    let tarball = attachments
        .get(&format!("{name}-{num}.tgz"))
        .and_then(|attachment| attachment["data"].as_str())
        .and_then(|data| STANDARD.decode(data).ok())
        .ok_or_else(|| bad_request("the tarball is missing or unreadable"))?;
    let announced = manifest.get("dist").and_then(|dist| dist["integrity"].as_str()).unwrap_or_default();
    let found = format!("sha512-{}", STANDARD.encode(Sha512::digest(&tarball)));
    if !announced.split(' ').any(|one| one == found) {
        return Err(bad_request("the tarball does not have the announced integrity"));
    }
    Ok(Upload { num, manifest, tarball })
}
