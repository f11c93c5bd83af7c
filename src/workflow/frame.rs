//! What is in force where a step runs: variables, inputs, secrets, the matrix, and what earlier steps gave out.
//!
//! A frame is made for each way by which a run comes to a job, so a reusable workflow reads as its caller fills it. Names are
//! looked up here and nowhere else. What the files do not tell stays unknown.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::model::SecretName;

use super::calls::Call;
use super::expression::{self, Lookup};
use super::model::{CompositeAction, Input, Job, Secrets, Step, Text, Workflow};
use super::value::{Part, Value};

/// Names with what they hold. GitHub ignores the case of inputs, secrets and outputs: their names are lower-cased here.
pub(super) type Names = BTreeMap<String, Value>;

/// Which secrets a job sees.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Keys {
    /// The repository's, by their own names.
    Own,
    /// Those that the caller handed over, and no others.
    Given(Rc<Names>),
}

/// What is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// The variables of the process; all of these are copied only when they change, for each step has a frame.
    pub(super) vars: Rc<Names>,
    inputs: Rc<Names>,
    /// Whether all inputs are known by name: one that is not given is empty, not unknown.
    closed: bool,
    keys: Keys,
    matrix: Rc<Names>,
    outputs: Rc<BTreeMap<String, Names>>,
    needs: Rc<BTreeMap<String, Names>>,
}

impl Frame {
    /// The frame of a workflow that is reached by this way: from the called file outwards, the last call in a top-level file.
    pub(super) fn of_workflow(workflow: &Workflow, way: &[Call<'_>]) -> Self {
        let mut frame = match way.split_first() {
            Some((call, outer)) => Self::called(workflow, call, outer),
            None => Self::top(workflow),
        };
        frame.extend(&workflow.env);
        frame
    }

    /// The frame of a job of this workflow.
    pub(super) fn of_job(&self, job: &Job) -> Self {
        let mut frame = self.clone();
        for (path, values) in &job.matrix {
            let values = values.iter().map(|text| expression::resolve(&text.value, &frame)).collect::<Vec<_>>();
            Rc::make_mut(&mut frame.matrix).insert(path.clone(), Value::one_of(values));
        }
        frame.extend(&job.env);
        frame
    }

    /// What a job's own `uses` and `with` are read in: no step has run.
    pub(super) fn of_call(call: &Call<'_>, outer: &[Call<'_>]) -> Self {
        Self::of_workflow(call.workflow, outer).of_job(call.job)
    }

    fn bare(inputs: Names, closed: bool, keys: Keys) -> Self {
        Self {
            vars: Rc::default(),
            inputs: Rc::new(inputs),
            closed,
            keys,
            matrix: Rc::default(),
            outputs: Rc::default(),
            needs: Rc::default(),
        }
    }

    fn top(workflow: &Workflow) -> Self {
        let mut inputs = Names::new();
        for input in workflow.on.iter().filter(|on| on.name.value == "workflow_dispatch").flat_map(|on| &on.inputs) {
            if !input.options.is_empty() {
                let options = input.options.iter().map(|text| Value::text(text.value.clone()));
                inputs.insert(input.name.value.to_ascii_lowercase(), Value::one_of(options));
            }
        }
        Self::bare(inputs, false, Keys::Own)
    }

