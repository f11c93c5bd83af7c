//! Repositories: files, workflows, environments, names of secrets.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

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
    /// Whether it is archived: all of it can be read, and nothing changed.
    pub archived: bool,
    /// Whether it is a fork.
    pub fork: bool,
    /// Its default branch.
    pub default_branch: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who may do what, by login.
    pub collaborators: BTreeMap<String, Role>,
    /// The files on the default branch, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The files of commits that tags point to, by commit.
    pub commits: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
    /// The repository's variables, which its workflows read.
    pub variables: BTreeMap<String, String>,
    /// The workflows that GitHub Actions knows.
    pub workflows: Vec<Workflow>,
    /// Deployment environments.
    pub environments: Vec<Environment>,
    /// Rulesets.
    pub rulesets: Vec<Ruleset>,
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

/// Rules on branches or tags.
#[derive(Debug, Clone)]
pub struct Ruleset {
    /// Its numeric id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Branches or tags.
    pub target: RefKind,
    /// Whether it holds.
    pub enforcement: Enforcement,
    /// Which refs it is about: `refs/tags/v*`, `~ALL`, `~DEFAULT_BRANCH`.
    pub include: Vec<String>,
    /// The kinds of its rules: `creation`, `pull_request`.
    pub rules: Vec<String>,
    /// How many may pass it by.
    pub bypass: usize,
}

/// Whether a ruleset holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enforcement {
    /// It does.
    Active,
    /// It only tells what it would do.
    Evaluate,
    /// It does not.
    Disabled,
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
