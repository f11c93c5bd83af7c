//! `POST /credentials/revoke`: ends tokens without a secret. It takes no credential; with one it refuses.

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::App;
use super::auth::{ApiError, Caller};

/// How many credentials one call may name (GitHub's OpenAPI description, 2026).
const MOST: usize = 1000;

/// The body of the call.
#[derive(Debug, Deserialize)]
pub(super) struct Body {
    credentials: Vec<String>,
}

/// `POST /credentials/revoke`
pub(super) async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    body: Result<Json<Body>, JsonRejection>,
) -> Result<Response, ApiError> {
    if matches!(caller, Caller::Token(_)) {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "This endpoint does not accept authentication"));
    }
    let Json(body) = body.map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, "Problems parsing JSON"))?;
    if body.credentials.is_empty() || body.credentials.len() > MOST {
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed"));
    }
    let mut world = app.world();
    let named = |value: &str| body.credentials.iter().any(|given| given == value);
    let now = world.now();
    for token in &mut world.github.tokens {
        token.refresh.take_if(|refresh| named(&refresh.value));
        if named(&token.value) {
            // Nobody says that the refresh token goes with it, so here it does not: a client has to name both.
            token.expires_at = Some(now);
        }
    }
    world.github.tokens.retain(|token| !named(&token.value) || token.refresh.is_some());
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}
