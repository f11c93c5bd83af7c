//! What kind of token a text is, told from its form alone: nobody is asked, and nothing of it is repeated.
//!
//! A token is named by the first eight hex digits of its SHA-256, enough to tell two apart and of no use to anybody.

mod forms;
mod macaroon;
#[cfg(test)]
mod tests;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::model::{Destination, Registry, Timestamp, Unknown};
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
    Registry(Registry),
    /// GitHub.
    GitHub,
    /// Whoever the token was made for.
    Anybody,
    /// A registry, if it is a token at all: others use the same form.
    Perhaps(Registry),
}

impl Issuer {
    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Registry(registry) | Self::Perhaps(registry) => registry.title(),
            Self::GitHub => "GitHub",
            Self::Anybody => "its issuer",
        }
    }
}

/// Who can be asked about a token: nobody but whom its form names for certain, for a secret is shown to no stranger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Askable {
    /// A registry.
    Registry(Registry),
    /// GitHub.
    GitHub,
    /// Nobody, and why.
    Nobody(Unknown),
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Nobody asked.
    Not,
    /// It works.
    Works {
        /// Who said so: a host.
        by: String,
        /// Whose it is.
        login: String,
    },
    /// It opens nothing there.
    Refused {
        /// Who said so: a host.
        by: String,
        /// In a fragment.
        why: String,
    },
    /// That could not be found out.
    Unknown(Unknown),
}

impl Inspected {
    /// Who can be asked whether it still opens anything.
    #[must_use]
    pub fn askable(&self) -> Askable {
        let nobody =
            |why: &str| Askable::Nobody(Unknown::because(why).hint("look at the pages of tokens of who made it"));
        match &self.kind {
            Kind::Known(Known { issuer: Issuer::Registry(registry), .. }) => Askable::Registry(*registry),
            Kind::Known(Known { issuer: Issuer::GitHub, what, .. }) if what.starts_with("refresh") => {
                nobody("a refresh token can only be spent")
            }
            Kind::Known(Known { issuer: Issuer::GitHub, .. }) => Askable::GitHub,
            Kind::Pypi(token) => match token.destination() {
                Destination::Main(registry) => Askable::Registry(registry),
                _ => nobody("it is not for pypi.org"),
            },
            Kind::Known(_) | Kind::Broken(_) | Kind::Unknown => {
                nobody("its form does not tell for certain whose it is, so it is shown to nobody")
            }
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
            "pypi.org" => Destination::Main(Registry::Pypi),
            "test.pypi.org" => Destination::TestPypi,
            host => Destination::Other { speaks: Registry::Pypi, host: host.to_owned() },
        }
    }

    /// Whether it has ended, at this moment; `None`: it does not end by itself.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Option<bool> {
        self.limits.expires.map(|end| end <= now)
    }
}
