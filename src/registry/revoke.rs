//! Where a long-lived token is revoked: to delete the secret that holds it leaves the token itself good.

use super::rules::{documented, from_source};
use super::{Endpoints, Rule};
use crate::model::{Link, Registry};

/// The page on which a person revokes the tokens of a registry, and where that was read.
#[must_use]
pub fn revoke_page(registry: Registry, endpoints: &Endpoints) -> Rule<Link> {
    let link = |label: &str, url: String| Link { label: label.to_owned(), url, prefilled: false };
    match registry {
        Registry::CratesIo => from_source(
            link("your API tokens", endpoints.crates_io.join(["settings", "tokens"]).into()),
            "rust-lang/crates.io app/router.js",
            "2026-08-21",
        ),
        // The list lies below the account's own name, which untoken does not know here: the menu of this page leads there.
        Registry::Npm => documented(
            link("the menu of your picture, Access Tokens", endpoints.npm_site.join([]).into()),
            "docs.npmjs.com/revoking-access-tokens",
            "2026-11-21",
        ),
        Registry::Pypi => documented(
            link("your account, API tokens", endpoints.pypi.join(["manage", "account", ""]).into()),
            "pypi.org/help/#apitoken",
            "2026-08-21",
        ),
        Registry::Jsr => from_source(
            link("your tokens", endpoints.jsr.join(["account", "tokens"]).into()),
            "jsr-io/jsr frontend/routes/account/tokens",
            "2026-08-22",
        ),
        // A credential of pub.dev is a login of a Google account.
        Registry::PubDev => documented(
            link("Google: connections of your account", "https://myaccount.google.com/connections".to_owned()),
            "dart-lang/site-www src/content/tools/pub/automated-publishing.md",
            "2026-08-21",
        ),
        Registry::RubyGems => documented(
            link("your API keys", endpoints.rubygems.join(["profile", "api_keys"]).into()),
            "guides.rubygems.org/api-key-scopes",
            "2026-08-21",
        ),
        Registry::Nuget => documented(
            link("your API keys", endpoints.nuget.join(["account", "apikeys"]).into()),
            "NuGet/docs.microsoft.com-nuget docs/nuget-org/scoped-api-keys.md",
            "2026-08-07",
        ),
    }
}
