//! What the sandbox's JSR knows. Seeded by tests, changed by its API and its pages.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ReleaseError, Run, World};

/// How long a code waits for a person (jsr-io/jsr api/src/api/authorization.rs, 2026-08-22).
pub const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);
/// How long a token lasts that was handed out by a code (the same).
pub const TOKEN_LIFE: TimeDelta = TimeDelta::hours(1);

/// JSR's part of the world.
#[derive(Debug, Clone, Default)]
pub struct Jsr {
    /// Logins on GitHub of those who have an account.
    pub users: Vec<String>,
    /// Tokens of every kind.
    pub tokens: Vec<Token>,
    /// Scopes.
    pub scopes: Vec<Scope>,
    /// Packages.
    pub packages: Vec<Package>,
    /// Codes that were asked for.
    pub authorizations: Vec<Authorization>,
    /// The login that is signed in in the browser.
    pub browser_user: String,
    minted: u32,
}

/// A token.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself; a real one begins with `jsrd_` or `jsrp_` as well.
    pub value: String,
    /// Whose it is.
    pub user: String,
    /// What it reaches.
    pub reach: Reach,
    /// When it ends; a personal one may never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What a token or an authorization reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The whole account.
    Account,
    /// Some permissions alone, which reach no setting.
    Permissions,
}

/// A scope.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Its name, without `@`.
    pub name: String,
    /// Logins of its members, with what they may do.
    pub members: Vec<(String, Member)>,
    /// What its packages take new versions from.
    pub publishing: Publishing,
    /// How many packages it may have.
    pub package_limit: usize,
    /// How many new ones within seven days.
    pub weekly_limit: usize,
}

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// Publish.
    Plain,
    /// Change settings too.
    Admin,
}

/// What a scope takes new versions from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publishing {
    /// Tokens and workflows.
    Any,
    /// Workflows alone (`requirePublishingFromCI`).
    CiOnly,
}

/// A package's record.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its scope.
    pub scope: String,
    /// Its name.
    pub name: String,
    /// The id of the linked repository on GitHub.
    pub repository: Option<u64>,
    /// Whether it can be changed.
    pub state: PackageState,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Whether a package can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageState {
    /// It can.
    Live,
    /// It is in the archive.
    Archived,
}

/// A version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number.
    pub num: String,
    /// The entry of its provenance in Rekor.
    pub rekor_log_id: Option<String>,
    /// When it was published.
    pub created_at: DateTime<Utc>,
}

/// A code that a person is to approve.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The code.
    pub code: String,
    /// What the tool polls with.
    pub exchange_token: String,
    /// The digest of what the tool keeps to itself, in base64.
    pub challenge: String,
    /// What the token is to reach.
    pub reach: Reach,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Where it stands.
    pub state: AuthorizationState,
}

/// Where a code stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationState {
    /// Nobody has acted.
    Waiting,
    /// This user approved it.
    Approved(String),
    /// It was refused.
    Denied,
}

impl Jsr {
    /// The scope of this name.
    #[must_use]
    pub fn scope(&self, name: &str) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.name == name)
    }

    /// The same, to change it.
    pub fn scope_mut(&mut self, name: &str) -> Option<&mut Scope> {
        self.scopes.iter_mut().find(|scope| scope.name == name)
    }

    /// The package of this name.
    #[must_use]
    pub fn package(&self, scope: &str, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.scope == scope && package.name == name)
    }

    /// The same, to change it.
    pub fn package_mut(&mut self, scope: &str, name: &str) -> Option<&mut Package> {
        self.packages.iter_mut().find(|package| package.scope == scope && package.name == name)
    }

    /// A scope of one admin, with the usual quotas and no package.
    pub fn add_scope(&mut self, name: &str, admin: &str) {
        self.scopes.push(Scope {
            name: name.to_owned(),
            members: vec![(admin.to_owned(), Member::Admin)],
            publishing: Publishing::Any,
            package_limit: 100,
            weekly_limit: 20,
        });
    }

    /// A new token, obviously false.
    pub fn add_token(&mut self, prefix: &str, user: &str, reach: Reach, expires_at: Option<DateTime<Utc>>) -> String {
        let value = format!("{prefix}{}", self.mint());
        self.tokens.push(Token { value: value.clone(), user: user.to_owned(), reach, expires_at });
        value
    }

    pub(in crate::sandbox) fn mint(&mut self) -> String {
        self.minted += 1;
        format!("sandbox_not_a_token_{:04}", self.minted)
    }

    /// A code of JSR's form: eight capitals with a dash.
    pub(in crate::sandbox) fn mint_code(&mut self) -> String {
        const LETTERS: &[u8; 24] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
        self.minted += 1;
        let letter = |n: u32| char::from(LETTERS[(self.minted * 7 + n * 5) as usize % LETTERS.len()]);
        let part = |from: u32| (from..from + 4).map(letter).collect::<String>();
        format!("{}-{}", part(0), part(4))
    }
}

impl World {
    /// Publishes a version on JSR from a workflow, if JSR takes this run (2026-08-22: the linked repository's id, and the
    /// person who started it a member of the scope, who here is the one in the browser).
    ///
    /// # Errors
    /// [`ReleaseError`] in the place of JSR's refusal.
    pub fn release_jsr(&mut self, scope: &str, name: &str, version: &str, run: &Run) -> Result<(), ReleaseError> {
        let now = self.now();
        let whole = || format!("@{scope}/{name}");
        let id =
            run.repository.split_once('/').and_then(|(owner, name)| self.github.repo(owner, name)).map(|repo| repo.id);
        let actor = &self.jsr.browser_user;
        let member = self.jsr.scope(scope).is_some_and(|scope| scope.members.iter().any(|(login, _)| login == actor));
        let package = self.jsr.package_mut(scope, name).ok_or_else(|| ReleaseError::Missing { name: whole() })?;
        if !member || id.is_none() || package.repository != id {
            return Err(ReleaseError::NoPublisher { name: whole() });
        }
        let rekor_log_id = Some(format!("{}", 100_000 + package.versions.len()));
        package.versions.push(Version { num: version.to_owned(), rekor_log_id, created_at: now });
        Ok(())
    }
}
