//! Repairs of workflow files: splices on the exact bytes, so that a job may ask for an OIDC token and needs no other.
//!
//! Pure: bytes in, bytes out, or a refusal with the lines to paste. Comments, anchors, quotes, line ends and every other byte
//! stay. What can't be spliced safely (flow style, aliases, merge keys) is not written at all. A result is read again: it
//! must say what was wanted and nothing else, and the caller's own check must agree, else it is withdrawn. What each repair
//! adds and removes is told in `docs/repair.md`.

mod document;
mod drop;
mod edit;
mod elsewhere;
#[cfg(test)]
mod elsewhere_tests;
mod environment;
mod instead;
mod layout;
mod lines;
mod login;
#[cfg(test)]
mod login_tests;
mod mend;
mod npm;
mod paste;
mod permissions;
mod pin;
mod pins;
mod plan;
#[cfg(test)]
mod properties;
mod script;
mod split;
#[cfg(test)]
mod split_tests;
mod step_ref;
#[cfg(test)]
mod tests;

pub use instead::CannotRepair;
pub use mend::{Mended, Note, Refusal, Splice, mend, mend_with};
pub use pins::{ActionName, Pin, PinError, Pins};
pub use plan::{Planned, plan};
pub use step_ref::StepRef;

use crate::model::{EnvironmentName, JobId, SecretName};

/// What a job may do with a scope of GitHub's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Write, and read.
    Write,
}

impl Access {
    /// GitHub's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::None, Self::Read, Self::Write].into_iter().find(|access| access.word() == word)
    }
}

/// Where something is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Level {
    /// At the top of the file, for all jobs.
    Workflow,
    /// At a job, for all its steps.
    Job(JobId),
    /// At a step.
    Step(JobId, StepRef),
}

/// What a publishing step takes its token from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenInto {
    /// This variable.
    Env(String),
    /// This input of its action.
    Input(String),
    /// Its script, wherever that names one of these secrets.
    Script(Vec<SecretName>),
}

/// A step that logs in by OIDC, and how the publishing step takes what it gives out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// At crates.io.
    CratesIo {
        /// What the publishing step takes the token from.
        into: TokenInto,
        /// Another registry that speaks crates.io's language: the action's `url`.
        url: Option<String>,
    },
    /// At RubyGems: the tools find the key themselves.
    RubyGems,
    /// At NuGet.
    Nuget {
        /// What the publishing step takes the key from.
        into: TokenInto,
    },
    /// At pub.dev, for Flutter's own `pub`, which finds the token itself.
    PubDev,
}

/// A change of a workflow file. One that holds already changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// The job has at least these scopes, and keeps what it had.
    JobPermissions {
        /// The job.
        job: JobId,
        /// Scope (`id-token`) and access.
        scopes: Vec<(String, Access)>,
    },
    /// The job runs in this environment.
    Environment {
        /// The job.
        job: JobId,
        /// Its environment.
        name: EnvironmentName,
    },
    /// A step before the publishing one logs in by OIDC, and the publishing one takes what that gives out.
    LoginStep {
        /// The job.
        job: JobId,
        /// The step that publishes.
        publish: StepRef,
        /// Where it logs in, and how the publishing step takes it.
        login: Login,
    },
    /// A variable that holds a token is no longer set there.
    DropEnv {
        /// Where it is set.
        level: Level,
        /// Its name.
        name: String,
    },
    /// An input that holds a token is no longer given.
    DropInput {
        /// The job.
        job: JobId,
        /// The step.
        step: StepRef,
        /// The input.
        name: String,
    },
    /// An option that holds a token is no longer given to a command.
    DropOption {
        /// The job.
        job: JobId,
        /// The step.
        step: StepRef,
        /// The program: `twine`.
        program: String,
        /// The option: `--password`.
        option: String,
        /// The secrets and variables that are the token.
        tokens: Vec<String>,
    },
    /// A line of a script that logs in with a token is gone; a step that does nothing else is gone too.
    DropLogin {
        /// The job.
        job: JobId,
        /// The step.
        step: StepRef,
        /// What marks the line: `_authToken`, `cargo login`.
        mark: String,
        /// The secrets and variables that are the token.
        tokens: Vec<String>,
    },
    /// `actions/setup-node` no longer writes an `.npmrc` that waits for a token of the main npm registry.
    DropRegistryUrl {
        /// The job.
        job: JobId,
        /// The step that sets node up.
        step: StepRef,
    },
    /// npm is new enough for trusted publishing (11.5.1) when the step runs.
    NpmNewEnough {
        /// The job.
        job: JobId,
        /// The step that publishes.
        publish: StepRef,
    },
    /// A job that also builds gives `id-token` to one of its own that publishes. Written for PyPI's action as the last step
    /// of a plain job; no plan asks for it by itself: two jobs out of one are a person's decision, who is offered it.
    SplitIdToken {
        /// The job.
        job: JobId,
        /// The step that publishes.
        publish: StepRef,
    },
    /// The job's steps use this action by commit, with the version beside it.
    PinAction {
        /// The job.
        job: JobId,
        /// The action.
        action: ActionName,
    },
}

/// Why something is not written, as a fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Obstacle {
    #[error("the file can't be read: {0}")]
    Unreadable(String),
    #[error("there is no job {0}")]
    NoJob(JobId),
    #[error("the job {0} has no such step")]
    NoStep(JobId),
    #[error("{0} is not there")]
    NotThere(String),
    #[error("{0} is in flow style (`{{…}}`)")]
    Flow(String),
    #[error("{0} is an alias, so that the change would reach further")]
    Alias(String),
    #[error("{0} is used elsewhere by its anchor, so that the change would reach further")]
    Anchored(String),
    #[error("{0} holds a merge key (`<<`), which GitHub does not read")]
    MergeKey(String),
    #[error("{0} carries a tag (`!`)")]
    Tagged(String),
    #[error("the place is written in a form that untoken does not edit")]
    Odd,
    #[error("the result would not say what is wanted and nothing else")]
    Unsound,
    #[error("{0}")]
    Other(String),
}

impl Obstacle {
    fn other(why: impl Into<String>) -> Self {
        Self::Other(why.into())
    }

    /// The same, naming where.
    fn at(self, place: &str) -> Self {
        let place = place.to_owned();
        match self {
            Self::Flow(_) => Self::Flow(place),
            Self::Alias(_) => Self::Alias(place),
            Self::Anchored(_) => Self::Anchored(place),
            Self::MergeKey(_) => Self::MergeKey(place),
            Self::Tagged(_) => Self::Tagged(place),
            other => other,
        }
    }
}
