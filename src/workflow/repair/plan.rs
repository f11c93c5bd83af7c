//! Which repairs a publishing job takes until it logs in by OIDC alone.
//!
//! Only what is on the way of its token is touched: a secret that other steps of the job need for something else stays with
//! them. Whether the result is accepted is for the forecast to say, which [`mend`](super::mend) asks.

use super::super::expression::secrets;
use super::super::model::{Job, Secrets, Step, Workflow};
use super::elsewhere::elsewhere;
use super::instead::{CannotRepair, Publisher, WITHOUT_OIDC};
use super::login::{Action, CRATES_IO, NUGET, PUB_DEV, RUBYGEMS};
use super::permissions::{handed_down, merged};
use super::{Access, ActionName, Level, Repair, StepRef, TokenInto};
use crate::model::{
    Auth, EnvironmentName, EnvironmentRef, IdToken, JobId, Pinned, PublishJob, Reach, Registry, RelPath, SecretName,
};
use crate::yaml::Text;

/// The repairs of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The file.
    pub path: RelPath,
    /// What it takes.
    pub repairs: Vec<Repair>,
}

/// Words that log in with a token, wherever a script has them.
const LOGINS: &[&str] = &[
    "cargo login",
    "_authToken",
    "npmAuthToken",
    "npm-cli-login",
    "_auth=",
    "pypi-token.pypi",
    "http-basic.pypi",
    ":rubygems_api_key:",
    "pub-credentials.json",
    ".pub-cache/credentials.json",
];

/// Options that hold a token, of which program.
const OPTIONS: &[(&str, &str)] = &[
    ("cargo", "--token"),
    ("twine", "--password"),
    ("twine", "-p"),
    ("uv", "--token"),
    ("uv", "-t"),
    ("uv", "--password"),
    ("uv", "-p"),
    ("pdm", "--password"),
    ("pdm", "-P"),
    ("maturin", "--password"),
    ("maturin", "-p"),
    ("jsr", "--token"),
    ("deno", "--token"),
    ("npm", "--//registry.npmjs.org/:_authToken"),
];

/// A name that stands beside a token and means nothing without it: uv would ask for the password that belongs to it.
const BESIDE: &[&str] = &["UV_PUBLISH_USERNAME"];

/// Programs that publish.
const PROGRAMS: &[&str] = &[
    "cargo",
    "npm",
    "pnpm",
    "yarn",
    "npx",
    "bunx",
    "changeset",
    "lerna",
    "nx",
    "twine",
    "uv",
    "pdm",
    "maturin",
    "release-plz",
    "jsr",
    "deno",
    "gem",
    "rake",
    "dotnet",
    "nuget",
];

/// The actions that log in, which are pinned beside the one that publishes.
const LOGIN_ACTIONS: &[Action] = &[CRATES_IO, RUBYGEMS, NUGET, PUB_DEV];

/// The repairs of a publishing job, file by file; none where it needs none. `environment`: the one that it shall run in.
///
/// # Errors
///
/// No repair of these files would do.
pub fn plan(
    workflows: &[Workflow],
    publish: &PublishJob,
    environment: Option<&EnvironmentName>,
) -> Result<Vec<Planned>, CannotRepair> {
    let workflow = workflows.iter().find(|workflow| workflow.path == publish.at.file);
    let found = workflow.and_then(|workflow| Some((workflow, workflow.jobs.iter().find(|job| job.id == publish.job)?)));
    let lies_elsewhere = || elsewhere(workflows, publish, environment);
    let (workflow, job) = found.ok_or_else(lies_elsewhere)?;
    let at = StepRef::at_line(job, publish.at.line).ok_or_else(lies_elsewhere)?;
    let mut repairs = tokens(workflows, workflow, (job, at), publish)?;
    if let Some(name) = environment
        && !matches!(&publish.environment, EnvironmentRef::Named(there) if there == name)
    {
        repairs.push(Repair::Environment { job: job.id.clone(), name: name.clone() });
    }
    let id_token =
        |job: &JobId| Repair::JobPermissions { job: job.clone(), scopes: vec![("id-token".to_owned(), Access::Write)] };
    let missing = publish.id_token == IdToken::Missing;
    if missing {
        repairs.push(id_token(&job.id));
    }
    let mut plan = vec![Planned { path: workflow.path.clone(), repairs }];
    if let (true, Reach::Reusable { callers, .. }) = (missing, &publish.reach) {
        for caller in callers {
            let path = caller.workflow.path();
            let repair = calls(workflows, &path, &caller.job);
            match plan.iter_mut().find(|planned| planned.path == path) {
                Some(planned) => planned.repairs.push(repair),
                None => plan.push(Planned { path, repairs: vec![repair] }),
            }
        }
    }
    plan.retain(|planned| !planned.repairs.is_empty());
    Ok(plan)
}

