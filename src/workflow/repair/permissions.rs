//! What a job may do with GitHub's token: `id-token: write`, and all that it had.
//!
//! A block at a job replaces the workflow's, so a new one names what the job had by inheritance. No block anywhere means the
//! repository's default, which no file tells: then the job gets what its steps are known to need, and a note says so.

use super::super::model::{Job, Permissions, Workflow};
use super::document::{Change, Document, Edit, Path};
use super::edit::{New, Spot, add_entry, entries_column, set_text, unit};
use super::mend::Note;
use super::{Access, Obstacle, Splice, lines};
use crate::model::JobId;

/// The scopes that `read-all` reads. Source: GitHub's "Workflow syntax", `permissions`, and its schema at SchemaStore,
/// read 2026-11-21; those that came in the last year are left out, because GitHub Enterprise Server refuses unknown ones.
const READABLE: &[&str] = &[
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "security-events",
    "statuses",
];

/// What steps need of a token that the repository's default gave them: words in `uses` or `run`, and the scopes.
const NEEDS: &[(&str, &[(&str, Access)])] = &[
    ("softprops/action-gh-release", &[("contents", Access::Write)]),
    ("ncipollo/release-action", &[("contents", Access::Write)]),
    ("actions/create-release", &[("contents", Access::Write)]),
    ("actions/upload-release-asset", &[("contents", Access::Write)]),
    ("svenstaro/upload-release-action", &[("contents", Access::Write)]),
    ("taiki-e/create-gh-release-action", &[("contents", Access::Write)]),
    ("taiki-e/upload-rust-binary-action", &[("contents", Access::Write)]),
    ("goreleaser/goreleaser-action", &[("contents", Access::Write)]),
    ("changesets/action", &[("contents", Access::Write), ("pull-requests", Access::Write)]),
    ("googleapis/release-please-action", &[("contents", Access::Write), ("pull-requests", Access::Write)]),
    ("release-plz/action", &[("contents", Access::Write), ("pull-requests", Access::Write)]),
    ("marcoieni/release-plz-action", &[("contents", Access::Write), ("pull-requests", Access::Write)]),
    ("peter-evans/create-pull-request", &[("contents", Access::Write), ("pull-requests", Access::Write)]),
    ("actions/attest", &[("attestations", Access::Write)]),
    ("gh release", &[("contents", Access::Write)]),
    ("git push", &[("contents", Access::Write)]),
    ("gh-deploy", &[("contents", Access::Write)]),
    ("peaceiris/actions-gh-pages", &[("contents", Access::Write)]),
    ("cargo release", &[("contents", Access::Write)]),
    ("cargo smart-release", &[("contents", Access::Write)]),
    ("lerna publish", &[("contents", Access::Write)]),
    ("gh pr ", &[("contents", Access::Write), ("pull-requests", Access::Write)]),
    ("upload-sarif", &[("security-events", Access::Write)]),
    ("actions/deploy-pages", &[("pages", Access::Write)]),
    ("semantic-release", &[("contents", Access::Write), ("issues", Access::Write), ("pull-requests", Access::Write)]),
    ("ghcr.io", &[("packages", Access::Write)]),
];

/// The key after which a new one goes into a job.
pub(super) fn anchor(doc: &Document, job: &JobId) -> Result<&'static str, Obstacle> {
    let path = Path::job(job);
    ["runs-on", "uses"].into_iter().find(|key| doc.has(&path.key(key))).ok_or(Obstacle::Odd)
}

pub(super) fn apply(
    doc: &mut Document,
    job: &JobId,
    wanted: &[(String, Access)],
    notes: &mut Vec<Note>,
) -> Result<(), Obstacle> {
    let path = Path::job(job);
    let own = path.key("permissions");
    let (body, workflow) = (doc.job(job)?, doc.workflow());
    let had = held(workflow, body)?;
    if let Held::These(had) = &had
        && wanted.iter().all(|(scope, access)| has(had, scope) >= *access)
    {
        return Ok(());
    }
    match (&body.permissions, had) {
        (_, Held::Everything) => Ok(()),
        (Permissions::Only { .. }, Held::These(had)) => {
            let missing = wanted.iter().filter(|(scope, access)| has(&had, scope) < *access);
            for (scope, access) in missing {
                let edit = if doc.has(&own.key(scope)) {
                    set_text(doc, &own.key(scope), access.word())?
                } else {
                    add_entry(doc, &own, Spot::Last, scope, &New::Text(access.word().to_owned()))?
                };
                doc.make(edit)?;
            }
            Ok(())
        }
        (Permissions::ReadAll(_), Held::These(had)) => {
            let edit = replace_by_map(doc, &path, merged(had, wanted))?;
            doc.make(edit)
        }
        (Permissions::Unset, had) => {
            let had = match had {
                Held::These(had) => had,
                _ => by_default(body, wanted, notes)?,
            };
            // `permissions:` with nothing behind it is there already.
            let edit = if doc.has(&own) {
                replace_by_map(doc, &path, merged(had, wanted))?
            } else {
                add_entry(doc, &path, Spot::After(anchor(doc, job)?), "permissions", &block(merged(had, wanted)))?
            };
            doc.make(edit)
        }
        _ => Err(Obstacle::other(format!("the permissions of the job {job} are in a form that GitHub refuses"))),
    }
}