    fn called(workflow: &Workflow, call: &Call<'_>, outer: &[Call<'_>]) -> Self {
        let caller = Self::of_call(call, outer);
        let declared: Vec<&Input> =
            workflow.on.iter().filter(|on| on.name.value == "workflow_call").flat_map(|on| &on.inputs).collect();
        let keys = match &call.job.secrets {
            Secrets::Inherit => caller.keys.clone(),
            Secrets::None => Keys::Given(Rc::default()),
            Secrets::These(pairs) => Keys::Given(Rc::new(caller.named(pairs))),
        };
        Self::bare(caller.inputs_for(declared.into_iter(), &call.job.with), true, keys)
    }

    /// The frame inside a composite action: the variables of the step that uses it flow on, its secrets do not.
    pub(super) fn inside(&self, action: &CompositeAction, step: &Step) -> Self {
        let with = self.with_step(step);
        let mut frame = Self::bare(with.inputs_for(action.inputs.iter(), &step.with), true, Keys::Given(Rc::default()));
        frame.vars = with.vars;
        frame.matrix = self.matrix.clone();
        frame
    }

    /// The same with a step's own variables.
    pub(super) fn with_step(&self, step: &Step) -> Self {
        let mut frame = self.clone();
        frame.extend(&step.env);
        frame
    }

    /// What a text comes to here.
    pub(super) fn resolve(&self, text: &str) -> Value {
        expression::resolve(text, self)
    }

    /// Whether something with this condition can run: `Some(false)` where it never does.
    pub(super) fn allows(&self, condition: Option<&Text>) -> Option<bool> {
        condition.map_or(Some(true), |text| expression::condition(&text.value, self))
    }

    /// What a step gave out.
    pub(super) fn give_out(&mut self, step: &Step, outputs: Names) {
        if let Some(id) = &step.id {
            Rc::make_mut(&mut self.outputs).insert(id.value.to_ascii_lowercase(), outputs);
        }
    }

    /// What a job that this one waits for gives out.
    pub(super) fn needs(&mut self, job: &str, outputs: Names) {
        Rc::make_mut(&mut self.needs).insert(job.to_ascii_lowercase(), outputs);
    }

    /// Takes in variables that earlier steps have exported.
    pub(super) fn export(&mut self, exported: &Names) {
        if !exported.is_empty() {
            Rc::make_mut(&mut self.vars).extend(exported.clone());
        }
    }

    fn extend(&mut self, env: &[(Text, Text)]) {
        if env.is_empty() {
            return;
        }
        let resolved: Vec<(String, Value)> =
            env.iter().map(|(name, text)| (name.value.clone(), self.resolve(&text.value))).collect();
        Rc::make_mut(&mut self.vars).extend(resolved);
    }

    fn named(&self, pairs: &[(Text, Text)]) -> Names {
        pairs.iter().map(|(name, text)| (name.value.to_ascii_lowercase(), self.resolve(&text.value))).collect()
    }

    fn inputs_for<'a>(&self, declared: impl Iterator<Item = &'a Input>, with: &[(Text, Text)]) -> Names {
        let mut inputs: Names = declared
            .filter_map(|input| {
                let default = input.default.as_ref()?;
                Some((input.name.value.to_ascii_lowercase(), self.resolve(&default.value)))
            })
            .collect();
        inputs.extend(self.named(with));
        inputs
    }

    fn input(&self, name: &str) -> Option<Value> {
        match self.inputs.get(name) {
            Some(value) => Some(value.clone()),
            None => self.closed.then(Value::default),
        }
    }

    fn secret(&self, name: &str) -> Option<Value> {
        match &self.keys {
            Keys::Own => SecretName::new(name).ok().map(|name| Value(vec![Part::Secret(name)])),
            Keys::Given(names) => Some(names.get(name).cloned().unwrap_or_default()),
        }
    }
}

impl Lookup for Frame {
    fn context(&self, parts: &[String]) -> Option<Value> {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts[..] {
            ["github", "token"] | ["secrets", "github_token"] => Some(Value(vec![Part::GithubToken])),
            ["secrets", name] => self.secret(name),
            ["inputs", name] | ["github", "event", "inputs", name] => self.input(name),
            ["env", name] => {
                let held = self.vars.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
                Some(held.map(|(_, value)| value.clone()).unwrap_or_default())
            }
            ["matrix", ref path @ ..] => self.matrix.get(&path.join(".")).cloned(),
            ["steps", id, "outputs", name] => {
                let known = self.outputs.get(id).and_then(|outputs| outputs.get(name)).cloned();
                Some(known.unwrap_or_else(|| Value(vec![Part::Output(format!("steps.{id}.outputs.{name}"))])))
            }
            ["needs", job, "outputs", name] => self.needs.get(job).and_then(|outputs| outputs.get(name)).cloned(),
            _ => None,
        }
    }
}
