//! GitHub Actions workflows as text: jobs, permissions, secrets, and the steps that publish.
//!
//! Reading is pure: bytes in, plain data out. It runs nothing, opens no file and asks nobody. A file that can't be read is
//! one finding, and the rest goes on. Which file a registry compares is the registry's rule: [`crate::model::Reach`]
//! answers for either claim.

mod calls;
mod expression;
mod frame;
mod library;
mod model;
mod parse;
mod permissions;
mod publishers;
pub mod repair;
mod script;
mod shell;
pub mod template;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod value;

pub use model::{CompositeAction, Event, Input, Job, Mark, Permissions, Secrets, Step, Text, Workflow};

use crate::checkout::FileSource;
use crate::model::{Finding, Package, Place, PublishJob, Registry, SecretName, SecretUse, SourceFile, WorkflowClaim};
use crate::spread::spread;
use library::Library;

/// What the workflow files say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkflowReading {
    /// The files that could be read.
    pub workflows: Vec<Workflow>,
    /// The steps that publish.
    pub publish_jobs: Vec<PublishJob>,
    /// Every mention of a secret; one in the workflow's own `env` counts for each of its jobs.
    pub secret_uses: Vec<SecretUse>,
    /// What could not be read, and what is odd about the rest.
    pub findings: Vec<Finding>,
    /// The other files that the workflows lead to, as read: actions, scripts, manifests with scripts.
    pub led_to: Vec<SourceFile>,
}

/// What a reading of workflows needs beside them.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The files of the repository: actions, scripts and manifests that a workflow leads to are read from here.
    pub source: &'a dyn FileSource,
    /// The packages of the same checkout: a step that names none publishes these.
    pub packages: &'a [Package],
    /// Which workflow file a registry compares: two ways to a step are one publisher where it is told the same of both.
    pub claim: fn(Registry) -> WorkflowClaim,
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").field("packages", &self.packages).finish_non_exhaustive()
    }
}

/// Reads workflow files.
#[must_use]
pub fn read(files: &[SourceFile], around: &Surroundings<'_>) -> WorkflowReading {
    let mut findings = Vec::new();
    let parsed = spread(files, |file| {
        let mut odd = Vec::new();
        (parse::workflow(file, &mut odd), odd)
    });
    let mut workflows = Vec::new();
    for (workflow, odd) in parsed {
        workflows.extend(workflow);
        findings.extend(odd);
    }
    let library = Library::new(around.source, &workflows);
    let publish_jobs = publishers::find(&library, around);
    let (led_to, odd) = library.close();
    findings.extend(odd);
    let secret_uses = workflows.iter().flat_map(secret_uses).collect();
    WorkflowReading { workflows, publish_jobs, secret_uses, findings, led_to }
}

/// The jobs here that call this reusable workflow, each with the file that it is in.
pub fn callers<'a>(all: &'a [Workflow], callee: &Workflow) -> impl Iterator<Item = (&'a Workflow, &'a Job)> {
    calls::callers(all, callee).map(|call| (call.workflow, call.job))
}

/// The secrets that the expressions of a file name, whatever the file is for: Dependabot's settings have them too.
#[must_use]
pub fn secrets_named(file: &SourceFile) -> Vec<(SecretName, Place)> {
    let text = String::from_utf8_lossy(&file.bytes);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#'));
    let on_line = |(index, line): (usize, &str)| {
        let at = |offset: usize| {
            let column = line.get(..offset).map_or(1, |before| before.chars().count() + 1);
            Place { file: file.path.clone(), line: index + 1, column }
        };
        expression::secrets(line).into_iter().map(|(offset, name)| (name, at(offset))).collect::<Vec<_>>()
    };
    lines.flat_map(on_line).take(MAX_USES).collect()
}

/// The inputs that an event of a workflow file asks for; none where the file is no workflow or has no such event.
#[must_use]
pub fn inputs_of(file: &SourceFile, event: &str) -> Vec<Input> {
    let workflow = parse::workflow(file, &mut Vec::new());
    let events = workflow.into_iter().flat_map(|workflow| workflow.on);
    events.filter(|one| one.name.value == event).flat_map(|one| one.inputs).collect()
}

/// How many mentions of secrets are listed for one file; no real one comes near.
const MAX_USES: usize = 10_000;

fn secret_uses(workflow: &Workflow) -> Vec<SecretUse> {
    let shared: Vec<&Text> = workflow.env.iter().map(|(_, value)| value).collect();
    let mut uses = Vec::new();
    for job in &workflow.jobs {
        if uses.len() >= MAX_USES {
            break;
        }
        for text in shared.iter().copied().chain(&job.texts) {
            for (offset, secret) in expression::secrets(&text.value) {
                let (line, column) = text.position(offset);
                let at = Place { file: workflow.path.clone(), line, column };
                if uses.len() < MAX_USES {
                    uses.push(SecretUse { secret, at, job: job.id.clone() });
                }
            }
        }
    }
    uses
}
