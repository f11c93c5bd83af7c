//! The third phase: whether what `trust_policy` declares is there, and is what the workflow would present.

use std::collections::HashSet;

use super::about::{Publisher, Steps, count};
use super::found::{Fix, Found};
use super::{Code, Facts, Phase, PhaseReport};
use crate::config::Entry;
use crate::model::{
    Certainty, EnvironmentName, EnvironmentRef, Package, PackageId, Place, Registry, RepoSlug, Severity, TrustPolicy,
    WorkflowClaim, WorkflowFile,
};
use crate::plan;
use crate::registry::{self, Case, Rules};

/// One declaration with the package of the checkout that it is about.
struct Declared<'a> {
    name: String,
    package: Option<&'a Package>,
    rules: Option<&'static Rules>,
    policy: &'a TrustPolicy,
    at: &'a Place,
    /// The steps that (may) publish the package.
    steps: Vec<Publisher<'a>>,
}

pub(super) fn examine(facts: &Facts) -> PhaseReport {
    let declared = all(facts);
    if declared.is_empty() {
        return PhaseReport::skipped(Phase::Declared, "skipped: no trust_policy is declared in a config file");
    }
    let files = facts.config.files.len();
    let scope = format!(
        "compared {} of {} with {} and {}",
        count(declared.len(), "declaration"),
        count(files, "config file"),
        count(facts.reading.workflows.len(), "workflow file"),
        facts
            .slug
            .as_ref()
            .map_or_else(|| "no repository, for none is known".to_owned(), |slug| format!("repository {slug}"))
    );
    let mut report = PhaseReport::new(Phase::Declared, scope);
    let mut alone = Vec::new();
    for one in &declared {
        report.findings.extend(repository(facts, one));
        report.findings.extend(tags(one));
        match exists(facts, one) {
            Some(found) => report.findings.push(found),
            None if !publisher(one, &mut report) => alone.push(one.name.as_str()),
            None => {}
        }
    }
    if let Some(first) = alone.first() {
        let others = match alone.len() - 1 {
            0 => String::new(),
            more => format!(" and {}", count(more, "other package")),
        };
        report.remarks.push(format!("no step that publishes {first}{others} was found: nothing to compare with"));
    }
    this_run(facts, &declared, &mut report);
    report
}

fn all(facts: &Facts) -> Vec<Declared<'_>> {
    let steps = Steps::new(facts);
    let mut owners: Vec<(&Entry, &Package)> = Vec::new();
    for package in &facts.checkout.packages {
        owners.extend(facts.config.entries_for(package).map(|entry| (entry, package)));
    }
    // By address: entries are only compared with themselves.
    owners.sort_by_key(|(entry, _)| std::ptr::from_ref(*entry));
    let owner = |entry: &Entry| {
        let at = owners.binary_search_by_key(&std::ptr::from_ref(entry), |(known, _)| std::ptr::from_ref(*known));
        at.ok().map(|at| owners[at].1)
    };
    let mut declared: Vec<Declared<'_>> = Vec::new();
    let mut seen: HashSet<&PackageId> = HashSet::new();
    for entry in facts.config.files.iter().flat_map(|file| &file.entries) {
        let Some((policy, at)) = &entry.policy else { continue };
        let package = owner(entry);
        // The first file that declares a package counts; the conflict is a finding of its own.
        if package.is_some_and(|package| !seen.insert(&package.id)) {
            continue;
        }
        let name = package.map_or_else(|| entry.name.clone(), |package| package.id.to_string());
        let rules = entry.registry.map(|registry| registry::guides(registry).rules());
        let steps = package.map(|package| steps.of(package)).unwrap_or_default();
        declared.push(Declared { name, package, rules, policy, at, steps });
    }
    declared
}

