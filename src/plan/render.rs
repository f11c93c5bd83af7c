//! The plan as text and Markdown: what `untoken plan` prints and a maintainer can paste into an issue.
//!
//! Only words: what is so, and each step with what it would do. Nothing here decides anything.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::needs::told;
use super::typed::{MAKE_PRIVATE, names_private, typed};
use super::{
    Access, Facts, HandOver, May, Plan, Row, access, beside, hand_over, new_workflow, refused_beforehand, steered,
    unmet, wants_owner, ways,
};
use crate::model::{Field, Guide, Identity, Standing, StepKind, StepState, ToolCall, Unmet, clean_line};

/// For a terminal.
#[must_use]
pub fn text(facts: &Facts, plan: &Plan) -> String {
    let mut out = String::new();
    for row in &plan.rows {
        let _ = writeln!(out, "{}", row.package.id);
        for (rung, standing) in row.ladder.iter() {
            let _ = writeln!(out, "  {:<11}{}: {}", rung.label(), standing.word(), line(standing));
        }
        for (number, (kind, state, steps)) in numbered(facts, row) {
            let _ = writeln!(out, "  {number}. {kind}{}", state_note(&state));
            for step in steps {
                let _ = writeln!(out, "       {}", step.words());
            }
        }
        out.push('\n');
    }
    for beside in beside(facts) {
        let _ = writeln!(out, "{}", beside.title);
        beside.lines.iter().for_each(|line| _ = writeln!(out, "  {line}"));
        out.push('\n');
    }
    if names_private(&out) {
        let _ = writeln!(out, "$PRIVATE is an empty folder outside the checkout: {MAKE_PRIVATE}");
    }
    out
}

/// For an issue or a pull request. What this person cannot do, or nobody can tell, comes as a message for somebody who may.
#[must_use]
pub fn markdown(facts: &Facts, me: Option<&Identity>, plan: &Plan) -> String {
    let mut out = String::from("# Plan: trusted publishing\n\n");
    // One environment does for several packages: it is asked for once.
    let mut asked_for = BTreeSet::new();
    for row in &plan.rows {
        let _ = writeln!(out, "## {}\n", escaped(&row.package.id.to_string()));
        let _ = writeln!(out, "| rung | is | why |\n| --- | --- | --- |");
        for (rung, standing) in row.ladder.iter() {
            let _ = writeln!(out, "| {} | {} | {} |", rung.label(), standing.word(), escaped(&line(standing)));
        }
        out.push('\n');
        for (number, (kind, state, steps)) in numbered(facts, row) {
            let _ = writeln!(out, "{number}. **{kind}**{}", escaped(&state_note(&state)));
            for step in steps {
                let _ = writeln!(out, "   - {}", step.markdown());
            }
        }
        out.push('\n');
        for (why, message) in to_hand_over(facts, me, row) {
            if !asked_for.insert(message.title.clone()) {
                continue;
            }
            let _ = writeln!(out, "### To hand over: {}\n", message.title);
            let _ = writeln!(out, "> {}\n\n{}", escaped(&why), message.body);
        }
    }
    for beside in beside(facts) {
        let _ = writeln!(out, "## {}\n", escaped(&beside.title));
        beside.lines.iter().for_each(|line| _ = writeln!(out, "- {}", escaped(line.trim_start())));
        out.push('\n');
    }
    if names_private(&out) {
        let _ = writeln!(out, "`$PRIVATE` is an empty folder outside the checkout: {}.", code(MAKE_PRIVATE));
    }
    out
}

/// The steps that can be taken now and that want somebody else, or perhaps so: why, and the message.
fn to_hand_over(facts: &Facts, me: Option<&Identity>, row: &Row) -> Vec<(String, HandOver)> {
    let open = row.steps.iter().filter(|step| step.state == StepState::Open);
    open.filter_map(|step| {
        let why = match access(facts, me, row, step.kind) {
            Some(Access { may: May::Yes, .. }) => return None,
            Some(Access { may: May::No | May::Unknown, words }) => words,
            None if wants_owner(facts, &row.package.id, step.kind) => {
                "Whether you may do this was not read.".to_owned()
            }
            None => return None,
        };
        Some((why, hand_over(facts, row, step.kind)?))
    })
    .collect()
}

