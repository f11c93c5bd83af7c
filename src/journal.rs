//! What cannot be read back anywhere: what a person stated, when an entry was made, what was begun and how it ended.
//!
//! One line of JSON an entry, only ever appended, safe on the disk before the call returns. It holds no secret, and nobody
//! but its owner may read it. An intent without an outcome means: look again; the journal never says that something is so.

mod event;
mod restore;
mod undo;

pub use event::{Entry, Event, IntentId, Outcome, Wrote, open_intents, sha256};
pub use restore::{PutBack, Restore, put_back};
pub use undo::{Lasting, Reversal, Undoable, lasting, undoable};

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::model::RepoSlug;
use crate::report::{Kind, Report};
use crate::state_dir::{only_mine, private_file, private_folder};

/// How long to wait for another untoken's lock. An append takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose journal it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalKey {
    /// GitHub's number of the repository: it outlives a rename.
    Id(u64),
    /// The repository's name, where the number is not known.
    Slug(RepoSlug),
}

impl JournalKey {
    fn file_name(&self) -> String {
        match self {
            Self::Id(id) => format!("{id}.jsonl"),
            // Neither an owner nor a name can hold an `@`, so no two repositories meet.
            Self::Slug(slug) => format!("{}@{}.jsonl", slug.owner(), slug.name()).to_ascii_lowercase(),
        }
    }
}

/// Why the journal could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another untoken holds it.
    #[error("another untoken holds the journal {0}")]
    Busy(PathBuf),
    /// The disk, or its permissions.
    #[error("the journal {path} could not be used")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's words.
        #[source]
        source: io::Error,
    },
}

impl From<JournalError> for Report {
    fn from(error: JournalError) -> Self {
        let hint = match &error {
            JournalError::Busy(_) => "let the other one finish, then try again".to_owned(),
            JournalError::Io { .. } => format!("see to that folder, or set {} to another", crate::state_dir::VARIABLE),
        };
        Self::from_error(Kind::User, &error).hint(hint)
    }
}

/// The journal of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    /// The journal of a repository below the state folder. Makes folder and file, for their owner alone.
    pub fn open(state_dir: &Path, key: &JournalKey) -> Result<Self, JournalError> {
        let folder = state_dir.join("journal");
        let journal = Self { path: folder.join(key.file_name()) };
        let made = private_folder(&folder).and_then(|()| only_mine(&folder, 0o700));
        made.and_then(|()| private_file(&journal.path)).map_err(|e| journal.failed(e))?;
        Ok(journal)
    }

    /// Adds a line and waits until it is safe on the disk. Texts are cleaned of control characters.
    ///
    /// A line that another run did not finish is closed first; a line that can't be finished now is taken back.
    pub fn append(&self, entry: &Entry) -> Result<(), JournalError> {
        let entry = Entry { at: entry.at, event: entry.event.clone().cleaned() };
        let mut file = self.locked()?;
        let line = serde_json::to_vec(&entry).map_err(|e| self.failed(e.into()))?;
        write_line(&mut file, line).map_err(|e| self.failed(e))
    }

    /// All entries, oldest first. Lines that are torn, or from a version that knows more, are passed over.
    pub fn read(&self) -> Result<Vec<Entry>, JournalError> {
        let mut bytes = Vec::new();
        self.locked()?.read_to_end(&mut bytes).map_err(|e| self.failed(e))?;
        Ok(bytes.split(|&b| b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
    }

    fn locked(&self) -> Result<File, JournalError> {
        let file = private_file(&self.path).map_err(|e| self.failed(e))?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(source)) => return Err(self.failed(source)),
                Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                    return Err(JournalError::Busy(self.path.clone()));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    fn failed(&self, source: io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), source }
    }
}

