//! Reads the checkout, or the files that GitHub gave instead, into one [`Local`]. Nothing is asked but git.

use std::path::Path;

use crate::checkout::{self, Checkout, Disk, FileSource, InMemory, Remote};
use crate::config::{self, ConfigReading};
use crate::model::{Finding, Registry, RelPath, RepoSlug, Severity, SourceFile};
use crate::plan::Local;
use crate::registry;
use crate::report::Report;
use crate::tools::Tools;
use crate::workflow::{self, Surroundings, WorkflowReading};

/// What a person named instead of what would be found.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// The repository, instead of the remote's.
    pub repo: Option<RepoSlug>,
    /// The file that holds `trust_policy`, or is to hold it, before those that go by their names.
    pub config: Option<RelPath>,
}

/// Reads a checkout on disk.
///
/// # Errors
/// No folder, no git checkout (unless a repository was named), a git that fails.
pub fn from_checkout(dir: &Path, named: &Named, tools: &Tools) -> Result<Local, Report> {
    let disk = Disk::open(dir)?;
    let remote = match &named.repo {
        Some(slug) => Remote::GitHub(slug.clone()),
        None => checkout::remote(dir, tools.git.as_ref(), tools.environment())?,
    };
    let slug = match &remote {
        Remote::GitHub(slug) => Some(slug.clone()),
        Remote::Elsewhere { .. } | Remote::None => None,
    };
    let mut local = read(&disk, slug, named.config.as_ref(), remote.finding());
    local.writable = true;
    local.gitlab = checkout::gitlab_project(&remote, &disk).map(Box::new);
    Ok(local)
}

/// Reads files that were brought from GitHub.
#[must_use]
pub fn from_files(files: Vec<SourceFile>, left_out: usize, slug: &RepoSlug, config: Option<&RelPath>) -> Local {
    let cut = (left_out > 0).then(|| {
        Finding::new(
            Severity::Warning,
            format!("{left_out} files of the repository were too many or too large to read from GitHub"),
        )
        .hint("clone it and run untoken there")
    });
    read(&InMemory::new(files), Some(slug.clone()), config, cut)
}

/// Reads packages, workflows and configs; the named one first.
#[must_use]
pub fn look(source: &dyn FileSource, config: Option<&RelPath>) -> (Checkout, WorkflowReading) {
    let mut checkout = checkout::look(source);
    if let Some(config) = config {
        checkout.take_config(source, config);
    }
    let around = Surroundings { source, packages: &checkout.packages, claim: registry::claim };
    let reading = workflow::read(&checkout.workflows, &around);
    (checkout, reading)
}

fn read(source: &dyn FileSource, slug: Option<RepoSlug>, config: Option<&RelPath>, first: Option<Finding>) -> Local {
    local(source, slug, first, look(source, config))
}

/// What the configs say, and what kept a named one from being read.
pub(super) fn configs(found: &Checkout) -> ConfigReading {
    let mut reading = config::read(&found.configs, &Registry::kinds());
    reading.findings.extend(found.unread_config.clone());
    reading
}

/// What was found, as the plan takes it. `first` goes before its findings.
pub(super) fn local(
    source: &dyn FileSource,
    slug: Option<RepoSlug>,
    first: Option<Finding>,
    (found, workflows): (Checkout, WorkflowReading),
) -> Local {
    let config = configs(&found);
    let mut landmarks: Vec<RelPath> = source.paths().to_vec();
    landmarks.extend(found.findings.iter().filter_map(|finding| finding.at.as_ref()).map(|at| at.file.clone()));
    landmarks.retain(|path| checkout::is_workflow(path) || path.file_name() == "Cargo.toml");
    landmarks.sort();
    landmarks.dedup();
    let unread_workflows = landmarks.iter().filter(|path| checkout::is_workflow(path)).cloned();
    let unread_workflows =
        unread_workflows.filter(|path| workflows.workflows.iter().all(|read| read.path != *path)).collect();
    let findings = first
        .into_iter()
        .chain(found.findings)
        .chain(workflows.findings)
        .chain(config.findings.iter().cloned())
        .collect();
    Local {
        slug,
        packages: found.packages,
        family: found.family,
        unread_manifests: found.unread,
        order: found.order,
        others: found.others,
        gitlab: None,
        redirects: found.redirects,
        by_pnpm: found.by_pnpm,
        workflow_files: found.workflows,
        unread_workflows,
        landmarks,
        led_to: workflows.led_to,
        publish_jobs: workflows.publish_jobs,
        secret_uses: workflows.secret_uses,
        config_files: found.configs,
        config,
        findings,
        writable: false,
    }
}
