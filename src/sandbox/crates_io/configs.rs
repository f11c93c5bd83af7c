//! Trusted publishers: list, create, delete. In the server's order of checks, and without a check for doubles.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

use super::auth::{Need, Target};
use super::crates::unreadable;
use super::{ApiError, App, auth, validate, wire};
use crate::sandbox::respond;
use crate::sandbox::world::World;
use crate::sandbox::world::crates_io::{Email, EndpointScope, GitHubLink, Publisher};

/// How many GitHub publishers a crate may have (server's source, 2026-08-21).
const MOST: usize = 5;
const PER_PAGE: usize = 10;
const MAX_PER_PAGE: usize = 100;

const NEED_ANY: Need<'static> = Need { scope: Some(EndpointScope::TrustedPublishing), krate: Target::Any };

fn need(krate: &str) -> Need<'_> {
    Need { scope: Some(EndpointScope::TrustedPublishing), krate: Target::Crate(krate) }
}

/// The body of a creation.
#[derive(Debug, Deserialize)]
pub(super) struct Create {
    github_config: NewPublisher,
}

/// A publisher as it is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct NewPublisher {
    #[serde(rename = "crate")]
    pub(super) krate: String,
    pub(super) repository_owner: String,
    pub(super) repository_name: String,
    pub(super) workflow_filename: String,
    pub(super) environment: Option<String>,
}

impl NewPublisher {
    pub(super) fn validate(&self) -> Result<(), ApiError> {
        validate::owner(&self.repository_owner)
            .and_then(|()| validate::repository(&self.repository_name))
            .and_then(|()| validate::workflow(&self.workflow_filename))
            .and_then(|()| self.environment.as_deref().map_or(Ok(()), validate::environment))
            .map_err(ApiError::bad_request)
    }
}

/// `POST /api/v1/trusted_publishing/github_configs`
pub(super) async fn create(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Json<Create>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(Create { github_config: new }) = body.map_err(unreadable)?;
    new.validate()?;
    let mut world = app.world();
    let (_, user) = auth::check(&world.crates_io, &headers, need(&new.krate))?;
    let login = user.login.clone();
    let saved = add(&mut world, &login, new)?;
    Ok(respond::json(StatusCode::OK, json!({ "github_config": wire::publisher(&saved) })))
}

/// Adds a publisher in this user's name; the API and the page share it.
pub(super) fn add(world: &mut World, login: &str, new: NewPublisher) -> Result<Publisher, ApiError> {
    let now = world.now();
    let crates_io = &mut world.crates_io;
    let krate = crates_io.krate(&new.krate).ok_or_else(|| ApiError::no_crate(&new.krate))?;
    let (krate, owners) = (krate.name.clone(), krate.owners.clone());
    if crates_io.publishers_of(&krate).len() >= MOST {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            format!("This crate already has the maximum number of GitHub Trusted Publishing configurations ({MOST})"),
        ));
    }
    let user = crates_io
        .user(login)
        .filter(|user| owners.contains(&user.login))
        .ok_or_else(|| ApiError::bad_request("You are not an owner of this crate"))?;
    if user.email == Email::Unverified {
        return Err(ApiError::forbidden("You must verify your email address to create a Trusted Publishing config"));
    }
    if user.github == GitHubLink::Missing {
        return Err(ApiError::bad_request("Must have a linked GitHub account to create a Trusted Publishing config"));
    }
    let owner = world
        .github
        .account(&new.repository_owner)
        .ok_or_else(|| ApiError::bad_request("Unknown GitHub user or organization"))?;
    let publisher = Publisher {
        id: crates_io.next_id(),
        krate: krate.clone(),
        repository_owner: owner.login.clone(),
        repository_owner_id: owner.id,
        repository_name: new.repository_name,
        workflow_filename: new.workflow_filename,
        environment: new.environment,
        created_at: now,
    };
    crates_io.publishers.push(publisher.clone());
    crates_io.mail_owners(&krate, "crates.io: Trusted Publishing configuration added");
    Ok(publisher)
}

