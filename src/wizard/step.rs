//! One thing to do for one or several packages of one registry: its state.
//!
//! What a person does with it is in `step_flow`, what comes back in `step_news`, what it says in `step_words`.

use super::{DeviceCode, Ticket};
use crate::model::{PackageId, PackageName, Registry, StepKind};
use crate::report::Report;

/// A package in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepItem {
    /// Which.
    pub package: PackageId,
    /// How far it is.
    pub state: ItemState,
}

/// How far a package is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemState {
    /// Its turn has not come.
    Waiting,
    /// It is being done.
    Running,
    /// Done, and read back; the text says what was seen.
    Done(String),
    /// It was so before.
    AlreadySo(String),
    /// The person said so.
    Stated,
    /// The registry took it, and nobody can read it back; why.
    Accepted(String),
    /// Sent, and not seen afterwards.
    NotSeen(String),
    /// Only read, for its own sake.
    Read(String),
    /// Did not work.
    Failed(Report),
}

/// Why the terminal is lent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lent {
    /// For the registry's second factor.
    SecondFactor,
    /// For the tool's own login.
    Login,
    /// For publishing.
    FirstPublish,
}

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The step itself.
    Do,
    /// Only the lists are read, for their own sake.
    ReadLists,
    /// Old entries are taken away.
    RemoveOld,
}

/// Which value is being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditField {
    /// The workflow's filename.
    Workflow,
    /// The environment; the workflow typed before it.
    Environment(crate::model::WorkflowFile),
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// What would be done, by the chosen way.
    Explain,
    /// The message that hands it over is shown.
    HandOver,
    /// A value is being typed; `Some`: why the last one was not taken.
    Edit(EditField, Option<String>),
    /// The repository has files that redirect or execute tools: accepted?
    Redirects,
    /// A credential is being typed; `Some`: why the last one was refused.
    Credential(Option<Report>),
    /// The registry is asked for a code that hands out its credential.
    Authorizing(Ticket),
    /// That code is up.
    Code(DeviceCode),
    /// A one-time code is being typed.
    OneTimeCode,
    /// The person's own tool is asked who it is logged in as.
    CheckingLogin(Ticket),
    /// It is not logged in; the text says how it logs in.
    Login(String),
    /// The registry wants a person to approve; untoken would lend the terminal.
    SecondFactor,
    /// The terminal is lent.
    Lent(Lent),
    /// The packages are being done.
    Running,
    /// Old entries that a new one stands beside: may they go?
    Old,
    /// Looking again at what a borrowed tool did.
    LookingAgain(Ticket),
    /// The person was in the browser: is it saved there?
    Saved,
    /// All that the lock holds for is shown: go on?
    Covers,
    /// All were tried.
    End,
}

/// The step screen.
#[derive(Debug, Clone, PartialEq)]
pub struct StepScreen {
    /// What kind of step.
    pub kind: StepKind,
    /// On which registry.
    pub registry: Registry,
    /// For which packages.
    pub items: Vec<StepItem>,
    /// Which of the ways.
    pub way: usize,
    /// The value under the cursor.
    pub field: usize,
    /// Whether everything that would be sent or run is shown.
    pub show: bool,
    /// Where it stands.
    pub stage: Stage,
    /// The repository's redirecting files were accepted.
    pub accepted_redirects: bool,
    /// What a lock holds for, once that was read.
    pub covers: Option<Vec<PackageName>>,
    /// What it is for.
    pub aim: Aim,
    /// The approvals that were given in the browser so far.
    pub approvals: Vec<Approval>,
}

/// An approval that a person gave in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// How many packages had come to an end by then.
    pub ended: usize,
}

impl StepScreen {
    /// A step for these packages, nothing done yet.
    #[must_use]
    pub fn new(kind: StepKind, registry: Registry, packages: Vec<PackageId>) -> Self {
        let items = packages.into_iter().map(|package| StepItem { package, state: ItemState::Waiting }).collect();
        Self {
            kind,
            registry,
            items,
            way: 0,
            field: 0,
            show: false,
            stage: Stage::Explain,
            accepted_redirects: false,
            covers: None,
            aim: Aim::Do,
            approvals: Vec::new(),
        }
    }

    /// The package whose turn it is: the first that waits or runs, else the last.
    #[must_use]
    pub fn turn(&self) -> Option<&StepItem> {
        let open = |item: &&StepItem| matches!(item.state, ItemState::Waiting | ItemState::Running);
        self.items.iter().find(open).or_else(|| self.items.last())
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(
            self.stage,
            Stage::Running
                | Stage::CheckingLogin(_)
                | Stage::LookingAgain(_)
                | Stage::Lent(_)
                | Stage::Authorizing(_)
                | Stage::Code(_)
        )
    }

    /// Whether something is being changed that has to come to its end. A read can be left at any time.
    #[must_use]
    pub fn is_changing(&self) -> bool {
        match self.stage {
            Stage::Running => self.aim != Aim::ReadLists,
            Stage::Lent(_) => true,
            _ => false,
        }
    }

    /// Whether it is this package's turn, and its answer is awaited.
    pub(super) fn awaits(&self, package: &PackageId) -> bool {
        let running = |item: &StepItem| item.package == *package && item.state == ItemState::Running;
        self.stage == Stage::Running && self.items.iter().any(running)
    }

    pub(super) fn item_mut(&mut self, package: &PackageId) -> Option<&mut StepItem> {
        self.items.iter_mut().find(|item| item.package == *package)
    }

    /// How many packages have come to an end.
    #[must_use]
    pub fn ended(&self) -> usize {
        let open = |item: &&StepItem| matches!(item.state, ItemState::Waiting | ItemState::Running);
        self.items.len() - self.items.iter().filter(open).count()
    }

    pub(super) fn next_waiting(&self) -> Option<&PackageId> {
        self.items.iter().find(|item| item.state == ItemState::Waiting).map(|item| &item.package)
    }
}
