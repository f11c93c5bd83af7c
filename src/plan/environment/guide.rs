//! The ways to make an environment: untoken by the API, or a person on the settings page, with the commands for it.

use super::{Advice, Guarding, advice, who_can_change};
use crate::model::{
    EnvironmentWish, Field, Guide, Link, Permission, RefKind, RunIn, Severity, StepKind, ToolCall, Way, Who,
};
use crate::plan::wanted::job_of;
use crate::plan::{Facts, Row};

/// The ways, the best one first: by the API with rules alone, the same with reviewers, by hand. Each comes with what would be
/// made. Empty where the workflow names no environment, or the repository is not known.
#[must_use]
pub fn ways(facts: &Facts, row: &Row) -> Vec<(Guide, EnvironmentWish)> {
    let (Some(advice), Some(slug)) = (advice(facts, &row.package, row.wanted.as_ref()), facts.slug()) else {
        return Vec::new();
    };
    let file = job_of(facts, &row.package).map_or("the workflow", |job| job.job_at.file.file_name()).to_owned();
    let alone = advice.wish.clone();
    let reviewed = EnvironmentWish { reviewers: advice.approvers.clone(), ..alone.clone() };
    let administers = facts.github.repository.value().and_then(|r| r.permission) == Some(Permission::Admin);
    let web = facts.github.web.as_deref().unwrap_or("https://github.com");
    let rest = if advice.guarding == Guarding::Missing { "/new" } else { "" };
    let link = Link {
        label: "the environments of the repository".to_owned(),
        url: format!("{web}/{slug}/settings/environments{rest}"),
        prefilled: false,
    };
    let text = text(facts, &advice, &file);
    let guide = |way: Way, wish: &EnvironmentWish| Guide {
        way,
        who: if way == Way::Api { Who::Untoken } else { Who::YouInBrowser },
        title: title(&advice, wish),
        text: text.iter().cloned().chain(reviewers_note(wish)).collect(),
        fields: fields(wish),
        link: Some(link.clone()),
        commands: commands(&format!("repos/{slug}"), wish, &advice.guarding),
        verify: "GitHub is asked for it afterwards, and what it shows is compared.".to_owned(),
        undo: format!("Delete it, or its rules, at {web}/{slug}/settings/environments."),
    };
    let mut all = Vec::new();
    if administers {
        all.push((guide(Way::Api, &alone), alone.clone()));
        if !reviewed.reviewers.is_empty() {
            all.push((guide(Way::Api, &reviewed), reviewed));
        }
    }
    all.push((guide(Way::Browser, &alone), alone));
    all
}

/// The same without what would be made.
pub(in crate::plan) fn guides(facts: &Facts, row: &Row) -> Vec<Guide> {
    let open = row.step(StepKind::Environment).is_none_or(|step| step.state != crate::model::StepState::Done);
    if open { ways(facts, row).into_iter().map(|(guide, _)| guide).collect() } else { Vec::new() }
}

fn title(advice: &Advice, wish: &EnvironmentWish) -> String {
    let reviewed = if wish.reviewers.is_empty() { "" } else { ", with reviewers" };
    match advice.guarding {
        Guarding::Missing => format!("Make the environment {} on GitHub{reviewed}.", wish.name),
        _ => format!("Guard the environment {} on GitHub{reviewed}.", wish.name),
    }
}

fn text(facts: &Facts, advice: &Advice, file: &str) -> Vec<String> {
    let name = &advice.wish.name;
    let mut text = vec![match &advice.guarding {
        Guarding::Missing => {
            format!("GitHub lists no environment {name}: its first run would make it, without any guard.")
        }
        Guarding::Bare => {
            format!("{name} is there and guards nothing: any branch or tag deploys, nobody has to approve.")
        }
        Guarding::Unfinished(why) => format!("{name} is there, but {why}."),
        Guarding::Guarded(what) => format!("{name} is guarded: {what}."),
        Guarding::Unknown(why) => format!("How {name} stands is unknown: {why}."),
    }];
    text.extend(advice.notes.iter().map(|note| {
        let mark = if note.severity == Severity::Note { "Note" } else { "Careful" };
        let hint = note.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{mark}: {}{hint}.", note.message)
    }));
    text.extend(who_can_change(facts, file, &advice.wish.refs));
    text
}

fn reviewers_note(wish: &EnvironmentWish) -> Option<String> {
    match wish.reviewers.as_slice() {
        [] => None,
        [(one, _)] => Some(format!(
            "{one} alone can push, so {one} approves their own releases: a second look, not a second person. In a private \
             repository reviewers need a paid plan."
        )),
        _ => Some(
            "One of them has to approve each release, also of their own. In a private repository reviewers need a paid \
             plan."
                .to_owned(),
        ),
    }
}

fn fields(wish: &EnvironmentWish) -> Vec<Field> {
    let field =
        |label: &str, value: &str| Field { label: label.to_owned(), value: value.to_owned().into(), note: None };
    let mut fields = vec![field("Name", wish.name.as_str())];
    for (kind, label) in [(RefKind::Tag, "Tag rule"), (RefKind::Branch, "Branch rule")] {
        let patterns = wish.refs.iter().filter(|one| one.kind == kind).map(|one| one.pattern.as_str());
        fields.extend(patterns.map(|pattern| field(label, pattern)));
    }
    fields.extend(wish.reviewers.iter().map(|(login, _)| field("Required reviewer", login.as_str())));
    fields
}

/// The same by gh, for those who would rather type it.
fn commands(repository: &str, wish: &EnvironmentWish, guarding: &Guarding) -> Vec<ToolCall> {
    let name: String = url::form_urlencoded::byte_serialize(wish.name.as_str().as_bytes()).collect();
    let at = format!("{repository}/environments/{}", name.replace('+', "%20"));
    let call = |method: &str, at: &str, fields: Vec<String>, purpose: String| ToolCall {
        tool: "gh",
        args: ["api", "--silent", "-X", method, at]
            .into_iter()
            .map(str::to_owned)
            .chain(fields)
            .map(Into::into)
            .collect(),
        run_in: RunIn::Private,
        env: Vec::new(),
        purpose,
        credential: false,
        needs: &[],
    };
    let typed = |field: String| ["-F".to_owned(), field];
    let mut fields: Vec<String> = Vec::new();
    if !wish.refs.is_empty() {
        fields.extend(typed("deployment_branch_policy[protected_branches]=false".to_owned()));
        fields.extend(typed("deployment_branch_policy[custom_branch_policies]=true".to_owned()));
    }
    for (_, id) in &wish.reviewers {
        fields.extend(["-f".to_owned(), "reviewers[][type]=User".to_owned()]);
        fields.extend(typed(format!("reviewers[][id]={id}")));
    }
    let mut calls = match guarding {
        Guarding::Missing => vec![call("PUT", &at, fields, "make it, by gh's own login".to_owned())],
        Guarding::Bare => vec![call("PUT", &at, fields, "set its rules, by gh's own login".to_owned())],
        // What is there stays: a PUT takes away what it leaves out.
        Guarding::Unfinished(_) | Guarding::Guarded(_) | Guarding::Unknown(_) => Vec::new(),
    };
    for one in &wish.refs {
        let fields = vec![
            "-f".to_owned(),
            format!("name={}", one.pattern),
            "-f".to_owned(),
            format!("type={}", one.kind.word()),
        ];
        calls.push(call("POST", &format!("{at}/deployment-branch-policies"), fields, format!("let {one} deploy")));
    }
    calls
}
