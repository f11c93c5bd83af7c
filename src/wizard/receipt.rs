//! What was done, and what is still open: shown at the end, and printed on the normal screen when untoken leaves.

use super::{Ask, Mark, Para, Wizard};
use crate::model::{PackageId, Reading, Registry, Rung, StepKind, StepState};

/// Up to so many ends of one registry have a line each.
const EACH: usize = 4;

/// Something that was done in this sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Seen, or only said.
    pub mark: Mark,
    /// About what: a package, a file.
    pub subject: String,
    /// What, as a fragment.
    pub what: String,
}

impl Wizard {
    pub(super) fn note_done(&mut self, mark: Mark, subject: impl Into<String>, what: impl Into<String>) {
        let done = Done { mark, subject: subject.into(), what: what.into() };
        if !self.done.contains(&done) {
            self.done.push(done);
        }
    }

    /// The receipt, as the screen shows it and as it is printed at exit.
    #[must_use]
    pub fn receipt(&self) -> Ask {
        let repository = self.slug().map_or_else(|| "this checkout".to_owned(), ToString::to_string);
        let mut body = Vec::new();
        if self.done.is_empty() {
            body.push(Para::Text("Nothing was changed.".into()));
        }
        let width = self.done.iter().map(|done| done.subject.chars().count()).max().unwrap_or(0).min(30);
        for done in &self.done {
            body.push(Para::Marked(done.mark, format!("{:width$}  {}", done.subject, done.what)));
        }
        let open = self.still_open();
        if !open.is_empty() {
            body.push(Para::Blank);
            body.push(Para::Strong("Still open".into()));
            body.extend(open.into_iter().map(|line| Para::Marked(Mark::No, line)));
        }
        if let Some(demo) = &self.settings.demo {
            body.extend(demo.left_out.iter().map(|what| Para::Faint(format!("Left out on this machine: {what}."))));
        }
        let title = format!("Done for {repository}, {}", self.facts.now.clock());
        Ask::note("receipt", title, body)
    }

    fn still_open(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for kind in StepKind::ALL {
            let of_kind: Vec<&PackageId> =
                self.plan.open_steps().filter(|step| step.kind == kind).map(|step| &step.package).collect();
            if !of_kind.is_empty() {
                lines.push(format!("{}: {}", open_text(kind), named(&of_kind)));
            }
        }
        let unproven = self.plan.rows.iter().any(|row| {
            !row.ladder.standing(Rung::Proven).settled()
                && row.step(StepKind::Prove).is_some_and(|step| matches!(step.state, StepState::Blocked(_)))
        });
        if unproven {
            lines.push(
                "Push the branch and release once: that is the proof. Then run untoken again to close the door."
                    .to_owned(),
            );
        }
        lines.extend(self.lapses_ahead());
        lines.extend(self.awaited_line().map(|line| format!("{line}. Run untoken again to see what came of it.")));
        if let Some(secrets) = self.old_secrets() {
            lines.push(secrets);
        }
        if self.done.iter().any(|done| done.what.starts_with("published")) {
            lines.push(
                "Delete the bootstrap token that the first publish used, once the workflow publishes by itself."
                    .to_owned(),
            );
        }
        lines
    }

    /// What ends by itself, a line each; of many of one registry one line with the first end.
    fn lapses_ahead(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for registry in Registry::ALL {
            let rows = self.plan.rows.iter().filter(|row| row.package.id.registry == registry);
            let mut ends: Vec<(i64, &PackageId)> =
                rows.filter_map(|row| Some((row.lapses_in?, &row.package.id))).collect();
            ends.sort();
            let rules = crate::registry::guides(registry).rules();
            let pending = rules.one_pending.is_some();
            let caveat = rules.lapses_after.map_or("", |rule| rule.confidence.caveat());
            let day = |left: i64| self.facts.now.plus(left).day();
            match ends.as_slice() {
                [(first, _), .., (last, _)] if ends.len() > EACH => lines.push(match pending {
                    true => format!(
                        "{} pending publishers on {registry} end from {} to {} unless they are used.",
                        ends.len(),
                        day(*first),
                        day(*last)
                    ),
                    false => format!(
                        "{} publishers on {registry} lapse from {} to {} unless their packages publish{caveat}.",
                        ends.len(),
                        day(*first),
                        day(*last)
                    ),
                }),
                few => lines.extend(few.iter().map(|(left, id)| match pending {
                    true => format!("{id}: its pending publisher ends on {} unless it is used.", day(*left)),
                    false => format!("{id}: its publisher lapses on {} unless it publishes{caveat}.", day(*left)),
                })),
            }
        }
        lines
    }

    fn old_secrets(&self) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for row in &self.plan.rows {
            for secret in crate::plan::old_secret_names(&self.facts, &row.package) {
                if !names.contains(&secret) {
                    names.push(secret);
                }
            }
        }
        let read = matches!(self.facts.github.repository_secrets, Reading::Seen(_));
        let list = names.join(", ");
        match (names.len(), read) {
            (0, _) => None,
            (1, true) => Some(format!("1 old secret is still there: {list}")),
            (n, true) => Some(format!("{n} old secrets are still there: {list}")),
            (_, false) => Some(format!("The workflows still use secrets: {list}")),
        }
    }
}

/// Packages by name, each registry's own together; of many the first ones, and how many there are.
fn named(ids: &[&PackageId]) -> String {
    const MOST: usize = 6;
    let mut parts = Vec::new();
    for registry in Registry::ALL {
        let names: Vec<&str> = ids.iter().filter(|id| id.registry == registry).map(|id| id.name.as_str()).collect();
        match names.len() {
            0 => {}
            many if many > MOST => {
                parts.push(format!("{} and {} more ({registry})", names[..MOST - 3].join(", "), many + 3 - MOST));
            }
            _ => parts.push(format!("{} ({registry})", names.join(", "))),
        }
    }
    parts.join(", ")
}

fn open_text(kind: StepKind) -> &'static str {
    match kind {
        StepKind::FirstPublish => "Publish once",
        StepKind::Register => "Register a publisher",
        StepKind::RepairWorkflow => "Repair the workflow",
        StepKind::Environment => "Make and guard the environment",
        StepKind::Declare => "Declare the policy",
        StepKind::Prove => "Release once by OIDC",
        StepKind::Lock => "Have the registry refuse tokens",
        StepKind::Retire => "Delete the old secret",
    }
}
