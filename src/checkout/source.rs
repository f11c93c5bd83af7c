//! Where files come from: the disk, or a list in memory (GitHub without a checkout, and tests).
//!
//! The walk stays inside the checkout and is bounded; only regular files are opened, so that neither a pipe nor a device
//! can hold it up. Nothing here knows what a file means.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::{Finding, Place, RelPath, Severity, SourceFile};
use crate::report::{Kind, Report};
use crate::spread::spread;

/// The largest file that is read, in bytes. A manifest or a workflow of this size is not one.
pub const MAX_FILE: u64 = 4 * 1024 * 1024;
/// How many files a walk lists before it stops and says so.
const MAX_FILES: usize = 200_000;
/// How deep it goes below the checkout.
const MAX_DEPTH: usize = 24;
/// Folders that hold other people's or built files, at any depth.
const SKIPPED: [&str; 8] = [".git", ".hg", ".jj", "node_modules", "target", ".venv", "venv", "__pycache__"];

/// Why there is no checkout to look at.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// The folder can't be opened.
    #[error("the folder {} can't be read", path.display())]
    Folder {
        /// As it was given.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// It is no folder.
    #[error("{} is no folder", .0.display())]
    NotAFolder(PathBuf),
    /// No git checkout.
    #[error("{} is no git checkout", .0.display())]
    NotGit(PathBuf),
    /// git is there and failed.
    #[error("git could not name the remote: {message}")]
    Git {
        /// The last line that git said.
        message: String,
    },
    /// git has no such revision here.
    #[error("git knows no revision {0} here")]
    NoRevision(String),
    /// git did not answer in time.
    #[error("git did not answer within {0} seconds")]
    GitHangs(u64),
}

impl From<CheckoutError> for Report {
    fn from(error: CheckoutError) -> Self {
        let hint = match &error {
            CheckoutError::Folder { .. } => "check the path and that you may read it",
            CheckoutError::NotAFolder(_) => "name the folder of the checkout",
            CheckoutError::NoRevision(_) => {
                "fetch it first; actions/checkout brings one commit alone unless fetch-depth is 0"
            }
            CheckoutError::NotGit(_) => "run untoken inside the clone, or name the repository: --repo OWNER/NAME",
            CheckoutError::Git { .. } | CheckoutError::GitHangs(_) => {
                "see what `git remote -v` says here, or name the repository: --repo OWNER/NAME"
            }
        };
        let kind = if matches!(error, CheckoutError::NoRevision(_)) { Kind::Usage } else { Kind::User };
        Self::from_error(kind, &error).hint(hint)
    }
}

/// Why a file's bytes are not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not among the files of this source.
    #[error("{0} is not there")]
    Missing(RelPath),
    /// A folder, pipe, device, or a link that leaves the checkout.
    #[error("{0} is no regular file of this checkout")]
    NotAFile(RelPath),
    /// Too large to be what its name says.
    #[error("{path} is larger than {} MiB", MAX_FILE / (1024 * 1024))]
    TooLarge {
        /// Which file.
        path: RelPath,
    },
    /// The system refused.
    #[error("{path} can't be read: {message}")]
    Refused {
        /// Which file.
        path: RelPath,
        /// In the system's words.
        message: String,
    },
}

impl ReadError {
    /// The same as a finding at that file.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let (Self::Missing(path) | Self::NotAFile(path) | Self::TooLarge { path } | Self::Refused { path, .. }) = self;
        Finding::new(Severity::Warning, self.to_string()).at(Place { file: path.clone(), line: 1, column: 1 })
    }
}

/// Files of a repository, wherever they are.
pub trait FileSource: Sync {
    /// All files that can be read, sorted.
    fn paths(&self) -> &[RelPath];

    /// A file's bytes, unchanged.
    fn read(&self, path: &RelPath) -> Result<SourceFile, ReadError>;

    /// What went wrong while the files were listed.
    fn findings(&self) -> &[Finding] {
        &[]
    }
}

/// A checkout on disk.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    paths: Vec<RelPath>,
    /// Those among the paths that are links.
    links: BTreeSet<RelPath>,
    findings: Vec<Finding>,
}

/// What a folder holds.
#[derive(Default)]
struct Listing {
    files: Vec<RelPath>,
    links: Vec<RelPath>,
    folders: Vec<RelPath>,
    error: Option<std::io::Error>,
}

