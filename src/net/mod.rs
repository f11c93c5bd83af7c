//! The one HTTP client: timeouts, size limits, retries of reads, redaction.
//!
//! Every request of untoken goes through [`Http`]. It never follows a redirect that would carry a credential to another
//! host, never repeats a write, never reads more than a bound, and never logs a header or a body. A status that is no
//! success is an answer, not an error: what it means is the caller's business.

mod answer;
pub(crate) mod clock;
mod error;
mod request;
mod retry;
mod stream;

pub use answer::Answer;
pub use clock::{Clock, SystemClock};
pub use error::{NetError, NotJson};
pub use request::Request;
pub use reqwest::header::HeaderMap;
pub use reqwest::{Method, StatusCode};
pub use retry::RetryPolicy;
pub use stream::Streamed;

use std::sync::Arc;
use std::time::Duration;

use url::{Host, Url};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// How long one exchange may take, body included.
const WHOLE: Duration = Duration::from_secs(30);

/// What can differ between a run and a test.
#[derive(Clone)]
pub struct Settings {
    /// How long a connection may take to come about.
    pub connect: Duration,
    /// How long one exchange may take, body included.
    pub whole: Duration,
    /// How reads are repeated.
    pub retry: RetryPolicy,
    /// What time it is, and how one waits.
    pub clock: Arc<dyn Clock>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { connect: CONNECT, whole: WHOLE, retry: RetryPolicy::default(), clock: Arc::new(SystemClock) }
    }
}

/// The client. A clone shares its connections.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    /// For the world, through the system's proxies. An error (no CA certificates) stays one only for who goes there: the
    /// demo on loopback works without.
    outward: Result<reqwest::Client, NetError>,
    /// For this machine, never through a proxy.
    local: reqwest::Client,
    settings: Settings,
}

impl Http {
    /// The client with untoken's own limits.
    pub fn new() -> Result<Self, NetError> {
        Self::with(Settings::default())
    }

    /// The client with these limits.
    pub fn with(settings: Settings) -> Result<Self, NetError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // A loser of the race finds the winner's provider in place, which is the same one.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let outward = builder(&settings).build().map_err(|e| NetError::from_setup(&e));
        let local = builder(&settings).no_proxy();
        let local = match local.build() {
            Ok(client) => client,
            Err(_) => builder(&settings)
                .no_proxy()
                .tls_certs_only(Vec::new())
                .build()
                .map_err(|e| NetError::from_setup(&e))?,
        };
        Ok(Self(Arc::new(Inner { outward, local, settings })))
    }

    /// Reads.
    pub fn get(&self, url: Url) -> Request {
        Request::new(self.clone(), Method::GET, url)
    }

    /// Sends something new.
    pub fn post(&self, url: Url) -> Request {
        Request::new(self.clone(), Method::POST, url)
    }

    /// Puts something in a place.
    pub fn put(&self, url: Url) -> Request {
        Request::new(self.clone(), Method::PUT, url)
    }

    /// Changes a part.
    pub fn patch(&self, url: Url) -> Request {
        Request::new(self.clone(), Method::PATCH, url)
    }

    /// Takes something away.
    pub fn delete(&self, url: Url) -> Request {
        Request::new(self.clone(), Method::DELETE, url)
    }

    /// What time it is, and how one waits.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.settings.clock
    }

    fn client(&self, url: &Url) -> Result<&reqwest::Client, NetError> {
        if is_loopback(url) { Ok(&self.0.local) } else { self.0.outward.as_ref().map_err(Clone::clone) }
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http")
    }
}

fn builder(settings: &Settings) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("untoken/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(settings.connect)
        .timeout(settings.whole)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
}

/// Whether an address is on this machine: no proxy can reach it.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Host and port as a person knows them.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or("nowhere");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests;
