//! What came of a release that is awaited: seen at the registry, and where that shows nothing in public, at GitHub.

use crate::model::{
    Existence, PackageId, PublishedBy, Reading, RunState, Rung, Standing, Timestamp, WorkflowFile, WorkflowRun,
};
use crate::plan::ready::unlike;
use crate::plan::{Facts, Row};
use crate::registry;

/// A release of a package that is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// Since when.
    pub since: Timestamp,
    /// The newest version that was there then; `None`: none, or nobody knew.
    pub had: Option<String>,
    /// The workflow that is to release it.
    pub workflow: WorkflowFile,
}

/// What is seen of it; the text is a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing new is there yet.
    NotYet(String),
    /// The registry could not be asked.
    Unread(String),
    /// A new version is there by this repository and workflow.
    Proven(String),
    /// A new version is there, by a token.
    ByToken(String),
    /// A new version is there, by OIDC, from elsewhere.
    BySomebodyElse(String),
    /// The registry shows nobody who published it; a run that succeeded and a newer version after it stand in.
    StandIn(String),
    /// A new version is there; who published it cannot be read.
    Unsaid(String),
}

impl Outcome {
    /// Whether waiting longer brings nothing.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Proven(_) | Self::ByToken(_) | Self::BySomebodyElse(_) | Self::StandIn(_))
    }

    /// What is seen.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::NotYet(text)
            | Self::Unread(text)
            | Self::Proven(text)
            | Self::ByToken(text)
            | Self::BySomebodyElse(text)
            | Self::StandIn(text)
            | Self::Unsaid(text) => text,
        }
    }
}

/// Why nobody can tell that this run published without a token; `None`: the workflows of its own commit are those here, which
/// publish without one.
fn with_token(facts: &Facts, row: &Row, awaited: &Awaited, run: &WorkflowRun) -> Option<String> {
    if !matches!(row.ladder.standing(Rung::Ready), Standing::Yes(_)) {
        return Some("the workflow here does not publish by OIDC yet".to_owned());
    }
    let Some(files) = &run.files else { return Some(format!("the workflows of run {} were not read", run.number)) };
    let commit: String = run.sha.chars().take(7).collect();
    if !files.iter().any(|file| file.path == awaited.workflow.path().as_str()) {
        return Some(format!("the commit {commit} of run {} has no such workflow", run.number));
    }
    unlike(facts, files, &format!("in commit {commit} of run {}", run.number))
}

/// What is seen of a release that is awaited. `runs` are the workflow's, newest first.
#[must_use]
pub fn outcome(facts: &Facts, row: &Row, awaited: &Awaited, runs: &[WorkflowRun]) -> Outcome {
    let id = &row.package.id;
    let public = match facts.registries.get(id).map(|known| &known.public) {
        None | Some(Reading::NotRead) => return Outcome::Unread(format!("{} has not been read yet", id.registry)),
        Some(Reading::Unknown(unknown)) => return Outcome::Unread(unknown.why.clone()),
        Some(Reading::Seen(seen)) => &seen.value,
    };
    let standing = row.ladder.standing(Rung::Proven);
    if let Standing::Yes(seen) = standing {
        return Outcome::Proven(seen.value.clone());
    }
    let Some(newest) = newest(facts, id) else {
        return Outcome::NotYet(format!("{} has no version of it yet", id.registry));
    };
    if awaited.had.as_deref() == Some(newest) {
        return Outcome::NotYet(format!("the newest on {} is still {newest}", id.registry));
    }
    // The latest may be older than the pre-release that was there before.
    if awaited.had.is_some() && public.newest.is_none() && public.proof.value().is_none() {
        return Outcome::Unread(format!("which version came last could not be read from {}", id.registry));
    }
    match standing {
        Standing::Unknown(unknown) => {
            let since = || runs.iter().filter(|run| run.created.plus(SKEW) >= awaited.since);
            let ran = since().find(|run| run.state.succeeded());
            // Whichever of them the version came from, none may have had the token.
            let doubt = since()
                .filter(|run| run.state.may_have_published())
                .find_map(|run| with_token(facts, row, awaited, run));
            match (ran, doubt) {
                (Some(run), None) if registry::guides(id.registry).rules().proof.is_none() => {
                    Outcome::StandIn(format!(
                        "run {} of {} succeeded and {newest} came after it; {} shows nobody who published it, so this \
                         stands in for the proof",
                        run.number, awaited.workflow, id.registry
                    ))
                }
                (Some(_), Some(doubt)) => Outcome::Unsaid(format!(
                    "{newest} is there; whether it came by the workflow without the token is not known: {doubt}"
                )),
                _ => Outcome::Unsaid(format!("{newest} is there; {}", unknown.why)),
            }
        }
        other => match public.proof.value().map(|proof| &proof.by) {
            Some(PublishedBy::Token(_) | PublishedBy::TokenAfterOidc { .. }) => {
                Outcome::ByToken(other.why().to_owned())
            }
            Some(PublishedBy::Oidc { .. } | PublishedBy::Elsewhere(_)) => {
                Outcome::BySomebodyElse(other.why().to_owned())
            }
            None => Outcome::Unsaid(format!("{newest} is there; {}", other.why())),
        },
    }
}

/// The newest version that a registry shows, a pre-release too, by the time of publishing where it tells that.
#[must_use]
pub fn newest<'a>(facts: &'a Facts, id: &PackageId) -> Option<&'a str> {
    let public = facts.registries.get(id)?.public.value()?;
    let latest = match &public.existence {
        Existence::Exists { latest } => latest.as_deref(),
        Existence::Absent => None,
    };
    let looked_at = public.proof.value().map(|proof| proof.version.as_str());
    looked_at.or(public.newest.as_deref()).or(latest)
}

/// A release may have been started a little before somebody began to wait for it, in seconds.
pub const EARLIER: i64 = 600;

/// By how much the clocks here and at GitHub may differ, in seconds: a run from before the wait began stands in for nothing.
const SKEW: i64 = 60;

/// How many seconds to leave before the next look, after so many: the longer nothing happens, the rarer.
#[must_use]
pub fn pause(looks: u32, run: Option<&RunState>, signed_in: bool) -> u64 {
    let steps = match run {
        _ if !signed_in => [20, 30, 120],
        Some(RunState::Queued | RunState::InProgress) => [5, 10, 30],
        Some(RunState::Waiting) => [10, 20, 60],
        Some(RunState::Completed(_)) => [5, 15, 60],
        None => [10, 30, 120],
    };
    match looks {
        0..=12 => steps[0],
        13..=40 => steps[1],
        _ => steps[2],
    }
}
