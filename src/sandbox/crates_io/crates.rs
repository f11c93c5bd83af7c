//! Crates, their owners, users, and the switch that refuses tokens.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::auth::{Need, Target};
use super::{ApiError, App, auth, wire};
use crate::sandbox::respond;
use crate::sandbox::world::crates_io::{EndpointScope, Publishing};

/// What stands beside a crate.
#[derive(Debug, Deserialize)]
pub(super) struct Include {
    include: Option<String>,
}

/// The parts that `?include=` names.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    versions: bool,
    keywords: bool,
    categories: bool,
    default_version: bool,
}

impl Parts {
    const ALL: Self = Self { versions: true, keywords: true, categories: true, default_version: true };

    fn parse(include: Option<&str>) -> Result<Self, ApiError> {
        let Some(include) = include else {
            return Ok(Self::ALL);
        };
        let mut parts = Self::default();
        for name in include.split(',') {
            match name {
                "" | "badges" | "downloads" => {}
                "full" => parts = Self::ALL,
                "versions" => parts.versions = true,
                "keywords" => parts.keywords = true,
                "categories" => parts.categories = true,
                "default_version" => parts.default_version = true,
                _ => {
                    return Err(ApiError::bad_request(
                        "invalid component for ?include= (expected 'versions', 'keywords', 'categories', 'badges', \
                         'downloads', 'default_version', or 'full')",
                    ));
                }
            }
        }
        Ok(parts)
    }
}

/// `GET /api/v1/crates/{name}`
pub(super) async fn one(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(query): Query<Include>,
) -> Result<Response, ApiError> {
    let parts = Parts::parse(query.include.as_deref())?;
    let world = app.world();
    let crates_io = &world.crates_io;
    let krate = crates_io.krate(&name).ok_or_else(|| ApiError::no_crate(&name))?;
    let shown = |version| wire::version(crates_io, krate, version);
    let (beside, versions) = match parts {
        Parts { versions: true, .. } => {
            (wire::Versions::Beside, Some(krate.versions.iter().rev().map(shown).collect::<Vec<_>>()))
        }
        Parts { default_version: true, .. } => {
            (wire::Versions::Apart, Some(wire::default_version(krate).into_iter().map(shown).collect()))
        }
        _ => (wire::Versions::Apart, None),
    };
    let none: [Value; 0] = [];
    let body = json!({
        "crate": wire::krate(krate, beside),
        "versions": versions,
        "keywords": parts.keywords.then_some(&none),
        "categories": parts.categories.then_some(&none),
    });
    Ok(respond::json(StatusCode::OK, body))
}

/// `GET /api/v1/crates/{name}/owners`
pub(super) async fn owners(State(app): State<App>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let (mut users, teams) = owner_lists(&app, &name)?;
    users.extend(teams);
    Ok(respond::json(StatusCode::OK, json!({ "users": users })))
}

/// `GET /api/v1/crates/{name}/owner_user`
pub(super) async fn owner_user(State(app): State<App>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let (users, _) = owner_lists(&app, &name)?;
    Ok(respond::json(StatusCode::OK, json!({ "users": users })))
}

/// `GET /api/v1/crates/{name}/owner_team`
pub(super) async fn owner_team(State(app): State<App>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let (_, teams) = owner_lists(&app, &name)?;
    Ok(respond::json(StatusCode::OK, json!({ "teams": teams })))
}

fn owner_lists(app: &App, name: &str) -> Result<(Vec<Value>, Vec<Value>), ApiError> {
    let world = app.world();
    let crates_io = &world.crates_io;
    let krate = crates_io.krate(name).ok_or_else(|| ApiError::no_crate(name))?;
    let users = krate.owners.iter().filter_map(|login| crates_io.user(login)).map(wire::user_owner).collect();
    let teams = krate.team_owners.iter().enumerate().map(|(at, login)| wire::team_owner(at + 1, login)).collect();
    Ok((users, teams))
}

/// `GET /api/v1/users/{login}`
pub(super) async fn user(State(app): State<App>, Path(login): Path<String>) -> Result<Response, ApiError> {
    let world = app.world();
    let user = world.crates_io.user(&login).ok_or_else(ApiError::not_found)?;
    Ok(respond::json(StatusCode::OK, json!({ "user": wire::public_user(user) })))
}

/// `GET /api/v1/me`: for a browser's session alone, and so never for a client of the sandbox.
pub(super) async fn me(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let world = app.world();
    auth::token(&world.crates_io, &headers)?;
    Err(ApiError::forbidden("this action can only be performed on the crates.io website"))
}

/// The body of an update.
#[derive(Debug, Deserialize)]
pub(super) struct Update {
    #[serde(rename = "crate")]
    krate: CrateUpdate,
}

#[derive(Debug, Deserialize)]
struct CrateUpdate {
    trustpub_only: Option<bool>,
}

/// `PATCH /api/v1/crates/{name}`
pub(super) async fn update(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Json<Update>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(body) = body.map_err(unreadable)?;
    let mut world = app.world();
    let crates_io = &mut world.crates_io;
    let name = crates_io.krate(&name).ok_or_else(|| ApiError::no_crate(&name))?.name.clone();
    let need = Need { scope: Some(EndpointScope::TrustedPublishing), krate: Target::Crate(&name) };
    let (token, user) = auth::check(crates_io, &headers, need)?;
    auth::refuse_legacy(token)?;
    let login = user.login.clone();
    let krate = crates_io.krate_mut(&name).ok_or_else(|| ApiError::no_crate(&name))?;
    if !krate.owners.contains(&login) {
        return Err(ApiError::forbidden("only owners have permission to modify crate settings"));
    }
    let wanted = body.krate.trustpub_only.map(|only| if only { Publishing::TrustedOnly } else { Publishing::Any });
    let changed = wanted.is_some_and(|wanted| wanted != krate.publishing);
    krate.publishing = wanted.unwrap_or(krate.publishing);
    let shown = wire::krate(krate, wire::Versions::Apart);
    if changed {
        crates_io.mail_owners(&name, "crates.io: trusted publishing setting changed");
    }
    Ok(respond::json(StatusCode::OK, json!({ "crate": shown })))
}

/// A body that is no JSON of the right shape, in the words that the server's framework has for it.
pub(super) fn unreadable(rejection: JsonRejection) -> ApiError {
    ApiError::new(rejection.status(), rejection.body_text())
}
