//! Gathers what the doctor looks at. Offline: files, git's answer about the remote, and this run's variables.
//!
//! Two things are asked over the network, and only where they were asked for: a registry's list of publishers, with the
//! credential that the doctor's own variable holds, and GitHub, with the environment's token. No keyring is ever opened.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::World;
use super::gather::{Named, configs, look};
use crate::checkout::{self, CheckoutError, Disk, FileSource, Remote, Revision};
use crate::doctor::{Facts, Listed, Run, declared_for};
use crate::github;
use crate::model::{EnvironmentName, EnvironmentRef, Finding, PackageId, PublisherEntry, Registry, RepoSlug, Severity};
use crate::registry::{self, ApiError};
use crate::report::Report;
use crate::tools::{Environment, Tools};

/// Reads a folder as it lies there; git is asked for the remote alone, and need not be there.
///
/// # Errors
/// A folder that can't be read.
pub fn examine_folder(dir: &Path, named: &Named, environment: &Environment) -> Result<Facts, Report> {
    let disk = Disk::open(dir)?;
    let lookup = |name: &str| environment.get(name).and_then(|value| value.to_str()).map(str::to_owned);
    let run = Run::read(&lookup, &token_variables());
    let (slug, no_slug) = match &named.repo {
        Some(slug) => (Some(slug.clone()), None),
        None => repository(dir, environment, run.as_ref()),
    };
    let mut facts = read(&disk, slug, named);
    facts.no_slug = no_slug;
    facts.run = run;
    Ok(facts)
}

/// The same folder at a revision: the files come from git, all else is as it is now.
///
/// # Errors
/// No git, no such revision.
pub fn examine_revision(
    dir: &Path,
    revision: &str,
    (now, named): (&Facts, &Named),
    environment: &Environment,
) -> Result<Facts, Report> {
    let tools = Tools::locate(environment.clone(), dir);
    let source = Revision::open(dir, revision, tools.git.as_ref(), environment)?;
    let mut facts = read(&source, now.slug.clone(), named);
    facts.no_slug = now.no_slug.clone();
    facts.run = now.run.clone();
    facts.listed = now.listed.clone();
    facts.github = now.github.clone();
    Ok(facts)
}

fn read(source: &dyn FileSource, slug: Option<RepoSlug>, named: &Named) -> Facts {
    let (checkout, reading) = look(source, named.config.as_ref());
    let config = configs(&checkout);
    let odd = checkout
        .packages
        .iter()
        .filter(|package| registry::guides(package.id.registry).ci().manifest.is_some() && package.repository != slug);
    let manifests = odd.filter_map(|package| source.read(&package.manifest).ok()).collect();
    Facts { slug, checkout, reading, config, manifests, ..Facts::default() }
}

/// The repository: git's remote, else the one that this run is of.
fn repository(dir: &Path, environment: &Environment, run: Option<&Run>) -> (Option<RepoSlug>, Option<Finding>) {
    let tools = Tools::locate(environment.clone(), dir);
    let remote = checkout::remote(dir, tools.git.as_ref(), tools.environment());
    if let Ok(Remote::GitHub(slug)) = remote {
        return (Some(slug), None);
    }
    if let Some(slug) = run.and_then(|run| run.repository.clone()) {
        return (Some(slug), None);
    }
    let finding = match remote {
        Ok(remote) => remote.finding(),
        Err(CheckoutError::NotGit(_)) => None,
        Err(error) => Some(Finding::new(Severity::Note, Report::from(error).line())),
    };
    let finding = finding.unwrap_or_else(|| {
        Finding::new(Severity::Note, "this folder is no git checkout, so its GitHub repository is not known")
    });
    let hint = "name it to have it compared: --repo OWNER/NAME";
    (None, Some(Finding { severity: Severity::Note, ..finding }.hint(hint)))
}

fn token_variables() -> Vec<&'static str> {
    let all = Registry::ALL.into_iter().map(registry::guides);
    all.flat_map(|guides| guides.rules().token_variables.iter().chain(guides.ci().more_token_variables))
        .copied()
        .collect()
}

/// The registries whose lists are to be read, with the credential that the environment holds for that; empty is unset.
#[must_use]
pub fn doctor_tokens(environment: &Environment) -> Vec<(Registry, SecretString)> {
    let set = |registry: Registry| {
        let variable = registry::guides(registry).ci().doctor_token?;
        let value = environment.get(variable)?.to_str()?.trim().to_owned();
        (!value.is_empty()).then(|| (registry, SecretString::from(value)))
    };
    Registry::ALL.into_iter().filter_map(set).collect()
}

/// How long a registry may take for one list, repeats included: a gate in CI must not wait for ever.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks the registries for the publishers of the declared packages, one after the other.
pub async fn list_declared(world: &Arc<World>, facts: &mut Facts, tokens: &[(Registry, SecretString)]) {
    let mut listed: BTreeMap<PackageId, Listed> = BTreeMap::new();
    for (registry, token) in tokens {
        let api = world.apis.get(*registry);
        let mut enough: Option<Listed> = None;
        for id in declared_for(facts, *registry) {
            // A credential that was refused is not sent again, and a service that gave no answer is not waited for again.
            let (answer, last) = match &enough {
                Some(answer) => (answer.clone(), true),
                None => match tokio::time::timeout(PATIENCE, api.list_publishers(&id.name, Some(token))).await {
                    Ok(answer) => of_answer(answer),
                    Err(_) => {
                        let why = format!("{registry} did not answer within {} s", PATIENCE.as_secs());
                        (Listed::Unread(why), true)
                    }
                },
            };
            if last {
                enough = Some(answer.clone());
            }
            listed.insert(id, answer);
        }
    }
    facts.listed = Some(listed);
}

/// What an answer says, and whether asking on is of no use.
fn of_answer(answer: Result<Vec<PublisherEntry>, ApiError>) -> (Listed, bool) {
    match answer {
        Ok(entries) => (Listed::Held(entries), false),
        Err(ApiError::Missing { .. }) => (Listed::NoPackage, false),
        Err(error @ (ApiError::Denied { .. } | ApiError::NeedsCredential { .. })) => refused(error, true),
        // One crate's owners may differ from another's.
        Err(error @ ApiError::Refused { .. }) => refused(error, false),
        Err(error @ ApiError::Net { .. }) => (Listed::Unread(Report::from(error).line()), true),
        Err(error) => (Listed::Unread(Report::from(error).line()), false),
    }
}

fn refused(error: ApiError, every: bool) -> (Listed, bool) {
    let report = Report::from(error);
    (Listed::Refused { why: report.line(), hint: report.hint }, every)
}

/// Asks GitHub, with the token of the environment or with none.
pub async fn ask_github(world: &Arc<World>, facts: &mut Facts) {
    world.use_environment_token();
    let Some(slug) = facts.slug.clone() else { return };
    let mut named: Vec<EnvironmentName> = Vec::new();
    for job in &facts.reading.publish_jobs {
        if let EnvironmentRef::Named(name) = &job.environment
            && !named.contains(name)
        {
            named.push(name.clone());
        }
    }
    let token = world.token();
    facts.github = Some(github::read_facts(&world.http, &world.github, token.as_ref(), &slug, &named).await);
}
