//! Words that the checks share: counts, lists of packages, a job as people say it; and which job a publishing step is in.

use std::collections::HashMap;

use super::Facts;
use crate::model::{Destination, Package, PackageId, PackageName, PublishJob, Registry};
use crate::registry::{self, CiRules, Rules};
use crate::workflow::{Job, Permissions, Workflow};

/// `1 package`, `2 packages`.
pub(super) fn count(n: usize, one: &str) -> String {
    match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    }
}

/// A publishing step that goes to a main registry.
pub(super) struct Publisher<'a> {
    pub(super) job: &'a PublishJob,
    pub(super) registry: Registry,
    pub(super) rules: &'static Rules,
    pub(super) ci: &'static CiRules,
}

impl Publisher<'_> {
    /// What a finding about it is about.
    pub(super) fn about(&self) -> String {
        format!("{} {} {}", self.job.job, self.registry, self.packages())
    }

    /// Its packages, for a sentence.
    pub(super) fn packages(&self) -> String {
        packages(self.job)
    }

    /// `Job `publish` of release.yml`.
    pub(super) fn name(&self) -> String {
        format!("job `{}` of {}", self.job.job, self.job.job_at.file.file_name())
    }
}

/// The packages of a publishing step, for a sentence; three are named.
pub(super) fn packages(job: &PublishJob) -> String {
    match job.packages.as_deref() {
        None | Some([]) => "its packages".to_owned(),
        Some(names) => {
            let shown: Vec<String> = names.iter().take(3).map(ToString::to_string).collect();
            match names.len() - shown.len() {
                0 => shown.join(", "),
                more => format!("{} and {more} more", shown.join(", ")),
            }
        }
    }
}

/// The steps that publish to a main registry, but for those whose packages are all off OIDC on purpose.
pub(super) fn publishers(facts: &Facts) -> Vec<Publisher<'_>> {
    let off = Off::new(facts);
    let jobs = facts.reading.publish_jobs.iter();
    jobs.filter(|job| !off.all_of(job)).filter_map(publisher).collect()
}

/// The step with its registry's rules, if it goes to a main registry.
pub(super) fn publisher(job: &PublishJob) -> Option<Publisher<'_>> {
    let Destination::Main(registry) = job.destination else { return None };
    let guides = registry::guides(registry);
    Some(Publisher { job, registry, rules: guides.rules(), ci: guides.ci() })
}

/// The packages that are deliberately off OIDC, each with the reason.
pub(super) struct Off<'a>(HashMap<&'a PackageId, &'a str>);

impl<'a> Off<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
        let mut entries = facts.config.files.iter().flat_map(|file| &file.entries);
        // Most projects have none, and finding a package among a thousand entries is not for nothing.
        if !entries.any(|entry| entry.off_oidc.is_some()) {
            return Self(HashMap::new());
        }
        let packages = facts.checkout.packages.iter();
        Self(packages.filter_map(|package| Some((&package.id, facts.config.off_oidc(package)?))).collect())
    }

    /// Why a package is off OIDC.
    pub(super) fn why(&self, package: &Package) -> Option<&'a str> {
        self.0.get(&package.id).copied()
    }

    /// Whether every package of a step is.
    pub(super) fn all_of(&self, job: &PublishJob) -> bool {
        let (Some(registry), Some(names)) = (job.destination.registry(), &job.packages) else { return false };
        let is_off = |name: &PackageName| self.0.contains_key(&PackageId { registry, name: name.clone() });
        !self.0.is_empty() && !names.is_empty() && names.iter().all(is_off)
    }
}

/// The steps that publish to main registries, by package: looked up once, for there may be a thousand of each.
pub(super) struct Steps<'a> {
    named: HashMap<(Registry, &'a str), Vec<&'a PublishJob>>,
    unnamed: Vec<&'a PublishJob>,
}

impl<'a> Steps<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
        let mut steps = Self { named: HashMap::new(), unnamed: Vec::new() };
        for job in &facts.reading.publish_jobs {
            let Some(registry) = job.destination.registry() else { continue };
            match &job.packages {
                None => steps.unnamed.push(job),
                Some(names) => {
                    for name in names {
                        steps.named.entry((registry, name.as_str())).or_default().push(job);
                    }
                }
            }
        }
        steps
    }

    /// Those that (may) publish a package, however sure.
    pub(super) fn of(&self, package: &Package) -> Vec<Publisher<'a>> {
        let named = self.named.get(&(package.id.registry, package.id.name.as_str()));
        let all = named.into_iter().flatten().chain(&self.unnamed).filter_map(|job| publisher(job));
        all.filter(|publisher| publisher.registry == package.id.registry).collect()
    }
}

/// The workflow and the job that hold a publishing step.
pub(super) fn holder<'a>(facts: &'a Facts, step: &PublishJob) -> Option<(&'a Workflow, &'a Job)> {
    let workflow = facts.reading.workflows.iter().find(|workflow| workflow.path == step.job_at.file)?;
    let job = workflow.jobs.iter().find(|job| job.at.line == step.job_at.line && job.id == step.job);
    Some((workflow, job.or_else(|| workflow.jobs.iter().find(|job| job.id == step.job))?))
}

/// The permissions that are in force for a job as far as its own file tells: its own, else the workflow's.
pub(super) fn in_force<'a>(workflow: &'a Workflow, job: &'a Job) -> &'a Permissions {
    match &job.permissions {
        Permissions::Unset => &workflow.permissions,
        own => own,
    }
}

/// Whether these permissions name this scope with `write`; `None`: they are not set, so somebody else decides.
pub(super) fn writes(permissions: &Permissions, scope: &str) -> Option<bool> {
    match permissions {
        Permissions::Unset => None,
        Permissions::WriteAll(_) => Some(true),
        Permissions::ReadAll(_) | Permissions::Odd(_) => Some(false),
        Permissions::Only { scopes, .. } => {
            Some(scopes.iter().any(|(name, level)| name.value == scope && level.value == "write"))
        }
    }
}
