//! What every way of every step would do, to the last argument: what `untoken --dry-run` prints.
//!
//! Only words; nothing here runs or sends anything.

use std::fmt::Write as _;

use super::{Facts, Plan, Row, refused_beforehand};
use crate::model::{Guide, RunIn, Step, StepKind, StepState, ToolCall, shell_word};
use crate::registry::FirstWay;

/// The folder of untoken's own in which commands run that must see nothing of the checkout.
const PRIVATE: &str = "$PRIVATE";

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
    if out.contains(PRIVATE) {
        let _ = writeln!(out, "{PRIVATE} is an empty folder that untoken makes for the run and takes away after it.");
    }
    out.push_str("This was a dry run: nothing was changed, and no command was run.\n");
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
        let about = match first {
            Some(way) => format!("{}; it leaves public: {}", way.label, way.leaves),
            None => guide.title.clone(),
        };
        lines.push(format!("{number}{about}"));
        lines.extend(one(row, guide, first.as_ref()).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn one(row: &Row, guide: &Guide, first: Option<&FirstWay>) -> Vec<String> {
    let mut lines = vec![format!("{} {}", guide.who.acts(), guide.verify)];
    lines.extend(guide.fields.iter().map(|field| format!("{} = {}", field.label, field.value.told_apart())));
    lines.extend(guide.link.iter().map(|link| link.url.clone()));
    let files = first.map(|way| way.files.as_slice()).unwrap_or_default();
    lines.extend(files.iter().map(|file| format!("lays down {PRIVATE}/{}", file.path)));
    lines.extend(guide.commands.iter().flat_map(|call| command(row, call)));
    lines
}

/// `$ (cd crates/core && NAME=value tool …)`, and what it is for.
fn command(row: &Row, call: &ToolCall) -> [String; 2] {
    // The folder is the repository's to name, and the line is there to be typed.
    let dir = shell_word(&row.package.dir().to_string());
    let (folder, package) = match call.run_in {
        RunIn::Package => (dir.as_str(), "$PWD".to_owned()),
        RunIn::Private => (PRIVATE, format!("$OLDPWD/{dir}")),
    };
    let env: String = call.env.iter().map(|(name, value)| format!("{name}={} ", shell_word(value))).collect();
    [format!("$ (cd {folder} && {env}{})", call.shown_in(&package, PRIVATE)), format!("    {}", call.purpose)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::{Existence, Registry, RelPath};
    use crate::plan::testing::Scene;

    #[test]
    fn a_folder_of_the_repository_is_a_word_of_the_shell_and_never_a_command() {
        let mut scene = Scene::of(Registry::CratesIo, "widgets");
        scene.public().existence = Existence::Absent;
        let mut row = scene.row();
        row.package.manifest = RelPath::new("it's $(touch here)/Cargo.toml").unwrap();
        let lines = ways(&scene.facts, &row, StepKind::FirstPublish);
        let commands: Vec<&str> = lines.iter().filter_map(|line| line.trim().strip_prefix("$ ")).collect();
        let word = r"'it'\''s $(touch here)'";
        assert!(commands[0].starts_with(&format!("(cd {word} && cargo package ")), "{commands:?}");
        assert!(commands[1].contains(&format!("--manifest-path $OLDPWD/{word}/Cargo.toml")), "{commands:?}");
    }
}
