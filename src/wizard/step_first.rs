//! The first publish: which ways there are, what each leaves public, and the terminal for the chosen one.

use super::board::sentence;
use super::step::Lent;
use super::{Effect, Intent, ItemState, Lending, Mark, Para, StepScreen, Wizard};
use crate::model::{Guide, RunIn, StepKind, ToolCall, Unmet};
use crate::plan::{self, Row};
use crate::registry::FirstWay;

impl Wizard {
    /// The ways to have the name of the package exist whose turn it is; empty in every other step.
    fn first_ways(&self, step: &StepScreen) -> Vec<FirstWay> {
        if step.kind != StepKind::FirstPublish {
            return Vec::new();
        }
        let row = step.turn().and_then(|item| self.plan.row(&item.package));
        row.map(|row| plan::first_ways(&self.facts, row)).unwrap_or_default()
    }

    /// The list of ways with the chosen one marked, and what the registry's rules say of that.
    pub(super) fn first_choice(&self, step: &StepScreen) -> Vec<Para> {
        let ways = self.first_ways(step);
        let mut body: Vec<Para> = match ways.as_slice() {
            [] => return Vec::new(),
            [only] => vec![Para::Text(format!("What stays public: {}.", only.leaves))],
            _ => vec![Para::Text("There is a choice of what becomes public (w takes the next):".to_owned())],
        };
        if ways.len() > 1 {
            body.extend(ways.iter().enumerate().map(|(at, way)| Para::Option {
                chosen: at == step.way,
                label: self.label(way),
                note: way.leaves.clone(),
            }));
        }
        if let Some(rule) = ways.get(step.way).and_then(|way| way.rule) {
            body.push(Para::Text(sentence(&rule.to_string())));
        }
        body.push(Para::Blank);
        body
    }

    /// The name of a way, with what it lacks here: that is to be seen before the way is taken.
    fn label(&self, way: &FirstWay) -> String {
        let lacks: Vec<String> = plan::unmet(&self.facts, &way.guide).iter().map(Unmet::brief).collect();
        if lacks.is_empty() { way.label.clone() } else { format!("{} – {}", way.label, lacks.join(", ")) }
    }

    /// What the commands of a way lack on this machine, and what to do about it.
    pub(super) fn unmet(&self, guide: &Guide) -> Vec<Para> {
        let mark = |unmet: &Unmet| if unmet.is_sure() { Mark::Refused } else { Mark::Unknown };
        let told = |unmet: &Unmet| sentence(&format!("{unmet}: {}", unmet.hint()));
        plan::unmet(&self.facts, guide).iter().map(|unmet| Para::Marked(mark(unmet), told(unmet))).collect()
    }

    /// Lends the terminal to the commands of the chosen way.
    pub(super) fn lend_first_publish(&mut self, step: &StepScreen) -> Vec<Effect> {
        let mut ways = self.first_ways(step);
        let (true, Some(package)) = (step.way < ways.len(), step.turn().map(|item| item.package.clone())) else {
            return Vec::new();
        };
        let FirstWay { guide, files, label, .. } = ways.swap_remove(step.way);
        self.with_step(|step| {
            if let Some(item) = step.item_mut(&package) {
                item.state = ItemState::Running;
            }
        });
        self.remember(|memory, now| memory.begun.insert(package.clone(), now));
        let what = format!("publish {package} for the first time ({label})");
        let intent = Intent { package: package.clone(), step: step.kind, what };
        let calls = guide.commands;
        self.lend(
            Lent::FirstPublish,
            Lending { calls, files, package: self.package_of(&package), intent: Some(intent) },
        )
    }
}

/// Where the commands run, and what the names in them stand for; `None`: they run anywhere.
pub(super) fn folders(row: &Row, guide: &Guide) -> Option<Para> {
    if !guide.commands.iter().any(ToolCall::names_folder) {
        return None;
    }
    let dir = row.package.dir();
    let package = if dir.is_root() { "the checkout".to_owned() } else { dir.to_string() };
    let private = "an empty folder that untoken makes and takes away";
    let runs = |at| guide.commands.iter().any(|call| call.run_in == at);
    Some(Para::Faint(match (runs(RunIn::Package), runs(RunIn::Private)) {
        (true, true) => format!("The first runs in {package} ($PACKAGE), the other in {private} ($PRIVATE)."),
        (true, false) => format!("It runs in {package}."),
        (false, _) => format!("It runs in {private} ($PRIVATE)."),
    }))
}
