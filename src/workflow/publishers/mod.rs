//! The steps that publish: by a command or by an action, with what, from where, and as whom.
//!
//! `shell` and `commands` read scripts, `actions` reads `uses:`, `credentials` follows secrets, `packages` tells which
//! packages are meant. This file puts the answers together; it knows no registry by name.

mod actions;
mod commands;
mod credentials;
mod destination;
mod packages;
mod shell;
mod tools;

use crate::model::{
    self, Auth, Certainty, EnvironmentName, EnvironmentRef, IdToken, Package, Pinned, Place, PublishJob, Trigger,
};

use super::calls::{self, Call};
use super::expression::{members, only_expression};
use super::model::{Event, Job, Step, Text, Workflow};
use credentials::{Credential, Scope};
use destination::Destination;
use packages::{Meant, Mention};
use tools::Options;

/// How many reasons one publisher carries: a person reads them.
const MAX_REASONS: usize = 12;

/// All publishing steps of these workflows.
pub(super) fn find(all: &[Workflow], packages: &[Package]) -> Vec<PublishJob> {
    let mut found = Vec::new();
    for workflow in all {
        let ways = calls::ways(all, workflow);
        for job in workflow.jobs.iter().filter(|job| !never(job.condition.as_ref())) {
            found.extend(Context::new(workflow, job, &ways, packages).publish_jobs());
        }
    }
    found
}

/// `if: false`, written out.
fn never(condition: Option<&Text>) -> bool {
    condition.is_some_and(|text| {
        let text = text.value.trim();
        only_expression(text).unwrap_or(text) == "false"
    })
}

/// A job and how it is reached.
struct Context<'a> {
    workflow: &'a Workflow,
    job: &'a Job,
    ways: &'a [Vec<Call<'a>>],
    packages: &'a [Package],
    surroundings: Vec<Surroundings<'a>>,
}

/// What a job's steps prepare for one family of tools, read once.
struct Surroundings<'a> {
    options: &'static Options,
    /// Tokens that a step stores for the tools: `cargo login`, `_authToken` in an .npmrc. With the step's index.
    logins: Vec<(usize, (String, Credential))>,
    /// Registries that a step points the tools at, with its index.
    registries: Vec<(usize, &'a str)>,
    /// How the action that exchanges the OIDC token is pinned.
    exchange: Option<Pinned>,
}

/// One publishing step before the job around it has been asked.
struct Candidate {
    options: &'static Options,
    at: Place,
    /// The values that may hold a token, with the name of what they are given to.
    tokens: Vec<(String, Credential)>,
    destination: Destination,
    mention: Mention,
    pinned: Option<Pinned>,
    what: String,
}

/// A publishing step with its job around it.
struct Publishing {
    job: PublishJob,
    meant: Meant,
}

impl Publishing {
    /// One registry, one login, one action: the registry sees the same publisher.
    fn belongs_with(&self, other: &Self) -> bool {
        let doubtful = |job: &PublishJob| job.certainty == Certainty::CannotTell;
        let key =
            |publishing: &Self| (publishing.job.destination.clone(), publishing.job.pinned, doubtful(&publishing.job));
        key(self) == key(other) && self.job.auth == other.job.auth
    }

    /// Takes another step in. The one whose packages are written down stands for both.
    fn join(&mut self, mut other: Self) {
        let written = |publishing: &Self| matches!(publishing.meant, Meant::Named(_));
        if written(&other) && !written(self) {
            std::mem::swap(self, &mut other);
        }
        if let (Some(mine), Some(others)) = (&mut self.job.packages, other.job.packages) {
            mine.extend(others);
            mine.sort();
            mine.dedup();
        }
        if self.job.why.len() < MAX_REASONS {
            self.job.why.push(format!("{} does the same", other.job.at));
        }
    }
}

