//! The step that exchanges GitHub's OIDC token for one of crates.io, and the publishing step that takes it.

use serde_json::{Map, Value};

use super::super::model::{Job, Step};
use super::document::{Document, Path};
use super::edit::{New, Spot, add_entry, add_item, set_text, unit};
use super::{AUTH_ACTION as ACTION, ActionName, Obstacle, Pins, StepRef, TokenInto, lines};
use crate::model::JobId;

/// The tag that is used where no commit is known.
const TAG: &str = "v1";

pub(super) fn apply(
    doc: &mut Document,
    job: &JobId,
    publish: StepRef,
    into: &TokenInto,
    url: Option<&str>,
) -> Result<(), Obstacle> {
    let Some((index, step)) = doc.step(job, publish)? else { return Ok(()) };
    let body = doc.job(job)?;
    let found = body.steps[..index].iter().rposition(|other| serves(other, step, url));
    let id = found.and_then(|at| body.steps[at].id.as_ref()).map(|id| id.value.clone());
    let id = id.unwrap_or_else(|| free_id(body));
    let condition = step.condition.as_ref().map(|text| text.value.clone());
    give(doc, job, index, into, &format!("${{{{ steps.{id}.outputs.token }}}}"))?;
    match found {
        Some(at) if doc.has(&Path::step(job, at).key("id")) => Ok(()),
        Some(at) => {
            let edit = add_entry(doc, &Path::step(job, at), Spot::After("uses"), "id", &New::Text(id))?;
            doc.make(edit)
        }
        None => insert(doc, job, index, &id, condition, url),
    }
}

/// Whether a step logs in for another one: it runs whenever that one does.
fn serves(step: &Step, publish: &Step, url: Option<&str>) -> bool {
    let condition = |step: &Step| step.condition.as_ref().map(|text| text.value.trim().to_owned());
    step.action().is_some_and(|(name, _)| name == ACTION)
        && step.input("url").map(|text| text.value.as_str()) == url
        && (step.condition.is_none() || condition(step) == condition(publish))
}

fn free_id(job: &Job) -> String {
    let taken = |id: &String| job.steps.iter().any(|step| step.id.as_ref().is_some_and(|text| text.value == *id));
    let numbered = (2..).map(|number| format!("crates-io-auth-{number}"));
    let mut ids = ["auth", "crates-io-auth"].map(str::to_owned).into_iter().chain(numbered);
    ids.find(|id| !taken(id)).unwrap_or_default()
}

/// Sets the variable or the input to the exchanged token.
fn give(doc: &mut Document, job: &JobId, index: usize, into: &TokenInto, token: &str) -> Result<(), Obstacle> {
    let step = Path::step(job, index);
    let body = &doc.job(job)?.steps[index];
    let (block, name) = match into {
        TokenInto::Env(name) => ("env", name.clone()),
        TokenInto::Input(name) => {
            let there = body.with.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(name));
            ("with", there.map_or_else(|| name.clone(), |(key, _)| key.value.clone()))
        }
    };
    let map = step.key(block);
    let entry = map.key(&name);
    let edit = if doc.says(&entry).and_then(Value::as_str) == Some(token) {
        return Ok(());
    } else if doc.has(&entry) {
        set_text(doc, &entry, token)?
    } else if doc.has(&map) {
        add_entry(doc, &map, Spot::Last, &name, &New::Text(token.to_owned()))?
    } else {
        let after = if body.run.is_some() { "run" } else { "uses" };
        add_entry(doc, &step, Spot::After(after), block, &New::Map(vec![(name, token.to_owned())]))?
    };
    doc.make(edit)
}

fn insert(
    doc: &mut Document,
    job: &JobId,
    index: usize,
    id: &str,
    condition: Option<String>,
    url: Option<&str>,
) -> Result<(), Obstacle> {
    let (uses, comment) = pinned();
    let mut rows = vec![format!("uses: {uses}{comment}"), format!("id: {id}")];
    let mut meaning = Map::new();
    meaning.insert("uses".to_owned(), uses.into());
    meaning.insert("id".to_owned(), id.into());
    if let Some(condition) = condition {
        // Without it the step would ask for a token in runs that publish nothing, and fail where there is none.
        if condition.contains('\n') {
            return Err(Obstacle::other("the condition of the step that publishes has more than one line"));
        }
        rows.push(format!("if: {}", lines::scalar(&condition)));
        meaning.insert("if".to_owned(), condition.into());
    }
    if let Some(url) = url {
        let with = New::Map(vec![("url".to_owned(), url.to_owned())]);
        rows.extend(with.lines("with", unit(doc, &Path::step(job, index))));
        meaning.insert("with".to_owned(), serde_json::json!({ "url": url }));
    }
    let edit = add_item(doc, &Path::job(job).key("steps"), index, &rows, Value::Object(meaning))?;
    doc.make(edit)?;
    doc.moves.came(job, index);
    Ok(())
}

/// The action as it is written after `uses:`, and the comment behind it.
pub(super) fn pinned() -> (String, String) {
    let pin = ActionName::new(ACTION).ok().and_then(|name| Pins::known().of(&name).cloned());
    match pin {
        Some(pin) => (format!("{ACTION}@{}", pin.sha), format!(" # {}", pin.version)),
        None => (format!("{ACTION}@{TAG}"), String::new()),
    }
}
