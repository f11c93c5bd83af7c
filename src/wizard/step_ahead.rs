//! What a step tells before it begins: how many approvals, whose mailboxes, which old entries; and the counting afterwards.

use super::step::Aim;
use super::{ItemState, Mark, Para, Screen, StepScreen, Wizard};
use crate::model::{Existence, PackageId, Party, Registry, StepKind, Timestamp, Way};
use crate::plan::{self, Row};
use crate::registry::{self, Approvals, Quota, Work};

impl Wizard {
    /// What to know before a registration begins.
    pub(super) fn announced(&self, step: &StepScreen, row: &Row) -> Vec<Para> {
        if step.kind == StepKind::FirstPublish {
            return self.calendar(step);
        }
        if step.kind != StepKind::Register {
            return Vec::new();
        }
        let guides = registry::guides(step.registry);
        let mut body = self.old_entries(row);
        let by_tool = self.guide(step).is_some_and(|guide| guide.way == Way::Tool);
        if by_tool && let Some(needed) = guides.approvals(Work::Register, step.items.len()) {
            body.push(Para::Text(approvals(needed, step.items.len())));
        }
        if step.items.len() > 1
            && let Some(rule) = guides.rules().lapses_after
        {
            body.push(Para::Text(format!(
                "Each entry's {} h begin now{}: take in only what you release by then; the rest can wait.",
                rule.value / 3600,
                rule.confidence.caveat()
            )));
        }
        body
    }

    /// Packages in the order in which they can be published: each after those that it needs.
    pub(super) fn in_order(&self, mut ids: Vec<PackageId>) -> Vec<PackageId> {
        let order = self.facts.local.value().map(|local| local.order.as_slice()).unwrap_or_default();
        ids.sort_by_key(|id| order.iter().position(|known| known == id));
        ids
    }

    /// When so many new names can be published on a registry at the earliest, by what untoken published there before: in this
    /// run, and by this repository's journal in earlier ones.
    fn earliest(&self, registry: Registry, quota: Quota, many: usize) -> Vec<Timestamp> {
        let there = |id: &PackageId| matches!(self.facts.existence(id), Some(Existence::Exists { .. }));
        let begun = self.facts.memory.begun.iter();
        let past = begun.filter(|(id, _)| id.registry == registry && there(id)).map(|(_, at)| *at);
        quota.calendar(&past.collect::<Vec<_>>(), self.facts.now, many)
    }

    /// Whether the registry would take no other new name now; says until when.
    pub(super) fn quota_spent(&mut self) -> bool {
        let Screen::Step(step) = &self.screen else { return false };
        let registry = step.registry;
        let Some(rule) = registry::guides(registry).new_names().filter(|_| step.kind == StepKind::FirstPublish) else {
            return false;
        };
        let next = self.earliest(registry, rule.value, 1).into_iter().find(|at| *at > self.facts.now);
        if let Some(at) = next {
            self.status = Some(format!(
                "{registry} takes the next new name at {} at the earliest: take the step again then, it goes on where it \
                 is now",
                at.clock()
            ));
        }
        next.is_some()
    }

    /// Which name may be published when, where the registry takes only so many new ones.
    fn calendar(&self, step: &StepScreen) -> Vec<Para> {
        let Some(rule) = registry::guides(step.registry).new_names() else { return Vec::new() };
        let waiting: Vec<&PackageId> =
            step.items.iter().filter(|item| item.state == ItemState::Waiting).map(|item| &item.package).collect();
        let times = self.earliest(step.registry, rule.value, waiting.len());
        if times.iter().all(|at| *at <= self.facts.now) {
            return Vec::new();
        }
        let quota = rule.value;
        let mut body = vec![Para::Text(format!(
            "{} takes {} new names at once, then one in {} (its source, read {}). By what untoken published from here, at the \
             earliest:",
            step.registry,
            quota.at_once,
            plan::minutes(quota.then_every).replace(" 00 s", ""),
            rule.read
        ))];
        for (at, id) in times.into_iter().zip(waiting) {
            let when = if at <= self.facts.now { "now".to_owned() } else { at.day() };
            body.push(Para::Pair(when, id.name.to_string()));
        }
        body
    }

