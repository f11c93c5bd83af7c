//! Package records: read, made, linked to a repository, deleted while they are empty.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiError, App, bearer, member};
use crate::sandbox::respond;
use crate::sandbox::world::World;
use crate::sandbox::world::github::{Role, Visibility};
use crate::sandbox::world::jsr::{Package, PackageState, Version};

/// A page of a list, at most (api/src/util.rs).
const PER_PAGE: usize = 100;

#[derive(Deserialize)]
struct Create {
    package: String,
}

/// One setting a request.
#[derive(Deserialize)]
enum Update {
    #[serde(rename = "githubRepository")]
    Repository(Option<Repository>),
    #[serde(rename = "isArchived")]
    Archived(bool),
}

#[derive(Deserialize)]
struct Repository {
    owner: String,
    name: String,
}

fn wire(world: &World, package: &Package) -> Value {
    let repository =
        package.repository.and_then(|id| world.github.repos.iter().find(|repo| repo.id == id)).map(|repo| {
            json!({ "id": repo.id, "owner": repo.owner, "name": repo.name,
            "updatedAt": package.created_at, "createdAt": package.created_at })
        });
    json!({
        "scope": package.scope,
        "name": package.name,
        "description": "",
        "githubRepository": repository,
        "runtimeCompat": {},
        "updatedAt": package.created_at,
        "createdAt": package.created_at,
        "versionCount": package.versions.len(),
        "dependencyCount": 0,
        "dependentCount": 0,
        "score": null,
        "latestVersion": latest(package),
        "whenFeatured": null,
        "isArchived": package.state == PackageState::Archived,
        "readmeSource": "readme",
    })
}

/// A pre-release never becomes the latest (frontend/docs/trust.md, 2026-08-22).
fn latest(package: &Package) -> Option<&str> {
    package.versions.iter().map(|version| version.num.as_str()).rfind(|number| !number.contains('-'))
}

