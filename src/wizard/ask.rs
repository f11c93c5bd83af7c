//! What a screen says and asks, in a form that both faces can show.
//!
//! A screen with a richer picture draws itself from the state; every screen can be had as an [`Ask`], and the plain face knows
//! nothing else.

use crate::model::Standing;

/// A glyph with its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// ●
    Yes,
    /// ○
    No,
    /// ◐
    HereOnly,
    /// ◍
    Stated,
    /// ◌
    Unknown,
    /// –
    DoesNotApply,
    /// ✗
    Refused,
}

impl Mark {
    /// The word beside it, always there for those who do not see the glyph.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::HereOnly => "here only",
            Self::Stated => "stated",
            Self::Unknown => "unknown",
            Self::DoesNotApply => "does not apply",
            Self::Refused => "refused",
        }
    }
}

impl From<&Standing> for Mark {
    fn from(standing: &Standing) -> Self {
        match standing {
            Standing::Yes(_) => Self::Yes,
            Standing::No(_) => Self::No,
            Standing::HereOnly(_) => Self::HereOnly,
            Standing::Stated { .. } => Self::Stated,
            Standing::Unknown(_) => Self::Unknown,
            Standing::NotApplicable(_) => Self::DoesNotApply,
        }
    }
}

/// A piece of a screen's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Para {
    /// A sentence or more; wrapped.
    Text(String),
    /// Less important.
    Faint(String),
    /// The one thing to see.
    Strong(String),
    /// A name and a value.
    Pair(String, String),
    /// A mark with what it is about.
    Marked(Mark, String),
    /// One of several ways.
    Option {
        /// Whether it is the one that would be taken.
        chosen: bool,
        /// Which it is.
        label: String,
        /// What it means.
        note: String,
    },
    /// A line to be copied as it is: never wrapped, never indented on the plain face.
    Verbatim(String),
    /// A command as a person would type it; wrapped under itself where it is long.
    Command(String),
    /// An empty line.
    Blank,
}

/// One of several things to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its line.
    pub label: String,
    /// More about it, for the plain face.
    pub detail: Vec<String>,
}

/// What is wanted from the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskKind {
    /// Nothing but going on.
    Note,
    /// Pick one (the plain face by its number).
    Choice {
        /// What there is.
        items: Vec<Item>,
        /// Which one the cursor is on.
        cursor: usize,
    },
    /// A line of text.
    Text {
        /// What it is.
        label: String,
        /// What stands there already.
        value: String,
    },
    /// A secret: never shown, never kept in the state.
    Secret {
        /// What it is.
        label: String,
    },
    /// Yes or no.
    Confirm,
    /// Patience: untoken or somebody else is at work.
    Wait,
}

/// A screen in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The stable name of the question, for `--answers` and for telling one field from the next.
    pub id: &'static str,
    /// One line.
    pub title: String,
    /// The rest.
    pub body: Vec<Para>,
    /// What is wanted.
    pub kind: AskKind,
}

impl Ask {
    /// A screen with nothing asked.
    #[must_use]
    pub fn note(id: &'static str, title: impl Into<String>, body: Vec<Para>) -> Self {
        Self { id, title: title.into(), body, kind: AskKind::Note }
    }

    /// The same with something wanted.
    #[must_use]
    pub fn wanting(mut self, kind: AskKind) -> Self {
        self.kind = kind;
        self
    }
}