impl Disk {
    /// Lists the files below `root`: regular files, and links to regular files inside the checkout.
    pub fn open(root: &Path) -> Result<Self, CheckoutError> {
        let folder = |source| CheckoutError::Folder { path: root.to_owned(), source };
        let real = root.canonicalize().map_err(folder)?;
        if !real.is_dir() {
            return Err(CheckoutError::NotAFolder(root.to_owned()));
        }
        fs::read_dir(&real).map_err(folder)?;
        let mut disk = Self { root: real, paths: Vec::new(), links: BTreeSet::new(), findings: Vec::new() };
        disk.walk();
        disk.paths.sort();
        Ok(disk)
    }

    /// The checkout's real path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Level by level, the folders of one level at once.
    fn walk(&mut self) {
        let mut level = vec![RelPath::root()];
        for depth in 0.. {
            if level.is_empty() {
                return;
            }
            let listings = spread(&level, |folder| self.list(folder));
            let mut below = Vec::new();
            for (folder, listing) in level.iter().zip(listings) {
                if let Some(error) = listing.error {
                    self.note(format!("the folder {folder} can't be read: {error}"));
                }
                self.paths.extend(listing.files);
                self.links.extend(listing.links.iter().cloned());
                self.paths.extend(listing.links);
                below.extend(listing.folders);
            }
            if self.paths.len() >= MAX_FILES {
                self.note(format!("more than {MAX_FILES} files: the rest was not looked at"));
                self.paths.truncate(MAX_FILES);
                return;
            }
            if depth == MAX_DEPTH {
                below.iter().for_each(|path| self.note(format!("{path} is too deep: it was not looked at")));
                return;
            }
            level = below;
        }
    }

    fn list(&self, folder: &RelPath) -> Listing {
        let mut listing = Listing::default();
        let entries = match fs::read_dir(self.root.join(folder.as_str())) {
            Ok(entries) => entries,
            Err(error) => return Listing { error: Some(error), ..listing },
        };
        for entry in entries.flatten().take(MAX_FILES) {
            let name = entry.file_name();
            // A name that no `RelPath` can hold (not UTF-8, control characters) is none that a manifest could mean.
            let Some(path) = name.to_str().and_then(|name| folder.join(name).ok()) else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                if !SKIPPED.contains(&path.file_name()) {
                    listing.folders.push(path);
                }
            } else if kind.is_file() {
                listing.files.push(path);
            } else if kind.is_symlink() && self.regular(&path).is_some() {
                listing.links.push(path);
            }
        }
        listing
    }

    fn note(&mut self, message: String) {
        self.findings.push(Finding::new(Severity::Warning, message));
    }

    /// The real path behind `path`, if it is a regular file inside the checkout.
    fn regular(&self, path: &RelPath) -> Option<PathBuf> {
        let real = self.root.join(path.as_str()).canonicalize().ok()?;
        (real.starts_with(&self.root) && fs::metadata(&real).ok()?.is_file()).then_some(real)
    }
}

impl FileSource for Disk {
    fn paths(&self) -> &[RelPath] {
        &self.paths
    }

    fn read(&self, path: &RelPath) -> Result<SourceFile, ReadError> {
        let refused = |error: std::io::Error| ReadError::Refused { path: path.clone(), message: error.to_string() };
        // Listed as a file, in folders that are no links: its place need not be worked out again.
        if self.paths.binary_search(path).is_ok()
            && !self.links.contains(path)
            && let Ok(Bounded::Read(bytes)) = read_bounded(&self.root.join(path.as_str()), true)
        {
            return Ok(SourceFile::new(path.clone(), bytes));
        }
        if let Err(error) = fs::symlink_metadata(self.root.join(path.as_str())) {
            return Err(match error.kind() {
                std::io::ErrorKind::NotFound => ReadError::Missing(path.clone()),
                _ => refused(error),
            });
        }
        let real = self.regular(path).ok_or_else(|| ReadError::NotAFile(path.clone()))?;
        match read_bounded(&real, true).map_err(refused)? {
            Bounded::Read(bytes) => Ok(SourceFile::new(path.clone(), bytes)),
            Bounded::TooLarge => Err(ReadError::TooLarge { path: path.clone() }),
            Bounded::NotAFile => Err(ReadError::NotAFile(path.clone())),
        }
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// What came of reading a file that may be anything.
pub(super) enum Bounded {
    /// Its bytes.
    Read(Vec<u8>),
    /// More than [`MAX_FILE`].
    TooLarge,
    /// A folder, pipe or device.
    NotAFile,
}

/// Reads a regular file of at most [`MAX_FILE`] bytes. A link is followed unless the path is `real`.
pub(super) fn read_bounded(path: &Path, real: bool) -> std::io::Result<Bounded> {
    let file = open_without_waiting(path, real)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(Bounded::NotAFile);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len().min(MAX_FILE)).unwrap_or_default() + 1);
    // One byte more than allowed tells a file that is too large, also one that grows while it is read.
    file.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > MAX_FILE { Bounded::TooLarge } else { Bounded::Read(bytes) })
}

