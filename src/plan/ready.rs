//! Ready: what the publishing job would present, and whether GitHub would run this very workflow.

use super::ladder::unread;
use super::{Facts, Forecast, Local, forecast, job_of, new_workflow};
use crate::checkout::is_blob;
use crate::model::{
    Package, Place, PublishJob, Reach, Reading, RelPath, RemoteWorkflow, Seen, Standing, Unknown, WorkflowState,
};
use crate::registry::Guides;

/// Whether the registry would take what the workflow presents, and GitHub runs that very workflow.
pub(super) fn ready(facts: &Facts, package: &Package, registry: &dyn Guides) -> Standing {
    let Reading::Seen(local) = &facts.local else { return unread("the checkout") };
    let Some(job) = job_of(facts, package) else { return Standing::Unknown(no_step(facts, &local.value, package)) };
    let at = |place: &Place, value: String| Seen { value, source: spot(place), at: local.at };
    match forecast(job, registry.rules()) {
        Forecast::Refused { why, at: place, .. } => Standing::No(at(&place, why)),
        Forecast::Unknown(why) => Standing::Unknown(Unknown::because(why)),
        Forecast::Accepted => {
            let seen = at(&job.at, format!("job `{}` presents claims that {} accepts", job.job, package.id.registry));
            match on_github(facts, job) {
                None => Standing::Yes(seen),
                Some(why) => Standing::HereOnly(Seen { value: why, ..seen }),
            }
        }
    }
}

/// A line of a workflow as people say it: all workflows lie in one folder, so the file's name is enough.
pub(super) fn spot(place: &Place) -> String {
    format!("{}:{}", place.file.file_name(), place.line)
}

/// That no publishing step was found, which is no proof that there is none.
pub(super) fn no_step(facts: &Facts, local: &Local, package: &Package) -> Unknown {
    let files = match local.workflow_files.len() {
        1 => "1 workflow file".to_owned(),
        n => format!("{n} workflow files"),
    };
    if let [first, others @ ..] = &local.unread_workflows[..] {
        let more = if others.is_empty() { String::new() } else { format!(" (and {} more)", others.len()) };
        return Unknown::because(format!(
            "{}{more} can't be read, and may publish it; no other workflow does",
            first.file_name()
        ))
        .hint("mend that file first: the findings say what is wrong with it");
    }
    let hint = if new_workflow::is_wanted(facts, package) {
        "the repair step proposes a new workflow; if a script or a tool publishes it already, press e in the register step \
         instead and name the workflow that runs it"
    } else {
        "a script or a tool that untoken does not know may hold one; press e in the register step to name its workflow"
    };
    Unknown::because(format!("no step that publishes it to {} was found in {files}", package.id.registry)).hint(hint)
}

/// Why GitHub would not run these very workflows, where that was read; `None`: it would, or nobody looked.
fn on_github(facts: &Facts, job: &PublishJob) -> Option<String> {
    let callers = match &job.reach {
        Reach::Reusable { callers, .. } => callers.iter().map(|caller| caller.workflow.path()).collect(),
        Reach::Direct(_) | Reach::Remote { .. } | Reach::Uncalled(_) => Vec::new(),
    };
    std::iter::once(&job.at.file).chain(&callers).find_map(|path| file_on_github(facts, path))
}

/// Why what was read here does not tell what GitHub would run: a workflow is another one there, or only there; `None`: all are
/// the same.
#[must_use]
pub fn unpushed(facts: &Facts) -> Option<String> {
    let Reading::Seen(remote) = &facts.github.workflows else {
        return Some("the workflows on GitHub's default branch were not read".to_owned());
    };
    let branch = facts.github.repository.value().map_or("the default branch", |r| r.default_branch.as_str());
    unlike(facts, &remote.value, &format!("on {branch}")).map(|why| format!("{why}: push or pull first"))
}

/// How workflow files of GitHub differ from those here; `there` says where they are: `on main`. `None`: they do not.
pub(super) fn unlike(facts: &Facts, remote: &[RemoteWorkflow], there: &str) -> Option<String> {
    let Some(local) = facts.local.value() else { return Some("the checkout was not read".to_owned()) };
    let here = |path: &str| local.workflow_files.iter().find(|file| file.path.as_str() == path);
    for found in remote {
        let name = found.path.rsplit('/').next().unwrap_or_default();
        match (&found.blob, here(&found.path)) {
            // Registered, and no longer on that branch: nothing starts it there.
            (None, None) => {}
            (None, Some(_)) => return Some(format!("{name} is not {there} yet, or was not read there")),
            (Some(_), None) => return Some(format!("{name} is {there} and not here")),
            (Some(blob), Some(file)) if !is_blob(&file.bytes, blob) => {
                return Some(format!("{name} {there} is another version than here"));
            }
            (Some(_), Some(_)) => {}
        }
    }
    None
}

fn file_on_github(facts: &Facts, path: &RelPath) -> Option<String> {
    let Reading::Seen(remote) = &facts.github.workflows else { return None };
    let file = facts.local.value()?.workflow_files.iter().find(|file| file.path == *path)?;
    let branch = facts.github.repository.value().map_or("the default branch", |r| r.default_branch.as_str());
    let name = path.file_name();
    let Some(there) = remote.value.iter().find(|w| w.path == path.as_str()) else {
        return Some(format!("not yet on GitHub: {name} is not on {branch}; push it"));
    };
    if let Some(WorkflowState::Disabled(state)) = &there.state {
        return Some(format!("GitHub has disabled {name} ({state})"));
    }
    let blob = there.blob.as_ref()?;
    (!is_blob(&file.bytes, blob)).then(|| format!("not yet on GitHub: {name} on {branch} is another version; push it"))
}
