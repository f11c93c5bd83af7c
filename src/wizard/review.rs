//! Every pending change as a diff; nothing is written before the person says so.

use super::step_words::paste_lines;
use super::{Action, Ask, AskKind, Effect, Item, Mark, Para, Read, Scope, Screen, StepScreen, Wizard};
use crate::config::{self, Refused, Wanted};
use crate::model::{DiffKind, FileChange, PackageId, RelPath, StepKind, StepState, TrustPolicy};
use crate::plan::{self, Row};
use crate::registry;
use crate::report::Report;

/// What holds of every repair.
const KEEP: &str = "Keep the secrets until a release by OIDC was seen: they are the way back. Then push the branch.";

/// What holds of a new workflow.
const PUSH: &str = "Read it, write it, and push the branch: GitHub runs only what it has.";

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewItem {
    /// What would be written.
    pub change: FileChange,
    /// The same file with an improvement that nothing needs; none where there is none to offer.
    pub split: Option<Parting>,
    /// Whether it is to be written.
    pub take: bool,
    /// Whether its lines are shown.
    pub open: bool,
    /// How writing it went; `None`: not tried.
    pub result: Option<Result<(), Report>>,
    /// It is being written.
    pub writing: bool,
}

impl ReviewItem {
    /// Whether it stands in the checkout.
    #[must_use]
    pub fn is_written(&self) -> bool {
        matches!(self.result, Some(Ok(())))
    }
}

/// Publishing in a job of its own: offered, and taken only when the person says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Parting {
    /// The other change: with it while it is only offered, without it once it is taken.
    pub other: FileChange,
    /// What a person should know of it once it is taken, as sentences.
    pub notes: Vec<String>,
    /// Whether it is taken.
    pub taken: bool,
}

/// The review screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Review {
    /// The changes, a file each.
    pub items: Vec<ReviewItem>,
    /// What untoken will not write, with the lines to paste.
    pub refused: Vec<Refused>,
    /// What a person should know of the changes, as sentences.
    pub notes: Vec<String>,
    /// The file under the cursor.
    pub cursor: usize,
    /// The first line that is shown.
    pub scroll: usize,
}

impl Review {
    /// Whether a file is being written.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.items.iter().any(|item| item.writing)
    }

    /// Whether everything that was taken has been written.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.items.iter().any(ReviewItem::is_written)
            && self.items.iter().filter(|item| item.take).all(ReviewItem::is_written)
    }

    /// Whether the file under the cursor can have its publishing in a job of its own, and has not been written yet.
    #[must_use]
    pub fn may_part(&self) -> bool {
        let item = self.items.get(self.cursor);
        item.is_some_and(|item| item.split.is_some() && !item.writing && !item.is_written())
    }

    /// Takes that improvement, or leaves it again.
    fn part(&mut self) {
        if !self.may_part() {
            return;
        }
        let Some(item) = self.items.get_mut(self.cursor) else { return };
        let Some(split) = &mut item.split else { return };
        std::mem::swap(&mut item.change, &mut split.other);
        split.taken = !split.taken;
        match split.taken {
            true => self.notes.extend(split.notes.iter().cloned()),
            false => self.notes.retain(|note| !split.notes.contains(note)),
        }
    }

    /// What happens to the lines that are there.
    fn kept(&self) -> &'static str {
        let new = self.items.iter().filter(|item| item.change.before.is_none()).count();
        match (new, self.items.len() - new) {
            (_, 0) if new == 1 => "The file is new: nothing that is here changes.",
            (_, 0) => "The files are new: nothing that is here changes.",
            (0, _) => "Your comments, order and line ends stay.",
            (_, _) => "Where a file is here already, its comments, order and line ends stay.",
        }
    }

    /// One sentence about what is written so far.
    #[must_use]
    pub fn promise(&self) -> String {
        match self.items.iter().filter(|item| item.is_written()).count() {
            0 => format!("Nothing is written yet. {}", self.kept()),
            n if n == self.items.len() => "Written.".to_owned(),
            n => format!("{n} of {} files are written.", self.items.len()),
        }
    }
}

