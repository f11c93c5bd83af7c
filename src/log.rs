//! The log: a file in the state folder, for finding out afterwards what untoken asked and was told.
//!
//! Nothing goes to the screen, which belongs to the faces. Only untoken's own events are written in detail: libraries may
//! log headers, and a header may hold a token. Whoever logs has redacted before.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::model::clean;
use crate::state_dir::{private_file, private_folder};

/// A log longer than this is put aside at the next start; one old log is kept.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The file cannot be made.
    #[error("the log {path} could not be opened")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// Somebody set one up before.
    #[error("the log was set up already")]
    Twice,
}

/// Sends this process's events to `untoken.log` in the state folder from now on, and gives back its path.
///
/// `verbosity` is how many `-v` were given: none tells what went wrong and what was done, one what was asked, two all.
pub fn init(state_dir: &Path, verbosity: u8) -> Result<PathBuf, LogError> {
    let (path, writer) = open(state_dir)?;
    tracing::subscriber::set_global_default(subscriber(writer, verbosity)).map_err(|_| LogError::Twice)?;
    Ok(path)
}

fn open(state_dir: &Path) -> Result<(PathBuf, LogFile), LogError> {
    let path = state_dir.join("untoken.log");
    let file = private_folder(state_dir).and_then(|()| {
        if fs::metadata(&path).is_ok_and(|m| m.len() > MAX_BYTES) {
            fs::rename(&path, state_dir.join("untoken.log.old"))?;
        }
        private_file(&path)
    });
    match file {
        Ok(file) => Ok((path, LogFile(Mutex::new(file)))),
        Err(source) => Err(LogError::Io { path, source }),
    }
}

fn subscriber(writer: LogFile, verbosity: u8) -> impl tracing::Subscriber + Send + Sync {
    let level = match verbosity {
        0 => "info",
        1 => "debug",
        _ => "trace",
    };
    let filter = EnvFilter::new(format!("warn,untoken={level}"));
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(writer).finish()
}

/// The file behind a lock. It is never held across an await: a line is one write.
struct LogFile(Mutex<File>);

/// One line on its way; what could harm a terminal is taken out, since people will `cat` the log.
struct Line<'a>(MutexGuard<'a, File>);

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        // A thread that panicked while logging leaves at worst half a line.
        Line(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Line<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.write_all(clean(&String::from_utf8_lossy(buffer)).as_bytes())?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn logged(verbosity: u8) -> String {
        let dir = tempfile::tempdir().unwrap();
        let (path, writer) = open(dir.path()).unwrap();
        tracing::subscriber::with_default(subscriber(writer, verbosity), || {
            tracing::info!(answer = "in\u{1b}[2Jner\u{202e}", "asked");
            tracing::debug!("detail");
            tracing::debug!(target: "hyper::client", "authorization: cio-sandbox-not-a-token");
            tracing::warn!(target: "hyper::client", "trouble");
        });
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn libraries_only_warn_however_many_v() {
        for (verbosity, lines) in [(0, 2), (1, 3), (9, 3)] {
            let log = logged(verbosity);
            assert_eq!(log.lines().count(), lines, "{log}");
            assert!(!log.contains("not-a-token") && log.contains("trouble"));
        }
    }

    #[test]
    fn nothing_in_it_moves_a_cursor() {
        let log = logged(0);
        assert!(log.contains("asked") && !log.contains(['\u{1b}', '\u{202e}']), "{log:?}");
    }

    #[cfg(unix)]
    #[test]
    fn it_is_private_and_does_not_grow_for_ever() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("untoken.log"), vec![b'x'; MAX_BYTES as usize + 1]).unwrap();
        let (path, _) = open(dir.path()).unwrap();
        let metadata = fs::metadata(path).unwrap();
        assert_eq!((metadata.len(), metadata.permissions().mode() & 0o777), (0, 0o600));
        assert!(dir.path().join("untoken.log.old").exists());
    }
}
