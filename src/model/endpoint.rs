//! Base addresses of services, and the rule for replacing them.
//!
//! A credential belongs to the host that it was given for: an overridden endpoint is marked, so that no stored credential of
//! the real host goes there (promise 4).

use url::{Host, Url};

/// A service's base address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
    overridden: bool,
}

/// Why an override was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Not a URL at all.
    #[error("{variable} is not a URL that can be used: {why}")]
    NotAUrl {
        /// The variable or constant that held it.
        variable: String,
        /// The parser's words.
        why: String,
    },
    /// Neither loopback nor named by the user.
    #[error("{variable} points at {host}, which is neither this machine nor named with --trust-endpoint")]
    NotTrusted {
        /// The variable that held it.
        variable: String,
        /// Where it points.
        host: String,
    },
}

impl Endpoint {
    /// The default, or the override of `variable` when it is on loopback, or https on a host in `trusted`.
    pub fn resolve(
        variable: &str,
        default: &str,
        replacement: Option<&str>,
        trusted: &[String],
    ) -> Result<Self, EndpointError> {
        let parse = |text: &str| {
            Url::parse(text)
                .map_err(|e| e.to_string())
                .and_then(|url| if url.cannot_be_a_base() { Err("it has no host".to_owned()) } else { Ok(url) })
                .map_err(|why| EndpointError::NotAUrl { variable: variable.to_owned(), why })
        };
        let Some(replacement) = replacement.map(str::trim).filter(|r| !r.is_empty()) else {
            return Ok(Self { base: parse(default)?, overridden: false });
        };
        let base = parse(replacement)?;
        let host = base.host_str().unwrap_or_default().to_owned();
        let named = base.scheme() == "https" && trusted.iter().any(|t| t.eq_ignore_ascii_case(&host));
        if is_loopback(&base) || named {
            Ok(Self { base, overridden: true })
        } else {
            Err(EndpointError::NotTrusted { variable: variable.to_owned(), host })
        }
    }

    /// Whether it is not the real service.
    #[must_use]
    pub fn is_overridden(&self) -> bool {
        self.overridden
    }

    /// The address without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// Host and port, as credential files key them: `127.0.0.1:4873`.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// A URL below it; each segment is percent-encoded, slashes included.
    #[must_use]
    pub fn join<'a>(&self, segments: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

/// Whether an address is on this machine.
fn is_loopback(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(replacement: &str, trusted: &[String]) -> Result<Endpoint, EndpointError> {
        Endpoint::resolve("UNTOKEN_NPM_URL", "https://registry.example", Some(replacement), trusted)
    }

    #[test]
    fn only_loopback_or_a_named_https_host_replaces_an_endpoint() {
        for good in ["http://127.0.0.1:80/", "http://localhost:1", "http://[::1]:9"] {
            assert!(resolve(good, &[]).is_ok_and(|e| e.is_overridden()), "{good}");
        }
        for bad in [
            "http://evil.example",
            "https://evil.example",
            "http://127.0.0.1.evil.example",
            "ftp://127.0.0.1",
            "nonsense",
        ] {
            assert!(resolve(bad, &[]).is_err(), "{bad}");
        }
        let trusted = ["npm.acme.example".to_owned()];
        assert!(resolve("https://npm.acme.example/x", &trusted).is_ok());
        assert!(resolve("http://npm.acme.example/x", &trusted).is_err(), "plain http is never trusted");
        assert!(resolve("  ", &[]).is_ok_and(|e| !e.is_overridden()), "empty counts as unset");
    }

    #[test]
    fn segments_are_encoded() {
        let url = resolve("http://127.0.0.1:1/base/", &[])
            .map(|e| e.join(["-", "package", "@acme/widgets", "trust"]).to_string());
        assert_eq!(url.as_deref(), Ok("http://127.0.0.1:1/base/-/package/@acme%2Fwidgets/trust"));
    }
}
