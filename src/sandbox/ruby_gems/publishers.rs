//! The API of trusted publishers. A request is judged in the server's order: key, gem, rights, one-time code.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{App, NO_GEM};
use crate::sandbox::respond;
use crate::sandbox::world::World;
use crate::sandbox::world::ruby_gems::{Key, KeyCode, KeyScope, Publisher, Role, SHORT_LIFE, SecondFactor};

pub(super) const ACCESS_DENIED: &str = "Access Denied. Please sign up for an account at https://rubygems.org";
pub(super) const NO_ACCESS: &str = "The API key doesn't have access";
const TYPE: &str = "OIDC::TrustedPublisher::GitHubAction";
/// The longest field (Gemcutter::MAX_FIELD_LENGTH).
const LONGEST: usize = 255;

#[derive(Deserialize)]
struct Create {
    trusted_publisher_type: String,
    trusted_publisher: Fields,
}

/// What a form or a request says of a publisher.
#[derive(Deserialize, Default)]
pub(super) struct Fields {
    #[serde(default)]
    pub(super) repository_owner: String,
    #[serde(default)]
    pub(super) repository_name: String,
    #[serde(default)]
    pub(super) workflow_filename: String,
    pub(super) environment: Option<String>,
    pub(super) workflow_repository_owner: Option<String>,
    pub(super) workflow_repository_name: Option<String>,
}

fn wire(one: &Publisher) -> Value {
    let (owner, name) = one.workflow_repository.clone().unzip();
    json!({
        "id": one.id,
        "trusted_publisher_type": TYPE,
        "trusted_publisher": {
            "name": format!("GitHub Actions {}/{} @ .github/workflows/{}", one.owner, one.repository, one.workflow),
            "repository_owner": one.owner,
            "repository_name": one.repository,
            "repository_owner_id": one.owner_id.to_string(),
            "workflow_filename": one.workflow,
            "environment": one.environment,
            "workflow_repository_owner": owner,
            "workflow_repository_name": name,
        },
    })
}

