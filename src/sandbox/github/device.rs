//! The device flow: codes, the page where a person types one, polling, refresh.
//!
//! As GitHub does it: errors come with status 200, the answer is form-encoded unless JSON is asked for, `slow_down`
//! carries the new interval, a refresh ends the old pair at once.

use std::collections::HashMap;

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use super::App;
use crate::sandbox::fault::FaultKind;
use crate::sandbox::page::{Field, Page};
use crate::sandbox::respond;
use crate::sandbox::world::World;
use crate::sandbox::world::github::{
    ClientKind, DeviceCode, DeviceFlow, DeviceState, GitHub, Grant, Refresh, Token, TokenExpiry,
};

/// How long a refresh token lives (GitHub's documentation, 2026: 15,811,200 seconds).
const REFRESH_LIFE: TimeDelta = TimeDelta::seconds(15_811_200);
/// How many live tokens a user has per application (GitHub's documentation, 2026); older ones are revoked.
const LIVE_TOKENS: usize = 10;

const ERRORS_PAGE: &str =
    "https://docs.github.com/developers/apps/authorizing-oauth-apps#error-codes-for-the-device-flow";

type Fields = HashMap<String, String>;

/// A refusal of the flow.
enum FlowError {
    Pending,
    SlowDown { interval: u32 },
    Expired,
    Denied,
    WrongCode,
    WrongClient,
    WrongGrant,
    BadRefresh,
}

impl FlowError {
    fn body(&self) -> Map<String, Value> {
        let (error, description) = match self {
            Self::Pending => ("authorization_pending", "The authorization request is still pending."),
            Self::SlowDown { .. } => ("slow_down", "Too many requests have been made in the same timeframe."),
            Self::Expired => ("expired_token", "The `device_code` has expired."),
            Self::Denied => ("access_denied", "The authorization request was denied."),
            Self::WrongCode => ("incorrect_device_code", "The device_code provided is not valid."),
            Self::WrongClient => {
                ("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.")
            }
            Self::WrongGrant => ("unsupported_grant_type", "The grant_type is not supported."),
            Self::BadRefresh => ("bad_refresh_token", "The refresh token passed is incorrect or expired."),
        };
        let mut body = object(json!({ "error": error, "error_description": description, "error_uri": ERRORS_PAGE }));
        if let Self::SlowDown { interval } = self {
            body.insert("interval".to_owned(), json!(interval));
        }
        body
    }
}

/// `POST /login/device/code`
pub(super) async fn code(State(app): State<App>, headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let now = world.now();
    let github = &mut world.github;
    let client = form.get("client_id").and_then(|id| github.client(id)).cloned();
    let Some(client) = client else {
        return answer(StatusCode::NOT_FOUND, &headers, object(json!({ "error": "Not Found" })));
    };
    if client.device_flow == DeviceFlow::Disabled {
        let body = json!({
            "error": "device_flow_disabled",
            "error_description": "Device Flow must be explicitly enabled for this App",
            "error_uri": ERRORS_PAGE,
        });
        return answer(StatusCode::BAD_REQUEST, &headers, object(body));
    }
    let scopes = match client.kind {
        ClientKind::App { .. } => Vec::new(),
        ClientKind::OAuthApp => {
            let asked = form.get("scope").map(String::as_str).unwrap_or_default();
            asked.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
        }
    };
    let (device_code, user_code) = github.mint_codes();
    let body = json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": format!("{}/login/device", app.urls().github),
        "expires_in": github.code_life.num_seconds(),
        "interval": github.interval,
    });
    github.device_codes.push(DeviceCode {
        device_code,
        user_code,
        client_id: client.client_id,
        scopes,
        interval: github.interval,
        expires_at: now + github.code_life,
        last_poll: now,
        state: DeviceState::Waiting,
    });
    answer(StatusCode::OK, &headers, object(body))
}

/// `POST /login/oauth/access_token`
pub(super) async fn token(State(app): State<App>, headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    let struck = app.faults().strike_poll("github:/login/oauth/access_token");
    let mut world = app.world();
    let result = match form.get("grant_type").map(String::as_str) {
        Some("urn:ietf:params:oauth:grant-type:device_code") => poll(&mut world, &form, struck),
        Some("refresh_token") => refresh(&mut world, &form),
        _ => Err(FlowError::WrongGrant),
    };
    let body = result.unwrap_or_else(|error| error.body());
    answer(StatusCode::OK, &headers, body)
}

fn poll(world: &mut World, form: &Fields, struck: Option<FaultKind>) -> Result<Map<String, Value>, FlowError> {
    let now = world.now();
    let github = &mut world.github;
    let client_id = form.get("client_id").map(String::as_str).unwrap_or_default();
    if github.client(client_id).is_none() {
        return Err(FlowError::WrongClient);
    }
    let step = github.slow_down_step;
    let code = form.get("device_code").map(String::as_str).unwrap_or_default();
    let code = github
        .device_codes
        .iter_mut()
        .find(|known| known.device_code == code && known.client_id == client_id)
        .ok_or(FlowError::WrongCode)?;
    let waited = now - code.last_poll;
    code.last_poll = now;
    let too_early = waited < TimeDelta::seconds(i64::from(code.interval));
    match struck {
        Some(FaultKind::Expired) => return Err(FlowError::Expired),
        Some(FaultKind::Denied) => return Err(FlowError::Denied),
        _ if code.expires_at <= now => return Err(FlowError::Expired),
        _ if too_early || struck == Some(FaultKind::SlowDown) => {
            code.interval += step;
            return Err(FlowError::SlowDown { interval: code.interval });
        }
        _ => {}
    }
    let user = match &code.state {
        DeviceState::Waiting => return Err(FlowError::Pending),
        DeviceState::Denied => return Err(FlowError::Denied),
        DeviceState::Spent => return Err(FlowError::WrongCode),
        DeviceState::Approved { user } => user.clone(),
    };
    code.state = DeviceState::Spent;
    let (client_id, scopes) = (code.client_id.clone(), code.scopes.clone());
    let only = form.get("repository_id").and_then(|id| id.parse().ok());
    let grant = grant(github, client_id, scopes, only).ok_or(FlowError::WrongClient)?;
    hand_out(world, user, grant)
}

