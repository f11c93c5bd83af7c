//! The step that logs in by OIDC for a short time, and the publishing step that takes what it gives out.

use serde_json::{Map, Value};

use super::super::model::{Job, Step};
use super::document::{Document, Path};
use super::edit::{New, Spot, add_entry, add_item, set_text, unit};
use super::mend::Note;
use super::{ActionName, Login, Obstacle, Pins, StepRef, TokenInto, lines, script};
use crate::model::JobId;

/// Where the user's name is looked up: it must be the one who made the policy, and no file tells who that is.
const NUGET_USER: &str = "${{ vars.NUGET_USER }}";

/// An action that logs in.
pub(super) struct Action {
    /// Its name, as its authors write it.
    pub(super) name: &'static str,
    /// The tag that is used where no commit is known.
    tag: &'static str,
    /// The output that holds the short-lived token, and the ids that its step may get; `None`: it tells the tools itself.
    output: Option<(&'static str, [&'static str; 2])>,
}

/// Source: crates.io's page on trusted publishing and the action's README: output `token`, input `url` for another
/// registry; the token is revoked when the job ends (read 2026-11-21).
pub(super) const CRATES_IO: Action =
    Action { name: "rust-lang/crates-io-auth-action", tag: "v1", output: Some(("token", ["auth", "crates-io-auth"])) };

/// It sets `GEM_HOST_API_KEY`, `RUBYGEMS_API_KEY` and `BUNDLE_GEM__PUSH_KEY` for the steps after it and writes
/// `~/.gem/credentials`. Source: `src/configure-api-token.ts` of the action, read 2026-11-21.
pub(super) const RUBYGEMS: Action = Action { name: "rubygems/configure-rubygems-credentials", tag: "v2", output: None };

/// Source: NuGet's page on trusted publishing and the action's README, read 2026-11-21: input `user`, output
/// `NUGET_API_KEY`.
pub(super) const NUGET: Action =
    Action { name: "NuGet/login", tag: "v1", output: Some(("NUGET_API_KEY", ["login", "nuget-login"])) };

/// It runs `dart pub token add https://pub.dev --env-var PUB_TOKEN`, which Flutter's `pub` reads too. Source: the action's
/// own `.github/workflows/publish.yml`, read 2026-11-21.
pub(super) const PUB_DEV: Action = Action { name: "dart-lang/setup-dart", tag: "v1", output: None };

impl Action {
    /// Whether a step uses it.
    pub(super) fn is_used(&self, step: &Step) -> bool {
        step.action().is_some_and(|(name, _)| name.eq_ignore_ascii_case(self.name))
    }

    /// As it is written after `uses:`, and the comment behind it.
    pub(super) fn pinned(&self, pins: &Pins) -> (String, String) {
        let pin = ActionName::new(self.name).ok().and_then(|name| pins.of(&name));
        match pin {
            Some(pin) => (format!("{}@{}", self.name, pin.sha), format!(" # {}", pin.version)),
            None => (format!("{}@{}", self.name, self.tag), String::new()),
        }
    }

    /// What to know of its commit, if it is no longer the one that was shipped.
    fn moved(&self, pins: &Pins) -> Option<Note> {
        pins.moved(&ActionName::new(self.name).ok()?)
    }

    /// The id that a new step of it gets.
    fn free_id(&self, job: &Job) -> Option<String> {
        let (_, ids) = self.output?;
        let taken = |id: &String| job.steps.iter().any(|step| step.id.as_ref().is_some_and(|text| text.value == *id));
        let numbered = (2..).map(|number| format!("{}-{number}", ids[1]));
        let mut ids = ids.map(str::to_owned).into_iter().chain(numbered);
        ids.find(|id| !taken(id))
    }
}

impl Login {
    /// The action that logs in.
    pub(super) fn action(&self) -> Action {
        match self {
            Self::CratesIo { .. } => CRATES_IO,
            Self::RubyGems => RUBYGEMS,
            Self::Nuget { .. } => NUGET,
            Self::PubDev => PUB_DEV,
        }
    }

    /// What the publishing step takes the token from.
    pub(super) fn into(&self) -> Option<&TokenInto> {
        match self {
            Self::CratesIo { into, .. } | Self::Nuget { into } => Some(into),
            Self::RubyGems | Self::PubDev => None,
        }
    }