/// `id-token` for a job that calls the workflow which publishes, and what the called jobs had through it.
fn calls(workflows: &[Workflow], path: &RelPath, job: &JobId) -> Repair {
    let caller = workflows.iter().find(|workflow| workflow.path == *path);
    let body = caller.and_then(|caller| Some((caller, caller.jobs.iter().find(|body| body.id == *job)?)));
    let had = body.map(|(caller, body)| handed_down(workflows, caller, body)).unwrap_or_default();
    let id_token = [("id-token".to_owned(), Access::Write)];
    Repair::JobPermissions { job: job.clone(), scopes: merged(had, &id_token) }
}

/// What takes the tokens away, and what the tool needs in their place.
fn tokens(
    workflows: &[Workflow],
    workflow: &Workflow,
    (job, at): (&Job, StepRef),
    publish: &PublishJob,
) -> Result<Vec<Repair>, CannotRepair> {
    let Some(own) = job.steps.get(at.index()) else { return Ok(Vec::new()) };
    let known = names(workflows, workflow, publish);
    let way = Way { job, registry: publish.destination.speaks(), known };
    let mut repairs = Vec::new();
    if publish.pinned != Pinned::Sha {
        repairs.extend(pins(job, own));
    }
    if !matches!(publish.auth, Auth::Token(_)) && way.known.is_empty() {
        let waits = way.registry == Registry::CratesIo || publish.id_token == IdToken::Missing;
        if waits && is_bare(workflow, job, own) {
            repairs.extend((Publisher { publish, job, step: own, at, from: Vec::new() }).instead()?);
        }
        return Ok(repairs);
    }
    if let Some(tool) = own.run.as_ref().and_then(|run| WITHOUT_OIDC.iter().find(|tool| run.value.contains(**tool))) {
        return Err(CannotRepair::Tool(tool));
    }
    let variables = way.variables(workflow, own);
    for (index, step) in job.steps.iter().enumerate() {
        let Some(step_ref) = StepRef::nth(job, index) else { continue };
        let publishes = index == at.index() || (same_kind(own, step) && way.reaches(workflow, step));
        repairs.extend(way.step(step, step_ref, publishes, &variables));
        if publishes {
            repairs.extend(
                (Publisher { publish, job, step, at: step_ref, from: way.carriers(workflow, step) }).instead()?,
            );
        }
    }
    let kept = kept(workflow, &way, own, &repairs)?;
    let levels = [(Level::Workflow, &workflow.env), (Level::Job(job.id.clone()), &job.env)];
    for (level, env) in levels {
        let stays =
            |repair: &Repair| matches!(repair, Repair::DropEnv { level: Level::Workflow, name } if kept.contains(name));
        repairs.extend(way.dropped(&level, env).into_iter().filter(|repair| !stays(repair)));
    }
    Ok(repairs)
}

/// The token variables of the whole workflow that another job still publishes with. They stay for it, where each publishing
/// step of this job is given its own of the same name; once the other job has its own too, they go.
fn kept(workflow: &Workflow, way: &Way<'_>, own: &Step, repairs: &[Repair]) -> Result<Vec<String>, CannotRepair> {
    let sets = |env: &[(Text, Text)], name: &str| env.iter().any(|(key, _)| key.value == name);
    let mut kept = Vec::new();
    for (name, _) in workflow.env.iter().filter(|(_, value)| mentions(&value.value, &way.known)) {
        let name = &name.value;
        let takes = |step: &Step| same_kind(own, step) && !sets(&step.env, name);
        let takes = |other: &&Job| other.id != way.job.id && !sets(&other.env, name) && other.steps.iter().any(takes);
        let Some(other) = workflow.jobs.iter().find(takes) else { continue };
        let mut logins = repairs.iter().filter_map(|repair| match repair {
            Repair::LoginStep { login, .. } => Some(login.into()),
            _ => None,
        });
        let is_own = |into: Option<&TokenInto>| matches!(into, Some(TokenInto::Env(given)) if given == name);
        if !logins.clone().any(is_own) || !logins.all(is_own) {
            return Err(CannotRepair::Shared { variable: name.clone(), job: other.id.clone() });
        }
        kept.push(name.clone());
    }
    Ok(kept)
}

