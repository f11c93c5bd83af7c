//! Words that the checks share: counts, lists of packages, a job as people say it; and which job a publishing step is in.

use super::Facts;
use crate::model::{Destination, Package, PublishJob, Registry};
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
    let jobs = facts.reading.publish_jobs.iter();
    jobs.filter(|job| !is_off_oidc(facts, job)).filter_map(publisher).collect()
}

/// The step with its registry's rules, if it goes to a main registry.
pub(super) fn publisher(job: &PublishJob) -> Option<Publisher<'_>> {
    let Destination::Main(registry) = job.destination else { return None };
    let guides = registry::guides(registry);
    Some(Publisher { job, registry, rules: guides.rules(), ci: guides.ci() })
}

/// Whether every package of the step is deliberately off OIDC.
pub(super) fn is_off_oidc(facts: &Facts, job: &PublishJob) -> bool {
    let Some(registry) = job.destination.registry() else { return false };
    let Some(names) = job.packages.as_ref().filter(|names| !names.is_empty()) else { return false };
    names.iter().all(|name| {
        let package = facts.checkout.packages.iter().find(|p| p.id.registry == registry && p.id.name == *name);
        package.is_some_and(|package| facts.config.off_oidc(package).is_some())
    })
}

/// The steps that publish a package to its registry, however sure.
pub(super) fn publishers_of<'a>(facts: &'a Facts, package: &Package) -> impl Iterator<Item = Publisher<'a>> {
    let (registry, name) = (package.id.registry, package.id.name.clone());
    facts
        .reading
        .publish_jobs
        .iter()
        .filter(move |job| job.packages.as_ref().is_none_or(|names| names.contains(&name)))
        .filter_map(publisher)
        .filter(move |publisher| publisher.registry == registry)
}

/// The workflow and the job that hold a publishing step.
pub(super) fn holder<'a>(facts: &'a Facts, step: &PublishJob) -> Option<(&'a Workflow, &'a Job)> {
    let workflow = facts.reading.workflows.iter().find(|workflow| workflow.path == step.job_at.file)?;
    let job = workflow.jobs.iter().find(|job| job.id == step.job && job.at.line == step.job_at.line);
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
