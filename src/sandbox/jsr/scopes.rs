//! A scope's settings: its admins see all of them.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ApiError, App, bearer, member};
use crate::sandbox::respond;
use crate::sandbox::world::jsr::{Member, Publishing, Scope};

/// One setting a request.
#[derive(Deserialize)]
enum Update {
    #[serde(rename = "ghActionsVerifyActor")]
    VerifyActor(#[expect(dead_code, reason = "taken, and not kept")] bool),
    #[serde(rename = "requirePublishingFromCI")]
    RequireCi(bool),
    #[serde(rename = "description")]
    Description(#[expect(dead_code, reason = "taken, and not kept")] Option<String>),
}

fn partial(scope: &Scope) -> Value {
    json!({ "scope": scope.name, "description": "", "updatedAt": "2026-11-01T00:00:00Z", "createdAt": "2026-11-01T00:00:00Z" })
}

fn full(scope: &Scope) -> Value {
    let mut body = partial(scope);
    body["quotas"] = json!({ "packageLimit": scope.package_limit, "newPackagePerWeekLimit": scope.weekly_limit });
    body["ghActionsVerifyActor"] = json!(true);
    body["requirePublishingFromCI"] = json!(scope.publishing == Publishing::CiOnly);
    body
}

/// `GET /scopes/{scope}`
pub(super) async fn one(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let world = app.world();
    let token = bearer(&world.jsr, &headers, world.now())?;
    let scope = world.jsr.scope(&name).ok_or_else(|| ApiError::of("scopeNotFound"))?;
    let body = if member(&world.jsr, token, &name, true).is_ok() { full(scope) } else { partial(scope) };
    Ok(respond::json(StatusCode::OK, body))
}

/// `GET /scopes/{scope}/members`: anybody may read it. A person goes by the name and the number of the GitHub account.
pub(super) async fn members(State(app): State<App>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let world = app.world();
    let scope = world.jsr.scope(&name).ok_or_else(|| ApiError::of("scopeNotFound"))?;
    let number = |login: &str| world.github.accounts.iter().find(|account| account.login == login).map(|one| one.id);
    let time = "2026-11-01T00:00:00Z";
    let shown = |(login, member): &(String, Member)| {
        let user = json!({
            "id": format!("00000000-0000-4000-8000-{:012}", number(login).unwrap_or_default()), "name": login,
            "githubId": number(login), "avatarUrl": "", "updatedAt": time, "createdAt": time,
        });
        json!({ "scope": name, "user": user, "isAdmin": *member == Member::Admin, "updatedAt": time, "createdAt": time })
    };
    Ok(respond::json(StatusCode::OK, json!(scope.members.iter().map(shown).collect::<Vec<_>>())))
}

/// `PATCH /scopes/{scope}`
pub(super) async fn update(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let mut world = app.world();
    let now = world.now();
    let token = bearer(&world.jsr, &headers, now)?;
    let update: Update = serde_json::from_slice(&body).map_err(|error| ApiError::malformed(&error.to_string()))?;
    world.jsr.scope(&name).ok_or_else(|| ApiError::of("scopeNotFound"))?;
    member(&world.jsr, token, &name, true)?;
    let scope = world.jsr.scope_mut(&name).ok_or_else(|| ApiError::of("scopeNotFound"))?;
    match update {
        Update::RequireCi(true) => scope.publishing = Publishing::CiOnly,
        Update::RequireCi(false) => scope.publishing = Publishing::Any,
        Update::VerifyActor(_) | Update::Description(_) => {}
    }
    let body = full(scope);
    Ok(respond::json(StatusCode::OK, body))
}
