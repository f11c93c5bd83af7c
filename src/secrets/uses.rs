//! Who uses a secret: the publishing steps that it reaches as a token, and every other mention.
//!
//! The reading of workflows follows a token to its step, through reusable workflows and `inherit`. A mention in a reusable
//! workflow that every caller hands its secrets one by one is not the repository's secret of that name but what is handed.

use std::collections::BTreeMap;

use super::{Facts, Feeds, Use};
use crate::model::{
    Caller, EnvironmentRef, JobId, Place, PublishJob, Reach, SecretName, SecretUse, TokenUse, may_hold_secret,
};
use crate::workflow::{self, Job, Secrets, Step, Workflow, WorkflowReading};

/// How deep calls of reusable workflows are followed: GitHub allows ten levels.
const MAX_CALLS: usize = 10;
/// How many places are kept for one secret; no real one comes near.
const MAX_USES: usize = 200;
/// The longest word of a script that is shown.
const LONGEST_WORD: usize = 12;

/// All uses, by the name of the secret.
pub(super) struct Uses {
    of: BTreeMap<SecretName, Vec<Use>>,
    /// The jobs that hand over secrets without naming them, where nobody can see what becomes of those.
    pub(super) all: Vec<(Place, String)>,
}

impl Uses {
    pub(super) fn of(facts: &Facts) -> Self {
        let reading = &facts.reading;
        let mut uses = Self { of: BTreeMap::new(), all: hand_all(reading) };
        for job in &reading.publish_jobs {
            for token in &job.tokens {
                uses.push(&token.secret, fed(reading, job, token));
            }
        }
        for mention in &reading.secret_uses {
            uses.mention(reading, mention);
        }
        for (name, at) in &facts.dependabot {
            let environment = EnvironmentRef::None;
            let used = Use {
                at: at.clone(),
                job: None,
                step: None,
                step_line: None,
                environment,
                callers: Vec::new(),
                feeds: None,
                only_environment: false,
            };
            uses.push(name, used);
        }
        uses
    }

    /// The uses of one secret.
    pub(super) fn get(&self, name: &SecretName) -> &[Use] {
        self.of.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names that are used.
    pub(super) fn names(&self) -> impl Iterator<Item = &SecretName> {
        self.of.keys()
    }

    fn push(&mut self, name: &SecretName, used: Use) {
        let known = self.of.entry(name.clone()).or_default();
        if known.len() < MAX_USES && !known.contains(&used) {
            known.push(used);
        }
    }

    fn mention(&mut self, reading: &WorkflowReading, mention: &SecretUse) {
        let Some((workflow, job)) = holder(reading, &mention.at, &mention.job) else { return };
        let step = step_at(job, mention.at.line);
        let line = step.map(|step| step.at.line);
        // What a publishing step is given is known already.
        let known = self.of.get_mut(&mention.secret);
        let same = known.into_iter().flatten().filter(|used| {
            used.at.file == mention.at.file
                && used.job.as_ref() == Some(&job.id)
                && used.feeds.is_some()
                && used.step_line == line
        });
        let mut found = false;
        for used in same {
            // A step may be known by its first line alone: the mention says it to the letter.
            if used.at.line < mention.at.line
                && used.feeds.as_ref().is_none_or(|feeds| feeds.at.line != mention.at.line)
            {
                used.at = mention.at.clone();
            }
            found = true;
        }
        if found {
            return;
        }
        let used = Use {
            at: mention.at.clone(),
            job: Some(job.id.clone()),
            step: step.and_then(in_words),
            step_line: line,
            environment: job.environment.clone(),
            callers: callers(&reading.workflows, workflow),
            feeds: None,
            only_environment: !is_own(&reading.workflows, workflow, MAX_CALLS),
        };
        if !used.only_environment || used.environment != EnvironmentRef::None {
            self.push(&mention.secret, used);
        }
    }
}

/// A token on its way into a publishing step.
fn fed(reading: &WorkflowReading, job: &PublishJob, token: &TokenUse) -> Use {
    let step = holder(reading, &token.at, &job.job).and_then(|(_, job)| step_at(job, token.at.line));
    let callers = match &job.reach {
        Reach::Reusable { callers, .. } => callers.clone(),
        Reach::Direct(_) | Reach::Remote { .. } | Reach::Uncalled(_) => Vec::new(),
    };
    Use {
        at: token.at.clone(),
        job: Some(job.job.clone()),
        step: step.and_then(in_words),
        step_line: step.map(|step| step.at.line),
        environment: job.environment.clone(),
        callers,
        feeds: Some(Feeds {
            destination: job.destination.clone(),
            packages: job.packages.clone(),
            by: token.by.clone(),
            at: job.at.clone(),
        }),
        only_environment: false,
    }
}

/// The workflow and job that a place lies in; `None`: an action's file.
fn holder<'a>(reading: &'a WorkflowReading, at: &Place, job: &JobId) -> Option<(&'a Workflow, &'a Job)> {
    let workflow = reading.workflows.iter().find(|workflow| workflow.path == at.file)?;
    Some((workflow, workflow.jobs.iter().find(|known| known.id == *job)?))
}

