//! Renews a sign-in before it ends. What renews it works once: two processes that try at the same time lose it, so one
//! holds a lock and the other reads what the first has stored.

use oauth2::RefreshToken;
use secrecy::ExposeSecret;

use super::{Endpoints, SignInError, Token, TokenSource, TokenStore, oauth};
use crate::net::Http;

/// The token, renewed if it ends within a minute. Only what untoken obtained itself is renewed; any other token comes back
/// as it is. The new pair is stored before it is handed on.
pub async fn ensure_fresh(
    http: &Http,
    endpoints: &Endpoints,
    store: &TokenStore,
    token: &Token,
) -> Result<Token, SignInError> {
    let clock = http.clock();
    if !token.source.is_own() || !token.is_ending(clock.now()) {
        return Ok(token.clone());
    }
    let _lock = store.lock(clock.as_ref()).await?;
    // What is kept may be newer (another process was faster) or older (this one could not be kept) than what is held.
    let kept = store.load().await?.filter(|kept| kept.expires >= token.expires);
    let latest = kept.as_ref().unwrap_or(token);
    if !latest.is_ending(clock.now()) {
        return Ok(latest.clone());
    }
    let renewed = match renew(http, endpoints, latest).await {
        Err(SignInError::CannotRenew) if kept.is_some() => {
            store.forget().await?;
            return Err(SignInError::CannotRenew);
        }
        renewed => renewed?,
    };
    if let Err(error) = store.save(&renewed).await {
        // The old pair is dead and the new one is good: this run goes on with it, the next one signs in again.
        tracing::warn!(%error, "the renewed sign-in could not be kept");
    }
    Ok(renewed)
}

async fn renew(http: &Http, endpoints: &Endpoints, token: &Token) -> Result<Token, SignInError> {
    let (Some(refresh), Some(client_id)) = (&token.refresh, &token.client_id) else {
        return Err(SignInError::CannotRenew);
    };
    let now = http.clock().now();
    if token.refresh_expires.is_some_and(|end| end <= now) {
        return Err(SignInError::CannotRenew);
    }
    let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
    let answer = oauth::client(endpoints, client_id)
        .exchange_refresh_token(&refresh)
        .request_async(&oauth::Once(http))
        .await
        .map_err(|e| oauth::sign_in_error(e, client_id))?;
    Ok(oauth::token(&answer, TokenSource::Stored, client_id, now))
}

#[cfg(test)]
mod tests;
