//! The evidence ladder: seven rungs a package, each with who said so and when.

use super::{Seen, Timestamp, Unknown};

/// A rung, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// The name is on the registry, or may be created by OIDC.
    Exists,
    /// The workflow would present claims which the registry accepts.
    Ready,
    /// `trust_policy` says what should be registered.
    Declared,
    /// The registry holds that publisher.
    Registered,
    /// A published version shows it.
    Proven,
    /// The registry refuses tokens.
    Locked,
    /// No long-lived publish secret is left.
    Retired,
}

impl Rung {
    /// All seven, bottom first.
    pub const ALL: [Self; 7] =
        [Self::Exists, Self::Ready, Self::Declared, Self::Registered, Self::Proven, Self::Locked, Self::Retired];

    /// The word for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::Ready => "ready",
            Self::Declared => "declared",
            Self::Registered => "registered",
            Self::Proven => "proven",
            Self::Locked => "locked",
            Self::Retired => "retired",
        }
    }
}

/// How a rung stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Seen to hold; the value is what was seen, as a fragment.
    Yes(Seen<String>),
    /// Seen not to hold; the value is why.
    No(Seen<String>),
    /// Holds in this checkout and not yet on GitHub; the value says what is missing there.
    HereOnly(Seen<String>),
    /// A person said so; nobody can read it.
    Stated {
        /// What was said, as a fragment.
        what: String,
        /// When.
        at: Timestamp,
    },
    /// Could not be read.
    Unknown(Unknown),
    /// The registry has no such thing, for this reason.
    NotApplicable(String),
}

impl Standing {
    /// Whether nothing more needs doing for this rung: seen, stated, or not applicable.
    #[must_use]
    pub fn settled(&self) -> bool {
        matches!(self, Self::Yes(_) | Self::Stated { .. } | Self::NotApplicable(_))
    }

    /// The glyph's word: `yes`, `no`, `here only`, `stated`, `unknown`, `does not apply`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Yes(_) => "yes",
            Self::No(_) => "no",
            Self::HereOnly(_) => "here only",
            Self::Stated { .. } => "stated",
            Self::Unknown(_) => "unknown",
            Self::NotApplicable(_) => "does not apply",
        }
    }

    /// Why, as a fragment.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Yes(seen) | Self::No(seen) | Self::HereOnly(seen) => &seen.value,
            Self::Stated { what, .. } => what,
            Self::Unknown(unknown) => &unknown.why,
            Self::NotApplicable(why) => why,
        }
    }
}

/// One package's seven rungs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder([Standing; 7]);

impl Ladder {
    /// In the order of [`Rung::ALL`].
    #[must_use]
    pub fn new(rungs: [Standing; 7]) -> Self {
        Self(rungs)
    }

    /// How one rung stands.
    #[must_use]
    pub fn standing(&self, rung: Rung) -> &Standing {
        &self.0[rung as usize]
    }

    /// All rungs, bottom first.
    pub fn iter(&self) -> impl Iterator<Item = (Rung, &Standing)> {
        Rung::ALL.into_iter().zip(&self.0)
    }
}
