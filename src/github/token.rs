//! A token for GitHub: a secret, where it came from, and how long it is good.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::ClientId;
use crate::model::Timestamp;

/// What kind of token it is, by GitHub's own prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `ghu_`: a person, through a GitHub App.
    App,
    /// `gho_`: a person, through an OAuth app (gh's own).
    OAuth,
    /// `ghp_`: a classic personal access token.
    Classic,
    /// `github_pat_`: a fine-grained personal access token.
    FineGrained,
    /// `ghs_`: an installation of an App, no person (Actions' `GITHUB_TOKEN`).
    Installation,
    /// No prefix that is known.
    Other,
}

/// Where a token came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenSource {
    /// This variable of the environment.
    Environment(&'static str),
    /// An earlier sign-in of untoken's.
    Stored,
    /// `gh auth token`.
    Gh,
    /// A person pasted it.
    Pasted,
    /// The sign-in of this run.
    Device,
}

impl TokenSource {
    /// Whether untoken obtained it itself: only such a token is stored, renewed or revoked.
    #[must_use]
    pub fn is_own(self) -> bool {
        matches!(self, Self::Stored | Self::Device)
    }
}

impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment(variable) => variable,
            Self::Stored => "an earlier sign-in",
            Self::Gh => "gh",
            Self::Pasted => "a pasted token",
            Self::Device => "this sign-in",
        })
    }
}

/// A token for GitHub.
#[derive(Clone)]
pub struct Token {
    /// What is sent.
    pub secret: SecretString,
    /// What kind it is.
    pub kind: TokenKind,
    /// Where it came from.
    pub source: TokenSource,
    /// What renews it, once.
    pub refresh: Option<SecretString>,
    /// When it ends; `None`: GitHub did not say.
    pub expires: Option<Timestamp>,
    /// When what renews it ends.
    pub refresh_expires: Option<Timestamp>,
    /// With which App it was obtained, if untoken did that; it can be renewed with no other.
    pub client_id: Option<ClientId>,
}

impl Token {
    /// A token of which nothing else is known.
    #[must_use]
    pub fn new(secret: SecretString, source: TokenSource) -> Self {
        let kind = TokenKind::of(&secret);
        Self { secret, kind, source, refresh: None, expires: None, refresh_expires: None, client_id: None }
    }

    /// A token that a person pasted: blanks around it are dropped; `None` for nothing.
    #[must_use]
    pub fn pasted(text: &SecretString) -> Option<Self> {
        let text = text.expose_secret().trim();
        (!text.is_empty()).then(|| Self::new(text.into(), TokenSource::Pasted))
    }

    /// The first 8 hex digits of its SHA-256: enough to tell two tokens apart in a log, and no help to anybody else.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(self.secret.expose_secret());
        hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether it ends within a minute of this moment.
    #[must_use]
    pub(super) fn is_ending(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|end| end.since(now) <= 60)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, {:?}, {:?})", self.fingerprint(), self.kind, self.source)
    }
}

impl TokenKind {
    fn of(secret: &SecretString) -> Self {
        let text = secret.expose_secret();
        [
            ("ghu_", Self::App),
            ("gho_", Self::OAuth),
            ("ghp_", Self::Classic),
            ("github_pat_", Self::FineGrained),
            ("ghs_", Self::Installation),
        ]
        .into_iter()
        .find(|(prefix, _)| text.starts_with(prefix))
        .map_or(Self::Other, |(_, kind)| kind)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_token_is_known_by_its_prefix_and_never_shown() {
        let token = Token::pasted(&" ghu_not-a-token\n".into()).unwrap();
        assert_eq!((token.kind, token.secret.expose_secret()), (TokenKind::App, "ghu_not-a-token"));
        let shown = format!("{token:?}");
        assert!(shown.contains(&token.fingerprint()) && !shown.contains("not-a-token"), "{shown}");
        assert_eq!(token.fingerprint().len(), 8);
        assert!(Token::pasted(&" ".into()).is_none());
    }
}
