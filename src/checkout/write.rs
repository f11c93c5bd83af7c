//! Puts a reviewed change onto the disk: whole or not at all, and only over the bytes that the review showed.
//!
//! Never writes outside the checkout, into `.git`, through a link that leads there, or over a file that changed since it was
//! read. A kill at any moment leaves the old file or the new one.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::MAX_FILE;
use crate::model::{FileChange, RelPath};
use crate::report::{Kind, Report};

/// How a file under way is named, so that one left by a kill is known as ours.
const UNDER_WAY: (&str, &str) = (".untoken-writing-", ".tmp");

/// Why a change was not written. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file is not what it was when it was read.
    #[error("{0} changed since it was read")]
    Changed(RelPath),
    /// A new file's place is taken.
    #[error("{0} is already there")]
    AlreadyThere(RelPath),
    /// A link in the path leads out of the checkout, or into `.git`.
    #[error("{path} leads to {target}, outside what untoken may write")]
    Outside {
        /// The file that was to be written.
        path: RelPath,
        /// Where it leads.
        target: PathBuf,
    },
    /// A folder, a device, a pipe.
    #[error("{0} is not a regular file")]
    NotAFile(RelPath),
    /// Its permissions say that nobody shall write it.
    #[error("{0} is read-only")]
    ReadOnly(RelPath),
    /// The folder takes no new file, so the replacement cannot be made beside it.
    #[error("the folder of {path} cannot be written")]
    Folder {
        /// The file that was to be written.
        path: RelPath,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// Another untoken is writing in the same folder.
    #[error("another untoken is writing beside {0}")]
    Busy(RelPath),
    /// The disk, or what is mounted there.
    #[error("{path} could not be written")]
    Io {
        /// The file that was to be written.
        path: RelPath,
        /// The system's words.
        #[source]
        source: io::Error,
    },
}

impl From<WriteError> for Report {
    fn from(error: WriteError) -> Self {
        let hint = match &error {
            WriteError::Changed(_) | WriteError::AlreadyThere(_) => {
                "nothing was written; read the checkout again and review the new change"
            }
            WriteError::Outside { .. } => "put a regular file in its place, or make the change by hand",
            WriteError::NotAFile(_) => "put a regular file in its place",
            WriteError::ReadOnly(_) => "allow yourself to write it (chmod u+w), then try again",
            WriteError::Folder { .. } => "allow yourself to write that folder, then try again",
            WriteError::Busy(_) => "let it finish, then try again",
            WriteError::Io { .. } => "the file is as it was; see to the disk, then try again",
        };
        Self::from_error(Kind::User, &error).hint(hint)
    }
}

/// Replaces the file by the new bytes, or makes it, below the checkout at `root`.
///
/// The file keeps its permissions, and a link inside the checkout stays a link: its target is written.
pub fn apply(root: &Path, change: &FileChange) -> Result<(), WriteError> {
    let io = |source| WriteError::Io { path: change.path.clone(), source };
    if change.before.is_none() {
        make_folders(root, &change.path).map_err(io)?;
    }
    let target = Target::find(root, &change.path)?;
    let _lock = target.lock(&change.path)?;
    target.check(change)?;
    let temporary = target.prepare(change)?;
    // The last look: whatever an editor saved while the new bytes were on their way counts.
    target.check(change)?;
    match &change.before {
        Some(_) => temporary.persist(&target.file).map_err(|e| io(e.error))?,
        None => temporary.persist_noclobber(&target.file).map_err(|e| match e.error.kind() {
            io::ErrorKind::AlreadyExists => WriteError::AlreadyThere(change.path.clone()),
            _ => io(e.error),
        })?,
    };
    target.settle();
    Ok(())
}

/// Takes a file away that still holds these bytes. Where a link stands in its place, the link's target is looked at and goes.
pub fn remove(root: &Path, path: &RelPath, bytes: &[u8]) -> Result<(), WriteError> {
    let target = Target::find(root, path)?;
    let _lock = target.lock(path)?;
    target.check(&FileChange { path: path.clone(), before: Some(bytes.into()), after: [].into() })?;
    fs::remove_file(&target.file).map_err(|source| WriteError::Io { path: path.clone(), source })?;
    target.settle();
    Ok(())
}

/// A file's bytes as they are now; `None`: it is not there. Reads no more than a config or workflow may hold.
pub fn current(root: &Path, path: &RelPath) -> Result<Option<Vec<u8>>, WriteError> {
    let io = |source| WriteError::Io { path: path.clone(), source };
    if !root.join(path.parent().as_str()).exists() {
        return Ok(None);
    }
    let target = Target::find(root, path)?;
    match fs::symlink_metadata(&target.file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(io(source)),
        Ok(found) if !found.is_file() => return Err(WriteError::NotAFile(path.clone())),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    File::open(&target.file).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)).map_err(io)?;
    Ok(Some(bytes))
}

