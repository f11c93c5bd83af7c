//! What GitHub says about the repository and about who asks.

use std::collections::BTreeMap;

use super::{
    EnvironmentName, GuardFacts, Reading, RefPattern, RepoSlug, Reviewer, SecretName, Timestamp, WorkflowFile,
    WorkflowRun,
};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub login: String,
    /// Its number, where it was told.
    pub id: Option<u64>,
    /// What the token may do.
    pub reach: TokenReach,
}

/// What a token may do, as GitHub told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenReach {
    /// A GitHub App's user token: its permissions where it is installed, `name: level`.
    App {
        /// As GitHub lists them for the installation on this repository's owner; empty: not installed there.
        permissions: Vec<(String, String)>,
    },
    /// An OAuth token's or classic token's scopes.
    Scopes(Vec<String>),
    /// GitHub does not tell (a fine-grained token).
    Untold,
}

/// What the signed-in account may do with the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Read it.
    Read,
    /// Sort issues.
    Triage,
    /// Push.
    Write,
    /// Most settings.
    Maintain,
    /// All settings.
    Admin,
}

/// The repository itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryFacts {
    /// GitHub's number for it; a rename keeps it.
    pub id: u64,
    /// GitHub's own spelling.
    pub slug: RepoSlug,
    /// GitHub's number for the owner.
    pub owner_id: u64,
    /// Whether an organisation owns it.
    pub owned_by_organization: bool,
    /// The default branch.
    pub default_branch: String,
    /// Private or internal.
    pub private: bool,
    /// Read-only for ever.
    pub archived: bool,
    /// Mine; `None` when not signed in.
    pub permission: Option<Permission>,
}

/// Whether GitHub would run a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkflowState {
    /// It would.
    Active,
    /// It would not, for this reason in GitHub's words.
    Disabled(String),
}

/// A workflow as GitHub has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteWorkflow {
    /// `.github/workflows/release.yml`
    pub path: String,
    /// Its state; `None`: not listed among the registered workflows.
    pub state: Option<WorkflowState>,
    /// Git's blob id of the file on the default branch (40 hex digits); `None`: not on that branch, or not read.
    pub blob: Option<String>,
}

/// A protection rule of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protection {
    /// Waits this many minutes.
    WaitTimer(u64),
    /// One of these must approve.
    Reviewers {
        /// Who.
        reviewers: Vec<Reviewer>,
        /// Whether the person who started the run may not approve.
        prevent_self_review: bool,
    },
    /// Limits which refs may deploy.
    BranchPolicy,
    /// A rule of an app.
    Other(String),
}

/// Which refs may deploy to an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BranchPolicy {
    /// Any.
    Any,
    /// Protected branches.
    ProtectedBranches,
    /// These patterns.
    Custom(Reading<Vec<RefPattern>>),
}

/// An environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentFacts {
    /// In GitHub's spelling.
    pub name: EnvironmentName,
    /// What protects it; empty: nothing.
    pub protection: Vec<Protection>,
    /// Which refs may deploy to it.
    pub refs: BranchPolicy,
    /// The names of its secrets.
    pub secrets: Reading<Vec<SecretFact>>,
}

/// Where a secret lives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretPlace {
    /// The repository.
    Repository,
    /// The organisation, shared with the repository.
    Organization,
    /// An environment.
    Environment(EnvironmentName),
    /// Dependabot: what its own runs are given in the place of the others.
    Dependabot,
}

impl SecretPlace {
    /// In words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Repository => "the repository".to_owned(),
            Self::Organization => "the organisation".to_owned(),
            Self::Environment(name) => format!("environment {name}"),
            Self::Dependabot => "Dependabot".to_owned(),
        }
    }

    /// The same as a place that is the repository's own; `None`: the organisation's, which others use too.
    #[must_use]
    pub fn home(&self) -> Option<SecretHome> {
        match self {
            Self::Repository => Some(SecretHome::Repository),
            Self::Environment(name) => Some(SecretHome::Environment(name.clone())),
            Self::Dependabot => Some(SecretHome::Dependabot),
            Self::Organization => None,
        }
    }
}