impl Wizard {
    /// Works out the changes that would declare these packages (or all whose declaration is open) and shows them.
    pub(super) fn open_review(&mut self, packages: Option<Vec<PackageId>>) -> Vec<Effect> {
        let Some(local) = self.facts.local.value() else { return Vec::new() };
        let wanted: Vec<Wanted<'_>> = self
            .plan
            .rows
            .iter()
            .filter(|row| match &packages {
                Some(ids) => ids.contains(&row.package.id),
                None => row.step(StepKind::Declare).is_some_and(|step| step.state == StepState::Open),
            })
            .filter_map(|row| {
                let publisher = row.wanted.as_ref().ok()?;
                let policy = TrustPolicy {
                    workflow: Some(publisher.workflow.file_alone().clone()),
                    environment: publisher.environment.clone(),
                    repository: Some(publisher.repository.clone()),
                    tag_pattern: plan::tags_of(&self.facts, &row.package).map(|tags| tags.pattern),
                    workflow_repository: publisher.workflow.home().cloned(),
                };
                let kind = row.package.id.registry.kind();
                Some(Wanted { package: &row.package, kind, policy })
            })
            .collect();
        let declaration = config::declare(&local.config_files, self.settings.config.as_ref(), &wanted);
        if declaration.changes.is_empty() && declaration.refused.is_empty() {
            self.status = Some("every policy is declared already".to_owned());
            return self.next_group();
        }
        self.show_review(declaration.changes, declaration.refused, Vec::new(), Vec::new())
    }

    /// Works out the repairs of the workflows that publish these packages and shows them. Where nothing is known to do, the
    /// step itself says what is wrong.
    pub(super) fn open_repairs(&mut self, step: StepScreen) -> Vec<Effect> {
        let rows: Vec<&Row> = step.items.iter().filter_map(|item| self.plan.row(&item.package)).collect();
        let repairs = plan::repairs(&self.facts, &rows);
        if repairs.changes.is_empty() && repairs.refused.is_empty() {
            self.screen = Screen::Step(step);
            return Vec::new();
        }
        let mut notes = repairs.notes;
        let mut refused = repairs.refused;
        for refused in refused.iter_mut().filter(|refused| refused.paste.is_empty()) {
            // No repair of the file is known: what the registry's own guide says is the best there is.
            if let Some(id) = refused.packages.first() {
                refused.paste = paste_lines(&registry::guides(id.registry).oidc_login());
            }
        }
        if repairs.changes.iter().any(|change| change.before.is_some()) {
            notes.push(KEEP.to_owned());
        } else if !repairs.changes.is_empty() {
            notes.push(PUSH.to_owned());
        }
        notes.extend(repairs.splits.iter().map(|split| offer(&split.change.path)));
        self.show_review(repairs.changes, refused, notes, repairs.splits)
    }

    fn show_review(
        &mut self,
        changes: Vec<FileChange>,
        refused: Vec<Refused>,
        notes: Vec<String>,
        splits: Vec<plan::Split>,
    ) -> Vec<Effect> {
        let parting = |change: &FileChange| {
            let split = splits.iter().find(|split| split.change.path == change.path)?;
            Some(Parting { other: split.change.clone(), notes: split.notes.clone(), taken: false })
        };
        let item = |change: FileChange| ReviewItem {
            split: parting(&change),
            change,
            take: true,
            open: true,
            result: None,
            writing: false,
        };
        let items = changes.into_iter().map(item).collect();
        self.screen = Screen::Review(Review { items, refused, notes, cursor: 0, scroll: 0 });
        Vec::new()
    }

    pub(super) fn act_review(&mut self, action: Action) -> Vec<Effect> {
        let page = self.page.saturating_sub(4).max(1);
        let writable = self.facts.local.value().is_some_and(|local| local.writable);
        let Screen::Review(review) = &mut self.screen else { return Vec::new() };
        match action {
            Action::Write if !writable => {
                self.status = Some("there is no checkout here to write to: save a patch with p".to_owned());
                Vec::new()
            }
            Action::Write => {
                let mut effects = Vec::new();
                for item in review.items.iter_mut().filter(|item| item.take && !item.writing && !item.is_written()) {
                    item.writing = true;
                    effects.push(Effect::Write(item.change.clone()));
                }
                if !review.is_writing() {
                    self.status = Some("nothing is taken, nothing is written".to_owned());
                }
                effects
            }
            Action::Toggle => {
                let open = |item: &&mut ReviewItem| !item.writing && !item.is_written();
                if let Some(item) = review.items.get_mut(review.cursor).filter(open) {
                    item.take = !item.take;
                }
                Vec::new()
            }
            Action::OtherWay => {
                review.part();
                Vec::new()
            }
            Action::Show => {
                if let Some(item) = review.items.get_mut(review.cursor) {
                    item.open = !item.open;
                }
                Vec::new()
            }
            Action::Patch => {
                let taken = review.items.iter().filter(|item| item.take).map(|item| item.change.patch());
                vec![Effect::SavePatch(taken.collect())]
            }
            Action::Up if review.items.len() > 1 && review.scroll == 0 => {
                review.cursor = review.cursor.saturating_sub(1);
                Vec::new()
            }
            Action::Down if review.cursor + 1 < review.items.len() => {
                review.cursor += 1;
                Vec::new()
            }
            Action::Up => scroll(review, -1),
            Action::Down => scroll(review, 1),
            Action::PageUp => scroll(review, -page.cast_signed()),
            Action::PageDown => scroll(review, page.cast_signed()),
            Action::Back if !review.is_writing() => self.home(),
            _ => Vec::new(),
        }
    }

