//! Whether the action that publishes, or exchanges the OIDC token, is pinned by commit.

use super::super::about::{Publisher, holder};
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::model::{Pinned, Place};

pub(super) fn not_pinned(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let by = match publisher.job.pinned {
        Pinned::Tag => "a tag",
        Pinned::Branch => "a branch",
        Pinned::Sha | Pinned::None => return None,
    };
    let at = publisher.job.exchange.as_ref().unwrap_or(&publisher.job.at);
    let action = action(facts, publisher, at);
    let named = action.as_deref().map_or_else(|| "an action".to_owned(), |action| format!("`{action}`"));
    let message = format!(
        "The {} publishes with {named}, pinned by {by}: whoever moves it publishes in your name.",
        publisher.name()
    );
    let fix = match action.as_deref().and_then(|action| action.split_once('@')) {
        Some((name, version)) => Fix::write(
            "Pin it by commit and keep the version as a comment:",
            &format!("uses: {name}@<40 hex digits> # {version}"),
        ),
        None => Fix::say("Pin it by commit and keep the version as a comment."),
    };
    let about = format!("{} {}", publisher.job.job, action.unwrap_or_default());
    Some(Found::new(Code::NotPinned, about, message).at(at.clone()).fix(fix))
}

/// The `uses:` at a place, as written.
fn action(facts: &Facts, publisher: &Publisher<'_>, at: &Place) -> Option<String> {
    let (workflow, job) = holder(facts, publisher.job)?;
    // A job that calls another repository's workflow has its `uses` itself.
    let all = job.steps.iter().filter_map(|step| step.uses.as_ref()).chain(&job.uses);
    let here = all.filter(|_| workflow.path == at.file).find(|uses| uses.at.line == at.line)?;
    Some(here.value.trim().to_owned())
}
