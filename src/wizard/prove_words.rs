//! What the prove step says: the release by name, what is seen of it so far, and what a failure may mean.

use super::{Account, Ask, AskKind, Mark, Para, Prove, Watch, Wizard};
use crate::model::{Gate, PackageId, Registry, Reviewer, RunState};
use crate::plan::{self, Outcome, Version};
use crate::registry;

impl Wizard {
    pub(super) fn ask_prove(&self, prove: &Prove) -> Ask {
        match self.watch_of(prove) {
            Some(watch) => self.ask_watch(watch),
            None => Ask::note("prove", prove_title(prove), self.explain_prove(prove)),
        }
    }

    fn explain_prove(&self, prove: &Prove) -> Vec<Para> {
        let Some(release) = self.release_of(prove) else { return self.no_release(prove) };
        let mut body = self.versions(prove);
        let many = release.starts.len();
        for (at, start) in release.starts.iter().enumerate() {
            if at != prove.way {
                continue;
            }
            let which = if many > 1 { format!("{} of {many}: ", at + 1) } else { String::new() };
            body.push(Para::Strong(format!("{which}{}", start.what)));
            body.extend(start.commands.iter().cloned().map(Para::Command));
            body.extend(start.notes.iter().cloned().map(Para::Text));
        }
        body.push(Para::Text(format!(
            "You act: untoken never pushes. Then ↵: it watches {} and says who published.",
            if self.is_signed_in() { "the run and the registry" } else { "the registry" }
        )));
        if !self.is_signed_in() {
            body.push(Para::Faint("Nobody is signed in to GitHub, so the run itself is not watched.".into()));
        }
        body.extend(self.lapses(prove));
        body.extend(registries(&prove.packages).into_iter().map(|registry| {
            let rule = registry::trial(registry);
            Para::Faint(format!(
                "{registry}: a pre-release ({}) is enough. {} ({}, {})",
                rule.value.written, rule.value.note, rule.source, rule.read
            ))
        }));
        body
    }

    fn no_release(&self, prove: &Prove) -> Vec<Para> {
        let row = prove.packages.first().and_then(|id| self.plan.row(id));
        let Some(Err(unknown)) = row.map(|row| plan::release(&self.facts, row)) else { return Vec::new() };
        let mut body = vec![Para::Marked(Mark::Unknown, super::board::sentence(&unknown.why))];
        body.extend(unknown.hint.map(Para::Text));
        body
    }

    /// A line for each package: its version, and whether that can be released.
    fn versions(&self, prove: &Prove) -> Vec<Para> {
        let rows = prove.packages.iter().filter_map(|id| self.plan.row(id));
        let width = prove.packages.iter().map(|id| id.name.as_str().chars().count()).max().unwrap_or(0).min(30);
        let told = rows.filter_map(|row| Some((row, plan::release(&self.facts, row).ok()?.version)));
        told.map(|(row, version)| {
            let (id, manifest) = (&row.package.id, row.package.manifest.file_name());
            let registry = id.registry;
            let (mark, text) = match version {
                Version::New { version, newest: Some(newest) } => {
                    (Mark::Yes, format!("{manifest} says {version}; the newest on {registry} is {newest}"))
                }
                Version::New { version, newest: None } => {
                    (Mark::Yes, format!("{manifest} says {version}; {registry} has no version yet"))
                }
                Version::Used { version, newest } if version == newest => {
                    (Mark::Refused, format!("{manifest} says {version}, which is on {registry} already: bump it first"))
                }
                Version::Used { version, newest } => {
                    (Mark::Refused, format!("{manifest} says {version}; {registry} has {newest}: bump it first"))
                }
                Version::Unsure(Some(version), why) => (Mark::Unknown, format!("{manifest} says {version}; {why}")),
                Version::Unsure(None, why) => (Mark::Unknown, why),
            };
            Para::Marked(mark, format!("{:width$}  {text}", id.name.as_str()))
        })
        .collect()
    }

