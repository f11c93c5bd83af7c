//! What the sandbox's NuGet knows. Seeded by tests, changed by the page of policies.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ReleaseError, Run, World};

/// How long a policy lives that nothing was published by (NuGet's gallery, 2026-08-17).
pub const UNUSED_LIFE: TimeDelta = TimeDelta::days(7);

/// NuGet's part of the world.
#[derive(Debug, Clone, Default)]
pub struct Nuget {
    /// Packages, under their ids as pushed first.
    pub packages: Vec<Package>,
    /// Policies.
    pub policies: Vec<Policy>,
    /// The user who is signed in in the browser.
    pub browser_user: String,
    /// Organisations that user belongs to.
    pub organizations: Vec<String>,
}

/// A package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its id as pushed first.
    pub id: String,
    /// The user or organisation that owns it.
    pub owner: String,
    /// Its versions, oldest first.
    pub versions: Vec<String>,
}

/// A trusted publishing policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// A name for people.
    pub name: String,
    /// The user who made it, and by whose name a workflow logs in.
    pub creator: String,
    /// The user or organisation whose packages it is for.
    pub owner: String,
    /// The repository's owner.
    pub repository_owner: String,
    /// The repository's name.
    pub repository: String,
    /// The file name of the workflow.
    pub workflow: String,
    /// The environment, if one is asked for.
    pub environment: Option<String>,
    /// What its keys may push.
    pub pushes: Pushes,
    /// Which packages its keys are good for: ids, with `*` for any letters.
    pub packages: Vec<String>,
    /// When it was made, or enabled again.
    pub enabled_at: DateTime<Utc>,
    /// The numeric id of the repository, since the first publish.
    pub locked_to: Option<u64>,
}

/// What the keys of a policy may push (`package:push` and `package:pushversion`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushes {
    /// Packages that are new, and versions.
    New,
    /// Versions of packages that are there.
    Versions,
}

impl Policy {
    /// Whether its keys are good for a package.
    fn covers(&self, id: &str) -> bool {
        self.packages.iter().any(|pattern| fits(&pattern.to_lowercase(), &id.to_lowercase()))
    }

    /// Whether it works no more because nothing was published by it in time.
    #[must_use]
    pub fn has_lapsed(&self, now: DateTime<Utc>) -> bool {
        self.locked_to.is_none() && now >= self.enabled_at + UNUSED_LIFE
    }
}

/// Whether a text is a pattern with something in the place of each `*`.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|after| {
            after.char_indices().map(|(at, _)| at).chain([after.len()]).any(|at| fits(rest, &after[at..]))
        }),
    }
}

impl Nuget {
    /// The package with this id, whatever its case.
    #[must_use]
    pub fn package(&self, id: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.id.eq_ignore_ascii_case(id))
    }
}

impl World {
    /// Pushes a version from a workflow that logs in as `user`, if NuGet takes it (its gallery of 2026-08-17: no case
    /// anywhere, a live policy made by that very user, the repository's id once it is known). Of several such policies the
    /// oldest one gives the key, and the key is good for that policy's packages alone.
    ///
    /// # Errors
    /// [`ReleaseError`] in the place of NuGet's refusal.
    pub fn release_nuget(&mut self, id: &str, version: &str, run: &Run, user: &str) -> Result<(), ReleaseError> {
        let now = self.now();
        let slug = |owner: &str, name: &str| format!("{owner}/{name}");
        let repo = self.github.repos.iter().find(|repo| slug(&repo.owner, &repo.name) == run.repository);
        let repo = repo.map(|repo| repo.id);
        let owner = self.nuget.package(id).map(|package| package.owner.clone());
        let refused = || ReleaseError::NoPublisher { name: id.to_owned() };
        let trusts = |policy: &&mut Policy| {
            policy.creator.eq_ignore_ascii_case(user)
                && slug(&policy.repository_owner, &policy.repository).eq_ignore_ascii_case(&run.repository)
                && policy.workflow.eq_ignore_ascii_case(&run.workflow)
                && policy.environment.as_ref().is_none_or(|wanted| {
                    run.environment.as_ref().is_some_and(|given| given.eq_ignore_ascii_case(wanted))
                })
                && policy.locked_to.is_none_or(|locked| Some(locked) == repo)
                && !policy.has_lapsed(now)
        };
        let policy = self.nuget.policies.iter_mut().find(trusts);
        let policy = policy.ok_or_else(refused)?;
        policy.locked_to = policy.locked_to.or(repo);
        let theirs = owner.as_ref().map_or(policy.pushes == Pushes::New, |owner| *owner == policy.owner);
        if !theirs || !policy.covers(id) {
            return Err(refused());
        }
        let owner = policy.owner.clone();
        match self.nuget.packages.iter_mut().find(|package| package.id.eq_ignore_ascii_case(id)) {
            Some(package) => package.versions.push(version.to_owned()),
            None => {
                self.nuget.packages.push(Package { id: id.to_owned(), owner, versions: vec![version.to_owned()] });
            }
        }
        Ok(())
    }

    /// Pushes a version with a key of the user in the browser. `false`: it is there already, or the package is another's.
    pub(super) fn nuget_by_key(&mut self, id: &str, version: &str) -> bool {
        let Nuget { packages, browser_user, organizations, .. } = &mut self.nuget;
        match packages.iter_mut().find(|package| package.id.eq_ignore_ascii_case(id)) {
            Some(package) => {
                let theirs = package.owner == *browser_user || organizations.contains(&package.owner);
                let takes = theirs && !package.versions.iter().any(|known| known == version);
                if takes {
                    package.versions.push(version.to_owned());
                }
                takes
            }
            None => {
                let (id, owner, versions) = (id.to_owned(), browser_user.clone(), vec![version.to_owned()]);
                packages.push(Package { id, owner, versions });
                true
            }
        }
    }
}