impl<'a> Context<'a> {
    fn new(workflow: &'a Workflow, job: &'a Job, ways: &'a [Vec<Call<'a>>], packages: &'a [Package]) -> Self {
        let mut context = Self { workflow, job, ways, packages, surroundings: Vec::new() };
        context.surroundings = tools::FAMILIES.iter().map(|options| context.surroundings(options)).collect();
        context
    }

    fn surroundings(&self, options: &'static Options) -> Surroundings<'a> {
        let steps = || self.job.steps.iter().enumerate().filter(|(_, step)| !never(step.condition.as_ref()));
        let mut logins = Vec::new();
        for (index, step) in steps() {
            let scope = self.scope(step);
            for line in step.run.iter().flat_map(|run| run.value.lines()).map(str::trim) {
                let Some(login) = options.login.iter().find(|login| line.contains(**login)) else { continue };
                if !line.starts_with('#') {
                    let found = scope.credentials_in(line).into_iter();
                    logins.extend(found.map(|found| (index, (format!("`{login}`"), found))));
                }
            }
        }
        let registries =
            steps().filter_map(|(index, step)| Some((index, actions::points_at(step, options)?))).collect();
        Surroundings { options, logins, registries, exchange: actions::exchange(&self.job.steps, options) }
    }

    fn around(&self, options: &Options) -> Option<&Surroundings<'a>> {
        self.surroundings.iter().find(|around| around.options.registry == options.registry)
    }

    fn scope(&self, step: &'a Step) -> Scope<'a> {
        let calls = self.ways.first().map_or(&[][..], Vec::as_slice);
        Scope { env: vec![&step.env, &self.job.env, &self.workflow.env], calls }
    }

    /// What the job publishes: once for each registry and login, however many steps and commands that takes.
    fn publish_jobs(&self) -> Vec<PublishJob> {
        let mut found: Vec<Publishing> = Vec::new();
        let steps = self.job.steps.iter().enumerate().filter(|(_, step)| !never(step.condition.as_ref()));
        for publishing in steps.flat_map(|(index, step)| self.step(step, index)) {
            match found.iter_mut().find(|known| known.belongs_with(&publishing)) {
                Some(known) => known.join(publishing),
                None => found.push(publishing),
            }
        }
        found.into_iter().map(|publishing| publishing.job).collect()
    }

    fn step(&self, step: &'a Step, index: usize) -> Vec<Publishing> {
        let candidates = self.action(step, index).into_iter().chain(self.commands(step, index));
        candidates.map(|candidate| self.publishing(candidate, index)).collect()
    }

    fn action(&self, step: &'a Step, index: usize) -> Option<Candidate> {
        let action = actions::publish(step)?;
        let uses = step.uses.as_ref()?;
        let scope = self.scope(step);
        let inputs = |names: &[&str]| names.iter().filter_map(|name| step.input(name)).collect::<Vec<_>>();
        let named = inputs(action.destination);
        let destination = self.destination(action.options, &named, &scope, index);
        let given = action.token.iter().filter_map(|name| Some((*name, step.input(name)?)));
        let mut tokens: Vec<_> = given.map(|(name, text)| (name.to_owned(), scope.credential(&text.value))).collect();
        tokens.extend(from_variables(action.options, &scope));
        if let Some(arguments) = step.input("args") {
            tokens.extend(commands::token_arguments(action.options, &arguments.value, &scope));
        }
        let folders = inputs(action.folder).iter().map(|text| text.value.clone()).collect();
        Some(Candidate {
            options: action.options,
            at: self.place(uses, 0),
            tokens,
            destination: destination?,
            mention: Mention { folders, all: action.all, ..Mention::default() },
            pinned: step.action().map(|(_, reference)| actions::pinned(reference)),
            what: format!("the action {}", uses.value.trim()),
        })
    }

    fn commands(&self, step: &'a Step, index: usize) -> Vec<Candidate> {
        let Some(run) = &step.run else { return Vec::new() };
        let own = [&step.working_directory, &self.job.working_directory, &self.workflow.working_directory];
        let start = own.into_iter().flatten().next().map_or(".", |text| text.value.trim());
        let mut folder = start.to_owned();
        let mut found = Vec::new();
        for command in shell::commands(&run.value) {
            if let [cd, to, ..] = &command.words[..]
                && matches!(cd.as_str(), "cd" | "pushd")
            {
                folder = if to.starts_with('$') { to.clone() } else { format!("{folder}/{to}") };
                continue;
            }
            let Some(publish) = commands::publish(&command) else { continue };
            let inline: Vec<(Text, Text)> =
                command.assignments.iter().map(|(k, v)| (run.same(k), run.same(v))).collect();
            let mut scope = self.scope(step);
            scope.env.insert(0, &inline);
            let options = publish.tool.options;
            let named: Vec<Text> = publish.values(options.destination).into_iter().map(|text| run.same(text)).collect();
            let Some(destination) = self.destination(options, &named.iter().collect::<Vec<_>>(), &scope, index) else {
                continue;
            };
            let given = publish
                .values(options.token)
                .into_iter()
                .map(|value| ("an option".to_owned(), scope.credential(value)));
            let tokens = given.chain(from_variables(options, &scope)).collect();
            found.push(Candidate {
                options,
                at: self.place(run, publish.at),
                tokens,
                destination,
                mention: commands::mention(&publish, &folder),
                pinned: None,
                what: format!("`{}`", publish.shown()),
            });
        }
        found
    }

    /// Where a step publishes to: what it says itself, else its variables, else what was set up before. `None`: elsewhere.
    fn destination(&self, options: &Options, named: &[&Text], scope: &Scope<'_>, index: usize) -> Option<Destination> {
        let set_up = self.around(options).and_then(|around| {
            around.registries.iter().rev().find(|(at, _)| *at < index).map(|(_, registry)| *registry)
        });
        let variables = options.destination_variables.iter().filter_map(|name| scope.variable(name));
        let named = named.iter().map(|text| text.value.as_str()).find(|text| !text.trim().is_empty());
        let text = named.or_else(|| variables.map(|text| text.value.as_str()).next()).or(set_up);
        match text.map_or(Destination::Main, |text| destination::of(text, options, scope)) {
            Destination::Elsewhere => None,
            destination => Some(destination),
        }
    }

    fn publishing(&self, candidate: Candidate, index: usize) -> Publishing {
        let Candidate { options, at, mut tokens, destination, mention, pinned, what } = candidate;
        let around = self.around(options);
        let logins = around.into_iter().flat_map(|around| &around.logins);
        tokens.extend(logins.filter(|(at, _)| *at <= index).map(|(_, login)| login.clone()));
        let id_token = calls::id_token(self.workflow, self.job, self.ways);
        let exchange = around.and_then(|around| around.exchange);
        let decided = match &destination {
            Destination::Main | Destination::Elsewhere => model::Destination::Main(options.registry),
            Destination::Unknown(by) => model::Destination::Undecided { speaks: options.registry, by: by.clone() },
        };
        let meant = packages::meant(options.registry, &mention, self.packages);
        let mut why = vec![what];
        let auth = auth(&tokens, &id_token, &mut why);
        let explicit = exchange.is_some() || pinned.is_some() || matches!(auth, Auth::Token(_));
        let mut certainty = if explicit { Certainty::Certain } else { Certainty::Likely };
        if !explicit && auth == Auth::Oidc {
            why.push("no token reaches it and the job may ask for an OIDC token, so that is how it logs in".to_owned());
        }
        let packages = match &meant {
            Meant::Named(names) => Some(names.clone()),
            Meant::Among(names) => {
                why.push("a run decides which of these packages".to_owned());
                Some(names.clone())
            }
            Meant::Unknown => {
                why.push("the files do not name the packages".to_owned());
                None
            }
        };
        if !matches!(meant, Meant::Named(_)) {
            certainty = certainty.min(Certainty::Likely);
        }
        if let Destination::Unknown(text) = destination {
            certainty = Certainty::CannotTell;
            why.push(format!("only a run tells where it publishes: {text}"));
        }
        let job = PublishJob {
            destination: decided,
            packages,
            reach: calls::reach(self.workflow, self.ways),
            job: self.job.id.clone(),
            environment: self.environment(),
            id_token,
            auth,
            pinned: pinned.or(exchange).unwrap_or(Pinned::None),
            tokens: Vec::new(),
            exchange: None,
            triggers: self.triggers(),
            at,
            job_at: self.workflow.place(self.job.at),
            certainty,
            why,
        };
        Publishing { job, meant }
    }

    fn environment(&self) -> EnvironmentRef {
        let EnvironmentRef::Expression(text) = &self.job.environment else { return self.job.environment.clone() };
        let resolved = only_expression(text).and_then(|expression| {
            let name = expression.strip_prefix("inputs.")?;
            let [(_, whole)] = members(expression, "inputs")[..] else { return None };
            let mut values = self.ways.iter().map(|way| {
                let with = &way.first()?.job.with;
                with.iter().find(|(key, _)| key.value == name).map(|(_, value)| value.value.trim())
            });
            let first = values.next()??;
            let same = whole == name && values.all(|value| value == Some(first));
            (same && !first.contains("${{")).then(|| EnvironmentName::new(first).ok())?
        });
        resolved.map_or_else(|| self.job.environment.clone(), EnvironmentRef::Named)
    }

    /// The events of the top-level files, each once.
    fn triggers(&self) -> Vec<Trigger> {
        let tops = self.ways.iter().filter_map(|way| way.last()).map(|call| call.workflow);
        let own = self.workflow.starts_itself().then_some(self.workflow);
        let mut triggers: Vec<Trigger> = Vec::new();
        for (workflow, event) in tops.chain(own).flat_map(|workflow| workflow.on.iter().map(move |on| (workflow, on))) {
            let Event { name, refs } = event;
            if name.value != "workflow_call" && !triggers.iter().any(|known| known.event == name.value) {
                triggers.push(Trigger { event: name.value.clone(), refs: *refs, at: workflow.place(name.at) });
            }
        }
        triggers
    }

    fn place(&self, text: &Text, offset: usize) -> Place {
        let (line, column) = text.position(offset);
        Place { file: self.workflow.path.clone(), line, column }
    }
}

