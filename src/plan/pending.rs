//! Pending publishers: how long one has that a person said to have saved, and which ones cannot stand side by side.
//!
//! Nobody can read them: what is known is what was said (the journal) and whether the package is there by now.

use super::{Facts, Row};
use crate::model::{Existence, PackageId, StepKind, StepState, TrustedPublisher};
use crate::registry::{self, Pending, Rules};

fn rule(id: &PackageId) -> Option<(&'static Rules, Pending)> {
    let rules = registry::guides(id.registry).rules();
    rules.one_pending.map(|rule| (rules, rule.value))
}

fn is_absent(facts: &Facts, id: &PackageId) -> bool {
    facts.existence(id) == Some(&Existence::Absent)
}

/// In how many seconds the pending publisher ends that was said to be saved for a package (zero and less: it has ended);
/// `None`: none was, it has made its package, or nobody can tell.
pub(super) fn ends_in(facts: &Facts, id: &PackageId) -> Option<i64> {
    let (_, rule) = rule(id)?;
    let (_, at) = facts.memory.stated.get(id).filter(|_| is_absent(facts, id))?;
    Some(at.plus(rule.lives).since(facts.now))
}

/// Those of the same registry that still wait, by what was said.
fn waiting<'a>(facts: &'a Facts, of: &'a PackageId) -> impl Iterator<Item = (&'a PackageId, &'a TrustedPublisher)> {
    let others = facts.memory.stated.iter().filter(move |(id, _)| id.registry == of.registry && *id != of);
    others
        .filter(move |(id, _)| ends_in(facts, id).is_some_and(|left| left > 0))
        .map(|(id, (publisher, _))| (id, publisher))
}

/// Lets those that cannot stand side by side be registered one after the other, in the order of the rows.
pub(super) fn take_turns(facts: &Facts, rows: &mut [Row]) {
    let mut before: Vec<(PackageId, TrustedPublisher)> = Vec::new();
    for row in rows {
        let id = &row.package.id;
        let (Some((rules, rule)), Ok(wanted)) = (rule(id), &row.wanted) else { continue };
        let open = row.step(StepKind::Register).is_some_and(|step| step.state == StepState::Open);
        if !open || !is_absent(facts, id) {
            continue;
        }
        let said: Vec<_> = waiting(facts, id).collect();
        let ahead = before.iter().map(|(id, publisher)| (id, publisher));
        let same = said
            .iter()
            .copied()
            .chain(ahead)
            .find(|(other, publisher)| other.registry == id.registry && rules.same(publisher, wanted))
            .filter(|_| !rule.alike);
        let why = match (same, rule.most) {
            (Some((other, _)), _) => format!(
                "{} takes no two pending publishers of the same repository, workflow and environment, and {} wants the same: \
                 release that first, or publish this one from an environment of its own",
                id.registry, other.name
            ),
            (None, Some(most)) if said.len() >= most => format!(
                "{} takes {} pending publishers at a time, and by what you said {} wait: release one of them first",
                id.registry,
                most,
                names(&said)
            ),
            (None, _) => {
                before.push((id.clone(), wanted.clone()));
                continue;
            }
        };
        if let Some(step) = row.steps.iter_mut().find(|step| step.kind == StepKind::Register) {
            step.state = StepState::Blocked(why);
        }
    }
}

fn names(waiting: &[(&PackageId, &TrustedPublisher)]) -> String {
    waiting.iter().map(|(id, _)| id.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// What to know before one more is saved; `None`: the registry has no pending publishers, or the package is there.
pub(super) fn note(facts: &Facts, id: &PackageId) -> Option<String> {
    let (_, rule) = rule(id).filter(|_| is_absent(facts, id))?;
    let said: Vec<_> = waiting(facts, id).collect();
    (!said.is_empty()).then(|| {
        let most = rule.most.map(|most| format!(" of {most}")).unwrap_or_default();
        format!("By what you said {}{most} pending publishers wait for their release: {}.", said.len(), names(&said))
    })
}
