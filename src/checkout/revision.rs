//! The files of a checkout as they were at a revision, read from git's own store.
//!
//! git is asked in plumbing alone (`rev-parse`, `ls-tree`, `cat-file`), which runs no hook, filter or fsmonitor; those are
//! switched off all the same, and a partial clone fetches nothing.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Finding, RelPath, SourceFile, clean_line};
use crate::tools::{Environment, Tool};

use super::source::{CheckoutError, FileSource, MAX_FILE, ReadError};

/// How many files of a revision are listed; the walk on disk has the same limit.
const MAX_FILES: usize = 200_000;
/// How much of a list is read, in bytes.
const MAX_LIST: u64 = 64 * 1024 * 1024;

/// A folder of a repository at a revision.
pub struct Revision {
    paths: Vec<RelPath>,
    ids: BTreeMap<RelPath, String>,
    store: Mutex<Store>,
}

/// A `git cat-file --batch` that waits for names.
struct Store {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Revision {
    /// Lists the regular files below `dir` at `revision`.
    ///
    /// # Errors
    /// No git, or no such revision in this clone.
    pub fn open(
        dir: &Path,
        revision: &str,
        git: Option<&Tool>,
        environment: &Environment,
    ) -> Result<Self, CheckoutError> {
        let git = git.ok_or_else(|| failed("git is not on PATH outside the checkout"))?;
        let no_such = || CheckoutError::NoRevision(clean_line(revision, 100));
        if revision.is_empty() || revision.starts_with('-') {
            return Err(no_such());
        }
        let tree = format!("{revision}^{{tree}}");
        let tree = ask(git, dir, environment, &["rev-parse", "--verify", "--quiet", "--end-of-options", &tree])?
            .ok_or_else(no_such)?;
        let tree = String::from_utf8_lossy(&tree).trim().to_owned();
        let list = ask(git, dir, environment, &["ls-tree", "-r", "-z", &tree])?.ok_or_else(no_such)?;
        let mut ids = BTreeMap::new();
        for entry in list.split(|byte| *byte == 0).take(MAX_FILES) {
            // `100644 blob <id>\t<path>`
            let Some((head, path)) = std::str::from_utf8(entry).ok().and_then(|text| text.split_once('\t')) else {
                continue;
            };
            let mut head = head.split(' ');
            let (Some(mode), Some("blob"), Some(id)) = (head.next(), head.next(), head.next()) else { continue };
            if let (true, Ok(path)) = (mode.starts_with("100"), RelPath::new(path)) {
                ids.insert(path, id.to_owned());
            }
        }
        let mut child = command(git, dir, environment, &["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error.to_string()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("its pipes are not there"));
        };
        let store = Mutex::new(Store { child, ask: input, answers: BufReader::new(output) });
        Ok(Self { paths: ids.keys().cloned().collect(), ids, store })
    }
}

fn failed(message: &str) -> CheckoutError {
    CheckoutError::Git { message: clean_line(message, 200) }
}

fn command(git: &Tool, dir: &Path, environment: &Environment, args: &[&str]) -> Command {
    let mut command = Command::new(&git.path);
    command
        .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat"])
        .args(args)
        .current_dir(dir)
        .env_clear()
        .envs(environment.plain())
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_COMMON_DIR")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// What git answers; `None`: it ended with an error.
fn ask(git: &Tool, dir: &Path, environment: &Environment, args: &[&str]) -> Result<Option<Vec<u8>>, CheckoutError> {
    let mut child = command(git, dir, environment, args).spawn().map_err(|error| failed(&error.to_string()))?;
    let mut bytes = Vec::new();
    if let Some(out) = child.stdout.take() {
        out.take(MAX_LIST).read_to_end(&mut bytes).map_err(|error| failed(&error.to_string()))?;
    }
    let status = child.wait().map_err(|error| failed(&error.to_string()))?;
    Ok(status.success().then_some(bytes))
}

impl Store {
    /// The bytes of a blob; `None`: larger than any file that is read.
    fn blob(&mut self, id: &str) -> std::io::Result<Option<Vec<u8>>> {
        writeln!(self.ask, "{id}")?;
        self.ask.flush()?;
        let mut head = String::new();
        self.answers.by_ref().take(200).read_line(&mut head)?;
        let odd = || std::io::Error::other("git answered something else than a blob");
        let size: u64 = head.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(odd)?;
        // The content, and the line feed behind it.
        if size > MAX_FILE {
            std::io::copy(&mut self.answers.by_ref().take(size + 1), &mut std::io::sink())?;
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.answers.by_ref().take(size + 1).read_to_end(&mut bytes)?;
        bytes.pop();
        Ok(Some(bytes))
    }
}

impl FileSource for Revision {
    fn paths(&self) -> &[RelPath] {
        &self.paths
    }

    fn read(&self, path: &RelPath) -> Result<SourceFile, ReadError> {
        let id = self.ids.get(path).ok_or_else(|| ReadError::Missing(path.clone()))?;
        let blob = self.store.lock().unwrap_or_else(PoisonError::into_inner).blob(id);
        match blob {
            Ok(Some(bytes)) => Ok(SourceFile::new(path.clone(), Arc::<[u8]>::from(bytes))),
            Ok(None) => Err(ReadError::TooLarge { path: path.clone() }),
            Err(error) => Err(ReadError::Refused { path: path.clone(), message: error.to_string() }),
        }
    }

    fn findings(&self) -> &[Finding] {
        &[]
    }
}
