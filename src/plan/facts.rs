//! Everything that was read, in one place. Each part can be missing, and says why.

use std::collections::BTreeMap;

use super::access::Ownership;
use super::prove::Awaited;
use crate::config::ConfigReading;
use crate::model::{
    Existence, Finding, GithubFacts, GitlabProject, OtherPackage, Package, PackageId, PublishJob, Reading,
    RegistryFacts, RelPath, RepoSlug, SecretHome, SecretName, SecretUse, Severity, SourceFile, Timestamp, ToolsFound,
    TrustedPublisher,
};
use crate::registry::Endpoints;

/// What lies in the checkout (or, without one, on GitHub's default branch).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Local {
    /// The GitHub repository, in the remote's spelling; `None`: there is no GitHub remote (a finding says why).
    pub slug: Option<RepoSlug>,
    /// The packages that it publishes.
    pub packages: Vec<Package>,
    /// Platforms of these packages, which their builds make: they have ladders of their own, and no files here.
    pub family: Vec<Package>,
    /// Manifests that could not be read: what they publish nobody can tell.
    pub unread_manifests: Vec<RelPath>,
    /// Packages of kinds that no registry of untoken takes.
    pub others: Vec<OtherPackage>,
    /// The project on gitlab.com, where the remote is one; then `slug` is `None`.
    pub gitlab: Option<Box<GitlabProject>>,
    /// The same in an order in which they can be published for the first time.
    pub order: Vec<PackageId>,
    /// Files of the repository that redirect or execute tools.
    pub redirects: Vec<RelPath>,
    /// Whether the project's package manager is pnpm: npm's commands for a person's own terminal go through it.
    pub by_pnpm: bool,
    /// The workflow files, as bytes.
    pub workflow_files: Vec<SourceFile>,
    /// Workflows that could not be read: what they publish nobody can tell.
    pub unread_workflows: Vec<RelPath>,
    /// Files whose being there decides where a new workflow goes and where cargo runs: workflows, read or not, and
    /// `Cargo.toml`s.
    pub landmarks: Vec<RelPath>,
    /// The other files that they lead to: actions, scripts, manifests with scripts.
    pub led_to: Vec<SourceFile>,
    /// The publishing steps found in them.
    pub publish_jobs: Vec<PublishJob>,
    /// Every use of a secret in them.
    pub secret_uses: Vec<SecretUse>,
    /// The files that can hold `trust_policy`, as bytes.
    pub config_files: Vec<SourceFile>,
    /// What was read from them.
    pub config: ConfigReading,
    /// What the reading found wrong.
    pub findings: Vec<Finding>,
    /// Whether there is a checkout that can be written to.
    pub writable: bool,
}

impl Local {
    /// The packages and their platforms: all that has a ladder.
    pub fn all(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().chain(&self.family)
    }
}

/// What cannot be read back: said by a person, or done by untoken and remembered by the journal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    /// Publishers that a person said to have registered, and when.
    pub stated: BTreeMap<PackageId, (TrustedPublisher, Timestamp)>,
    /// When untoken made an entry: the clock of registries whose entries lapse.
    pub made: BTreeMap<PackageId, (TrustedPublisher, Timestamp)>,
    /// Packages whose first publish was begun, and when that ended (or began, where it never ended). Whether it worked their
    /// registry tells.
    pub begun: BTreeMap<PackageId, Timestamp>,
    /// Releases that are awaited.
    pub awaited: BTreeMap<PackageId, Awaited>,
    /// Registries that refuse tokens, where they do not show it in public.
    pub locked: BTreeMap<PackageId, (LockedBy, Timestamp)>,
    /// What stands in for a proof that the registry shows nobody.
    pub stood_in: BTreeMap<PackageId, (String, Timestamp)>,
    /// Secrets whose token a person said to be revoked.
    pub revoked: BTreeMap<(SecretHome, SecretName), Timestamp>,
}

/// How it is known that a registry refuses tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockedBy {
    /// untoken set it.
    Untoken,
    /// untoken saw it set.
    Seen,
    /// A person said so.
    Person,
}

