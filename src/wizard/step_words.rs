//! What a step says: which values, who acts, what it leaves public, how it is verified and undone.

use super::board::capital;
use super::step::{Aim, EditField, Lent};
use super::step_items::{items, whom};
use super::{Ask, AskKind, Mark, Para, Stage, StepScreen, Wizard};
use crate::model::{Guide, PackageId, Registry, StepKind, StepState, Way};
use crate::plan::{self, Row};
use crate::registry;

impl Wizard {
    pub(super) fn ask_step(&self, step: &StepScreen) -> Ask {
        match &step.stage {
            Stage::Explain => Ask::note("step", self.step_title(step), self.explain(step)),
            Stage::HandOver => self.ask_hand_over(step),
            Stage::Edit(EditField::Workflow, why) => {
                self.ask_edit(step, "step.workflow", "workflow file", why.as_deref())
            }
            Stage::Edit(EditField::Environment(_), why) => {
                self.ask_edit(step, "step.environment", "environment (empty: any)", why.as_deref())
            }
            Stage::Redirects => self.ask_redirects(),
            Stage::Credential(refused) => self.ask_credential(step, refused.as_ref()),
            Stage::Authorizing(_) => wait("step.authorizing", format!("Asking {} for a code …", step.registry)),
            Stage::Code(_) => self.ask_code("step.device-code"),
            Stage::OneTimeCode => self.ask_one_time_code(step),
            Stage::CheckingLogin(_) => wait("step.login", format!("Asking {} who you are …", step.registry)),
            Stage::Login(how) => Ask::note(
                "step.log-in",
                format!("Your tool is not logged in to {}", step.registry),
                vec![
                    Para::Text("untoken can lend it this terminal for that:".into()),
                    Para::Command(how.clone()),
                    Para::Text("The token stays between you, the tool and the registry.".into()),
                ],
            )
            .wanting(AskKind::Confirm),
            Stage::SecondFactor => self.ask_second_factor(step),
            Stage::Lent(why) => wait("step.lent", lent(*why).to_owned()),
            Stage::Running => wait_with("step.running", self.step_title(step), items(step)),
            Stage::LookingAgain(_) => wait("step.looking", format!("Looking at {} again …", whom(step))),
            Stage::Saved => self.ask_saved(step),
            Stage::Covers => self.ask_covers(step),
            Stage::Old => self.ask_old(step),
            Stage::End => {
                let mut body = items(step);
                body.extend(self.old_left(step));
                body.extend(self.status.iter().cloned().map(Para::Faint));
                Ask::note("step.end", self.step_title(step), body)
            }
        }
    }

    /// The sentence above the step.
    #[must_use]
    pub fn step_title(&self, step: &StepScreen) -> String {
        match step.aim {
            Aim::ReadLists => return format!("Read {}'s lists of publishers.", step.registry),
            Aim::RemoveOld => return format!("Take old entries away on {}.", step.registry),
            Aim::Do => {}
        }
        if let [_] = step.items.as_slice() {
            if let Some(guide) = self.guide(step) {
                return guide.title;
            }
            let row = step.turn().and_then(|item| self.plan.row(&item.package));
            if let Some(known) = row.and_then(|row| row.step(step.kind)) {
                return known.title.clone();
            }
        }
        let many = step.items.len();
        match step.kind {
            StepKind::Register => format!("Tell {} which workflow may publish {many} packages.", step.registry),
            StepKind::FirstPublish => format!("Publish {many} packages once on {}.", step.registry),
            StepKind::Lock => format!("Have {} refuse tokens for {many} packages.", step.registry),
            StepKind::Environment => format!("Make and guard the environment of {many} packages on GitHub."),
            kind => format!("{many} packages: {}.", kind.label()),
        }
    }

    fn explain(&self, step: &StepScreen) -> Vec<Para> {
        let Some(item) = step.turn() else { return Vec::new() };
        let Some(row) = self.plan.row(&item.package) else { return Vec::new() };
        let mut body = if step.items.len() > 1 { items(step) } else { Vec::new() };
        let others = self.others(step).len() - step.items.len();
        if others > 0 && step.stage == Stage::Explain && self.can_do(step) {
            // One environment does for packages of any registry.
            let place = match step.kind {
                StepKind::Environment => String::new(),
                _ => format!(" on {}", step.registry),
            };
            body.push(Para::Faint(format!("The same step is open for {others} more{place}: b takes them in.")));
        }
        if !body.is_empty() {
            body.push(Para::Blank);
        }
        match self.guide(step) {
            Some(guide) => body.extend(self.explain_guide(step, row, &guide)),
            None => {
                body.extend(self.explain_rest(step, row));
                body.extend(self.announced(step, row));
            }
        }
        body
    }