/// A place of secrets that is the repository's own, so that one can be deleted there. An organisation's is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretHome {
    /// The repository.
    Repository,
    /// An environment.
    Environment(EnvironmentName),
    /// Dependabot.
    Dependabot,
}

impl SecretHome {
    /// The same among all places.
    #[must_use]
    pub fn place(&self) -> SecretPlace {
        match self {
            Self::Repository => SecretPlace::Repository,
            Self::Environment(name) => SecretPlace::Environment(name.clone()),
            Self::Dependabot => SecretPlace::Dependabot,
        }
    }
}

/// What came of deleting a secret: only what was read afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretDeleted {
    /// GitHub's list no longer has its name.
    Gone,
    /// It was not there before, and nothing was sent.
    WasGone,
    /// GitHub took it, and it was not seen to be gone; why.
    NotSeen(String),
}

/// A secret: its name, never its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFact {
    /// Its name.
    pub name: SecretName,
    /// Where it lives.
    pub place: SecretPlace,
    /// When it was first set.
    pub created: Option<Timestamp>,
    /// When it was last set.
    pub updated: Option<Timestamp>,
}

/// The names of the secrets that a repository can use. Each level can fail alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecretNames {
    /// The repository.
    pub repository: Reading<RepositoryFacts>,
    /// Its own.
    pub at_repository: Reading<Vec<SecretFact>>,
    /// Those that its organisation shares with it.
    pub organization: Reading<Vec<SecretFact>>,
    /// Those that runs which Dependabot starts are given.
    pub dependabot: Reading<Vec<SecretFact>>,
    /// Those of each environment.
    pub environments: Reading<Vec<(EnvironmentName, Reading<Vec<SecretFact>>)>>,
}

/// What the `sub` claim of this repository's OIDC tokens looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSubject {
    /// Whether GitHub's default template is used.
    pub default_template: bool,
    /// Whether it holds numeric ids; `None`: GitHub does not say.
    pub immutable: Option<bool>,
    /// Its prefix, where GitHub says.
    pub prefix: Option<String>,
}

/// What of a repository is asked for by name: it is what the files name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The environments that the publishing jobs name.
    pub environments: Vec<EnvironmentName>,
    /// The workflow files whose runs publish.
    pub workflows: Vec<WorkflowFile>,
}

/// All that was read from GitHub. Each part can fail alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GithubFacts {
    /// The repository.
    pub repository: Reading<RepositoryFacts>,
    /// Its workflows.
    pub workflows: Reading<Vec<RemoteWorkflow>>,
    /// Its environments.
    pub environments: Reading<Vec<EnvironmentFacts>>,
    /// Names of the repository's secrets.
    pub repository_secrets: Reading<Vec<SecretFact>>,
    /// Names of the organisation's secrets that it may use.
    pub organization_secrets: Reading<Vec<SecretFact>>,
    /// The form of the subject claim.
    pub oidc_subject: Reading<OidcSubject>,
    /// Who can change what a release rests on; read only when an environment is looked at.
    pub guard: GuardFacts,
    /// The newest runs of the workflows that publish, newest first; only where somebody is signed in.
    pub runs: BTreeMap<WorkflowFile, Reading<Vec<WorkflowRun>>>,
    /// The commits that tags of actions are, as far as GitHub was asked and told.
    pub actions: Vec<(ActionTag, CommitId)>,
    /// GitHub's website, without a slash at its end; `None`: nobody asked GitHub.
    pub web: Option<String>,
}

/// A tag of the repository that an action comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionTag {
    /// The repository.
    pub repository: RepoSlug,
    /// The tag, without `refs/tags/`.
    pub tag: String,
}

/// A full commit hash in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CommitId(String);

impl CommitId {
    /// Reads 40 hexadecimal digits; `None`: it is something else.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let hex = text.len() == 40 && text.chars().all(|c| c.is_ascii_hexdigit());
        hex.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for CommitId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}
