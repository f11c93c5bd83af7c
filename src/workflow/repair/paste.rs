//! The lines for a person to paste where nothing is written.

use super::document::Document;
use super::{ActionName, Level, Login, Pins, Repair, TokenInto, lines, npm};
use crate::model::JobId;

/// The lines of all these repairs, each after a comment that says where they go.
pub(super) fn lines(doc: Option<&Document>, repairs: &[Repair], pins: &Pins) -> Vec<String> {
    let mut rows = Vec::new();
    for repair in repairs {
        if !rows.is_empty() {
            rows.push(String::new());
        }
        rows.extend(of(doc, repair, pins));
    }
    rows
}

fn of(doc: Option<&Document>, repair: &Repair, pins: &Pins) -> Vec<String> {
    let rows = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>();
    match repair {
        Repair::JobPermissions { job, scopes } => {
            let had = doc.and_then(|doc| super::permissions::described(doc, job));
            let scopes = super::permissions::merged(had.unwrap_or_default(), scopes);
            let own = scopes.iter().map(|(scope, access)| format!("  {scope}: {}", access.word()));
            [format!("# in the job {job}"), "permissions:".to_owned()].into_iter().chain(own).collect()
        }
        Repair::Environment { job, name } => {
            vec![format!("# in the job {job}"), format!("environment: {}", lines::scalar(name.as_str()))]
        }
        Repair::LoginStep { job, login: step, .. } => login(job, step, pins),
        Repair::DropEnv { level, name } => vec![format!("# take {name} out of `env:` {}", at(level))],
        Repair::DropInput { job, step, name } => {
            vec![format!("# take `{name}` out of `with:` at step {} of the job {job}", step.index() + 1)]
        }
        Repair::DropOption { job, step, program, option, .. } => {
            let number = step.index() + 1;
            vec![format!("# take `{option}` and its value from `{program}` in step {number} of the job {job}")]
        }
        Repair::DropLogin { job, step, mark, .. } => {
            vec![format!("# take the line with `{mark}` out of step {} of the job {job}", step.index() + 1)]
        }
        Repair::DropRegistryUrl { job, step } => {
            vec![format!("# take `registry-url` out of `with:` at step {} of the job {job}", step.index() + 1)]
        }
        Repair::NpmNewEnough { job, .. } => {
            vec![format!("# in the job {job}, before the step that publishes"), format!("- run: {}", npm::RENEW)]
        }
        Repair::SplitIdToken { job, .. } => {
            let mut text = vec![format!("# at the end of the job {job}, in place of the step that publishes")];
            text.extend([format!("- uses: {}", action("actions/upload-artifact", pins)), "  with:".to_owned()]);
            text.extend(rows(&["    name: package", "    path: dist/", "# a job of its own", "publish:"]));
            text.extend([format!("  needs: {job}"), "  runs-on: ubuntu-latest".to_owned()]);
            text.extend(rows(&["  permissions:", "    id-token: write", "  steps:"]));
            text.push(format!("    - uses: {}", action("actions/download-artifact", pins)));
            text.extend(rows(&["      with:", "        name: package", "        path: dist/"]));
            text.push(format!("    # the step of {job} that publishes"));
            text
        }
        Repair::PinAction { job, action: name } => {
            let pin = pins.of(name);
            let uses = pin.map(|pin| format!("uses: {name}@{} # {}", pin.sha, pin.version));
            let unknown = || format!("# untoken knows no commit of {name}");
            vec![format!("# in the job {job}"), uses.unwrap_or_else(unknown)]
        }
    }
}

/// The step that logs in, and what the publishing one takes of it.
pub(super) fn login(job: &JobId, login: &Login, pins: &Pins) -> Vec<String> {
    let (uses, comment) = login.action().pinned(pins);
    let mut rows =
        vec![format!("# in the job {job}, before the step that publishes"), format!("- uses: {uses}{comment}")];
    rows.extend(login.usual_id().map(|id| format!("  id: {id}")));
    let inputs = login.inputs();
    if !inputs.is_empty() {
        rows.push("  with:".to_owned());
        rows.extend(inputs.iter().map(|(name, value)| format!("    {name}: {}", lines::scalar(value))));
    }
    let Some((into, token)) = login.into().zip(login.usual_id().and_then(|id| login.token(id))) else { return rows };
    rows.push("# in the step that publishes".to_owned());
    rows.extend(match into {
        TokenInto::Env(name) => vec!["env:".to_owned(), format!("  {name}: {token}")],
        TokenInto::Input(name) => vec!["with:".to_owned(), format!("  {name}: {token}")],
        TokenInto::Script(secrets) => {
            secrets.iter().map(|name| format!("# in place of ${{{{ secrets.{name} }}}}: {token}")).collect()
        }
    });
    rows
}

/// An action as it stands after `uses:`, by commit where one is known.
fn action(name: &str, pins: &Pins) -> String {
    let pin = ActionName::new(name).ok().and_then(|name| pins.of(&name));
    pin.map_or_else(|| name.to_owned(), |pin| format!("{name}@{} # {}", pin.sha, pin.version))
}

fn at(level: &Level) -> String {
    match level {
        Level::Workflow => "at the top of the file".to_owned(),
        Level::Job(job) => format!("of the job {job}"),
        Level::Step(job, step) => format!("at step {} of the job {job}", step.index() + 1),
    }
}