    fn explain_guide(&self, step: &StepScreen, row: &Row, guide: &Guide) -> Vec<Para> {
        let mut body: Vec<Para> = guide
            .fields
            .iter()
            .map(|field| {
                let note = field.note.as_ref().map(|note| format!("   ({note})")).unwrap_or_default();
                Para::Pair(field.label.clone(), format!("{}{note}", field.value.words()))
            })
            .collect();
        if !body.is_empty() {
            body.push(Para::Blank);
        }
        body.extend(self.first_choice(step));
        body.extend(self.unmet(guide));
        if matches!(step.kind, StepKind::FirstPublish | StepKind::Register) {
            let known = plan::refused_beforehand(&self.facts, &row.package);
            body.extend(known.iter().map(|what| Para::Marked(Mark::Refused, super::board::sentence(what))));
        }
        // Who does what, and where, comes before what else there is to know: it has to be seen without scrolling.
        body.push(Para::Text(format!("{} {}", guide.who.acts(), guide.verify)));
        if let Some(link) = &guide.link
            && guide.way == Way::Browser
        {
            body.push(Para::Verbatim(link.url.clone()));
        }
        let by_hand = step.kind == StepKind::Environment && guide.way == Way::Browser;
        if by_hand {
            body.push(Para::Text("Or by gh, where you are an administrator:".into()));
        }
        if step.kind == StepKind::FirstPublish || by_hand || step.show {
            body.extend(
                guide.commands.iter().flat_map(|call| {
                    [Para::Faint(format!("{}:", capital(&call.purpose))), Para::Command(call.shown())]
                }),
            );
            body.extend(super::step_first::folders(row, guide));
        }
        body.extend(self.access_para(step));
        body.extend(self.announced(step, row));
        body.extend(guide.text.iter().cloned().map(Para::Text));
        body.extend(self.mails(step).map(Para::Text));
        body.push(Para::Text(format!("Undo: {}", guide.undo)));
        body
    }

    /// Steps without a guide: what is wrong, and the lines to paste.
    fn explain_rest(&self, step: &StepScreen, row: &Row) -> Vec<Para> {
        let standing = row.ladder.standing(plan::raises(step.kind));
        let mut body = vec![Para::Marked(standing.into(), super::board::sentence(standing.why()))];
        if let crate::model::Standing::No(seen) | crate::model::Standing::HereOnly(seen) = standing {
            body.push(Para::Faint(seen.source.clone()));
        }
        let registry = registry::guides(row.package.id.registry);
        match step.kind {
            StepKind::Environment => {
                body.clear();
                body.extend(row.step(step.kind).map(|known| environment_para(&known.state)));
            }
            StepKind::RepairWorkflow => {
                let login = registry.oidc_login();
                body.push(Para::Text("Take out:".into()));
                body.extend(login.take_out.iter().map(|line| Para::Text(format!("  {line}"))));
                body.push(Para::Text("Lines to paste (c copies them):".into()));
                body.extend(paste_lines(&login).lines().map(|line| Para::Verbatim(line.to_owned())));
                body.extend(login.notes.iter().map(|note| Para::Faint((*note).to_owned())));
                body.push(Para::Text(
                    "Keep the secret until a release by OIDC was seen: it is the way back. Then push the branch."
                        .into(),
                ));
            }
            StepKind::Prove => {
                body.push(Para::Text(
                    "Release once, as you always do. untoken reads the proof from the registry afterwards.".into(),
                ));
                body.push(Para::Faint(registry.proof_hint().to_owned()));
            }
            StepKind::Register => {
                if let Some(unknown) = self.unwanted(step) {
                    body.push(Para::Marked(Mark::Unknown, super::board::sentence(&unknown.why)));
                    body.extend(unknown.hint.iter().map(|hint| Para::Text(super::board::sentence(hint))));
                }
            }
            StepKind::FirstPublish | StepKind::Declare | StepKind::Lock | StepKind::Retire => {}
        }
        body
    }

    /// The lines that a repair pastes.
    pub(super) fn paste(&self, step: &StepScreen) -> Option<String> {
        (step.kind == StepKind::RepairWorkflow).then(|| paste_lines(&registry::guides(step.registry).oidc_login()))
    }

