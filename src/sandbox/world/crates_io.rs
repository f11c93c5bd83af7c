//! What the sandbox's crates.io knows. Seeded by tests, changed by `cargo publish` and the trusted-publishing calls.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

/// crates.io's part of the world.
#[derive(Debug, Clone, Default)]
pub struct CratesIo {
    /// Users.
    pub users: Vec<User>,
    /// API tokens.
    pub tokens: Vec<ApiToken>,
    /// Crates with at least one version.
    pub crates: Vec<Crate>,
    /// Trusted publishers, in the order of their ids.
    pub publishers: Vec<Publisher>,
    /// Mails that the service sent, newest last.
    pub mails: Vec<Mail>,
    /// The login that is signed in in the browser.
    pub browser_user: String,
    /// How much each user may publish now, by login; who is not in it has published nothing.
    pub buckets: BTreeMap<(String, Limited), Bucket>,
    pub(in crate::sandbox) last_id: u32,
}

/// What crates.io limits for each user (server's source, 2026-08-21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limited {
    /// A crate that was not there: 5 at once, then one in 10 minutes.
    NewCrate,
    /// A version of a crate that is there: 30 at once, then one a minute.
    NewVersion,
}

impl Limited {
    fn burst(self) -> u32 {
        match self {
            Self::NewCrate => 5,
            Self::NewVersion => 30,
        }
    }

    fn refills_every(self) -> TimeDelta {
        match self {
            Self::NewCrate => TimeDelta::minutes(10),
            Self::NewVersion => TimeDelta::minutes(1),
        }
    }
}

/// What is left of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// How many publishes are left.
    pub left: u32,
    /// Since when the next one is awaited.
    pub since: DateTime<Utc>,
}

/// A user of crates.io.
#[derive(Debug, Clone)]
pub struct User {
    /// Its numeric id on crates.io.
    pub id: u32,
    /// Its login.
    pub login: String,
    /// Its address.
    pub email: Email,
    /// Whether crates.io holds a GitHub token of theirs.
    pub github: GitHubLink,
}

/// Whether an address was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Email {
    /// It was.
    Verified,
    /// It was not.
    Unverified,
}

/// Whether a crates.io account can still ask GitHub in its user's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GitHubLink {
    /// It can.
    Linked,
    /// It can't.
    Missing,
}

/// An API token.
#[derive(Debug, Clone)]
pub struct ApiToken {
    /// The token itself; a real one begins with `cio` as well.
    pub value: String,
    /// The login of its user.
    pub user: String,
    /// What it may do.
    pub scopes: TokenScopes,
}

/// What an API token may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenScopes {
    /// Made before scopes: almost everything.
    Legacy,
    /// These actions, on these crates.
    Scoped {
        /// The actions.
        endpoints: Vec<EndpointScope>,
        /// Names, `prefix*` or `*`; every crate when empty.
        crates: Vec<String>,
    },
}

/// An action that a token may be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointScope {
    /// Publish a crate that is not there.
    PublishNew,
    /// Publish a version of a crate that is there.
    PublishUpdate,
    /// List, make and delete trusted publishers, and the switch that refuses tokens.
    TrustedPublishing,
}

/// A crate.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Its numeric id.
    pub id: u32,
    /// Its name in its own spelling.
    pub name: String,
    /// `repository` of its newest version.
    pub repository: Option<String>,
    /// `description` of its newest version.
    pub description: Option<String>,
    /// Logins of its user owners.
    pub owners: Vec<String>,
    /// Names of its team owners, like `github:acme:release`.
    pub team_owners: Vec<String>,
    /// What it takes new versions from.
    pub publishing: Publishing,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What a crate takes new versions from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publishing {
    /// Tokens and trusted publishers.
    Any,
    /// Trusted publishers alone (`trustpub_only`).
    TrustedOnly,
}

