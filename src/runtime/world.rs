//! The adapters of one sitting: HTTP, GitHub, the registries, the tools, the stores; and what they were set up with.
//!
//! Secrets live here and nowhere else: the GitHub token and the registries' credentials, in memory, for this sitting.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use tempfile::TempDir;

use super::Named;
use super::private::empty_folder;
use crate::github::{self, ClientId, Token, TokenStore};
use crate::journal::{Entry, Event, Journal, JournalError, JournalKey};
use crate::model::{Registry, RepoSlug};
use crate::net::Http;
use crate::registry::{Apis, Endpoints};
use crate::report::{Kind, Report};
use crate::secret_store::{self, Probe};
use crate::tools::{Environment, Tools};
use crate::wizard::Demo;

/// What the command line and the environment decided.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The checkout.
    pub dir: PathBuf,
    /// What was named instead of what would be found.
    pub named: Named,
    /// Read the repository's files from GitHub, because there is no checkout.
    pub remote_only: bool,
    /// Never ask GitHub or a registry.
    pub offline: bool,
    /// The client id that was named.
    pub client_id: Option<String>,
    /// Hosts that may stand in for a real service.
    pub trusted_hosts: Vec<String>,
    /// The environment that untoken and its tools see.
    pub environment: Environment,
    /// Where the journal and kept sign-ins live.
    pub state_dir: PathBuf,
    /// The demo's side of the world.
    pub demo: Option<DemoLink>,
}

/// What the demo adds.
#[derive(Debug, Clone)]
pub struct DemoLink {
    /// What the screens say of it.
    pub notes: Demo,
}

/// The adapters.
pub struct World {
    /// What was decided before.
    pub setup: Setup,
    /// The HTTP client.
    pub http: Http,
    /// GitHub's addresses.
    pub github: github::Endpoints,
    /// The registries' addresses.
    pub endpoints: Endpoints,
    /// The App that signs in.
    pub client_id: ClientId,
    /// The person's tools.
    pub tools: Arc<Tools>,
    /// The registries.
    pub apis: Apis,
    private: TempDir,
    shelf: Mutex<Shelf>,
}

/// What is held for this sitting.
#[derive(Default)]
struct Shelf {
    token: Option<Token>,
    store: Option<TokenStore>,
    credentials: BTreeMap<Registry, SecretString>,
    slug: Option<RepoSlug>,
    repository_id: Option<u64>,
}

impl World {
    /// Sets everything up. Asks nobody but the tools for their versions.
    ///
    /// # Errors
    /// What keeps untoken from starting: an endpoint that may not be used, no certificates, no temporary folder.
    pub async fn new(setup: Setup) -> Result<Self, Report> {
        let lookup = |name: &str| setup.environment.get(name).and_then(|value| value.to_str()).map(str::to_owned);
        let usage = |error: &dyn std::error::Error| {
            Report::new(Kind::Usage, error.to_string())
                .hint("unset the variable, or name the host with --trust-endpoint (https only)")
        };
        let github = github::Endpoints::resolve(lookup, &setup.trusted_hosts).map_err(|e| usage(&e))?;
        let endpoints = Endpoints::resolve(lookup, &setup.trusted_hosts).map_err(|e| usage(&e))?;
        let client_id = ClientId::choose(setup.client_id.as_deref(), lookup("UNTOKEN_GITHUB_CLIENT_ID").as_deref())
            .map_err(|error| Report::from_error(Kind::Usage, &error))?;
        let http = Http::new().map_err(|error| {
            let report = Report::from_error(Kind::User, &error);
            error.hint().into_iter().fold(report, Report::hint)
        })?;
        let private = empty_folder(&setup.state_dir).map_err(|error| {
            Report::from_error(Kind::User, &error)
                .hint("untoken needs a temporary folder: set TMPDIR to one that can be written")
        })?;
        let tools = Arc::new(Tools::find(setup.environment.clone(), &setup.dir).await);
        let apis = Apis::new(http.clone(), endpoints.clone(), Arc::clone(&tools), private.path().to_owned());
        let store = match secret_store::Wanted::from_variable(lookup("UNTOKEN_SECRET_STORE").as_deref()) {
            Some(wanted @ (secret_store::Wanted::File | secret_store::Wanted::Memory)) => {
                match secret_store::choose(wanted, &setup.state_dir).await {
                    Probe::Works(secrets) => Some(TokenStore::new(secrets, &setup.state_dir, &github)),
                    Probe::Silent(_) | Probe::None(_) => None,
                }
            }
            _ => None,
        };
        let shelf = Mutex::new(Shelf { store, slug: setup.named.repo.clone(), ..Shelf::default() });
        Ok(Self { setup, http, github, endpoints, client_id, tools, apis, private, shelf })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The environment that untoken sees.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        self.setup.environment.get(name).and_then(|value| value.to_str()).map(str::to_owned)
    }

