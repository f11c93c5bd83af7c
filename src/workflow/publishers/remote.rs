//! Reusable workflows of other repositories: those whose inputs are known, and what the name of any other one suggests.
//!
//! Their steps are never seen from here. What they do is known by their own documentation (read in November 2026), or said to
//! be likely, never certain.

use crate::model::{EnvironmentRef, Registry, name_parts, says_credential};

use super::super::model::{Job, Secrets};
use super::families::{CARGO, DART, FAMILIES, Family, NPM};
use super::tools::Serves;

/// A reusable workflow that is known.
#[derive(Debug)]
pub(super) struct Remote {
    /// `owner/name/.github/workflows/file.yml`, lower-case.
    path: &'static str,
    pub(super) serves: Serves,
    /// The input that names the environment.
    pub(super) environment: Option<&'static str>,
    /// Whether it names none by itself when that input is not given.
    pub(super) plain: bool,
    /// Inputs that name a folder.
    pub(super) folder: &'static [&'static str],
    /// What it gives out when it has built for a registry: output and the registry's words.
    outputs: &'static [(&'static str, Registry)],
    pub(super) all: bool,
}

const REMOTES: &[Remote] = &[
    Remote {
        path: "dart-lang/setup-dart/.github/workflows/publish.yml",
        serves: Serves::Family(&DART),
        environment: Some("environment"),
        plain: true,
        folder: &["working-directory"],
        outputs: &[],
        all: false,
    },
    Remote {
        path: "dart-lang/ecosystem/.github/workflows/publish.yaml",
        serves: Serves::Family(&DART),
        environment: Some("environment"),
        plain: true,
        folder: &[],
        outputs: &[],
        all: true,
    },
    Remote {
        path: "thekevinscott/putitoutthere/.github/workflows/release.yml",
        serves: Serves::Listed("putitoutthere.toml", &[&CARGO, &NPM]),
        environment: Some("environment"),
        plain: false,
        folder: &[],
        outputs: &[("has_pypi", Registry::Pypi), ("has_npm", Registry::Npm), ("has_crates", Registry::CratesIo)],
        all: true,
    },
];

/// Words that say publishing.
const PUBLISHING: [&str; 5] = ["publish", "release", "deploy", "upload", "push"];

/// `owner/name/.github/workflows/file.yml` and the ref, where the job calls another repository's workflow.
pub(super) fn called(job: &Job) -> Option<(String, &str)> {
    let uses = job.uses.as_ref()?.value.trim();
    let (path, reference) = uses.split_once('@')?;
    (!path.starts_with('.') && path.contains("/.github/workflows/")).then(|| (path.to_ascii_lowercase(), reference))
}

/// The known workflow that a job calls.
pub(super) fn known(path: &str) -> Option<&'static Remote> {
    REMOTES.iter().find(|remote| remote.path == path)
}

impl Remote {
    /// What its outputs say, given the registries of the packages that it serves.
    pub(super) fn outputs(&self, registries: &[Registry]) -> Vec<(&'static str, bool)> {
        self.outputs.iter().map(|(name, registry)| (*name, registries.contains(registry))).collect()
    }
}

/// What a called workflow's name suggests.
#[derive(Debug)]
pub(super) struct Guess {
    pub(super) family: &'static Family,
    /// What it rests on.
    pub(super) why: String,
}

/// The registry that the names suggest: the secrets that are handed over, else the words of the file and the job. Only where
/// they say publishing, and all say the same.
pub(super) fn guess(path: &str, job: &Job) -> Option<Guess> {
    let file = path.rsplit('/').next().unwrap_or_default();
    let words: Vec<String> = name_parts(file).chain(name_parts(job.id.as_str())).collect();
    if !words.iter().any(|word| PUBLISHING.contains(&word.as_str())) {
        return None;
    }
    let by_secret = match &job.secrets {
        Secrets::These(pairs) => {
            let names = pairs.iter().map(|(name, _)| name.value.as_str());
            one(names.filter_map(|name| FAMILIES.into_iter().find(|family| speaks_of(family, name))))
        }
        Secrets::Inherit | Secrets::None => None,
    };
    if let Some(family) = by_secret {
        return Some(Guess { family, why: format!("{path} is given a secret whose name means {}", family.registry) });
    }
    let named =
        words.iter().filter_map(|word| FAMILIES.into_iter().find(|family| family.registry.token_names().mean(word)));
    one(named).map(|family| Guess { family, why: format!("the name {file} suggests {}", family.registry) })
}

/// Whether a name of a variable or a secret speaks of a family's tokens.
pub(super) fn speaks_of(family: &Family, name: &str) -> bool {
    let exact = family.token_variables.iter().any(|known| known.eq_ignore_ascii_case(name));
    exact || says_credential(name) && family.registry.token_names().sign_in(name).is_some()
}

/// Whether a name says publishing.
pub(super) fn says_publishing(name: &str) -> bool {
    name_parts(name).any(|word| PUBLISHING.contains(&word.as_str()))
}

fn one(families: impl Iterator<Item = &'static Family>) -> Option<&'static Family> {
    let mut families = families;
    let first = families.next()?;
    families.all(|family| family.registry == first.registry).then_some(first)
}

/// The environment of a called job that is not here.
pub(super) fn environment(given: Option<EnvironmentRef>, remote: Option<&Remote>) -> EnvironmentRef {
    match (given, remote) {
        (Some(given), _) => given,
        (None, Some(remote)) if remote.plain => EnvironmentRef::None,
        _ => EnvironmentRef::Unknown("the called workflow decides".to_owned()),
    }
}