/// Makes the folders that a new file needs. It stops at a link or a file on the way: whether that will do is judged later.
fn make_folders(root: &Path, path: &RelPath) -> io::Result<()> {
    let mut folder = root.canonicalize()?;
    for part in path.parent().as_str().split('/').filter(|part| !part.is_empty()) {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() && !part.eq_ignore_ascii_case(".git") => {}
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(&folder)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Where the bytes really go: links are followed, and the folder is one inside the checkout.
struct Target {
    file: PathBuf,
    folder: PathBuf,
}

impl Target {
    fn find(root: &Path, path: &RelPath) -> Result<Self, WriteError> {
        let io = |source| WriteError::Io { path: path.clone(), source };
        let root = root.canonicalize().map_err(io)?;
        if path.is_root() {
            return Err(WriteError::NotAFile(path.clone()));
        }
        let folder = root.join(path.parent().as_str()).canonicalize().map_err(io)?;
        let mut file = folder.join(path.file_name());
        if fs::symlink_metadata(&file).is_ok_and(|m| m.is_symlink()) {
            file = file.canonicalize().map_err(io)?;
        }
        let outside = || WriteError::Outside { path: path.clone(), target: file.clone() };
        let inside = file.strip_prefix(&root).map_err(|_| outside())?;
        if inside.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git")) {
            return Err(outside());
        }
        let folder = file.parent().ok_or_else(outside)?.to_owned();
        Ok(Self { file, folder })
    }

    /// Keeps other untokens out of the folder while this lives, and clears what a killed one left there. Where the file
    /// system knows no locks, the checks alone have to do.
    fn lock(&self, path: &RelPath) -> Result<Option<File>, WriteError> {
        if !cfg!(unix) {
            return Ok(None);
        }
        let folder = File::open(&self.folder).map_err(|source| WriteError::Folder { path: path.clone(), source })?;
        match folder.try_lock() {
            Ok(()) => {
                self.clear();
                Ok(Some(folder))
            }
            Err(TryLockError::WouldBlock) => Err(WriteError::Busy(path.clone())),
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }

    fn clear(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let ours = name.to_str().is_some_and(|n| n.starts_with(UNDER_WAY.0) && n.ends_with(UNDER_WAY.1));
            if ours && entry.file_type().is_ok_and(|t| t.is_file()) {
                // One that stays does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Whether the file is still what the change was made from.
    fn check(&self, change: &FileChange) -> Result<(), WriteError> {
        let path = || change.path.clone();
        let metadata = match fs::symlink_metadata(&self.file) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(WriteError::Io { path: path(), source }),
        };
        match (&change.before, metadata) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err(WriteError::AlreadyThere(path())),
            (Some(_), None) => Err(WriteError::Changed(path())),
            (Some(_), Some(m)) if !m.is_file() => Err(WriteError::NotAFile(path())),
            (Some(_), Some(m)) if m.permissions().readonly() => Err(WriteError::ReadOnly(path())),
            (Some(before), Some(_)) => match self.holds(before) {
                Ok(true) => Ok(()),
                Ok(false) => Err(WriteError::Changed(path())),
                Err(source) => Err(WriteError::Io { path: path(), source }),
            },
        }
    }

    /// Whether the file has exactly these bytes; never reads more than one byte further.
    fn holds(&self, bytes: &[u8]) -> io::Result<bool> {
        let mut now = Vec::with_capacity(bytes.len() + 1);
        File::open(&self.file)?.take(bytes.len() as u64 + 1).read_to_end(&mut now)?;
        Ok(now == bytes)
    }

    /// The new bytes, safe on the disk beside the file, under a name of their own. Dropped, it is gone.
    fn prepare(&self, change: &FileChange) -> Result<NamedTempFile, WriteError> {
        let io = |source| WriteError::Io { path: change.path.clone(), source };
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNDER_WAY.0).suffix(UNDER_WAY.1);
        let old = match &change.before {
            Some(_) => Some(fs::metadata(&self.file).map_err(io)?),
            None => None,
        };
        #[cfg(unix)]
        if old.is_none() {
            use std::os::unix::fs::PermissionsExt as _;
            // A new file gets what any program's new file gets: the umask decides.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let mut temporary = builder
            .tempfile_in(&self.folder)
            .map_err(|source| WriteError::Folder { path: change.path.clone(), source })?;
        temporary.write_all(&change.after).map_err(io)?;
        if let Some(old) = old {
            keep_owner(temporary.as_file(), &old);
            temporary.as_file().set_permissions(old.permissions()).map_err(io)?;
        }
        temporary.as_file().sync_all().map_err(io)?;
        Ok(temporary)
    }

    /// Makes the rename itself outlive a power cut. The file is in place by now, so a refusal changes nothing.
    fn settle(&self) {
        if cfg!(unix) {
            let _ = File::open(&self.folder).and_then(|folder| folder.sync_all());
        }
    }
}

/// Under sudo a file would change hands; where the system refuses this, the writer's own name has to do.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let own = file.metadata().map(|m| (m.uid(), m.gid()));
    if own.is_ok_and(|own| own != (old.uid(), old.gid())) {
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _old: &Metadata) {}

#[cfg(all(test, unix))]
mod tests;
