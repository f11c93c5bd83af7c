//! Goes through the steps of a job as a run would, into composite actions and scripts, and notes every publishing command.
//!
//! What a step prepares (logins, registries, variables) is there for the steps behind it. Depth and effort are bounded; what
//! cannot be followed is noted as closed, with what it would be handed.

mod action;
mod commands;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::model::{Package, Pinned, Place, RelPath};

use super::super::frame::{Frame, Names};
use super::super::library::Library;
use super::super::model::{Job, Step, Text, Workflow};
use super::super::script::{self, Effort, Invocation, Shell};
use super::super::shell::{self, Dialect, Script};
use super::super::value::Value;
use super::actions;
use super::auth::Handed;
use super::families::Family;
use super::packages::Mention;
use super::prepared::Prepared;
use super::tools::Serves;
use super::{below, listed};

/// How deep actions and scripts may lead into each other.
const MAX_DEPTH: usize = 10;
/// How many publishing commands of one job are kept.
const MAX_FOUND: usize = 200;
/// Inputs of any action that hold a command.
const COMMAND_INPUTS: [&str; 6] = ["command", "run", "script", "cmd", "commands", "publish"];

/// One publishing step before the job around it has been asked.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) family: &'static Family,
    pub(super) at: Place,
    /// The registry that the step names itself, if it names one.
    pub(super) named: Option<Value>,
    /// What the tool would take for its token, each by the name of what it is handed by.
    pub(super) handed: Vec<Handed>,
    pub(super) mention: Mention,
    /// The packages, where a config file lists them.
    pub(super) listed: Option<Vec<crate::model::PackageName>>,
    pub(super) pinned: Option<Pinned>,
    /// What was prepared before it.
    pub(super) prepared: Prepared,
    /// What publishes, and how it was come to.
    pub(super) why: Vec<String>,
    /// Whether it is only likely, for it may be configured otherwise.
    pub(super) configured: bool,
    pub(super) folder: Value,
}

/// Something that could not be followed.
#[derive(Debug, Clone)]
pub(super) struct Closed {
    pub(super) label: String,
    pub(super) at: Place,
    /// The variables that it would see.
    pub(super) vars: Rc<Names>,
    pub(super) prepared: Prepared,
    /// Whether its name or its arguments say publishing.
    pub(super) says: bool,
    /// The pin of an action; `None` for a program of the repository.
    pub(super) pinned: Option<Pinned>,
}

/// A walk through one job.
pub(super) struct JobWalk<'a> {
    library: &'a Library<'a>,
    packages: &'a [Package],
    workflow: &'a Workflow,
    job: &'a Job,
    pub(super) found: Vec<Candidate>,
    pub(super) closed: Vec<Closed>,
    prepared: Prepared,
    effort: Effort,
    /// The scripts that were read, by text: one that leads back to itself is run often, and read once.
    scripts: HashMap<(String, Dialect), Rc<Script>>,
    depth: usize,
    /// The line that stands for all that is found below it, inside a script of the repository.
    anchor: Option<Place>,
    /// How the walk came here, for people.
    trail: Vec<String>,
    /// The scripts and targets among it.
    leads: Vec<String>,
    text: Option<(RelPath, Text)>,
    /// The steps that use the actions around, the outermost first.
    users: Vec<Place>,
    /// Variables that steps have exported to the job.
    exported: BTreeMap<String, Value>,
    outputs: BTreeMap<String, Value>,
    echoed: Option<Value>,
    /// The `env` blocks of the steps around, the innermost last: where a variable is written.
    blocks: Vec<(RelPath, Vec<(Text, Text)>)>,
    frame: Frame,
}

impl<'a> JobWalk<'a> {
    pub(super) fn new(
        library: &'a Library<'a>,
        packages: &'a [Package],
        workflow: &'a Workflow,
        job: &'a Job,
        frame: Frame,
    ) -> Self {
        Self {
            library,
            packages,
            workflow,
            job,
            found: Vec::new(),
            closed: Vec::new(),
            prepared: Prepared::default(),
            effort: Effort::default(),
            scripts: HashMap::new(),
            depth: 0,
            anchor: None,
            trail: Vec::new(),
            leads: Vec::new(),
            text: None,
            users: Vec::new(),
            exported: BTreeMap::new(),
            outputs: BTreeMap::new(),
            echoed: None,
            blocks: Vec::new(),
            frame,
        }
    }