/// The step that holds a line.
fn step_at(job: &Job, line: usize) -> Option<&Step> {
    job.steps.iter().rfind(|step| step.at.line <= line)
}

/// A step by its name or what it does. A text that may hold a token is not repeated.
fn in_words(step: &Step) -> Option<String> {
    let text = [&step.name, &step.id, &step.uses].into_iter().flatten().next();
    let text = text.map(|text| text.value.trim()).filter(|text| !may_hold_secret(text)).map(str::to_owned);
    text.or_else(|| program(&step.run.as_ref()?.value))
}

/// The program that a script begins with and its verb: plain words alone, for anything else may be a token.
fn program(script: &str) -> Option<String> {
    let line = script.lines().find(|line| !line.trim().is_empty())?;
    let plain = |word: &&str| word.len() <= LONGEST_WORD && word.bytes().all(|b| b.is_ascii_lowercase());
    let words: Vec<&str> = line.split_whitespace().take_while(plain).take(3).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The jobs of top-level workflows that lead to a reusable one.
fn callers(all: &[Workflow], callee: &Workflow) -> Vec<Caller> {
    let mut found: Vec<Caller> = Vec::new();
    let mut seen = vec![&callee.file];
    let mut open = vec![callee];
    while let Some(next) = open.pop() {
        for (workflow, job) in workflow::callers(all, next) {
            let caller = Caller { workflow: workflow.file.clone(), job: job.id.clone() };
            if workflow.starts_itself() && !found.contains(&caller) {
                found.push(caller);
            }
            if workflow.is_reusable() && !seen.contains(&&workflow.file) {
                seen.push(&workflow.file);
                open.push(workflow);
            }
        }
    }
    found
}

/// Whether `secrets.X` in this workflow can mean the repository's own secret: it starts by itself, nothing here calls it, or
/// a caller hands over all that it has.
fn is_own(all: &[Workflow], workflow: &Workflow, depth: usize) -> bool {
    if workflow.starts_itself() || depth == 0 {
        return true;
    }
    let mut calls = workflow::callers(all, workflow).peekable();
    calls.peek().is_none()
        || calls.any(|(caller, job)| job.secrets == Secrets::Inherit && is_own(all, caller, depth - 1))
}

/// The jobs that give all secrets away: to a workflow that is not here, or as one value.
fn hand_all(reading: &WorkflowReading) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    for workflow in &reading.workflows {
        for job in &workflow.jobs {
            let called = job
                .uses
                .as_ref()
                .filter(|uses| job.secrets == Secrets::Inherit && !uses.value.trim().starts_with(['.', '$']));
            if let Some(uses) = called {
                let callee = uses.value.trim();
                found.push((workflow.place(uses.at), format!("job `{}` hands all secrets to {callee}", job.id)));
            }
            let whole =
                job.texts.iter().chain(workflow.env.iter().map(|(_, value)| value)).find(|text| names_all(&text.value));
            if let Some(text) = whole {
                found.push((workflow.place(text.at), format!("job `{}` takes secrets without naming them", job.id)));
            }
        }
    }
    found
}

/// Whether a text takes all secrets at once, or one whose name only a run knows.
fn names_all(text: &str) -> bool {
    if !text.contains("${{") {
        return false;
    }
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    let chosen = |rest: &str| !rest.starts_with(['\'', '"']);
    dense.contains("(secrets)") || dense.split("secrets[").skip(1).any(chosen)
}
