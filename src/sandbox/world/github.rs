//! What the sandbox's GitHub knows. Seeded by tests, changed by the device flow.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// GitHub's part of the world.
#[derive(Debug, Clone)]
pub struct GitHub {
    /// The applications that may ask for a sign-in.
    pub clients: Vec<Client>,
    /// Users and organisations.
    pub accounts: Vec<Account>,
    /// Repositories, under their present names.
    pub repos: Vec<Repo>,
    /// Former names of repositories.
    pub renames: Vec<Rename>,
    /// Where the App is installed.
    pub installations: Vec<Installation>,
    /// Tokens that were handed out and not revoked.
    pub tokens: Vec<Token>,
    /// Device codes that were handed out.
    pub device_codes: Vec<DeviceCode>,
    /// The account that is signed in in the browser.
    pub browser_user: String,
    /// Seconds that a client has to leave between two polls.
    pub interval: u32,
    /// Seconds by which `slow_down` lengthens the interval (GitHub: 5).
    pub slow_down_step: u32,
    /// How long a device code is good for (GitHub: 15 minutes).
    pub code_life: TimeDelta,
    pub(in crate::sandbox) minted: u32,
}

impl Default for GitHub {
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            accounts: Vec::new(),
            repos: Vec::new(),
            renames: Vec::new(),
            installations: Vec::new(),
            tokens: Vec::new(),
            device_codes: Vec::new(),
            browser_user: String::new(),
            interval: 5,
            slow_down_step: 5,
            code_life: TimeDelta::minutes(15),
            minted: 0,
        }
    }
}

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

/// A user or an organisation.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its numeric id.
    pub id: u64,
    /// Its login in its own case.
    pub login: String,
    /// User or organisation.
    pub kind: AccountKind,
}

/// The kind of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// A person.
    User,
    /// An organisation.
    Organization,
}

/// Who may see a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everyone.
    Public,
    /// Its collaborators.
    Private,
}

/// What a collaborator may do, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// May read.
    Read,
    /// May sort issues.
    Triage,
    /// May push.
    Write,
    /// May manage without touching what is sensitive.
    Maintain,
    /// May do everything.
    Admin,
}

/// A repository.
#[derive(Debug, Clone)]
pub struct Repo {
    /// Its numeric id, which survives a rename.
    pub id: u64,
    /// The login of its owner.
    pub owner: String,
    /// Its name in its own case.
    pub name: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its default branch.
    pub default_branch: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who may do what, by login.
    pub collaborators: BTreeMap<String, Role>,
    /// The files on the default branch, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The workflows that GitHub Actions knows.
    pub workflows: Vec<Workflow>,
    /// Deployment environments.
    pub environments: Vec<Environment>,
    /// Names of the repository's Actions secrets.
    pub secrets: Vec<Secret>,
    /// Names of the organisation's secrets that are shared with it.
    pub organization_secrets: Vec<Secret>,
    /// Names of its Dependabot secrets.
    pub dependabot_secrets: Vec<Secret>,
    /// How the `sub` claim of its OIDC tokens is made.
    pub oidc_subject: OidcSubject,
}

impl Repo {
    /// `owner/name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// The environment with this name; GitHub compares without case.
    #[must_use]
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.name.eq_ignore_ascii_case(name))
    }
}

/// A former name of a repository.
#[derive(Debug, Clone)]
pub struct Rename {
    /// `owner/name` as it was.
    pub from: String,
    /// The repository's id.
    pub repo: u64,
}

/// A workflow as GitHub Actions lists it.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Its numeric id.
    pub id: u64,
    /// The `name:` of the file.
    pub name: String,
    /// `.github/workflows/…`.
    pub path: String,
    /// Whether it runs.
    pub state: WorkflowState,
}

/// Whether a workflow runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkflowState {
    /// It runs.
    Active,
    /// Somebody turned it off.
    DisabledManually,
    /// Nothing happened in the repository for sixty days.
    DisabledInactivity,
}

