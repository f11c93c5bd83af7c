//! A request: built up piece by piece, sent once, read within bounds.

use std::sync::Arc;
use std::time::Instant;

use futures::FutureExt as _;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use super::retry::{Attempt, Failure, patience, patiently};
use super::{Answer, Http, NetError, RetryPolicy, Settings, authority, is_loopback};

/// How many redirects a read without credential follows.
const REDIRECTS: usize = 5;

/// How much of a body is read where nothing else is said: 2 MiB.
const LIMIT: u64 = 2 * 1024 * 1024;

/// Where a read may be sent on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follow {
    /// Anywhere, while no credential travels along.
    Anywhere,
    /// To the same scheme, host and port.
    SameOrigin,
    /// Nowhere.
    Nowhere,
}

/// A request that is being made up.
#[must_use]
pub struct Request {
    http: Http,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
    limit: u64,
    attempts: usize,
    credential: bool,
    same_origin: bool,
    problem: Option<NetError>,
}

impl Request {
    pub(super) fn new(http: Http, method: Method, url: Url) -> Self {
        let attempts = if method == Method::GET { http.settings().retry.attempts } else { 1 };
        Self {
            http,
            method,
            url,
            headers: HeaderMap::new(),
            body: Vec::new(),
            limit: LIMIT,
            attempts,
            credential: false,
            same_origin: false,
            problem: None,
        }
    }

    /// With a token as `Authorization: Bearer`.
    pub fn bearer(self, token: &SecretString) -> Self {
        let value = SecretString::from(format!("Bearer {}", token.expose_secret()));
        self.secret_header(AUTHORIZATION, &value)
    }

    /// With a token as the whole `Authorization` (crates.io's way).
    pub fn authorization(self, token: &SecretString) -> Self {
        self.secret_header(AUTHORIZATION, token)
    }