/// What a job holds before a repair.
enum Held {
    Everything,
    These(Vec<(String, Access)>),
    /// The repository's default.
    Default,
}

fn held(workflow: &Workflow, job: &Job) -> Result<Held, Obstacle> {
    let permissions = match &job.permissions {
        Permissions::Unset => &workflow.permissions,
        own => own,
    };
    match permissions {
        Permissions::Unset => Ok(Held::Default),
        Permissions::WriteAll(_) => Ok(Held::Everything),
        Permissions::ReadAll(_) => {
            Ok(Held::These(READABLE.iter().map(|scope| ((*scope).to_owned(), Access::Read)).collect()))
        }
        Permissions::Only { scopes, .. } => {
            let scope = |(scope, level): &(crate::yaml::Text, crate::yaml::Text)| {
                Access::of(&level.value).map(|access| (scope.value.clone(), access))
            };
            let scopes: Option<Vec<_>> = scopes.iter().map(scope).collect();
            scopes.map(Held::These).ok_or_else(|| Obstacle::other("a permission is none of read, write and none"))
        }
        Permissions::Odd(_) => Err(Obstacle::other("the permissions are in a form that GitHub refuses")),
    }
}

/// What a job holds by the file, for people to read.
pub(super) fn described(doc: &Document, job: &JobId) -> Option<Vec<(String, Access)>> {
    match held(doc.workflow(), doc.job(job).ok()?) {
        Ok(Held::These(had)) => Some(had),
        _ => None,
    }
}

/// What a job would hold with the wanted scopes, for lines to paste.
pub(super) fn would_hold(workflow: &Workflow, job: &Job, wanted: &[(String, Access)]) -> Vec<(String, Access)> {
    let had = match held(workflow, job) {
        Ok(Held::These(had)) => had,
        Ok(Held::Default) => needs(job),
        Ok(Held::Everything) | Err(_) => Vec::new(),
    };
    merged(had, wanted)
}

fn has(scopes: &[(String, Access)], scope: &str) -> Access {
    scopes.iter().find(|(name, _)| name == scope).map_or(Access::None, |(_, access)| *access)
}

/// What was there, with the wanted scopes raised or added.
pub(super) fn merged(mut had: Vec<(String, Access)>, wanted: &[(String, Access)]) -> Vec<(String, Access)> {
    for (scope, access) in wanted {
        match had.iter_mut().find(|(name, _)| name == scope) {
            Some((_, there)) => *there = (*there).max(*access),
            None => had.push((scope.clone(), *access)),
        }
    }
    had
}

/// What a job under the repository's default needs, as far as its steps tell.
fn by_default(
    job: &Job,
    wanted: &[(String, Access)],
    notes: &mut Vec<Note>,
) -> Result<Vec<(String, Access)>, Obstacle> {
    if job.uses.is_some() && wanted.iter().all(|(scope, _)| scope == "id-token") {
        return Err(Obstacle::other(format!(
            "the job {} calls another workflow under the repository's default permissions, and only you know what that needs",
            job.id
        )));
    }
    let scopes = needs(job);
    let runs = job.steps.iter().filter_map(|step| step.run.as_ref());
    let hidden = runs.flat_map(|run| run.value.split_whitespace()).find(|word| is_script(word));
    let hidden = hidden.map(|script| format!(" ({script}, which it runs, was not looked into)")).unwrap_or_default();
    notes.push(format!(
        "the job {} had the repository's default permissions until now, which no file tells; if one of its steps needs more \
         than is named here, add it{hidden}",
        job.id
    ));
    Ok(scopes)
}

