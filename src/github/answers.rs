//! Answers of GitHub's that are kept between two runs, each with its ETag: asked again with it, GitHub says "as it was", and
//! that costs nothing of the primary limit. Names and times alone are kept, in a file of the state directory that only its
//! owner may read.
//!
//! A kept answer is never believed by itself: GitHub confirms it, for the sign-in of that run. There is one exception: what a
//! run that was broken off had read is taken over by the next one, for a while, with the time at which it was read.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Endpoints;
use crate::model::{OrganizationName, Timestamp};
use crate::state_dir::{only_mine, private_file, private_folder};

/// The folder below the state directory.
const FOLDER: &str = "answers";
/// How large the file of an organisation may grow, in bytes; what is larger is begun anew.
const LARGEST: u64 = 32 * 1024 * 1024;
/// How long the next run takes over what one that was broken off had read, in seconds.
const TAKEN_OVER: i64 = 60 * 60;

/// A page of a list as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Page {
    /// GitHub's tag of it.
    pub(super) tag: Option<String>,
    /// The address of the next one.
    pub(super) next: Option<String>,
    /// What stood in it, as far as untoken reads it.
    pub(super) items: Value,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    /// GitHub answered.
    Answer { url: String, at: Timestamp, page: Page },
    /// GitHub confirmed what was kept.
    Same { url: String, at: Timestamp },
    /// The run came to its end.
    Done { at: Timestamp },
}

/// The answers about one organisation.
#[derive(Debug)]
pub struct Answers {
    path: PathBuf,
    /// Answers of a run that was broken off count from this moment on.
    since: Timestamp,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    pages: HashMap<String, (Page, Timestamp)>,
    /// The addresses whose answers count in this run.
    current: HashSet<String>,
    /// Where new lines go; `None`: they could not be written, so the next run asks for everything.
    file: Option<File>,
    written: u64,
}

impl Answers {
    /// Opens what is kept about an organisation. A file that is gone, torn or not to be read is no error: then everything is
    /// asked for.
    #[must_use]
    pub fn open(state_dir: &Path, endpoints: &Endpoints, organization: &OrganizationName, now: Timestamp) -> Self {
        let folder = state_dir.join(FOLDER);
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' };
        let api: String = endpoints.api.as_str().chars().map(plain).collect();
        let path = folder.join(format!("{api}-{}.jsonl", organization.as_str().to_ascii_lowercase()));
        let since = now.plus(-TAKEN_OVER);
        let mut held = private_folder(state_dir)
            .and_then(|()| private_folder(&folder))
            .and_then(|()| only_mine(&folder, 0o700))
            .and_then(|()| load(&path, since))
            .unwrap_or_default();
        held.file = private_file(&path).inspect_err(|error| tracing::warn!(%error, "answers are not kept")).ok();
        Self { path, since, held: Mutex::new(held) }
    }

    /// What a run that was broken off has read of this address lately, or this one already.
    pub(super) fn current(&self, url: &str) -> Option<(Page, Timestamp)> {
        let held = self.held();
        let current = held.current.contains(url).then(|| held.pages.get(url).cloned()).flatten();
        current.filter(|(_, at)| *at >= self.since)
    }

    /// The answer that is to be confirmed.
    pub(super) fn kept(&self, url: &str) -> Option<Page> {
        self.held().pages.get(url).map(|(page, _)| page.clone()).filter(|page| page.tag.is_some())
    }

    /// Keeps an answer.
    pub(super) fn keep(&self, url: &str, page: Page, at: Timestamp) {
        let mut held = self.held();
        held.write(&Line::Answer { url: url.to_owned(), at, page: page.clone() });
        held.pages.insert(url.to_owned(), (page, at));
        held.current.insert(url.to_owned());
    }

    /// Keeps that an answer is as it was.
    pub(super) fn same(&self, url: &str, at: Timestamp) {
        let mut held = self.held();
        held.write(&Line::Same { url: url.to_owned(), at });
        if let Some((_, confirmed)) = held.pages.get_mut(url) {
            *confirmed = at;
        }
        held.current.insert(url.to_owned());
    }

    /// The run came to its end: the file is written anew with what counted in it, so that it does not grow.
    pub(super) fn finish(&self, at: Timestamp) {
        let held = self.held();
        if let Err(error) = held.rewrite(&self.path, at) {
            tracing::warn!(%error, "answers are not kept");
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// A whole line at once, so that a kill leaves at most one that is torn.
    fn write(&mut self, line: &Line) {
        let Ok(text) = serde_json::to_string(line) else { return };
        self.written += text.len() as u64 + 1;
        if self.written > LARGEST {
            self.file = None;
        }
        if let Some(file) = &mut self.file
            && let Err(error) = file.write_all(format!("{text}\n").as_bytes())
        {
            tracing::warn!(%error, "answers are not kept");
            self.file = None;
        }
    }

    fn rewrite(&self, path: &Path, at: Timestamp) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(path))?;
        {
            let mut out = io::BufWriter::new(file.as_file_mut());
            let answers = self.current.iter().filter_map(|url| self.pages.get_key_value(url));
            let lines = answers.map(|(url, (page, at))| Line::Answer { url: url.clone(), at: *at, page: page.clone() });
            for line in lines.chain([Line::Done { at }]) {
                serde_json::to_writer(&mut out, &line)?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
        }
        file.persist(path)?;
        Ok(())
    }
}

/// Reads the file. Of a run that came to its end nothing counts before GitHub has confirmed it.
fn load(path: &Path, since: Timestamp) -> io::Result<Held> {
    let mut held = Held::default();
    let file = File::open(path)?;
    let size = file.metadata()?;
    if !size.is_file() || size.len() > LARGEST {
        drop(file);
        std::fs::remove_file(path)?;
        return Ok(held);
    }
    held.written = size.len();
    let mut read = BufReader::new(file.take(LARGEST));
    let mut line = Vec::new();
    while read.read_until(b'\n', &mut line)? > 0 {
        match serde_json::from_slice(&line) {
            Ok(Line::Answer { url, at, page }) => {
                held.pages.insert(url.clone(), (page, at));
                held.current.insert(url);
            }
            Ok(Line::Same { url, at }) => {
                if let Some((_, confirmed)) = held.pages.get_mut(&url) {
                    *confirmed = at;
                    held.current.insert(url);
                }
            }
            Ok(Line::Done { .. }) => held.current.clear(),
            // A line that a kill tore: that answer is asked for again.
            Err(_) => {}
        }
        line.clear();
    }
    let pages = &held.pages;
    held.current.retain(|url| pages.get(url).is_some_and(|(_, at)| *at >= since));
    Ok(held)
}