    /// With a one-time code or another secret in a header of its own.
    pub fn secret(mut self, name: &'static str, value: &SecretString) -> Self {
        match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => self.secret_header(name, value),
            Err(_) => {
                self.problem = Some(NetError::Unsendable { what: "a header name" });
                self
            }
        }
    }

    /// With a header that is no secret. One that looks like a credential is treated as one all the same.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(mut value)) => {
                if looks_like_a_credential(&name) {
                    value.set_sensitive(true);
                    self.credential = true;
                }
                self.headers.insert(name, value);
            }
            _ => self.problem = Some(NetError::Unsendable { what: "a header" }),
        }
        self
    }

    /// With a JSON body.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.body("application/json", bytes),
            Err(_) => {
                self.problem = Some(NetError::Unsendable { what: "the body" });
                self
            }
        }
    }

    /// With these bytes as body.
    pub fn body(mut self, content_type: &'static str, bytes: Vec<u8>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = bytes;
        self
    }

    /// With a form as body.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", form.into_bytes())
    }

    /// Reads at most this many bytes of the body (2 MiB where nothing is said).
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Tries a read this many more times at most; never more than the client's own patience. No effect on writes.
    pub fn retries(mut self, n: usize) -> Self {
        self.attempts = self.attempts.min(n + 1);
        self
    }

    /// Follows redirects of a read within the same scheme, host and port, also with a credential (GitHub's renames).
    pub fn same_origin_redirects(mut self) -> Self {
        self.same_origin = true;
        self
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Result<Answer, NetError> {
        self.patiently(|this| this.once().boxed()).await
    }

    async fn once(self: Arc<Self>) -> Result<Answer, Failure<Answer>> {
        let response = self.exchange().await?;
        let mut answer = head(&response);
        answer.body = self.read(response).await?;
        self.judged(answer)
    }

    /// Runs one attempt, and again where that may help. Attempts share the request and do not borrow it: the future of a
    /// closure that borrows could not be spawned.
    pub(super) async fn patiently<T>(mut self, attempt: fn(Arc<Self>) -> Attempt<T>) -> Result<T, NetError> {
        if let Some(problem) = self.problem.take() {
            return Err(problem);
        }
        let policy = RetryPolicy { attempts: self.attempts, ..self.settings().retry };
        let clock = Arc::clone(self.http.clock());
        let this = Arc::new(self);
        patiently(clock, policy, || attempt(Arc::clone(&this))).await
    }

    /// The answer, or the wish to ask again later.
    pub(super) fn judged<T: From<Answer>>(&self, answer: Answer) -> Result<T, Failure<T>> {
        match patience(answer.status, &answer.headers, self.http.clock().now()) {
            Some(wait) => Err(Failure::Busy { answer: answer.into(), wait }),
            None => Ok(answer.into()),
        }
    }

    /// One exchange, redirects included, up to the head of the answer.
    pub(super) async fn exchange<T>(&self) -> Result<reqwest::Response, Failure<T>> {
        let mut url = self.url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.ask(&url).await.map_err(Failure::Net)?;
            match self.next(&response).map_err(Failure::Net)? {
                Some(next) => url = next,
                None => return Ok(response),
            }
        }
        Err(Failure::Net(NetError::Redirect { host: authority(&url), why: "in circles" }))
    }

    async fn ask(&self, url: &Url) -> Result<reqwest::Response, NetError> {
        let began = Instant::now();
        let outcome = self
            .http
            .client(url)?
            .request(self.method.clone(), url.clone())
            .headers(self.headers.clone())
            .body(self.body.clone())
            .send()
            .await
            .map_err(|e| NetError::from_sending(&e, url, self.http.settings()));
        tracing::debug!(
            method = %self.method,
            host = authority(url),
            path = url.path(),
            status = outcome.as_ref().ok().map(|r| r.status().as_u16()),
            error = outcome.as_ref().err().map(tracing::field::display),
            ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        );
        outcome
    }

    /// Where to go on, if this answer is a redirect that may be followed.
    fn next(&self, response: &reqwest::Response) -> Result<Option<Url>, NetError> {
        let follow = match (self.method == Method::GET, self.credential, self.same_origin) {
            (false, ..) | (true, true, false) => Follow::Nowhere,
            (true, _, true) => Follow::SameOrigin,
            (true, false, false) => Follow::Anywhere,
        };
        if follow == Follow::Nowhere || !is_redirect(response.status()) {
            return Ok(None);
        }
        let from = response.url();
        let bad = |why| NetError::Redirect { host: authority(from), why };
        let target = response
            .headers()
            .get(LOCATION)
            .and_then(|l| l.to_str().ok())
            .and_then(|l| from.join(l).ok())
            .ok_or_else(|| bad("to nowhere"))?;
        if follow == Follow::SameOrigin && target.origin() != from.origin() {
            return Err(bad("to another host, where this request must not go"));
        }
        if !matches!(target.scheme(), "http" | "https") || (from.scheme() == "https" && target.scheme() == "http") {
            return Err(bad("to an insecure address"));
        }
        if is_loopback(&target) && !is_loopback(from) {
            return Err(bad("to this machine"));
        }
        Ok(Some(target))
    }

    /// The whole body, within the limit.
    pub(super) async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, NetError> {
        let mut body = Vec::new();
        let url = response.url().clone();
        while let Some(chunk) =
            response.chunk().await.map_err(|e| NetError::from_body(&e, &url, self.http.settings()))?
        {
            if body.len() + chunk.len() > usize::try_from(self.limit).unwrap_or(usize::MAX) {
                return Err(NetError::TooLarge { host: authority(&url), limit: self.limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    pub(super) fn settings(&self) -> &Settings {
        self.http.settings()
    }

    fn secret_header(mut self, name: HeaderName, value: &SecretString) -> Self {
        self.credential = true;
        match HeaderValue::from_str(value.expose_secret()) {
            Ok(mut value) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            Err(_) => self.problem = Some(NetError::Unsendable { what: "the token" }),
        }
        self
    }
}

impl<T> From<NetError> for Failure<T> {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

/// The answer without its body.
pub(super) fn head(response: &reqwest::Response) -> Answer {
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: Vec::new(),
        url: response.url().clone(),
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Names of headers that carry a secret: they bind the request to its host.
fn looks_like_a_credential(name: &HeaderName) -> bool {
    let name = name.as_str();
    ["authorization", "cookie", "otp", "token", "api-key", "apikey"].iter().any(|part| name.contains(part))
}
