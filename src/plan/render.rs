//! The plan as text and Markdown: what `untoken plan` prints and a maintainer can paste into an issue.
//!
//! Only words: what is so, and each step with what it would do. Nothing here decides anything.

use std::fmt::Write as _;

use super::{Facts, Plan, Row, beside, guides, new_workflow, refused_beforehand};
use crate::model::{Guide, Standing, StepKind, StepState, clean_line};

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
                let _ = writeln!(out, "       {step}");
            }
        }
        out.push('\n');
    }
    for beside in beside(facts) {
        let _ = writeln!(out, "{}", beside.title);
        beside.lines.iter().for_each(|line| _ = writeln!(out, "  {line}"));
        out.push('\n');
    }
    out
}

/// For an issue or a pull request.
#[must_use]
pub fn markdown(facts: &Facts, plan: &Plan) -> String {
    let mut out = String::from("# Plan: trusted publishing\n\n");
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
                let _ = writeln!(out, "   - {}", escaped(&step));
            }
        }
        out.push('\n');
    }
    for beside in beside(facts) {
        let _ = writeln!(out, "## {}\n", escaped(&beside.title));
        beside.lines.iter().for_each(|line| _ = writeln!(out, "- {}", escaped(line.trim_start())));
        out.push('\n');
    }
    out
}

type StepLines = (&'static str, StepState, Vec<String>);

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

fn step_lines(facts: &Facts, row: &Row, kind: StepKind, state: &StepState, title: &str) -> Vec<String> {
    let mut lines = vec![title.to_owned()];
    if !matches!(state, StepState::Open | StepState::Blocked(_)) {
        return lines;
    }
    if kind == StepKind::FirstPublish {
        lines.extend(refused_beforehand(facts, &row.package).into_iter().map(|what| format!("first: {what}")));
    }
    if let Some(guide) = guides(facts, row, kind).first() {
        lines.extend(guide_lines(guide, facts.local.value().is_some_and(|local| local.by_pnpm)));
    } else if let (StepKind::RepairWorkflow, Some(new)) = (kind, new_workflow::announced(facts, row)) {
        lines.push(new);
    } else if let (StepKind::Declare, Ok(publisher)) = (kind, &row.wanted) {
        lines.push(format!("workflow {}", publisher.workflow));
        lines.extend(publisher.environment.as_ref().map(|e| format!("environment {e}")));
    }
    lines
}

fn guide_lines(guide: &Guide, by_pnpm: bool) -> Vec<String> {
    let mut lines: Vec<String> =
        guide.fields.iter().map(|field| format!("{}: {}", field.label, field.value.told_apart())).collect();
    lines.extend(guide.commands.iter().map(|call| call.by_hand(by_pnpm)));
    lines.extend(guide.link.iter().map(|link| link.url.clone()));
    lines
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
