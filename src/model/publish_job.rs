//! A job of a workflow that publishes, as read from the files.

use super::{Destination, EnvironmentName, JobId, PackageName, Registry, RelPath, RepoSlug, SecretName, WorkflowFile};

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

/// Which refs a run by an event can have. A registry may insist on a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refs {
    /// Tags alone: `push` with `tags`, `release`.
    Tags,
    /// Branches alone: `push` with `branches`, `schedule`, `pull_request`.
    Branches,
    /// Either, as the person or the filter says.
    Either,
}

/// An event that starts the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trigger {
    /// As written under `on:`.
    pub event: String,
    /// Which refs its runs have.
    pub refs: Refs,
    /// The filter on tags (where its runs have tags alone) or branches, as written; empty: none, or not of this kind.
    pub filter: Vec<String>,
    /// Where it is written.
    pub at: Place,
}

/// How a secret comes to a publishing step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUse {
    /// Which one.
    pub secret: SecretName,
    /// By what: a variable (`NODE_AUTH_TOKEN`), an action's input (`password`), an option, a login.
    pub by: String,
    /// Where it is handed over.
    pub at: Place,
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

/// Which workflow file a registry compares where a reusable workflow is involved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkflowClaim {
    /// The top-level workflow (`workflow_ref`).
    Caller,
    /// The file that holds the job (`job_workflow_ref`), which has to lie in the trusted repository.
    Callee,
    /// The file that holds the job, wherever it lies: another repository is a field of its own.
    CalleeAnywhere,
    /// None: it judges the run. The top-level file, whose events start it, is named for information only.
    NotCompared,
    /// None: it trusts whatever the repository runs.
    None,
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

/// A top-level job that calls a reusable workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The top-level file.
    pub workflow: WorkflowFile,
    /// Its job that calls.
    pub job: JobId,
}

/// By which files a run comes to a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// The file is its own top level.
    Direct(WorkflowFile),
    /// The file is a reusable workflow of this repository.
    Reusable {
        /// The top-level jobs that lead to it, never empty; more than one: each is a publisher of its own to a registry
        /// that compares the caller.
        callers: Vec<Caller>,
        /// The file that holds the step.
        callee: WorkflowFile,
    },
    /// The step lies in another repository, in a reusable workflow that this file calls.
    Remote {
        /// The top-level job that calls.
        caller: Caller,
        /// As written after `uses:`.
        callee: String,
    },
    /// A reusable workflow that nothing here calls.
    Uncalled(WorkflowFile),
}

impl Reach {
    /// Takes in another way to the same step.
    pub fn join(&mut self, other: Self) {
        if let (Self::Reusable { callers, .. }, Self::Reusable { callers: more, .. }) = (self, other) {
            for caller in more {
                if !callers.contains(&caller) {
                    callers.push(caller);
                }
            }
        }
    }

    /// The file of this repository that a registry with this claim must be told, and the part it plays; `None` where none
    /// is told, none can work, nothing here calls it, or it lies elsewhere ([`Reach::remote_file`]).
    #[must_use]
    pub fn told(&self, claim: WorkflowClaim) -> (Option<&WorkflowFile>, WorkflowRole) {
        use WorkflowClaim::{Callee, CalleeAnywhere, Caller, NotCompared};
        match (self, claim) {
            (_, WorkflowClaim::None) => (None, WorkflowRole::NotUsed),
            (_, NotCompared) => (self.top_level(), WorkflowRole::NotUsed),
            (Self::Direct(file), _) => (Some(file), WorkflowRole::Direct),
            (_, Caller) => (self.top_level(), WorkflowRole::Caller),
            (Self::Reusable { callee, .. } | Self::Uncalled(callee), Callee | CalleeAnywhere) => {
                (Some(callee), WorkflowRole::Callee)
            }
            (Self::Remote { .. }, Callee) => (None, WorkflowRole::Impossible),
            (Self::Remote { .. }, CalleeAnywhere) => (None, WorkflowRole::Callee),
        }
    }

    /// The (first) top-level file that starts the run; `None`: nothing here calls it.
    #[must_use]
    pub fn top_level(&self) -> Option<&WorkflowFile> {
        match self {
            Self::Direct(file) => Some(file),
            Self::Reusable { callers, .. } => callers.first().map(|caller| &caller.workflow),
            Self::Remote { caller, .. } => Some(&caller.workflow),
            Self::Uncalled(_) => None,
        }
    }

    /// Repository and file of a reusable workflow that lies in another repository; `None` where it does not, or its
    /// `uses:` is of another form than `owner/name/.github/workflows/file@ref`.
    #[must_use]
    pub fn remote_file(&self) -> Option<(RepoSlug, WorkflowFile)> {
        let Self::Remote { callee, .. } = self else { return None };
        let (repository, file) = callee.split('@').next()?.split_once("/.github/workflows/")?;
        Some((repository.parse().ok()?, WorkflowFile::new(file).ok()?))
    }
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
    pub destination: Destination,
    /// Which packages; `None`: cannot tell.
    pub packages: Option<Vec<PackageName>>,
    /// By which files a run comes to the step.
    pub reach: Reach,
    /// The job that holds the step.
    pub job: JobId,
    /// The environment of that job.
    pub environment: EnvironmentRef,
    /// Whether it can ask GitHub for an OIDC token.
    pub id_token: IdToken,
    /// How it logs in.
    pub auth: Auth,
    /// The secrets that reach it as a token, each by every way; also those that only some runs hand over.
    pub tokens: Vec<TokenUse>,
    /// The step that exchanges the OIDC token for the registry's, if it is a step of its own.
    pub exchange: Option<Place>,
    /// How its action is pinned.
    pub pinned: Pinned,
    /// The events that start the run (the callers' where there are callers).
    pub triggers: Vec<Trigger>,
    /// The publishing line: in a composite action or a reusable workflow, the line there.
    pub at: Place,
    /// The line of the job's id, where a repair would go.
    pub job_at: Place,
    /// How sure this is.
    pub certainty: Certainty,
    /// What the reading rests on, as fragments.
    pub why: Vec<String>,
}

impl PublishJob {
    /// Whether it publishes to this registry itself, and not to another place of the same kind.
    #[must_use]
    pub fn publishes_to(&self, registry: Registry) -> bool {
        self.destination.registry() == Some(registry)
    }

    /// The file that a registry with this claim must be told; `None` where none can work.
    #[must_use]
    pub fn workflow(&self, claim: WorkflowClaim) -> Option<&WorkflowFile> {
        self.reach.told(claim).0
    }

    /// The same, a file of another repository included where a registry takes one.
    #[must_use]
    pub fn workflow_anywhere(&self, claim: WorkflowClaim) -> Option<WorkflowFile> {
        let elsewhere = || match claim {
            WorkflowClaim::CalleeAnywhere => self.reach.remote_file().map(|(_, file)| file),
            _ => None,
        };
        self.workflow(claim).cloned().or_else(elsewhere)
    }

    /// The part that file plays.
    #[must_use]
    pub fn role(&self, claim: WorkflowClaim) -> WorkflowRole {
        self.reach.told(claim).1
    }
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