/// Whether nothing at all logs a command in: then it waits for the exchanged token.
fn is_bare(workflow: &Workflow, job: &Job, publish: &Step) -> bool {
    let sets = |env: &[(Text, Text)]| env.iter().any(|(name, _)| name.value.to_ascii_uppercase().contains("TOKEN"));
    let says = |step: &Step| {
        let run = step.run.as_ref().map(|run| run.value.as_str()).unwrap_or_default();
        LOGINS.iter().any(|login| run.contains(login)) || run.contains("--token")
    };
    let exchanges = |step: &Step| LOGIN_ACTIONS.iter().any(|action| action.is_used(step));
    publish.run.is_some()
        && ![&workflow.env, &job.env, &publish.env].into_iter().any(|env| sets(env))
        && !job.steps.iter().any(|step| says(step) || exchanges(step))
}

/// The publishing action, and the one that exchanges the token, by commit.
fn pins(job: &Job, publish: &Step) -> Vec<Repair> {
    let exchange = job.steps.iter().filter(|step| LOGIN_ACTIONS.iter().any(|action| action.is_used(step)));
    let actions = exchange.chain([publish]).filter_map(Step::action);
    let actions =
        actions.filter(|(_, reference)| !reference.is_empty()).filter_map(|(name, _)| ActionName::new(&name).ok());
    actions.map(|action| Repair::PinAction { job: job.id.clone(), action }).collect()
}

/// The names under which the file that holds the step knows the secrets: a caller may hand them over by others.
fn names(workflows: &[Workflow], own: &Workflow, publish: &PublishJob) -> Vec<SecretName> {
    let mut known: Vec<SecretName> = publish.tokens.iter().map(|token| token.secret.clone()).collect();
    if let Auth::Token(name) = &publish.auth {
        known.push(name.clone());
    }
    if let Reach::Reusable { callee, .. } = &publish.reach {
        let jobs = workflows.iter().filter(|workflow| workflow.path != own.path).flat_map(|workflow| &workflow.jobs);
        let calls = jobs.filter(|job| job.uses.as_ref().is_some_and(|uses| uses.value.contains(callee.as_str())));
        for job in calls {
            let Secrets::These(pairs) = &job.secrets else { continue };
            let handed = pairs.iter().filter(|(_, value)| mentions(&value.value, &known));
            let names: Vec<_> = handed.filter_map(|(key, _)| SecretName::new(&key.value).ok()).collect();
            known.extend(names);
        }
    }
    known
}

fn mentions(text: &str, names: &[SecretName]) -> bool {
    secrets(text).iter().any(|(_, name)| names.iter().any(|known| known.as_str().eq_ignore_ascii_case(name.as_str())))
}

/// Whether a step publishes as this one does: by the same action, or by the same program.
fn same_kind(publish: &Step, other: &Step) -> bool {
    const VERBS: &[&str] = &["publish", "upload", "release", "push"];
    let action = |step: &Step| step.action().map(|(name, _)| name);
    let (Some(own), Some(run)) = (&publish.run, &other.run) else {
        return action(publish).is_some() && action(publish) == action(other);
    };
    let line = |text: &str, program: &str| {
        let words = |line: &str| line.split_whitespace().any(|word| word == program);
        text.lines().any(|line| words(line) && VERBS.iter().any(|verb| line.contains(verb)))
    };
    PROGRAMS.iter().any(|program| line(&own.value, program) && line(&run.value, program))
}

/// The way of the tokens through a job.
struct Way<'a> {
    job: &'a Job,
    registry: Registry,
    known: Vec<SecretName>,
}

