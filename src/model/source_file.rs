//! A file's bytes as they were read, wherever from.

use std::sync::Arc;

use super::RelPath;

/// A file of the repository: its path and exactly its bytes (BOM and line ends included).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it lies in the repository.
    pub path: RelPath,
    /// Its bytes, unchanged.
    pub bytes: Arc<[u8]>,
}

impl SourceFile {
    /// A file with these bytes.
    #[must_use]
    pub fn new(path: RelPath, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self { path, bytes: bytes.into() }
    }
}
