//! Tokens of crates.io and what they open.

use axum::http::{HeaderMap, StatusCode, header};

use super::ApiError;
use crate::sandbox::world::crates_io::{ApiToken, CratesIo, EndpointScope, TokenScopes, User};

/// What an action asks of a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Need<'a> {
    /// The action; only unscoped tokens open one that has no scope.
    pub(super) scope: Option<EndpointScope>,
    /// The crate that it is about.
    pub(super) krate: Target<'a>,
}

/// The crate that an action is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// This one.
    Crate(&'a str),
    /// Several; the caller leaves out those that the token does not open.
    Any,
}

const LACKS_PERMISSION: &str = "this token does not have the required permissions to perform this action";

pub(super) const INSECURE_TOKEN: &str = "The given API token does not match the format used by crates.io. Tokens generated before \
2020-07-14 were generated with an insecure random number generator, and have been revoked. You can generate a new token \
at https://crates.io/me. For more information please see https://blog.rust-lang.org/2020/07/14/crates-io-security-advisory.html. \
We apologize for any inconvenience.";

/// The token that came along, with or without `Bearer`.
pub(super) fn token<'c>(crates_io: &'c CratesIo, headers: &HeaderMap) -> Result<&'c ApiToken, ApiError> {
    if headers.contains_key(header::ORIGIN) {
        return Err(ApiError::forbidden("invalid origin header"));
    }
    let unauthorized = |detail: String| ApiError::new(StatusCode::UNAUTHORIZED, detail);
    let value =
        headers.get(header::AUTHORIZATION).ok_or_else(|| ApiError::forbidden("this action requires authentication"))?;
    let value = value.to_str().map_err(|_| {
        unauthorized("Invalid `Authorization` header: Found unexpected non-ASCII characters".to_owned())
    })?;
    let (scheme, token) = value.split_once(' ').unwrap_or(("", value));
    if !scheme.is_empty() && !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorized(format!(
            "Invalid `Authorization` header: Found unexpected authentication scheme `{scheme}`"
        )));
    }
    let token = token.trim();
    if !token.starts_with("cio") {
        return Err(unauthorized(INSECURE_TOKEN.to_owned()));
    }
    crates_io
        .tokens
        .iter()
        .find(|known| known.value == token)
        .ok_or_else(|| ApiError::forbidden("authentication failed"))
}

/// The token and its user, when the token opens this.
pub(super) fn check<'c>(
    crates_io: &'c CratesIo,
    headers: &HeaderMap,
    need: Need<'_>,
) -> Result<(&'c ApiToken, &'c User), ApiError> {
    let token = token(crates_io, headers)?;
    let user = crates_io.user(&token.user).ok_or_else(|| ApiError::forbidden("authentication failed"))?;
    let TokenScopes::Scoped { endpoints, .. } = &token.scopes else {
        return Ok((token, user));
    };
    let acts = need.scope.is_some_and(|scope| endpoints.contains(&scope));
    let reaches = match need.krate {
        Target::Crate(name) => opens(token, name),
        Target::Any => true,
    };
    match acts && reaches {
        true => Ok((token, user)),
        false => Err(ApiError::forbidden(LACKS_PERMISSION)),
    }
}

/// Whether the token's list of crates has this one: by name, `prefix*` or `*`. An empty list has all.
pub(super) fn opens(token: &ApiToken, name: &str) -> bool {
    let TokenScopes::Scoped { crates, .. } = &token.scopes else {
        return true;
    };
    crates.is_empty()
        || crates.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => name.starts_with(prefix),
            None => name == pattern,
        })
}

/// Refuses a token from before scopes, where the server wants to know exactly what it may.
pub(super) fn refuse_legacy(token: &ApiToken) -> Result<(), ApiError> {
    match token.scopes {
        TokenScopes::Scoped { .. } => Ok(()),
        TokenScopes::Legacy => Err(ApiError::forbidden(
            "This endpoint cannot be used with legacy API tokens. Use a scoped API token instead.",
        )),
    }
}
