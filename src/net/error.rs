//! Why a request had no usable answer, found by walking to the real cause: the HTTP library's own words stop at "error
//! sending request".

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use url::Url;

use super::{Settings, authority};
use crate::model::clean_line;

/// Why a request had no usable answer. Names hosts only: never a query, a header or a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The system has no CA certificates, so that nobody's identity could be checked.
    #[error("this system has no CA certificates, so no https server can be trusted")]
    NoCertificates,
    /// The client could not be made.
    #[error("the HTTP client could not start: {why}")]
    Setup {
        /// In the library's words.
        why: String,
    },
    /// Nobody listens there.
    #[error("{host} refused the connection")]
    Refused {
        /// Who.
        host: String,
    },
    /// The name has no address.
    #[error("the address of {host} could not be found")]
    Dns {
        /// Who.
        host: String,
    },
    /// The secure connection did not come about.
    #[error("no secure connection to {host}: {why}")]
    Tls {
        /// Who.
        host: String,
        /// In the library's words.
        why: String,
    },
    /// Too slow.
    #[error("{host} did not answer within {} s", .after.as_secs_f32())]
    Timeout {
        /// Who.
        host: String,
        /// The limit.
        after: Duration,
    },
    /// Hung up before a whole answer head came.
    #[error("{host} closed the connection before it answered")]
    Reset {
        /// Who.
        host: String,
    },
    /// Hung up in the middle of the body.
    #[error("the answer of {host} broke off in the middle")]
    Cut {
        /// Who.
        host: String,
    },
    /// More than untoken is willing to hold.
    #[error("the answer of {host} is larger than {limit} bytes")]
    TooLarge {
        /// Who.
        host: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Another form than was asked for.
    #[error("{host} sent {what} where JSON was expected (HTTP {status})")]
    NotJson {
        /// Who.
        host: String,
        /// The answer's status.
        status: u16,
        /// What came instead.
        what: NotJson,
    },
    /// A redirect that must not be followed.
    #[error("{host} redirects {why}")]
    Redirect {
        /// Who.
        host: String,
        /// What is wrong with it, as the end of the sentence.
        why: &'static str,
    },
    /// The request itself cannot be written.
    #[error("{what} contains characters that cannot be sent")]
    Unsendable {
        /// Which part of it: `the token`.
        what: &'static str,
    },
    /// Anything else on the way there.
    #[error("{host} could not be reached: {why}")]
    Other {
        /// Who.
        host: String,
        /// The innermost cause.
        why: String,
    },
}

/// What came where JSON was expected. Holds nothing of the answer itself: it might be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJson {
    /// HTML.
    WebPage,
    /// Something else, or broken JSON.
    Garbage,
    /// JSON, but of another shape.
    OtherShape {
        /// The line where it stops to fit.
        line: usize,
        /// The column.
        column: usize,
    },
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WebPage => f.write_str("a web page"),
            Self::Garbage => f.write_str("something broken"),
            Self::OtherShape { line, column } => {
                write!(f, "JSON of another shape (line {line}, column {column})")
            }
        }
    }
}

impl NetError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NoCertificates => {
                "install the package ca-certificates, or set SSL_CERT_FILE to a file with your CA certificates"
            }
            Self::Setup { .. } => return None,
            Self::Refused { .. } | Self::Dns { .. } | Self::Other { .. } => {
                "check your network, VPN and proxy settings (HTTPS_PROXY), then try again"
            }
            Self::Tls { .. } => {
                "check this machine's clock; behind a proxy that opens TLS set SSL_CERT_FILE to its certificate"
            }
            Self::Timeout { .. } | Self::Reset { .. } | Self::Cut { .. } => "try again; nothing was lost",
            Self::TooLarge { .. } => "check that the address is right; no known answer is that large",
            Self::NotJson { what: NotJson::WebPage, .. } => {
                "a captive portal, a proxy or an outage page answers in its place: open the address in a browser"
            }
            Self::NotJson { .. } => "try again later; perhaps the service has changed, then look for a newer untoken",
            Self::Redirect { .. } => "check the address; credentials are never sent on to another one",
            Self::Unsendable { .. } => "paste it again without line breaks",
        };
        Some(text.to_owned())
    }

    /// Whether asking again may help. A timeout has cost enough patience already.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Dns { .. } | Self::Reset { .. } | Self::Cut { .. })
    }

    pub(super) fn from_setup(error: &reqwest::Error) -> Self {
        let why = innermost(error);
        if why.to_ascii_lowercase().contains("certificate") { Self::NoCertificates } else { Self::Setup { why } }
    }

    /// A failure before the head of an answer was there.
    pub(super) fn from_sending(error: &reqwest::Error, url: &Url, settings: &Settings) -> Self {
        let after = if error.is_connect() { settings.connect } else { settings.whole };
        match Self::of(error, authority(url), after) {
            Self::Cut { host } => Self::Reset { host },
            other => other,
        }
    }

    /// A failure in the middle of a body.
    pub(super) fn from_body(error: &reqwest::Error, url: &Url, settings: &Settings) -> Self {
        match Self::of(error, authority(url), settings.whole) {
            Self::Reset { host } | Self::Other { host, .. } => Self::Cut { host },
            other => other,
        }
    }

    fn of(error: &reqwest::Error, host: String, after: Duration) -> Self {
        if error.is_timeout() {
            return Self::Timeout { host, after };
        }
        if error.is_dns() {
            return Self::Dns { host };
        }
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(error) = cause {
            if let Some(io) = error.downcast_ref::<io::Error>() {
                match io.kind() {
                    io::ErrorKind::ConnectionRefused => return Self::Refused { host },
                    io::ErrorKind::UnexpectedEof => return Self::Cut { host },
                    io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::NotConnected => return Self::Reset { host },
                    _ => {}
                }
                // An I/O error steps over the error inside it when it is asked for its source.
                if let Some(tls) = io.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
                    return Self::Tls { host, why: clean_line(&tls.to_string(), 200) };
                }
            }
            if let Some(tls) = error.downcast_ref::<rustls::Error>() {
                return Self::Tls { host, why: clean_line(&tls.to_string(), 200) };
            }
            if let Some(hyper) = error.downcast_ref::<hyper::Error>()
                && (hyper.is_incomplete_message() || hyper.is_canceled() || hyper.is_closed())
            {
                return Self::Cut { host };
            }
            cause = error.source();
        }
        Self::Other { host, why: innermost(error) }
    }
}

/// The words of the last error in the chain.
fn innermost(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    clean_line(&text, 200)
}