/// The packages of the checkout that are declared for a registry, and what is declared.
pub(super) fn for_registry(facts: &Facts, registry: Registry) -> Vec<(&Package, &TrustPolicy, &Place)> {
    let mine = all(facts).into_iter().filter_map(|one| Some((one.package?, one.policy, one.at)));
    mine.filter(|(package, ..)| package.id.registry == registry).collect()
}

/// The declared packages of a registry.
#[must_use]
pub fn declared_for(facts: &Facts, registry: Registry) -> Vec<PackageId> {
    for_registry(facts, registry).into_iter().map(|(package, ..)| package.id.clone()).collect()
}

fn exists(facts: &Facts, one: &Declared<'_>) -> Option<Found> {
    let workflow = one.policy.workflow.as_ref()?;
    let elsewhere = |p: &Publisher<'_>| p.job.reach.remote_file().is_some_and(|(_, file)| file == *workflow);
    if facts.checkout.workflows.iter().any(|file| file.path == workflow.path()) || one.steps.iter().any(elsewhere) {
        return None;
    }
    let near = facts.checkout.workflows.iter().map(|file| file.path.file_name());
    let near = near.filter(|name| stem(name).eq_ignore_ascii_case(stem(workflow.as_str()))).collect::<Vec<_>>();
    let message =
        format!("trust_policy of {} names {workflow}, and there is no such file in .github/workflows.", one.name);
    let fix = match (near.first(), published_by(one).first()) {
        (Some(name), _) => Fix::write("There is one of nearly this name:", &format!("workflow = \"{name}\"")),
        (None, Some(file)) => Fix::write("The workflow that publishes it is:", &format!("workflow = \"{file}\"")),
        (None, None) => Fix::say("Name the file that publishes it, without folders."),
    };
    Some(Found::new(Code::DeclaredMissing, one.name.clone(), message).at(one.at.clone()).fix(fix))
}

/// A tag pattern whose tags start no publishing run.
fn tags(one: &Declared<'_>) -> Option<Found> {
    let pattern = one.policy.tag_pattern.as_ref()?;
    let jobs = one.steps.iter().filter(|p| p.job.certainty > Certainty::CannotTell).map(|p| p.job);
    let filters = plan::tags_refused(jobs, pattern)?;
    let message = format!(
        "trust_policy of {} says tags {pattern}, and the workflow that publishes it runs on tags {filters}: no release tag \
         starts it.",
        one.name
    );
    let fix = Fix::write(
        "Let the workflow run on those tags, or declare the pattern of its own:",
        &format!("tags: ['{}']", pattern.tag("*")),
    );
    let found = Found::new(Code::DeclaredTags, one.name.clone(), message).at(one.at.clone()).fix(fix);
    // Who starts it by hand may choose such a tag.
    let by_hand = one.steps.iter().flat_map(|p| &p.job.triggers).any(|trigger| trigger.event == "workflow_dispatch");
    Some(if by_hand { found.severity(Severity::Warning) } else { found })
}

fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The files that the registry would have to be told, by the steps that publish the package.
fn published_by(one: &Declared<'_>) -> Vec<WorkflowFile> {
    let mut files: Vec<WorkflowFile> = Vec::new();
    for publisher in &one.steps {
        for file in plan::files(publisher.job, publisher.rules) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    files
}

/// Whether the declared workflow publishes the package, and in the declared environment; says whether there was a step to
/// compare with.
fn publisher(one: &Declared<'_>, report: &mut PhaseReport) -> bool {
    let sure: Vec<&Publisher<'_>> = one.steps.iter().filter(|p| p.job.certainty > Certainty::CannotTell).collect();
    let told = |p: &&&Publisher<'_>| {
        one.policy.workflow.as_ref().is_none_or(|named| plan::files(p.job, p.rules).contains(named))
            && home_fits(one, p)
    };
    let fits: Vec<&Publisher<'_>> = sure.iter().filter(told).copied().collect();
    if let Some(found) = environment(one, &fits) {
        report.findings.push(found);
    } else if sure.is_empty() {
        return false;
    } else if fits.is_empty() {
        report.findings.push(another(one, &sure));
    }
    let expression = fits.iter().find_map(|p| match &p.job.environment {
        EnvironmentRef::Expression(text) => Some(text),
        _ => None,
    });
    if let Some(text) = expression {
        report.remarks.push(format!("the environment that publishes {} is {text}: only a run decides it", one.name));
    }
    true
}

