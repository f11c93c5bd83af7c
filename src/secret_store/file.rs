//! Secrets in files that only this account can read. They are not encrypted: chosen only by a person who was told so.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::{SecretStore, StoreError};

/// No secret of untoken's is larger, in bytes.
const LARGEST: u64 = 64 * 1024;

/// One file a secret (0600) in a folder (0700).
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: PathBuf,
    place: String,
}

impl FileStore {
    /// Keeps secrets in this folder, which is made when it is first needed.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        let place = format!("the unencrypted folder {}", folder.display());
        Self { folder, place }
    }

    fn file(&self, key: &str) -> PathBuf {
        let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
        // The ending keeps `.` and `..` from being names of their own.
        self.folder.join(format!("{}.secret", key.chars().map(safe).collect::<String>()))
    }

    fn failed(&self, error: &io::Error) -> StoreError {
        StoreError::NoAccess { place: self.place.clone(), why: error.to_string() }
    }

    fn write(&self, key: &str, secret: &SecretString) -> io::Result<()> {
        make_private(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(secret.expose_secret().as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(self.file(key))?;
        Ok(())
    }
}

impl SecretStore for FileStore {
    fn get(&self, key: &str) -> Result<Option<SecretString>, StoreError> {
        let path = self.file(key);
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) => meta,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(self.failed(&e)),
        };
        if !meta.is_file() || meta.len() > LARGEST {
            return Err(StoreError::Garbage { place: self.place.clone() });
        }
        if is_exposed(&meta) {
            return Err(StoreError::Exposed { place: path.display().to_string() });
        }
        let mut text = String::new();
        fs::File::open(&path).and_then(|f| f.take(LARGEST).read_to_string(&mut text)).map_err(|e| self.failed(&e))?;
        Ok(Some(text.into()))
    }

    fn set(&self, key: &str, secret: &SecretString) -> Result<(), StoreError> {
        self.write(key, secret).map_err(|e| self.failed(&e))
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.file(key)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(self.failed(&e)),
            _ => Ok(()),
        }
    }

    fn place(&self) -> &str {
        &self.place
    }
}

#[cfg(unix)]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn is_exposed(meta: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    meta.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_exposed(_: &fs::Metadata) -> bool {
    false
}
