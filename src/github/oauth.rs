//! The oauth2 crate over untoken's own HTTP client, and GitHub's dialect translated for it.
//!
//! GitHub answers errors with status 200, spells one of them in two ways, and sends a new interval with `slow_down`. The
//! crate expects status 400 and the RFC's words, so every answer passes [`translate`] first.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::http::Response;
use oauth2::{
    AsyncHttpClient, AuthType, Client, DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, HttpResponse, RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse as _,
    TokenUrl,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ClientId, Endpoints, SignInError, Token, TokenSource};
use crate::model::Timestamp;
use crate::net::{Answer, Http};

/// What GitHub adds to a token answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct GithubFields {
    /// How long the refresh token is good, in seconds.
    refresh_token_expires_in: Option<i64>,
}

impl ExtraTokenFields for GithubFields {}

/// A token answer of GitHub's.
pub(super) type TokenAnswer = StandardTokenResponse<GithubFields, BasicTokenType>;

/// The crate's client, with GitHub's fields.
pub(super) type OauthClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The client for an App. There is no client secret in the device flow.
pub(super) fn client(endpoints: &Endpoints, client_id: &ClientId) -> OauthClient {
    Client::new(oauth2::ClientId::new(client_id.as_str().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_device_authorization_url(DeviceAuthorizationUrl::from_url(endpoints.web.join(["login", "device", "code"])))
        .set_token_uri(TokenUrl::from_url(endpoints.web.join(["login", "oauth", "access_token"])))
}

/// Asks once, without a pace of its own. A type and not a closure: futures of closures that borrow cannot be spawned.
pub(super) struct Once<'a>(pub(super) &'a Http);

impl<'c> AsyncHttpClient<'c> for Once<'_> {
    type Error = SignInError;
    type Future = BoxFuture<'c, Result<HttpResponse, SignInError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        async move { translate(send(self.0, request).await?) }.boxed()
    }
}

/// Sends a request that the crate has made up.
pub(super) async fn send(http: &Http, request: HttpRequest) -> Result<Answer, SignInError> {
    let url = Url::parse(&request.uri().to_string()).map_err(|_| SignInError::Strange)?;
    let form = request.into_body();
    let request = http.post(url).header("accept", "application/json").body("application/x-www-form-urlencoded", form);
    Ok(request.send().await?)
}

/// What an answer says beside the token.
#[derive(Debug, Deserialize)]
pub(super) struct Refusal {
    /// The OAuth error word.
    pub(super) error: Option<String>,
    /// The interval from now on, in seconds.
    pub(super) interval: Option<u64>,
}

impl Refusal {
    /// Reads it; an answer that is no JSON object says nothing.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        answer.json::<Self>().ok()
    }

    /// The interval as time.
    pub(super) fn interval(&self) -> Option<Duration> {
        self.interval.map(Duration::from_secs)
    }
}

/// An answer as the crate expects it: an `error` in a success becomes status 400, in the RFC's spelling. Answers that say
/// nothing about the sign-in (an outage, a web page) are errors.
pub(super) fn translate(answer: Answer) -> Result<HttpResponse, SignInError> {
    let status = answer.status.as_u16();
    if status == 429 || answer.status.is_server_error() {
        return Err(SignInError::Unavailable { status });
    }
    let word = match status {
        404 => Some("incorrect_client_credentials".to_owned()), // No such App.
        // A web page or broken JSON has an error of its own, which says so.
        _ => answer.json::<Refusal>()?.error,
    };
    let (status, body) = match word.as_deref() {
        Some(word) => {
            let word = if word == "token_expired" { "expired_token" } else { word };
            (400, serde_json::json!({ "error": word }).to_string().into_bytes())
        }
        None => (status, answer.body),
    };
    let response = Response::builder().status(status).header("content-type", "application/json").body(body);
    response.map_err(|_| SignInError::Strange)
}

/// The crate's error in words of ours. Its parse error carries the body, which may hold a token: it is dropped here.
pub(super) fn sign_in_error<E>(error: RequestTokenError<SignInError, E>, client_id: &ClientId) -> SignInError
where
    E: oauth2::ErrorResponse + 'static,
    E: ErrorWord,
{
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => by_word(&response.word(), client_id),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => SignInError::Strange,
    }
}

/// An error answer of the crate's, as GitHub's word.
pub(super) trait ErrorWord {
    /// The word.
    fn word(&self) -> String;
}

impl<T: oauth2::ErrorResponseType + AsRef<str> + 'static> ErrorWord for oauth2::StandardErrorResponse<T> {
    fn word(&self) -> String {
        self.error().as_ref().to_owned()
    }
}

fn by_word(word: &str, client_id: &ClientId) -> SignInError {
    let client_id = client_id.to_string();
    match word {
        "access_denied" => SignInError::Denied,
        "expired_token" => SignInError::Expired,
        "incorrect_device_code" => SignInError::StaleCode,
        "device_flow_disabled" => SignInError::DeviceFlowDisabled { client_id },
        "incorrect_client_credentials" | "invalid_client" => SignInError::UnknownApp { client_id },
        "bad_refresh_token" | "invalid_grant" => SignInError::CannotRenew,
        CLOCK_DRIFT => SignInError::ClockDrift,
        word => SignInError::Refused { code: crate::model::clean_line(word, 60) },
    }
}

/// Our own word for a second `slow_down`: it ends the crate's loop, which would go on for ever.
pub(super) const CLOCK_DRIFT: &str = "untoken_clock_drift";

/// The token of an answer.
pub(super) fn token(answer: &TokenAnswer, source: TokenSource, client_id: &ClientId, now: Timestamp) -> Token {
    let ends = |seconds: i64| now.plus(seconds);
    Token {
        refresh: answer.refresh_token().map(|t| t.secret().as_str().into()),
        expires: answer.expires_in().map(|d| ends(i64::try_from(d.as_secs()).unwrap_or(i64::MAX))),
        refresh_expires: answer.extra_fields().refresh_token_expires_in.map(ends),
        client_id: Some(client_id.clone()),
        ..Token::new(answer.access_token().secret().as_str().into(), source)
    }
}