/// A deployment environment.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its numeric id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Logins of those who have to approve; none when empty.
    pub reviewers: Vec<String>,
    /// Whether someone may approve the deployment that they started.
    pub self_review: SelfReview,
    /// Minutes to wait before a job runs; none when zero.
    pub wait_minutes: u32,
    /// Which branches and tags may deploy.
    pub branches: BranchPolicy,
    /// Names of its secrets.
    pub secrets: Vec<Secret>,
}

/// Whether someone may approve the deployment that they started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfReview {
    /// They may.
    Allowed,
    /// They may not.
    Prevented,
}

/// Which branches and tags may deploy to an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BranchPolicy {
    /// All.
    Any,
    /// Those with a protection rule.
    Protected,
    /// Those that match a pattern.
    Custom(Vec<RefPattern>),
}

/// A pattern of branches or tags that may deploy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefPattern {
    /// Its numeric id.
    pub id: u64,
    /// The pattern, in which `*` does not cross a slash.
    pub pattern: String,
    /// Branches or tags.
    pub kind: RefKind,
}

/// Branch or tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefKind {
    /// Branches.
    Branch,
    /// Tags.
    Tag,
}

/// A secret: its name and times. The sandbox has no values.
#[derive(Debug, Clone)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// When it was first set.
    pub created_at: DateTime<Utc>,
    /// When it was last set.
    pub updated_at: DateTime<Utc>,
}

/// How the `sub` claim of a repository's OIDC tokens is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OidcSubject {
    /// GitHub's default: `repo:OWNER/NAME`, with ids in it for repositories made since 2026-07-15.
    Default,
    /// A list of claims.
    Custom(Vec<String>),
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

impl GitHub {
    /// The client with this id.
    #[must_use]
    pub fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }

    /// The account with this login; GitHub compares without case.
    #[must_use]
    pub fn account(&self, login: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.login.eq_ignore_ascii_case(login))
    }

    /// The repository with this present name; GitHub compares without case.
    #[must_use]
    pub fn repo(&self, owner: &str, name: &str) -> Option<&Repo> {
        self.repos.iter().find(|repo| repo.owner.eq_ignore_ascii_case(owner) && repo.name.eq_ignore_ascii_case(name))
    }

    /// The same, to change it.
    pub fn repo_mut(&mut self, owner: &str, name: &str) -> Option<&mut Repo> {
        self.repos
            .iter_mut()
            .find(|repo| repo.owner.eq_ignore_ascii_case(owner) && repo.name.eq_ignore_ascii_case(name))
    }

    /// A personal token with these scopes, of the shape of GitHub's own and obviously false.
    pub fn add_personal_token(&mut self, user: &str, scopes: &[&str]) -> String {
        let value = self.mint("ghp_");
        self.tokens.push(Token {
            value: value.clone(),
            user: user.to_owned(),
            grant: Grant::Scopes { client_id: None, scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect() },
            expires_at: None,
            refresh: None,
        });
        value
    }

    /// A new token value: GitHub's prefix and 36 characters that say that it is none.
    pub(in crate::sandbox) fn mint(&mut self, prefix: &str) -> String {
        self.minted += 1;
        format!("{prefix}{:0>36}", format!("SandboxNotAToken{:04}", self.minted))
    }

    /// A new pair of device code (40 characters) and user code (`WDJB-MJHT`).
    pub(in crate::sandbox) fn mint_codes(&mut self) -> (String, String) {
        // Consonants only, as GitHub does, so that no word comes out.
        const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
        self.minted += 1;
        let digest = Sha256::digest(format!("sandbox device code {}", self.minted));
        let device_code = digest.iter().take(20).map(|byte| format!("{byte:02x}")).collect();
        let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
        let (left, right): (String, String) =
            (digest[20..24].iter().map(letter).collect(), digest[24..28].iter().map(letter).collect());
        (device_code, format!("{left}-{right}"))
    }
}
