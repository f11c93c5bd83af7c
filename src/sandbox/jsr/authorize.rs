//! The device flow: a code, and the token for which it is exchanged once.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{ApiError, App};
use crate::sandbox::fault::FaultKind;
use crate::sandbox::respond;
use crate::sandbox::world::jsr::{Authorization, AuthorizationState, CODE_LIFE, Reach, TOKEN_LIFE};

#[derive(Deserialize)]
struct Begin {
    challenge: String,
    permissions: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exchange {
    exchange_token: String,
    verifier: String,
}

/// `POST /authorizations`
pub(super) async fn begin(State(app): State<App>, body: Bytes) -> Result<Response, ApiError> {
    let wish: Begin = serde_json::from_slice(&body).map_err(|error| ApiError::malformed(&error.to_string()))?;
    let mut world = app.world();
    let expires_at = world.now() + CODE_LIFE;
    let code = world.jsr.mint_code();
    let exchange_token: String =
        Sha256::digest(world.jsr.mint()).iter().take(20).map(|byte| format!("{byte:02x}")).collect();
    let reach = if wish.permissions.is_some() { Reach::Permissions } else { Reach::Account };
    let body = json!({
        "verificationUrl": format!("{}/auth", app.urls().jsr),
        "code": code,
        "exchangeToken": exchange_token,
        "pollInterval": 2,
        "expiresAt": expires_at.to_rfc3339_opts(SecondsFormat::Micros, true),
    });
    world.jsr.authorizations.push(Authorization {
        code,
        exchange_token,
        challenge: wish.challenge,
        reach,
        expires_at,
        state: AuthorizationState::Waiting,
    });
    Ok(respond::json(StatusCode::OK, body))
}

/// `POST /authorizations/exchange`
pub(super) async fn exchange(State(app): State<App>, body: Bytes) -> Result<Response, ApiError> {
    let struck = app.faults().strike_poll("jsr-api:/authorizations/exchange");
    let wish: Exchange = serde_json::from_slice(&body).map_err(|error| ApiError::malformed(&error.to_string()))?;
    match struck {
        Some(FaultKind::Expired) => return Err(ApiError::of("authorizationExpired")),
        Some(FaultKind::Denied) => return Err(ApiError::of("authorizationDenied")),
        _ => {}
    }
    let mut world = app.world();
    let now = world.now();
    let known = world.jsr.authorizations.iter().position(|one| one.exchange_token == wish.exchange_token);
    let at = known.ok_or_else(|| ApiError::of("authorizationNotFound"))?;
    let one = world.jsr.authorizations[at].clone();
    if one.state != AuthorizationState::Waiting {
        world.jsr.authorizations.remove(at);
    }
    if one.expires_at < now {
        return Err(ApiError::of("authorizationExpired"));
    }
    let user = match one.state {
        AuthorizationState::Waiting => return Err(ApiError::of("authorizationPending")),
        AuthorizationState::Denied => return Err(ApiError::of("authorizationDenied")),
        AuthorizationState::Approved(user) => user,
    };
    if one.challenge != STANDARD.encode(Sha256::digest(wish.verifier.as_bytes())) {
        return Err(ApiError::of("authorizationInvalidVerifier"));
    }
    let token = world.jsr.add_token("jsrd_", &user, one.reach, Some(now + TOKEN_LIFE));
    let user = json!({ "id": "5a9d0000-0000-4000-8000-000000000001", "name": user });
    Ok(respond::json(StatusCode::OK, json!({ "token": token, "user": user })))
}
