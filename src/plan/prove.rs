//! What would release a package: the workflow that a run starts from.

use crate::model::{PublishJob, Reach, WorkflowFile};

/// The top-level workflow files whose runs come to this job.
pub(super) fn starts(job: &PublishJob) -> Vec<WorkflowFile> {
    match &job.reach {
        Reach::Direct(file) => vec![file.clone()],
        Reach::Reusable { callers, .. } => callers.iter().map(|caller| caller.workflow.clone()).collect(),
        Reach::Remote { caller, .. } => vec![caller.workflow.clone()],
        Reach::Uncalled(_) => Vec::new(),
    }
}
