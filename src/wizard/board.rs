//! Home: a row a package, the rungs, and the next step.

use std::collections::BTreeSet;

use super::step::Aim;
use super::update::severity;
use super::{Account, Action, Ask, AskKind, Effect, Item, Mark, Overlay, Para, Screen, StepScreen, Wizard};
use crate::model::{Existence, PackageId, Reading, Registry, Rung, Standing, StepKind, StepState};
use crate::plan::{self, Plan, Row};
use crate::registry;

/// What home remembers while other screens are up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Board {
    /// The row under the cursor, among the visible ones.
    pub cursor: usize,
    /// Selected packages.
    pub selected: BTreeSet<PackageId>,
    /// Only names that hold this are shown.
    pub filter: String,
    /// The filter is being typed.
    pub filtering: bool,
}

impl Board {
    /// The rows that the filter lets through.
    #[must_use]
    pub fn visible<'a>(&self, plan: &'a Plan) -> Vec<&'a Row> {
        let wanted = self.filter.to_lowercase();
        plan.rows
            .iter()
            .filter(|row| {
                let id = &row.package.id;
                wanted.is_empty()
                    || id.name.as_str().to_lowercase().contains(&wanted)
                    || id.registry.label().contains(&wanted)
            })
            .collect()
    }
}

impl Wizard {
    /// The row under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&Row> {
        self.board.visible(&self.plan).get(self.board.cursor).copied()
    }

    pub(super) fn act_board(&mut self, action: Action) -> Vec<Effect> {
        if self.board.filtering {
            self.board.filtering = false;
            if action == Action::Back {
                self.board.filter.clear();
                self.replan();
            }
            return Vec::new();
        }
        match action {
            Action::Go => self.take_steps(),
            Action::Toggle => {
                if let Some(id) = self.current().map(|row| row.package.id.clone())
                    && !self.board.selected.remove(&id)
                {
                    self.board.selected.insert(id);
                }
                self.move_cursor(1);
                Vec::new()
            }
            Action::ToggleAll => {
                let shown: Vec<PackageId> =
                    self.board.visible(&self.plan).iter().map(|row| row.package.id.clone()).collect();
                if shown.iter().all(|id| self.board.selected.contains(id)) {
                    self.board.selected.clear();
                } else {
                    self.board.selected.extend(shown);
                }
                Vec::new()
            }
            Action::Next => self.next_open(),
            Action::Filter => {
                self.board.filtering = true;
                Vec::new()
            }
            Action::Unlock => self.unlock(),
            Action::RemoveOld => self.offer_old(),
            Action::Refresh => self.look(),
            Action::SignIn => self.begin_sign_in(),
            Action::Review => self.open_review(None),
            Action::Visit => self.play_push().into_iter().collect(),
            Action::Secrets => {
                self.screen = Screen::Secrets;
                Vec::new()
            }
            Action::Show => {
                self.overlay = Overlay::Rungs;
                Vec::new()
            }
            Action::Finish => {
                self.screen = Screen::Receipt;
                Vec::new()
            }
            Action::Up => self.move_cursor(-1),
            Action::Down => self.move_cursor(1),
            Action::PageUp => self.move_cursor(-(self.page.cast_signed())),
            Action::PageDown => self.move_cursor(self.page.cast_signed()),
            Action::First => self.move_cursor(isize::MIN / 2),
            Action::Last => self.move_cursor(isize::MAX / 2),
            Action::Back if !self.board.selected.is_empty() => {
                self.board.selected.clear();
                Vec::new()
            }
            Action::Back => {
                self.board.filter.clear();
                self.replan();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn move_cursor(&mut self, by: isize) -> Vec<Effect> {
        let last = self.board.visible(&self.plan).len().saturating_sub(1);
        self.board.cursor = self.board.cursor.saturating_add_signed(by).min(last);
        Vec::new()
    }

    /// The selected packages, else the one under the cursor.
    pub(super) fn chosen(&self) -> Vec<PackageId> {
        if self.board.selected.is_empty() {
            self.current().map(|row| row.package.id.clone()).into_iter().collect()
        } else {
            self.board.selected.iter().cloned().collect()
        }
    }

    /// The next steps of the selected packages (else of the one under the cursor), grouped by kind and registry.
    fn take_steps(&mut self) -> Vec<Effect> {
        let chosen = self.chosen();
        let mut groups: Vec<(StepKind, Registry, Vec<PackageId>)> = Vec::new();
        for id in chosen {
            let Some(kind) = self.plan.row(&id).and_then(Row::next).map(|step| step.kind) else { continue };
            // What is written goes through one review, whichever registries it is for; one environment does for many.
            let written =
                matches!(kind, StepKind::Declare | StepKind::RepairWorkflow | StepKind::Environment | StepKind::Prove);
            match groups.iter_mut().find(|(k, r, _)| *k == kind && (*r == id.registry || written)) {
                Some((_, _, ids)) => ids.push(id),
                None => groups.push((kind, id.registry, vec![id])),
            }
        }
        groups.sort_by_key(|(kind, registry, _)| (*kind, *registry));
        for (_, _, ids) in groups.iter_mut().filter(|(kind, ..)| *kind == StepKind::FirstPublish) {
            *ids = self.in_order(std::mem::take(ids));
        }
        self.queue = groups.into_iter().map(|(kind, registry, ids)| StepScreen::new(kind, registry, ids)).collect();
        if self.queue.is_empty() {
            let why = self.current().and_then(waits_for).unwrap_or_else(|| "nothing is open here".to_owned());
            self.status = Some(why);
        }
        self.next_group()
    }

    /// Opens the next waiting group, or goes home.
    pub(super) fn next_group(&mut self) -> Vec<Effect> {
        match self.queue.pop_front() {
            None => {
                self.board.selected.clear();
                self.screen = Screen::Board;
                Vec::new()
            }
            Some(step) if step.kind == StepKind::Declare => {
                self.open_review(Some(step.items.into_iter().map(|item| item.package).collect()))
            }
            Some(step) if step.kind == StepKind::RepairWorkflow => self.open_repairs(step),
            Some(step) if self.environment_settled(&step) => self.next_group(),
            Some(step) if step.kind == StepKind::Environment => self.open_environment(step),
            Some(step) if step.kind == StepKind::Prove => self.open_prove(step),
            Some(step) if step.kind == StepKind::Retire => self.open_retire(step),
            Some(step) if step.aim == Aim::ReadLists => self.read_lists(step),
            Some(step) if step.aim == Aim::RemoveOld => {
                self.screen = Screen::Step(step);
                Vec::new()
            }
            Some(step) => {
                self.screen = Screen::Step(step);
                Vec::new()
            }
        }
    }

    /// Home, at once: what was queued is forgotten, what was selected stays so.
    pub(super) fn home(&mut self) -> Vec<Effect> {
        self.queue.clear();
        self.screen = Screen::Board;
        Vec::new()
    }

    fn next_open(&mut self) -> Vec<Effect> {
        let rows = self.board.visible(&self.plan);
        let open = |row: &&Row| row.steps.iter().any(|step| step.state == StepState::Open);
        let after = rows.iter().enumerate().skip(self.board.cursor + 1).chain(rows.iter().enumerate());
        match after.into_iter().find(|(_, row)| open(row)).map(|(at, _)| at) {
            Some(at) => self.board.cursor = at,
            None => self.status = Some("no step is open".to_owned()),
        }
        Vec::new()
    }

    /// Reads the lists of publishers with the person's own credentials: asks for the first one that is missing.
    fn unlock(&mut self) -> Vec<Effect> {
        self.queue = Registry::ALL
            .into_iter()
            .filter(|&registry| registry::guides(registry).rules().can_read_back())
            .map(|registry| {
                let unread = self
                    .plan
                    .rows
                    .iter()
                    .map(|row| &row.package.id)
                    .filter(|id| id.registry == registry)
                    .filter(|id| {
                        matches!(self.facts.existence(id), Some(Existence::Exists { .. }))
                            && !matches!(self.facts.registries.get(id).map(|r| &r.publishers), Some(Reading::Seen(_)))
                    });
                StepScreen {
                    aim: Aim::ReadLists,
                    ..StepScreen::new(StepKind::Register, registry, unread.cloned().collect())
                }
            })
            .filter(|step| !step.items.is_empty())
            .collect();
        if self.queue.is_empty() {
            self.status = Some("every list that can be read has been read".to_owned());
        }
        self.next_group()
    }

    pub(super) fn ask_board(&self) -> Ask {
        if self.board.filtering {
            return Ask::note("board.filter", "Show which packages?", Vec::new())
                .wanting(AskKind::Text { label: "name or registry".into(), value: self.board.filter.clone() });
        }
        let rows = self.board.visible(&self.plan);
        let items = rows.iter().map(|row| self.board_item(row)).collect();
        let mut body = vec![Para::Text(self.summary())];
        if let Account::SignedIn(identity, _) = &self.account {
            body.push(Para::Faint(format!("signed in as {}", identity.login)));
        }
        body.extend(self.awaited_line().map(Para::Strong));
        body.extend(self.plan.findings.iter().map(|finding| Para::Marked(severity(finding), finding_line(finding))));
        Ask::note("board", "Board", body).wanting(AskKind::Choice { items, cursor: self.board.cursor })
    }

    /// Every rung of the package under the cursor with its whole reason, and the findings.
    pub(super) fn ask_rungs(&self) -> Ask {
        let Some(row) = self.current() else { return Ask::note("rungs", "No package", Vec::new()) };
        let mut body = Vec::new();
        for (rung, standing) in row.ladder.iter() {
            let said = format!("{}: {}. {}", rung.label(), standing.word(), sentence(standing.why()));
            body.push(Para::Marked(Mark::from(standing), said));
            body.extend(match standing {
                Standing::Yes(seen) | Standing::No(seen) | Standing::HereOnly(seen) => {
                    Some(Para::Faint(format!("  {}, {}", seen.source, seen.at.clock())))
                }
                Standing::Unknown(unknown) => unknown.hint.as_ref().map(|hint| Para::Faint(format!("  {hint}"))),
                Standing::Stated { at, .. } => Some(Para::Faint(format!("  {}", at.day()))),
                Standing::NotApplicable(_) => None,
            });
        }
        if !self.plan.findings.is_empty() {
            body.push(Para::Blank);
        }
        body.extend(self.plan.findings.iter().map(|finding| Para::Marked(severity(finding), finding_line(finding))));
        Ask::note("rungs", row.package.id.to_string(), body)
    }

    fn board_item(&self, row: &Row) -> Item {
        let next =
            row.next().map_or_else(|| "Nothing is open.".to_owned(), |step| format!("Next: {}.", step.kind.label()));
        let chosen = if self.board.selected.contains(&row.package.id) { "Selected. " } else { "" };
        let detail = row
            .ladder
            .iter()
            .map(|(rung, standing)| {
                format!("{}: {}. {}", capital(rung.label()), standing.word(), sentence(standing.why()))
            })
            .collect();
        Item { label: format!("{}. {chosen}{next}", row.package.id), detail }
    }

    /// `4 packages · 9 steps open · 2 need you in a browser`
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
        let open = self.plan.open_steps().count();
        let mut parts =
            vec![count(self.plan.rows.len(), "package", "packages"), count(open, "step open", "steps open")];
        let browser = plan::in_browser(&self.facts, &self.plan);
        if browser > 0 {
            parts.push(count(browser, "needs you in a browser", "need you in a browser"));
        }
        if !self.board.filter.is_empty() {
            parts.push(format!("shown: those with \"{}\"", self.board.filter));
        }
        if self.watches.iter().any(super::Watch::goes_on) {
            parts.push("a release is awaited".to_owned());
        }
        if !self.reads.is_empty() {
            parts.push(format!("reading {} …", count(self.reads.len(), "more thing", "more things")));
        }
        parts.join(" · ")
    }

    pub(super) fn allows_board(&self, action: Action) -> bool {
        match action {
            Action::Show => self.current().is_some(),
            Action::Go | Action::Toggle | Action::ToggleAll | Action::Next | Action::Filter => {
                !self.plan.rows.is_empty()
            }
            Action::Unlock => !self.settings.offline,
            Action::RemoveOld => self.chosen().iter().any(|id| !self.superseded(id).is_empty()),
            Action::SignIn => !self.settings.offline && self.account == Account::Nobody && self.slug().is_some(),
            Action::Visit => self.play_push().is_some(),
            Action::Review => self.plan.open_steps().any(|step| step.kind == StepKind::Declare),
            _ => true,
        }
    }
}

/// What a row without an open step waits for.
fn waits_for(row: &Row) -> Option<String> {
    row.steps.iter().find_map(|step| match &step.state {
        StepState::Blocked(why) => Some(format!("{}: {why}", step.kind.label())),
        _ => None,
    })
}

/// A finding on one line, with its place.
pub(super) fn finding_line(finding: &crate::model::Finding) -> String {
    let place = finding.at.as_ref().map(|at| format!("{at}: ")).unwrap_or_default();
    let hint = finding.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{place}{}{hint}", finding.message)
}

/// A fragment as a sentence.
pub(super) fn sentence(fragment: &str) -> String {
    let mut text = capital(fragment);
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

/// A fragment with a capital.
pub(super) fn capital(text: &str) -> String {
    // crates.io and npm are written small, also at the start of a sentence, and so are names of files and keys.
    let first = text.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',', ':']);
    let name = first.contains(['.', '_', '/', '@']);
    if name || Registry::ALL.iter().any(|registry| text.starts_with(registry.title())) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The rung's heading on the board, at most ten characters.
#[must_use]
pub fn heading(rung: Rung) -> &'static str {
    match rung {
        Rung::Declared => "decl.",
        Rung::Registered => "regist.",
        other => other.label(),
    }
}
