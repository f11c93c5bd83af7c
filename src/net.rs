//! The one HTTP client: timeouts, size limits, retries of reads, redaction.

/// Why a request had no usable answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NetError {}

impl NetError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        None
    }
}
