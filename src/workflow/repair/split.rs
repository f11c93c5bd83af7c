//! `id-token` split off a job that also builds: its last step, which publishes at PyPI, gets a job of its own.
//!
//! The publishing step stays where it is, to the byte; what is new stands right before it: a step that hands the built files
//! over, the head of the new job, and a step that fetches them. The environment and the line with `id-token` move to the new
//! job as they are written. Only the plainest shape is written: nothing in the publishing step may come from the job that it
//! leaves, and nothing in that job may need what goes.

use serde_json::{Value, json};

use super::super::model::{Job, Permissions, Step};
use super::document::{Change, Document, Edit, Path};
use super::edit::{above_comments, apart, dash, entries_column, unit};
use super::layout::{Kind, Node};
use super::mend::Note;
use super::{ActionName, Obstacle, Pins, Splice, StepRef, lines};
use crate::model::JobId;

/// The action that publishes at PyPI. Source: its README (`packages-dir`, by default `dist`), read 2026-11-21.
const PUBLISH: &str = "pypa/gh-action-pypi-publish";
const UPLOAD: &str = "actions/upload-artifact";
const DOWNLOAD: &str = "actions/download-artifact";

/// What a job may say beside its steps: none of it reaches the publishing step, or it moves with it.
const JOB_KEYS: &[&str] =
    &["name", "runs-on", "permissions", "environment", "steps", "needs", "timeout-minutes", "defaults"];

/// What the publishing step may say.
const STEP_KEYS: &[&str] = &["name", "uses", "with"];

/// Words of steps that may ask for an OIDC token of their own, or publish too.
const NEEDS_TOKEN: &[&str] = &[
    "attest",
    "sigstore",
    "cosign",
    "slsa",
    "aws",
    "azure",
    "gcloud",
    "google",
    "vault",
    "oidc",
    "id_token",
    "id-token",
    "login",
    "publish",
    "twine",
    "upload-pypi",
    "sign",
];

pub(super) fn apply(
    doc: &mut Document,
    id: &JobId,
    publish: StepRef,
    pins: &Pins,
    notes: &mut Vec<Note>,
) -> Result<(), Obstacle> {
    let Some((index, step)) = doc.step(id, publish)? else { return Ok(()) };
    let job = doc.job(id)?;
    if is_split(doc, job, index, step) {
        return Ok(());
    }
    if !uses(step, PUBLISH) {
        return Err(Obstacle::other(format!("the job {id} also builds, and two jobs out of one are your decision")));
    }
    let dir = packages_dir(doc, id, index, step)?;
    alone(doc, job, index)?;
    let edit = edit(doc, job, index, &dir, pins)?;
    doc.make(edit)?;
    notes.push(format!(
        "the job {id} hands {dir}/ over to the new job as an artifact, which whoever may read the repository can download \
         until it expires; a script of it that asks for an OIDC token gets none from now on"
    ));
    Ok(())
}

/// Whether the job has nothing to split: it hands its files over already, or does nothing but fetch and publish.
fn is_split(doc: &Document, job: &Job, index: usize, step: &Step) -> bool {
    let asks = doc.has(&Path::job(&job.id).key("permissions").key("id-token"));
    let fetches = !job.steps[..index].is_empty() && job.steps[..index].iter().all(|step| uses(step, DOWNLOAD));
    (uses(step, UPLOAD) && !asks) || (uses(step, PUBLISH) && fetches)
}

fn uses(step: &Step, action: &str) -> bool {
    step.action().is_some_and(|(name, _)| name == action)
}

/// The folder that the publishing step reads, if the step takes nothing else from its job.
fn packages_dir(doc: &Document, id: &JobId, index: usize, step: &Step) -> Result<String, Obstacle> {
    let path = Path::step(id, index);
    let keys = doc.says(&path).and_then(Value::as_object).ok_or(Obstacle::Odd)?;
    if let Some(key) = keys.keys().find(|key| !STEP_KEYS.contains(&key.as_str())) {
        return Err(Obstacle::other(format!("the step that publishes has `{key}:`, which may mean its job")));
    }
    if step.input("password").is_some() {
        return Err(Obstacle::other("the step that publishes still takes a token"));
    }
    if has_expression(doc.says(&path)) {
        return Err(Obstacle::other("the step that publishes takes what only a run decides (`${{`)"));
    }
    let given = step.input("packages-dir").or_else(|| step.input("packages_dir"));
    let dir = given.map_or("dist", |text| text.value.trim_start_matches("./").trim_end_matches('/'));
    let plain = |part: &str| {
        let clean = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        part.chars().all(clean) && part.chars().any(|c| c.is_ascii_alphanumeric())
    };
    if dir.split('/').all(plain) {
        Ok(dir.to_owned())
    } else {
        Err(Obstacle::other("the folder of the packages is no plain one inside the checkout"))
    }
}

