//! Reading workflows in tests: files in memory, the registries' own rules.

use super::{Surroundings, WorkflowReading};
use crate::checkout::InMemory;
use crate::model::{Package, SourceFile};

/// Reads the workflows among these files; the others are what they may lead to.
pub(crate) fn read(files: &[SourceFile], packages: &[Package]) -> WorkflowReading {
    let source = InMemory::new(files.iter().cloned());
    let workflows: Vec<SourceFile> =
        files.iter().filter(|file| file.path.as_str().starts_with(".github/workflows/")).cloned().collect();
    super::read(&workflows, &Surroundings { source: &source, packages, claim: crate::registry::claim })
}
