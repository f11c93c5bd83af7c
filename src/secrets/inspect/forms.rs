//! Tokens that are known by a prefix and the characters behind it.
//!
//! GitHub's, JSR's and crates.io's short-lived ones stand in their own sources and documentation (read November 2026); the
//! others are told by the form of the tokens that the registries hand out. A form that is not here is unknown, and said so.

use super::{Issuer, Known};
use crate::model::Registry;

/// A prefix, how many characters follow at least, and what it is. The longer of two prefixes stands first.
const PREFIXES: [(&str, usize, Known); 14] = [
    (
        "cio_tp_",
        16,
        short(
            Issuer::Registry(Registry::CratesIo),
            "token that an OIDC token was exchanged for",
            "It ends half an hour after it was made.",
        ),
    ),
    (
        "cio",
        29,
        long(
            Issuer::Registry(Registry::CratesIo),
            "API token",
            "Its scopes, crates and end stand on https://crates.io/settings/tokens; crates.io tells them to nobody else.",
        ),
    ),
    (
        "npm_",
        30,
        long(
            Issuer::Registry(Registry::Npm),
            "access token",
            "Granular tokens and those before them look alike: npm's page of access tokens tells which it is, and when it ends.",
        ),
    ),
    (
        "jsrp_",
        16,
        long(
            Issuer::Registry(Registry::Jsr),
            "personal token",
            "Its permissions and end stand on https://jsr.io/account/tokens.",
        ),
    ),
    (
        "jsrd_",
        16,
        short(Issuer::Registry(Registry::Jsr), "token of a sign-in by code", "It ends an hour after it was made."),
    ),
    (
        "rubygems_",
        32,
        long(
            Issuer::Registry(Registry::RubyGems),
            "API key",
            "Its scopes, gem and end stand on https://rubygems.org/profile/api_keys.",
        ),
    ),
    (
        "oy2",
        40,
        long(
            Issuer::Registry(Registry::Nuget),
            "API key",
            "Its scopes, packages and end (a year at most) stand on https://www.nuget.org/account/apikeys.",
        ),
    ),
    (
        "github_pat_",
        20,
        long(
            Issuer::GitHub,
            "fine-grained personal access token",
            "Its repositories, permissions and end stand on https://github.com/settings/personal-access-tokens.",
        ),
    ),
    (
        "ghp_",
        20,
        long(
            Issuer::GitHub,
            "classic personal access token",
            "Its scopes reach every repository that the account can.",
        ),
    ),
    ("gho_", 20, long(Issuer::GitHub, "OAuth token", "An application, such as gh, signed in with it.")),
    ("ghu_", 20, short(Issuer::GitHub, "user token of a GitHub App", "It usually ends after eight hours.")),
    (
        "ghs_",
        20,
        short(
            Issuer::GitHub,
            "installation token of a GitHub App",
            "It ends after an hour; a run's GITHUB_TOKEN is one.",
        ),
    ),
    (
        "ghr_",
        20,
        long(Issuer::GitHub, "refresh token of a GitHub App", "It can be exchanged for another token for six months."),
    ),
    ("eyJ", 40, short(Issuer::Anybody, "JSON Web Token", "An OIDC token of a run is one, and ends after minutes.")),
];

/// A UUID in the place of a token.
const UUID: Known =
    long(Issuer::Perhaps(Registry::Npm), "legacy token, if it is npm's", "npm's oldest tokens have this form.");

const fn long(issuer: Issuer, what: &'static str, note: &'static str) -> Known {
    Known { issuer, what, note, short_lived: false }
}

const fn short(issuer: Issuer, what: &'static str, note: &'static str) -> Known {
    Known { issuer, what, note, short_lived: true }
}

/// What a text of this form is.
pub(super) fn known(token: &str) -> Option<Known> {
    let plain = |rest: &str| rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    let by_prefix = PREFIXES
        .iter()
        .find(|(prefix, least, _)| token.strip_prefix(prefix).is_some_and(|rest| rest.len() >= *least && plain(rest)));
    by_prefix.map(|(.., known)| *known).or_else(|| is_uuid(token).then_some(UUID))
}

fn is_uuid(token: &str) -> bool {
    let parts: Vec<&str> = token.split('-').collect();
    let hex = |part: &&str| part.bytes().all(|b| b.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(hex)
}
