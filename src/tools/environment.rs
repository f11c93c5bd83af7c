//! The environment that tools are given: everything but the tokens, unless a call was given one registry's.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// What a tool is run with.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

/// Which token variables a call may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Env {
    /// None.
    Plain,
    /// Those of one registry, by name, and none else.
    Credential(&'static [&'static str]),
}

impl Environment {
    /// This process's own.
    #[must_use]
    pub fn of_this_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// Without any variable.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The same with one variable set.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// A variable's value, if it is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// The names of the variables that are set to more than nothing, where they are text.
    pub fn set(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, value)| !value.is_empty()).filter_map(|(name, _)| name.to_str())
    }

    /// What a call gets that needs no credential: everything but the tokens.
    pub fn plain(&self) -> impl Iterator<Item = (&OsString, &OsString)> {
        self.under(Env::Plain)
    }

    /// What a call under this rule is given.
    pub(super) fn under(&self, rule: Env) -> impl Iterator<Item = (&OsString, &OsString)> {
        self.0.iter().filter(move |(name, _)| {
            // A name that is no text cannot be told apart from a token's: it is left out.
            name.to_str()
                .is_some_and(|name| !is_token(name) || matches!(rule, Env::Credential(own) if own.contains(&name)))
        })
    }
}

/// Values may be secret: only the names are shown.
impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Whether a variable is likely to hold a credential. Too many are better than too few: a tool that runs a checkout's own
/// scripts (`npm pack`, `cargo package`) must not show them one.
fn is_token(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let part = |word: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|p| p == word);
    ["UNTOKEN_", "TWINE_", "UV_PUBLISH_", "PYPI_"].iter().any(|start| name.starts_with(start))
        || ["TOKEN", "TOKENS", "PASSWORD", "PASSWD", "SECRET", "SECRETS", "AUTHTOKEN", "OTP"].into_iter().any(part)
        || ["API_KEY", "ACCESS_KEY", "PRIVATE_KEY", "APIKEY"].iter().any(|end| name.ends_with(end))
        || (name.starts_with("NPM_CONFIG_") && name.contains("AUTH"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    const TOKENS: &[&str] = &[
        "CARGO_REGISTRY_TOKEN",
        "CARGO_REGISTRIES_ACME_TOKEN",
        "NPM_TOKEN",
        "NODE_AUTH_TOKEN",
        "npm_config__authToken",
        "npm_config_//registry.example/:_authToken",
        "NPM_CONFIG_OTP",
        "TWINE_PASSWORD",
        "UV_PUBLISH_TOKEN",
        "PYPI_API_TOKEN",
        "GH_TOKEN",
        "GITHUB_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "UNTOKEN_NPM_URL",
        "AWS_SECRET_ACCESS_KEY",
    ];
    const OTHERS: &[&str] =
        &["PATH", "HOME", "CARGO_HOME", "npm_config_registry", "SSH_AUTH_SOCK", "TOKENIZERS_PARALLELISM", "LANG"];

    fn seen(rule: Env) -> Vec<String> {
        let all = TOKENS.iter().chain(OTHERS).fold(Environment::empty(), |env, name| env.with(*name, "x"));
        all.under(rule).map(|(name, _)| name.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_plain_call_sees_no_token_and_everything_else() {
        let seen = seen(Env::Plain);
        for token in TOKENS {
            assert!(!seen.iter().any(|s| s == token), "{token} went through");
        }
        for other in OTHERS {
            assert!(seen.iter().any(|s| s == other), "{other} was lost");
        }
    }

    #[test]
    fn a_call_with_a_credential_sees_one_registrys_alone() {
        let mut seen = seen(Env::Credential(&["NPM_TOKEN", "NODE_AUTH_TOKEN"]));
        seen.retain(|name| !OTHERS.contains(&name.as_str()));
        assert_eq!(seen, ["NODE_AUTH_TOKEN", "NPM_TOKEN"]);
    }

    #[test]
    fn values_are_never_shown() {
        let shown = format!("{:?}", Environment::empty().with("NPM_TOKEN", "npm-not-a-token"));
        assert!(shown.contains("NPM_TOKEN") && !shown.contains("npm-not-a-token"));
    }
}