    /// Walks the job's own steps.
    pub(super) fn job(&mut self) {
        let mut frame = self.frame.clone();
        let defaults = [&self.job.working_directory, &self.workflow.working_directory];
        let folder = defaults.into_iter().flatten().next().map(|text| frame.resolve(&text.value)).unwrap_or_default();
        let shell = [&self.job.shell, &self.workflow.shell].into_iter().flatten().next().cloned();
        self.steps(
            &self.job.steps,
            &mut frame,
            &self.workflow.path.clone(),
            &below(&Value::default(), folder),
            shell.as_ref(),
        );
    }

    fn steps(&mut self, steps: &[Step], frame: &mut Frame, file: &RelPath, folder: &Value, shell: Option<&Text>) {
        for step in steps {
            frame.export(&self.exported);
            if frame.allows(step.condition.as_ref()) == Some(false) {
                continue;
            }
            self.outputs.clear();
            self.blocks.push((file.clone(), step.env.clone()));
            let own = frame.with_step(step);
            if let Some(uses) = &step.uses {
                self.uses(step, uses, frame, &own, file, folder);
            }
            if let Some(run) = &step.run {
                let folder = match &step.working_directory {
                    Some(text) => below(&Value::default(), own.resolve(&text.value)),
                    None => folder.clone(),
                };
                let dialect = self.dialect(step.shell.as_ref().or(shell));
                let outer = self.text.replace((file.clone(), run.clone()));
                self.script(&run.value, dialect, &own, folder, Vec::new());
                self.text = outer;
                frame.give_out(step, std::mem::take(&mut self.outputs));
            }
            self.blocks.pop();
        }
    }

    fn dialect(&self, shell: Option<&Text>) -> Dialect {
        match shell {
            // `devenv shell -- bash -e {0}`: the shell is somewhere in the line.
            Some(text) => text
                .value
                .split_whitespace()
                .map(Dialect::of_shell)
                .find(|dialect| *dialect != Dialect::Other)
                .unwrap_or(Dialect::Other),
            None => {
                let labels: Vec<&str> = self.job.runs_on.iter().map(|text| text.value.as_str()).collect();
                Dialect::of_runner(&labels.join(" "))
            }
        }
    }

    fn uses(&mut self, step: &Step, uses: &Text, frame: &mut Frame, own: &Frame, file: &RelPath, folder: &Value) {
        let at = self.place(file, uses, 0);
        let local = uses.value.trim().strip_prefix("./").or_else(|| uses.value.trim().strip_prefix("$/"));
        if let Some(path) = local {
            let action = RelPath::new(path.trim_end_matches('/')).ok().and_then(|path| self.library.action(&path));
            if let Some(action) = action.filter(|_| self.depth < MAX_DEPTH) {
                let mut inside = frame.inside(&action, step);
                self.depth += 1;
                self.trail.push(format!("the action that {at} uses"));
                self.users.push(at);
                self.steps(&action.steps, &mut inside, &action.path, folder, None);
                self.users.pop();
                self.trail.pop();
                self.depth -= 1;
                let outputs = action
                    .outputs
                    .iter()
                    .map(|(name, value)| (name.value.to_ascii_lowercase(), inside.resolve(&value.value)));
                frame.give_out(step, outputs.collect());
            }
            return;
        }
        let Some((name, reference)) = step.action() else { return };
        let input = |name: &str| step.input(name).map(|text| own.resolve(&text.value));
        let pinned = actions::pinned(reference);
        self.prepared.action(&name, pinned, input, &at);
        match actions::known(step) {
            Some(action) => self.action(action, step, own, at, pinned, folder),
            None => {
                let before = self.found.len();
                self.command_inputs(step, own, file, &at, folder);
                if self.found.len() == before {
                    self.unknown_action(step, &name, pinned, own, at);
                }
            }
        }
    }