    /// How often a person has approved, and how often it will be.
    pub(super) fn counted_approvals(&self, step: &StepScreen) -> Vec<Para> {
        let work = if step.aim == Aim::ReadLists { Work::List } else { Work::Register };
        let left = step.items.len() - step.ended();
        let guides = registry::guides(step.registry);
        let Some(needed) = guides.approvals(work, left).filter(|needed| needed.times > 0) else { return Vec::new() };
        let given = step.approvals.len();
        let all = given + needed.times;
        let mut body = vec![Para::Text(match (given, all) {
            (0, 1) => format!("One approval is enough for the {}.", count(left, "package", "packages")),
            _ => format!("Approval {} of about {all}; {} still to do.", given + 1, count(left, "package", "packages")),
        })];
        if step.approvals.last().is_some_and(|last| last.ended == step.ended()) {
            let why = format!("{} asks again at once. Was the box on the page ticked?", step.registry);
            body.push(Para::Marked(Mark::Unknown, why));
        }
        body
    }

    /// Entries that stand beside the wanted one, or in its way.
    fn old_entries(&self, row: &Row) -> Vec<Para> {
        let Ok(wanted) = &row.wanted else { return Vec::new() };
        let lapsed = plan::lapsed(&self.facts, &row.package, wanted).into_iter().map(|entry| {
            let text = format!("Entry {} has lapsed or may have: it is taken away and made again.", entry.id);
            Para::Marked(Mark::Unknown, text)
        });
        let drifted = plan::drifted(&self.facts, &row.package, wanted).into_iter().map(|(entry, differs)| {
            let text = format!(
                "Entry {} has {}. The new one is added beside it: d on the board removes the old one once a release has proven the new.",
                entry.id,
                differs.join(" and ")
            );
            Para::Marked(Mark::Unknown, text)
        });
        lapsed.chain(drifted).collect()
    }

    /// `Who is mailed: mona, hubot.`, where a registration writes to owners; it stands after the registry's own words on that.
    pub(super) fn mails(&self, step: &StepScreen) -> Option<String> {
        if step.kind != StepKind::Register || !registry::guides(step.registry).mails_owners() {
            return None;
        }
        // Only people are mailed: the teams that own a package are left out.
        let owners = |id: &PackageId| -> Option<Vec<&str>> {
            let all = self.facts.ownership.owners.get(id)?.value()?;
            Some(all.iter().filter(|owner| owner.party == Party::Person).map(|owner| owner.name.as_str()).collect())
        };
        let known: Vec<(&PackageId, Vec<&str>)> =
            step.items.iter().filter_map(|item| Some((&item.package, owners(&item.package)?))).collect();
        let (first, most) = known.iter().max_by_key(|(_, owners)| owners.len())?;
        let mails: usize = known.iter().map(|(_, owners)| owners.len()).sum();
        Some(match step.items.len() {
            1 => format!("Who is mailed: {}.", most.join(", ")),
            all if known.len() == all => {
                format!("Who is mailed: each owner for each package, {mails} mails in all.")
            }
            all => format!(
                "Who is mailed: each owner for each package: {} of {}, and so on for {all} packages.",
                count(most.len(), "owner", "owners"),
                first.name
            ),
        })
    }
}

fn approvals(needed: Approvals, packages: usize) -> String {
    let Approvals { calls, times, seconds } = needed;
    format!(
        "{} {calls} calls of npm, at least {}: about {} in the browser.",
        count(packages, "package takes", "packages take"),
        plan::minutes(i64::try_from(seconds).unwrap_or(i64::MAX)),
        count(times, "approval", "approvals")
    )
}

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}
