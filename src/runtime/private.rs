//! The empty folder in which tools run that get a credential. It must never lie where others write, or below a checkout.

use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::state_dir::private_folder;

const PREFIX: &str = "run-";

/// When a folder is one that a killed run left behind: no sitting lasts that long.
const STALE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Makes it. cargo, npm and rustup obey the settings of every folder above the one they run in, and the system's temporary
/// folder is everybody's to write, or lies in the checkout: below untoken's own only the person's own settings are. Where
/// nothing can be written there, no such tool will run, and the system's does.
pub(super) fn empty_folder(state_dir: &Path) -> std::io::Result<TempDir> {
    let below = |folder: &Path| tempfile::Builder::new().prefix(PREFIX).tempdir_in(folder);
    let made = private_folder(state_dir).and_then(|()| below(state_dir)).or_else(|_| below(&std::env::temp_dir()));
    sweep(state_dir, SystemTime::now());
    made
}

/// Takes away what killed runs left behind. What can't be taken away stays: nothing depends on it.
fn sweep(state_dir: &Path, now: SystemTime) {
    for entry in std::fs::read_dir(state_dir).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        // Of the entry itself: a link is never followed.
        let Ok(known) = entry.metadata() else { continue };
        let age = known.modified().ok().and_then(|at| now.duration_since(at).ok());
        if ours
            && known.is_dir()
            && age.is_some_and(|age| age > STALE)
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::debug!(%error, "an old folder stays");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn only_old_folders_of_earlier_runs_go() {
        let state = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        for name in ["run-old", "run-new", "journal"] {
            std::fs::create_dir(state.path().join(name)).unwrap();
            std::fs::write(state.path().join(name).join("left"), "x").unwrap();
        }
        std::fs::write(state.path().join("run-file"), "x").unwrap();
        for old in ["run-old", "journal", "run-file"] {
            let file = std::fs::File::open(state.path().join(old)).unwrap();
            file.set_modified(now - STALE - Duration::from_secs(60)).unwrap();
        }
        let made = empty_folder(state.path()).unwrap();
        let mut left: Vec<_> =
            std::fs::read_dir(state.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        let mut wanted = ["journal", "run-file", "run-new"].map(std::ffi::OsString::from).to_vec();
        wanted.push(made.path().file_name().unwrap().to_owned());
        wanted.sort();
        assert_eq!(left, wanted);
    }
}
