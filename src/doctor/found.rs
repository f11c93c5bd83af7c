//! A finding of the doctor.

use super::Code;
use crate::model::{Place, Severity};

/// What to write where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// One sentence.
    pub text: String,
    /// The lines to write, without the indentation of their place; empty: the sentence says it all.
    pub lines: Vec<String>,
}

impl Fix {
    /// A sentence alone.
    pub(super) fn say(text: impl Into<String>) -> Self {
        Self { text: text.into(), lines: Vec::new() }
    }

    /// A sentence and lines.
    pub(super) fn write(text: impl Into<String>, lines: &str) -> Self {
        Self { text: text.into(), lines: lines.lines().map(str::to_owned).collect() }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub code: Code,
    /// How much it matters here.
    pub severity: Severity,
    /// Where; `None`: in no file.
    pub at: Option<Place>,
    /// One sentence; what a parser says may have more lines.
    pub message: String,
    /// What to do.
    pub fix: Option<Fix>,
    /// What it is about, in words that no moved line changes: with the code and the file it tells findings apart.
    pub about: String,
}

impl Found {
    /// A finding of the code's own severity.
    pub(super) fn new(code: Code, about: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), at: None, message: message.into(), fix: None, about: about.into() }
    }

    /// The same, at a line.
    #[must_use]
    pub(super) fn at(mut self, place: Place) -> Self {
        self.at = Some(place);
        self
    }

    /// The same, with what to do.
    #[must_use]
    pub(super) fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The same, of another severity.
    #[must_use]
    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
