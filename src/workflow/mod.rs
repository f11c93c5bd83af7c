//! GitHub Actions workflows as text: jobs, permissions, secrets, and the steps that publish.
//!
//! Reading is pure: bytes in, plain data out. It runs nothing, opens no file and asks nobody. A file that can't be read is
//! one finding, and the rest goes on. Which file a registry compares is the registry's rule: [`crate::model::Reach`]
//! answers for either claim.

use crate::model::{Finding, Package, PublishJob, SecretUse, SourceFile};

/// What the workflow files say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkflowReading {
    /// The steps that publish.
    pub publish_jobs: Vec<PublishJob>,
    /// Every mention of a secret.
    pub secret_uses: Vec<SecretUse>,
    /// What could not be read, and what is odd about the rest.
    pub findings: Vec<Finding>,
}

/// Reads workflow files. `packages` are those of the same checkout: a step that names none publishes these.
#[must_use]
pub fn read(files: &[SourceFile], packages: &[Package]) -> WorkflowReading {
    let _ = (files, packages);
    WorkflowReading::default()
}
