//! What GitHub holds: environments, the form of subjects, the workflows as they are there. Only where it was asked.

use super::super::PhaseReport;
use super::super::about::Publisher;
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::checkout::is_blob;
use crate::model::{
    BranchPolicy, EnvironmentRef, GithubFacts, Reach, Reading, RelPath, RemoteWorkflow, Unknown, WorkflowState,
};

pub(super) fn examine(facts: &Facts, publishers: &[&Publisher<'_>], report: &mut PhaseReport) {
    let Some(github) = &facts.github else { return };
    unread(github, report);
    let mut seen = Vec::new();
    for publisher in publishers {
        if let EnvironmentRef::Named(name) = &publisher.job.environment
            && !seen.contains(&name)
        {
            seen.push(name);
            report.findings.extend(environment(github, publisher, name));
        }
    }
    report.findings.extend(subject(github, publishers));
    let mut files: Vec<RelPath> = Vec::new();
    for publisher in publishers {
        files.push(publisher.job.job_at.file.clone());
        if let Reach::Reusable { callers, .. } = &publisher.job.reach {
            files.extend(callers.iter().map(|caller| caller.workflow.path()));
        }
    }
    files.sort();
    files.dedup();
    if let Reading::Seen(seen) = &github.workflows {
        let branch = github.repository.value().map_or("the default branch", |r| r.default_branch.as_str());
        report.findings.extend(files.iter().filter_map(|path| version(facts, path, &seen.value, branch)));
    }
}

fn unread(github: &GithubFacts, report: &mut PhaseReport) {
    fn why<T>(reading: &Reading<T>) -> Option<&Unknown> {
        match reading {
            Reading::Unknown(unknown) => Some(unknown),
            Reading::NotRead | Reading::Seen(_) => None,
        }
    }
    let gaps = [
        ("the repository", why(&github.repository)),
        ("its workflows", why(&github.workflows)),
        ("its environments", why(&github.environments)),
        ("the form of its subjects", why(&github.oidc_subject)),
    ];
    let mut told: Vec<(&Unknown, Vec<&str>)> = Vec::new();
    for (what, unknown) in gaps.into_iter().filter_map(|(what, unknown)| Some((what, unknown?))) {
        match told.iter_mut().find(|(known, _)| *known == unknown) {
            Some((_, all)) => all.push(what),
            None => told.push((unknown, vec![what])),
        }
    }
    for (unknown, what) in told {
        let message = format!("GitHub did not let {} be read: {}.", what.join(", "), unknown.why);
        let found = Found::new(Code::GithubUnread, what.join(" "), message);
        report.findings.push(unknown.hint.iter().fold(found, |found, hint| found.fix(Fix::say(hint.clone()))));
    }
}

fn environment(github: &GithubFacts, publisher: &Publisher<'_>, name: &crate::model::EnvironmentName) -> Option<Found> {
    let Reading::Seen(all) = &github.environments else { return None };
    let at = publisher.job.job_at.clone();
    let Some(environment) = all.value.iter().find(|environment| environment.name.same_on_github(name)) else {
        let message = format!(
            "Environment {name} of the {} is not on GitHub: its first run makes it, without any protection.",
            publisher.name()
        );
        let fix =
            Fix::say("Make it in the repository's settings, with required reviewers or a limit on tags and branches.");
        return Some(Found::new(Code::EnvironmentMissing, name.as_str(), message).at(at).fix(fix));
    };
    if !environment.protection.is_empty() || environment.refs != BranchPolicy::Any {
        return None;
    }
    let message = format!("Environment {name} protects nothing: any branch deploys to it, and nobody has to approve.");
    let fix = Fix::say("Add required reviewers, or let only tags or protected branches deploy to it.");
    Some(Found::new(Code::EnvironmentOpen, name.as_str(), message).at(at).fix(fix))
}

fn subject(github: &GithubFacts, publishers: &[&Publisher<'_>]) -> Option<Found> {
    let subject = github.oidc_subject.value()?;
    let numbers = subject.prefix.as_deref().is_some_and(|prefix| prefix.contains('@'));
    if subject.immutable != Some(true) && !numbers {
        return None;
    }
    let publisher = publishers.iter().find(|p| p.ci.subject_trouble.is_some())?;
    let rule = publisher.ci.subject_trouble?;
    let message = format!(
        "The subjects of this repository's OIDC tokens hold numeric ids, with which publishing to {} is reported to fail \
         ({}, read {}).",
        publisher.registry, rule.source, rule.read
    );
    let fix = Fix::say("Watch the first release, and keep the old token until it is through.");
    Some(Found::new(Code::ImmutableSubject, publisher.registry.label(), message).fix(fix))
}

fn version(facts: &Facts, path: &RelPath, there: &[RemoteWorkflow], branch: &str) -> Option<Found> {
    let file = facts.checkout.workflows.iter().find(|file| file.path == *path)?;
    let name = path.file_name();
    let at = crate::model::Place { file: path.clone(), line: 1, column: 1 };
    let found = |message: String, fix: &str| {
        Some(Found::new(Code::OtherVersion, name, message).at(at.clone()).fix(Fix::say(fix)))
    };
    let Some(remote) = there.iter().find(|workflow| workflow.path == path.as_str()) else {
        return found(format!("{name} is not on {branch} of GitHub yet."), "Push it.");
    };
    if let Some(WorkflowState::Disabled(state)) = &remote.state {
        return found(format!("GitHub does not run {name}: {state}."), "Enable it under Actions.");
    }
    remote.blob.as_ref().filter(|blob| !is_blob(&file.bytes, blob))?;
    found(format!("{name} on {branch} of GitHub is another version than the one here."), "Push it, or pull.")
}
