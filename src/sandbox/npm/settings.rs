//! A package's settings: what publishing asks for, who may write, who may read.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{App, NpmError, auth, factor};
use crate::sandbox::respond;
use crate::sandbox::world::npm::{Access, PublishingAccess, TokenKind};

/// The body of `npm access set`.
#[derive(Debug, Deserialize)]
pub(super) struct Body {
    publish_requires_tfa: Option<bool>,
    automation_token_overrides_tfa: Option<bool>,
    access: Option<String>,
}

/// `POST /-/package/{name}/access`. What is set here can't be read back.
pub(super) async fn set_access(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Json<Body>, JsonRejection>,
) -> Result<Response, NpmError> {
    let Json(body) = body.map_err(|error| NpmError::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let mut world = app.world();
    let token = auth::token(&world.npm, &headers)?;
    if token.kind == TokenKind::GranularBypass {
        return Err(NpmError::forbidden("Tokens that bypass two-factor authentication cannot change settings"));
    }
    factor::require(&mut world, app.urls(), &token.user, &headers)?;
    let package = auth::own(&mut world.npm, &token.user, &name)?;
    package.publishing_access = match (body.publish_requires_tfa, body.automation_token_overrides_tfa) {
        (Some(false), _) => PublishingAccess::NoSecondFactor,
        (Some(true), Some(true)) => PublishingAccess::SecondFactorOrToken,
        (Some(true), _) => PublishingAccess::SecondFactorOnly,
        (None, _) => package.publishing_access,
    };
    package.access = match body.access.as_deref() {
        Some("public") => Access::Public,
        Some("restricted") => Access::Restricted,
        _ => package.access,
    };
    Ok(respond::json(StatusCode::OK, json!({})))
}

/// `GET /-/package/{name}/collaborators`
pub(super) async fn collaborators(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, NpmError> {
    let world = app.world();
    auth::token(&world.npm, &headers)?;
    let package = world.npm.package(&name).ok_or_else(NpmError::not_found)?;
    let rights: Map<String, Value> = package.maintainers.iter().map(|user| (user.clone(), json!("write"))).collect();
    Ok(respond::json(StatusCode::OK, Value::Object(rights)))
}

/// `GET /-/package/{name}/visibility`
pub(super) async fn visibility(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, NpmError> {
    let world = app.world();
    auth::token(&world.npm, &headers)?;
    let package = world.npm.package(&name).ok_or_else(NpmError::not_found)?;
    Ok(respond::json(StatusCode::OK, json!({ "public": package.access == Access::Public })))
}