    /// The inputs of the step that logs in.
    pub(super) fn inputs(&self) -> Vec<(String, String)> {
        let given = match self {
            Self::CratesIo { url, .. } => url.clone().map(|url| ("url", url)),
            Self::Nuget { .. } => Some(("user", NUGET_USER.to_owned())),
            Self::RubyGems | Self::PubDev => None,
        };
        given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// What the publishing step is given; `id` is the step that logs in.
    pub(super) fn token(&self, id: &str) -> Option<String> {
        self.action().output.map(|(output, _)| format!("${{{{ steps.{id}.outputs.{output} }}}}"))
    }

    /// The id that the step has in lines to paste.
    pub(super) fn usual_id(&self) -> Option<&'static str> {
        self.action().output.map(|(_, [id, _])| id)
    }

    /// Whether a step logs in for another one: it runs whenever that one does.
    fn serves(&self, step: &Step, publish: &Step) -> bool {
        let condition = |step: &Step| step.condition.as_ref().map(|text| text.value.trim().to_owned());
        let same_place = match self {
            Self::CratesIo { url, .. } => step.input("url").map(|text| &text.value) == url.as_ref(),
            Self::RubyGems => step.input("gem-server").is_none(),
            Self::Nuget { .. } | Self::PubDev => true,
        };
        // A key that was handed over or a role are other ways to log in.
        let other_way = ["api-token", "role-to-assume"].iter().any(|input| step.input(input).is_some());
        self.action().is_used(step)
            && same_place
            && !other_way
            && (step.condition.is_none() || condition(step) == condition(publish))
    }
}

pub(super) fn apply(
    doc: &mut Document,
    job: &JobId,
    publish: StepRef,
    (login, pins): (&Login, &Pins),
    notes: &mut Vec<Note>,
) -> Result<(), Obstacle> {
    let Some((index, step)) = doc.step(job, publish)? else { return Ok(()) };
    let body = doc.job(job)?;
    let found = body.steps[..index].iter().rposition(|other| login.serves(other, step));
    let id = found.and_then(|at| body.steps[at].id.as_ref()).map(|id| id.value.clone());
    let id = id.or_else(|| login.action().free_id(body));
    let condition = step.condition.as_ref().map(|text| text.value.clone());
    let token = id.as_deref().and_then(|id| login.token(id));
    if let (Some(into), Some(token)) = (login.into(), &token) {
        give(doc, job, index, into, token)?;
    }
    match (found, id) {
        (Some(at), Some(id)) if token.is_some() && !doc.has(&Path::step(job, at).key("id")) => {
            let edit = add_entry(doc, &Path::step(job, at), Spot::After("uses"), "id", &New::Text(id))?;
            doc.make(edit)
        }
        (Some(_), _) => Ok(()),
        (None, id) => {
            if matches!(login, Login::Nuget { .. }) {
                notes.push(
                    "NuGet/login asks for the user who makes the policy at NuGet, never an organisation or an email: set \
                     the repository's variable NUGET_USER to that name"
                        .to_owned(),
                );
            }
            notes.extend(login.action().moved(pins));
            insert(doc, job, index, (login, pins), id, condition)
        }
    }
}

/// Sets the variable, the input or the place in the script to the short-lived token.
fn give(doc: &mut Document, job: &JobId, index: usize, into: &TokenInto, token: &str) -> Result<(), Obstacle> {
    let step = Path::step(job, index);
    let body = &doc.job(job)?.steps[index];
    let (block, name) = match into {
        TokenInto::Script(secrets) => return script::hand_over(doc, job, index, secrets, token),
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
    (login, pins): (&Login, &Pins),
    id: Option<String>,
    condition: Option<String>,
) -> Result<(), Obstacle> {
    let (uses, comment) = login.action().pinned(pins);
    let mut rows = vec![format!("uses: {uses}{comment}")];
    let mut meaning = Map::new();
    meaning.insert("uses".to_owned(), uses.into());
    if let Some(id) = id {
        rows.push(format!("id: {id}"));
        meaning.insert("id".to_owned(), id.into());
    }
    if let Some(condition) = condition {
        // Without it the step would ask for a token in runs that publish nothing, and fail where there is none.
        if condition.contains('\n') {
            return Err(Obstacle::other("the condition of the step that publishes has more than one line"));
        }
        rows.push(format!("if: {}", lines::scalar(&condition)));
        meaning.insert("if".to_owned(), condition.into());
    }
    let inputs = login.inputs();
    if !inputs.is_empty() {
        let with = New::Map(inputs);
        rows.extend(with.lines("with", unit(doc, &Path::step(job, index))));
        meaning.insert("with".to_owned(), with.meaning());
    }
    let edit = add_item(doc, &Path::job(job).key("steps"), index, &rows, Value::Object(meaning))?;
    doc.make(edit)?;
    doc.moves.came(job, index);
    Ok(())
}
