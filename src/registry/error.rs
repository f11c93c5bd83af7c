//! Why a registry did not do what was asked, and what a person is told about it.

use crate::model::{PackageName, Registry};
use crate::net::NetError;
use crate::report::{Kind, Report};
use crate::tools::ToolError;

/// Why a registry did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ApiError {
    /// The registry has no such call; `hint` names the way that there is.
    #[error("{registry} offers no API for this")]
    Unsupported {
        /// Which registry.
        registry: Registry,
        /// What can be done instead.
        hint: String,
    },
    /// No credential was given.
    #[error("{registry} wants a credential for this")]
    NeedsCredential {
        /// Which registry.
        registry: Registry,
        /// How to get one.
        hint: String,
    },
    /// A credential was given and refused.
    #[error("{registry} refused the credential: {message}")]
    Denied {
        /// Which registry.
        registry: Registry,
        /// The registry's own words.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A person has to approve in a browser.
    #[error("{registry} wants a second factor")]
    NeedsSecondFactor {
        /// Which registry.
        registry: Registry,
        /// The page where it is given, if the registry named one on its own host.
        page: Option<String>,
    },
    /// The package is not there, or hidden from this account.
    #[error("{registry} knows no package {name}")]
    Missing {
        /// Which registry.
        registry: Registry,
        /// The package.
        name: PackageName,
    },
    /// Refused by a rule of the registry.
    #[error("{registry} refused it: {message}")]
    Refused {
        /// Which registry.
        registry: Registry,
        /// The registry's own words.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The person's own tool is missing, too old, or failed.
    #[error("{message}")]
    Tool {
        /// What is wrong with it.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The answer is of another shape than any this registry is known to give.
    #[error("{registry} answered something that untoken does not understand: {message}")]
    Strange {
        /// Which registry.
        registry: Registry,
        /// What was odd about it.
        message: String,
    },
    /// It answered as it should, and the answer is that this is not to be had.
    #[error("{registry} {message}")]
    Untold {
        /// Which registry.
        registry: Registry,
        /// What it does not tell, after its name: `has no scope @acme yet`.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The service has trouble of its own, or asks for patience.
    #[error("{registry} cannot answer right now (HTTP {status})")]
    Unwell {
        /// Which registry.
        registry: Registry,
        /// What it answered.
        status: u16,
    },
    /// The way there failed.
    #[error("{registry} could not be asked")]
    Net {
        /// Which registry.
        registry: Registry,
        /// What went wrong.
        #[source]
        source: NetError,
    },
}

impl From<ToolError> for ApiError {
    fn from(error: ToolError) -> Self {
        let report = Report::from_error(Kind::User, &error);
        Self::Tool { message: report.line(), hint: error.hint() }
    }
}

impl From<ApiError> for Report {
    fn from(error: ApiError) -> Self {
        let (kind, hint) = match &error {
            ApiError::Unsupported { hint, .. }
            | ApiError::NeedsCredential { hint, .. }
            | ApiError::Denied { hint, .. }
            | ApiError::Refused { hint, .. }
            | ApiError::Tool { hint, .. } => (Kind::User, Some(hint.clone())),
            ApiError::Untold { hint, .. } => (Kind::Unreadable, Some(hint.clone())),
            ApiError::NeedsSecondFactor { page, .. } => (
                Kind::User,
                Some(page.as_ref().map_or_else(
                    || "approve it and try again".to_owned(),
                    |p| format!("approve it at {p} and try again"),
                )),
            ),
            ApiError::Missing { .. } => {
                (Kind::User, Some("check the name, and that your account may see it".to_owned()))
            }
            ApiError::Strange { .. } => {
                (Kind::Unreadable, Some("try again later; -v writes what was asked to the log".to_owned()))
            }
            ApiError::Unwell { .. } => (Kind::Unreadable, Some("try again later; nothing is lost".to_owned())),
            ApiError::Net { source, .. } => (Kind::Unreadable, source.hint()),
        };
        let report = Self::from_error(kind, &error);
        match hint {
            Some(hint) => report.hint(hint),
            None => report,
        }
    }
}
