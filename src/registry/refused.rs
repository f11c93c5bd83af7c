//! What a failed publish by OIDC says in the run's log, and what it means: read by a person, for untoken reads no logs.

use crate::model::Registry;

/// Texts to look for in the log of a failed job, each with what it means.
#[must_use]
pub fn refusals(registry: Registry) -> &'static [(&'static str, &'static str)] {
    match registry {
        Registry::CratesIo => &[(
            "400 at the token exchange",
            "no entry fits; the text names what it expected: the owner's id, the file or the environment",
        )],
        Registry::Npm => &[
            ("E404 on PUT, ENEEDAUTH", "no entry fits exactly (case counts), or it has lapsed"),
            ("OIDC permission denied for this action", "the entry is there and does not allow npm publish"),
        ],
        Registry::Pypi => {
            &[("422 invalid-publisher", "no publisher fits; the reason is in parentheses, the claims are printed")]
        }
        Registry::Jsr => &[("actorNotAuthorized, scopeNotAuthorized", "the package is not linked to this repository")],
        Registry::PubDev => &[("403 … because", "the reason follows: another tag pattern, environment or event")],
        Registry::RubyGems => &[("404 at the token exchange", "no publisher fits, or the issuer is not supported")],
        Registry::Nuget => &[(
            "401 No matching trust policy owned by user",
            "the policy belongs to another user, differs, or has expired",
        )],
    }
}
