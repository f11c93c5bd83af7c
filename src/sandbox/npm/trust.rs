//! Trusted publishers: what `npm trust list|github|revoke` call. Each call needs a session and the second factor.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{App, NpmError, auth, factor};
use crate::sandbox::world::World;
use crate::sandbox::world::npm::{Package, Permission, Publisher, TokenKind};

/// How many publishers a package may have that have not lapsed (npm, 2026-09-03).
const MOST: usize = 10;

/// The user behind a call: a session, with the second factor.
fn authorise(world: &mut World, app: &App, headers: &HeaderMap) -> Result<String, NpmError> {
    let now = world.now();
    let due = world.npm.last_call.map_or(now, |last| last + world.npm.call_takes);
    world.advance(due - now);
    world.npm.last_call = Some(world.now());
    let token = auth::token(&world.npm, headers)?;
    if token.kind != TokenKind::Session {
        return Err(NpmError::forbidden("Granular access tokens cannot manage trusted publishers"));
    }
    factor::require(world, app.urls(), &token.user, headers)?;
    Ok(token.user)
}

fn shown(publisher: &Publisher) -> Value {
    let mut claims = json!({ "repository": publisher.repository, "workflow_ref": { "file": publisher.workflow } });
    if let Some(environment) = &publisher.environment {
        claims["environment"] = json!(environment);
    }
    let permissions: Vec<&str> = publisher.permissions.iter().map(|permission| permission.name()).collect();
    json!({ "id": publisher.id, "type": "github", "claims": claims, "permissions": permissions })
}

/// `GET /-/package/{name}/trust`: lapsed entries too, and nothing that tells them apart.
pub(super) async fn list(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, NpmError> {
    let mut world = app.world();
    let user = authorise(&mut world, &app, &headers)?;
    let package = auth::own(&mut world.npm, &user, &name)?;
    let publishers: Vec<Value> = package.publishers.iter().map(shown).collect();
    Ok(Json(publishers).into_response())
}

/// `POST /-/package/{name}/trust`: an array of one, or the one.
pub(super) async fn create(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, NpmError> {
    let mut world = app.world();
    let user = authorise(&mut world, &app, &headers)?;
    let body: Value = serde_json::from_slice(&body).map_err(|_| bad_request("the body is not JSON"))?;
    let entries = match body {
        Value::Array(entries) => entries,
        one => vec![one],
    };
    let [entry] = entries.as_slice() else {
        return Err(bad_request("exactly one configuration at a time"));
    };
    let wanted = Wanted::read(entry)?;
    let now = world.now();
    let id = world.npm.next_uuid();
    let package = auth::own(&mut world.npm, &user, &name)?;
    let added = add(package, wanted, id, now)?;
    Ok((StatusCode::OK, Json([shown(&added)])).into_response())
}

/// `DELETE /-/package/{name}/trust/{id}`
pub(super) async fn revoke(
    State(app): State<App>,
    Path((name, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, NpmError> {
    let mut world = app.world();
    let user = authorise(&mut world, &app, &headers)?;
    let package = auth::own(&mut world.npm, &user, &name)?;
    let before = package.publishers.len();
    package.publishers.retain(|publisher| publisher.id != id);
    match package.publishers.len() < before {
        true => Ok(StatusCode::NO_CONTENT.into_response()),
        false => Err(NpmError::not_found()),
    }
}

/// A publisher as it is asked for; the page and the API share it.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) repository: String,
    pub(super) workflow: String,
    pub(super) environment: Option<String>,
    pub(super) permissions: Vec<Permission>,
}

impl Wanted {
    fn read(entry: &Value) -> Result<Self, NpmError> {
        if entry["type"] != "github" {
            return Err(bad_request("the sandbox knows the provider github alone"));
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let claims = &entry["claims"];
        let permissions = entry["permissions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let permissions = permissions
            .iter()
            .map(|name| {
                [Permission::Publish, Permission::Stage].into_iter().find(|permission| name == permission.name())
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| bad_request("unknown permission"))?;
        Ok(Self {
            repository: text(&claims["repository"]).unwrap_or_default(),
            workflow: text(&claims["workflow_ref"]["file"]).unwrap_or_default(),
            environment: text(&claims["environment"]),
            permissions,
        })
    }
}

/// Adds a publisher beside those that are there. Its 48 hours begin.
pub(super) fn add(
    package: &mut Package,
    wanted: Wanted,
    id: String,
    now: DateTime<Utc>,
) -> Result<Publisher, NpmError> {
    let Wanted { repository, workflow, environment, mut permissions } = wanted;
    if repository.split('/').filter(|part| !part.is_empty()).count() != 2 {
        return Err(bad_request("repository must be owner/name"));
    }
    if workflow.contains('/') || !(workflow.ends_with(".yml") || workflow.ends_with(".yaml")) {
        return Err(bad_request("workflow must be the name of a .yml or .yaml file"));
    }
    if environment.as_deref() == Some("") || permissions.is_empty() {
        return Err(bad_request("permissions and environment must not be empty"));
    }
    let same =
        |one: &Publisher| one.repository == repository && one.workflow == workflow && one.environment == environment;
    if package.publishers.iter().any(same) {
        return Err(NpmError::new(StatusCode::CONFLICT, "A trusted publisher with this configuration already exists"));
    }
    if package.publishers.iter().filter(|one| !one.has_lapsed(now)).count() >= MOST {
        return Err(NpmError::new(StatusCode::CONFLICT, "This package has the maximum number of trusted publishers"));
    }
    // Every entry made since 2026-09-03 may stage, asked for or not.
    if !permissions.contains(&Permission::Stage) {
        permissions.push(Permission::Stage);
    }
    let publisher = Publisher { id, repository, workflow, environment, permissions, created_at: now, proven_at: None };
    package.publishers.push(publisher.clone());
    Ok(publisher)
}

fn bad_request(error: &str) -> NpmError {
    NpmError::new(StatusCode::BAD_REQUEST, error)
}
