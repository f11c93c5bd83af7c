//! A step that would raise a package on the ladder.

use super::PackageId;

/// The kinds of steps, in the order in which a package takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Publish the package once, because the registry trusts only what exists.
    FirstPublish,
    /// Tell the registry which workflow may publish.
    Register,
    /// Take the token out of the workflow and let it ask for OIDC.
    RepairWorkflow,
    /// Make the environment that the workflow publishes from, or guard it.
    Environment,
    /// Record the intent in the project's TOML.
    Declare,
    /// Release once by OIDC.
    Prove,
    /// Have the registry refuse tokens.
    Lock,
    /// Delete the old secret.
    Retire,
}

impl StepKind {
    /// All kinds, in order.
    pub const ALL: [Self; 8] = [
        Self::FirstPublish,
        Self::Register,
        Self::RepairWorkflow,
        Self::Environment,
        Self::Declare,
        Self::Prove,
        Self::Lock,
        Self::Retire,
    ];

    /// The word for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::FirstPublish => "first publish",
            Self::Register => "register",
            Self::RepairWorkflow => "repair",
            Self::Environment => "environment",
            Self::Declare => "declare",
            Self::Prove => "prove",
            Self::Lock => "lock",
            Self::Retire => "retire",
        }
    }
}

/// Whether a step can be taken now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// Its rung already holds, or it does not apply.
    Done,
    /// It can be taken.
    Open,
    /// Only after another one, for this reason.
    Blocked(String),
    /// Nothing can be said until something is read.
    Unknown(String),
}

/// One step of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// For which package.
    pub package: PackageId,
    /// What kind.
    pub kind: StepKind,
    /// Whether it can be taken.
    pub state: StepState,
    /// What it would do, as a sentence.
    pub title: String,
}
