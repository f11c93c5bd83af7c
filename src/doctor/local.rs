//! The first phase: what a workflow must have so that it can publish by OIDC.

mod commented;
mod contents;
mod permissions;

use std::collections::BTreeSet;

use super::about::{Off, Publisher, Steps, count, publishers};
use super::found::{Fix, Found};
use super::{Code, Facts, Phase, PhaseReport};
use crate::model::{Certainty, Destination, EnvironmentRef, IdToken, Package, Place, Registry};
use crate::registry::Case;

pub(super) fn examine(facts: &Facts) -> PhaseReport {
    let steps = facts.reading.publish_jobs.len();
    let scope = format!(
        "looked at {}, {} and {}",
        count(facts.checkout.workflows.len(), "workflow file"),
        count(steps, "publishing step"),
        count(facts.checkout.packages.len(), "package")
    );
    let mut report = PhaseReport::new(Phase::Local, scope);
    let off = Off::new(facts);
    without_publisher(facts, &off, &mut report);
    let mut seen: BTreeSet<&Place> = BTreeSet::new();
    for publisher in publishers(facts) {
        // A job that publishes to three registries has one block of permissions and one environment.
        if publisher.job.certainty == Certainty::CannotTell || !seen.insert(&publisher.job.job_at) {
            continue;
        }
        report.findings.extend(id_token(facts, &publisher));
        report.findings.extend(contents::missing(facts, &publisher));
        report.findings.extend(environment(&publisher));
    }
    let told = facts.checkout.packages.iter().filter_map(|package| Some((package, off.why(package)?)));
    report.remarks.extend(told.map(|(package, why)| format!("{} is deliberately off OIDC: {why}", package.id)));
    report
}

/// Registries that packages are for and nothing publishes to; single packages that nothing publishes are a remark.
fn without_publisher(facts: &Facts, off: &Off<'_>, report: &mut PhaseReport) {
    if facts.checkout.packages.is_empty() && facts.reading.publish_jobs.is_empty() {
        let files = count(facts.checkout.workflows.len(), "workflow file");
        report.remarks.push(format!("no package and no publishing step was found here, in {files}"));
    }
    let steps = Steps::new(facts);
    for registry in Registry::ALL {
        let mine = facts.checkout.packages.iter().filter(|p| p.id.registry == registry);
        let mine: Vec<&Package> = mine.filter(|package| off.why(package).is_none()).collect();
        let without: Vec<&Package> = mine.iter().copied().filter(|package| steps.of(package).is_empty()).collect();
        let Some(first) = without.first() else { continue };
        let names = names(&without);
        let mut live = facts.reading.publish_jobs.iter().filter(|job| job.destination.speaks() == registry).peekable();
        if live.peek().is_some() {
            // Where only a run tells, these may be what it publishes.
            if live.all(|job| !matches!(job.destination, Destination::Undecided { .. })) {
                report.remarks.push(format!("no step was found that publishes {names} to {registry}"));
            }
            continue;
        }
        let comments = commented::steps(facts, registry);
        if !comments.is_empty() {
            report.findings.extend(comments);
            continue;
        }
        let files = count(facts.checkout.workflows.len(), "workflow file");
        let message = format!(
            "No step that publishes {names} to {registry} was found in {files}; a script or a tool that untoken does not \
             know may hold one."
        );
        let place = Place { file: first.manifest.clone(), line: 1, column: 1 };
        let fix = Fix::say(
            "Publish from a job of a workflow in this repository, or say in untoken.toml that the package is off OIDC: \
             off_oidc = \"reason\".",
        );
        report.findings.push(Found::new(Code::NoPublisher, registry.label(), message).at(place).fix(fix));
    }
}

fn names(packages: &[&Package]) -> String {
    let shown: Vec<&str> = packages.iter().take(3).map(|package| package.id.name.as_str()).collect();
    match packages.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn id_token(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let job = publisher.job;
    if !matches!(job.id_token, IdToken::Missing) {
        return None;
    }
    let instead = match &job.auth {
        crate::model::Auth::Token(secret) => format!(" It logs in with secret {secret} instead."),
        crate::model::Auth::Oidc | crate::model::Auth::Unknown => String::new(),
    };
    let (why, fix) = permissions::id_token(facts, publisher);
    let message = format!("The {} publishes to {} and {why}.{instead}", publisher.name(), publisher.registry);
    Some(Found::new(Code::NoIdToken, publisher.about(), message).at(job.job_at.clone()).fix(fix))
}

fn environment(publisher: &Publisher<'_>) -> Option<Found> {
    let job = publisher.job;
    // Where the registry does not look at it, an environment would not keep other jobs from publishing.
    if job.environment != EnvironmentRef::None || publisher.rules.environment_case.value == Case::NotCompared {
        return None;
    }
    let message = format!(
        "The {} publishes to {} and names no environment, so whoever may push a branch can change that file there and \
         publish.",
        publisher.name(),
        publisher.registry
    );
    let fix = Fix::write(
        "Name an environment in the job, protect it on GitHub, and register the publisher with it:",
        "environment: release",
    );
    Some(Found::new(Code::NoEnvironment, publisher.about(), message).at(job.job_at.clone()).fix(fix))
}
