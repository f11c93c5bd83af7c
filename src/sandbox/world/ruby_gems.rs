//! What the sandbox's RubyGems knows. Seeded by tests, changed by its API and its pages.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ReleaseError, Run, World};

/// How long a pending publisher lives (rubygems/rubygems.org app/controllers/oidc/pending_trusted_publishers_controller.rb).
pub const PENDING_LIFE: TimeDelta = TimeDelta::hours(12);
/// A key whose life is shorter than this is not asked for a code (app/models/api_key.rb).
pub const SHORT_LIFE: TimeDelta = TimeDelta::minutes(15);

/// RubyGems' part of the world.
#[derive(Debug, Clone, Default)]
pub struct RubyGems {
    /// Users.
    pub users: Vec<User>,
    /// API keys.
    pub keys: Vec<Key>,
    /// Gems.
    pub gems: Vec<Gem>,
    /// Publishers of gems that are not there yet.
    pub pending: Vec<Pending>,
    /// What everybody's authenticator shows.
    pub code: String,
    /// The handle that is signed in in the browser.
    pub browser_user: String,
    last_id: u32,
}

/// A user.
#[derive(Debug, Clone)]
pub struct User {
    /// The handle.
    pub handle: String,
    /// When the second factor is asked for.
    pub second_factor: SecondFactor,
}

/// When a second factor is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Never.
    Off,
    /// On the website, and for keys that want it.
    Ui,
    /// On the website and for every key.
    UiAndApi,
}

/// An API key.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key itself; a real one begins with `rubygems_` as well.
    pub value: String,
    /// Whose it is.
    pub user: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// The one gem that it is good for; `None`: all.
    pub gem: Option<String>,
    /// Whether it wants a code by itself.
    pub code: KeyCode,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Whether a key wants a code by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCode {
    /// It does.
    Wanted,
    /// As the account says.
    AsAccount,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyScope {
    /// Push gems.
    Push,
    /// List, make and delete trusted publishers.
    ConfigureTrustedPublishers,
}

/// A gem.
#[derive(Debug, Clone)]
pub struct Gem {
    /// Its name.
    pub name: String,
    /// Handles of those who own it, with their role.
    pub owners: Vec<(String, Role)>,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// Its trusted publishers.
    pub publishers: Vec<Publisher>,
}

/// A role on a gem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// May do everything.
    Owner,
    /// May push.
    Maintainer,
}

/// A version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number.
    pub num: String,
    /// When it was pushed.
    pub created_at: DateTime<Utc>,
    /// The run that its attestation names.
    pub attested: Option<Run>,
}

/// A trusted publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Its id.
    pub id: u32,
    /// The owner as typed.
    pub owner: String,
    /// The owner's id on GitHub.
    pub owner_id: u64,
    /// The repository as typed.
    pub repository: String,
    /// The file name of the workflow.
    pub workflow: String,
    /// The environment, if one is asked for.
    pub environment: Option<String>,
    /// The repository that holds the workflow, if it is another one: owner and name.
    pub workflow_repository: Option<(String, String)>,
}

/// A publisher that makes its gem when it is first used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The name of the gem to be made.
    pub gem: String,
    /// Who may make it.
    pub publisher: Publisher,
    /// The user who added it.
    pub user: String,
    /// When, which starts its twelve hours.
    pub created_at: DateTime<Utc>,
}

impl RubyGems {
    /// The gem of this name.
    #[must_use]
    pub fn gem(&self, name: &str) -> Option<&Gem> {
        self.gems.iter().find(|gem| gem.name == name)
    }

    /// The same, to change it.
    pub fn gem_mut(&mut self, name: &str) -> Option<&mut Gem> {
        self.gems.iter_mut().find(|gem| gem.name == name)
    }

    /// A new key, obviously false.
    pub fn add_key(&mut self, user: &str, scopes: &[KeyScope], code: KeyCode, now: DateTime<Utc>) -> String {
        let value = format!("rubygems_sandbox_not_a_key_{:04}", self.next_id());
        self.keys.push(Key {
            value: value.clone(),
            user: user.to_owned(),
            scopes: scopes.to_vec(),
            gem: None,
            code,
            created_at: now,
            expires_at: None,
        });
        value
    }

    pub(in crate::sandbox) fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }
}

impl World {
    /// Pushes a version of a gem from a workflow, if RubyGems takes this run (2026-08-22: everything in exact case, the file
    /// with the job, the owner's id), with an attestation. A pending publisher makes the gem and becomes its first publisher.
    ///
    /// # Errors
    /// [`ReleaseError`] in the place of RubyGems' refusal.
    pub fn release_gem(&mut self, name: &str, version: &str, run: &Run) -> Result<(), ReleaseError> {
        let now = self.now();
        let owner = run.repository.split('/').next().and_then(|owner| self.github.account(owner)).map(|owner| owner.id);
        let gems = &mut self.ruby_gems;
        let trusts = |one: &Publisher| {
            format!("{}/{}", one.owner, one.repository) == run.repository
                && Some(one.owner_id) == owner
                && match &one.workflow_repository {
                    None => one.workflow == run.workflow,
                    Some((owner, name)) => format!("{owner}/{name}/.github/workflows/{}", one.workflow) == run.workflow,
                }
                && (one.environment.is_none() || one.environment == run.environment)
        };
        if gems.gem(name).is_none() {
            let its = |one: &Pending| one.gem == name && one.created_at + PENDING_LIFE > now && trusts(&one.publisher);
            let at =
                gems.pending.iter().position(its).ok_or_else(|| ReleaseError::Missing { name: name.to_owned() })?;
            let pending = gems.pending.remove(at);
            gems.gems.push(Gem {
                name: pending.gem,
                owners: vec![(pending.user, Role::Owner)],
                versions: Vec::new(),
                publishers: vec![pending.publisher],
            });
        }
        let gem = gems.gem_mut(name).ok_or_else(|| ReleaseError::Missing { name: name.to_owned() })?;
        if !gem.publishers.iter().any(trusts) {
            return Err(ReleaseError::NoPublisher { name: name.to_owned() });
        }
        gem.versions.push(Version { num: version.to_owned(), created_at: now, attested: Some(run.clone()) });
        Ok(())
    }
}
