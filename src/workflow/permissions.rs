//! What `permissions` grant.

use super::model::{Job, Mark, Permissions, Workflow};

/// What the blocks of one file say about `id-token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grant {
    /// `write`, by this line.
    Granted(Mark),
    /// A block is there, and it does not grant it.
    Denied,
    /// No block at all.
    Unset,
}

/// A job's block replaces the workflow's entirely.
pub(super) fn id_token(workflow: &Workflow, job: &Job) -> Grant {
    match of(&job.permissions) {
        Grant::Unset => of(&workflow.permissions),
        grant => grant,
    }
}

fn of(permissions: &Permissions) -> Grant {
    match permissions {
        Permissions::Unset => Grant::Unset,
        Permissions::WriteAll(at) => Grant::Granted(*at),
        Permissions::ReadAll(_) | Permissions::Odd(_) => Grant::Denied,
        Permissions::Only { scopes, .. } => scopes
            .iter()
            .find(|(scope, level)| scope.value == "id-token" && level.value == "write")
            .map_or(Grant::Denied, |(scope, _)| Grant::Granted(scope.at)),
    }
}
