//! Runs of a workflow as GitHub shows them: what a release by it comes to.

use super::{EnvironmentName, RemoteWorkflow, Reviewer, Timestamp};

/// How a run or a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// Well.
    Success,
    /// Not well.
    Failure,
    /// Somebody stopped it.
    Cancelled,
    /// Its condition did not hold.
    Skipped,
    /// It took too long.
    TimedOut,
    /// GitHub could not start it: the file is wrong.
    StartupFailure,
    /// Another word of GitHub's.
    Other(String),
}

impl Conclusion {
    /// As a person says it.
    #[must_use]
    pub fn in_words(&self) -> &str {
        match self {
            Self::Success => "succeeded",
            Self::Failure => "failed",
            Self::Cancelled => "was cancelled",
            Self::Skipped => "was skipped",
            Self::TimedOut => "took too long",
            Self::StartupFailure => "could not be started",
            Self::Other(word) => word,
        }
    }
}

/// How far a run or a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunState {
    /// It waits for a machine, or for another run.
    Queued,
    /// It waits for a person, or for a rule of its environment.
    Waiting,
    /// It runs.
    InProgress,
    /// It has ended.
    Completed(Conclusion),
}

impl RunState {
    /// As a person says it.
    #[must_use]
    pub fn in_words(&self) -> &str {
        match self {
            Self::Queued => "is queued",
            Self::Waiting => "waits for approval",
            Self::InProgress => "is running",
            Self::Completed(conclusion) => conclusion.in_words(),
        }
    }

    /// Whether it ended well.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        *self == Self::Completed(Conclusion::Success)
    }

    /// Whether its jobs began and ended, however that was: then it may have published something.
    #[must_use]
    pub fn may_have_published(&self) -> bool {
        matches!(self, Self::Completed(how) if !matches!(how, Conclusion::Skipped | Conclusion::StartupFailure))
    }

    /// Whether it ended otherwise than well.
    #[must_use]
    pub fn went_wrong(&self) -> bool {
        matches!(self, Self::Completed(conclusion) if !matches!(conclusion, Conclusion::Success | Conclusion::Skipped))
    }
}

/// A run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowRun {
    /// GitHub's id of it.
    pub id: u64,
    /// Its number among the runs of that workflow, which people see.
    pub number: u64,
    /// What started it: `push`, `release`, `workflow_dispatch`.
    pub event: String,
    /// The branch or, where a tag was pushed, the tag.
    pub head: Option<String>,
    /// The commit.
    pub sha: String,
    /// The workflow files that lie in that commit, with their blob ids; `None`: not read.
    pub files: Option<Vec<RemoteWorkflow>>,
    /// When it was made.
    pub created: Timestamp,
    /// How far it is.
    pub state: RunState,
    /// Its page.
    pub link: String,
}

/// A job of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunJob {
    /// Its name, as the run's page shows it.
    pub name: String,
    /// How far it is.
    pub state: RunState,
    /// The step that failed, by its name.
    pub failed_step: Option<String>,
    /// Its page.
    pub link: Option<String>,
}

/// An environment that lets a run wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Which one.
    pub environment: EnvironmentName,
    /// Who may let it through; empty: nobody has to, a timer or a rule of an app holds it.
    pub reviewers: Vec<Reviewer>,
    /// Whether the signed-in account may.
    pub mine: bool,
}

/// What else is told of a run: its jobs, and what lets it wait.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunDetail {
    /// Its jobs, as they stand in its last attempt.
    pub jobs: Vec<RunJob>,
    /// The environments that let it wait.
    pub gates: Vec<Gate>,
}