    fn lapses(&self, prove: &Prove) -> Vec<Para> {
        let rows = prove.packages.iter().filter_map(|id| self.plan.row(id));
        rows.filter_map(|row| {
            let left = plan::hours(row.lapses_in?);
            let id = &row.package.id;
            Some(Para::Marked(
                Mark::Unknown,
                format!("{}'s entry for {} lapses in {left} unless it publishes (reported).", id.registry, id.name),
            ))
        })
        .collect()
    }

    fn is_signed_in(&self) -> bool {
        matches!(self.account, Account::SignedIn(..))
    }

    fn ask_watch(&self, watch: &Watch) -> Ask {
        let mut body = self.run_words(watch);
        let width = watch.packages.keys().map(|id| id.name.as_str().chars().count()).max().unwrap_or(0).min(30);
        for (id, outcome) in &watch.packages {
            body.push(Para::Marked(Mark::from(outcome), format!("{:width$}  {}", id.name.as_str(), outcome.text())));
        }
        body.extend(self.what_now(watch));
        if watch.goes_on() {
            body.extend(watch.trouble.iter().map(|why| {
                Para::Marked(
                    Mark::Unknown,
                    format!("The last look did not see everything: {why}. untoken looks again."),
                )
            }));
            let ids: Vec<PackageId> = watch.packages.keys().cloned().collect();
            body.extend(self.lapses(&Prove { packages: ids, way: 0 }));
            body.push(Para::Faint(
                "You may leave: what is awaited is in the journal, and the next start goes on from there.".into(),
            ));
            let title = format!("A release by {} is awaited since {}.", watch.workflow, watch.since.day());
            return Ask::note("prove.watch", title, body).wanting(AskKind::Wait);
        }
        let proven = watch.packages.values().all(|outcome| matches!(outcome, Outcome::Proven(_)));
        let title = if proven { "Proven: the release came by OIDC." } else { "The release was seen." };
        Ask::note("prove.seen", title, body)
    }

    /// The run: how far, where, and who holds it.
    fn run_words(&self, watch: &Watch) -> Vec<Para> {
        if !self.is_signed_in() {
            return vec![Para::Faint("Nobody is signed in to GitHub: only the registry is asked, not the run.".into())];
        }
        let Some(run) = watch.run() else {
            return match watch.trouble {
                Some(_) => Vec::new(),
                None => vec![Para::Marked(Mark::No, format!("No run of {} since then is seen yet.", watch.workflow))],
            };
        };
        let mark = match &run.state {
            state if state.succeeded() => Mark::Yes,
            state if state.went_wrong() => Mark::Refused,
            _ => Mark::Unknown,
        };
        let head = run.head.as_ref().map(|head| format!(" {head}")).unwrap_or_default();
        let held = run.state == RunState::Waiting && !watch.detail.gates.iter().any(|gate| !gate.reviewers.is_empty());
        let how = if held { "waits for its environment" } else { run.state.in_words() };
        let mut body = vec![
            Para::Marked(mark, format!("Run {} of {} ({}{head}) {how}.", run.number, watch.workflow, run.event)),
            Para::Verbatim(run.link.clone()),
        ];
        body.extend(watch.detail.gates.iter().map(|gate| Para::Strong(gate_words(gate))));
        for job in watch.detail.jobs.iter().filter(|job| job.state.went_wrong()) {
            let step = job.failed_step.as_ref().map(|step| format!(" at the step \"{step}\"")).unwrap_or_default();
            body.push(Para::Marked(Mark::Refused, format!("Job \"{}\" {}{step}.", job.name, job.state.in_words())));
            body.extend(job.link.clone().map(Para::Verbatim));
        }
        body
    }

