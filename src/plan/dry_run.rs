//! What every way of every step would do, to the last argument: what `untoken --dry-run` prints.
//!
//! Only words; nothing here runs or sends anything.

use std::fmt::Write as _;

use super::needs::{told, unmet};
use super::typed::{names_private, private, typed};
use super::{Facts, Plan, Row, refused_beforehand, steered};
use crate::model::{Guide, Step, StepKind, StepState};
use crate::registry::FirstWay;

/// All steps that are not done, with all ways.
#[must_use]
pub fn dry_run(facts: &Facts, plan: &Plan) -> String {
    let mut out = String::new();
    for row in &plan.rows {
        let _ = writeln!(out, "{}", row.package.id);
        for step in row.steps.iter().filter(|step| step.state != StepState::Done) {
            let _ = writeln!(out, "  {}: {}", step.kind.label(), state(step));
            if step.kind == StepKind::FirstPublish {
                let known = refused_beforehand(facts, &row.package);
                known.iter().for_each(|what| _ = writeln!(out, "    first: {what}"));
            }
            ways(facts, row, step.kind).iter().for_each(|line| _ = writeln!(out, "    {line}"));
        }
        out.push('\n');
    }
    if names_private(&out) {
        let _ = writeln!(out, "$PRIVATE is an empty folder that untoken makes for the run and takes away after it.");
    }
    out.push_str("This was a dry run: nothing was changed, and none of these commands was run.\n");
    out
}

fn state(step: &Step) -> String {
    match &step.state {
        StepState::Done | StepState::Open => step.title.clone(),
        StepState::Blocked(why) => format!("{} Later: {why}", step.title),
        StepState::Unknown(why) => format!("{} Unknown: {why}", step.title),
    }
}

fn ways(facts: &Facts, row: &Row, kind: StepKind) -> Vec<String> {
    let ways = super::ways(facts, row, kind);
    let many = ways.len() > 1;
    let mut lines = Vec::new();
    for (at, (guide, first)) in ways.iter().enumerate() {
        let number = if many { format!("way {}: ", at + 1) } else { String::new() };
        let about = first.as_ref().map_or_else(|| guide.title.clone(), FirstWay::about);
        lines.push(format!("{number}{about}"));
        lines.extend(one(facts, row, guide, first.as_ref()).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn one(facts: &Facts, row: &Row, guide: &Guide, first: Option<&FirstWay>) -> Vec<String> {
    let mut lines: Vec<String> = unmet(facts, guide).iter().map(told).collect();
    lines.extend(first.and_then(|way| way.rule).map(|rule| format!("rule: {rule}")));
    lines.extend(steered(facts, guide).map(|what| format!("accepted first: {what}")));
    lines.push(format!("{} {}", guide.who.acts(), guide.verify));
    lines.extend(guide.fields.iter().map(|field| format!("{} = {}", field.label, field.value.told_apart())));
    lines.extend(guide.link.iter().map(|link| link.url.clone()));
    let files = first.map(|way| way.files.as_slice()).unwrap_or_default();
    lines.extend(files.iter().map(|file| format!("lays down {}", private(&file.path))));
    for call in &guide.commands {
        lines.extend([format!("$ {}", typed(row, call)), format!("    {}", call.purpose)]);
    }
    lines
}