/// A refusal, in plain words.
struct Refused(StatusCode, &'static str);

/// The first thing that the server would say against this request.
fn judge(world: &World, name: &str, headers: &HeaderMap) -> Result<(), Refused> {
    let gems = &world.ruby_gems;
    let plain = |status, text| Err(Refused(status, text));
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let live = |key: &&Key| key.value == sent && key.expires_at.is_none_or(|end| end > world.now());
    let Some(key) = gems.keys.iter().find(live) else { return plain(StatusCode::UNAUTHORIZED, ACCESS_DENIED) };
    let Some(gem) = gems.gem(name) else { return plain(StatusCode::NOT_FOUND, NO_GEM) };
    let other = key.gem.as_ref().is_some_and(|only| only != name);
    if other || !key.scopes.contains(&KeyScope::ConfigureTrustedPublishers) {
        return plain(StatusCode::FORBIDDEN, "This API key cannot perform the specified action on this gem.");
    }
    if !gem.owners.contains(&(key.user.clone(), Role::Owner)) {
        return plain(StatusCode::FORBIDDEN, NO_ACCESS);
    }
    let factor =
        gems.users.iter().find(|user| user.handle == key.user).map_or(SecondFactor::Off, |user| user.second_factor);
    let short = key.expires_at.is_some_and(|end| end - key.created_at < SHORT_LIFE);
    let wanted = match factor {
        SecondFactor::Off => false,
        SecondFactor::Ui => key.code == KeyCode::Wanted,
        SecondFactor::UiAndApi => true,
    };
    match headers.get("otp").and_then(|value| value.to_str().ok()) {
        _ if !wanted || short => Ok(()),
        Some(code) if code == gems.code => Ok(()),
        Some(_) => plain(StatusCode::UNAUTHORIZED, "Your OTP code is incorrect. Please check it and retry."),
        None => plain(
            StatusCode::UNAUTHORIZED,
            "You have enabled multifactor authentication but no OTP code provided. Please fill it and retry.",
        ),
    }
}

/// `GET /api/v1/gems/{name}/trusted_publishers`
pub(super) async fn list(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let world = app.world();
    if let Err(Refused(status, words)) = judge(&world, &name, &headers) {
        return respond::text(status, words);
    }
    let all: Vec<Value> = world.ruby_gems.gem(&name).into_iter().flat_map(|gem| &gem.publishers).map(wire).collect();
    respond::json(StatusCode::OK, json!(all))
}

/// `POST /api/v1/gems/{name}/trusted_publishers`
pub(super) async fn create(
    State(app): State<App>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut world = app.world();
    if let Err(Refused(status, words)) = judge(&world, &name, &headers) {
        return respond::text(status, words);
    }
    let Ok(wish) = serde_json::from_slice::<Create>(&body) else {
        return respond::json(StatusCode::BAD_REQUEST, json!({ "error": "bad request" }));
    };
    if wish.trusted_publisher_type != TYPE {
        return respond::json(
            StatusCode::UNPROCESSABLE_ENTITY,
            json!({ "error": "Unsupported trusted publisher type" }),
        );
    }
    let made = publisher(&mut world, wish.trusted_publisher);
    let made = made.and_then(|made| add(&mut world, &name, made).map_err(|why| vec![why]));
    match made {
        Ok(made) => respond::json(StatusCode::CREATED, wire(&made)),
        Err(errors) => {
            let errors: serde_json::Map<String, Value> =
                errors.into_iter().map(|(field, why)| (field.to_owned(), json!([why]))).collect();
            let body = json!({ "errors": errors, "status": "unprocessable_content" });
            respond::json(StatusCode::UNPROCESSABLE_ENTITY, body)
        }
    }
}

/// What is wrong with a field.
pub(super) type Wrong = (&'static str, &'static str);

/// Adds a publisher to a gem that is there.
pub(super) fn add(world: &mut World, name: &str, made: Publisher) -> Result<Publisher, Wrong> {
    let taken = ("rubygem", "has already been taken");
    let gem = world.ruby_gems.gem_mut(name).ok_or(taken)?;
    if gem.publishers.iter().any(|one| Publisher { id: made.id, ..one.clone() } == made) {
        return Err(taken);
    }
    gem.publishers.push(made.clone());
    Ok(made)
}

/// The publisher in these fields, kept as typed, with the owner's id from GitHub; or what is wrong with them.
pub(super) fn publisher(world: &mut World, fields: Fields) -> Result<Publisher, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let account = world.github.account(&fields.repository_owner).map(|account| account.id);
    if account.is_none() {
        wrong.push(("trusted_publisher.repository_owner_id", "can't be blank"));
    }
    if fields.repository_name.is_empty() {
        wrong.push(("trusted_publisher.repository_name", "can't be blank"));
    }
    let file = &fields.workflow_filename;
    if file.is_empty() {
        wrong.push(("trusted_publisher.workflow_filename", "can't be blank"));
    } else if !file.ends_with(".yml") && !file.ends_with(".yaml") {
        wrong.push(("trusted_publisher.workflow_filename", "must end with .yml or .yaml"));
    } else if file.contains('/') {
        wrong.push(("trusted_publisher.workflow_filename", "must be a filename only, without directories"));
    }
    for (field, text) in [
        ("trusted_publisher.repository_owner", Some(&fields.repository_owner)),
        ("trusted_publisher.repository_name", Some(&fields.repository_name)),
        ("trusted_publisher.workflow_filename", Some(file)),
        ("trusted_publisher.environment", fields.environment.as_ref()),
        ("trusted_publisher.workflow_repository_owner", fields.workflow_repository_owner.as_ref()),
        ("trusted_publisher.workflow_repository_name", fields.workflow_repository_name.as_ref()),
    ] {
        if text.is_some_and(|text| text.chars().count() > LONGEST) {
            wrong.push((field, "is too long (maximum is 255 characters)"));
        }
    }
    let filled = |value: Option<String>| value.filter(|text| !text.is_empty());
    let home = match (filled(fields.workflow_repository_owner), filled(fields.workflow_repository_name)) {
        (None, None) => None,
        (Some(owner), Some(name)) => Some((owner, name)),
        (None, Some(_)) => {
            wrong.push(("trusted_publisher.workflow_repository_owner", "can't be blank"));
            None
        }
        (Some(_), None) => {
            wrong.push(("trusted_publisher.workflow_repository_name", "can't be blank"));
            None
        }
    };
    if home.as_ref().is_some_and(|(owner, name)| *owner == fields.repository_owner && *name == fields.repository_name) {
        wrong.push((
            "trusted_publisher.base",
            "workflow_repository must be different from the repository, leave blank for same-repository workflows",
        ));
    }
    match account {
        Some(owner_id) if wrong.is_empty() => Ok(Publisher {
            id: world.ruby_gems.next_id(),
            owner: fields.repository_owner,
            owner_id,
            repository: fields.repository_name,
            workflow: fields.workflow_filename,
            environment: filled(fields.environment),
            workflow_repository: home,
        }),
        _ => Err(wrong),
    }
}

/// `DELETE /api/v1/gems/{name}/trusted_publishers/{id}`
pub(super) async fn delete(
    State(app): State<App>,
    Path((name, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let mut world = app.world();
    if let Err(Refused(status, words)) = judge(&world, &name, &headers) {
        return respond::text(status, words);
    }
    let Some(gem) = world.ruby_gems.gem_mut(&name) else { return respond::text(StatusCode::NOT_FOUND, NO_GEM) };
    let before = gem.publishers.len();
    gem.publishers.retain(|one| one.id.to_string() != id);
    if gem.publishers.len() == before {
        return respond::json(StatusCode::NOT_FOUND, json!({ "error": "Not Found" }));
    }
    StatusCode::NO_CONTENT.into_response()
}