/// The token variables that are in force, each with what it holds.
fn from_variables(options: &Options, scope: &Scope<'_>) -> Vec<(String, Credential)> {
    let set = options.token_variables.iter().filter_map(|name| Some((*name, scope.variable(name)?)));
    set.map(|(name, text)| (name.to_owned(), scope.credential(&text.value))).collect()
}

/// A token beside `id-token: write` is a token: the permission may serve provenance alone.
fn auth(tokens: &[(String, Credential)], id_token: &IdToken, why: &mut Vec<String>) -> Auth {
    let secret = tokens.iter().find_map(|(by, credential)| match credential {
        Credential::Secret(name) => Some((by, name)),
        _ => None,
    });
    if let Some((by, name)) = secret {
        why.push(format!("the secret {name} reaches it by {by}"));
        return Auth::Token(name.clone());
    }
    let unknown = tokens.iter().find_map(|(by, credential)| match credential {
        Credential::Unknown(reason) => Some(format!("{by} is decided elsewhere: {reason}")),
        _ => None,
    });
    if let Some(reason) = unknown {
        why.push(reason);
        return Auth::Unknown;
    }
    match id_token {
        IdToken::Granted(place) => {
            why.push(format!("id-token: write by {place}"));
            Auth::Oidc
        }
        IdToken::Missing => {
            why.push("neither a token nor id-token: write is in sight".to_owned());
            Auth::Unknown
        }
        IdToken::Unknown(reason) => {
            why.push(reason.clone());
            Auth::Unknown
        }
    }
}
