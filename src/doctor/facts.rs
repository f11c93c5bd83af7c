//! What the doctor is given: everything that was read, each part possibly missing.

use std::collections::BTreeMap;

use crate::checkout::Checkout;
use crate::config::ConfigReading;
use crate::model::{Finding, GithubFacts, PackageId, PublisherEntry, RepoSlug, SourceFile};
use crate::workflow::WorkflowReading;

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The GitHub repository; `None`: nobody can tell.
    pub slug: Option<RepoSlug>,
    /// Why nobody can tell, if so.
    pub no_slug: Option<Finding>,
    /// Packages, workflow files, config files, and what was odd about them.
    pub checkout: Checkout,
    /// What the workflow files say.
    pub reading: WorkflowReading,
    /// What the config files say.
    pub config: ConfigReading,
    /// Manifests whose text matters: those that name another repository.
    pub manifests: Vec<SourceFile>,
    /// The run that this happens in, inside GitHub Actions.
    pub run: Option<Run>,
    /// What the registries that can be asked hold for the declared packages; `None`: nobody was asked.
    pub listed: Option<BTreeMap<PackageId, Listed>>,
    /// What GitHub says; `None`: it was not asked.
    pub github: Option<GithubFacts>,
}

/// A run of GitHub Actions, as its variables tell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// `GITHUB_WORKFLOW_REF`: `acme/widgets/.github/workflows/release.yml@refs/heads/main`.
    pub workflow_ref: Option<String>,
    /// `GITHUB_REPOSITORY`.
    pub repository: Option<RepoSlug>,
    /// `GITHUB_JOB`.
    pub job: Option<String>,
    /// Names of registries' token variables that hold something.
    pub tokens: Vec<String>,
}

/// The variables of a run, as a look-up.
pub type RunVariables<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Run {
    /// Reads the variables; `None` outside GitHub Actions. Of `tokens` only the names of those that hold something stay.
    #[must_use]
    pub fn read(lookup: RunVariables<'_>, tokens: &[&str]) -> Option<Self> {
        let set = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
        set("GITHUB_ACTIONS").filter(|value| value == "true")?;
        Some(Self {
            workflow_ref: set("GITHUB_WORKFLOW_REF"),
            repository: set("GITHUB_REPOSITORY").and_then(|text| text.parse().ok()),
            job: set("GITHUB_JOB"),
            tokens: tokens.iter().filter(|name| set(name).is_some()).map(|name| (*name).to_owned()).collect(),
        })
    }

    /// The repository and the filename of the workflow that runs.
    #[must_use]
    pub fn workflow(&self) -> Option<(RepoSlug, &str)> {
        let (path, _) = self.workflow_ref.as_deref()?.split_once('@')?;
        let (slug, file) = path.split_once("/.github/workflows/")?;
        Some((slug.parse().ok()?, file))
    }
}

/// What a registry said about its publishers for one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// These.
    Held(Vec<PublisherEntry>),
    /// It knows no such package.
    NoPackage,
    /// It refused the credential.
    Refused {
        /// Its words.
        why: String,
        /// What to do.
        hint: Option<String>,
    },
    /// It could not be asked.
    Unread(String),
}
