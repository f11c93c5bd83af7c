//! What kind of token a text is, told from its form alone: nobody is asked, and nothing of it is repeated.
//!
//! A token is named by the first eight hex digits of its SHA-256, enough to tell two apart and of no use to anybody.

mod forms;
mod macaroon;
#[cfg(test)]
mod tests;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::model::{Destination, Timestamp};
pub use macaroon::{Limits, PypiToken};

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// The first eight hex digits of its SHA-256.
    pub fingerprint: String,
    /// Its kind.
    pub kind: Kind,
}

/// The kinds of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// PyPI's, which says of itself what it may do.
    Pypi(PypiToken),
    /// One that is known by its prefix or form.
    Known(Known),
    /// It begins like one of PyPI's and is none that could be read.
    Broken(&'static str),
    /// Of no known form.
    Unknown,
}

/// A kind that is known by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Who takes it.
    pub issuer: Issuer,
    /// What it is: a fragment.
    pub what: &'static str,
    /// How long it lives, whether it is for publishing: a sentence.
    pub note: &'static str,
    /// Whether it ends by itself soon: no long-lived token.
    pub short_lived: bool,
}

/// Who takes a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// A registry.
    Registry(crate::model::Registry),
    /// GitHub.
    GitHub,
    /// Whoever the token was made for.
    Anybody,
}

impl Issuer {
    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Registry(registry) => registry.title(),
            Self::GitHub => "GitHub",
            Self::Anybody => "its issuer",
        }
    }
}

/// Tells a token's kind. `None`: there is nothing to look at.
#[must_use]
pub fn inspect(token: &SecretString) -> Option<Inspected> {
    let token = token.expose_secret().trim();
    if token.is_empty() {
        return None;
    }
    let kind = match token.strip_prefix("pypi-") {
        Some(encoded) => macaroon::pypi(encoded).map_or_else(Kind::Broken, Kind::Pypi),
        None => forms::known(token).map_or(Kind::Unknown, Kind::Known),
    };
    let digest = Sha256::digest(token.as_bytes());
    let fingerprint = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Some(Inspected { fingerprint, kind })
}

impl PypiToken {
    /// Where it counts.
    #[must_use]
    pub fn destination(&self) -> Destination {
        match self.location.as_str() {
            "pypi.org" => Destination::Main(crate::model::Registry::Pypi),
            "test.pypi.org" => Destination::TestPypi,
            host => Destination::Other { speaks: crate::model::Registry::Pypi, host: host.to_owned() },
        }
    }

    /// Whether it has ended, at this moment; `None`: it does not end by itself.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Option<bool> {
        self.limits.expires.map(|end| end <= now)
    }
}
