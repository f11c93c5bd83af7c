//! JSR's device flow: a code that a person approves on JSR's page, for a token of the whole account that lasts an hour.
//!
//! jsr-io/jsr api/src/api/authorization.rs, read 2026-08-22. The verifier and the exchange token never leave this function.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::wire::{Authorization, Authorize, Exchange, Exchanged, Refusal};
use crate::model::{Registry, Timestamp, clean_line};
use crate::net::{Answer, Http, NetError, StatusCode};
use crate::registry::answers::{net, unexpected};
use crate::registry::{ApiError, AuthorizeEvent, Endpoints};

const REGISTRY: Registry = Registry::Jsr;
/// JSR says two seconds; what it says is kept within these.
const PACE: std::ops::RangeInclusive<u64> = 1..=30;

/// Runs until the person has approved or refused, or the code has ended; dropping it gives up.
pub(super) async fn authorize(
    http: &Http,
    endpoints: &Endpoints,
    progress: &(dyn Fn(AuthorizeEvent) + Send + Sync),
) -> Result<SecretString, ApiError> {
    let verifier = verifier()?;
    let challenge = STANDARD.encode(Sha256::digest(verifier.expose_secret().as_bytes()));
    let begin = Authorize { challenge: &challenge, permissions: None };
    let answer =
        http.post(endpoints.jsr_api.join(["authorizations"])).json(&begin).send().await.map_err(net(REGISTRY))?;
    if !answer.is_success() {
        return Err(refused(&answer));
    }
    let started = answer.json::<Authorization>().map_err(net(REGISTRY))?;
    let expires = Timestamp::parse(&started.expires_at).ok_or_else(|| strange("its code has no end"))?;
    let code = clean_line(&started.code, 40);
    let page = own_page(endpoints, &started.verification_url, &code)?;
    progress(AuthorizeEvent::Code { code, page: page.into(), expires });

    let pause = Duration::from_secs(started.poll_interval.clamp(*PACE.start(), *PACE.end()));
    let mut in_trouble = false;
    loop {
        http.clock().sleep(pause).await;
        match exchange(http, endpoints, &started, &verifier).await {
            Ok(Some(token)) => return Ok(token),
            Ok(None) => {
                if std::mem::take(&mut in_trouble) {
                    progress(AuthorizeEvent::Recovered);
                }
            }
            Err(ApiError::Net { source, .. }) if !matches!(source, NetError::Unsendable { .. }) => {
                in_trouble = true;
                progress(AuthorizeEvent::Trouble(source.to_string()));
            }
            Err(ApiError::Unwell { status, .. }) => {
                in_trouble = true;
                progress(AuthorizeEvent::Trouble(format!("{REGISTRY} answers HTTP {status}")));
            }
            Err(error) => return Err(error),
        }
        if http.clock().now() >= expires {
            return Err(ended("the code has ended"));
        }
    }
}

/// Asks once; `None`: the person has not acted yet.
async fn exchange(
    http: &Http,
    endpoints: &Endpoints,
    started: &Authorization,
    verifier: &SecretString,
) -> Result<Option<SecretString>, ApiError> {
    let body = Exchange { exchange_token: started.exchange_token.expose_secret(), verifier: verifier.expose_secret() };
    let url = endpoints.jsr_api.join(["authorizations", "exchange"]);
    let answer = http.post(url).json(&body).send().await.map_err(net(REGISTRY))?;
    if answer.is_success() {
        return answer.json::<Exchanged>().map(|done| Some(done.token)).map_err(net(REGISTRY));
    }
    match answer.json::<Refusal>().map(|refusal| refusal.code) {
        Ok(code) if code == "authorizationPending" => Ok(None),
        Ok(code) if code == "authorizationDenied" => Err(ended("you refused it on JSR's page")),
        Ok(code) if code == "authorizationExpired" => Err(ended("the code has ended")),
        // It is handed out once: an answer that was lost took it along.
        Ok(code) if code == "authorizationNotFound" => Err(ended("JSR no longer knows the code")),
        _ => Err(refused(&answer)),
    }
}

fn refused(answer: &Answer) -> ApiError {
    if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() {
        return unexpected(REGISTRY, answer);
    }
    match answer.json::<Refusal>() {
        Ok(refusal) => ended(&clean_line(&refusal.message, 300)),
        Err(error) => net(REGISTRY)(error),
    }
}

/// The page with the code in it, if it is on the site that the person believes to be on.
fn own_page(endpoints: &Endpoints, page: &str, code: &str) -> Result<Url, ApiError> {
    let home = endpoints.jsr.join([]);
    let mut page = Url::parse(page)
        .ok()
        .filter(|page| page.origin() == home.origin() && page.username().is_empty() && page.password().is_none())
        .ok_or_else(|| strange("its code leads to another site"))?;
    page.query_pairs_mut().append_pair("code", code);
    Ok(page)
}

/// 32 random bytes as text.
fn verifier() -> Result<SecretString, ApiError> {
    let mut bytes = [0_u8; 32];
    let random = rustls::crypto::ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| strange("this system gives no random bytes"))?;
    Ok(SecretString::from(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

fn ended(why: &str) -> ApiError {
    ApiError::Refused {
        registry: REGISTRY,
        message: why.to_owned(),
        hint: "begin again: a new code is free".to_owned(),
    }
}

fn strange(message: &str) -> ApiError {
    ApiError::Strange { registry: REGISTRY, message: message.to_owned() }
}
