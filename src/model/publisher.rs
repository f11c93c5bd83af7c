//! What a registry is told to trust, and what the project's TOML records of it.

use super::{EnvironmentName, RepoSlug, WorkflowFile};

/// A GitHub trusted publisher as a registry stores it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct TrustedPublisher {
    /// The repository that may publish.
    pub repository: RepoSlug,
    /// The workflow file that the registry compares.
    pub workflow: WorkflowFile,
    /// The environment the job must run in; `None`: any.
    pub environment: Option<EnvironmentName>,
}

impl std::fmt::Display for TrustedPublisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.repository, self.workflow)?;
        match &self.environment {
            Some(environment) => write!(f, " in {environment}"),
            None => write!(f, " in any environment"),
        }
    }
}

/// The `trust_policy` block of the project's TOML: putitoutthere's schema, exactly three keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TrustPolicy {
    /// The workflow that publishes.
    pub workflow: WorkflowFile,
    /// The environment, where one is pinned.
    pub environment: Option<EnvironmentName>,
    /// The repository; `None`: the remote's.
    pub repository: Option<RepoSlug>,
}