    fn ask_edit(&self, step: &StepScreen, id: &'static str, label: &str, why: Option<&str>) -> Ask {
        let row = step.turn().and_then(|item| self.plan.row(&item.package));
        let known = row.and_then(|row| row.wanted.as_ref().ok());
        let told = || row.and_then(|row| plan::workflow_of(&self.facts, &row.package));
        let value = match &step.stage {
            Stage::Edit(EditField::Workflow, _) => {
                known.map(|p| p.workflow.clone()).or_else(told).map(|told| told.file_alone().to_string())
            }
            _ => known.and_then(|p| p.environment.as_ref()).map(ToString::to_string),
        };
        let mut body = vec![Para::Faint(match known {
            Some(publisher) => format!("now: {}", registry::guides(step.registry).rules().in_words(publisher)),
            None => "nothing is known yet".to_owned(),
        })];
        body.extend(why.map(|why| Para::Marked(Mark::Refused, why.to_owned())));
        Ask::note(id, self.step_title(step), body)
            .wanting(AskKind::Text { label: label.to_owned(), value: value.unwrap_or_default() })
    }

    fn ask_redirects(&self) -> Ask {
        let mut body = vec![Para::Text(
            "These files of the repository can redirect cargo or npm, or make them run something, while your credential is near:".into(),
        )];
        body.extend(self.redirects().iter().map(|path| Para::Verbatim(path.to_string())));
        body.push(Para::Text("Look at them. Go on with them as they are?".into()));
        Ask::note("step.redirects", "The repository steers your tools", body).wanting(AskKind::Confirm)
    }

    fn ask_second_factor(&self, step: &StepScreen) -> Ask {
        let mut body = vec![
            Para::Text(format!("{} wants to see you once in the browser before it shows or changes publishers or settings.", step.registry)),
            Para::Text("untoken lends this terminal to npm for that. On the page, tick the box that skips the question for five minutes.".into()),
        ];
        body.extend(self.counted_approvals(step));
        if let Some(call) = step
            .turn()
            .and_then(|item| registry::guides(step.registry).second_factor(&item.package.name, &self.facts.endpoints))
        {
            body.push(Para::Command(call.shown()));
        }
        if self.settings.demo.is_some() {
            body.push(Para::Faint(
                "In the demo, Enter at npm's question opens the sandbox's page and approves it.".into(),
            ));
        }
        body.push(Para::Text("Go on?".into()));
        Ask::note("step.second-factor", "A second factor is needed", body).wanting(AskKind::Confirm)
    }

    fn ask_saved(&self, step: &StepScreen) -> Ask {
        let (package, link) = match (step.turn(), self.guide(step).and_then(|guide| guide.link)) {
            (Some(item), link) => (Some(&item.package), link),
            (None, link) => (None, link),
        };
        let text = match (step.kind, package) {
            (StepKind::Lock, Some(package)) => super::step_lock::saved_text(package),
            _ => saved_text(step.registry, package),
        };
        let mut body = vec![Para::Text(text)];
        body.extend(link.map(|link| Para::Verbatim(link.url)));
        Ask::note("step.saved", "Is it saved there?", body).wanting(AskKind::Confirm)
    }
}

/// Why there is nothing to do to an environment.
fn environment_para(state: &StepState) -> Para {
    match state {
        StepState::Done => Para::Marked(Mark::Yes, "Nothing is to do: it is guarded, or the job names none.".into()),
        StepState::Unknown(why) | StepState::Blocked(why) => Para::Marked(Mark::Unknown, super::board::sentence(why)),
        StepState::Open => Para::Marked(Mark::Unknown, "The repository is not known.".into()),
    }
}

/// The YAML that a publishing job needs, with a word where each part goes.
pub(super) fn paste_lines(login: &registry::OidcLogin) -> String {
    let mut text = format!("# in the job\n{}\n", login.permissions);
    for (place, lines) in
        [("# a step before the publishing one", login.before), ("# in the publishing step", login.on_step)]
    {
        if let Some(lines) = lines {
            text.push_str(&format!("{place}\n{lines}\n"));
        }
    }
    text
}

fn saved_text(registry: Registry, package: Option<&PackageId>) -> String {
    let name = package.map(|id| id.name.to_string()).unwrap_or_default();
    let rules = registry::guides(registry).rules();
    let after = match rules.read_back.value {
        registry::ReadBack::Api => "untoken writes down that you said so, and reads it back where it may.".to_owned(),
        registry::ReadBack::Never => {
            format!("Nobody can read it back from {registry}: untoken writes down that you said so.")
        }
    };
    format!("Say yes once the publisher of {name} is saved. {after}")
}

fn lent(why: Lent) -> &'static str {
    match why {
        Lent::SecondFactor => "npm has the terminal, for its second factor",
        Lent::Login => "The terminal is lent for a login",
        Lent::FirstPublish => "The terminal is lent for the first publish",
    }
}

fn wait(id: &'static str, title: String) -> Ask {
    wait_with(id, title, Vec::new())
}

fn wait_with(id: &'static str, title: String, body: Vec<Para>) -> Ask {
    Ask::note(id, title, body).wanting(AskKind::Wait)
}