/// What the steps of a job are known to need; a job that only calls another workflow has none.
fn needs(job: &Job) -> Vec<(String, Access)> {
    let mut scopes = if job.uses.is_some() { vec![] } else { vec![("contents".to_owned(), Access::Read)] };
    for text in &job.texts {
        for (_, needs) in NEEDS.iter().filter(|(word, _)| text.value.to_ascii_lowercase().contains(word)) {
            let needs: Vec<_> = needs.iter().map(|(scope, access)| ((*scope).to_owned(), *access)).collect();
            scopes = merged(scopes, &needs);
        }
    }
    scopes
}

/// What a job under the repository's default has to hold once it names its permissions, so that the workflow of this
/// repository which it calls keeps what it has: GitHub refuses a run whose called jobs ask for more than the calling one
/// holds ("Reusing workflow configurations" of its documentation, read 2026-11-21). Nothing where it names them already, or
/// where the called jobs' needs are not told by their file.
pub(super) fn handed_down(workflows: &[Workflow], caller: &Workflow, job: &Job) -> Vec<(String, Access)> {
    if caller.permissions != Permissions::Unset || job.permissions != Permissions::Unset {
        return Vec::new();
    }
    let path = job.uses.as_ref().and_then(|uses| uses.value.trim().strip_prefix("./"));
    let Some(called) = workflows.iter().find(|called| path == Some(called.path.as_str())) else { return Vec::new() };
    let all = called.jobs.iter().map(|job| asked_by(called, job));
    all.reduce(|all, own| Some(merged(all?, &own?))).flatten().unwrap_or_default()
}

/// What a called job asks for, as far as its file tells.
fn asked_by(workflow: &Workflow, job: &Job) -> Option<Vec<(String, Access)>> {
    match held(workflow, job).ok()? {
        Held::These(scopes) => Some(scopes),
        Held::Default if job.uses.is_none() => Some(needs(job)),
        Held::Default | Held::Everything => None,
    }
}

/// Whether a word of a command is a script of the repository, or a tool that runs some.
fn is_script(word: &str) -> bool {
    let outside = word.starts_with(['/', '-', '~', '@']) || word.contains(['$', ':', '*', '=', '"', '\'', '>']);
    (word.contains('/') && !outside && !word.ends_with('/')) || matches!(word, "make" | "just")
}

fn block(scopes: Vec<(String, Access)>) -> New {
    New::Map(scopes.into_iter().map(|(scope, access)| (scope, access.word().to_owned())).collect())
}

/// The job's `permissions: read-all`, or one with nothing behind it, written out.
fn replace_by_map(doc: &Document, job: &Path, scopes: Vec<(String, Access)>) -> Result<Edit, Obstacle> {
    let map = doc.reach(job)?;
    let column = entries_column(doc, job, map)?;
    let path = job.key("permissions");
    let old = doc.reach(&path)?;
    let (name, _) = map.entry("permissions").ok_or(Obstacle::Odd)?;
    let text = doc.text();
    if old.anchor > 0 || lines::start_of(text, name.start) != lines::start_of(text, old.end) {
        return Err(Obstacle::Odd);
    }
    let rest = lines::after(text, old.end);
    let rest = if old.end == name.end { rest.strip_prefix(':').unwrap_or("x") } else { rest };
    if !lines::is_idle(rest) {
        return Err(Obstacle::Odd);
    }
    let new = block(scopes.clone());
    let pad = " ".repeat(column);
    let rows = new.lines("permissions", unit(doc, job)).into_iter().skip(1).map(|row| format!("{pad}{row}"));
    let rows: Vec<String> = rows.collect();
    let (next, eol) = (lines::next_of(text, old.end), lines::end_at(text, old.end));
    let ended = text[..next].ends_with('\n');
    let added: String =
        rows.iter().map(|row| if ended { format!("{row}{eol}") } else { format!("{eol}{row}") }).collect();
    let mut splices = vec![Splice { at: next, removed: String::new(), added }];
    // The word goes with the blanks before it; a comment behind it stays.
    let colon = text[name.end..].find(':').map_or(old.start, |at| name.end + at + 1).min(old.start);
    if old.end > name.end {
        splices.push(Splice { at: colon, removed: text[colon..old.end].to_owned(), added: String::new() });
    }
    let meaning = scopes.into_iter().map(|(scope, access)| (scope, access.word().into()));
    Ok(Edit { splices, changes: vec![Change::Set(path, serde_json::Value::Object(meaning.collect()))] })
}