/// A file that need not lie in a checkout: its bytes where it is a regular one of at most [`MAX_FILE`] bytes. Links are
/// followed.
#[must_use]
pub fn read_regular(path: &Path) -> Option<Vec<u8>> {
    match read_bounded(path, false) {
        Ok(Bounded::Read(bytes)) => Some(bytes),
        Ok(Bounded::TooLarge | Bounded::NotAFile) | Err(_) => None,
    }
}

/// Opens for reading; a pipe that took the file's place since it was looked at must not hold us up.
fn open_without_waiting(path: &Path, real: bool) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        // Nor may a link that took its place lead somewhere else.
        let flags = if real { OFlags::NONBLOCK | OFlags::NOFOLLOW } else { OFlags::NONBLOCK };
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = real;
    options.open(path)
}

/// Files that are held in memory.
#[derive(Debug, Clone, Default)]
pub struct InMemory {
    paths: Vec<RelPath>,
    files: BTreeMap<RelPath, Arc<[u8]>>,
}

impl InMemory {
    /// These files; of two with the same path the later one stays.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = SourceFile>) -> Self {
        let files: BTreeMap<_, _> = files.into_iter().map(|file| (file.path, file.bytes)).collect();
        Self { paths: files.keys().cloned().collect(), files }
    }
}

impl FileSource for InMemory {
    fn paths(&self) -> &[RelPath] {
        &self.paths
    }

    fn read(&self, path: &RelPath) -> Result<SourceFile, ReadError> {
        let bytes = self.files.get(path).ok_or_else(|| ReadError::Missing(path.clone()))?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(ReadError::TooLarge { path: path.clone() });
        }
        Ok(SourceFile::new(path.clone(), Arc::clone(bytes)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn a_walk_lists_files_and_passes_over_what_is_not_the_repositorys_own() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["Cargo.toml", "a/b/c.txt", "node_modules/x/package.json", ".git/config", "target/debug/x"] {
            fs::create_dir_all(dir.path().join(file).parent().unwrap()).unwrap();
            fs::write(dir.path().join(file), "x").unwrap();
        }
        let disk = Disk::open(dir.path()).unwrap();
        assert_eq!(disk.paths(), [path("Cargo.toml"), path("a/b/c.txt")]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn links_out_and_pipes_are_no_files_and_hold_nothing_up() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "x").unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("real"), "x").unwrap();
        symlink(outside.path().join("secret"), dir.path().join("out")).unwrap();
        symlink(outside.path(), dir.path().join("out-dir")).unwrap();
        symlink("real", dir.path().join("in")).unwrap();
        symlink(".", dir.path().join("loop")).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, dir.path().join("pipe"), rustix::fs::Mode::RUSR).unwrap();
        let disk = Disk::open(dir.path()).unwrap();
        assert_eq!(disk.paths(), [path("in"), path("real")]);
        for bad in ["out", "out-dir/secret", "pipe", "loop"] {
            assert_eq!(disk.read(&path(bad)), Err(ReadError::NotAFile(path(bad))), "{bad}");
        }
        assert_eq!(disk.read(&path("gone")), Err(ReadError::Missing(path("gone"))));
        assert_eq!(&*disk.read(&path("in")).unwrap().bytes, b"x");
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::File::create(dir.path().join("big")).unwrap().set_len(MAX_FILE + 1).unwrap();
        let disk = Disk::open(dir.path()).unwrap();
        assert_eq!(disk.read(&path("big")), Err(ReadError::TooLarge { path: path("big") }));
    }

    #[test]
    fn no_folder_is_an_error_with_a_hint() {
        let error = Disk::open(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(Report::from(error).hint.is_some());
    }
}
