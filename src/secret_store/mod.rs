//! Where secrets are kept between runs: the system's keyring, memory, or a file that the person asked for.
//!
//! Never falls to a file by itself, never shows a secret, and never waits for a keyring on the thread of its caller when it
//! is looked for: an unlock window may stand open for as long as the person likes.

mod file;
mod keyring;
mod memory;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

pub use self::keyring::{Keyring, Waiting};
pub use file::FileStore;
pub(crate) use file::make_private;
pub use memory::Memory;

/// How long a keyring may take before somebody is told that it is being waited for.
const SILENCE: Duration = Duration::from_secs(3);

/// A place for secrets. Calls may block: on a runtime they belong into `spawn_blocking`.
pub trait SecretStore: Send + Sync {
    /// The secret under this key; `None`: there is none.
    fn get(&self, key: &str) -> Result<Option<SecretString>, StoreError>;

    /// Keeps a secret under this key, and has read it back when it says `Ok`.
    fn set(&self, key: &str, secret: &SecretString) -> Result<(), StoreError>;

    /// Forgets what is under this key; nothing there is no error.
    fn delete(&self, key: &str) -> Result<(), StoreError>;

    /// Where that is, in words for a person: `the system's keyring`.
    fn place(&self) -> &str;
}

/// Why a store did not do what was asked. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It is locked, or may not be used from here.
    #[error("{place} may not be used: {why}")]
    NoAccess {
        /// The store.
        place: String,
        /// In the system's words.
        why: String,
    },
    /// It works, but what came back is not what was put in.
    #[error("{place} did not keep what was put into it")]
    NotKept {
        /// The store.
        place: String,
    },
    /// What lies there was not written by untoken.
    #[error("what {place} holds cannot be read")]
    Garbage {
        /// The store.
        place: String,
    },
    /// Others could read it.
    #[error("{place} can be read by others on this machine")]
    Exposed {
        /// The store.
        place: String,
    },
}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoAccess { .. } | Self::NotKept { .. } => "go on with the sign-in kept in memory, for this run only",
            Self::Garbage { .. } => "sign out and in again: that writes it anew",
            Self::Exposed { .. } => "delete it, revoke what was in it, and sign in again",
        }
    }
}

impl From<StoreError> for crate::report::Report {
    fn from(error: StoreError) -> Self {
        Self::from_error(crate::report::Kind::User, &error).hint(error.hint())
    }
}

/// Which store is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// The system's keyring.
    #[default]
    Keyring,
    /// Memory: gone when untoken ends.
    Memory,
    /// A file, unencrypted, that only this account can read. Only because a person said so.
    File,
}

impl Wanted {
    /// As `UNTOKEN_SECRET_STORE` says: `keyring`, `memory` or `file`; unset or empty is the keyring, `None` something else.
    #[must_use]
    pub fn from_variable(value: Option<&str>) -> Option<Self> {
        match value.unwrap_or_default() {
            "" | "keyring" => Some(Self::Keyring),
            "memory" => Some(Self::Memory),
            "file" => Some(Self::File),
            _ => None,
        }
    }
}

/// What looking for a store found.
pub enum Probe {
    /// It keeps and gives back.
    Works(Arc<dyn SecretStore>),
    /// The keyring has not answered for three seconds: perhaps a password window is open. The caller may wait on.
    Silent(Waiting),
    /// There is none that works, for this reason.
    None(String),
}

/// Opens the wanted store. A keyring is proven by writing to it and reading back; `state_dir` holds the file, if that is it.
pub async fn choose(wanted: Wanted, state_dir: &Path) -> Probe {
    match wanted {
        Wanted::Memory => Probe::Works(Arc::new(Memory::default())),
        Wanted::File => Probe::Works(Arc::new(FileStore::new(state_dir.join("secrets")))),
        Wanted::Keyring => Waiting::begin(Keyring::prove).within(SILENCE).await,
    }
}

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Works(store) => write!(f, "Works({})", store.place()),
            Self::Silent(_) => f.write_str("Silent"),
            Self::None(why) => write!(f, "None({why})"),
        }
    }
}

#[cfg(test)]
mod tests;
