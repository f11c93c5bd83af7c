//! Whether a publishing job that tags or releases may write contents.
//!
//! Only what is certain is a finding: the permissions are written down without `contents: write`, and the step that tags or
//! releases uses GitHub's own token. Where another token may be at work nothing is said.

use super::super::about::{Publisher, holder, in_force, writes};
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::model::Severity;
use crate::workflow::{Job, Step, Text, Workflow};

/// Actions that make a release or push a tag, lower-case, with the inputs by which they take another token.
const ACTIONS: [(&str, &[&str]); 6] = [
    ("softprops/action-gh-release", &["token"]),
    ("ncipollo/release-action", &["token"]),
    ("taiki-e/create-gh-release-action", &["token"]),
    ("actions/create-release", &[]),
    ("elgohr/github-release-action", &["token"]),
    ("svenstaro/upload-release-action", &["repo_token"]),
];

/// Commands of gh that write a release.
const COMMANDS: [&str; 4] = ["gh release create", "gh release upload", "gh release edit", "gh release delete"];

pub(super) fn missing(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let (workflow, job) = holder(facts, publisher.job)?;
    if writes(in_force(workflow, job), "contents") != Some(false) {
        return None;
    }
    let released = job.steps.iter().find_map(|step| releases(workflow, job, step));
    let (what, mark) = released.or_else(|| pushes_a_tag(job))?;
    let message = format!(
        "The {} {what} with GitHub's own token and has no contents: write, so GitHub refuses that step.",
        publisher.name()
    );
    let fix = Fix::write("Grant it in the job's permissions:", "contents: write");
    let found = Found::new(Code::NoContents, format!("{} {what}", publisher.job.job), message);
    let found = found.at(workflow.place(mark)).fix(fix);
    // Some other credential may have been set up for git in a way that nobody sees here.
    Some(if released.is_none() { found.severity(Severity::Warning) } else { found })
}

/// What a step does that needs the permission, and where.
fn releases(workflow: &Workflow, job: &Job, step: &Step) -> Option<(&'static str, crate::workflow::Mark)> {
    if let Some((action, _)) = step.action()
        && let Some((_, inputs)) = ACTIONS.iter().find(|(name, _)| *name == action)
    {
        let given = inputs.iter().find_map(|input| step.input(input));
        let own = given.or_else(|| variable(&[&step.env, &job.env, &workflow.env], &["GITHUB_TOKEN"]));
        return own.is_none_or(is_githubs).then_some(("makes a release", step.at));
    }
    let run = step.run.as_ref()?;
    let at = run.value.lines().map(str::trim_start).find(|line| COMMANDS.iter().any(|c| line.starts_with(c)))?;
    if at.contains("--repo") || at.contains(" -R") {
        return None;
    }
    let token = variable(&[&step.env, &job.env, &workflow.env], &["GH_TOKEN", "GITHUB_TOKEN"])?;
    is_githubs(token).then_some(("makes a release", step.at))
}

/// A `git push` of tags with what actions/checkout left for git, which is GitHub's own token unless it was given another.
fn pushes_a_tag(job: &Job) -> Option<(&'static str, crate::workflow::Mark)> {
    let other = ["remote set-url", "insteadof", "x-access-token", "ssh-agent", "setup-git", "extraheader", "git_ssh"];
    if job.texts.iter().any(|text| other.iter().any(|part| text.value.to_ascii_lowercase().contains(part))) {
        return None;
    }
    let checkout = job.steps.iter().find(|step| step.action().is_some_and(|(name, _)| name == "actions/checkout"))?;
    let given = ["token", "ssh-key", "repository"].iter().any(|input| checkout.input(input).is_some());
    if given || checkout.input("persist-credentials").is_some_and(|text| text.value.trim() != "true") {
        return None;
    }
    let tags = ["--tags", "--follow-tags", "refs/tags/"];
    job.steps.iter().find_map(|step| {
        let run = step.run.as_ref()?;
        let mut lines = run.value.lines().map(str::trim_start);
        let pushes = lines.any(|line| {
            line.starts_with("git push") && tags.iter().any(|tag| line.contains(tag)) && !line.contains("://")
        });
        pushes.then_some(("pushes a tag", step.at))
    })
}

/// The nearest variable of these names, the first name first.
fn variable<'a>(scopes: &[&'a Vec<(Text, Text)>], names: &[&str]) -> Option<&'a Text> {
    let in_scope = |name: &str| scopes.iter().find_map(|scope| scope.iter().find(|(key, _)| key.value == name));
    names.iter().find_map(|name| in_scope(name)).map(|(_, value)| value)
}

/// Whether a value is GitHub's own token and nothing else.
fn is_githubs(text: &Text) -> bool {
    let inner = text.value.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    inner.is_some_and(|inner| {
        let inner = inner.trim().to_ascii_lowercase();
        matches!(inner.as_str(), "github.token" | "secrets.github_token")
    })
}
