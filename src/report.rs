//! What a person is told when something did not work: what happened, why, what to do. And the exit codes.
//!
//! Every typed error of the crate becomes a [`Report`] at the edge, and here alone is an error printed. A report never holds
//! a secret: whoever builds one has redacted before.

use std::fmt;
use std::process::ExitCode;

/// What kind of trouble it is; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line is off.
    Usage,
    /// Something is wrong with what was given: a file, a value, a missing right.
    User,
    /// Something that was asked for could not be read.
    Unreadable,
    /// The person stopped it.
    Interrupted,
    /// untoken itself is wrong.
    Internal,
}

/// An error as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What kind of trouble.
    pub kind: Kind,
    /// What happened: a lower-case fragment.
    pub message: String,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Report {
    /// A report without causes and hint.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), causes: Vec::new(), hint: None }
    }

    /// An error with its whole chain of sources. Fragments that the message before already holds are left out.
    pub fn from_error(kind: Kind, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut report = Self::new(kind, error.to_string());
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            let before = report.causes.last().unwrap_or(&report.message);
            if !before.ends_with(&text) {
                report.causes.push(text);
            }
            source = cause.source();
        }
        report
    }

    /// The same with one more cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// The same with something to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Message and causes on one line.
    #[must_use]
    pub fn line(&self) -> String {
        std::iter::once(self.message.as_str())
            .chain(self.causes.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(": ")
    }

    /// The process's exit code for it (DESIGN: 2 usage, 130 interrupted, 3 unreadable, else 1).
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Usage => 2,
            Kind::Interrupted => 130,
            Kind::Unreadable => 3,
            Kind::User | Kind::Internal => 1,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", crate::model::clean(&self.message))?;
        for cause in &self.causes {
            write!(f, "\n  because: {}", crate::model::clean(cause).replace('\n', "\n    "))?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {}", crate::model::clean(hint).replace('\n', "\n    "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the outer")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn the_chain_is_kept_and_escapes_are_not() {
        let report = Report::from_error(Kind::User, &Outer(std::io::Error::other("in\u{1b}[2Jner"))).hint("look again");
        assert_eq!(report.to_string(), "error: the outer\n  because: in[2Jner\n  hint: look again");
    }
}