/// `GET /api/v1/trusted_publishing/github_configs?crate=…` or `?user_id=…`
pub(super) async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let query = Pairs::parse(query.as_deref().unwrap_or_default());
    let world = app.world();
    let crates_io = &world.crates_io;
    let crates = match (query.get("crate"), query.get("user_id")) {
        (Some(_), Some(_)) => {
            return Err(ApiError::bad_request("Cannot specify both `crate` and `user_id` query parameters"));
        }
        (None, None) => {
            return Err(ApiError::bad_request("Must specify either `crate` or `user_id` query parameter"));
        }
        (Some(name), None) => {
            let (_, user) = auth::check(crates_io, &headers, need(name))?;
            let krate = crates_io.krate(name).ok_or_else(|| ApiError::no_crate(name))?;
            if !krate.owners.contains(&user.login) {
                return Err(ApiError::bad_request("You are not an owner of this crate"));
            }
            vec![krate.name.clone()]
        }
        (None, Some(id)) => {
            let id: u32 = id.parse().map_err(|_| {
                ApiError::bad_request("Failed to deserialize query string: user_id: invalid digit found in string")
            })?;
            let (token, user) = auth::check(crates_io, &headers, NEED_ANY)?;
            auth::refuse_legacy(token)?;
            if user.id != id {
                return Err(ApiError::forbidden("this action requires authentication as the specified user"));
            }
            let owned = crates_io.crates.iter().filter(|krate| krate.owners.contains(&user.login));
            owned.map(|krate| krate.name.clone()).filter(|name| auth::opens(token, name)).collect()
        }
    };
    let per_page = query.per_page()?;
    let after = query.seek()?;
    let all: Vec<&Publisher> = crates_io.publishers.iter().filter(|one| crates.contains(&one.krate)).collect();
    let shown: Vec<&Publisher> = all.iter().copied().filter(|one| one.id > after).take(per_page).collect();
    let next_page = shown.last().filter(|_| shown.len() >= per_page).map(|last| query.with_seek(last.id));
    let body = json!({
        "github_configs": shown.iter().map(|one| wire::publisher(one)).collect::<Vec<_>>(),
        "meta": { "total": all.len(), "next_page": next_page },
    });
    Ok(respond::with_header(respond::json(StatusCode::OK, body), "cache-control", "no-store"))
}

/// `DELETE /api/v1/trusted_publishing/github_configs/{id}`
pub(super) async fn delete(
    State(app): State<App>,
    Path(id): Path<u32>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut world = app.world();
    let crates_io = &mut world.crates_io;
    let at = crates_io.publishers.iter().position(|one| one.id == id).ok_or_else(ApiError::not_found)?;
    let name = crates_io.publishers[at].krate.clone();
    let (_, user) = auth::check(crates_io, &headers, need(&name))?;
    let owns = crates_io.krate(&name).is_some_and(|krate| krate.owners.contains(&user.login));
    if !owns {
        return Err(ApiError::bad_request("You are not an owner of this crate"));
    }
    crates_io.publishers.remove(at);
    crates_io.mail_owners(&name, "crates.io: Trusted Publishing configuration removed");
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A query with its order, for the address of the next page repeats it.
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn parse(query: &str) -> Self {
        Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn get(&self, wanted: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    fn per_page(&self) -> Result<usize, ApiError> {
        if self.get("page").is_some() {
            return Err(ApiError::bad_request("?page= is not supported for this request"));
        }
        let per_page = match self.get("per_page") {
            None => PER_PAGE,
            Some(text) => text.parse().ok().filter(|n| *n > 0).ok_or_else(|| {
                ApiError::bad_request("Failed to deserialize query string: per_page: invalid digit found in string")
            })?,
        };
        match per_page > MAX_PER_PAGE {
            true => Err(ApiError::bad_request(format!("cannot request more than {MAX_PER_PAGE} items"))),
            false => Ok(per_page),
        }
    }

    /// The id after which the page begins.
    fn seek(&self) -> Result<u32, ApiError> {
        let Some(seek) = self.get("seek") else {
            return Ok(0);
        };
        URL_SAFE_NO_PAD
            .decode(seek)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ApiError::bad_request("invalid seek parameter"))
    }

    fn with_seek(&self, id: u32) -> String {
        let seek = URL_SAFE_NO_PAD.encode(id.to_string());
        let kept = self.0.iter().filter(|(name, _)| name != "seek");
        let query =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("seek", &seek).finish();
        format!("?{query}")
    }
}
