//! What a watch for a release knows, what one look at it asks, and what a look brings.

use std::collections::BTreeMap;

use super::Ticket;
use crate::model::{PackageId, PublicFacts, RepoSlug, RunDetail, Timestamp, WorkflowFile, WorkflowRun};
use crate::plan::Outcome;
use crate::report::Report;

/// A release that is being watched for.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// The workflow that makes it.
    pub workflow: WorkflowFile,
    /// Since when.
    pub since: Timestamp,
    /// What is seen of each package.
    pub packages: BTreeMap<PackageId, Outcome>,
    /// The runs since then, newest first.
    pub runs: Vec<WorkflowRun>,
    /// More of the newest one.
    pub detail: RunDetail,
    /// What kept the last look from seeing.
    pub trouble: Option<String>,
    /// How often it was looked.
    pub(super) looks: u32,
    /// The look under way; `None`: nothing more is awaited.
    pub(super) ticket: Option<Ticket>,
    /// What GitHub called the last list of runs.
    pub(super) tag: Option<String>,
}

/// One look at what came of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Seconds to wait before.
    pub pause: u64,
    /// Whose runs; `None`: nobody is signed in, and only the registries are asked.
    pub runs: Option<LookAtRuns>,
    /// The packages that the registries are asked about.
    pub packages: Vec<PackageId>,
    /// Ask the registries also where no run has ended.
    pub always: bool,
}

/// Which runs a look is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAtRuns {
    /// Of which repository.
    pub slug: RepoSlug,
    /// Of which workflow.
    pub workflow: WorkflowFile,
    /// Made then or later.
    pub since: Timestamp,
    /// What GitHub called the list that is known.
    pub tag: Option<String>,
}

/// What a look at the runs brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunsSeen {
    /// The runs, newest first, and what GitHub calls this list; `None`: as before.
    pub runs: Option<(Vec<WorkflowRun>, Option<String>)>,
    /// More of the newest one.
    pub detail: Option<RunDetail>,
}

/// What a registry shows of a package, who answered, and when.
pub type PublicSeen = Result<(PublicFacts, String, Timestamp), Report>;

/// What a look brought.
#[derive(Debug, Clone)]
pub struct Looked {
    /// When.
    pub at: Timestamp,
    /// GitHub's side; `None`: it was not asked.
    pub runs: Option<Result<RunsSeen, Report>>,
    /// The registries' side.
    pub public: Vec<(PackageId, PublicSeen)>,
}

impl Watch {
    pub(super) fn new(workflow: WorkflowFile, since: Timestamp) -> Self {
        Self {
            workflow,
            since,
            packages: BTreeMap::new(),
            runs: Vec::new(),
            detail: RunDetail::default(),
            trouble: None,
            looks: 0,
            ticket: None,
            tag: None,
        }
    }

    /// The newest run since it is awaited.
    #[must_use]
    pub fn run(&self) -> Option<&WorkflowRun> {
        self.runs.first()
    }

    /// Whether something more may come.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        !self.packages.values().all(Outcome::is_final)
    }
}