/// A published version.
#[derive(Debug, Clone)]
pub struct Version {
    /// Its numeric id.
    pub id: u32,
    /// Its number.
    pub num: String,
    /// Who or what published it.
    pub published: PublishedBy,
    /// When.
    pub created_at: DateTime<Utc>,
    /// The SHA-256 of its file, in hexadecimal.
    pub checksum: String,
    /// The file.
    pub file: Vec<u8>,
    /// `license`.
    pub license: Option<String>,
    /// Its line of the index.
    pub index_line: Value,
}

/// Who or what published a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedBy {
    /// A token of this user.
    User(String),
    /// A workflow, through trusted publishing.
    GitHub {
        /// `owner/name`.
        repository: String,
        /// The run.
        run_id: String,
        /// The commit.
        sha: String,
    },
}

/// A trusted publisher of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Its numeric id.
    pub id: u32,
    /// The crate's name.
    pub krate: String,
    /// The owner's login in GitHub's own case.
    pub repository_owner: String,
    /// The owner's numeric id on GitHub.
    pub repository_owner_id: u64,
    /// The repository's name as it was typed.
    pub repository_name: String,
    /// The file name of the workflow.
    pub workflow_filename: String,
    /// The environment, if one is asked for.
    pub environment: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A mail that the service sent to an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The login of the owner.
    pub to: String,
    /// What it is about.
    pub subject: String,
}

impl CratesIo {
    /// The user with this login; crates.io compares without case.
    #[must_use]
    pub fn user(&self, login: &str) -> Option<&User> {
        self.users.iter().find(|user| user.login.eq_ignore_ascii_case(login))
    }

    /// The crate with this name; `-`, `_` and case make no difference.
    #[must_use]
    pub fn krate(&self, name: &str) -> Option<&Crate> {
        self.crates.iter().find(|krate| same_name(&krate.name, name))
    }

    /// The same, to change it.
    pub fn krate_mut(&mut self, name: &str) -> Option<&mut Crate> {
        self.crates.iter_mut().find(|krate| same_name(&krate.name, name))
    }

    /// The trusted publishers of a crate.
    #[must_use]
    pub fn publishers_of(&self, name: &str) -> Vec<&Publisher> {
        self.publishers.iter().filter(|publisher| same_name(&publisher.krate, name)).collect()
    }

    /// A token of this user, of the shape of crates.io's own and obviously false.
    pub fn add_token(&mut self, user: &str, scopes: TokenScopes) -> String {
        let id = self.next_id();
        let value = format!("cio-sandbox-not-a-token-{id:04}");
        self.tokens.push(ApiToken { value: value.clone(), user: user.to_owned(), scopes });
        value
    }

    /// Takes one publish from a user's limit; else until when there is none.
    pub(in crate::sandbox) fn spend(
        &mut self,
        login: &str,
        what: Limited,
        now: DateTime<Utc>,
    ) -> Result<(), DateTime<Utc>> {
        let every = what.refills_every();
        let full = Bucket { left: what.burst(), since: now };
        let bucket = self.buckets.entry((login.to_owned(), what)).or_insert(full);
        while bucket.since + every <= now && bucket.left < what.burst() {
            bucket.left += 1;
            bucket.since += every;
        }
        if bucket.left == what.burst() {
            bucket.since = now;
        }
        match bucket.left.checked_sub(1) {
            Some(left) => {
                bucket.left = left;
                Ok(())
            }
            None => Err(bucket.since + every),
        }
    }

    /// The next numeric id; one counter serves all tables.
    pub(in crate::sandbox) fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    /// Mails every owner of a crate who verified an address.
    pub(in crate::sandbox) fn mail_owners(&mut self, krate: &str, subject: &str) {
        let owners = self.krate(krate).map(|krate| krate.owners.clone()).unwrap_or_default();
        for owner in owners {
            if self.user(&owner).is_some_and(|user| user.email == Email::Verified) {
                self.mails.push(Mail { to: owner, subject: subject.to_owned() });
            }
        }
    }
}

fn same_name(left: &str, right: &str) -> bool {
    let canonical = |name: &str| name.to_ascii_lowercase().replace('-', "_");
    canonical(left) == canonical(right)
}
