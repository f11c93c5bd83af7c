//! Why a sign-in or a renewal did not come about.

use crate::net::NetError;
use crate::report::{Kind, Report};
use crate::secret_store::StoreError;

/// Why a sign-in did not come about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// GitHub knows no App of this client id.
    #[error("GitHub knows no App with the client id {client_id}")]
    UnknownApp {
        /// The id that was used.
        client_id: String,
    },
    /// The App's owner has not allowed sign-ins of this kind.
    #[error("the App {client_id} does not allow sign-in by code")]
    DeviceFlowDisabled {
        /// The id that was used.
        client_id: String,
    },
    /// The person pressed cancel.
    #[error("the sign-in was cancelled at GitHub")]
    Denied,
    /// Nobody typed the code in time.
    #[error("the code has expired")]
    Expired,
    /// GitHub does not know the code any more.
    #[error("GitHub does not know this code any more")]
    StaleCode,
    /// GitHub asked twice to be asked less often, though it was asked more slowly than it wanted.
    #[error("GitHub says twice that it is asked too often: this machine's clock seems to run fast")]
    ClockDrift,
    /// The page to open is not GitHub's own.
    #[error("the sign-in page that was named is not on {host}")]
    StrangePage {
        /// Where it should be.
        host: String,
    },
    /// What renews the token is used up, ended or revoked.
    #[error("the earlier sign-in cannot be renewed")]
    CannotRenew,
    /// Another untoken holds the lock.
    #[error("another untoken has been renewing the sign-in for too long")]
    Busy,
    /// GitHub refused with a word that is not known here.
    #[error("GitHub refused the sign-in: {code}")]
    Refused {
        /// GitHub's word for it.
        code: String,
    },
    /// GitHub asks to wait.
    #[error("GitHub takes no sign-ins just now (HTTP {status})")]
    Unavailable {
        /// The answer's status.
        status: u16,
    },
    /// The answer is of another shape than any that is known.
    #[error("GitHub's answer to the sign-in cannot be understood")]
    Strange,
    /// The way there failed.
    #[error("GitHub could not be asked")]
    Net(#[source] NetError),
    /// The token could not be kept or fetched.
    #[error(transparent)]
    Store(StoreError),
    /// The lock file could not be opened.
    #[error("the lock file for the sign-in cannot be used: {why}")]
    Lock {
        /// In the system's words.
        why: String,
    },
}

/// The ways that are always open.
const OTHER_WAYS: &str = "use GH_TOKEN, gh's own login or a pasted token, or go on without signing in";

impl SignInError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::UnknownApp { .. } => format!("the App may be gone: give another with --client-id, {OTHER_WAYS}"),
            Self::DeviceFlowDisabled { .. } => {
                format!("its owner can tick \"Enable Device Flow\" in the App's settings; or {OTHER_WAYS}")
            }
            Self::Denied | Self::Expired | Self::StaleCode => "start again to get a new code".to_owned(),
            Self::ClockDrift => {
                "virtual machines' clocks often run fast: set it right (on WSL: `wsl --shutdown`), then start again"
                    .to_owned()
            }
            Self::StrangePage { .. } => {
                "do not type the code anywhere; check UNTOKEN_GITHUB_URL and your proxy".to_owned()
            }
            Self::CannotRenew => "sign in again".to_owned(),
            Self::Busy => "end the other untoken, or try again".to_owned(),
            Self::Refused { .. } | Self::Unavailable { .. } | Self::Strange => {
                format!("try again later, or {OTHER_WAYS}")
            }
            Self::Net(error) => error.hint().unwrap_or_else(|| "try again".to_owned()),
            Self::Store(error) => error.hint().to_owned(),
            Self::Lock { .. } => "check the rights of untoken's state folder".to_owned(),
        }
    }
}

impl From<NetError> for SignInError {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<SignInError> for Report {
    fn from(error: SignInError) -> Self {
        let kind = match &error {
            SignInError::Net(_) | SignInError::Unavailable { .. } | SignInError::Strange => Kind::Unreadable,
            _ => Kind::User,
        };
        Self::from_error(kind, &error).hint(error.hint())
    }
}