fn write_line(file: &mut File, mut line: Vec<u8>) -> io::Result<()> {
    let length = file.seek(SeekFrom::End(0))?;
    if length > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            line.insert(0, b'\n');
        }
    }
    line.push(b'\n');
    let written = file.write_all(&line).and_then(|()| file.sync_all());
    if written.is_err() {
        // A full disk must not leave half a line; should this fail too, the next append closes it.
        let _ = file.set_len(length);
    }
    written
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::fs;

    use proptest::prelude::*;

    use super::*;
    use crate::model::{PackageId, PackageName, Registry, RelPath, SecretHome, StepKind, Timestamp, TrustedPublisher};

    fn key() -> JournalKey {
        JournalKey::Slug("Acme/widgets".parse().unwrap())
    }

    fn package() -> PackageId {
        PackageId { registry: Registry::Npm, name: PackageName::new("@acme/widgets").unwrap() }
    }

    fn entry(at: i64, event: Event) -> Entry {
        Entry { at: Timestamp::from_unix(at), event }
    }

    fn intent(id: &IntentId) -> Entry {
        let what = "tell npm".to_owned();
        entry(1, Event::Intent { id: id.clone(), step: StepKind::Register, package: package(), what })
    }

    fn all_events() -> Vec<Entry> {
        let id = IntentId::fresh(Timestamp::from_unix(1));
        let publisher = TrustedPublisher {
            repository: "acme/widgets".parse().unwrap(),
            workflow: "release.yml".parse().unwrap(),
            environment: None,
        };
        let path = RelPath::new("untoken.toml").unwrap();
        vec![
            intent(&id),
            entry(2, Event::Outcome { id: id.clone(), result: Outcome::Done { what: "read back".into() } }),
            entry(3, Event::Outcome { id: id.clone(), result: Outcome::AlreadySo }),
            entry(4, Event::Outcome { id, result: Outcome::Failed { why: "denied".into() } }),
            entry(5, Event::Stated { package: package(), step: StepKind::Register, publisher: publisher.clone() }),
            entry(6, Event::Made { package: package(), entry: "42".into(), publisher: publisher.clone() }),
            entry(7, Event::Wrote(Wrote { path, before: None, after: Some(sha256(b"")), back: None })),
            entry(8, Event::Removed { package: package(), entry: "42".into(), publisher }),
            entry(9, Event::Locked { package: package(), locked: true }),
            entry(
                10,
                Event::Awaits {
                    package: package(),
                    workflow: "release.yml".parse().unwrap(),
                    had: Some("1.0.0".into()),
                },
            ),
            entry(10, Event::AwaitsNoMore { package: package() }),
            entry(10, Event::Numbered { id: 7 }),
            entry(11, Event::Refuses { package: package(), said: true }),
            entry(12, Event::StoodIn { package: package(), what: "run 3 succeeded".into() }),
            entry(
                13,
                Event::Revoked {
                    home: SecretHome::Environment("release".parse().unwrap()),
                    secret: "NPM_TOKEN".parse().unwrap(),
                },
            ),
        ]
    }

    #[test]
    fn every_event_reads_back_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), &key()).unwrap();
        let events = all_events();
        for entry in &events {
            journal.append(entry).unwrap();
        }
        assert_eq!(Journal::open(dir.path(), &key()).unwrap().read().unwrap(), events);
        let text = fs::read_to_string(dir.path().join("journal/acme@widgets.jsonl")).unwrap();
        assert_eq!(text.lines().count(), events.len());
        assert!(text.contains(
            r#"{"at":7,"event":"wrote","path":"untoken.toml","before":null,"after":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#
        ), "{text}");
    }

    #[test]
    fn a_lone_intent_is_open() {
        let [done, lone] = [1, 2].map(|at| IntentId::fresh(Timestamp::from_unix(at)));
        let outcome = entry(2, Event::Outcome { id: done.clone(), result: Outcome::AlreadySo });
        let entries = [intent(&done), intent(&lone), outcome];
        assert_eq!(open_intents(&entries), [&entries[1]]);
    }

    #[test]
    fn control_characters_never_get_in() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), &key()).unwrap();
        let what = "in\u{1b}[2Jner\n\u{202e}line".to_owned();
        let id = IntentId::fresh(Timestamp::from_unix(1));
        let event = Event::Intent { id, step: StepKind::Lock, package: package(), what };
        journal.append(&entry(1, event)).unwrap();
        assert!(matches!(&journal.read().unwrap()[0].event, Event::Intent { what, .. } if what == "in[2Jner line"));
    }

    #[test]
    fn an_unknown_event_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), &JournalKey::Id(7)).unwrap();
        fs::write(dir.path().join("journal/7.jsonl"), "{\"at\":1,\"event\":\"of_the_future\"}\n\u{0}garbage\n")
            .unwrap();
        journal.append(&all_events()[6]).unwrap();
        assert_eq!(journal.read().unwrap(), [all_events()[6].clone()]);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let mode = |path: &str| fs::metadata(dir.path().join(path)).unwrap().permissions().mode() & 0o777;
        Journal::open(dir.path(), &JournalKey::Id(7)).unwrap();
        assert_eq!((mode("journal"), mode("journal/7.jsonl")), (0o700, 0o600));
        fs::set_permissions(dir.path().join("journal/7.jsonl"), fs::Permissions::from_mode(0o644)).unwrap();
        Journal::open(dir.path(), &JournalKey::Id(7)).unwrap();
        assert_eq!(mode("journal/7.jsonl"), 0o600);
    }

    #[test]
    fn many_can_write_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path(), &key()).unwrap();
        let event = &all_events()[6];
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..5).for_each(|_| journal.append(event).unwrap()));
            }
        });
        assert_eq!(journal.read().unwrap().len(), 40);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

        /// A kill may cut the last line anywhere: all before it stay, and the next line stands alone.
        #[test]
        fn a_torn_last_line_costs_only_itself(cut in 1usize..200) {
            let dir = tempfile::tempdir().unwrap();
            let journal = Journal::open(dir.path(), &key()).unwrap();
            let events = all_events();
            journal.append(&events[4]).unwrap();
            journal.append(&events[6]).unwrap();
            let bytes = fs::read(&journal.path).unwrap();
            let last = bytes[..bytes.len() - 1].iter().rposition(|&b| b == b'\n').unwrap() + 1;
            let cut = cut.min(bytes.len() - last - 2);
            fs::write(&journal.path, &bytes[..last + cut]).unwrap();
            journal.append(&events[5]).unwrap();
            prop_assert_eq!(journal.read().unwrap(), [events[4].clone(), events[5].clone()]);
        }
    }
}
