//! The second look at an edit, which trusts nothing of the first: what was wanted reads back, and nothing else changed.

use serde_json::{Map, Value};

use super::document::Document;
use super::edit::{Keys, Splice};
use super::monochange::SETTINGS;
use super::policy::{BLOCK, ENVIRONMENT, REPOSITORY, TAG_PATTERN, WORKFLOW, WORKFLOW_REPOSITORY};
use crate::model::TrustPolicy;

/// What an edit did that it must not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsound {
    #[error("the result would not be TOML that untoken reads")]
    Unreadable,
    #[error("the result would not say what is wanted")]
    NotThere,
    #[error("the result would say something else of other things")]
    OtherThings,
    #[error("the result would lose a line")]
    LostLine,
}

/// What an edit was for.
pub(super) enum Edit {
    /// Setting the policy of the package with this index.
    Set(usize),
    /// Adding a package at the end.
    Added,
}

/// Holds the new text against the old one.
pub(super) fn verify(
    old: &Document,
    new: &str,
    splices: &[Splice],
    edit: &Edit,
    policy: &TrustPolicy,
) -> Result<(), Unsound> {
    let mut before = meaning(old.text())?;
    let mut after = meaning(new)?;
    let is = match edit {
        Edit::Set(index) => {
            take_policy(&mut before, *index);
            take_policy(&mut after, *index)
        }
        Edit::Added => packages(&mut after).and_then(Vec::pop).and_then(|mut p| p.as_object_mut()?.remove(BLOCK)),
    };
    if packages(&mut after).is_some_and(|p| p.is_empty()) && before.get("package").is_none() {
        after.as_object_mut().map(|root| root.remove("package"));
    }
    if before != after {
        return Err(Unsound::OtherThings);
    }
    if !is.is_some_and(|is| says(&is, policy)) {
        return Err(Unsound::NotThere);
    }
    if lines_survive(old.text(), new, splices) { Ok(()) } else { Err(Unsound::LostLine) }
}

/// The same for monochange's form: only these keys of one package's settings may differ. What they then mean together with
/// what is inherited is for the reader to say.
pub(super) fn verify_monochange(
    old: &Document,
    new: &str,
    splices: &[Splice],
    id: &str,
    keys: &Keys,
) -> Result<(), Unsound> {
    let (mut before, mut after) = (meaning(old.text())?, meaning(new)?);
    for side in [&mut before, &mut after] {
        take_settings(side, id, keys);
    }
    if before != after {
        return Err(Unsound::OtherThings);
    }
    if lines_survive(old.text(), new, splices) { Ok(()) } else { Err(Unsound::LostLine) }
}

/// The same for a block of monochange's ecosystem: nothing but that may be new. What it means is for the reader to say.
pub(super) fn verify_shared(old: &Document, new: &str, splice: &Splice, ecosystem: &str) -> Result<(), Unsound> {
    let (before, mut after) = (meaning(old.text())?, meaning(new)?);
    take_new(&mut after, &before, &["ecosystems", ecosystem, "publish", SETTINGS]);
    if before != after {
        return Err(Unsound::OtherThings);
    }
    if lines_survive(old.text(), new, std::slice::from_ref(splice)) { Ok(()) } else { Err(Unsound::LostLine) }
}

/// Takes away what stands at the end of a path, and the tables on the way that hold no more and were not there before.
fn take_new(after: &mut Value, before: &Value, path: &[&str]) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let table = after.as_object_mut()?;
    if rest.is_empty() {
        return table.remove(*first).map(drop);
    }
    let was = before.get(first);
    take_new(table.get_mut(*first)?, was.unwrap_or(&Value::Null), rest)?;
    if was.is_none() && table.get(*first)?.as_object()?.is_empty() {
        table.remove(*first);
    }
    Some(())
}

/// Takes the keys away, and what says no more without them than if it were not there.
fn take_settings(root: &mut Value, id: &str, keys: &Keys) -> Option<()> {
    let publish = root.get_mut("package")?.get_mut(id)?.as_object_mut()?;
    let settings = publish.entry("publish").or_insert_with(|| Value::Object(Map::new())).as_object_mut()?;
    if let Some(block) = settings.get_mut(SETTINGS).and_then(Value::as_object_mut) {
        let ours = |key: &String| keys.drop.contains(&key.as_str()) || keys.set.iter().any(|(set, _)| set == key);
        block.retain(|key, _| !ours(key));
        match (block.len(), block.get("enabled")) {
            (0, _) => drop(settings.remove(SETTINGS)),
            (1, Some(Value::Bool(true))) => drop(settings.insert(SETTINGS.to_owned(), Value::Bool(true))),
            _ => {}
        }
    }
    Some(())
}

/// Whether every line that no splice replaced is still there, in order, with its own line end (the last line may get one).
fn lines_survive(old: &str, new: &str, splices: &[Splice]) -> bool {
    let mut rest = new.split_inclusive('\n');
    let mut offset = 0;
    old.split_inclusive('\n').all(|line| {
        let span = offset..offset + line.len();
        offset = span.end;
        let touched = splices.iter().any(|s| s.range.start < span.end && s.range.end > span.start);
        // A splice inside the line (a key put into braces) changes it, though it takes nothing away.
        let entered = splices.iter().any(|s| s.range.start > span.start && s.range.start < span.end);
        touched
            || entered
            || rest.any(|kept| kept == line || !line.ends_with('\n') && kept.trim_end_matches(['\r', '\n']) == line)
    })
}

fn meaning(text: &str) -> Result<Value, Unsound> {
    toml_edit::de::from_str(text).map_err(|_| Unsound::Unreadable)
}

fn packages(root: &mut Value) -> Option<&mut Vec<Value>> {
    root.get_mut("package")?.as_array_mut()
}

fn take_policy(root: &mut Value, index: usize) -> Option<Value> {
    packages(root)?.get_mut(index)?.as_object_mut()?.remove(BLOCK)
}

fn says(block: &Value, policy: &TrustPolicy) -> bool {
    let text = |key: &str| block.get(key).and_then(Value::as_str);
    let given = |key: &str, value: Option<String>| value.is_none() || text(key) == value.as_deref();
    let elsewhere = policy.workflow_repository.as_ref().map(ToString::to_string);
    given(WORKFLOW, policy.workflow.as_ref().map(ToString::to_string))
        && text(ENVIRONMENT) == policy.environment.as_ref().map(|e| e.as_str())
        && given(REPOSITORY, policy.repository.as_ref().map(ToString::to_string))
        && given(TAG_PATTERN, policy.tag_pattern.as_ref().map(ToString::to_string))
        && text(WORKFLOW_REPOSITORY) == elsewhere.as_deref()
}