/// Whether the repository of the file that holds the job is the declared one, where the registry compares it.
fn home_fits(one: &Declared<'_>, publisher: &Publisher<'_>) -> bool {
    let elsewhere = publisher.job.reach.remote_file().map(|(repository, _)| repository);
    publisher.rules.claim.value != WorkflowClaim::CalleeAnywhere
        || match (&one.policy.workflow_repository, &elsewhere) {
            (None, None) => true,
            (Some(declared), Some(used)) => declared.same_on_github(used),
            (Some(_), None) | (None, Some(_)) => false,
        }
}

fn another(one: &Declared<'_>, sure: &[&Publisher<'_>]) -> Found {
    let files = published_by(one);
    let names = files.iter().map(|file| file.as_str()).collect::<Vec<_>>().join(" or ");
    let workflow = one.policy.names();
    let Some(first) = sure.first().filter(|_| !files.is_empty()) else {
        let message = format!(
            "trust_policy of {} names {workflow}, and no file of this repository can be told to the registry.",
            one.name
        );
        return Found::new(Code::DeclaredOther, one.name.clone(), message).at(one.at.clone());
    };
    let home = first.job.reach.remote_file().map(|(repository, _)| repository);
    let home = home.filter(|_| first.rules.claim.value == WorkflowClaim::CalleeAnywhere);
    let of = home.as_ref().map(|repository| format!(" of {repository}")).unwrap_or_default();
    let message = format!(
        "trust_policy of {} names {workflow}, and what {} compares is {names}{of} ({}).",
        one.name, first.registry, first.job.at
    );
    let home = home.map(|repository| format!("\nworkflow_repository = \"{repository}\"")).unwrap_or_default();
    let lines = files.first().map(|file| format!("workflow = \"{file}\"{home}"));
    let fix = lines.map(|lines| Fix::write("Declare the file that is compared:", &lines));
    let found = Found::new(Code::DeclaredOther, one.name.clone(), message).at(one.at.clone());
    fix.into_iter().fold(found, Found::fix)
}

/// The environment of the jobs that fit; a job in an environment that only a run decides contradicts nothing.
fn environment(one: &Declared<'_>, fits: &[&Publisher<'_>]) -> Option<Found> {
    let rules = one.rules?;
    let declared = one.policy.environment.as_ref();
    let mut named: Vec<Option<&EnvironmentName>> = Vec::new();
    for publisher in fits {
        match &publisher.job.environment {
            EnvironmentRef::None => named.push(None),
            EnvironmentRef::Named(name) => named.push(Some(name)),
            EnvironmentRef::Expression(_) | EnvironmentRef::Unknown(_) => return None,
        }
    }
    let first = *named.first()?;
    if named.iter().any(|name| same(rules, declared, *name)) {
        return None;
    }
    let job = &fits.first()?.job.job;
    let word = |name: Option<&EnvironmentName>| {
        name.map_or_else(|| "no environment".to_owned(), |n| format!("environment {n}"))
    };
    let message =
        format!("trust_policy of {} says {}, and job `{job}` runs in {}.", one.name, word(declared), word(first));
    let found = Found::new(Code::DeclaredEnvironment, one.name.clone(), message).at(one.at.clone());
    let found = match first {
        Some(name) => found.fix(Fix::write("Declare the job's:", &format!("environment = \"{name}\""))),
        None => {
            let line = declared.map(|name| format!("environment: {name}")).unwrap_or_default();
            found.fix(Fix::write("Name it in the job, or take it out of trust_policy:", &line))
        }
    };
    // A publisher that is registered without one takes runs of any environment.
    Some(if declared.is_none() { found.severity(Severity::Warning) } else { found })
}

