//! A workflow file as far as publishing is concerned; everything else in it is left alone.
//!
//! Plain data. A part of an odd shape is left out here and becomes a finding, so that one strange step never hides a job.

use crate::model::{EnvironmentRef, JobId, Place, Refs, RelPath, WorkflowFile};

pub use crate::yaml::{Mark, Text};

/// An event that starts the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: Text,
    /// Which refs its runs have.
    pub refs: Refs,
    /// The filter on tags (where its runs have tags alone) or branches, as written.
    pub filter: Vec<String>,
    /// The inputs that it asks for: those of `workflow_dispatch` and `workflow_call`.
    pub inputs: Vec<Input>,
}

/// An input of a workflow or of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: Text,
    /// What it is where nobody gives it.
    pub default: Option<Text>,
    /// The only values that it can have, where those are listed.
    pub options: Vec<Text>,
}

/// A composite action of the repository: its steps run in the job that uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompositeAction {
    /// Its file.
    pub path: RelPath,
    /// Its inputs.
    pub inputs: Vec<Input>,
    /// What it gives out: name and value.
    pub outputs: Vec<(Text, Text)>,
    /// Its steps; none where it is a program or a container.
    pub steps: Vec<Step>,
}

/// A workflow file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// Its filename.
    pub file: WorkflowFile,
    /// Its path.
    pub path: RelPath,
    /// The events under `on:`, in all three forms.
    pub on: Vec<Event>,
    /// Its own `permissions`.
    pub permissions: Permissions,
    /// Its own `env`.
    pub env: Vec<(Text, Text)>,
    /// `defaults.run.working-directory`.
    pub working_directory: Option<Text>,
    /// `defaults.run.shell`.
    pub shell: Option<Text>,
    /// Its jobs, in the order of the file.
    pub jobs: Vec<Job>,
}

impl Workflow {
    /// A place in this file.
    #[must_use]
    pub fn place(&self, mark: Mark) -> Place {
        Place { file: self.path.clone(), line: mark.line, column: mark.column }
    }

    /// Whether other workflows may call it.
    #[must_use]
    pub fn is_reusable(&self) -> bool {
        self.on.iter().any(|event| event.name.value == "workflow_call")
    }

    /// Whether something else than a call starts it.
    #[must_use]
    pub fn starts_itself(&self) -> bool {
        self.on.iter().any(|event| event.name.value != "workflow_call")
    }
}

/// A `permissions` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permissions {
    /// None there: the workflow's hold, or the repository's default, which never has `id-token`.
    Unset,
    /// `read-all`, at this place.
    ReadAll(Mark),
    /// `write-all`, at this place.
    WriteAll(Mark),
    /// A mapping; what it does not name is `none`.
    Only {
        /// Where it begins.
        at: Mark,
        /// Scope and level.
        scopes: Vec<(Text, Text)>,
    },
    /// Something else, which GitHub would refuse.
    Odd(Mark),
}

/// What a job hands to the reusable workflow that it calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secrets {
    /// Nothing.
    None,
    /// All of its own.
    Inherit,
    /// These.
    These(Vec<(Text, Text)>),
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Where its id stands.
    pub at: Mark,
    /// Its own `permissions`.
    pub permissions: Permissions,
    /// Its environment.
    pub environment: EnvironmentRef,
    /// Its own `env`.
    pub env: Vec<(Text, Text)>,
    /// The reusable workflow that it calls.
    pub uses: Option<Text>,
    /// What it hands to that workflow.
    pub with: Vec<(Text, Text)>,
    /// The secrets that it hands over.
    pub secrets: Secrets,
    /// The jobs that it waits for.
    pub needs: Vec<Text>,
    /// Its condition.
    pub condition: Option<Text>,
    /// Where it runs, if that is one text or a list: the labels.
    pub runs_on: Vec<Text>,
    /// What `matrix.X` and `matrix.X.Y` can be, as far as it is written there.
    pub matrix: Vec<(String, Vec<Text>)>,
    /// `defaults.run.working-directory`.
    pub working_directory: Option<Text>,
    /// `defaults.run.shell`.
    pub shell: Option<Text>,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Every scalar of the job.
    pub texts: Vec<Text>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where it begins.
    pub at: Mark,
    /// Its name.
    pub name: Option<Text>,
    /// Its id.
    pub id: Option<Text>,
    /// The action that it uses.
    pub uses: Option<Text>,
    /// The script that it runs.
    pub run: Option<Text>,
    /// The action's inputs.
    pub with: Vec<(Text, Text)>,
    /// Its own `env`.
    pub env: Vec<(Text, Text)>,
    /// Its condition.
    pub condition: Option<Text>,
    /// Where the script runs.
    pub working_directory: Option<Text>,
    /// What runs the script.
    pub shell: Option<Text>,
}

impl Step {
    /// An input of the action; GitHub ignores the case of its name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Text> {
        self.with.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The action without its ref, lower-cased (GitHub ignores case), and the ref.
    #[must_use]
    pub fn action(&self) -> Option<(String, &str)> {
        let uses = self.uses.as_ref()?.value.trim();
        let (name, reference) = uses.split_once('@').unwrap_or((uses, ""));
        Some((name.to_ascii_lowercase(), reference))
    }
}
