//! The first publish: which ways there are, what each leaves public, and the terminal for the chosen one.

use super::step::Lent;
use super::{Effect, Intent, ItemState, Lending, Para, StepScreen, Wizard};
use crate::model::StepKind;
use crate::plan;
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
                label: way.label.clone(),
                note: way.leaves.clone(),
            }));
        }
        if let Some(rule) = ways.get(step.way).and_then(|way| way.rule) {
            let told = format!("{} ({}, read {})", rule.value, rule.confidence.word(), rule.read);
            body.push(Para::Text(super::board::sentence(&told)));
        }
        body.push(Para::Blank);
        body
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
