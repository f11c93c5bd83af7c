//! The steps that publish: by a command or by an action, with what, from where, and as whom.
//!
//! `walk` goes through a job as a run would and notes candidates; here the job around them is asked (permissions,
//! environment, events), and steps that are one publisher to a registry become one. Nothing here knows a registry by name.

mod actions;
mod auth;
mod called;
mod closed;
mod commands;
mod destination;
mod dotnet;
mod families;
mod follow;
mod listed;
mod packages;
mod prepared;
mod recipes;
mod remote;
mod scope;
mod settings;
mod spelled;
mod tools;
mod walk;

use std::collections::BTreeMap;

use crate::model::{
    Certainty, Destination, EnvironmentName, EnvironmentRef, IdToken, Package, PackageName, Pinned, Place, PublishJob,
    Refs, Registry, Trigger, WorkflowClaim,
};

use super::Surroundings;
use super::calls::{self, Call};
use super::frame::Frame;
use super::library::Library;
use super::model::{Job, Workflow};
use super::value::{Part, Value};
use auth::Handed;
use packages::Meant;
use walk::{Candidate, Closed, JobWalk};

/// How many reasons one publisher carries: a person reads them.
const MAX_REASONS: usize = 12;

/// All publishing steps of these workflows.
pub(super) fn find(library: &Library<'_>, around: &Surroundings<'_>) -> Vec<PublishJob> {
    let all = library.workflows;
    let mut found = Found { jobs: Vec::new(), at: BTreeMap::new(), claim: around.claim };
    for workflow in all {
        let mut ways = calls::ways(all, workflow);
        if ways.is_empty() || workflow.starts_itself() {
            ways.insert(0, Vec::new());
        }
        let ways: Vec<Way<'_>> = ways.iter().filter_map(|calls| Way::new(workflow, calls)).collect();
        for job in workflow.jobs.iter().filter(|job| !job.steps.is_empty() || remote::called(job).is_some()) {
            let mut walks = Walks::default();
            for way in &ways {
                let Some(context) = Context::new(library, workflow, job, way, around.packages) else { continue };
                context.publish_jobs(&mut walks).into_iter().for_each(|publishing| found.add(publishing));
            }
        }
    }
    found.jobs
}

/// The publishing steps so far, with where each stands: many ways lead to one step.
struct Found {
    jobs: Vec<PublishJob>,
    at: BTreeMap<Place, Vec<usize>>,
    claim: fn(Registry) -> WorkflowClaim,
}

impl Found {
    fn add(&mut self, publishing: PublishJob) {
        let here = self.at.entry(publishing.at.clone()).or_default();
        let same = |index: &&usize| same_publisher(&self.jobs[**index], &publishing, self.claim);
        match here.iter().find(same) {
            Some(&index) => self.jobs[index].reach.join(publishing.reach),
            None => {
                here.push(self.jobs.len());
                self.jobs.push(publishing);
            }
        }
    }
}

/// What one job came to, in each frame that it was walked in: ways that hand it the same are walked once.
#[derive(Default)]
struct Walks(Vec<(Frame, Vec<Candidate>, Vec<Closed>)>);

impl Walks {
    fn of(&mut self, context: &Context<'_>) -> (Vec<Candidate>, Vec<Closed>) {
        if let Some((_, found, closed)) = self.0.iter().find(|(frame, ..)| *frame == context.frame) {
            return (found.clone(), closed.clone());
        }
        let (library, frame) = (context.library, context.frame.clone());
        let mut walk = JobWalk::new(library, context.packages, context.workflow, context.job, frame.clone());
        walk.job();
        self.0.push((frame, walk.found.clone(), walk.closed.clone()));
        (walk.found, walk.closed)
    }
}

/// The same step, come to by another way, that the registry would be told the same of.
fn same_publisher(a: &PublishJob, b: &PublishJob, claim: fn(Registry) -> WorkflowClaim) -> bool {
    let claim = claim(a.destination.speaks());
    a.at == b.at
        && a.job == b.job
        && a.job_at == b.job_at
        && a.destination == b.destination
        && a.packages == b.packages
        && a.auth == b.auth
        && a.environment == b.environment
        && std::mem::discriminant(&a.id_token) == std::mem::discriminant(&b.id_token)
        && a.reach.told(claim).0 == b.reach.told(claim).0
}

