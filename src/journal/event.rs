//! What the journal can say. Every event is one line; what a newer version adds, an older one passes over.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::Restore;
use crate::model::{
    FileChange, PackageId, RelPath, SecretHome, SecretName, StepKind, Timestamp, TrustedPublisher, WorkflowFile,
    clean_line,
};

/// The longest text that an entry keeps, in characters.
const MAX_TEXT: usize = 2000;

/// What ties an outcome to its intent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(String);

impl IntentId {
    /// One that no other intent has.
    #[must_use]
    pub fn fresh(at: Timestamp) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}-{}-{number}", at.unix(), std::process::id()))
    }
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Something is about to be done.
    Intent {
        /// Its outcome carries the same.
        id: IntentId,
        /// Which step.
        step: StepKind,
        /// Of which package.
        package: PackageId,
        /// What exactly, as a fragment.
        what: String,
    },
    /// It was done, or not.
    Outcome {
        /// Of which intent.
        id: IntentId,
        /// How it ended.
        result: Outcome,
    },
    /// A person said that something is so.
    Stated {
        /// Of which package.
        package: PackageId,
        /// Which step they took.
        step: StepKind,
        /// The publisher that they said is saved.
        publisher: TrustedPublisher,
    },
    /// A registry took a publisher: the start of npm's 48 hours, and what `undo` needs.
    Made {
        /// For which package.
        package: PackageId,
        /// The registry's id of the entry.
        entry: String,
        /// What it trusts.
        publisher: TrustedPublisher,
    },
    /// A release is awaited.
    Awaits {
        /// Of which package.
        package: PackageId,
        /// By which workflow.
        workflow: WorkflowFile,
        /// The newest version that was there then.
        had: Option<String>,
    },
    /// It came, or is awaited no longer.
    AwaitsNoMore {
        /// Of which package.
        package: PackageId,
    },
    /// A publisher was taken out of a registry: with it, an entry can be made again.
    Removed {
        /// For which package.
        package: PackageId,
        /// The registry's id of the entry that went.
        entry: String,
        /// What it trusted.
        publisher: TrustedPublisher,
    },
    /// A registry was told whether to refuse tokens.
    Locked {
        /// For which package.
        package: PackageId,
        /// Whether it refuses them from now on.
        locked: bool,
    },
    /// A registry refuses tokens without untoken's doing: seen so, or said by a person where nobody can read it.
    Refuses {
        /// For which package.
        package: PackageId,
        /// Whether a person said so.
        said: bool,
    },
    /// A registry shows nobody who published: a run that succeeded and a newer version after it stand in for the proof.
    StoodIn {
        /// Of which package.
        package: PackageId,
        /// What was seen, as a fragment.
        what: String,
    },
    /// A person said that the token in a secret is revoked at its registry.
    Revoked {
        /// Where the secret is.
        home: SecretHome,
        /// Its name.
        secret: SecretName,
    },
    /// A file is being written. Noted before the write: its bytes tell whether it came to that.
    Wrote(Wrote),
    /// GitHub's number of the repository of this name. Only in the journal that goes by the name: it leads to the other.
    Numbered {
        /// The number.
        id: u64,
    },
}

/// A file that untoken wrote, and what makes it what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrote {
    /// Which one.
    pub path: RelPath,
    /// SHA-256 of its bytes before, in hex; `None`: it is new.
    pub before: Option<String>,
    /// SHA-256 of its bytes now, in hex; `None`: it is gone.
    pub after: Option<String>,
    /// The way back; older journals lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Restore>,
}

impl Wrote {
    /// What a change leaves in the journal.
    #[must_use]
    pub fn of(change: &FileChange) -> Self {
        Self {
            path: change.path.clone(),
            before: change.before.as_deref().map(sha256),
            after: Some(sha256(&change.after)),
            back: Some(Restore::of(change)),
        }
    }

    /// Why it can never be put back, as a fragment.
    #[must_use]
    pub fn never(&self) -> Option<&str> {
        match &self.back {
            Some(Restore::Never { why }) => Some(why),
            Some(Restore::Remove | Restore::Splices { .. }) => None,
            None => Some("this version of untoken can't tell what it was"),
        }
    }

    /// A new file that went again.
    #[must_use]
    pub fn away(path: RelPath, bytes: &[u8]) -> Self {
        Self { path, before: Some(sha256(bytes)), after: None, back: None }
    }
}

/// How an intent ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Done; the fragment says what was seen afterwards.
    Done {
        /// What was seen.
        what: String,
    },
    /// It was so before.
    AlreadySo,
    /// It failed.
    Failed {
        /// Why, as a fragment.
        why: String,
    },
}

impl Event {
    /// The same with texts that are safe to show.
    pub(super) fn cleaned(mut self) -> Self {
        let text = match &mut self {
            Self::Intent { what, .. } => what,
            Self::Outcome { result: Outcome::Done { what: text } | Outcome::Failed { why: text }, .. } => text,
            Self::Made { entry, .. } | Self::Removed { entry, .. } => entry,
            Self::Awaits { had: Some(had), .. } => had,
            Self::StoodIn { what, .. } => what,
            Self::Awaits { had: None, .. }
            | Self::AwaitsNoMore { .. }
            | Self::Stated { .. }
            | Self::Locked { .. }
            | Self::Refuses { .. }
            | Self::Revoked { .. }
            | Self::Numbered { .. }
            | Self::Wrote(_)
            | Self::Outcome { result: Outcome::AlreadySo, .. } => return self,
        };
        *text = clean_line(text, MAX_TEXT);
        self
    }
}

/// What is known of files that were written: the hex form of SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The intents that have no outcome: whatever they were about has to be read again.
#[must_use]
pub fn open_intents(entries: &[Entry]) -> Vec<&Entry> {
    let ended: HashSet<_> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Outcome { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    entries.iter().filter(|entry| matches!(&entry.event, Event::Intent { id, .. } if !ended.contains(id))).collect()
}
