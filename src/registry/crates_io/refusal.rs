//! What crates.io's refusals mean. Its statuses alone don't tell: four different mistakes are a 403.

use super::guide::token_page;
use super::wire::Errors;
use crate::model::{PackageName, Registry, clean_line};
use crate::net::{Answer, StatusCode};
use crate::registry::answers::{net, unexpected};
use crate::registry::{ApiError, Endpoints};

const REGISTRY: Registry = Registry::CratesIo;

/// The typed error of an answer that is no success.
pub(super) fn refusal(answer: &Answer, name: &PackageName, endpoints: &Endpoints) -> ApiError {
    if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() {
        return unexpected(REGISTRY, answer);
    }
    match answer.json::<Errors>() {
        Ok(errors) => meaning(answer.status.as_u16(), clean_line(&errors.text(), 300), name, endpoints),
        Err(error) => net(REGISTRY)(error),
    }
}

/// By status and by the stable part of the server's words (its source, read 2026-08-21).
fn meaning(status: u16, message: String, name: &PackageName, endpoints: &Endpoints) -> ApiError {
    let registry = REGISTRY;
    let says = |part: &str| message.contains(part);
    let at = |path: &[&str]| endpoints.crates_io.join(path.iter().copied());
    let new_token = format!("make one with the scope trusted-publishing at {}", token_page(endpoints));
    let denied = |hint: String| ApiError::Denied { registry, message: message.clone(), hint };
    let refused = |hint: String| ApiError::Refused { registry, message: message.clone(), hint };
    match status {
        404 => ApiError::Missing { registry, name: name.clone() },
        403 if says("requires authentication") => ApiError::NeedsCredential { registry, hint: new_token },
        403 if says("authentication failed") => denied(format!("it is mistyped, expired or revoked: {new_token}")),
        403 if says("required permissions") => {
            denied(format!("the token lacks the scope trusted-publishing, or is limited to other crates: {new_token}"))
        }
        403 if says("legacy API tokens") => denied(format!("the token has no scopes: {new_token}")),
        403 if says("verify your email") => refused(format!("verify your address at {}", at(&["settings", "profile"]))),
        401 => denied(format!("this is no token of crates.io's: {new_token}")),
        400 if says("Unknown GitHub user") => {
            refused("check the repository's owner: crates.io looks it up on GitHub".to_owned())
        }
        400 if says("linked GitHub account") => refused("sign in to crates.io with GitHub once".to_owned()),
        400 | 403 if says("not an owner") || says("only owners") => {
            refused("only a person who is an owner may: being in a team that owns it is not enough".to_owned())
        }
        409 => refused(format!("remove one that is no longer used at {}", at(&["crates", name.as_str(), "settings"]))),
        415 | 422 => ApiError::Strange { registry, message: format!("it cannot read what untoken sent: {message}") },
        403 => denied(new_token),
        _ => refused("correct that value and try again".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::real;
    use crate::report::Report;

    fn told(status: u16, message: &str) -> (ApiError, String) {
        let error = meaning(status, message.to_owned(), &PackageName::new("widgets-core").unwrap(), &real());
        (error.clone(), Report::from(error).hint.unwrap())
    }

    #[test]
    fn each_refusal_says_what_to_do() {
        let (error, hint) = told(403, "this action requires authentication");
        assert!(matches!(error, ApiError::NeedsCredential { .. }));
        assert!(hint.ends_with("https://crates.io/settings/tokens/new"), "{hint}");
        for (status, words, part) in [
            (403, "authentication failed", "expired or revoked"),
            (
                401,
                "The given API token does not match the format used by crates.io. Tokens …",
                "no token of crates.io's",
            ),
            (403, "this token does not have the required permissions to perform this action", "lacks the scope"),
            (403, "This endpoint cannot be used with legacy API tokens. Use a scoped …", "has no scopes"),
            (403, "something new", "scope trusted-publishing"),
        ] {
            let (error, hint) = told(status, words);
            assert!(matches!(&error, ApiError::Denied { message, .. } if message == words), "{error:?}");
            assert!(hint.contains(part), "{hint}");
        }
        for (status, words, part) in [
            (400, "Unknown GitHub user or organization", "owner"),
            (400, "Must have a linked GitHub account to create a Trusted Publishing config", "sign in"),
            (400, "You are not an owner of this crate", "team"),
            (403, "only owners have permission to modify crate settings", "team"),
            (403, "You must verify your email address to create a Trusted Publishing config", "settings/profile"),
            (409, "This crate already has the maximum number of … configurations (5)", "crates/widgets-core/settings"),
            (400, "Environment name may not start with whitespace", "correct that value"),
        ] {
            let (error, hint) = told(status, words);
            assert!(matches!(&error, ApiError::Refused { message, .. } if message == words), "{error:?}");
            assert!(hint.contains(part), "{hint}");
        }
        assert!(matches!(told(404, "crate `widgets-core` does not exist").0, ApiError::Missing { .. }));
        assert!(matches!(told(422, "missing field").0, ApiError::Strange { .. }));
        assert!(matches!(told(415, "Expected request with").0, ApiError::Strange { .. }));
    }
}
