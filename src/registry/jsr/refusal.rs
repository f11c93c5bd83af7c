//! What JSR's refusals mean, by their codes (jsr-io/jsr api/src/api/errors.rs, read 2026-08-22).

use super::halves;
use super::wire::Refusal;
use crate::model::{PackageName, Registry, clean_line};
use crate::net::{Answer, StatusCode};
use crate::registry::answers::{net, unexpected};
use crate::registry::{ApiError, Endpoints};

const REGISTRY: Registry = Registry::Jsr;

/// Whether JSR itself says that there is no such package (or no such scope): a proxy's page does not.
pub(super) fn is_absent(answer: &Answer) -> Result<bool, ApiError> {
    if answer.status != StatusCode::NOT_FOUND {
        return Ok(false);
    }
    let refusal = answer.json::<Refusal>().map_err(net(REGISTRY))?;
    Ok(matches!(refusal.code.as_str(), "packageNotFound" | "scopeNotFound"))
}

/// The typed error of an answer that is no success.
pub(super) fn refusal(answer: &Answer, name: &PackageName, endpoints: &Endpoints) -> ApiError {
    if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() {
        return unexpected(REGISTRY, answer);
    }
    match answer.json::<Refusal>() {
        Ok(Refusal { code, message }) => meaning(&code, clean_line(&message, 300), name, endpoints),
        Err(error) => net(REGISTRY)(error),
    }
}

fn meaning(code: &str, message: String, name: &PackageName, endpoints: &Endpoints) -> ApiError {
    let registry = REGISTRY;
    let (scope, package) = halves(name);
    let hint = match code {
        "packageNotFound" => return ApiError::Missing { registry, name: name.clone() },
        "missingAuthentication" => {
            return ApiError::NeedsCredential { registry, hint: "let JSR hand one out by a code".to_owned() };
        }
        "invalidBearerToken" => {
            let hint = "it is mistyped, revoked, or older than its hour: get a new one".to_owned();
            return ApiError::Denied { registry, message, hint };
        }
        "missingPermission" => {
            let hint = "JSR wants a token of the whole account here, not one that is limited to some permissions";
            return ApiError::Denied { registry, message, hint: hint.to_owned() };
        }
        "scopeNotFound" => format!("make the scope @{scope} first, at {}", endpoints.jsr.join(["new"])),
        "actorNotScopeAdmin" => {
            format!("you are a member of @{scope} and no admin: ask one of its admins, named at {}", members(name, endpoints))
        }
        "actorNotScopeMember" => format!("you are no member of @{scope}: ask one of its admins for an invitation"),
        "actorNotAuthorized" | "actorNotUser" => "JSR takes this from a person's account alone".to_owned(),
        "blocked" => "write to help@jsr.io: the account is blocked".to_owned(),
        "githubRepositoryNotFound" => {
            "check the repository's name; JSR sees public repositories alone, with your account's own eyes".to_owned()
        }
        "githubRepositoryNotPublic" => "JSR links public repositories alone: a private one publishes with a token".to_owned(),
        "githubRepositoryNotAuthorized" => {
            "the GitHub account that your JSR account is connected to has to be able to push to it".to_owned()
        }
        "githubSamlEnforcement" => "your organisation wants SAML sign-on: authorise JSR's GitHub App for it, then try again".to_owned(),
        "packageArchived" => {
            let page = endpoints.jsr.join([format!("@{scope}").as_str(), package, "settings"]);
            format!("take it out of the archive first, at {page}")
        }
        "packageAlreadyExists" => "JSR takes no name that is very similar to one of the scope: choose another".to_owned(),
        "packageNameNotAllowed" => "choose another name: JSR does not allow this one".to_owned(),
        "weeklyPackageLimitExceeded" => "the scope has made all its new packages of seven days: try again when the oldest is a week old, or ask quotas@jsr.io for more".to_owned(),
        "packageLimitExceeded" => "the scope is full: ask quotas@jsr.io for more room".to_owned(),
        _ => "correct that and try again".to_owned(),
    };
    ApiError::Refused { registry, message, hint }
}

fn members(name: &PackageName, endpoints: &Endpoints) -> String {
    endpoints.jsr.join([format!("@{}", halves(name).0).as_str(), "~", "members"]).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::registry::testing::real;
    use crate::report::Report;

    fn told(code: &str) -> (ApiError, String) {
        let error = meaning(code, "its words".to_owned(), &PackageName::new("@acme/widgets").unwrap(), &real());
        (error.clone(), Report::from(error).hint.unwrap())
    }

    #[test]
    fn each_refusal_says_what_to_do() {
        for (code, part) in [
            ("actorNotScopeAdmin", "no admin"),
            ("actorNotScopeMember", "no member of @acme"),
            ("githubRepositoryNotPublic", "public repositories alone"),
            ("githubRepositoryNotAuthorized", "push"),
            ("githubSamlEnforcement", "SAML"),
            ("githubRepositoryNotFound", "repository's name"),
            ("packageArchived", "https://jsr.io/@acme/widgets/settings"),
            ("weeklyPackageLimitExceeded", "week"),
            ("packageLimitExceeded", "full"),
            ("scopeNotFound", "https://jsr.io/new"),
            ("somethingNew", "correct that"),
        ] {
            let (error, hint) = told(code);
            assert!(matches!(&error, ApiError::Refused { message, .. } if message == "its words"), "{code}: {error:?}");
            assert!(hint.contains(part), "{code}: {hint}");
        }
        assert!(matches!(told("packageNotFound").0, ApiError::Missing { .. }));
        assert!(matches!(told("missingAuthentication").0, ApiError::NeedsCredential { .. }));
        for code in ["invalidBearerToken", "missingPermission"] {
            assert!(matches!(told(code).0, ApiError::Denied { .. }), "{code}");
        }
    }
}
