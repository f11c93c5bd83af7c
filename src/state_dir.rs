//! The folder where untoken keeps what outlives a run: journal and log. Never inside a checkout, never readable by others.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

/// Names another folder; the demo and the tests use it.
pub const VARIABLE: &str = "UNTOKEN_STATE_DIR";

/// Why there is no such folder.
#[derive(Debug, thiserror::Error)]
pub enum StateDirError {
    /// Neither the variable nor a home folder.
    #[error("no home folder is known; set {VARIABLE} to a folder for untoken's journal")]
    NoHome,
    /// A relative path would lie in the checkout.
    #[error("{VARIABLE} must be an absolute path, not {0}")]
    Relative(PathBuf),
}

/// The folder: `replacement` (what [`VARIABLE`] holds), else `untoken` in the system's place for state
/// (`$XDG_STATE_HOME`, `~/.local/state`). It need not exist yet.
pub fn state_dir(replacement: Option<&OsStr>) -> Result<PathBuf, StateDirError> {
    if let Some(path) = replacement.filter(|path| !path.is_empty()).map(PathBuf::from) {
        return if path.is_absolute() { Ok(path) } else { Err(StateDirError::Relative(path)) };
    }
    let base = etcetera::choose_base_strategy().map_err(|_| StateDirError::NoHome)?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_dir()).join("untoken"))
}

/// Makes a folder that only its owner may enter, with all that lead to it. One that is there keeps its permissions: it may
/// be shared with others on purpose.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file for appending that only its owner may read.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    only_mine(path, 0o600)?;
    Ok(file)
}

/// Takes away what others may do with a file or folder of untoken's own.
#[cfg(unix)]
pub(crate) fn only_mine(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if fs::metadata(path)?.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn only_mine(path: &Path, _mode: u32) -> io::Result<()> {
    fs::metadata(path).map(|_| ())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn the_variable_wins_if_absolute() {
        let absolute = std::env::temp_dir().join("x");
        assert_eq!(state_dir(Some(absolute.as_os_str())).unwrap(), absolute);
        assert!(matches!(state_dir(Some(OsStr::new("here"))), Err(StateDirError::Relative(_))));
        assert!(state_dir(Some(OsStr::new(""))).is_ok_and(|path| path.ends_with("untoken")), "empty counts as unset");
    }
}
