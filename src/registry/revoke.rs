//! Where a long-lived token is revoked: to delete the secret that holds it leaves the token itself good.

use super::rules::{documented, from_source, reported};
use super::{Endpoints, Rule};
use crate::model::{Link, Registry};

/// The page on which a person revokes the tokens of a registry, and where that was read.
#[must_use]
pub fn revoke_page(registry: Registry, endpoints: &Endpoints) -> Rule<Link> {
    let link = |label: &str, url: String| Link { label: label.to_owned(), url, prefilled: false };
    match registry {
        Registry::CratesIo => from_source(
            link("your API tokens", endpoints.crates_io.join(["settings", "tokens"]).into()),
            "rust-lang/crates.io svelte/src/routes/settings/tokens",
            "2026-08-21",
        ),
        // The list lies below the account's own name, which untoken does not know here: the menu of this page leads there.
        Registry::Npm => documented(
            link("the menu of your picture, Access Tokens", endpoints.npm_site.join([]).into()),
            "docs.npmjs.com/revoking-access-tokens",
            "2026-11-21",
        ),
        Registry::Jsr => from_source(
            link("your tokens", endpoints.jsr.join(["account", "tokens"]).into()),
            "jsr-io/jsr frontend",
            "2026-08-22",
        ),
        Registry::Pypi => {
            reported(link("your account, API tokens", endpoints.pypi.join(["manage", "account", ""]).into()), USE, SEEN)
        }
        // A credential of pub.dev is a login of a Google account.
        Registry::PubDev => reported(
            link("Google: connections of your account", "https://myaccount.google.com/connections".to_owned()),
            USE,
            SEEN,
        ),
        Registry::RubyGems => {
            reported(link("your API keys", endpoints.rubygems.join(["profile", "api_keys"]).into()), USE, SEEN)
        }
        Registry::Nuget => {
            reported(link("your API keys", endpoints.nuget.join(["account", "apikeys"]).into()), USE, SEEN)
        }
    }
}

/// What an address rests on that was read in no source: people use it.
const USE: &str = "common use";
/// When that was written down.
const SEEN: &str = "2026-11-21";