/// Refuses a job that would be another one without its last step, its environment or its token.
fn alone(doc: &Document, job: &Job, index: usize) -> Result<(), Obstacle> {
    let refuse = |why: String| Err(Obstacle::other(why));
    let (id, body) = (&job.id, doc.says(&Path::job(&job.id)).and_then(Value::as_object).ok_or(Obstacle::Odd)?);
    if let Some(key) = body.keys().find(|key| !JOB_KEYS.contains(&key.as_str())) {
        return refuse(format!("the job {id} has `{key}:`, which the step that publishes may need"));
    }
    if index == 0 || index + 1 != job.steps.len() {
        return refuse(format!("the step that publishes is not the last of several in the job {id}"));
    }
    let workflow = doc.workflow();
    if let Some(other) = workflow.jobs.iter().find(|other| other.needs.iter().any(|text| text.value == id.as_str())) {
        return refuse(format!("the job {} waits for {id}, and would no longer wait for the publishing", other.id));
    }
    if gives_token(&workflow.permissions) {
        return refuse("id-token: write stands for the whole workflow: take it out there first".to_owned());
    }
    if !matches!(job.permissions, Permissions::Only { .. }) || !gives_token(&job.permissions) {
        return refuse(format!("the job {id} does not name id-token: write in a block of its own"));
    }
    let steps = &job.steps[..index];
    let texts = |step: &Step| [step.uses.clone(), step.run.clone()].into_iter().flatten().collect::<Vec<_>>();
    let words = steps.iter().flat_map(texts).map(|text| text.value.to_ascii_lowercase());
    let found = words.into_iter().find_map(|text| NEEDS_TOKEN.iter().find(|word| text.contains(**word)));
    if let Some(word) = found {
        return refuse(format!("another step of the job {id} may need id-token itself (`{word}`)"));
    }
    let rest = || job.texts.iter().map(|text| text.value.replace("secrets.GITHUB_TOKEN", ""));
    let environment = body.get("environment");
    if environment.is_some() && rest().any(|text| text.contains("secrets") || text.contains("vars")) {
        return refuse(format!("a step of the job {id} may read a secret or a variable of its environment"));
    }
    if has_expression(environment) {
        return refuse(format!("the environment of the job {id} says what only a run decides (`${{{{`)"));
    }
    Ok(())
}

fn gives_token(permissions: &Permissions) -> bool {
    match permissions {
        Permissions::WriteAll(_) => true,
        Permissions::Only { scopes, .. } => scopes.iter().any(|(s, l)| s.value == "id-token" && l.value == "write"),
        _ => false,
    }
}

fn has_expression(value: Option<&Value>) -> bool {
    match value {
        Some(Value::String(text)) => text.contains("${{"),
        Some(Value::Array(items)) => items.iter().any(|item| has_expression(Some(item))),
        Some(Value::Object(entries)) => entries.values().any(|value| has_expression(Some(value))),
        _ => false,
    }
}

/// Lines of an entry as they are written, with the comments right above it.
fn entry(doc: &Document, map: &Path, key: &str) -> Result<Splice, Obstacle> {
    let node = doc.reach(map)?;
    let column = entries_column(doc, map, node)?;
    let (name, value) = node.entry(key).ok_or_else(|| Obstacle::NotThere(key.to_owned()))?;
    if name.anchor > 0 || doc.is_referred_to(value) {
        return Err(Obstacle::Anchored(key.to_owned()));
    }
    let (text, end) = (doc.text(), value.end.max(name.end));
    let (from, to) = (above_comments(text, name.start, column), lines::next_of(text, end));
    if !lines::is_idle(lines::after(text, end)) || value.is_block_text() || !text[..to].ends_with('\n') {
        return Err(Obstacle::Odd);
    }
    Ok(Splice { at: from, removed: text[from..to].to_owned(), added: String::new() })
}

/// The first name that nothing has.
fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// An action by commit: as it says, and as it is written.
fn pinned(name: &str, pins: &Pins) -> Result<(String, String), Obstacle> {
    let pin = ActionName::new(name).ok().and_then(|name| pins.of(&name));
    let pin = pin.ok_or_else(|| Obstacle::other(format!("untoken knows no commit of {name}")))?;
    let said = format!("{name}@{}", pin.sha);
    Ok((said.clone(), format!("{said} # {}", pin.version)))
}

