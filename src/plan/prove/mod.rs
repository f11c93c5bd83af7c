//! What would release a package, named exactly: the tag, the release or the dispatch that starts the workflow, with the
//! version that would come of it. And, afterwards, what the registry shows of it.

mod filter;
mod outcome;
#[cfg(test)]
mod tests;

pub use outcome::{Awaited, EARLIER, Outcome, newest, outcome, pause};

use super::claims::events;
use super::{Facts, Row, job_of};
use crate::model::{Existence, PackageId, PublishJob, Reach, Refs, Trigger, Unknown, WorkflowFile};
use crate::registry::{self, RunRef};
use crate::workflow;

/// The top-level workflow files whose runs come to this job.
pub(super) fn starts(job: &PublishJob) -> Vec<WorkflowFile> {
    match &job.reach {
        Reach::Direct(file) => vec![file.clone()],
        Reach::Reusable { callers, .. } => callers.iter().map(|caller| caller.workflow.clone()).collect(),
        Reach::Remote { caller, .. } => vec![caller.workflow.clone()],
        Reach::Uncalled(_) => Vec::new(),
    }
}

/// What the manifest's version is to the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// It is newer than what the registry has.
    New {
        /// The version.
        version: String,
        /// The newest one there; `None`: none yet.
        newest: Option<String>,
    },
    /// The registry has it, or a newer one: it has to be bumped first.
    Used {
        /// The version.
        version: String,
        /// The newest one there.
        newest: String,
    },
    /// It cannot be compared; the text says why.
    Unsure(Option<String>, String),
}

impl Version {
    /// The version that a release would have, as far as it is known: not one that is used.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Used { .. } => None,
            Self::New { version, .. } => Some(version),
            Self::Unsure(version, _) => version.as_deref(),
        }
    }
}

/// One way to start a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The event that the workflow waits for.
    pub event: String,
    /// What to do, as a sentence.
    pub what: String,
    /// The commands, to be copied; untoken never runs them.
    pub commands: Vec<String>,
    /// The tag that it makes, if it makes one.
    pub tag: Option<String>,
    /// What to know of it, a sentence each.
    pub notes: Vec<String>,
}

/// What would release a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The workflow file that starts.
    pub workflow: WorkflowFile,
    /// The ways, the best one first. Never empty.
    pub starts: Vec<Start>,
    /// The version that the manifest has.
    pub version: Version,
}

/// Names the release of a package.
///
/// # Errors
/// Why nothing here starts one.
pub fn release(facts: &Facts, row: &Row) -> Result<Release, Unknown> {
    let package = &row.package;
    let Some(job) = job_of(facts, package) else {
        return Err(Unknown::because(format!("no step that publishes {} was found", package.id)));
    };
    let Some(workflow) = starts(job).into_iter().next() else {
        return Err(Unknown::because(format!("nothing here calls {}, which publishes it", job.at.file)));
    };
    let version = version(facts, row);
    let rules = registry::guides(package.id.registry).rules();
    let mut refused = Vec::new();
    let mut starts: Vec<(u8, Start)> = Vec::new();
    for (trigger, why) in events(job, rules) {
        match why {
            Some(why) => refused.push(why),
            None => starts.extend(start(facts, row, &workflow, trigger, &version)),
        }
    }
    starts.sort_by_key(|(rank, _)| *rank);
    let starts: Vec<Start> = starts.into_iter().map(|(_, start)| start).collect();
    if starts.is_empty() {
        let why =
            refused.into_iter().next().unwrap_or_else(|| format!("nothing that can be done by hand starts {workflow}"));
        return Err(Unknown::because(why).hint("add a trigger to the workflow: push with tags, or workflow_dispatch"));
    }
    Ok(Release { workflow, starts, version })
}

/// The packages among these that one run of the same workflow releases, in the order given; a group each.
#[must_use]
pub fn by_workflow(facts: &Facts, rows: &[&Row]) -> Vec<(Option<WorkflowFile>, Vec<PackageId>)> {
    let mut groups: Vec<(Option<WorkflowFile>, Vec<PackageId>)> = Vec::new();
    for row in rows {
        let workflow = release(facts, row).ok().map(|release| release.workflow);
        let id = row.package.id.clone();
        match groups.iter_mut().find(|(known, _)| *known == workflow) {
            Some((_, ids)) => ids.push(id),
            None => groups.push((workflow, vec![id])),
        }
    }
    groups
}

fn version(facts: &Facts, row: &Row) -> Version {
    let package = &row.package;
    let Some(version) = package.version.clone() else {
        return Version::Unsure(None, format!("{} computes its version when it is built", package.manifest));
    };
    let registry = package.id.registry;
    match facts.existence(&package.id) {
        None => Version::Unsure(Some(version), format!("what {registry} has is not known")),
        Some(Existence::Absent) => Version::New { version, newest: None },
        // What was published last may be a pre-release, which is never the latest.
        Some(_) if newest(facts, &package.id) == Some(&version) => Version::Used { newest: version.clone(), version },
        Some(Existence::Exists { latest }) => {
            let Some(newest) = latest.as_deref().or(newest(facts, &package.id)) else {
                return Version::New { version, newest: None };
            };
            match (semver::Version::parse(&version), semver::Version::parse(newest)) {
                _ if version == newest => Version::Used { newest: version.clone(), version },
                (Ok(own), Ok(there)) if own < there => Version::Used { version, newest: newest.to_owned() },
                (Ok(_), Ok(_)) => Version::New { version, newest: Some(newest.to_owned()) },
                _ => Version::Unsure(Some(version), format!("the newest on {registry} is {newest}")),
            }
        }
    }
}

