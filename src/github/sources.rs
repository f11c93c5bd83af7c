//! Where a token may come from without signing in, and the rule that it goes to no other host than its own.
//!
//! `GH_TOKEN`, `GITHUB_TOKEN` and gh's login belong to github.com: an overridden endpoint never gets them. It has a variable
//! of its own, `UNTOKEN_GITHUB_TOKEN`, which in turn the real GitHub never gets. A stored sign-in is kept under the host that
//! it was made at ([`TokenStore`]).

use std::time::Duration;

use super::{Endpoints, Token, TokenSource, TokenStore};
use crate::model::clean_line;
use crate::report::{Kind, Report};
use crate::tools::{Env, Tool, ToolError, Tools};

/// The variables for the real GitHub, the first one first (gh's own order).
const REAL: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];

/// The variable for an overridden one.
const OVERRIDDEN: [&str; 1] = ["UNTOKEN_GITHUB_TOKEN"];

/// How long gh may take: it may have to wait for a keyring.
const GH_PATIENCE: Duration = Duration::from_secs(15);

/// What there is. Nothing was sent and no token was taken out yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// The variable that holds a token for this GitHub.
    pub environment: Option<&'static str>,
    /// A variable that holds a token for another host than the one in use, and is left alone.
    pub withheld: Option<&'static str>,
    /// Whether an earlier sign-in is kept; one that cannot be read counts as none.
    pub stored: bool,
    /// Whether gh is there to be asked.
    pub gh: bool,
}

/// Why gh gave no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// gh was not found.
    #[error("gh is not on this machine")]
    NoGh,
    /// gh's login is for another host.
    #[error("gh's login is for github.com and is not sent to {host}")]
    OtherHost {
        /// The host in use.
        host: String,
    },
    /// gh has none.
    #[error("gh has no login for github.com: {said}")]
    NotLoggedIn {
        /// gh's own words.
        said: String,
    },
    /// gh could not be run.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// gh did not answer.
    #[error("gh did not answer within {} s", GH_PATIENCE.as_secs())]
    Slow,
}

impl From<TokenError> for Report {
    fn from(error: TokenError) -> Self {
        let hint = match &error {
            TokenError::NoGh => "sign in with a code, or set GH_TOKEN".to_owned(),
            TokenError::OtherHost { .. } => "unset UNTOKEN_GITHUB_URL and UNTOKEN_GITHUB_API_URL".to_owned(),
            TokenError::NotLoggedIn { .. } => "run `gh auth login`, or sign in with a code".to_owned(),
            TokenError::Slow => "run `gh auth status` to see what it waits for".to_owned(),
            TokenError::Tool(error) => error.hint(),
        };
        Self::from_error(Kind::User, &error).hint(hint)
    }
}

/// What there is, without asking gh (which may open a window) or GitHub.
pub async fn probe(
    env: &(dyn Fn(&str) -> Option<String> + Sync),
    store: Option<&TokenStore>,
    gh: Option<&Tool>,
    endpoints: &Endpoints,
) -> Sources {
    let (used, withheld) = variables(endpoints);
    let stored = match store {
        Some(store) => store.load().await.inspect_err(|error| tracing::debug!(%error, "stored sign-in")),
        None => Ok(None),
    };
    Sources {
        environment: first_set(env, used).map(|(name, _)| name),
        withheld: first_set(env, withheld).map(|(name, _)| name),
        stored: matches!(stored, Ok(Some(_))),
        gh: gh.is_some() && !endpoints.is_overridden(),
    }
}

/// The token that the environment holds for this GitHub.
#[must_use]
pub fn from_environment(env: &(dyn Fn(&str) -> Option<String> + Sync), endpoints: &Endpoints) -> Option<Token> {
    let (name, value) = first_set(env, variables(endpoints).0)?;
    Some(Token::new(value.into(), TokenSource::Environment(name)))
}

/// gh's own token. It has whatever rights gh was given, which may be many: the person is asked first.
pub async fn from_gh(tools: &Tools, endpoints: &Endpoints) -> Result<Token, TokenError> {
    if endpoints.is_overridden() {
        return Err(TokenError::OtherHost { host: endpoints.api.authority() });
    }
    let gh = tools.gh.as_ref().ok_or(TokenError::NoGh)?;
    let nowhere = tempfile::tempdir().map_err(|source| ToolError::Io { tool: gh.name, source })?;
    let args = ["auth", "token", "--hostname", "github.com"];
    let asked = tools.run(gh, &args, nowhere.path(), Env::Plain);
    let output = tokio::time::timeout(GH_PATIENCE, asked).await.map_err(|_| TokenError::Slow)??;
    let token = output.stdout.trim();
    if !output.ok() || token.is_empty() {
        return Err(TokenError::NotLoggedIn { said: clean_line(output.stderr.trim(), 120) });
    }
    Ok(Token::new(token.into(), TokenSource::Gh))
}

/// The variables that are used, and those that are not.
fn variables(endpoints: &Endpoints) -> (&'static [&'static str], &'static [&'static str]) {
    if endpoints.is_overridden() { (&OVERRIDDEN, &REAL) } else { (&REAL, &OVERRIDDEN) }
}

/// The first variable with something in it; empty counts as unset.
fn first_set(
    env: &(dyn Fn(&str) -> Option<String> + Sync),
    names: &'static [&'static str],
) -> Option<(&'static str, String)> {
    names.iter().find_map(|name| env(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()).map(|v| (*name, v)))
}

#[cfg(test)]
mod tests;
