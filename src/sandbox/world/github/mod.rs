//! What the sandbox's GitHub knows. Seeded by tests, changed by the device flow.

mod limits;
mod repo;
mod sign_in;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

pub use limits::Limits;
pub(in crate::sandbox) use limits::Taken;
pub use repo::{
    BranchPolicy, Enforcement, Environment, OidcSubject, RefKind, RefPattern, Rename, Repo, Role, Ruleset, Secret,
    SelfReview, Visibility, Workflow, WorkflowState,
};
pub use sign_in::{
    Client, ClientKind, DeviceCode, DeviceFlow, DeviceState, Grant, Installation, Level, Permission, Permissions,
    Reach, Refresh, Token, TokenExpiry,
};

/// A tag of a public repository, with the commit that it comes to in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionTag {
    /// `owner/name`.
    pub repository: String,
    /// Its name, without `refs/tags/`.
    pub tag: String,
    /// The commit.
    pub commit: String,
    /// The tag object that stands between name and commit; `None`: a lightweight tag.
    pub object: Option<String>,
}

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
    /// Tags of public repositories that workflows take actions from.
    pub action_tags: Vec<ActionTag>,
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
    /// How many requests it takes of one caller.
    pub limits: Limits,
    pub(in crate::sandbox) minted: u32,
}

impl Default for GitHub {
    fn default() -> Self {
        Self {
            clients: Vec::new(),
            accounts: Vec::new(),
            repos: Vec::new(),
            renames: Vec::new(),
            action_tags: Vec::new(),
            installations: Vec::new(),
            tokens: Vec::new(),
            device_codes: Vec::new(),
            browser_user: String::new(),
            interval: 5,
            slow_down_step: 5,
            code_life: TimeDelta::minutes(15),
            limits: Limits::default(),
            minted: 0,
        }
    }
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
