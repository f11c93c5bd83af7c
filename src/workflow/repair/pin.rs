//! Actions by commit, with the version as a comment beside it.

use super::document::{Change, Document, Edit, Path};
use super::mend::Note;
use super::{ActionName, Obstacle, Pin, Pins, Splice, StepRef, lines};
use crate::model::JobId;

pub(super) fn apply(
    doc: &mut Document,
    job: &JobId,
    action: &ActionName,
    pins: &Pins,
    notes: &mut Vec<Note>,
) -> Result<(), Obstacle> {
    let count = doc.job(job)?.steps.len();
    for index in 0..count {
        let Some(step) = StepRef::nth(doc.job(job)?, index) else { continue };
        let Some((index, step)) = doc.step(job, step)? else { continue };
        let Some((name, reference)) = step.action().filter(|(name, _)| name == action.as_str()) else { continue };
        if reference.len() == 40 && reference.chars().all(|c| c.is_ascii_hexdigit()) {
            continue;
        }
        let Some(pin) = pins.meant_by(action, reference) else {
            notes.push(format!("{name}@{reference} stays as it is: untoken knows no commit of it"));
            continue;
        };
        notes.extend(pins.moved(action));
        let edit = pinned(doc, &Path::step(job, index).key("uses"), pin)?;
        doc.make(edit)?;
    }
    Ok(())
}

/// The ref replaced; what stands around it stays, a comment behind it too.
fn pinned(doc: &Document, path: &Path, pin: &Pin) -> Result<Edit, Obstacle> {
    let node = doc.reach(path)?;
    let text = doc.text();
    let old = &text[node.start..node.end];
    let rest = lines::after(text, node.end);
    if node.is_block_text() || old.contains('\n') || !lines::is_idle(rest) {
        return Err(Obstacle::Odd);
    }
    let said = node.text().ok_or(Obstacle::Odd)?;
    let (name, _) = said.split_once('@').ok_or(Obstacle::Odd)?;
    let at = node.start + old.find('@').ok_or(Obstacle::Odd)? + 1;
    let quote = old.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let new = format!("{name}@{}", pin.sha);
    let quote = quote.map(String::from).unwrap_or_default();
    let splice =
        Splice { at, removed: text[at..node.end].to_owned(), added: format!("{}{quote} # {}", pin.sha, pin.version) };
    Ok(Edit { splices: vec![splice], changes: vec![Change::Set(path.clone(), new.into())] })
}
