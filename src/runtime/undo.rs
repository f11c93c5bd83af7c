//! Takes back what the journal names, one change at a time: the files of the checkout, the entries and switches of registries.
//!
//! The state is looked at first: what is no longer as untoken left it stays as it is, and the reason is told.

use std::io::IsTerminal as _;

use super::line::ask_secret;
use super::{ChangeError, World, borrow};
use crate::checkout::{self, Remote};
use crate::journal::{Entry, PutBack, Reversal, Undoable, Wrote, lasting, put_back, undoable};
use crate::model::{PackageId, PublisherEntry, RelPath, RepoSlug};
use crate::output::UndoList;
use crate::registry::{self, ApiError, Changed, Registered};
use crate::report::{Kind, Report};
use crate::wizard::{Finished, Lending};

impl World {
    /// What can be taken back here, and what can't. Asks nobody but git.
    ///
    /// # Errors
    /// No repository on GitHub to go by, or a journal that is there and can't be read.
    pub fn undo_list(&self) -> Result<UndoList, Report> {
        let repository = self.find_repository()?;
        let entries = self.journalled()?;
        let (can, cannot) = self.part(undoable(&entries));
        Ok(UndoList { repository, can, cannot, lasting: lasting(&entries) })
    }

    /// Takes a change back; asks once for what the registry wants first, a credential or a second factor.
    ///
    /// # Errors
    /// Why it is not taken back.
    pub async fn insist(&self, reversal: &Reversal) -> Result<Changed, Report> {
        let package = reversal.package();
        if let (true, Some(package)) = (self.setup.offline, package) {
            return Err(Report::new(Kind::User, format!("{} is not asked with --offline", package.registry))
                .hint("leave --offline out"));
        }
        let error = match self.take_back(reversal).await {
            Ok(changed) => return Ok(changed),
            Err(TakeBack::Report(report)) => return Err(report),
            Err(TakeBack::Api(error)) => error,
        };
        let again = match (&error, package) {
            (ApiError::NeedsSecondFactor { .. }, Some(package)) if std::io::stdin().is_terminal() => {
                self.second_factor(package).await
            }
            (ApiError::NeedsCredential { .. }, Some(package)) => self.ask_credential(package).await?,
            _ => false,
        };
        if again { self.take_back(reversal).await.map_err(Report::from) } else { Err(error.into()) }
    }

    async fn ask_credential(&self, package: &PackageId) -> Result<bool, Report> {
        let Some(wish) = registry::guides(package.registry).credential(&self.endpoints) else { return Ok(false) };
        let question = format!("{}\n{}\nPaste it (it is not shown): ", wish.what, wish.page);
        let secret = ask_secret(question).await;
        let secret = secret.map_err(|e| Report::from_error(Kind::User, &e).hint("run it in a terminal"))?;
        Ok(secret.is_some_and(|secret| {
            self.hold_credential(package.registry, secret);
            true
        }))
    }

    /// Finds out whose journal it is.
    fn find_repository(&self) -> Result<RepoSlug, Report> {
        let remote = match &self.setup.named.repo {
            Some(slug) => Remote::GitHub(slug.clone()),
            None => checkout::remote(&self.setup.dir, self.tools.git.as_ref(), self.tools.environment())?,
        };
        match remote {
            Remote::GitHub(slug) => {
                self.found(Some(slug.clone()));
                Ok(slug)
            }
            Remote::Elsewhere { .. } | Remote::None => Err(Report::new(Kind::User, "the repository is not known")
                .because("the checkout has no remote on GitHub, and untoken keeps its journal by the repository")
                .hint("name it with --repo OWNER/NAME")),
        }
    }

    /// Lends the terminal to the tool that gives a second factor; `false`: there is none, or it failed.
    async fn second_factor(&self, package: &PackageId) -> bool {
        let call = registry::guides(package.registry).second_factor(&package.name, &self.endpoints);
        let Some(call) = call else { return false };
        let lending = Lending::of(call, None);
        matches!(borrow::run(self, &lending).await, Finished::Well)
    }

    /// All that the journals of this repository hold, oldest first.
    fn journalled(&self) -> Result<Vec<Entry>, Report> {
        let mut entries = Vec::new();
        for journal in self.journals() {
            entries.extend(journal?.read()?);
        }
        entries.sort_by_key(|entry| entry.at);
        Ok(entries)
    }

    /// Takes one change back.
    async fn take_back(&self, reversal: &Reversal) -> Result<Changed, TakeBack> {
        match reversal {
            Reversal::Unregister { package, entry, publisher } => {
                let entry = PublisherEntry {
                    id: entry.clone(),
                    publisher: publisher.clone().into(),
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

    /// Parts what can be taken back now from what can't any more, with the reason; both newest first.
    ///
    /// A file that untoken wrote twice can be put back twice, as long as the newer write is taken back first.
    fn part(&self, undoable: Vec<Undoable>) -> (Vec<Undoable>, Vec<(Undoable, String)>) {
        let mut can: Vec<Undoable> = Vec::new();
        let mut cannot = Vec::new();
        for undoable in undoable {
            let reason = match &undoable.reversal {
                Reversal::PutBack(wrote) if !can.iter().any(|newer| stands_on(newer, wrote)) => self.keeps(wrote),
                Reversal::PutBack(wrote) => wrote.never().map(str::to_owned),
                Reversal::Unregister { .. } | Reversal::Register { .. } | Reversal::SetLock { .. } => None,
            };
            match reason {
                Some(why) => cannot.push((undoable, why)),
                None => can.push(undoable),
            }
        }
        (can, cannot)
    }

    fn keeps(&self, wrote: &Wrote) -> Option<String> {
        match self.bytes_of(&wrote.path) {
            Ok(now) => put_back(wrote, now.as_deref()).err(),
            Err(report) => Some(report.line()),
        }
    }

    fn bytes_of(&self, path: &RelPath) -> Result<Option<Vec<u8>>, Report> {
        Ok(checkout::current(&self.setup.dir, path)?)
    }
}

fn stands_on(newer: &Undoable, older: &Wrote) -> bool {
    matches!(&newer.reversal, Reversal::PutBack(newer) if newer.path == older.path && newer.before == older.after)
}

/// Why a change is not taken back.
#[derive(Debug)]
enum TakeBack {
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
