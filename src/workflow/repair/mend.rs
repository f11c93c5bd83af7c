//! Repairs applied: all of a file or none, looked at again before they are handed out.

use std::sync::Arc;

use super::document::Document;
use super::{Obstacle, Pins, Repair, drop, environment, login, npm, paste, permissions, pin, script, split};
use crate::model::{FileChange, SourceFile};

/// One place of a text that changes. Applied in order, each at a byte of the text as the ones before left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The byte, from 0.
    pub at: usize,
    /// What stood there.
    pub removed: String,
    /// What stands there.
    pub added: String,
}

impl Splice {
    /// Makes the change; `None` if the text is another one.
    pub(super) fn apply(&self, text: &mut String) -> Option<()> {
        let end = self.at + self.removed.len();
        (text.get(self.at..end)? == self.removed).then(|| text.replace_range(self.at..end, &self.added))
    }

    /// The change that takes this one back.
    #[must_use]
    pub fn reverse(&self) -> Self {
        Self { at: self.at, removed: self.added.clone(), added: self.removed.clone() }
    }
}

/// What a person should know of a repair, as a sentence.
pub type Note = String;

/// A mended file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The file before and after; the same where all held already.
    pub change: FileChange,
    /// The splices that lead from one to the other.
    pub splices: Vec<Splice>,
    /// What a person should know.
    pub notes: Vec<Note>,
}

impl Mended {
    /// Whether nothing had to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.splices.is_empty()
    }

    /// The bytes before, got from those after by taking every splice back; `None` never happens to what [`mend`] gave.
    #[must_use]
    pub fn undone(&self) -> Option<Arc<[u8]>> {
        let mut text = String::from_utf8(self.change.after.to_vec()).ok()?;
        for splice in self.splices.iter().rev() {
            splice.reverse().apply(&mut text)?;
        }
        Some(Arc::from(text.into_bytes()))
    }
}

/// Why a file is not written, and what a person can do instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// Why, as a fragment.
    pub why: String,
    /// The lines to paste, those of all repairs that were asked for; comments among them say where.
    pub paste: Vec<String>,
}

/// Makes all these repairs on a file, or none.
///
/// `check` looks at the result, best with the forecast that asked for the repairs: what it refuses is withdrawn. Making the
/// same repairs on the result changes nothing.
///
/// # Errors
///
/// One of the repairs can't be made safely, or the result is not what it should be.
pub fn mend(
    file: &SourceFile,
    repairs: &[Repair],
    check: impl Fn(&SourceFile) -> Result<(), String>,
) -> Result<Mended, Refusal> {
    mend_with(file, repairs, Pins::known(), check)
}

/// The same with other pins than those that are shipped.
///
/// # Errors
///
/// As [`mend`].
pub fn mend_with(
    file: &SourceFile,
    repairs: &[Repair],
    pins: &Pins,
    check: impl Fn(&SourceFile) -> Result<(), String>,
) -> Result<Mended, Refusal> {
    let refuse = |why: String| Refusal { why, paste: paste::lines(Document::open(file).ok().as_ref(), repairs, pins) };
    let mut doc = Document::open(file).map_err(|obstacle| refuse(obstacle.to_string()))?;
    let mut notes = Vec::new();
    let mut ordered: Vec<&Repair> = repairs.iter().collect();
    ordered.sort_by_key(|repair| rank(repair));
    for repair in ordered {
        one(&mut doc, repair, pins, &mut notes).map_err(|obstacle| refuse(obstacle.to_string()))?;
    }
    let change =
        FileChange { path: file.path.clone(), before: Some(file.bytes.clone()), after: doc.file().bytes.clone() };
    let mended = Mended { change, splices: std::mem::take(&mut doc.splices), notes };
    if mended.undone().as_deref() != Some(&file.bytes[..]) {
        return Err(refuse(Obstacle::Unsound.to_string()));
    }
    check(doc.file()).map_err(|why| refuse(format!("the result would still be refused: {why}")))?;
    Ok(mended)
}

/// The order in which repairs meet: a new token takes the old one's place before the old one is looked for, and what uses a
/// variable goes before the variable.
fn rank(repair: &Repair) -> u8 {
    match repair {
        Repair::PinAction { .. } => 0,
        Repair::DropOption { .. } => 1,
        Repair::DropLogin { .. } => 2,
        Repair::LoginStep { .. } => 3,
        Repair::DropInput { .. } | Repair::DropRegistryUrl { .. } => 4,
        Repair::DropEnv { .. } => 5,
        Repair::NpmNewEnough { .. } => 6,
        Repair::JobPermissions { .. } => 7,
        Repair::Environment { .. } => 8,
        Repair::SplitIdToken { .. } => 9,
    }
}

fn one(doc: &mut Document, repair: &Repair, pins: &Pins, notes: &mut Vec<Note>) -> Result<(), Obstacle> {
    match repair {
        Repair::JobPermissions { job, scopes } => permissions::apply(doc, job, scopes, notes),
        Repair::Environment { job, name } => environment::apply(doc, job, name),
        Repair::LoginStep { job, publish, login } => login::apply(doc, job, *publish, (login, pins), notes),
        Repair::DropEnv { level, name } => drop::env(doc, level, name, notes),
        Repair::DropInput { job, step, name } => drop::input(doc, job, *step, name),
        Repair::DropOption { job, step, program, option, tokens } => {
            script::drop_option(doc, job, *step, (program, option), tokens)
        }
        Repair::DropLogin { job, step, mark, tokens } => script::drop_login(doc, job, *step, mark, tokens),
        Repair::DropRegistryUrl { job, step } => drop::registry_url(doc, job, *step),
        Repair::NpmNewEnough { job, publish } => npm::apply(doc, job, *publish),
        Repair::SplitIdToken { job, publish } => split::apply(doc, job, *publish, pins, notes),
        Repair::PinAction { job, action } => pin::apply(doc, job, action, pins, notes),
    }
}