fn same(rules: &Rules, a: Option<&EnvironmentName>, b: Option<&EnvironmentName>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => match rules.environment_case.value {
            Case::Exact => a == b,
            Case::Ignored => a.same_on_github(b),
            Case::NotCompared => true,
        },
        _ => rules.environment_case.value == Case::NotCompared,
    }
}

fn repository(facts: &Facts, one: &Declared<'_>) -> Option<Found> {
    let (declared, remote) = (one.policy.repository.as_ref()?, facts.slug.as_ref()?);
    if declared == remote {
        return None;
    }
    let about = one.name.clone();
    let fix = Fix::write(
        "Declare the repository that publishes, or leave the key out:",
        &format!("repository = \"{remote}\""),
    );
    if declared.same_on_github(remote) {
        let exact = one.rules.is_some_and(|rules| rules.repository_case.value == Case::Exact);
        let message =
            format!("trust_policy of {} spells the repository {declared}, the remote spells it {remote}.", one.name);
        let found = Found::new(Code::DeclaredRepository, about, message).at(one.at.clone()).fix(fix);
        return exact.then(|| found.severity(Severity::Warning));
    }
    let message =
        format!("trust_policy of {} names repository {declared}, and this checkout is of {remote}.", one.name);
    Some(Found::new(Code::DeclaredRepository, about, message).at(one.at.clone()).fix(fix))
}

/// Inside GitHub Actions: whether this very run is what is declared, if it is one that publishes.
fn this_run(facts: &Facts, declared: &[Declared<'_>], report: &mut PhaseReport) {
    let Some(run) = &facts.run else { return };
    let Some((slug, file)) = run.workflow() else {
        report.remarks.push("this run names no workflow of its repository, so it was not compared".to_owned());
        return;
    };
    let job = run.job.as_deref().unwrap_or("?");
    let publishes: Vec<&Declared<'_>> = declared.iter().filter(|one| started_by(one, file, job)).collect();
    let is_declared =
        declared.iter().any(|one| one.policy.workflow.as_ref().is_some_and(|named| named.as_str() == file));
    if publishes.is_empty() && !is_declared {
        report.remarks.push(format!("this run is of {file}, which publishes nothing that is declared: not compared"));
        return;
    }
    report.remarks.push(format!("this run is job `{job}` of {file} in {slug}: compared"));
    for one in publishes {
        let caller = one.rules.is_some_and(|rules| rules.claim.value == WorkflowClaim::Caller);
        let Some(named) = one.policy.workflow.as_ref().filter(|named| caller && named.as_str() != file) else {
            continue;
        };
        let message = format!(
            "Job `{job}` of {file} publishes {}, and trust_policy names {named}: the registry would refuse this run.",
            one.name
        );
        report.findings.push(Found::new(Code::RunDiffers, one.name.clone(), message).at(one.at.clone()));
    }
    for one in declared.iter().filter(|one| is_declared || started_by(one, file, job)) {
        report.findings.extend(run_repository(one, run.repository.as_ref().unwrap_or(&slug), facts));
    }
}

/// Whether a run of this file's job publishes what is declared.
fn started_by(one: &Declared<'_>, file: &str, job: &str) -> bool {
    one.steps.iter().any(|p| {
        let own = p.job.job_at.file.file_name() == file && p.job.job.as_str() == job;
        own && p.job.certainty > Certainty::CannotTell
    })
}

fn run_repository(one: &Declared<'_>, run: &RepoSlug, facts: &Facts) -> Option<Found> {
    let declared = one.policy.repository.as_ref().or(facts.slug.as_ref())?;
    if declared.same_on_github(run) {
        return None;
    }
    let message = format!("This run is of repository {run}, and {} is to be published from {declared}.", one.name);
    Some(Found::new(Code::RunDiffers, format!("{} repository", one.name), message).at(one.at.clone()))
}
