//! What a registry says about a package: in public, and to its owner.

use std::fmt;

use super::{EnvironmentName, PackageName, Reading, RepoSlug, Timestamp, TrustedPublisher, TrustedWorkflow};

/// Whether the name is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Existence {
    /// Nobody published it (or it is hidden from everybody).
    Absent,
    /// Published.
    Exists {
        /// The newest version that the registry names; `None`: a project without a release.
        latest: Option<String>,
    },
}

/// Who published a version, by the registry's own public words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedBy {
    /// A workflow, by OIDC. What the registry does not tell is `None`.
    Oidc {
        /// The repository.
        repository: Option<RepoSlug>,
        /// The workflow, where public.
        workflow: Option<TrustedWorkflow>,
        /// The environment, where public.
        environment: Option<EnvironmentName>,
        /// A page for people: the run, the attestation.
        link: Option<String>,
    },
    /// A person's or robot's token; its name where public.
    Token(Option<String>),
    /// The same, though an older version was published by OIDC: somebody went back.
    TokenAfterOidc {
        /// Whose token, where public.
        who: Option<String>,
        /// The newest version that was published by OIDC.
        proven: String,
    },
    /// A run by OIDC, of another provider than GitHub: the registry's word for it.
    Elsewhere(String),
}

impl PublishedBy {
    /// A token published the newest version; `proven` is the newest one before it that was published by OIDC, if there is any.
    #[must_use]
    pub fn token(who: Option<String>, proven: Option<String>) -> Self {
        match proven {
            Some(proven) => Self::TokenAfterOidc { who, proven },
            None => Self::Token(who),
        }
    }
}

/// What one version shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The version.
    pub version: String,
    /// Who published it.
    pub by: PublishedBy,
    /// When it was published, where public.
    pub published: Option<Timestamp>,
}

/// A version that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The version.
    pub version: String,
    /// When it was published.
    pub published: Timestamp,
}

/// What else the registry says of a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameFacts {
    /// The repository on GitHub that its page names, where it names one and the registry tells.
    pub source: Option<RepoSlug>,
    /// A name that is there already and so like this one that the registry would refuse it. `None`: none was met among the
    /// spellings that were asked for, which is no promise.
    pub like: Option<PackageName>,
}

/// What anybody can read about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFacts {
    /// Whether it is there.
    pub existence: Existence,
    /// What else is said of its name.
    pub name: NameFacts,
    /// The version that was published last, a pre-release too; `None`: the registry names its latest alone.
    pub newest: Option<String>,
    /// Who published the newest version. `Unknown` where the registry's answer lacks the field (a mirror may strip it).
    pub proof: Reading<Proof>,
    /// The newest version that a token published; `None`: every version came by OIDC. `Unknown` where the registry does not tell
    /// it of every version.
    pub by_token: Reading<Option<Release>>,
    /// Whether tokens are refused; `None`: the registry does not say it in public.
    pub locked: Option<bool>,
}

/// What an entry of a registry trusts: as much as the registry says, and no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trusted {
    /// A workflow that a repository runs.
    Workflow(TrustedPublisher),
    /// A repository as a whole, whatever it runs.
    Repository(RepoSlug),
}

impl Trusted {
    /// The repository whose runs are trusted.
    #[must_use]
    pub fn repository(&self) -> &RepoSlug {
        match self {
            Self::Workflow(publisher) => &publisher.repository,
            Self::Repository(repository) => repository,
        }
    }
}

impl From<TrustedPublisher> for Trusted {
    fn from(publisher: TrustedPublisher) -> Self {
        Self::Workflow(publisher)
    }
}

impl fmt::Display for Trusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workflow(publisher) => publisher.fmt(f),
            Self::Repository(repository) => repository.fmt(f),
        }
    }
}

/// A publisher that the registry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublisherEntry {
    /// The registry's own id of it.
    pub id: String,
    /// What it trusts.
    pub publisher: Trusted,
    /// When it was made, where the registry tells.
    pub created: Option<Timestamp>,
    /// What it allows, in the registry's words; empty where it has no such notion.
    pub permissions: Vec<String>,
}

/// All that was read from a registry about one package.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegistryFacts {
    /// The public side.
    pub public: Reading<PublicFacts>,
    /// The owner's side. Entries for other providers than GitHub are left out.
    pub publishers: Reading<Vec<PublisherEntry>>,
}