    /// What a bad end asks for.
    fn what_now(&self, watch: &Watch) -> Vec<Para> {
        let failed = watch.run().is_some_and(|run| run.state.went_wrong());
        let ids: Vec<PackageId> = watch.packages.keys().cloned().collect();
        let mut body = Vec::new();
        if failed && watch.goes_on() {
            body.push(Para::Text("untoken does not read its log. What to look for there:".into()));
            for registry in registries(&ids) {
                body.extend(
                    registry::refusals(registry)
                        .iter()
                        .map(|(said, means)| Para::Text(format!("  {registry}: {said}: {means}."))),
                );
            }
            body.push(Para::Text("Mend it and run it again: untoken goes on watching.".into()));
        }
        let shown = |id: &PackageId| registry::guides(id.registry).rules().proof.is_some();
        if watch.packages.iter().any(|(id, outcome)| matches!(outcome, Outcome::Unsaid(_)) && !shown(id)) {
            body.push(Para::Text(
                "For a release that can stand in: push what is here, wait no longer (x), begin again, and release from there."
                    .into(),
            ));
        }
        if watch.packages.values().any(|outcome| matches!(outcome, Outcome::ByToken(_))) {
            body.push(Para::Strong(
                "That was a token, so nothing is proven: see that the pushed workflow names no secret, and release again."
                    .into(),
            ));
        }
        if watch.packages.values().any(|outcome| matches!(outcome, Outcome::BySomebodyElse(_))) {
            body.push(Para::Strong(
                "Another repository or workflow published it: see who else the registry trusts.".into(),
            ));
        }
        body
    }

    /// All that has been seen of the releases that are or were awaited, a sentence each: what is new among them is news.
    #[must_use]
    pub fn seen_of_releases(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for watch in &self.watches {
            lines.extend(watch.run().map(|run| {
                let head = run.head.as_ref().map(|head| format!(" {head}")).unwrap_or_default();
                format!("Run {} of {} ({}{head}) {}.", run.number, watch.workflow, run.event, run.state.in_words())
            }));
            lines.extend(watch.detail.gates.iter().map(gate_words));
            let told = watch.packages.iter().filter(|(_, outcome)| outcome.is_final());
            lines.extend(told.map(|(id, outcome)| format!("{id}: {}.", outcome.text())));
        }
        lines
    }

    /// What is awaited, for home; `None`: nothing.
    #[must_use]
    pub fn awaited_line(&self) -> Option<String> {
        let watch = self.watches.iter().find(|watch| watch.goes_on())?;
        let run = match watch.run() {
            Some(run) => format!("run {} {}", run.number, run.state.in_words()),
            None => "nothing seen yet".to_owned(),
        };
        let names: Vec<&str> = watch.packages.keys().map(|id| id.name.as_str()).collect();
        let since = watch.since.day();
        Some(format!("A release by {} is awaited since {since}: {run} ({})", watch.workflow, names.join(", ")))
    }
}

fn prove_title(prove: &Prove) -> String {
    match prove.packages.as_slice() {
        [one] => format!("Release {} once by OIDC: that is the proof.", one.name),
        many => format!("Release these {} once by OIDC: one release proves them all.", many.len()),
    }
}

fn gate_words(gate: &Gate) -> String {
    let who: Vec<String> = gate
        .reviewers
        .iter()
        .map(|reviewer| match reviewer {
            Reviewer::Person(login) => login.clone(),
            Reviewer::Team(slug) => format!("the team {slug}"),
        })
        .collect();
    match (who.as_slice(), gate.mine) {
        ([], _) => format!("The environment {} holds it: a timer, or a rule of an app.", gate.environment),
        (who, true) => {
            format!(
                "The environment {} waits for {}: approve it on that page (you may).",
                gate.environment,
                who.join(" or ")
            )
        }
        (who, false) => format!(
            "The environment {} waits for {}: send them that page (you may not approve it).",
            gate.environment,
            who.join(" or ")
        ),
    }
}

fn registries(ids: &[PackageId]) -> Vec<Registry> {
    let mut found: Vec<Registry> = ids.iter().map(|id| id.registry).collect();
    found.sort();
    found.dedup();
    found
}