    /// The empty folder in which tools run.
    #[must_use]
    pub fn private(&self) -> PathBuf {
        self.private.path().to_owned()
    }

    /// The GitHub token of this sitting.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        self.shelf().token.clone()
    }

    /// Holds, or forgets, the GitHub token.
    pub fn hold_token(&self, token: Option<Token>) {
        self.shelf().token = token;
    }

    /// Where the token is kept, if a place was found.
    #[must_use]
    pub fn store(&self) -> Option<TokenStore> {
        self.shelf().store.clone()
    }

    /// From now on the token is kept there.
    pub fn keep_in(&self, store: Option<TokenStore>) {
        self.shelf().store = store;
    }

    /// A registry's credential.
    #[must_use]
    pub fn credential(&self, registry: Registry) -> Option<SecretString> {
        self.shelf().credentials.get(&registry).cloned()
    }

    /// Holds a registry's credential for this sitting.
    pub fn hold_credential(&self, registry: Registry, secret: SecretString) {
        self.shelf().credentials.insert(registry, secret);
    }

    /// The repository that this sitting is about.
    pub(super) fn shelf_slug(&self) -> Option<RepoSlug> {
        self.shelf().slug.clone()
    }

    /// The checkout named its repository: the journal goes by it.
    pub(super) fn found(&self, slug: Option<RepoSlug>) {
        self.shelf().slug = slug;
    }

    /// GitHub named the repository: the journal goes by its number from now on.
    pub(super) fn known_as(&self, repository_id: u64) {
        let slug = {
            let mut shelf = self.shelf();
            shelf.repository_id = Some(repository_id);
            shelf.slug.clone()
        };
        if let Some(slug) = slug {
            self.number(&JournalKey::Slug(slug), repository_id);
        }
    }

    /// Leads from the name's journal to the number's, for sittings without a sign-in.
    fn number(&self, name: &JournalKey, id: u64) {
        let noted = Journal::open(&self.setup.state_dir, name).and_then(|journal| {
            if numbered(&journal.read()?) == Some(id) {
                return Ok(());
            }
            journal.append(&Entry { at: super::now(), event: Event::Numbered { id } })
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "the repository's number was not noted");
        }
    }

    /// The journals that may speak of this repository, the one to write to first. Where GitHub did not tell its number in
    /// this sitting, the number that it told last leads to the journal.
    #[must_use]
    pub fn journals(&self) -> Vec<Result<Journal, JournalError>> {
        let (id, slug) = {
            let shelf = self.shelf();
            (shelf.repository_id, shelf.slug.clone())
        };
        let open = |key: &JournalKey| Journal::open(&self.setup.state_dir, key);
        let by_name = slug.map(|slug| open(&JournalKey::Slug(slug)));
        let told = || by_name.as_ref()?.as_ref().ok()?.read().ok().and_then(|entries| numbered(&entries));
        let by_id = id.or_else(told).map(|id| open(&JournalKey::Id(id)));
        by_id.into_iter().chain(by_name).collect()
    }
}

fn numbered(entries: &[Entry]) -> Option<u64> {
    entries.iter().rev().find_map(|entry| match entry.event {
        Event::Numbered { id } => Some(id),
        _ => None,
    })
}
