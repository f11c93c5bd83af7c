//! Secrets for this run only.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use super::{SecretStore, StoreError};

/// Keeps secrets until untoken ends.
#[derive(Default)]
pub struct Memory(Mutex<BTreeMap<String, SecretString>>);

impl Memory {
    fn map(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, SecretString>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for Memory {
    fn get(&self, key: &str) -> Result<Option<SecretString>, StoreError> {
        Ok(self.map().get(key).cloned())
    }

    fn set(&self, key: &str, secret: &SecretString) -> Result<(), StoreError> {
        self.map().insert(key.to_owned(), secret.clone());
        Ok(())
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.map().remove(key);
        Ok(())
    }

    fn place(&self) -> &'static str {
        "memory, for this run only"
    }
}