/// A folder below another one. What begins at the root of the checkout stays so.
fn below(folder: &Value, path: Value) -> Value {
    let shown = path.shown();
    for root in ["$GITHUB_WORKSPACE", "${{ $GITHUB_WORKSPACE }}", "${{ github.workspace }}"] {
        if let Some(rest) = shown.strip_prefix(root) {
            return Value::text(rest.trim_start_matches('/'));
        }
    }
    if path.is_empty() || path.is(".") || path.is("./") {
        return folder.clone();
    }
    if shown.starts_with('/') || shown.starts_with('~') || folder.is_empty() {
        return path;
    }
    let mut joined = folder.clone();
    joined.push(Value::text("/"));
    joined.push(path);
    joined
}

/// A way by which a run comes to a workflow.
struct Way<'a> {
    calls: &'a [Call<'a>],
    frame: Frame,
}

impl<'a> Way<'a> {
    /// `None`: one of the calls is never made.
    fn new(workflow: &Workflow, calls: &'a [Call<'a>]) -> Option<Self> {
        let made = calls.iter().enumerate().all(|(index, call)| {
            Frame::of_call(call, &calls[index + 1..]).allows(call.job.condition.as_ref()) != Some(false)
        });
        made.then(|| Self { calls, frame: Frame::of_workflow(workflow, calls) })
    }
}

/// A job and the way by which it is reached.
struct Context<'a> {
    library: &'a Library<'a>,
    workflow: &'a Workflow,
    job: &'a Job,
    way: &'a [Call<'a>],
    packages: &'a [Package],
    frame: Frame,
    id_token: IdToken,
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
        self.job.destination == other.job.destination
            && self.job.pinned == other.job.pinned
            && doubtful(&self.job) == doubtful(&other.job)
            && self.job.auth == other.job.auth
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
    /// `None`: the job never runs.
    fn new(
        library: &'a Library<'a>,
        workflow: &'a Workflow,
        job: &'a Job,
        way: &Way<'a>,
        packages: &'a [Package],
    ) -> Option<Self> {
        let mut frame = way.frame.of_job(job);
        for name in &job.needs {
            let needed = workflow.jobs.iter().find(|other| other.id.as_str() == name.value);
            let outputs = needed.map(|needed| called::outputs(library, needed, packages)).unwrap_or_default();
            frame.needs(&name.value, outputs.into_iter().collect());
        }
        if frame.allows(job.condition.as_ref()) == Some(false) {
            return None;
        }
        let id_token = calls::id_token(workflow, job, way.calls);
        Some(Self { library, workflow, job, way: way.calls, packages, frame, id_token })
    }

    /// What the job publishes: once for each registry and login, however many steps and commands that takes.
    fn publish_jobs(&self, walks: &mut Walks) -> Vec<PublishJob> {
        if let Some((path, reference)) = remote::called(self.job) {
            return called::publish_jobs(self, &path, reference);
        }
        let (candidates, closed) = walks.of(self);
        let mut found: Vec<Publishing> = Vec::new();
        for candidate in candidates {
            let publishing = self.publishing(candidate);
            // A name for a place whose address is not in the files: a company's own, which nobody could be told to trust.
            if matches!(&publishing.job.destination, Destination::Other { host, .. } if !host.contains(['.', ':'])) {
                continue;
            }
            match found.iter_mut().find(|known| known.belongs_with(&publishing)) {
                Some(known) => known.join(publishing),
                None => found.push(publishing),
            }
        }
        let mut jobs: Vec<PublishJob> = found.into_iter().map(|publishing| publishing.job).collect();
        jobs.extend(closed::publish_jobs(self, closed, &jobs));
        jobs
    }

    fn publishing(&self, mut candidate: Candidate) -> Publishing {
        let family = candidate.family;
        let listed = candidate.listed.take();
        let meant = packages::listed_or_meant(listed, family.registry, &candidate.mention, self.packages);
        let destination = settings::destination(&candidate, &meant, self.library, self.packages);
        let handed = settings::handed(&candidate, &destination, self.library);
        let exchange =
            candidate.prepared.exchanges.iter().rev().find(|exchange| exchange.registry == family.registry).cloned();
        let mut why = std::mem::take(&mut candidate.why);
        let elsewhere = matches!(destination, Destination::Other { .. });
        let (auth, tokens) = auth::auth(&handed, &self.id_token, elsewhere, &mut why);
        let destination = undecided_by_github_token(destination, &handed);
        let explicit = exchange.is_some() || candidate.pinned.is_some() || !tokens.is_empty();
        let mut certainty = if explicit && !candidate.configured { Certainty::Certain } else { Certainty::Likely };
        if !explicit && auth == crate::model::Auth::Oidc {
            why.push("no token reaches it and the job may ask for an OIDC token, so that is how it logs in".to_owned());
        }
        if candidate.configured {
            why.push("its own configuration may say otherwise".to_owned());
        }
        // What may do something else, and could not log in here, is a rehearsal as likely as not.
        if candidate.configured && tokens.is_empty() && matches!(self.id_token, IdToken::Missing) {
            certainty = Certainty::CannotTell;
        }
        let packages = named(&meant, &mut why);
        if !matches!(meant, Meant::Named(_)) {
            certainty = certainty.min(Certainty::Likely);
        }
        if let Destination::Other { host, .. } = &destination
            && !families::KEEPERS.iter().any(|keeper| host.ends_with(keeper))
        {
            certainty = Certainty::CannotTell;
            why.push(format!("{host} may pass it on to {}: who logs in there is not in the files", family.registry));
        }
        if let Destination::Undecided { by, .. } = &destination {
            certainty = Certainty::CannotTell;
            why.push(format!("only a run tells where it publishes: {by}"));
        }
        let pinned = candidate.pinned.or(exchange.as_ref().map(|exchange| exchange.pinned)).unwrap_or(Pinned::None);
        let job = PublishJob {
            packages,
            auth,
            tokens,
            exchange: exchange.map(|exchange| exchange.at),
            pinned,
            at: candidate.at,
            certainty,
            why,
            ..self.blank(destination)
        };
        Publishing { job, meant }
    }

    /// A publishing step of this job of which nothing but the job is known.
    fn blank(&self, destination: Destination) -> PublishJob {
        PublishJob {
            destination,
            packages: None,
            reach: calls::reach(self.workflow, self.way),
            job: self.job.id.clone(),
            environment: self.environment(),
            id_token: self.id_token.clone(),
            auth: crate::model::Auth::Unknown,
            tokens: Vec::new(),
            exchange: None,
            pinned: Pinned::None,
            triggers: self.triggers(),
            at: self.workflow.place(self.job.at),
            job_at: self.workflow.place(self.job.at),
            certainty: Certainty::CannotTell,
            why: Vec::new(),
        }
    }

    fn environment(&self) -> EnvironmentRef {
        let EnvironmentRef::Expression(text) = &self.job.environment else { return self.job.environment.clone() };
        resolved_environment(&self.frame.resolve(text), text)
    }

    /// The events of the top-level file, each once.
    fn triggers(&self) -> Vec<Trigger> {
        let top = self.way.last().map_or(self.workflow, |call| call.workflow);
        let mut triggers: Vec<Trigger> = Vec::new();
        for event in top.on.iter().filter(|event| event.name.value != "workflow_call") {
            if !triggers.iter().any(|known| known.event == event.name.value) {
                let refs: Refs = event.refs;
                let at = top.place(event.name.at);
                triggers.push(Trigger { event: event.name.value.clone(), refs, filter: event.filter.clone(), at });
            }
        }
        triggers
    }
}