fn edit(doc: &Document, job: &Job, index: usize, dir: &str, pins: &Pins) -> Result<Edit, Obstacle> {
    let own = Path::job(&job.id);
    let (permissions, at) = (own.key("permissions"), Path::step(&job.id, index));
    let (head, list) = (doc.reach(&own)?, doc.reach(&own.key("steps"))?);
    if head.entries().last().is_none_or(|(key, _)| key.text() != Some("steps")) {
        return Err(Obstacle::other(format!("the steps are not the last part of the job {}", job.id)));
    }
    if doc.is_referred_to(doc.reach(&at)?) {
        return Err(Obstacle::Anchored("the step that publishes".to_owned()));
    }
    let mut token = entry(doc, &permissions, "id-token")?;
    let environment = doc.has(&own.key("environment")).then(|| entry(doc, &own, "environment")).transpose()?;
    let jobs = &doc.workflow().jobs;
    let new = free("publish", |name| jobs.iter().any(|job| job.id.as_str().eq_ignore_ascii_case(name)));
    let artifact = free("package", |name| jobs.iter().any(|job| job.texts.iter().any(|text| text.value == name)));
    let columns = Columns::of(doc, &own, head)?;
    let moved = Moved { environment: environment.as_ref().map_or("", |cut| &cut.removed), token: &token.removed };
    let (upload, download) = (pinned(UPLOAD, pins)?, pinned(DOWNLOAD, pins)?);
    let files = Files { artifact: &artifact, dir, upload: &upload.1, download: &download.1 };
    let insert = insertion(doc, list, index, &job.id, (&new, &columns), &moved, &files)?;

    let with = json!({ "name": artifact, "path": format!("{dir}/") });
    let publish = doc.says(&at).cloned().ok_or(Obstacle::Odd)?;
    let steps = json!([{ "uses": download.0, "with": with.clone() }, publish]);
    let mut said = json!({
        "needs": job.id.as_str(), "runs-on": "ubuntu-latest", "permissions": { "id-token": "write" }, "steps": steps,
    });
    let mut changes =
        vec![Change::Set(at, json!({ "uses": upload.0, "with": with })), Change::Remove(permissions.key("id-token"))];
    if let Some(named) = doc.says(&own.key("environment")) {
        said["environment"] = named.clone();
        changes.push(Change::Remove(own.key("environment")));
    }
    if doc.reach(&permissions)?.entries().len() == 1 {
        let pad = " ".repeat(entries_column(doc, &permissions, doc.reach(&permissions)?)?);
        token.added = format!("{pad}contents: read{}", lines::end_at(doc.text(), token.at));
        changes.push(Change::Set(permissions.key("contents"), "read".into()));
    }
    changes.push(Change::Set(Path::default().key("jobs").key(&new), said));
    let mut splices: Vec<Splice> = [Some(insert), Some(token), environment].into_iter().flatten().collect();
    splices.sort_by_key(|splice| std::cmp::Reverse(splice.at));
    Ok(Edit { splices, changes })
}

/// What moves to the new job, in whole lines.
struct Moved<'a> {
    environment: &'a str,
    token: &'a str,
}

/// What one job hands to the other, and by which actions.
struct Files<'a> {
    artifact: &'a str,
    dir: &'a str,
    upload: &'a str,
    download: &'a str,
}

/// How far the id of a job and its keys are indented, and how far a level goes in.
struct Columns {
    id: String,
    keys: String,
    unit: String,
}

impl Columns {
    fn of(doc: &Document, job: &Path, head: &Node) -> Result<Self, Obstacle> {
        let jobs = Path::default().key("jobs");
        let node = doc.reach(&jobs)?;
        let pad = |columns: usize| " ".repeat(columns);
        if !matches!(node.kind, Kind::Map { flow: false, .. }) {
            return Err(Obstacle::Odd);
        }
        let id = pad(entries_column(doc, &jobs, node)?);
        Ok(Self { id, keys: pad(entries_column(doc, job, head)?), unit: pad(unit(doc, job)) })
    }
}

/// What is new, right before the publishing step and the comments above it.
fn insertion(
    doc: &Document,
    list: &Node,
    index: usize,
    job: &JobId,
    (new, columns): (&str, &Columns),
    moved: &Moved<'_>,
    files: &Files<'_>,
) -> Result<Splice, Obstacle> {
    let text = doc.text();
    let item = list.items().get(index).ok_or(Obstacle::Odd)?;
    let (dash, gap) = dash(text, item)?;
    let (at, end) = (above_comments(text, item.start, dash.len()), lines::end_at(text, list.start));
    let Columns { id, keys, unit } = columns;
    let Files { artifact, dir, .. } = files;
    let step = |uses: &str| {
        let with = format!("{dash} {gap}with:{end}");
        let rows = format!("{dash} {gap}{unit}name: {artifact}{end}{dash} {gap}{unit}path: {dir}/{end}");
        format!("{dash}-{gap}uses: {uses}{end}{with}{rows}")
    };
    let needs = lines::scalar(job.as_str());
    let added = [
        step(files.upload),
        format!("{end}{id}{new}:{end}{keys}needs: {needs}{end}{keys}runs-on: ubuntu-latest{end}"),
        moved.environment.to_owned(),
        format!("{keys}permissions:{end}{}{keys}steps:{end}", moved.token),
        step(files.download),
        if apart(text, list.items(), index, dash.len()) { end.to_owned() } else { String::new() },
    ];
    Ok(Splice { at, removed: String::new(), added: added.concat() })
}
