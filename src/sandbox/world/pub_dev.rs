//! What the sandbox's pub.dev knows. Seeded by tests, changed by the admin page of a package.

use chrono::{DateTime, Utc};

use super::{ReleaseError, Run, World};

/// pub.dev's part of the world.
#[derive(Debug, Clone, Default)]
pub struct PubDev {
    /// Packages.
    pub packages: Vec<Package>,
    /// The user who is signed in in the browser.
    pub browser_user: String,
}

/// A package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its uploaders.
    pub uploaders: Vec<String>,
    /// The verified publisher that has it, if one has.
    pub publisher: Option<String>,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// What is trusted on GitHub, if something is.
    pub github: Option<Trusted>,
    /// Whether users may upload.
    pub manual: Manual,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number.
    pub num: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// The tag of the run that published it; none for a user's upload. Nobody outside is told.
    pub tag: Option<String>,
}

/// Whether users may upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manual {
    /// They may.
    #[default]
    Enabled,
    /// Only trusted runs may.
    Disabled,
}

/// The settings of automated publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// `owner/name`, compared exactly.
    pub repository: String,
    /// A tag with `{{version}}` in it.
    pub tag_pattern: String,
    /// The environment, if one is required.
    pub environment: Option<String>,
    /// The events whose runs are taken.
    pub events: Vec<&'static str>,
    /// The numeric id of the repository, kept since the first publish.
    pub locked_to: Option<u64>,
}

impl PubDev {
    /// The package of this name.
    #[must_use]
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// The same, to change it.
    pub fn package_mut(&mut self, name: &str) -> Option<&mut Package> {
        self.packages.iter_mut().find(|package| package.name == name)
    }

    /// What `dart pub publish` of the user in the browser does: makes the package, or adds a version.
    pub fn upload(&mut self, name: &str, version: &str, at: DateTime<Utc>) {
        let user = self.browser_user.clone();
        let version = Version { num: version.to_owned(), published_at: at, tag: None };
        match self.package_mut(name) {
            Some(package) => package.versions.push(version),
            None => self.packages.push(Package {
                name: name.to_owned(),
                uploaders: vec![user],
                publisher: None,
                versions: vec![version],
                github: None,
                manual: Manual::Enabled,
            }),
        }
    }
}

impl World {
    /// Publishes a version from a run of a tag, if pub.dev takes it (its source of 2026-08-20: the repository and the
    /// environment in exact case, only pushes and dispatches that are enabled, the tag being the pattern with this version).
    ///
    /// # Errors
    /// [`ReleaseError`] in the place of pub.dev's refusal.
    pub fn release_pub_dev(&mut self, name: &str, version: &str, run: &Run, tag: &str) -> Result<(), ReleaseError> {
        let now = self.now();
        let id = self.github.repos.iter().find(|repo| format!("{}/{}", repo.owner, repo.name) == run.repository);
        let id = id.map(|repo| repo.id);
        let missing = || ReleaseError::Missing { name: name.to_owned() };
        let no_publisher = || ReleaseError::NoPublisher { name: name.to_owned() };
        let package = self.pub_dev.package_mut(name).ok_or_else(missing)?;
        let trusted = package.github.as_mut().ok_or_else(no_publisher)?;
        if !trusted.events.contains(&run.event.as_str()) {
            return Err(ReleaseError::Event { event: run.event.clone() });
        }
        let fits = trusted.repository == run.repository
            && trusted.environment.as_ref().is_none_or(|wanted| run.environment.as_ref() == Some(wanted))
            && trusted.tag_pattern.replacen("{{version}}", version, 1) == tag
            && trusted.locked_to.is_none_or(|locked| Some(locked) == id);
        if !fits {
            return Err(no_publisher());
        }
        trusted.locked_to = trusted.locked_to.or(id);
        package.versions.push(Version { num: version.to_owned(), published_at: now, tag: Some(tag.to_owned()) });
        Ok(())
    }

    /// Uploads a version with credentials of the user in the browser. `false`: it is there already, only trusted runs may, or
    /// there is no such package yet.
    pub(super) fn pub_dev_by_token(&mut self, name: &str, version: &str) -> bool {
        let now = self.now();
        let may = self.pub_dev.package(name).is_some_and(|package| {
            package.manual == Manual::Enabled && !package.versions.iter().any(|known| known.num == version)
        });
        if may {
            self.pub_dev.upload(name, version, now);
        }
        may
    }
}
