//! What a registry is told to trust, and what the project's TOML records of it.

use super::{EnvironmentName, RepoSlug, TagPattern, WorkflowFile};

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

/// The `trust_policy` block of the project's TOML: putitoutthere's schema, exactly three keys; in untoken.toml also what single
/// registries compare besides.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TrustPolicy {
    /// The workflow that publishes; `None` only for a registry that compares none.
    pub workflow: Option<WorkflowFile>,
    /// The environment, where one is pinned.
    pub environment: Option<EnvironmentName>,
    /// The repository; `None`: the remote's.
    pub repository: Option<RepoSlug>,
    /// The pattern of its release tags (pub.dev).
    pub tag_pattern: Option<TagPattern>,
    /// The repository of the reusable workflow that holds the publishing job, where it is another (RubyGems).
    pub workflow_repository: Option<RepoSlug>,
}

impl TrustPolicy {
    /// What it is about, for a sentence: the workflow, or else the repository.
    #[must_use]
    pub fn names(&self) -> String {
        match (&self.workflow, &self.repository) {
            (Some(workflow), _) => workflow.to_string(),
            (None, Some(repository)) => repository.to_string(),
            (None, None) => "this repository".to_owned(),
        }
    }

    /// The same with the three keys alone that every file takes.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self { tag_pattern: None, workflow_repository: None, ..self.clone() }
    }
}
