//! GitHub's limits at the door: who is too fast is told so, and every answer says how much of the hour is left.

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::App;
use super::auth::{ApiError, Caller};
use crate::sandbox::respond;
use crate::sandbox::world::github::Taken;

/// The right to be answered, until it is dropped: then one more may ask.
pub(super) struct Turn(App, String);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.world().github.limits.give_back(&self.1);
    }
}

fn key(caller: &Caller) -> String {
    caller.user().unwrap_or_default().to_owned()
}

/// Takes a request, or says in GitHub's words why not.
pub(super) fn take(app: &App, caller: &Caller, method: &Method) -> Result<Turn, Box<Response>> {
    let points = if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) { 1 } else { 5 };
    let (taken, id) = {
        let mut world = app.world();
        let now = world.now();
        let id = caller.user().and_then(|login| world.github.account(login)).map_or(0, |account| account.id);
        (world.github.limits.take(&key(caller), points, now), id)
    };
    match taken {
        Taken::Yes => Ok(Turn(app.clone(), key(caller))),
        Taken::TooFast => {
            let said = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
            let refused = ApiError::new(StatusCode::FORBIDDEN, said).into_response();
            Err(Box::new(tell(app, caller, respond::with_header(refused, "retry-after", "60"))))
        }
        Taken::Spent => {
            let said = format!("API rate limit exceeded for user ID {id}.");
            Err(Box::new(tell(app, caller, ApiError::new(StatusCode::FORBIDDEN, said).into_response())))
        }
    }
}

/// An answer counts for the hour.
pub(super) fn count(app: &App, caller: &Caller) {
    app.world().github.limits.count(&key(caller));
}

/// The headers that come with every answer.
pub(super) fn tell(app: &App, caller: &Caller, mut response: Response) -> Response {
    let (limit, used, reset) = {
        let world = app.world();
        let limits = &world.github.limits;
        let limit = if caller.user().is_some() { limits.requests_an_hour } else { 60 };
        let (used, reset) = limits.used(&key(caller), world.now());
        (limit, used.min(limit), reset.timestamp())
    };
    for (name, value) in [
        ("x-ratelimit-limit", limit.to_string()),
        ("x-ratelimit-remaining", (limit - used).to_string()),
        ("x-ratelimit-used", used.to_string()),
        ("x-ratelimit-reset", reset.to_string()),
        ("x-ratelimit-resource", "core".to_owned()),
        ("x-github-media-type", "github.v3; format=json".to_owned()),
        ("x-github-api-version-selected", "2022-11-28".to_owned()),
    ] {
        response = respond::with_header(response, name, &value);
    }
    match caller.scopes() {
        Some(scopes) => respond::with_header(response, "x-oauth-scopes", &scopes.join(", ")),
        None => response,
    }
}
