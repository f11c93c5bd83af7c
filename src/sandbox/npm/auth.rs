//! npm's tokens: who is it, and may they write.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use super::{App, NpmError};
use crate::sandbox::respond;
use crate::sandbox::world::npm::{Npm, Package, Token};

/// The token that came along and works.
pub(super) fn token(npm: &Npm, headers: &HeaderMap) -> Result<Token, NpmError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, value) = value.and_then(|value| value.split_once(' ')).ok_or_else(NpmError::unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(NpmError::unauthorized());
    }
    let found = npm.tokens.iter().find(|token| token.value == value.trim());
    found.cloned().ok_or_else(NpmError::unauthorized)
}

/// The package, when this user may change it.
pub(super) fn own<'n>(npm: &'n mut Npm, user: &str, name: &str) -> Result<&'n mut Package, NpmError> {
    // Since October 2026 the registry answers alike for a package that is not there and one of somebody else.
    npm.package_mut(name)
        .filter(|package| package.maintainers.iter().any(|one| one == user))
        .ok_or_else(|| NpmError::forbidden("You do not have permission to change this package"))
}

/// `GET /-/whoami`
pub(super) async fn whoami(State(app): State<App>, headers: HeaderMap) -> Result<Response, NpmError> {
    let world = app.world();
    let token = token(&world.npm, &headers)?;
    Ok(respond::json(StatusCode::OK, json!({ "username": token.user })))
}