/// Everything that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// When the plan is made.
    pub now: Timestamp,
    /// The checkout.
    pub local: Reading<Local>,
    /// GitHub.
    pub github: GithubFacts,
    /// The registries, a package each.
    pub registries: BTreeMap<PackageId, RegistryFacts>,
    /// Who owns the packages, of those that were asked about.
    pub ownership: Ownership,
    /// What was found of the person's own tools; one that is not named was not looked for.
    pub tools: ToolsFound,
    /// The journal.
    pub memory: Memory,
    /// Where the registries are.
    pub endpoints: Endpoints,
}

impl Facts {
    /// Nothing read yet.
    #[must_use]
    pub fn new(endpoints: Endpoints, now: Timestamp) -> Self {
        Self {
            now,
            local: Reading::NotRead,
            github: GithubFacts::default(),
            registries: BTreeMap::new(),
            ownership: Ownership::default(),
            tools: ToolsFound::new(),
            memory: Memory::default(),
            endpoints,
        }
    }

    /// The repository: in GitHub's own spelling where it was read, else in the remote's.
    #[must_use]
    pub fn slug(&self) -> Option<&RepoSlug> {
        self.github.repository.value().map(|r| &r.slug).or_else(|| self.local.value().and_then(|l| l.slug.as_ref()))
    }

    /// Whether a registry that was asked gave no answer, or a manifest could not be read: what is told rests on less.
    #[must_use]
    pub fn is_partly_unread(&self) -> bool {
        let manifests = self.local.value().is_some_and(|local| !local.unread_manifests.is_empty());
        manifests || self.registries.values().any(|known| matches!(known.public, Reading::Unknown(_)))
    }

    /// Whether a package is on its registry, if that was read.
    #[must_use]
    pub fn existence(&self, id: &PackageId) -> Option<&Existence> {
        self.registries.get(id)?.public.value().map(|p| &p.existence)
    }

    /// What everyone who reads the plan should know, errors first.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.local.value().map(|l| l.findings.clone()).unwrap_or_default();
        if let (Some(local), Some(remote)) =
            (self.local.value().and_then(|l| l.slug.as_ref()), self.github.repository.value())
            && *local != remote.slug
        {
            findings.push(
                Finding::new(Severity::Warning, format!("the remote says {local}; GitHub calls it {}", remote.slug))
                    .hint(format!("registries compare the name: untoken uses GitHub's own spelling; run git remote set-url origin with {}", remote.slug)),
            );
        }
        let mut gaps: Vec<(Vec<&str>, &crate::model::Unknown)> = Vec::new();
        for (what, unknown) in self.github_gaps() {
            match gaps.iter_mut().find(|(_, known)| *known == unknown) {
                Some((all, _)) => all.push(what),
                None => gaps.push((vec![what], unknown)),
            }
        }
        for (what, unknown) in gaps {
            let mut finding = Finding::new(Severity::Note, format!("GitHub, {}: {}", what.join(", "), unknown.why));
            finding.hint = unknown.hint.clone();
            findings.push(finding);
        }
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        findings
    }

    fn github_gaps(&self) -> Vec<(&'static str, &crate::model::Unknown)> {
        fn gap<'a, T>(
            what: &'static str,
            reading: &'a Reading<T>,
        ) -> Option<(&'static str, &'a crate::model::Unknown)> {
            match reading {
                Reading::Unknown(unknown) => Some((what, unknown)),
                Reading::NotRead | Reading::Seen(_) => None,
            }
        }
        let g = &self.github;
        [
            gap("the repository", &g.repository),
            gap("its workflows", &g.workflows),
            gap("its environments", &g.environments),
            gap("the names of its secrets", &g.repository_secrets),
            gap("the names of its organisation's secrets", &g.organization_secrets),
            gap("the subject of its OIDC tokens", &g.oidc_subject),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What the person decided instead of what was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Publishers edited by hand.
    pub publishers: BTreeMap<PackageId, TrustedPublisher>,
}