/// `GET /scopes/{scope}/packages/{package}`
pub(super) async fn one(
    State(app): State<App>,
    Path((scope, name)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let package = world.jsr.package(&scope, &name).ok_or_else(|| ApiError::of("packageNotFound"))?;
    Ok(respond::json(StatusCode::OK, wire(&world, package)))
}

/// `GET /scopes/{scope}/packages`
pub(super) async fn all(
    State(app): State<App>,
    Path(scope): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let world = app.world();
    let token = bearer(&world.jsr, &headers, world.now())?;
    world.jsr.scope(&scope).ok_or_else(|| ApiError::of("scopeNotFound"))?;
    let admin = member(&world.jsr, token, &scope, true).is_ok();
    let number = |key: &str, usual: usize| query.get(key).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (limit, page) = (number("limit", PER_PAGE).clamp(1, PER_PAGE), number("page", 1).max(1));
    let shown = |package: &&Package| package.scope == scope && (admin || package.state == PackageState::Live);
    let all: Vec<&Package> = world.jsr.packages.iter().filter(shown).collect();
    let items: Vec<Value> =
        all.iter().skip((page - 1) * limit).take(limit).map(|package| wire(&world, package)).collect();
    Ok(respond::json(StatusCode::OK, json!({ "items": items, "total": all.len() })))
}

/// `GET /scopes/{scope}/packages/{package}/versions` (api/src/api/types.rs, ApiPackageVersionWithUser).
pub(super) async fn versions(
    State(app): State<App>,
    Path((scope, name)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let package = world.jsr.package(&scope, &name).ok_or_else(|| ApiError::of("packageNotFound"))?;
    let version = |version: &Version| {
        json!({
            "scope": scope, "package": name, "version": version.num, "user": null, "yanked": false, "usesNpm": false,
            "rekorLogId": version.rekor_log_id, "readmePath": null,
            "updatedAt": version.created_at, "createdAt": version.created_at,
        })
    };
    Ok(respond::json(StatusCode::OK, package.versions.iter().rev().map(version).collect()))
}

/// `GET /scopes/{scope}/packages/{package}/versions/{version}`
pub(super) async fn version(
    State(app): State<App>,
    Path((scope, name, number)): Path<(String, String, String)>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let package = world.jsr.package(&scope, &name).ok_or_else(|| ApiError::of("packageNotFound"))?;
    let version = package.versions.iter().find(|version| version.num == number);
    let version = version.ok_or_else(|| ApiError::of("packageVersionNotFound"))?;
    let body = json!({
        "scope": scope, "package": name, "version": version.num, "yanked": false, "usesNpm": false,
        "newerVersionsCount": 0, "rekorLogId": version.rekor_log_id, "license": "MIT", "readmePath": null,
        "updatedAt": version.created_at, "createdAt": version.created_at,
    });
    Ok(respond::json(StatusCode::OK, body))
}

/// `POST /scopes/{scope}/packages`
pub(super) async fn create(
    State(app): State<App>,
    Path(scope): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let mut world = app.world();
    let now = world.now();
    let token = bearer(&world.jsr, &headers, now)?;
    let Create { package } = serde_json::from_slice(&body).map_err(|error| ApiError::malformed(&error.to_string()))?;
    if !fits(&package) {
        return Err(ApiError::malformed("invalid package name"));
    }
    member(&world.jsr, token, &scope, false)?;
    make(&mut world, &scope, &package)?;
    let made = world.jsr.package(&scope, &package).ok_or_else(|| ApiError::of("packageNotFound"))?;
    Ok(respond::json(StatusCode::OK, wire(&world, made)))
}

fn fits(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=58).contains(&name.len()) && name.chars().all(letter) && !name.starts_with('-') && !name.ends_with('-')
}

/// Makes an empty record within the scope's quotas.
pub(super) fn make(world: &mut World, scope: &str, name: &str) -> Result<(), ApiError> {
    let now = world.now();
    let plain = |text: &str| text.replace('-', "");
    let its: Vec<&Package> = world.jsr.packages.iter().filter(|package| package.scope == scope).collect();
    if its.iter().any(|package| plain(&package.name) == plain(name)) {
        return Err(ApiError::of("packageAlreadyExists"));
    }
    let of = world.jsr.scope(scope).ok_or_else(|| ApiError::of("scopeNotFound"))?;
    let bad = |code, message| Err(ApiError(StatusCode::BAD_REQUEST, code, message));
    if its.len() >= of.package_limit {
        let limit = of.package_limit;
        return bad("packageLimitExceeded", format!("Exceeded limit of {limit} new packages for scope."));
    }
    if its.iter().filter(|package| package.created_at + TimeDelta::days(7) > now).count() >= of.weekly_limit {
        let limit = of.weekly_limit;
        return bad("weeklyPackageLimitExceeded", format!("Exceeded weekly limit of {limit} new packages for scope."));
    }
    world.jsr.packages.push(Package {
        scope: scope.to_owned(),
        name: name.to_owned(),
        repository: None,
        state: PackageState::Live,
        versions: Vec::new(),
        created_at: now,
    });
    Ok(())
}

/// `PATCH /scopes/{scope}/packages/{package}`
pub(super) async fn update(
    State(app): State<App>,
    Path((scope, name)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let mut world = app.world();
    let now = world.now();
    let token = bearer(&world.jsr, &headers, now)?;
    let update: Update = serde_json::from_slice(&body).map_err(|error| ApiError::malformed(&error.to_string()))?;
    let package = world.jsr.package(&scope, &name).ok_or_else(|| ApiError::of("packageNotFound"))?;
    let user = member(&world.jsr, token, &scope, true)?;
    if package.state == PackageState::Archived && !matches!(update, Update::Archived(_)) {
        return Err(ApiError::of("packageArchived"));
    }
    match update {
        Update::Repository(wanted) => {
            let wanted = wanted.map(|slug| (slug.owner, slug.name));
            link(&mut world, &scope, &name, &user, wanted.as_ref())?;
        }
        Update::Archived(archived) => {
            let package = world.jsr.package_mut(&scope, &name).ok_or_else(|| ApiError::of("packageNotFound"))?;
            package.state = if archived { PackageState::Archived } else { PackageState::Live };
        }
    }
    let package = world.jsr.package(&scope, &name).ok_or_else(|| ApiError::of("packageNotFound"))?;
    Ok(respond::json(StatusCode::OK, wire(&world, package)))
}

/// Links the package to a repository that `user` may push to, or to none.
pub(super) fn link(
    world: &mut World,
    scope: &str,
    name: &str,
    user: &str,
    wanted: Option<&(String, String)>,
) -> Result<(), ApiError> {
    let id = match wanted {
        None => None,
        Some((owner, repository)) => {
            let repo = world.github.repo(owner, repository);
            let role = repo.and_then(|repo| repo.collaborators.get(user));
            let repo = repo
                .filter(|repo| repo.visibility == Visibility::Public || role.is_some())
                .ok_or_else(|| ApiError::of("githubRepositoryNotFound"))?;
            if repo.visibility != Visibility::Public {
                return Err(ApiError::of("githubRepositoryNotPublic"));
            }
            if !role.is_some_and(|role| matches!(role, Role::Write | Role::Maintain | Role::Admin)) {
                return Err(ApiError::of("githubRepositoryNotAuthorized"));
            }
            Some(repo.id)
        }
    };
    let package = world.jsr.package_mut(scope, name).ok_or_else(|| ApiError::of("packageNotFound"))?;
    package.repository = id;
    Ok(())
}

/// `DELETE /scopes/{scope}/packages/{package}`
pub(super) async fn delete(
    State(app): State<App>,
    Path((scope, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut world = app.world();
    let now = world.now();
    let token = bearer(&world.jsr, &headers, now)?;
    let package = world.jsr.package(&scope, &name).ok_or_else(|| ApiError::of("packageNotFound"))?;
    member(&world.jsr, token, &scope, true)?;
    if !package.versions.is_empty() {
        return Err(ApiError::of("packageNotEmpty"));
    }
    world.jsr.packages.retain(|package| package.scope != scope || package.name != name);
    Ok(StatusCode::NO_CONTENT.into_response())
}
