//! What comes of asking a registry: only what was read back counts.

use crate::model::PublisherEntry;

/// The outcome of a change that has nothing to hand back: only what was read back counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Done now, and read back.
    Done,
    /// So before; nothing was sent.
    AlreadySo,
    /// Sent and accepted, but it was not (or cannot be) seen afterwards, and why.
    NotSeen(String),
}

impl Changed {
    /// Whether it was seen to be so.
    #[must_use]
    pub fn seen(&self) -> bool {
        matches!(self, Self::Done | Self::AlreadySo)
    }
}

/// The outcome of a registration: only what was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// Made now, and read back equal.
    Done(Box<Held>),
    /// An equal entry was there before.
    AlreadySo(Box<Held>),
    /// Sent and accepted, but the list read afterwards does not show it (yet).
    NotSeen(String),
}

/// The wanted entry as the registry lists it, and those beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The wanted one.
    pub entry: PublisherEntry,
    /// The others of the same list.
    pub beside: Vec<PublisherEntry>,
}

/// Who the person's own tool is logged in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// As this account, by the registry's own answer.
    As(String),
    /// A credential is there; nobody can tell whose it is.
    Present(String),
    /// A token in this variable would be used, not the tool's own login: good to publish with, and for nothing else.
    Token(String),
    /// None, and how to log in.
    Absent {
        /// The command that logs in: `cargo login`.
        how: String,
    },
}
