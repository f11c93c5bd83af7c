//! untoken's own sign-in, kept between runs: one record for each GitHub, both tokens in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{ClientId, Endpoints, SignInError, Token, TokenSource};
use crate::model::Timestamp;
use crate::net::Clock;
use crate::secret_store::{SecretStore, StoreError, make_private};

/// How often a lock that another untoken holds is tried, and how long the pause is: half a minute in all, longer than a
/// renewal may take.
const TRIES: usize = 350;
const PAUSE: Duration = Duration::from_millis(100);

/// Where the sign-in is kept.
#[derive(Clone)]
pub struct TokenStore {
    secrets: Arc<dyn SecretStore>,
    lock: PathBuf,
    key: String,
}

/// What is kept, as JSON.
#[derive(Serialize, Deserialize)]
struct Record {
    access: String,
    refresh: Option<String>,
    expires: Option<Timestamp>,
    refresh_expires: Option<Timestamp>,
    client_id: Option<String>,
}

impl TokenStore {
    /// The place for the sign-in at these endpoints; the lock lies in `state_dir`. The key names the API's host, and the
    /// site's beside it where either is overridden: what renews the token goes to the site.
    #[must_use]
    pub fn new(secrets: Arc<dyn SecretStore>, state_dir: &Path, endpoints: &Endpoints) -> Self {
        let api = endpoints.api.authority();
        let key = if endpoints.is_overridden() { format!("{api} {}", endpoints.web.authority()) } else { api };
        Self { secrets, lock: state_dir.join("github.lock"), key }
    }

    /// Where that is, in words for a person.
    #[must_use]
    pub fn place(&self) -> &str {
        self.secrets.place()
    }

    /// The sign-in that is kept, if there is one.
    pub async fn load(&self) -> Result<Option<Token>, StoreError> {
        let place = self.secrets.place().to_owned();
        let Some(secret) = self.blocking(|secrets, key| secrets.get(key)).await? else { return Ok(None) };
        let record: Record = serde_json::from_str(secret.expose_secret()).map_err(|_| StoreError::Garbage { place })?;
        Ok(Some(Token {
            refresh: record.refresh.map(SecretString::from),
            expires: record.expires,
            refresh_expires: record.refresh_expires,
            client_id: record.client_id.as_deref().and_then(ClientId::parse),
            ..Token::new(record.access.into(), TokenSource::Stored)
        }))
    }

    /// Keeps a token that untoken obtained itself; any other one is left alone.
    pub async fn save(&self, token: &Token) -> Result<(), StoreError> {
        if !token.source.is_own() {
            return Ok(());
        }
        let record = Record {
            access: token.secret.expose_secret().to_owned(),
            refresh: token.refresh.as_ref().map(|t| t.expose_secret().to_owned()),
            expires: token.expires,
            refresh_expires: token.refresh_expires,
            client_id: token.client_id.as_ref().map(ToString::to_string),
        };
        let text = serde_json::to_string(&record)
            .map_err(|_| StoreError::NotKept { place: self.secrets.place().to_owned() })?;
        let text = SecretString::from(text);
        self.blocking(move |secrets, key| secrets.set(key, &text)).await
    }

    /// Forgets the sign-in. That does not end it at GitHub: see [`super::revoke`].
    pub async fn forget(&self) -> Result<(), StoreError> {
        self.blocking(|secrets, key| secrets.delete(key)).await
    }

    /// Waits until no other untoken renews this sign-in. The lock goes when the file is dropped.
    pub(super) async fn lock(&self, clock: &dyn Clock) -> Result<File, SignInError> {
        let failed = |error: &std::io::Error| SignInError::Lock { why: error.to_string() };
        if let Some(folder) = self.lock.parent() {
            make_private(folder).map_err(|e| failed(&e))?;
        }
        let file =
            OpenOptions::new().create(true).truncate(false).write(true).open(&self.lock).map_err(|e| failed(&e))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => clock.sleep(PAUSE).await,
                Err(TryLockError::Error(error)) => return Err(failed(&error)),
            }
        }
        Err(SignInError::Busy)
    }

    /// Runs a call that may wait for a person at a password window.
    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecretStore, &str) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (secrets, key) = (Arc::clone(&self.secrets), self.key.clone());
        tokio::task::spawn_blocking(move || call(secrets.as_ref(), &key)).await.unwrap_or_else(|_| {
            Err(StoreError::NoAccess { place: self.secrets.place().to_owned(), why: "the call was stopped".to_owned() })
        })
    }
}
