//! The client on the runner: whether it is new enough to ask for an OIDC token, and what a set-up action leaves for it.

use super::super::about::{Publisher, holder};
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::model::{Auth, IdToken, Severity};
use crate::registry::ClientNeed;
use crate::workflow::{Job, Step, Workflow};

/// Other clients, which have rules of their own.
const OTHERS: [&str; 4] = ["pnpm", "yarn", "bun", "deno"];

/// A set-up action that writes a placeholder for a token.
pub(super) fn placeholder(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let rule = publisher.ci.placeholder?.value;
    let by_oidc = publisher.job.auth == Auth::Oidc && matches!(publisher.job.id_token, IdToken::Granted(_));
    let (workflow, job) = holder(facts, publisher.job).filter(|_| by_oidc)?;
    let value = before(workflow, job, publisher).into_iter().rev().find_map(|step| {
        let (name, _) = step.action()?;
        step.input(rule.input).filter(|value| name == rule.action && !value.value.trim().is_empty())
    })?;
    let message = format!(
        "The {} sets {}, so {} leaves a placeholder for a token: OIDC goes first, and when it fails the placeholder is sent \
         and {} only says E401 or E404 (reported).",
        publisher.name(),
        rule.input,
        rule.action,
        publisher.registry
    );
    let fix = Fix::say(format!("Leave {} out unless another registry is meant.", rule.input));
    Some(Found::new(Code::Placeholder, publisher.about(), message).at(workflow.place(value.at)).fix(fix))
}

/// A runtime whose bundled client knows no OIDC.
pub(super) fn too_old(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let need = publisher.ci.client?.value;
    let by_oidc = publisher.job.auth == Auth::Oidc && matches!(publisher.job.id_token, IdToken::Granted(_));
    let (workflow, job) = holder(facts, publisher.job).filter(|_| by_oidc)?;
    let steps = before(workflow, job, publisher);
    let text = |step: &&Step| step.run.as_ref().map(|run| run.value.to_ascii_lowercase()).unwrap_or_default();
    if steps.iter().any(|step| need.replaced_by.iter().any(|part| text(step).contains(part))) {
        return None;
    }
    let command = text(steps.last()?);
    if OTHERS.iter().any(|other| command.contains(other)) {
        return None;
    }
    let (name, version) = steps.iter().rev().find_map(|step| {
        let (name, _) = step.action()?;
        Some((name.clone(), step.input(need.input).filter(|_| name == need.action)?))
    })?;
    if !is_older(version.value.trim(), &need) {
        return None;
    }
    let (a, b, c) = need.least;
    let message = format!(
        "The {} publishes by OIDC with {} {}, whose {} is older than {a}.{b}.{c} and knows no OIDC.",
        publisher.name(),
        need.runtime,
        version.value.trim(),
        need.tool
    );
    let (major, _) = need.since;
    let lines = format!("{}: {major}\n# or, before publishing\n{}", need.input, need.fix);
    let fix = Fix::write(format!("Take a newer one in {name}, or bring {} up to date:", need.tool), &lines);
    let found = Found::new(Code::OldClient, publisher.about(), message).at(workflow.place(version.at)).fix(fix);
    // Only where the command stands there is it sure that this client publishes.
    Some(if command.contains(need.command) { found } else { found.severity(Severity::Warning) })
}

/// The steps of the job up to the publishing one, this included.
fn before<'a>(workflow: &Workflow, job: &'a Job, publisher: &Publisher<'_>) -> Vec<&'a Step> {
    let at = &publisher.job.at;
    let here = at.file == workflow.path;
    job.steps.iter().filter(|step| !here || step.at.line <= at.line).collect()
}

/// Whether a plain version (`22`, `22.x`, `20.11.0`) is older than the first that is new enough; anything else is not told.
fn is_older(version: &str, need: &ClientNeed) -> bool {
    let mut parts = version.trim_start_matches('v').split('.');
    let Some(major) = parts.next().and_then(|part| part.parse::<u64>().ok()) else { return false };
    let minor = parts.next().and_then(|part| part.parse::<u64>().ok());
    let (since, since_minor) = need.since;
    major < since || (major == since && minor.is_some_and(|minor| minor < since_minor))
}
