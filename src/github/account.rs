//! Who is signed in, what the token may do, and the end of a sign-in.

use secrecy::ExposeSecret;

use super::api::Api;
use super::error::scopes;
use super::wire::{Installation, User};
use super::{Endpoints, GithubError, Token, TokenKind};
use crate::model::{Identity, RepoSlug, TokenReach, clean_line};
use crate::net::Http;

/// Who the token speaks for, and what it may do as far as GitHub tells. For an App that is its permissions on the account
/// that owns `slug`; without a slug they are not asked for.
pub async fn identify(
    http: &Http,
    endpoints: &Endpoints,
    token: &Token,
    slug: Option<&RepoSlug>,
) -> Result<Identity, GithubError> {
    let api = Api::new(http, endpoints, Some(token));
    let answer = api.read("the account", api.url(["user"])).await?;
    let user: User = answer.json()?;
    let reach = match (scopes(&answer, "x-oauth-scopes"), slug) {
        (_, Some(slug)) if token.kind == TokenKind::App => app_reach(&api, slug).await,
        (Some(scopes), _) if token.kind != TokenKind::App => TokenReach::Scopes(scopes),
        _ => TokenReach::Untold,
    };
    Ok(Identity { login: clean_line(&user.login, 60), id: user.id, reach })
}

/// An App's permissions where it is installed on the repository's owner. A list that could not be read is no "nowhere".
async fn app_reach(api: &Api<'_>, slug: &RepoSlug) -> TokenReach {
    let Ok(installations) =
        api.list::<Installation>("the App's installations", api.url(["user", "installations"])).await
    else {
        return TokenReach::Untold;
    };
    let here = installations
        .into_iter()
        .find(|i| i.suspended_at.is_none() && i.account.login.eq_ignore_ascii_case(slug.owner()));
    let permissions = here.map(|i| i.permissions).unwrap_or_default();
    let clean = |text: &str| clean_line(text, 60);
    TokenReach::App { permissions: permissions.iter().map(|(name, level)| (clean(name), clean(level))).collect() }
}

/// Ends a sign-in at GitHub: both tokens are revoked, and GitHub tells the person by mail. Asked without the token itself,
/// as GitHub wants it. Only what untoken obtained is revoked.
pub async fn revoke(http: &Http, endpoints: &Endpoints, token: &Token) -> Result<(), GithubError> {
    if !token.source.is_own() {
        return Err(GithubError::NotOurs);
    }
    let credentials: Vec<&str> =
        std::iter::once(&token.secret).chain(&token.refresh).map(ExposeSecret::expose_secret).collect();
    let answer = http
        .post(endpoints.api.join(["credentials", "revoke"]))
        .header("accept", "application/vnd.github+json")
        .json(&serde_json::json!({ "credentials": credentials }))
        .send()
        .await?;
    if answer.is_success() {
        return Ok(());
    }
    Err(match GithubError::of(&answer, "the end of the sign-in", true, endpoints, http.clock().now()) {
        limited @ GithubError::RateLimited { .. } => limited,
        _ => GithubError::Status {
            what: "the end of the sign-in".to_owned(),
            status: answer.status.as_u16(),
            said: "the token may still be good".to_owned(),
        },
    })
}

#[cfg(test)]
mod tests;
