//! Variables and inputs that hold a token, taken out.
//!
//! The secret itself stays where it is. What still mentions a variable keeps it: an empty one would be read in its place.

use serde_json::Value;

use super::document::{Document, Path};
use super::edit::remove_entry;
use super::mend::Note;
use super::{Level, Obstacle, StepRef};
use crate::model::JobId;

pub(super) fn env(doc: &mut Document, level: &Level, name: &str, notes: &mut Vec<Note>) -> Result<(), Obstacle> {
    let owner = match level {
        Level::Workflow => Path::default(),
        Level::Job(job) => {
            doc.job(job)?;
            Path::job(job)
        }
        Level::Step(job, step) => match doc.step(job, *step)? {
            Some((index, _)) => Path::step(job, index),
            None => return Ok(()),
        },
    };
    let map = owner.key("env");
    if !holds_token(doc, &map.key(name)) {
        return Ok(());
    }
    let edit = remove_entry(doc, &map, name)?;
    doc.make(edit)?;
    let scope = doc.says(&owner).unwrap_or(&Value::Null);
    if mentions(scope, name) {
        return Err(Obstacle::other(format!("the variable {name} is used by more than the tool that publishes")));
    }
    if !matches!(level, Level::Step(..)) {
        notes.push(format!(
            "{name} was set for every step; one that reads private packages with it needs it at that step from now on"
        ));
    }
    Ok(())
}

pub(super) fn input(doc: &mut Document, job: &JobId, step: StepRef, name: &str) -> Result<(), Obstacle> {
    let Some((index, body)) = doc.step(job, step)? else { return Ok(()) };
    let Some((key, _)) = body.with.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(name)) else { return Ok(()) };
    let (map, key) = (Path::step(job, index).key("with"), key.value.clone());
    if !holds_token(doc, &map.key(&key)) {
        return Ok(());
    }
    let edit = remove_entry(doc, &map, &key)?;
    doc.make(edit)
}

pub(super) fn registry_url(doc: &mut Document, job: &JobId, step: StepRef) -> Result<(), Obstacle> {
    let Some((index, body)) = doc.step(job, step)? else { return Ok(()) };
    if body.action().is_none_or(|(name, _)| name != "actions/setup-node") {
        return Err(Obstacle::other(format!(
            "the step does not set node up, so the job {job} has no such placeholder"
        )));
    }
    let found = body.with.iter().find(|(key, _)| key.value.eq_ignore_ascii_case("registry-url"));
    let Some((key, url)) = found else { return Ok(()) };
    if url.value.contains("${{") {
        return Err(Obstacle::other("only a run decides which registry node is set up for"));
    }
    let host = url.value.trim().split_once("//").map_or(url.value.trim(), |(_, rest)| rest);
    if host.trim_end_matches('/') != "registry.npmjs.org" {
        return Ok(());
    }
    let edit = remove_entry(doc, &Path::step(job, index).key("with"), &key.value)?;
    doc.make(edit)
}

/// Whether an entry is there that may hold a long-lived token: what a step of the job put out is none.
fn holds_token(doc: &Document, entry: &Path) -> bool {
    match doc.says(entry) {
        Some(Value::String(text)) => text.contains("secrets") || !text.contains("steps."),
        Some(_) => true,
        None => false,
    }
}

/// Whether a text below names a variable: `$NAME`, `${NAME}`, `env.NAME`, `%NAME%`. A secret of the same name is none, and
/// what sets a variable of that name anew means its own.
fn mentions(value: &Value, name: &str) -> bool {
    match value {
        Value::String(text) => text.match_indices(name).any(|(at, _)| {
            let before = &text[..at];
            let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            let whole = !text[at + name.len()..].starts_with(part);
            whole && (before.ends_with(['$', '{', '%', ':', '\'', '"']) || before.ends_with("env."))
        }),
        Value::Array(items) => items.iter().any(|item| mentions(item, name)),
        Value::Object(entries) if entries.get("env").is_some_and(|env| env.get(name).is_some()) => {
            // The values that are set there are worked out before.
            entries.get("env").is_some_and(|env| mentions(env, name))
        }
        Value::Object(entries) => entries.values().any(|value| mentions(value, name)),
        _ => false,
    }
}
