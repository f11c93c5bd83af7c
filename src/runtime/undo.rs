//! Takes back what the journal names, one change at a time: the files of the checkout, the entries and switches of registries.
//!
//! The state is looked at first: what is no longer as untoken left it stays as it is, and the reason is told.

use super::{ChangeError, World};
use crate::checkout;
use crate::journal::{Entry, PutBack, Reversal, put_back};
use crate::model::{PublisherEntry, RelPath};
use crate::registry::{ApiError, Changed, Registered};
use crate::report::{Kind, Report};

impl World {
    /// All that the journals of this repository hold, oldest first.
    ///
    /// # Errors
    /// A journal that is there and can't be read: without it nobody can tell what was done.
    pub fn journalled(&self) -> Result<Vec<Entry>, Report> {
        let mut entries = Vec::new();
        for journal in self.journals() {
            entries.extend(journal?.read()?);
        }
        entries.sort_by_key(|entry| entry.at);
        Ok(entries)
    }

    /// Takes one change back.
    ///
    /// # Errors
    /// Why it can't be, or what it wants first: [`TakeBack::Api`] tells of a credential or a second factor.
    pub async fn take_back(&self, reversal: &Reversal) -> Result<Changed, TakeBack> {
        match reversal {
            Reversal::Unregister { package, entry, publisher } => {
                let entry = PublisherEntry {
                    id: entry.clone(),
                    publisher: publisher.clone(),
                    created: None,
                    permissions: Vec::new(),
                };
                Ok(self.unregister(package, &entry).await?)
            }
            Reversal::Register { package, publisher } => match self.register(package, publisher).await? {
                Registered::Done(_) => Ok(Changed::Done),
                Registered::AlreadySo(_) => Ok(Changed::AlreadySo),
                Registered::NotSeen(why) => Ok(Changed::NotSeen(why)),
            },
            Reversal::SetLock { package, locked } => Ok(self.set_lock(package, *locked).await?),
            Reversal::PutBack(wrote) => {
                let now = self.bytes_of(&wrote.path)?;
                match put_back(wrote, now.as_deref()) {
                    Ok(PutBack::AlreadySo) => return Ok(Changed::AlreadySo),
                    Ok(PutBack::Remove(bytes)) => self.remove(&wrote.path, &bytes)?,
                    Ok(PutBack::Change(change)) => self.write(&change)?,
                    Err(why) => return Err(stays(&wrote.path, &why).into()),
                }
                Ok(Changed::Done)
            }
        }
    }

    /// Why a file can't be put back, before anything is tried; `None`: it can, or is as it was.
    #[must_use]
    pub fn keeps(&self, reversal: &Reversal) -> Option<String> {
        let Reversal::PutBack(wrote) = reversal else { return None };
        match self.bytes_of(&wrote.path) {
            Ok(now) => put_back(wrote, now.as_deref()).err(),
            Err(report) => Some(report.line()),
        }
    }

    fn bytes_of(&self, path: &RelPath) -> Result<Option<Vec<u8>>, Report> {
        Ok(checkout::current(&self.setup.dir, path)?)
    }
}

/// Why a change is not taken back.
#[derive(Debug)]
pub enum TakeBack {
    /// The registry, which may want a credential or a second factor first.
    Api(ApiError),
    /// Anything else.
    Report(Report),
}

impl From<ChangeError> for TakeBack {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Api(error) => Self::Api(error),
            ChangeError::Journal(error) => Self::Report(error.into()),
        }
    }
}

impl From<Report> for TakeBack {
    fn from(report: Report) -> Self {
        Self::Report(report)
    }
}

impl From<TakeBack> for Report {
    fn from(error: TakeBack) -> Self {
        match error {
            TakeBack::Api(error) => error.into(),
            TakeBack::Report(report) => report,
        }
    }
}

fn stays(path: &RelPath, why: &str) -> Report {
    Report::new(Kind::User, format!("{path} stays as it is"))
        .because(why)
        .hint("git knows its older versions: `git log -p` on that file shows them")
}
