//! What RubyGems' refusals mean: plain sentences, told apart by their words (rubygems/rubygems.org config/locales/en.yml,
//! app/controllers/api/base_controller.rb; read 2026-08-22).

use super::guide::keys_page;
use super::wire::Invalid;
use crate::model::{PackageName, Registry, clean_line};
use crate::net::{Answer, StatusCode};
use crate::registry::answers::{net, unexpected};
use crate::registry::{ApiError, Endpoints};

const REGISTRY: Registry = Registry::RubyGems;

/// Whether RubyGems itself says that there is no such gem (or version): a proxy's page does not.
pub(super) fn is_absent(answer: &Answer) -> bool {
    let text = answer.text();
    answer.status == StatusCode::NOT_FOUND
        && text.len() < 200
        && text.contains("could not be found")
        && !text.contains('<')
}

/// The typed error of an answer that is no success.
pub(super) fn refusal(answer: &Answer, name: &PackageName, endpoints: &Endpoints) -> ApiError {
    let registry = REGISTRY;
    let status = answer.status;
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return unexpected(registry, answer);
    }
    if is_absent(answer) {
        return ApiError::Missing { registry, name: name.clone() };
    }
    match (status.as_u16(), answer.json::<Invalid>()) {
        (403 | 422, Ok(invalid)) => meaning(status.as_u16(), invalid.text(), endpoints),
        (401 | 403, Err(_)) if !answer.text().contains('<') => {
            meaning(status.as_u16(), clean_line(&answer.text(), 300), endpoints)
        }
        (_, Err(error)) if answer.text().contains('<') => net(registry)(error),
        _ => unexpected(registry, answer),
    }
}

fn meaning(status: u16, message: String, endpoints: &Endpoints) -> ApiError {
    let registry = REGISTRY;
    let says = |part: &str| message.contains(part);
    let new_key = format!("make a key with the scope configure_trusted_publishers at {}", keys_page(endpoints));
    if status == 401 && (says("OTP code") || says("multifactor")) {
        return ApiError::NeedsSecondFactor { registry, page: None };
    }
    let hint = match status {
        401 => {
            return ApiError::Denied {
                registry,
                message,
                hint: format!("it is mistyped, expired or deleted: {new_key}"),
            };
        }
        403 if says("cannot perform the specified action") || says("invalid API key") => {
            let hint = format!(
                "the key lacks the scope configure_trusted_publishers, or is limited to another gem: {new_key}"
            );
            return ApiError::Denied { registry, message, hint };
        }
        403 if says("confirm your email") => "confirm your address by the link in RubyGems' mail".to_owned(),
        403 if says("multifactor") || says("MFA") => {
            format!(
                "turn on the second factor that RubyGems asks for, at {}",
                endpoints.rubygems.join(["settings", "edit"])
            )
        }
        403 => {
            "you have to be an owner of the gem: a maintainer may not do this, nor may a key that belongs to no person"
                .to_owned()
        }
        _ if says("repository owner id") => "check the repository's owner: RubyGems looks it up on GitHub".to_owned(),
        _ => "correct that value and try again".to_owned(),
    };
    ApiError::Refused { registry, message, hint }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::real;
    use crate::report::Report;

    fn told(status: u16, message: &str) -> (ApiError, String) {
        let error = meaning(status, message.to_owned(), &real());
        (error.clone(), Report::from(error).hint.unwrap())
    }

    #[test]
    fn each_refusal_says_what_to_do() {
        for words in [
            "You have enabled multifactor authentication but no OTP code provided. Please fill it and retry.",
            "Your OTP code is incorrect. Please check it and retry.",
        ] {
            assert!(matches!(told(401, words).0, ApiError::NeedsSecondFactor { page: None, .. }), "{words}");
        }
        for (status, words, part) in [
            (401, "Access Denied. Please sign up for an account at https://rubygems.org", "profile/api_keys"),
            (403, "This API key cannot perform the specified action on this gem.", "configure_trusted_publishers"),
        ] {
            let (error, hint) = told(status, words);
            assert!(matches!(&error, ApiError::Denied { message, .. } if message == words), "{error:?}");
            assert!(hint.contains(part), "{hint}");
        }
        for (status, words, part) in [
            (403, "The API key doesn't have access", "owner of the gem"),
            (403, "Please confirm your email address before using the API.", "confirm your address"),
            (403, "[ERROR] Your account is required to have MFA enabled", "second factor"),
            (422, "repository owner id can't be blank", "looks it up on GitHub"),
            (422, "workflow filename must end with .yml or .yaml", "correct that value"),
        ] {
            let (error, hint) = told(status, words);
            assert!(matches!(&error, ApiError::Refused { message, .. } if message == words), "{error:?}");
            assert!(hint.contains(part), "{hint}");
        }
    }
}