/// The environment that a text comes to; with choices or unknown parts it stays the expression that it is.
fn resolved_environment(value: &Value, text: &str) -> EnvironmentRef {
    match value.literal() {
        Some(name) if name.is_empty() => EnvironmentRef::None,
        Some(name) => EnvironmentName::new(&name)
            .map_or_else(|error| EnvironmentRef::Unknown(error.to_string()), EnvironmentRef::Named),
        None => EnvironmentRef::Expression(text.to_owned()),
    }
}

/// GitHub's own token opens no main registry: who hands it over means GitHub's packages, by a setting that is not here.
fn undecided_by_github_token(destination: Destination, handed: &[Handed]) -> Destination {
    let own = |one: &&Handed| one.value.0 == [Part::GithubToken];
    match (&destination, handed.iter().find(own)) {
        (Destination::Main(registry), Some(one)) => {
            Destination::Undecided { speaks: *registry, by: format!("{} is GitHub's own token", one.by) }
        }
        _ => destination,
    }
}

/// The packages, and what is to be said of them.
fn named(meant: &Meant, why: &mut Vec<String>) -> Option<Vec<PackageName>> {
    match meant {
        Meant::Named(names) => Some(names.clone()),
        Meant::Among(names) => {
            why.push("a run decides which of these packages".to_owned());
            Some(names.clone())
        }
        Meant::Unknown => {
            why.push("the files do not name the packages".to_owned());
            None
        }
    }
}