/// One line below a step.
enum Line {
    Words(String),
    Command(String),
    Link(String),
}

impl Line {
    fn words(&self) -> &str {
        match self {
            Self::Words(text) | Self::Command(text) | Self::Link(text) => text,
        }
    }

    fn markdown(&self) -> String {
        match self {
            Self::Words(text) => escaped(text),
            Self::Command(text) => code(text),
            Self::Link(url) => format!("<{url}>"),
        }
    }
}

type StepLines = (&'static str, StepState, Vec<Line>);

/// The steps that are not done, numbered from 1.
fn numbered(facts: &Facts, row: &Row) -> Vec<(usize, StepLines)> {
    row.steps
        .iter()
        .filter(|step| step.state != StepState::Done)
        .map(|step| {
            (step.kind.label(), step.state.clone(), step_lines(facts, row, step.kind, &step.state, &step.title))
        })
        .enumerate()
        .map(|(at, step)| (at + 1, step))
        .collect()
}

fn step_lines(facts: &Facts, row: &Row, kind: StepKind, state: &StepState, title: &str) -> Vec<Line> {
    let mut lines = vec![Line::Words(title.to_owned())];
    if !matches!(state, StepState::Open | StepState::Blocked(_)) {
        return lines;
    }
    let mut say = |text: String| lines.push(Line::Words(text));
    let all = ways(facts, row, kind);
    // The best way that this machine's tools can go; what keeps the better ones from it is told.
    let possible = |(guide, _): &&(Guide, _)| !unmet(facts, guide).iter().any(Unmet::is_sure);
    let chosen = all.iter().find(possible).or_else(|| all.first());
    if let Some((guide, first)) = chosen {
        let passed = all.iter().take_while(|(other, _)| other != guide);
        let lacking = passed.flat_map(|(other, _)| unmet(facts, other)).chain(unmet(facts, guide));
        if let Some(way) = first {
            let known = refused_beforehand(facts, &row.package).into_iter().chain(steered(facts, guide));
            known.for_each(|what| say(format!("first: {what}")));
            say(way.about());
            let others = all.iter().filter_map(|(_, other)| other.as_ref()).filter(|other| other.label != way.label);
            others.for_each(|other| say(format!("or {}", other.about())));
        }
        lacking.for_each(|what| say(told(&what)));
        lines.extend(guide_lines(row, guide, facts.local.value().is_some_and(|local| local.by_pnpm)));
    } else if let (StepKind::RepairWorkflow, Some(new)) = (kind, new_workflow::announced(facts, row)) {
        say(new);
    } else if let (StepKind::Declare, Ok(publisher)) = (kind, &row.wanted) {
        say(format!("workflow {}", publisher.workflow));
        publisher.environment.iter().for_each(|e| say(format!("environment {e}")));
    }
    lines
}

fn guide_lines(row: &Row, guide: &Guide, by_pnpm: bool) -> Vec<Line> {
    let field = |field: &Field| Line::Words(format!("{}: {}", field.label, field.value.told_apart()));
    let command =
        |call: &ToolCall| Line::Command(if call.names_folder() { typed(row, call) } else { call.by_hand(by_pnpm) });
    let link = guide.link.iter().map(|link| Line::Link(link.url.clone()));
    guide.fields.iter().map(field).chain(guide.commands.iter().map(command)).chain(link).collect()
}

fn state_note(state: &StepState) -> String {
    match state {
        StepState::Done | StepState::Open => String::new(),
        StepState::Blocked(why) => format!(" (later: {why})"),
        StepState::Unknown(why) => format!(" (unknown: {why})"),
    }
}

fn line(standing: &Standing) -> String {
    let source = match standing {
        Standing::Yes(seen) | Standing::No(seen) | Standing::HereOnly(seen) => format!(" ({})", seen.source),
        _ => String::new(),
    };
    clean_line(&format!("{}{source}", standing.why()), 400)
}

/// A text as code: a grave accent in it must not end it.
pub(super) fn code(text: &str) -> String {
    if text.contains('`') { escaped(text) } else { format!("`{text}`") }
}

/// Markdown's own characters in foreign text are made harmless.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
