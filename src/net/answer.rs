//! An answer: status, headers and a bounded body.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION};
use serde::de::DeserializeOwned;
use url::Url;

use super::{NetError, NotJson, authority};

/// What a server said, whatever the status.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body; empty where the body was streamed.
    pub body: Vec<u8>,
    /// Who answered, after redirects.
    pub url: Url,
}

impl Answer {
    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// A header's text, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text; what is no UTF-8 is replaced. Not cleaned yet: that is due before a person sees it.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON of a wanted shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, NetError> {
        serde_json::from_slice(&self.body).map_err(|e| self.not_json(&e, self.body.first().copied()))
    }

    /// Where it redirects to, if it does and says where.
    #[must_use]
    pub fn redirect_target(&self) -> Option<Url> {
        if !matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        self.url.join(self.headers.get(LOCATION)?.to_str().ok()?).ok()
    }

    /// The error's own text may quote the body, so only its place is kept.
    pub(super) fn not_json(&self, error: &serde_json::Error, first: Option<u8>) -> NetError {
        let html = self.headers.get(CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
        let what = if html || first == Some(b'<') {
            NotJson::WebPage
        } else if error.is_data() {
            NotJson::OtherShape { line: error.line(), column: error.column() }
        } else {
            NotJson::Garbage
        };
        NetError::NotJson { host: authority(&self.url), status: self.status.as_u16(), what }
    }
}

impl fmt::Debug for Answer {
    /// Headers and body may hold a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status.as_u16(), self.body.len())
    }
}
