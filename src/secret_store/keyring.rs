//! The system's keyring: Keychain, Credential Manager, Secret Service.

use std::sync::Arc;
use std::time::Duration;

use keyring::v1::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use super::{Probe, SecretStore, StoreError};
use crate::model::clean_line;

/// The name under which the keyring lists untoken.
const SERVICE: &str = "untoken";

/// The entry that is written and taken away again to see whether a keyring keeps anything.
const PROOF: &str = "does this keyring work";

const PLACE: &str = "the system's keyring";

/// The system's keyring.
#[derive(Debug, Clone, Copy)]
pub struct Keyring;

impl Keyring {
    /// Whether the keyring keeps what it is given; may wait for a person at a password window. A status of "ready" says
    /// nothing: a locked Secret Service reports it too, and answers reads with "no entry".
    pub fn prove() -> Result<Self, String> {
        if let Err(error) = Entry::store_status() {
            return Err(words(error));
        }
        let proof = SecretString::from("yes");
        let kept = Self.set(PROOF, &proof).and_then(|()| Self.delete(PROOF));
        kept.map(|()| Self).map_err(|error| match error {
            StoreError::NoAccess { why, .. } => why,
            other => other.to_string(),
        })
    }
}

impl SecretStore for Keyring {
    fn get(&self, key: &str) -> Result<Option<SecretString>, StoreError> {
        match entry(key)?.get_password() {
            Ok(text) => Ok(Some(text.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(store_error(&error)),
        }
    }

    fn set(&self, key: &str, secret: &SecretString) -> Result<(), StoreError> {
        entry(key)?.set_password(secret.expose_secret()).map_err(|e| store_error(&e))?;
        let back = self.get(key)?;
        if back.is_some_and(|back| back.expose_secret() == secret.expose_secret()) {
            Ok(())
        } else {
            Err(StoreError::NotKept { place: PLACE.to_owned() })
        }
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        match entry(key)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(store_error(&error)),
        }
    }

    fn place(&self) -> &'static str {
        PLACE
    }
}

fn entry(key: &str) -> Result<Entry, StoreError> {
    Entry::new(SERVICE, key).map_err(|e| store_error(&e))
}

fn store_error(error: &Error) -> StoreError {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => StoreError::Garbage { place: PLACE.to_owned() },
        error => StoreError::NoAccess { place: PLACE.to_owned(), why: words(error) },
    }
}

/// The library's words. Its variants that carry the secret's bytes show them only to `Debug`, which nobody asks for.
fn words(error: &Error) -> String {
    match error {
        Error::NoDefaultStore => "there is none on this system".to_owned(),
        Error::NoStorageAccess(_) => "it is locked".to_owned(),
        Error::PlatformFailure(why) => clean_line(&why.to_string(), 120),
        error => clean_line(&error.to_string(), 120),
    }
}

/// A keyring that has not answered yet. Dropping it stops the waiting, not the question.
pub struct Waiting(oneshot::Receiver<Result<Keyring, String>>);

impl Waiting {
    /// Asks on a thread of its own: it may take as long as a person at a password window, and no runtime should have to
    /// wait for it when untoken ends.
    pub(super) fn begin(question: impl FnOnce() -> Result<Keyring, String> + Send + 'static) -> Self {
        let (sender, receiver) = oneshot::channel();
        // Nobody may be listening any more when the answer comes.
        std::thread::spawn(move || sender.send(question()));
        Self(receiver)
    }

    /// The answer, if it comes within this time; else [`Probe::Silent`].
    pub async fn within(mut self, patience: Duration) -> Probe {
        match tokio::time::timeout(patience, &mut self.0).await {
            Ok(answer) => found(answer),
            Err(_) => Probe::Silent(self),
        }
    }

    /// The answer, whenever it comes.
    pub async fn wait(self) -> Probe {
        found(self.0.await)
    }
}

fn found(answer: Result<Result<Keyring, String>, oneshot::error::RecvError>) -> Probe {
    match answer {
        Ok(Ok(keyring)) => Probe::Works(Arc::new(keyring)),
        Ok(Err(why)) => Probe::None(why),
        Err(_) => Probe::None("asking it failed".to_owned()),
    }
}