    /// A file was written, or not.
    pub(super) fn written(&mut self, path: &RelPath, result: Result<(), Report>) -> Vec<Effect> {
        let mut line = None;
        let mut all_written = false;
        if let Screen::Review(review) = &mut self.screen {
            if let Some(item) = review.items.iter_mut().find(|item| item.change.path == *path) {
                item.writing = false;
                if result.is_ok() {
                    item.open = false;
                    line = Some(changed_lines(&item.change));
                }
                item.result = Some(result.clone());
            }
            all_written = review.is_written();
        }
        match result {
            Ok(()) => {
                self.failed.remove(path.as_str());
                let what = line.map(|l| format!("{path} ({l})")).unwrap_or_else(|| path.to_string());
                self.note_done(Mark::Yes, "wrote", what.clone());
                self.status = Some(format!("wrote {what}"));
            }
            Err(report) => {
                self.failed.insert(path.to_string());
                self.overlay = super::Overlay::Problem(report);
            }
        }
        let mut effects = vec![self.read(Read::Look(Scope::Checkout))];
        if all_written {
            effects.extend(self.next_group());
        }
        effects
    }

    pub(super) fn ask_review(&self, review: &Review) -> Ask {
        let mut body = Vec::new();
        for item in &review.items {
            let head = format!("{} {}", item.change.path, changed_lines(&item.change));
            body.push(match (&item.result, item.take) {
                (Some(Ok(())), _) => Para::Marked(Mark::Yes, format!("{head}: written")),
                (Some(Err(report)), _) => Para::Marked(Mark::Refused, format!("{head}: {}", report.line())),
                (None, true) => Para::Strong(format!("{head}: will be written")),
                (None, false) => Para::Strong(format!("{head}: left out")),
            });
            for line in item.change.hunks(2) {
                body.push(Para::Verbatim(diff_text(&line)));
            }
        }
        for refused in &review.refused {
            body.extend(refused_paras(refused));
        }
        body.extend(review.notes.iter().cloned().map(Para::Text));
        body.push(Para::Text(review.promise()));
        let items = review
            .items
            .iter()
            .map(|item| Item {
                label: format!("{}: {}", item.change.path, if item.take { "will be written" } else { "left out" }),
                detail: Vec::new(),
            })
            .collect();
        let title = match review.items.len() {
            1 => "Review: 1 file".to_owned(),
            n => format!("Review: {n} files"),
        };
        Ask::note("review", title, body).wanting(AskKind::Choice { items, cursor: review.cursor })
    }
}

/// Says of a file that its publishing can have a job of its own.
fn offer(path: &RelPath) -> String {
    format!(
        "Safer, and not needed: in {} the publishing can have a job of its own, so that no step of the build can ask for the \
         identity that publishes. It is written only if you choose it (\"one job or two\").",
        path.file_name()
    )
}

/// What untoken will not write, as text with the lines to paste.
#[must_use]
pub fn refused_paras(refused: &Refused) -> Vec<Para> {
    let names = refused.packages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut paras = vec![
        Para::Marked(Mark::Refused, format!("{}: not written for {names}: {}", refused.file, refused.why)),
        Para::Text("Lines to paste:".into()),
    ];
    paras.extend(refused.paste.lines().map(|line| Para::Verbatim(line.to_owned())));
    paras
}

/// `+8 -0`
#[must_use]
pub fn changed_lines(change: &FileChange) -> String {
    format!("+{} -{}", change.added(), change.removed())
}

/// Scrolls; the face keeps the last rows on the screen, so that a bound that is too large does no harm.
fn scroll(review: &mut Review, by: isize) -> Vec<Effect> {
    let rows = |text: &str| 1 + text.chars().count() / 40;
    let of_item = |item: &ReviewItem| match item.open {
        true => item.change.hunks(2).iter().map(|line| rows(&line.text)).sum::<usize>() + 1,
        false => 1,
    };
    let changes: usize = review.items.iter().map(of_item).sum();
    let refused: usize = review.refused.iter().map(|one| rows(&one.why) + one.paste.lines().count() + 4).sum();
    let notes: usize = review.notes.iter().map(|note| rows(note) + 1).sum();
    let most = (changes + refused + notes).saturating_sub(3);
    review.scroll = review.scroll.saturating_add_signed(by).min(most);
    Vec::new()
}

/// A line of a diff as the plain face prints it.
fn diff_text(line: &crate::model::DiffLine) -> String {
    let sign = match line.kind {
        DiffKind::Same => ' ',
        DiffKind::Added => '+',
        DiffKind::Removed => '-',
    };
    format!("{sign}{}", line.text.trim_end_matches(['\r', '\n']))
}
