//! The second phase: what each publishing job would present, and what its registry would make of it.

use super::about::{Off, Publisher, count, holder, packages, publisher};
use super::found::{Fix, Found};
use super::{Code, Facts, Phase, PhaseReport};
use crate::model::{
    Certainty, Destination, EnvironmentRef, JobId, Package, PackageName, Place, PublishJob, Severity, WorkflowClaim,
    WorkflowRole,
};
use crate::plan::{self, Because, Forecast};
use crate::registry::Precedence;

/// What a registry would make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It would accept the claims, once the publisher is registered.
    Accepted,
    /// It would not, for this reason.
    Refused(String),
    /// Nobody can tell, for this reason.
    Unknown(String),
    /// Another place's rules hold, which untoken does not know.
    NotJudged(String),
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
            Self::NotJudged(_) => "not judged",
        }
    }

    /// The reason; empty where it is accepted.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Accepted => "",
            Self::Refused(why) | Self::Unknown(why) | Self::NotJudged(why) => why,
        }
    }
}

/// The forecast of one publishing step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecasted {
    /// Where it publishes to.
    pub destination: Destination,
    /// Which packages; `None`: cannot tell.
    pub packages: Option<Vec<PackageName>>,
    /// Platforms of these packages: their registry has to be told the same of each.
    pub platforms: Vec<PackageName>,
    /// Its job.
    pub job: JobId,
    /// The publishing line.
    pub at: Place,
    /// What the registry would make of it.
    pub verdict: Verdict,
    /// What it would present, as name and value.
    pub claims: Vec<(&'static str, String)>,
    /// What to register, each set as label and value; several where several files can start it. Empty: nothing can be.
    pub register: Vec<Vec<(&'static str, String)>>,
}

pub(super) fn examine(facts: &Facts) -> PhaseReport {
    let jobs = &facts.reading.publish_jobs;
    if jobs.is_empty() {
        return PhaseReport::skipped(Phase::Forecast, "skipped: there is no publishing step to judge");
    }
    let scope = format!("judged the claims of {} by each registry's own rules", count(jobs.len(), "publishing step"));
    let mut report = PhaseReport::new(Phase::Forecast, scope);
    if facts.slug.is_some() && facts.github.is_none() {
        let remark = "sub is told in GitHub's default form; --online reads whether it is customised or immutable";
        report.remarks.push(remark.to_owned());
    }
    let off = Off::new(facts);
    for job in jobs {
        let off = off.all_of(job);
        report.forecasts.push(forecasted(facts, job, off));
        if off {
            continue;
        }
        match publisher(job) {
            Some(publisher) => report.findings.extend(judged(facts, &publisher)),
            None => report.findings.extend(undecided(job)),
        }
    }
    report.findings.extend(two_filenames(facts));
    report
}

fn forecasted(facts: &Facts, job: &PublishJob, off: bool) -> Forecasted {
    let mut claims = plan::claims(job);
    if let Some(slug) = &facts.slug {
        claims.insert(0, ("repository", slug.to_string()));
        claims.push(("sub", subject(facts, job)));
    }
    let (verdict, register) = match publisher(job) {
        _ if off => (Verdict::NotJudged("its packages are deliberately off OIDC".to_owned()), Vec::new()),
        Some(publisher) => (verdict(&publisher), to_register(facts, &publisher)),
        None => (other_place(job), Vec::new()),
    };
    Forecasted {
        destination: job.destination.clone(),
        packages: job.packages.clone(),
        platforms: platforms(facts, job),
        job: job.job.clone(),
        at: job.at.clone(),
        verdict,
        claims,
        register,
    }
}

/// The platforms that are released along with what a job publishes.
fn platforms(facts: &Facts, job: &PublishJob) -> Vec<PackageName> {
    let along = |platform: &&Package| {
        let named = |names: &Vec<PackageName>| names.contains(platform.meant_by());
        job.publishes_to(platform.id.registry) && job.packages.as_ref().is_none_or(named)
    };
    facts.checkout.family.iter().filter(along).map(|platform| platform.id.name.clone()).collect()
}

/// The subject's form. Registries that look at it are few; it is told for whoever debugs an exchange.
fn subject(facts: &Facts, job: &PublishJob) -> String {
    let known = facts.github.as_ref().and_then(|github| github.oidc_subject.value());
    let prefix = known.and_then(|subject| subject.prefix.clone());
    let slug = facts.slug.as_ref().map(ToString::to_string).unwrap_or_default();
    let start = prefix.unwrap_or_else(|| format!("repo:{slug}"));
    let context = match &job.environment {
        EnvironmentRef::Named(name) => format!("environment:{name}"),
        EnvironmentRef::None => "ref:…".to_owned(),
        EnvironmentRef::Expression(_) | EnvironmentRef::Unknown(_) => "environment:…".to_owned(),
    };
    match known {
        Some(subject) if !subject.default_template => "of a customised form".to_owned(),
        Some(_) => format!("{start}:{context}"),
        None => format!("{start}:{context}"),
    }
}

fn verdict(publisher: &Publisher<'_>) -> Verdict {
    let job = publisher.job;
    if job.certainty == Certainty::CannotTell {
        return Verdict::Unknown(format!("it may publish, and only a run tells: {}", job.why.join("; ")));
    }
    match plan::forecast(job, publisher.rules) {
        Forecast::Accepted => Verdict::Accepted,
        Forecast::Unknown(why) => Verdict::Unknown(why),
        Forecast::Refused { because: Because::Token, why, .. }
            if publisher.ci.precedence.value == Precedence::OidcThenToken =>
        {
            Verdict::Unknown(why)
        }
        Forecast::Refused { why, .. } => Verdict::Refused(why),
    }
}

fn other_place(job: &PublishJob) -> Verdict {
    match &job.destination {
        Destination::Undecided { by, .. } => Verdict::Unknown(format!("only a run tells where it publishes to: {by}")),
        Destination::TestPypi => {
            Verdict::NotJudged("TestPyPI keeps publishers of its own, apart from PyPI's".to_owned())
        }
        Destination::Main(_) | Destination::Other { .. } => {
            Verdict::NotJudged("it goes to another place, whose rules untoken does not know".to_owned())
        }
    }
}

/// The values that the registry has to be told.
fn to_register(facts: &Facts, publisher: &Publisher<'_>) -> Vec<Vec<(&'static str, String)>> {
    let repository = facts.slug.as_ref().map_or_else(|| "this repository".to_owned(), ToString::to_string);
    let job = publisher.job;
    let claim = publisher.rules.claim.value;
    if job.role(claim) == WorkflowRole::NotUsed {
        return vec![vec![("repository", repository)]];
    }
    let environment = match &job.environment {
        EnvironmentRef::None => "(leave empty)".to_owned(),
        EnvironmentRef::Named(name) => name.to_string(),
        EnvironmentRef::Expression(text) => format!("(decided by a run: {text})"),
        EnvironmentRef::Unknown(_) => "(unknown)".to_owned(),
    };
    let files = plan::files(job, publisher.rules);
    files
        .into_iter()
        .map(|file| {
            let mut values = vec![
                ("repository", repository.clone()),
                ("workflow", file.to_string()),
                ("environment", environment.clone()),
            ];
            if let (WorkflowClaim::CalleeAnywhere, Some((elsewhere, _))) = (claim, job.reach.remote_file()) {
                values.insert(2, ("workflow repository", elsewhere.to_string()));
            }
            values
        })
        .collect()
}

/// The findings of one publisher; what the other phases say of it (permissions, tokens) is not said again.
fn judged(facts: &Facts, publisher: &Publisher<'_>) -> Vec<Found> {
    let job = publisher.job;
    let refused = match verdict(publisher) {
        Verdict::Refused(why) => Some(why),
        _ => None,
    };
    match plan::forecast(job, publisher.rules) {
        Forecast::Refused { because: Because::Workflow, at, .. } => {
            let why = refused.unwrap_or_default();
            let found = Found::new(Code::Refused, publisher.about(), sentence(&why)).at(at);
            let fix = match job.reach {
                crate::model::Reach::Uncalled(_) => "Call it from a workflow with a trigger, or delete it.",
                _ => "Publish from a job in a workflow of this repository.",
            };
            // A workflow that nothing calls is refused by nobody: it does not run.
            let uncalled = matches!(job.reach, crate::model::Reach::Uncalled(_));
            let severity = if uncalled { Severity::Note } else { Severity::Error };
            vec![found.fix(Fix::say(fix)).severity(severity)]
        }
        Forecast::Refused { because: Because::IdToken | Because::Token, .. } => Vec::new(),
        _ if job.certainty == Certainty::CannotTell => vec![cannot_tell(publisher)],
        _ => events(facts, publisher).into_iter().chain(unknown(publisher)).collect(),
    }
}

/// Events whose runs would be refused: an error if all are, a warning if some are, and a note where a condition may keep
/// those away.
fn events(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let events = plan::events(publisher.job, publisher.rules);
    let refused: Vec<_> = events.iter().filter_map(|(trigger, why)| Some((trigger, why.as_ref()?))).collect();
    let ((first, why), rest) = refused.split_first().map(|(first, rest)| (*first, rest))?;
    let whys: Vec<&str> = std::iter::once(why.as_str()).chain(rest.iter().map(|(_, why)| why.as_str())).collect();
    let all = refused.len() == events.len();
    let code = if all { Code::Refused } else { Code::SomeEventsRefused };
    let message = format!("The {} publishes {}, and {}.", publisher.name(), publisher.packages(), whys.join("; "));
    let taken: Vec<&str> =
        events.iter().filter(|(_, why)| why.is_none()).map(|(trigger, _)| trigger.event.as_str()).collect();
    let fix = if all {
        let rules = publisher.rules;
        Fix::say(format!("Start the publishing workflow by an event that {} takes.", rules.registry))
    } else {
        Fix::say(format!("Let the job run on {} alone, or move it to a workflow of its own.", taken.join(" and ")))
    };
    let found = Found::new(code, publisher.about(), message).at(first.at.clone()).fix(fix);
    Some(if !all && has_condition(facts, publisher) { found.severity(Severity::Note) } else { found })
}

/// Whether the job, or the step, has a condition of its own, which nobody evaluates here.
fn has_condition(facts: &Facts, publisher: &Publisher<'_>) -> bool {
    let Some((_, job)) = holder(facts, publisher.job) else { return false };
    let step = job.steps.iter().rfind(|step| step.at.line <= publisher.job.at.line);
    job.condition.is_some() || step.is_some_and(|step| step.condition.is_some())
}

fn unknown(publisher: &Publisher<'_>) -> Option<Found> {
    let Forecast::Unknown(why) = plan::forecast(publisher.job, publisher.rules) else { return None };
    Some(Found::new(Code::CannotTell, publisher.about(), sentence(&why)).at(publisher.job.at.clone()))
}

fn cannot_tell(publisher: &Publisher<'_>) -> Found {
    let why = verdict(publisher).why().to_owned();
    let message = format!("Whether the {} publishes to {} is not known: {why}.", publisher.name(), publisher.registry);
    Found::new(Code::CannotTell, publisher.about(), message).at(publisher.job.at.clone())
}

fn undecided(job: &PublishJob) -> Option<Found> {
    let Destination::Undecided { speaks, by } = &job.destination else { return None };
    let message = format!(
        "Whether job `{}` publishes {} to {speaks} or elsewhere is not known: only a run tells ({by}).",
        job.job,
        packages(job)
    );
    Some(Found::new(Code::CannotTell, format!("{} {speaks} undecided", job.job), message).at(job.at.clone()))
}

/// One repository, two filenames: a reusable workflow that serves a registry which compares the caller and one which
/// compares the callee.
fn two_filenames(facts: &Facts) -> Vec<Found> {
    let publishers: Vec<Publisher<'_>> = super::about::publishers(facts);
    let mut found: Vec<Found> = Vec::new();
    for caller in publishers.iter().filter(|p| p.rules.claim.value == WorkflowClaim::Caller) {
        let compares =
            |p: &&Publisher<'_>| matches!(p.rules.claim.value, WorkflowClaim::Callee | WorkflowClaim::CalleeAnywhere);
        let others = publishers.iter().filter(compares);
        for callee in others.filter(|p| p.job.at.file == caller.job.at.file) {
            let files = (plan::files(caller.job, caller.rules), plan::files(callee.job, callee.rules));
            let (Some(for_caller), Some(for_callee)) = (files.0.first(), files.1.first()) else { continue };
            let about = format!("{} {}", caller.registry, callee.registry);
            if for_caller == for_callee || found.iter().any(|known| known.about == about) {
                continue;
            }
            let message = format!(
                "{} must be told {for_caller} (it compares the workflow that calls), {} must be told {for_callee} (it \
                 compares the file that holds the job).",
                caller.registry, callee.registry
            );
            let fix = Fix::say("Register each with its own filename, or move the jobs into the top-level workflow.");
            found.push(Found::new(Code::TwoFilenames, about, message).at(callee.job.at.clone()).fix(fix));
        }
    }
    found
}

/// A fragment as a sentence.
fn sentence(fragment: &str) -> String {
    let mut text: String = fragment.to_owned();
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}
