//! Why a read (or a revocation) at GitHub failed, with what is missing by GitHub's own headers.

use url::Url;

use super::Endpoints;
use crate::model::{EnvironmentName, Timestamp, Unknown, clean_line};
use crate::net::{Answer, NetError};
use crate::report::{Kind, Report};

/// Why GitHub did not tell. `what` is what was asked for: `the names of the repository's secrets`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GithubError {
    /// The way there failed.
    #[error("GitHub could not be asked")]
    Net(#[source] NetError),
    /// The token has ended or was revoked.
    #[error("GitHub no longer accepts the token")]
    TokenRefused,
    /// Nobody is signed in, and this is not public.
    #[error("{what} cannot be read without signing in")]
    SignInNeeded {
        /// What was asked for.
        what: String,
    },
    /// The token lacks a permission.
    #[error("the token may not read {what}: {missing}")]
    Forbidden {
        /// What was asked for.
        what: String,
        /// What it lacks.
        missing: Missing,
    },
    /// The token lacks what a change needs.
    #[error("the token may not {what}: {missing}")]
    MayNotChange {
        /// What was to be done.
        what: String,
        /// What it lacks.
        missing: Missing,
    },
    /// GitHub refused a change.
    #[error("GitHub did not {what} (HTTP {status}): {said}")]
    NotChanged {
        /// What was to be done.
        what: String,
        /// The status.
        status: u16,
        /// GitHub's own words.
        said: String,
    },
    /// The environment has rules of its own, which a change might take away.
    #[error("the environment {name} has rules already, and untoken leaves them alone: {why}")]
    Guarded {
        /// Which one.
        name: EnvironmentName,
        /// What it has otherwise than wished.
        why: String,
    },
    /// The organisation wants its single sign-on first.
    #[error("{what} cannot be read before the organisation's single sign-on has let the token in")]
    SingleSignOn {
        /// What was asked for.
        what: String,
        /// Where that is done, if GitHub named a page on its own site.
        page: Option<String>,
    },
    /// Too many requests.
    #[error("GitHub takes no more requests from here for now")]
    RateLimited {
        /// Until when, if GitHub said.
        until: Option<Timestamp>,
    },
    /// Not there, or hidden: GitHub does not tell which.
    #[error("GitHub shows no {what} to this account: not there, or hidden")]
    NotFound {
        /// What was asked for, without its article.
        what: String,
        /// Whether somebody is signed in.
        signed_in: bool,
    },
    /// Another refusal.
    #[error("GitHub answered {status} when asked for {what}: {said}")]
    Status {
        /// What was asked for.
        what: String,
        /// The status.
        status: u16,
        /// GitHub's own words.
        said: String,
    },
    /// The answer holds something that cannot be.
    #[error("GitHub's answer about {what} cannot be understood: {why}")]
    Strange {
        /// What was asked for.
        what: String,
        /// What is odd.
        why: String,
    },
    /// The repository is larger than untoken reads from afar.
    #[error("{what} has more than untoken reads from afar: {why}")]
    TooMuch {
        /// What was asked for.
        what: String,
        /// How much.
        why: String,
    },
    /// The token was not obtained by untoken.
    #[error("this token was not obtained by untoken, which revokes only its own")]
    NotOurs,
}

/// What a token lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A permission of an App or a fine-grained token, in GitHub's words: `secrets: read`.
    Permission(String),
    /// One of these scopes.
    Scopes(Vec<String>),
    /// GitHub named nothing but this sentence.
    Untold(String),
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Permission(permission) => write!(f, "it lacks the permission {permission}"),
            Self::Scopes(scopes) => write!(f, "it lacks the scope {}", scopes.join(" or ")),
            Self::Untold(said) => f.write_str(said),
        }
    }
}

impl GithubError {
    /// The error of an answer that is no success.
    pub(super) fn of(answer: &Answer, what: &str, signed_in: bool, endpoints: &Endpoints, now: Timestamp) -> Self {
        let what = what.to_owned();
        let status = answer.status.as_u16();
        if let Some(limited) = rate_limited(answer, now) {
            return limited;
        }
        match status {
            401 if signed_in => Self::TokenRefused,
            401 | 403 if !signed_in => Self::SignInNeeded { what },
            403 => match answer.header("x-github-sso").filter(|sso| sso.starts_with("required")) {
                Some(sso) => Self::SingleSignOn { what, page: own_page(sso, endpoints) },
                None => Self::Forbidden { what, missing: missing(answer) },
            },
            404 => Self::NotFound { what: what.strip_prefix("the ").unwrap_or(&what).to_owned(), signed_in },
            status => Self::Status { what, status, said: said(answer) },
        }
    }

