//! A job of a workflow that publishes, as read from the files.

use super::{EnvironmentName, JobId, PackageName, Registry, RelPath, SecretName, WorkflowFile};

/// A line of a file, for people and for findings. Line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: RelPath,
    /// Its line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// How the step proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// No long-lived registry secret reaches it, and it can ask GitHub for an OIDC token.
    Oidc,
    /// A long-lived token from this secret.
    Token(SecretName),
    /// The files do not tell.
    Unknown,
}

/// Whether `id-token: write` is effective in the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdToken {
    /// It is, by this line.
    Granted(Place),
    /// It is not. No default ever grants it.
    Missing,
    /// A caller that is not here decides.
    Unknown(String),
}

/// The environment that a job names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvironmentRef {
    /// None.
    None,
    /// This one.
    Named(EnvironmentName),
    /// An expression that only a run decides.
    Expression(String),
    /// Decided elsewhere (a remote reusable workflow).
    Unknown(String),
}

/// Which part the named workflow plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkflowRole {
    /// The file is its own top level.
    Direct,
    /// A reusable workflow is involved and the registry compares its caller.
    Caller,
    /// A reusable workflow is involved and the registry compares it.
    Callee,
    /// The registry compares no file.
    NotUsed,
    /// No file can work.
    Impossible,
}

/// How the publishing or authenticating action is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pinned {
    /// By commit.
    Sha,
    /// By tag.
    Tag,
    /// By branch.
    Branch,
    /// There is no such action.
    None,
}

/// How sure the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It may be one; the files do not tell.
    CannotTell,
    /// By name or convention.
    Likely,
    /// Written there.
    Certain,
}

/// A step in a workflow that publishes to a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishJob {
    /// Where it publishes to.
    pub registry: Registry,
    /// Which packages; `None`: cannot tell.
    pub packages: Option<Vec<PackageName>>,
    /// The file that the registry must be told; `None` where none can work.
    pub workflow: Option<WorkflowFile>,
    /// The part that file plays.
    pub role: WorkflowRole,
    /// The job that holds the step.
    pub job: JobId,
    /// The environment of that job.
    pub environment: EnvironmentRef,
    /// Whether it can ask GitHub for an OIDC token.
    pub id_token: IdToken,
    /// How it logs in.
    pub auth: Auth,
    /// How its action is pinned.
    pub pinned: Pinned,
    /// The events that start the workflow, as written under `on:`.
    pub events: Vec<String>,
    /// The publishing line.
    pub at: Place,
    /// The line of the job's id, where a repair would go.
    pub job_at: Place,
    /// How sure this is.
    pub certainty: Certainty,
    /// What the reading rests on, as fragments.
    pub why: Vec<String>,
}

/// A place where a workflow uses a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretUse {
    /// Which one.
    pub secret: SecretName,
    /// Where.
    pub at: Place,
    /// In which job.
    pub job: JobId,
}