/// One trigger as something to do, with its rank; `None`: nobody can do it, or it is no start of its own.
fn start(
    facts: &Facts,
    row: &Row,
    workflow: &WorkflowFile,
    trigger: &Trigger,
    version: &Version,
) -> Option<(u8, Start)> {
    let branch = facts.github.repository.value().map_or("main", |repository| repository.default_branch.as_str());
    let number = version.number().unwrap_or("VERSION");
    let name = row.package.id.name.as_str();
    let plain = |what: String, commands: Vec<String>| Start {
        event: trigger.event.clone(),
        what,
        commands,
        tag: None,
        notes: Vec::new(),
    };
    Some(match (trigger.event.as_str(), trigger.refs) {
        ("push", Refs::Tags) => (0, tag_push(trigger, name, number)),
        ("release", _) => {
            let tag = format!("v{number}");
            let what = format!("Publish a release of the tag {tag} on GitHub ({workflow} runs on release).");
            let commands = vec![format!("gh release create {} --generate-notes", quoted(&tag))];
            (1, Start { tag: Some(tag), ..plain(what, commands) })
        }
        ("workflow_dispatch", _) => (2, dispatch(facts, row, workflow, trigger, (branch, number))),
        ("push", _) => {
            let to = match trigger.filter.iter().find(|pattern| !pattern.starts_with('!')) {
                Some(pattern) if !pattern.contains(['*', '?', '+', '[']) => pattern.as_str(),
                _ => branch,
            };
            let what = format!("Push to {to}: {workflow} runs on that.");
            (3, plain(what, vec![format!("git push origin {}", quoted(to))]))
        }
        ("schedule", _) => (4, plain(format!("Wait: {workflow} runs by the clock."), Vec::new())),
        ("workflow_call", _) => return None,
        (event, _) => (5, plain(format!("{workflow} runs on {event}."), Vec::new())),
    })
}

fn tag_push(trigger: &Trigger, name: &str, number: &str) -> Start {
    let shown = trigger.filter.join(", ");
    let by = if trigger.filter.is_empty() { String::new() } else { format!(" (the filter is {shown})") };
    let found = filter::tag(&trigger.filter, name, number);
    let (what, commands) = match &found {
        Some(tag) => {
            let tag = quoted(tag);
            (format!("Push the tag {tag}{by}."), vec![format!("git tag {tag}"), format!("git push origin {tag}")])
        }
        None => (
            format!("Push a tag that the filter {shown} lets through; none of the usual forms of {number} does."),
            Vec::new(),
        ),
    };
    Start { event: trigger.event.clone(), what, commands, tag: found, notes: Vec::new() }
}

fn dispatch(
    facts: &Facts,
    row: &Row,
    workflow: &WorkflowFile,
    trigger: &Trigger,
    (branch, number): (&str, &str),
) -> Start {
    let rules = registry::guides(row.package.id.registry).rules();
    let on_tag = rules.run_ref.is_some_and(|rule| rule.value == RunRef::Tag);
    let at = if on_tag { format!("v{number}") } else { branch.to_owned() };
    let mut command = format!("gh workflow run {} --ref {}", quoted(workflow.as_str()), quoted(&at));
    let mut notes = Vec::new();
    if on_tag {
        notes.push(format!("{} takes only runs of a tag: the tag has to be there first.", rules.registry));
    }
    let file = facts
        .local
        .value()
        .and_then(|local| local.workflow_files.iter().find(|file| file.path.file_name() == workflow.as_str()));
    for input in file.map(|file| workflow::inputs_of(file, "workflow_dispatch")).unwrap_or_default() {
        let name = crate::model::clean_line(&input.name.value, 60);
        let default = input.default.as_ref().map(|text| crate::model::clean_line(&text.value, 60));
        if is_dry_run(&name) {
            command.push_str(&format!(" -f {}=false", quoted(&name)));
            notes.push(format!("With {name}=true nothing is published, and so nothing is proven."));
        } else if default.as_deref().is_none_or(str::is_empty) {
            let options: Vec<String> =
                input.options.iter().map(|one| crate::model::clean_line(&one.value, 60)).collect();
            let value = options.first().map_or_else(|| "VALUE".to_owned(), Clone::clone);
            command.push_str(&format!(" -f {}={}", quoted(&name), quoted(&value)));
            if options.len() > 1 {
                notes.push(format!("{name} is one of {}.", options.join(", ")));
            }
        }
    }
    let what = format!("Start {workflow} by hand on {at}.");
    Start { event: trigger.event.clone(), what, commands: vec![command], tag: None, notes }
}

/// An input that says that nothing is to be published.
fn is_dry_run(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    ["dryrun", "dry", "noop", "simulate"].contains(&name.as_str())
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./@:+,%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