    fn script(&mut self, text: &str, dialect: Dialect, frame: &Frame, folder: Value, arguments: Vec<Value>) {
        let key = (text.to_owned(), dialect);
        let read = Rc::clone(self.scripts.entry(key).or_insert_with(|| Rc::new(shell::read(text, dialect))));
        let mut shell = Shell::new(frame.vars.clone(), folder);
        shell.arguments = arguments;
        let outer = std::mem::replace(&mut self.frame, frame.clone());
        script::run(&read.items, frame, &mut shell, self);
        self.frame = outer;
    }

    fn anchored(&mut self, at: Place, walk: impl FnOnce(&mut Self)) {
        let outer = self.anchor.take();
        self.anchor = Some(outer.clone().unwrap_or(at));
        self.depth += 1;
        walk(self);
        self.depth -= 1;
        self.anchor = outer;
    }

    /// The families that something serves, with the packages where a file lists them.
    fn served(
        &self,
        serves: Serves,
        vars: &BTreeMap<String, Value>,
    ) -> Vec<(&'static Family, Option<Vec<crate::model::PackageName>>)> {
        match serves {
            Serves::Family(family) => vec![(family, None)],
            Serves::Switched(families) => {
                let set =
                    |names: &[&str]| names.iter().any(|name| vars.get(*name).is_some_and(|value| !value.is_empty()));
                let stored =
                    |family: &Family| self.prepared.logins.iter().any(|login| login.registry == family.registry);
                families
                    .iter()
                    .filter(|(family, names)| set(names) || stored(family))
                    .map(|(family, _)| (*family, None))
                    .collect()
            }
            Serves::Listed(config, families) => {
                let listed = listed::packages(self.library, config, families, self.packages);
                listed.into_iter().map(|(family, names)| (family, Some(names))).collect()
            }
        }
    }

    /// The token variables that are in force, each with where it is written.
    fn variables(
        &self,
        family: &Family,
        vars: &BTreeMap<String, Value>,
        own: &[(String, Value)],
        at: &Place,
    ) -> Vec<Handed> {
        let held =
            |name: &str| own.iter().rev().find(|(known, _)| known == name).map(|(_, v)| v).or_else(|| vars.get(name));
        let found = family.token_variables.iter().filter_map(|name| Some((*name, held(name)?)));
        let found = found.map(|(name, value)| Handed {
            by: name.to_owned(),
            value: value.clone(),
            at: self.written(name).unwrap_or_else(|| at.clone()),
        });
        found.collect()
    }

    /// Where a variable is written.
    fn written(&self, name: &str) -> Option<Place> {
        let find = |(file, block): &(RelPath, Vec<(Text, Text)>)| {
            let (_, value) = block.iter().find(|(key, _)| key.value == name)?;
            Some(self.place(file, value, 0))
        };
        let around = [&self.job.env, &self.workflow.env];
        self.blocks.iter().rev().find_map(find).or_else(|| {
            around.iter().find_map(|block| {
                let (_, value) = block.iter().find(|(key, _)| key.value == name)?;
                Some(self.place(&self.workflow.path, value, 0))
            })
        })
    }

    fn note(&mut self, mut candidate: Candidate) {
        if self.found.len() < MAX_FOUND {
            candidate.why.extend(self.trail.iter().map(|how| format!("by {how}")));
            self.found.push(candidate);
        }
    }

    fn place(&self, file: &RelPath, text: &Text, offset: usize) -> Place {
        let (line, column) = text.position(offset);
        Place { file: file.clone(), line, column }
    }

    /// The line of a command. One that is put together from variables tells nothing: the step that uses the action does.
    fn line_of(&self, invocation: &Invocation) -> Place {
        match self.users.first() {
            Some(user) if !invocation.written && self.anchor.is_none() => user.clone(),
            _ => self.here(invocation.at),
        }
    }

    fn here(&self, offset: usize) -> Place {
        match (&self.anchor, &self.text) {
            (Some(anchor), _) => anchor.clone(),
            (None, Some((file, text))) => self.place(file, text, offset),
            (None, None) => self.workflow.place(self.job.at),
        }
    }
}