    /// The same, where it was not a read.
    pub(super) fn of_a_change(self, what: &str) -> Self {
        let what = what.to_owned();
        match self {
            Self::Forbidden { missing, .. } => Self::MayNotChange { what, missing },
            // To those who may not, GitHub says that it is not there.
            Self::NotFound { .. } => {
                let missing = Missing::Untold("GitHub says that there is no such place for this account".to_owned());
                Self::MayNotChange { what, missing }
            }
            Self::Status { status, said, .. } => Self::NotChanged { what, status, said },
            other => other,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Net(error) => return error.hint(),
            Self::TokenRefused => "sign in again, or set another token".to_owned(),
            Self::SignInNeeded { .. } | Self::NotFound { signed_in: false, .. } => {
                "sign in: untoken auth login, or GH_TOKEN".to_owned()
            }
            Self::MayNotChange { .. } => {
                "an administrator may: use gh's own login, or do it by hand on the settings page".to_owned()
            }
            Self::NotChanged { status: 422, .. } => {
                "some rules need a paid plan in a private repository: try the other way, or the settings page"
                    .to_owned()
            }
            Self::NotChanged { .. } => "try again; what was done before is seen and not done twice".to_owned(),
            Self::Guarded { .. } => "change it on the settings page if you want it otherwise".to_owned(),
            Self::Forbidden { missing: Missing::Permission(_), .. } => {
                "use a token that has it: gh's own login does where you are an administrator".to_owned()
            }
            Self::Forbidden { missing: Missing::Scopes(_), .. } => {
                "add the scope to the token: `gh auth refresh --scopes …` for gh's own login".to_owned()
            }
            Self::Forbidden { missing: Missing::Untold(_), .. } => {
                "ask an administrator of the repository or the organisation".to_owned()
            }
            Self::SingleSignOn { page: Some(page), .. } => format!("open {page}, then read again"),
            Self::SingleSignOn { page: None, .. } => "authorise the token for the organisation at GitHub".to_owned(),
            Self::RateLimited { until: Some(until) } => format!("wait until {}, or sign in", until.clock()),
            Self::RateLimited { until: None } => "wait a few minutes, or sign in".to_owned(),
            Self::NotFound { signed_in: true, .. } => {
                "check the name; an App sees only where it is installed, and some lists only administrators see"
                    .to_owned()
            }
            Self::Status { .. } | Self::Strange { .. } => "try again later".to_owned(),
            Self::TooMuch { .. } => "clone the repository and run untoken there".to_owned(),
            Self::NotOurs => "revoke it at GitHub: https://github.com/settings/tokens".to_owned(),
        })
    }
}

impl From<NetError> for GithubError {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

impl From<&GithubError> for Unknown {
    /// What was not read is said beside it: one reason for several things is told once.
    fn from(error: &GithubError) -> Self {
        let why = match error {
            GithubError::SignInNeeded { .. } => "nobody is signed in to GitHub".to_owned(),
            GithubError::Status { status, said, .. } => format!("GitHub answered {status}: {said}"),
            other => Report::from_error(Kind::Unreadable, other).line(),
        };
        Self { why, hint: error.hint() }
    }
}

impl From<GithubError> for Report {
    fn from(error: GithubError) -> Self {
        let kind = match &error {
            GithubError::NotOurs
            | GithubError::TokenRefused
            | GithubError::MayNotChange { .. }
            | GithubError::NotChanged { .. }
            | GithubError::Guarded { .. } => Kind::User,
            _ => Kind::Unreadable,
        };
        let report = Self::from_error(kind, &error);
        match error.hint() {
            Some(hint) => report.hint(hint),
            None => report,
        }
    }
}

/// Whether the same read may work a little later: a connection that failed, or a server that is not well.
pub(super) fn transient(error: &GithubError) -> bool {
    match error {
        GithubError::Net(error) => error.is_transient() || matches!(error, NetError::Timeout { .. }),
        GithubError::Status { status, .. } => matches!(status, 500 | 502 | 503 | 504),
        _ => false,
    }
}

/// GitHub's limits, primary and secondary, come as 403 or 429.
fn rate_limited(answer: &Answer, now: Timestamp) -> Option<GithubError> {
    let status = answer.status.as_u16();
    if !matches!(status, 403 | 429) {
        return None;
    }
    let wait = answer.header("retry-after").and_then(|s| s.trim().parse::<i64>().ok()).map(|s| now.plus(s));
    let spent = answer.header("x-ratelimit-remaining") == Some("0");
    let reset = answer.header("x-ratelimit-reset").and_then(|s| s.parse().ok()).map(Timestamp::from_unix);
    let until = wait.or(reset.filter(|_| spent));
    (status == 429 || spent || wait.is_some()).then_some(GithubError::RateLimited { until })
}

/// What the headers of a refusal say that is missing.
fn missing(answer: &Answer) -> Missing {
    if let Some(accepted) = answer.header("x-accepted-github-permissions").filter(|a| !a.trim().is_empty()) {
        let alternatives: Vec<String> = accepted
            .split(';')
            .map(|one| one.split(',').map(|p| p.trim().replace('=', ": ")).collect::<Vec<_>>().join(" and "))
            .collect();
        return Missing::Permission(clean_line(&alternatives.join(" or "), 120));
    }
    let held = scopes(answer, "x-oauth-scopes");
    let accepted = scopes(answer, "x-accepted-oauth-scopes").unwrap_or_default();
    match held {
        Some(held) if !accepted.is_empty() && !accepted.iter().any(|s| held.contains(s)) => Missing::Scopes(accepted),
        _ => Missing::Untold(said(answer)),
    }
}

/// A header of scopes, split at GitHub's commas; `None`: no such header, so no OAuth or classic token.
pub(super) fn scopes(answer: &Answer, header: &str) -> Option<Vec<String>> {
    let text = clean_line(answer.header(header)?, 500);
    Some(text.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect())
}

/// GitHub's own sentence.
fn said(answer: &Answer) -> String {
    #[derive(serde::Deserialize)]
    struct Said {
        message: String,
    }
    match answer.json::<Said>() {
        Ok(said) => clean_line(&said.message, 200),
        Err(_) => "it gave no reason".to_owned(),
    }
}

/// The page of `required; url=…`, if it is on GitHub's own site.
fn own_page(header: &str, endpoints: &Endpoints) -> Option<String> {
    let page = Url::parse(header.split_once("url=")?.1.trim()).ok()?;
    (page.origin() == endpoints.web.join([]).origin()).then(|| page.into())
}

#[cfg(test)]
mod tests;
