//! What a registry is told to trust, and what the project's TOML records of it.

use super::{EnvironmentName, NameError, RepoSlug, TagPattern, WorkflowFile};

/// A GitHub trusted publisher as a registry stores it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct TrustedPublisher {
    /// The repository that may publish.
    pub repository: RepoSlug,
    /// The workflow that the registry compares.
    pub workflow: TrustedWorkflow,
    /// The environment the job must run in; `None`: any.
    pub environment: Option<EnvironmentName>,
}

/// The workflow of a trusted publisher: mostly a file of its own repository.
///
/// A registry that cannot be told another repository asks for [`own`](Self::own), and so can't take the one for the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum TrustedWorkflow {
    /// A file of the publisher's own repository.
    Own(WorkflowFile),
    /// A reusable workflow of another repository: the file that holds the publishing job.
    Elsewhere {
        /// Its file.
        file: WorkflowFile,
        /// The repository in which that lies.
        home: Box<RepoSlug>,
    },
}

impl TrustedWorkflow {
    /// A file as a publisher of `repository` has it: its own where `home` is the same repository, or none.
    #[must_use]
    pub fn of(repository: &RepoSlug, file: WorkflowFile, home: Option<RepoSlug>) -> Self {
        match home.filter(|home| !home.same_on_github(repository)) {
            Some(home) => Self::Elsewhere { file, home: Box::new(home) },
            None => Self::Own(file),
        }
    }

    /// The file, if it is one of the publisher's own repository.
    #[must_use]
    pub fn own(&self) -> Option<&WorkflowFile> {
        match self {
            Self::Own(file) => Some(file),
            Self::Elsewhere { .. } => None,
        }
    }

    /// The repository in which it lies, if that is another.
    #[must_use]
    pub fn home(&self) -> Option<&RepoSlug> {
        match self {
            Self::Own(_) => None,
            Self::Elsewhere { home, .. } => Some(home),
        }
    }

    /// The file's name alone, for those who look at the repository besides.
    #[must_use]
    pub fn file_alone(&self) -> &WorkflowFile {
        match self {
            Self::Own(file) | Self::Elsewhere { file, .. } => file,
        }
    }

    /// Whether it is the same file of the same repository, as GitHub has it.
    #[must_use]
    pub fn same_on_github(&self, other: &Self) -> bool {
        let homes = match (self.home(), other.home()) {
            (None, None) => true,
            (Some(one), Some(other)) => one.same_on_github(other),
            (Some(_), None) | (None, Some(_)) => false,
        };
        homes && self.file_alone() == other.file_alone()
    }
}

impl From<WorkflowFile> for TrustedWorkflow {
    fn from(file: WorkflowFile) -> Self {
        Self::Own(file)
    }
}

impl std::str::FromStr for TrustedWorkflow {
    type Err = NameError;

    /// The name of a file of the publisher's own repository.
    fn from_str(text: &str) -> Result<Self, NameError> {
        WorkflowFile::new(text).map(Self::Own)
    }
}

impl std::fmt::Display for TrustedWorkflow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Own(file) => file.fmt(f),
            Self::Elsewhere { file, home } => write!(f, "{file} of {home}"),
        }
    }
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
        match (&self.workflow, &self.workflow_repository, &self.repository) {
            (Some(workflow), Some(home), _) => format!("{workflow} of {home}"),
            (Some(workflow), None, _) => workflow.to_string(),
            (None, _, Some(repository)) => repository.to_string(),
            (None, _, None) => "this repository".to_owned(),
        }
    }

    /// The workflow as a publisher of this repository has it.
    #[must_use]
    pub fn trusted_workflow(&self, repository: &RepoSlug) -> Option<TrustedWorkflow> {
        Some(TrustedWorkflow::of(repository, self.workflow.clone()?, self.workflow_repository.clone()))
    }

    /// The same with the three keys alone that every file takes.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self { tag_pattern: None, workflow_repository: None, ..self.clone() }
    }
}
