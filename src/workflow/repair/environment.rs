//! The job's environment: added or renamed, in the form that is there.

use super::Obstacle;
use super::document::{Document, Path};
use super::edit::{New, Spot, add_entry, set_text};
use super::permissions::anchor;
use crate::model::{EnvironmentName, EnvironmentRef, JobId};

pub(super) fn apply(doc: &mut Document, job: &JobId, name: &EnvironmentName) -> Result<(), Obstacle> {
    let path = Path::job(job);
    let own = path.key("environment");
    match &doc.job(job)?.environment {
        EnvironmentRef::Named(there) if there == name => return Ok(()),
        EnvironmentRef::Expression(text) => {
            return Err(Obstacle::other(format!("the job {job} has an environment that only a run decides: `{text}`")));
        }
        EnvironmentRef::None | EnvironmentRef::Named(_) | EnvironmentRef::Unknown(_) => {}
    }
    if doc.job(job)?.uses.is_some() {
        return Err(Obstacle::other(format!(
            "the job {job} calls another workflow, and such a job has no environment"
        )));
    }
    let edit = if !doc.has(&own) {
        add_entry(doc, &path, Spot::After(anchor(doc, job)?), "environment", &New::Text(name.to_string()))?
    } else if doc.has(&own.key("name")) {
        set_text(doc, &own.key("name"), name.as_str())?
    } else {
        set_text(doc, &own, name.as_str())?
    };
    doc.make(edit)
}
