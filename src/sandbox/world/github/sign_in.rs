//! Applications, where they are installed, and the tokens and codes that a sign-in makes.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

/// An application with a client id.
#[derive(Debug, Clone)]
pub struct Client {
    /// The public client id.
    pub client_id: String,
    /// The name that the verification page shows.
    pub name: String,
    /// GitHub App or OAuth app.
    pub kind: ClientKind,
    /// Whether its owner ticked "Enable Device Flow".
    pub device_flow: DeviceFlow,
}

/// The two kinds of application.
#[derive(Debug, Clone)]
pub enum ClientKind {
    /// A GitHub App: permissions, installations, tokens that may expire.
    App {
        /// Its numeric id.
        id: u64,
        /// Its name in URLs.
        slug: String,
        /// How long its user tokens live.
        expiry: TokenExpiry,
    },
    /// An OAuth app: scopes.
    OAuthApp,
}

/// Whether an application may use the device flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceFlow {
    /// It may.
    Enabled,
    /// Its owner has not ticked the box.
    Disabled,
}

/// How long an App's user token lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenExpiry {
    /// For ever; no refresh token.
    Never,
    /// This long; a refresh token comes with it (GitHub: 8 hours).
    After(TimeDelta),
}

/// A place where the App is installed.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Its numeric id.
    pub id: u64,
    /// The client id of the App.
    pub client_id: String,
    /// The login of the account.
    pub account: String,
    /// Which of the account's repositories it reaches.
    pub reach: Reach,
    /// What the account granted.
    pub permissions: Permissions,
    /// When the account suspended it, if it did.
    pub suspended_at: Option<DateTime<Utc>>,
}

/// Which repositories an installation reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of the account.
    All,
    /// These, by id.
    Selected(Vec<u64>),
}

/// A permission of a GitHub App on a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Workflows, runs, environments, the OIDC subject.
    Actions,
    /// The settings of the repository, its environments among them.
    Administration,
    /// Names of Dependabot secrets.
    DependabotSecrets,
    /// Files.
    Contents,
    /// Secrets and variables of environments.
    Environments,
    /// The repository itself; every App has it.
    Metadata,
    /// Names of repository secrets.
    Secrets,
}

impl Permission {
    /// GitHub's name of it, as in `X-Accepted-GitHub-Permissions`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::Administration => "administration",
            Self::DependabotSecrets => "dependabot_secrets",
            Self::Contents => "contents",
            Self::Environments => "environments",
            Self::Metadata => "metadata",
            Self::Secrets => "secrets",
        }
    }
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// To read.
    Read,
    /// To write, and so to read.
    Write,
}

/// What an account granted to an App.
pub type Permissions = BTreeMap<Permission, Level>;

/// A token that works.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token itself.
    pub value: String,
    /// The login of the user it speaks for.
    pub user: String,
    /// What it may do.
    pub grant: Grant,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// The refresh token that came with it.
    pub refresh: Option<Refresh>,
}

/// What a token may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// What the App was granted, where it is installed, as far as the user may.
    App {
        /// The client id of the App.
        client_id: String,
        /// The one repository it was narrowed to, by id.
        only: Option<u64>,
    },
    /// What the user may do, by scope.
    Scopes {
        /// The client id of the OAuth app; none for a personal token.
        client_id: Option<String>,
        /// The scopes.
        scopes: Vec<String>,
    },
}

impl Grant {
    /// The client id of the application that asked for it.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::App { client_id, .. } => Some(client_id),
            Self::Scopes { client_id, .. } => client_id.as_deref(),
        }
    }
}

/// A refresh token, good for one use.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// The token itself.
    pub value: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A device code between its making and its end.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// The code that the client polls with.
    pub device_code: String,
    /// The code that the person types.
    pub user_code: String,
    /// Whose it is.
    pub client_id: String,
    /// The scopes asked for; none for an App.
    pub scopes: Vec<String>,
    /// Seconds that the client has to leave between two polls, as last told.
    pub interval: u32,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was made or last asked for.
    pub last_poll: DateTime<Utc>,
    /// What the person did.
    pub state: DeviceState,
}

/// What the person did with a device code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceState {
    /// Nothing yet.
    Waiting,
    /// Approved, as this user.
    Approved {
        /// The login.
        user: String,
    },
    /// Pressed cancel.
    Denied,
    /// Its token was fetched.
    Spent,
}
