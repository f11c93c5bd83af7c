//! Which App a person signs in with.

use std::fmt;

/// The App that putitoutthere's documentation names for its command line; its registration is someone else's and may be
/// gone (putitoutthere's changelog, 27 April 2026), so that every other way to a token has to work without it.
const PUTITOUTTHERE: &str = "Iv23lio0NtN1koa0Rwle";

/// The public name of an App or OAuth app at GitHub. No secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientId(String);

/// Why a text is no client id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the client id from {origin} must be letters and digits, like Iv23lio0NtN1koa0Rwle")]
pub struct ClientIdError {
    origin: &'static str,
}

/// What is known about an App before anybody signs in with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppNote {
    /// Its name at GitHub, if untoken knows it.
    pub name: Option<&'static str>,
    /// The account that owns it, if untoken knows it.
    pub owner: Option<&'static str>,
    /// What it means to use it, in a sentence.
    pub whose: &'static str,
}

impl ClientId {
    /// The first that is given of: the flag, `UNTOKEN_GITHUB_CLIENT_ID`, what the build was given in `UNTOKEN_CLIENT_ID`,
    /// putitoutthere's App.
    pub fn choose(flag: Option<&str>, env: Option<&str>) -> Result<Self, ClientIdError> {
        let given =
            [(flag, "--client-id"), (env, "UNTOKEN_GITHUB_CLIENT_ID"), (option_env!("UNTOKEN_CLIENT_ID"), "the build")];
        for (text, origin) in given {
            if let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) {
                return Self::parse(text).ok_or(ClientIdError { origin });
            }
        }
        Ok(Self(PUTITOUTTHERE.to_owned()))
    }

    /// Letters, digits, dots, hyphens and underscores: all forms that GitHub has given out.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        (!text.is_empty() && text.len() <= 100 && text.chars().all(fits)).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is known about the App.
    #[must_use]
    pub fn app(&self) -> AppNote {
        if self.0 == PUTITOUTTHERE {
            AppNote {
                name: Some("putitoutthere-cli"),
                owner: Some("thekevinscott"),
                whose: "The App belongs to putitoutthere's author, not to untoken. Where it is installed, its owner can read \
                        what it may read.",
            }
        } else {
            AppNote {
                name: None,
                owner: None,
                whose: "You chose this App. Where it is installed, its owner can read what it may read.",
            }
        }
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_and_nonsense_is_refused() {
        let chosen = |flag, env| ClientId::choose(flag, env).map(|id| id.to_string()).map_err(|e| e.origin);
        assert_eq!(chosen(Some("Iv1.abc"), Some("Iv2")), Ok("Iv1.abc".into()));
        assert_eq!(chosen(Some(" "), Some("Iv2")), Ok("Iv2".into()));
        assert_eq!(chosen(None, Some("a&scope=repo")), Err("UNTOKEN_GITHUB_CLIENT_ID"));
        let default = ClientId::choose(None, None).map(|id| id.app().owner);
        if option_env!("UNTOKEN_CLIENT_ID").is_none() {
            assert_eq!(default, Ok(Some("thekevinscott")));
        }
    }
}
