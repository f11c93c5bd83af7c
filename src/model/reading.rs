//! What was read, and what could not be: `Unknown` is never the same as "none" (promise 1).

use super::Timestamp;

/// A value with the place that it was seen at and the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<T> {
    /// What was seen.
    pub value: T,
    /// Who said so, in words for a person: `crates.io API`, `release.yml:41`.
    pub source: String,
    /// When it was read.
    pub at: Timestamp,
}

/// Why something could not be read, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// A lower-case fragment: `the token may not read secrets`.
    pub why: String,
    /// What the reader can do about it, if anything.
    pub hint: Option<String>,
}

impl Unknown {
    /// A reason without a hint.
    pub fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), hint: None }
    }

    /// The same with something to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// One read, which can fail alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Reading<T> {
    /// Nobody asked yet.
    #[default]
    NotRead,
    /// Asked, and no answer that could be believed.
    Unknown(Unknown),
    /// Read.
    Seen(Seen<T>),
}

impl<T> Reading<T> {
    /// A value that was just read.
    pub fn seen(value: T, source: impl Into<String>, at: Timestamp) -> Self {
        Self::Seen(Seen { value, source: source.into(), at })
    }

    /// The value, if it was read.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Seen(seen) => Some(&seen.value),
            Self::NotRead | Self::Unknown(_) => None,
        }
    }
}