fn grant(github: &GitHub, client_id: String, scopes: Vec<String>, only: Option<u64>) -> Option<Grant> {
    match github.client(&client_id)?.kind {
        ClientKind::OAuthApp => Some(Grant::Scopes { client_id: Some(client_id), scopes }),
        ClientKind::App { .. } => {
            // A repository that the App can't reach is left out without a word.
            let reached = |id: &u64| {
                let repo = github.repos.iter().find(|repo| repo.id == *id);
                repo.is_some_and(|repo| github.installations.iter().any(|place| place.account == repo.owner))
            };
            Some(Grant::App { client_id, only: only.filter(reached) })
        }
    }
}

fn refresh(world: &mut World, form: &Fields) -> Result<Map<String, Value>, FlowError> {
    let now = world.now();
    let github = &mut world.github;
    let client_id = form.get("client_id").map(String::as_str).unwrap_or_default();
    if github.client(client_id).is_none() {
        return Err(FlowError::WrongClient);
    }
    let given = form.get("refresh_token").map(String::as_str).unwrap_or_default();
    let at = github
        .tokens
        .iter()
        .position(|token| {
            token.grant.client_id() == Some(client_id)
                && token.refresh.as_ref().is_some_and(|refresh| refresh.value == given && refresh.expires_at > now)
        })
        .ok_or(FlowError::BadRefresh)?;
    let old = github.tokens.remove(at);
    hand_out(world, old.user, old.grant)
}

/// Makes a token for this user and tells it, in the one shape that GitHub has for both flows.
fn hand_out(world: &mut World, user: String, grant: Grant) -> Result<Map<String, Value>, FlowError> {
    let now = world.now();
    let github = &mut world.github;
    let client = grant.client_id().and_then(|id| github.client(id)).ok_or(FlowError::WrongClient)?;
    let (prefix, expiry) = match client.kind {
        ClientKind::App { expiry, .. } => ("ghu_", expiry),
        ClientKind::OAuthApp => ("gho_", TokenExpiry::Never),
    };
    let value = github.mint(prefix);
    let scope = match &grant {
        Grant::App { .. } => String::new(),
        Grant::Scopes { scopes, .. } => scopes.join(","),
    };
    let mut body = object(json!({ "access_token": value, "token_type": "bearer", "scope": scope }));
    let (expires_at, refresh) = match expiry {
        TokenExpiry::Never => (None, None),
        TokenExpiry::After(life) => {
            let refresh = github.mint("ghr_");
            body.insert("expires_in".to_owned(), json!(life.num_seconds()));
            body.insert("refresh_token".to_owned(), json!(refresh));
            body.insert("refresh_token_expires_in".to_owned(), json!(REFRESH_LIFE.num_seconds()));
            let refresh = Refresh { value: refresh, expires_at: now + REFRESH_LIFE };
            (Some(now + life), Some(refresh))
        }
    };
    let alike: Vec<usize> = (0..github.tokens.len())
        .filter(|at| github.tokens[*at].user == user && github.tokens[*at].grant == grant)
        .collect();
    if alike.len() >= LIVE_TOKENS {
        github.tokens.remove(alike[0]);
    }
    github.tokens.push(Token { value, user, grant, expires_at, refresh });
    Ok(body)
}

/// `GET /login/device`
pub(super) async fn page(State(app): State<App>) -> Response {
    let user = app.world().github.browser_user.clone();
    Page::new("Device activation")
        .say(&format!("Signed in as {user}. Enter the code displayed on your device."))
        .say("Never enter a code that somebody sent you.")
        .form(
            "/login/device",
            &[("user_code", "Code", Field::Text(""))],
            &[("authorize", "Authorize"), ("cancel", "Cancel")],
        )
        .into_response()
}

/// `POST /login/device`
pub(super) async fn decide(State(app): State<App>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let now = world.now();
    let user = world.github.browser_user.clone();
    let typed = form.get("user_code").map(|code| code.trim().to_ascii_uppercase()).unwrap_or_default();
    let code = world
        .github
        .device_codes
        .iter_mut()
        .find(|code| code.user_code == typed && code.state == DeviceState::Waiting && code.expires_at > now);
    let Some(code) = code else {
        return Page::new("Device activation")
            .refuse("That code is not valid. Check it, or start again on your device.")
            .with_status(StatusCode::UNPROCESSABLE_ENTITY);
    };
    if form.get("decision").is_some_and(|decision| decision == "cancel") {
        code.state = DeviceState::Denied;
        return Page::new("Device activation").say("The request was denied.").into_response();
    }
    code.state = DeviceState::Approved { user };
    Page::new("Congratulations, you're all set!").say("Your device is now connected.").into_response()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

/// The same fields as JSON or form-encoded, as the client asked.
fn answer(status: StatusCode, headers: &HeaderMap, body: Map<String, Value>) -> Response {
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    if wants_json {
        return respond::json(status, Value::Object(body));
    }
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &body {
        form.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    let mut response = respond::bytes("application/x-www-form-urlencoded; charset=utf-8", form.finish().into_bytes());
    *response.status_mut() = status;
    response
}