impl Way<'_> {
    /// Whether one of the secrets comes to a step.
    fn reaches(&self, workflow: &Workflow, step: &Step) -> bool {
        step.env
            .iter()
            .chain(&step.with)
            .chain(&self.job.env)
            .chain(&workflow.env)
            .any(|(_, value)| mentions(&value.value, &self.known))
            || step.run.as_ref().is_some_and(|run| mentions(&run.value, &self.known))
    }

    /// The variables that hold one of the secrets where the step runs.
    fn variables(&self, workflow: &Workflow, step: &Step) -> Vec<String> {
        let all = workflow.env.iter().chain(&self.job.env).chain(&step.env);
        all.filter(|(_, value)| mentions(&value.value, &self.known)).map(|(key, _)| key.value.clone()).collect()
    }

    /// Where the token comes to a step: by its own variables, inputs and script, or by those that all steps have and its
    /// script names.
    fn carriers(&self, workflow: &Workflow, step: &Step) -> Vec<TokenInto> {
        let held = |pairs: &[(Text, Text)]| -> Vec<String> {
            let held = pairs.iter().filter(|(_, value)| mentions(&value.value, &self.known));
            held.map(|(key, _)| key.value.clone()).collect()
        };
        let run = step.run.as_ref().map(|run| run.value.as_str()).unwrap_or_default();
        let shared = [held(&workflow.env), held(&self.job.env)].concat().into_iter();
        let own = held(&step.env).into_iter().chain(shared.filter(|name| run.contains(name.as_str())));
        let inputs = held(&step.with).into_iter().map(TokenInto::Input);
        let script = mentions(run, &self.known).then(|| TokenInto::Script(self.known.clone()));
        own.map(TokenInto::Env).chain(inputs).chain(script).collect()
    }

    fn dropped(&self, level: &Level, env: &[(Text, Text)]) -> Vec<Repair> {
        let held = env.iter().filter(|(_, value)| mentions(&value.value, &self.known)).map(|(key, _)| &key.value);
        let held: Vec<&String> = held.collect();
        let beside = env.iter().map(|(key, _)| &key.value).filter(|key| BESIDE.contains(&key.as_str()));
        let beside = beside.filter(|_| !held.is_empty());
        let drop = |name: &String| Repair::DropEnv { level: level.clone(), name: name.clone() };
        held.iter().copied().chain(beside).map(drop).collect()
    }

    /// What goes from a step: everything if it publishes, else only what logs in.
    fn step(&self, step: &Step, at: StepRef, publishes: bool, variables: &[String]) -> Vec<Repair> {
        let job = || self.job.id.clone();
        let mut repairs = Vec::new();
        let own = step.env.iter().filter(|(_, value)| mentions(&value.value, &self.known)).map(|(key, _)| &key.value);
        let variables: Vec<&String> = variables.iter().chain(own).collect();
        let holds = |line: &str| {
            mentions(line, &self.known)
                || variables.iter().any(|name| line.contains('$') && line.contains(name.as_str()))
        };
        let secrets = self.known.iter().map(SecretName::to_string);
        let tokens: Vec<String> = secrets.chain(variables.iter().map(|name| (*name).clone())).collect();
        let run = step.run.as_ref().map(|run| run.value.as_str()).unwrap_or_default();
        let marks = LOGINS.iter().filter(|mark| run.lines().any(|line| line.contains(**mark) && holds(line)));
        let logins: Vec<Repair> = marks
            .map(|mark| Repair::DropLogin { job: job(), step: at, mark: (*mark).to_owned(), tokens: tokens.clone() })
            .collect();
        let logs_in = !logins.is_empty();
        repairs.extend(logins);
        let sets_node_up = step.action().is_some_and(|(name, _)| name == "actions/setup-node");
        if self.registry == Registry::Npm && sets_node_up && step.input("registry-url").is_some() {
            repairs.push(Repair::DropRegistryUrl { job: job(), step: at });
        }
        if publishes {
            let used = OPTIONS.iter().filter(|(program, option)| run.contains(program) && run.contains(option));
            repairs.extend(used.map(|(program, option)| Repair::DropOption {
                job: job(),
                step: at,
                program: (*program).to_owned(),
                option: (*option).to_owned(),
                tokens: tokens.clone(),
            }));
            let inputs = step.with.iter().filter(|(_, value)| mentions(&value.value, &self.known));
            repairs.extend(inputs.map(|(key, _)| Repair::DropInput { job: job(), step: at, name: key.value.clone() }));
        }
        if publishes || logs_in {
            repairs.extend(self.dropped(&Level::Step(job(), at), &step.env));
        }
        repairs
    }
}
