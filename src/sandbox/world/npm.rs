//! What the sandbox's npm registry knows. Seeded by tests, changed by `npm publish`, `npm trust` and the pages.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::Run;

/// How long an entry lives that has published nothing (npm, 2026-10-02).
pub const UNPROVEN_LIFE: TimeDelta = TimeDelta::hours(48);

/// How long the second factor is not asked for again, when the person ticks that box.
pub const OPEN_WINDOW: TimeDelta = TimeDelta::minutes(5);

/// npm's part of the world.
#[derive(Debug, Clone, Default)]
pub struct Npm {
    /// Users.
    pub users: Vec<User>,
    /// Tokens.
    pub tokens: Vec<Token>,
    /// Organisations, whose members may publish below their scope.
    pub organizations: Vec<Organization>,
    /// Packages.
    pub packages: Vec<Package>,
    /// Versions that wait for their approval.
    pub staged: Vec<Staged>,
    /// Approvals that were asked for.
    pub approvals: Vec<Approval>,
    /// The user who is signed in in the browser.
    pub browser_user: String,
    /// How far apart an owner's calls are at least by the services' clock, which is moved on where they come sooner: the pace
    /// that a client keeps with the real registry, for tests that have no time to keep it.
    pub call_takes: TimeDelta,
    pub(in crate::sandbox) last_call: Option<DateTime<Utc>>,
    pub(in crate::sandbox) last_id: u32,
}

/// A user of npm.
#[derive(Debug, Clone)]
pub struct User {
    /// Its name.
    pub name: String,
    /// Its second factor.
    pub second_factor: SecondFactor,
    /// Until when the second factor is not asked for again.
    pub window_until: Option<DateTime<Utc>>,
}

/// A user's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondFactor {
    /// None: what needs one is refused.
    None,
    /// A key or passkey, asked for on a page.
    Web,
    /// Codes from an application; the one that counts is this.
    Totp {
        /// The code that the registry takes.
        code: String,
    },
}

/// An organisation, which owns the scope of its name.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its name, without `@`.
    pub name: String,
    /// Users who may publish below it.
    pub members: Vec<String>,
}

/// A token.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub value: String,
    /// The user it speaks for.
    pub user: String,
    /// Where it comes from.
    pub kind: TokenKind,
}

/// Where a token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// `npm login`.
    Session,
    /// A granular access token.
    Granular,
    /// A granular access token that needs no second factor. It may publish, and manage nothing (npm, August 2026).
    GranularBypass,
}

/// A package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name, with its scope.
    pub name: String,
    /// Users who may publish it.
    pub maintainers: Vec<String>,
    /// Who may read it.
    pub access: Access,
    /// What publishing asks for.
    pub publishing_access: PublishingAccess,
    /// Tags and the versions that they name.
    pub dist_tags: Map<String, Value>,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// Its trusted publishers.
    pub publishers: Vec<Publisher>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Who may read a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone.
    Public,
    /// Those with access.
    Restricted,
}

/// What publishing a package with a token asks for (`npm access set mfa=…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishingAccess {
    /// No second factor.
    NoSecondFactor,
    /// A second factor, or a token that needs none. npm's default.
    SecondFactorOrToken,
    /// A second factor, and no tokens.
    SecondFactorOnly,
}

/// A published version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its number.
    pub num: String,
    /// When it was published.
    pub created_at: DateTime<Utc>,
    /// Its manifest with `dist`, as the packument shows it.
    pub manifest: Map<String, Value>,
    /// Its tarball.
    pub tarball: Vec<u8>,
    /// Who or what published it.
    pub published: PublishedBy,
}

/// Who or what published a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedBy {
    /// A token of this user.
    User(String),
    /// A workflow, through this trusted publisher.
    GitHub {
        /// The id of the publisher.
        publisher: String,
        /// The run, as its provenance tells it.
        run: Run,
    },
}

/// A trusted publisher of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Its id, a UUID.
    pub id: String,
    /// `owner/name` on GitHub, as it was typed.
    pub repository: String,
    /// The file name of the calling workflow.
    pub workflow: String,
    /// The environment, if one is asked for.
    pub environment: Option<String>,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// When it was made, which starts its clock.
    pub created_at: DateTime<Utc>,
    /// When it first published, which stops its clock.
    pub proven_at: Option<DateTime<Utc>>,
}

/// What a trusted publisher may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Publish at once (`createPackage`).
    Publish,
    /// Stage for a person's approval (`createStagedPackage`).
    Stage,
}

impl Permission {
    /// The registry's word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Publish => "createPackage",
            Self::Stage => "createStagedPackage",
        }
    }
}

impl Publisher {
    /// True when it published nothing in its first 48 hours: still listed, no longer accepted.
    #[must_use]
    pub fn has_lapsed(&self, now: DateTime<Utc>) -> bool {
        self.proven_at.is_none() && now - self.created_at >= UNPROVEN_LIFE
    }
}

/// An approval by second factor that a call asked for.
#[derive(Debug, Clone)]
pub struct Approval {
    /// The id in its two addresses.
    pub id: String,
    /// What is approved.
    pub purpose: Purpose,
    /// What became of it.
    pub state: ApprovalState,
}

/// What a person approves on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// One call of this user.
    Call {
        /// The user.
        user: String,
    },
    /// A sign-in, as whoever is signed in in the browser.
    SignIn,
}

/// What became of an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalState {
    /// The person has not been on the page.
    Waiting,
    /// Approved: what the client gets for it.
    Approved {
        /// A code for one call, for `npm-otp`; for a sign-in the session's token.
        token: String,
    },
    /// The code was used, or the session's token fetched.
    Spent,
}

/// A version that waits for its approval.
#[derive(Debug, Clone)]
pub struct Staged {
    /// The registry's id of it.
    pub id: String,
    /// The package.
    pub name: String,
    /// The version.
    pub num: String,
}

impl Npm {
    /// The user with this name.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// The package with this name.
    #[must_use]
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// The same, to change it.
    pub fn package_mut(&mut self, name: &str) -> Option<&mut Package> {
        self.packages.iter_mut().find(|package| package.name == name)
    }

    /// A token of this user, of the shape of npm's own and obviously false.
    pub fn add_token(&mut self, user: &str, kind: TokenKind) -> String {
        let value = format!("npm_{:0>36}", format!("SandboxNotAToken{:04}", self.next_id()));
        self.tokens.push(Token { value: value.clone(), user: user.to_owned(), kind });
        value
    }

    /// The next number for ids and codes.
    pub(in crate::sandbox) fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    /// A new UUID, counted up instead of drawn so that runs can be compared.
    pub(in crate::sandbox) fn next_uuid(&mut self) -> String {
        format!("5a9d0000-0000-4000-8000-{:012x}", self.next_id())
    }
}
