//! Something that the reader should know: never the end of a run.

use super::Place;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Something could not be read, or will bite later.
    Warning,
    /// Publishing by OIDC will not work like this.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What is so, as a fragment.
    pub message: String,
    /// Where, if it is in a file.
    pub at: Option<Place>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Finding {
    /// A finding without place and hint.
    pub fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self { severity, message: message.into(), at: None, hint: None }
    }

    /// The same, at a line.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.at = Some(place);
        self
    }

    /// The same, with something to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
