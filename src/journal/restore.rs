//! What it takes to make a written file what it was: the lines that went, and where they stood.
//!
//! Only lines are kept that can't be a secret: a file with one that may be is never put back by untoken, and says so.

use serde::{Deserialize, Serialize};

use super::sha256;
use crate::model::{FileChange, Splice, may_hold_secret};

/// The most text that the journal keeps of one file, in bytes. Configs and workflows change by far less.
const MAX_KEPT: usize = 64 * 1024;

/// How a written file is made what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Restore {
    /// It was not there before.
    Remove,
    /// These texts take the places of what is there now.
    Splices {
        /// In the order of the file, none within another.
        splices: Vec<Splice>,
    },
    /// It can't be, for this reason.
    Never {
        /// Why, as a fragment.
        why: String,
    },
}

impl Restore {
    /// What a change has to leave in the journal.
    #[must_use]
    pub fn of(change: &FileChange) -> Self {
        let never = |why: &str| Self::Never { why: why.to_owned() };
        let Some(before) = &change.before else { return Self::Remove };
        let Some(splices) = change.reverse() else { return never("its old text is no UTF-8") };
        if splices.iter().map(|splice| splice.text.len()).sum::<usize>() > MAX_KEPT {
            return never("too much of it changed to be kept");
        }
        // Lines that go are the ones that held a token; what may be one is not written down a second time.
        if splices.iter().any(|splice| splice.text.lines().any(may_hold_secret)) {
            return never("a line that went may hold a secret, and the journal keeps none");
        }
        let restored = Self::Splices { splices };
        match restored.apply(&change.after) {
            Some(Some(bytes)) if bytes == before.as_ref() => restored,
            _ => never("the way back could not be worked out"),
        }
    }

    /// The file's bytes as they were, from the ones now; `None` inside: it is to go. `None`: it can't be done.
    #[must_use]
    pub fn apply(&self, now: &[u8]) -> Option<Option<Vec<u8>>> {
        let splices = match self {
            Self::Remove => return Some(None),
            Self::Never { .. } => return None,
            Self::Splices { splices } => splices,
        };
        let mut bytes = Vec::with_capacity(now.len());
        let mut done = 0;
        for Splice { start, end, text } in splices {
            bytes.extend_from_slice(now.get(done..*start)?);
            bytes.extend_from_slice(text.as_bytes());
            now.get(*start..*end)?;
            done = *end;
        }
        bytes.extend_from_slice(now.get(done..)?);
        Some(Some(bytes))
    }
}

/// The change that puts a file back, from its bytes now.
///
/// # Errors
/// Why it can't be, as a fragment: it changed since, or the journal can't tell how.
pub fn put_back(written: &super::Wrote, now: Option<&[u8]>) -> Result<PutBack, String> {
    let Some(now) = now else {
        let gone = written.before.is_none();
        return if gone { Ok(PutBack::AlreadySo) } else { Err("it is no longer there".to_owned()) };
    };
    let hash = sha256(now);
    if Some(&hash) == written.before.as_ref() {
        return Ok(PutBack::AlreadySo);
    }
    if Some(&hash) != written.after.as_ref() {
        return Err("it changed since".to_owned());
    }
    if let Some(why) = written.never() {
        return Err(why.to_owned());
    }
    match written.back.as_ref().and_then(|restore| restore.apply(now)) {
        Some(None) => Ok(PutBack::Remove(now.into())),
        Some(Some(before)) if Some(sha256(&before)) == written.before => Ok(PutBack::Change(FileChange {
            path: written.path.clone(),
            before: Some(now.into()),
            after: before.into(),
        })),
        _ => Err("the way back in the journal leads to another text".to_owned()),
    }
}

/// What putting a file back takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutBack {
    /// Nothing: it is as it was.
    AlreadySo,
    /// It goes, as it holds these bytes.
    Remove(std::sync::Arc<[u8]>),
    /// Its bytes change.
    Change(FileChange),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::super::Wrote;
    use super::*;
    use crate::model::RelPath;

    fn change(before: Option<&str>, after: &str) -> FileChange {
        FileChange {
            path: RelPath::new("a.yml").unwrap(),
            before: before.map(|b| b.as_bytes().into()),
            after: after.as_bytes().into(),
        }
    }

    #[test]
    fn only_an_unchanged_file_is_put_back() {
        let change = change(Some("a\nb\n"), "a\nx\n");
        let written = Wrote::of(&change);
        let Ok(PutBack::Change(back)) = put_back(&written, Some(b"a\nx\n")) else { panic!("not put back") };
        assert_eq!(back.after.as_ref(), b"a\nb\n");
        assert_eq!(put_back(&written, Some(b"a\nb\n")), Ok(PutBack::AlreadySo), "a kill came before the write");
        assert_eq!(put_back(&written, Some(b"a\ny\n")), Err("it changed since".to_owned()));
        assert_eq!(put_back(&written, None), Err("it is no longer there".to_owned()));
    }

    #[test]
    fn a_new_file_goes_again() {
        let written = Wrote::of(&change(None, "a\n"));
        assert_eq!(put_back(&written, Some(b"a\n")), Ok(PutBack::Remove(b"a\n".as_slice().into())));
        assert_eq!(put_back(&written, Some(b"b\n")), Err("it changed since".to_owned()));
        assert_eq!(put_back(&written, None), Ok(PutBack::AlreadySo));
    }

    #[test]
    fn a_line_that_may_hold_a_secret_is_not_kept() {
        let token = "npm_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789";
        let written = Wrote::of(&change(Some(&format!("a: 1\ntoken: {token}\n")), "a: 1\n"));
        assert!(!serde_json::to_string(&written).unwrap().contains(token));
        assert!(put_back(&written, Some(b"a: 1\n")).unwrap_err().contains("may hold a secret"));
    }

    proptest! {
        #[test]
        fn what_was_comes_back(before in "([a-c ]{0,4}\r?\n){0,9}[a-c]{0,2}", after in "([a-c ]{0,4}\r?\n){0,9}[a-c]{0,2}") {
            prop_assume!(before != after);
            let written = Wrote::of(&change(Some(&before), &after));
            let line = serde_json::to_string(&written).unwrap();
            let read: Wrote = serde_json::from_str(&line).unwrap();
            match put_back(&read, Some(after.as_bytes())) {
                Ok(PutBack::Change(back)) => prop_assert_eq!(back.after.as_ref(), before.as_bytes()),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
