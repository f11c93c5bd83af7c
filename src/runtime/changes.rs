//! The changes that untoken makes, each journalled before and after: in a registry, and in the checkout.
//!
//! The wizard and `untoken undo` make them by the same functions, so that whatever is done can be found in the journal.

use super::World;
use crate::checkout;
use crate::journal::{Event, JournalError, Outcome, Wrote};
use crate::model::{FileChange, PackageId, PublisherEntry, RelPath, StepKind, Trusted, TrustedPublisher};
use crate::registry::{ApiError, Changed, Registered};
use crate::report::Report;

/// Why a change was not made, or not known to be.
#[derive(Debug)]
pub enum ChangeError {
    /// The journal could not be written, so nothing was begun.
    Journal(JournalError),
    /// The registry.
    Api(ApiError),
}

impl From<ChangeError> for Report {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Journal(error) => error.into(),
            ChangeError::Api(error) => error.into(),
        }
    }
}

impl World {
    /// Registers a publisher.
    pub(super) async fn register(
        &self,
        package: &PackageId,
        publisher: &TrustedPublisher,
    ) -> Result<Registered, ChangeError> {
        let intent =
            self.intend(package, StepKind::Register, format!("trust {publisher}")).map_err(ChangeError::Journal)?;
        let credential = self.credential(package.registry);
        let result = self.apis.get(package.registry).register(&package.name, publisher, credential.as_ref()).await;
        let outcome = match &result {
            Ok(Registered::Done(held)) => Outcome::Done { what: format!("entry {}, read back", held.entry.id) },
            Ok(Registered::AlreadySo(_)) => Outcome::AlreadySo,
            Ok(Registered::NotSeen(why)) => Outcome::Failed { why: why.clone() },
            Err(error) => Outcome::Failed { why: error.to_string() },
        };
        if let Ok(Registered::Done(held)) = &result {
            let (entry, publisher) = (held.entry.id.clone(), publisher.clone());
            self.note(Event::Made { package: package.clone(), entry, publisher });
        }
        self.outcome(intent, outcome);
        result.map_err(ChangeError::Api)
    }

    /// Makes a package's record.
    pub(super) async fn create(&self, package: &PackageId) -> Result<Changed, ChangeError> {
        let what = "make its record".to_owned();
        let intent = self.intend(package, StepKind::FirstPublish, what).map_err(ChangeError::Journal)?;
        let credential = self.credential(package.registry);
        let result = self.apis.get(package.registry).create(&package.name, credential.as_ref()).await;
        self.outcome(intent, ended(&result));
        result.map_err(ChangeError::Api)
    }

    /// Takes an entry out of a registry.
    pub(super) async fn unregister(&self, package: &PackageId, entry: &PublisherEntry) -> Result<Changed, ChangeError> {
        let what = format!("no longer trust {}", entry.publisher);
        let intent = self.intend(package, StepKind::Register, what).map_err(ChangeError::Journal)?;
        let credential = self.credential(package.registry);
        let result = self.apis.get(package.registry).unregister(&package.name, entry, credential.as_ref()).await;
        if let (Ok(Changed::Done), Trusted::Workflow(publisher)) = (&result, &entry.publisher) {
            let (entry, publisher) = (entry.id.clone(), publisher.clone());
            self.note(Event::Removed { package: package.clone(), entry, publisher });
        }
        self.outcome(intent, ended(&result));
        result.map_err(ChangeError::Api)
    }

    /// Tells a registry whether to refuse tokens.
    pub(super) async fn set_lock(&self, package: &PackageId, locked: bool) -> Result<Changed, ChangeError> {
        let what = if locked { "have tokens refused" } else { "have tokens accepted again" };
        let intent = self.intend(package, StepKind::Lock, what.to_owned()).map_err(ChangeError::Journal)?;
        let credential = self.credential(package.registry);
        let result = self.apis.get(package.registry).set_lock(&package.name, locked, credential.as_ref()).await;
        // A registry that lets nobody read the switch took it all the same: the way back has to be known.
        if let Ok(Changed::Done | Changed::NotSeen(_)) = &result {
            self.note(Event::Locked { package: package.clone(), locked });
        }
        self.outcome(intent, ended(&result));
        result.map_err(ChangeError::Api)
    }

    /// Writes a reviewed change into the checkout. It is noted before, so that a kill in between loses no way back.
    pub(super) fn write(&self, change: &FileChange) -> Result<(), Report> {
        self.in_checkout(Wrote::of(change), || checkout::apply(&self.setup.dir, change))
    }

    /// Takes a file away that untoken made and nobody changed since.
    pub(super) fn remove(&self, path: &RelPath, bytes: &[u8]) -> Result<(), Report> {
        self.in_checkout(Wrote::away(path.clone(), bytes), || checkout::remove(&self.setup.dir, path, bytes))
    }

    fn in_checkout(
        &self,
        wrote: Wrote,
        change: impl FnOnce() -> Result<(), checkout::WriteError>,
    ) -> Result<(), Report> {
        let undone =
            Wrote { path: wrote.path.clone(), before: wrote.after.clone(), after: wrote.before.clone(), back: None };
        self.record(Event::Wrote(wrote))?;
        change().map_err(|error| {
            self.note(Event::Wrote(undone));
            error.into()
        })
    }

    /// Journals what is already so. A journal that fails now is only logged.
    fn note(&self, event: Event) {
        if let Err(error) = self.record(event) {
            tracing::warn!(%error, "a change was not journalled");
        }
    }
}

fn ended(result: &Result<Changed, ApiError>) -> Outcome {
    match result {
        Ok(Changed::Done) => Outcome::Done { what: "read back".to_owned() },
        Ok(Changed::AlreadySo) => Outcome::AlreadySo,
        Ok(Changed::NotSeen(why)) => Outcome::Failed { why: why.clone() },
        Err(error) => Outcome::Failed { why: error.to_string() },
    }
}
