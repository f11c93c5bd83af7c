//! A release by a workflow: what the registries do when its OIDC token reaches them.
//!
//! No token is signed here. A run is taken at its word, and then judged by each registry's rules for its claims.

use chrono::{DateTime, Utc};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};

use super::actions::Place;
use super::npm::Permission;
use super::{World, crates_io, npm, pypi};

/// A run of a publish job, by the claims of its OIDC token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// `owner/name` in GitHub's own case.
    pub repository: String,
    /// The file name of the workflow, which here is both the caller and the one with the job; a job in a reusable workflow of
    /// another repository has `owner/name/.github/workflows/file`, and only RubyGems can be told that one.
    pub workflow: String,
    /// The environment of the job.
    pub environment: Option<String>,
    /// What started the run: `push`, `release`, `workflow_dispatch`, …
    pub event: String,
    /// The run's id.
    pub run_id: String,
    /// The commit.
    pub sha: String,
}

/// Why a registry did not take a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// The registry refuses runs that were started so.
    #[error("the registry takes no runs started by `{event}`")]
    Event {
        /// What started the run.
        event: String,
    },
    /// The name is not on the registry, and an OIDC token can't make it.
    #[error("`{name}` is not on the registry and can't be made by a workflow")]
    Missing {
        /// The name.
        name: String,
    },
    /// No publisher of the package has these claims, or it lapsed, or may not publish.
    #[error("no trusted publisher of `{name}` matches this run")]
    NoPublisher {
        /// The name.
        name: String,
    },
}

impl World {
    /// Publishes a version of a crate from a workflow, if crates.io takes this run (rules of 2026-08-21: the calling
    /// file, the environment without case, the owner's id).
    ///
    /// # Errors
    /// [`ReleaseError`] in the place of the server's refusal.
    pub fn release_crate(&mut self, name: &str, version: &str, run: &Run) -> Result<(), ReleaseError> {
        refuse_event(run, &["pull_request_target", "workflow_run"])?;
        let now = self.now();
        let owner = run.repository.split('/').next().and_then(|owner| self.github.account(owner)).map(|owner| owner.id);
        let crates_io = &mut self.crates_io;
        let trusts = |one: &&crates_io::Publisher| {
            format!("{}/{}", one.repository_owner, one.repository_name).eq_ignore_ascii_case(&run.repository)
                && Some(one.repository_owner_id) == owner
                && one.workflow_filename == run.workflow
                && environment_fits(one.environment.as_deref(), run, str::eq_ignore_ascii_case)
        };
        let krate = crates_io.krate(name).ok_or_else(|| missing(name))?.name.clone();
        crates_io.publishers_of(&krate).into_iter().find(trusts).ok_or_else(|| no_publisher(name))?;
        let id = crates_io.next_id();
        let file = format!("{krate} {version}, as good as packed").into_bytes();
        let checksum: String = Sha256::digest(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        let krate = crates_io.krate_mut(name).ok_or_else(|| missing(name))?;
        krate.versions.push(crates_io::Version {
            id,
            num: version.to_owned(),
            published: crates_io::PublishedBy::GitHub {
                repository: run.repository.clone(),
                run_id: run.run_id.clone(),
                sha: run.sha.clone(),
            },
            created_at: now,
            index_line: json!({
                "name": krate.name, "vers": version, "deps": [], "cksum": checksum, "features": {}, "yanked": false,
            }),
            checksum,
            file,
            license: krate.versions.last().and_then(|last| last.license.clone()),
        });
        Ok(())
    }

    /// Publishes a version of an npm package from a workflow, if npm takes this run (as of October 2026: everything in
    /// exact case, no entry that lapsed, the permission to publish). The entry's clock stops.
    ///
    /// # Errors
    /// [`ReleaseError`] in the place of the registry's refusal.
    pub fn release_npm(&mut self, name: &str, version: &str, run: &Run) -> Result<(), ReleaseError> {
        refuse_event(run, &["pull_request_target", "issue_comment"])?;
        let now = self.now();
        let package = self.npm.package_mut(name).ok_or_else(|| missing(name))?;
        let trusts = |one: &&mut npm::Publisher| {
            one.repository == run.repository
                && one.workflow == run.workflow
                && environment_fits(one.environment.as_deref(), run, |left, right| left == right)
                && one.permissions.contains(&Permission::Publish)
                && !one.has_lapsed(now)
        };
        let publisher = package.publishers.iter_mut().find(trusts).ok_or_else(|| no_publisher(name))?;
        publisher.proven_at.get_or_insert(now);
        let mut manifest = package.versions.last().map_or_else(Map::new, |last| last.manifest.clone());
        manifest.insert("name".to_owned(), json!(name));
        manifest.insert("version".to_owned(), json!(version));
        package.dist_tags.insert("latest".to_owned(), json!(version));
        package.versions.push(npm::Version {
            num: version.to_owned(),
            created_at: now,
            manifest,
            tarball: format!("{name} {version}, as good as packed").into_bytes(),
            published: npm::PublishedBy::GitHub { publisher: publisher.id.clone(), run: run.clone() },
        });
        Ok(())
    }

    /// Uploads a release to PyPI from a workflow, if PyPI takes this run (warehouse of 2026-08-21: the file with the job,
    /// the environment without case, owner and repository as they are). A pending publisher makes its project before the
    /// upload, of whatever name that is, and becomes its first publisher.
    ///
    /// # Errors
    /// [`ReleaseError`] in the place of PyPI's refusal.
    pub fn release_pypi(&mut self, name: &str, version: &str, run: &Run) -> Result<(), ReleaseError> {
        refuse_event(run, &["pull_request_target"])?;
        let now = self.now();
        let pypi = &mut self.pypi;
        let trusts = |one: &pypi::Publisher| {
            format!("{}/{}", one.owner, one.repository) == run.repository
                && one.workflow == run.workflow
                && environment_fits(one.environment.as_deref(), run, str::eq_ignore_ascii_case)
        };
        let its = |one: &pypi::Pending| one.created_at + pypi::PENDING_LIFE > now && trusts(&one.publisher);
        if let Some(at) = pypi.pending.iter().position(its) {
            let pending = pypi.pending.remove(at);
            pypi.projects.push(pypi::Project {
                name: pending.project,
                owners: vec![pending.user],
                releases: Vec::new(),
                publishers: vec![pending.publisher],
            });
        }
        let project = pypi.project_mut(name).ok_or_else(|| missing(name))?;
        let publisher = project.publishers.iter().find(|one| trusts(one)).ok_or_else(|| no_publisher(name))?.clone();
        let filename = format!("{}-{version}.tar.gz", pypi::normalise(name).replace('-', "_"));
        project.releases.push(pypi::Release {
            version: version.to_owned(),
            filename,
            file: format!("{name} {version}, as good as packed").into_bytes(),
            uploaded_at: now,
            provenance: Some(publisher),
        });
        Ok(())
    }
}

/// Releases by long-lived tokens, as before a migration.
impl World {
    /// Publishes a version with the owner's token. `false`: the version is there already, or the registry has no such
    /// name and nobody to own it.
    pub fn release_by_token(&mut self, place: Place, name: &str, version: &str) -> bool {
        let now = self.now();
        match place {
            Place::CratesIo => self.crate_by_token(name, version, now),
            Place::Npm => self.npm_by_token(name, version, now),
            Place::Pypi => self.pypi_by_token(name, version, now),
            Place::PubDev => self.pub_dev_by_token(name, version),
            Place::Nuget => self.nuget_by_key(name, version),
        }
    }

    fn crate_by_token(&mut self, name: &str, version: &str, now: DateTime<Utc>) -> bool {
        let id = self.crates_io.next_id();
        let Some(krate) = self.crates_io.krate_mut(name) else { return false };
        if krate.publishing != crates_io::Publishing::Any || krate.versions.iter().any(|one| one.num == version) {
            return false;
        }
        let (Some(owner), Some(last)) = (krate.owners.first().cloned(), krate.versions.last().cloned()) else {
            return false;
        };
        let mut index_line = last.index_line.clone();
        index_line["vers"] = json!(version);
        let num = version.to_owned();
        let published = crates_io::PublishedBy::User(owner);
        krate.versions.push(crates_io::Version { id, num, published, created_at: now, index_line, ..last });
        true
    }

    fn npm_by_token(&mut self, name: &str, version: &str, now: DateTime<Utc>) -> bool {
        let Some(package) = self.npm.package_mut(name) else { return false };
        let (Some(owner), Some(last)) = (package.maintainers.first().cloned(), package.versions.last().cloned()) else {
            return false;
        };
        if package.versions.iter().any(|one| one.num == version) {
            return false;
        }
        let mut manifest = last.manifest.clone();
        manifest.insert("version".to_owned(), json!(version));
        package.dist_tags.insert("latest".to_owned(), json!(version));
        let num = version.to_owned();
        package.versions.push(npm::Version {
            num,
            created_at: now,
            manifest,
            published: npm::PublishedBy::User(owner),
            ..last
        });
        true
    }

    fn pypi_by_token(&mut self, name: &str, version: &str, now: DateTime<Utc>) -> bool {
        let user = self.pypi.browser_user.clone();
        if self.pypi.project(name).is_none() {
            self.pypi.projects.push(pypi::Project {
                name: name.to_owned(),
                owners: vec![user],
                releases: Vec::new(),
                publishers: Vec::new(),
            });
        }
        let Some(project) = self.pypi.project_mut(name) else { return false };
        if project.releases.iter().any(|one| one.version == version) {
            return false;
        }
        project.releases.push(pypi::Release {
            version: version.to_owned(),
            filename: format!("{}-{version}.tar.gz", pypi::normalise(name).replace('-', "_")),
            file: format!("{name} {version}, as good as packed").into_bytes(),
            uploaded_at: now,
            provenance: None,
        });
        true
    }
}

fn refuse_event(run: &Run, refused: &[&str]) -> Result<(), ReleaseError> {
    match refused.contains(&run.event.as_str()) {
        true => Err(ReleaseError::Event { event: run.event.clone() }),
        false => Ok(()),
    }
}

/// An entry without an environment takes any; one with an environment takes that.
fn environment_fits(wanted: Option<&str>, run: &Run, same: impl Fn(&str, &str) -> bool) -> bool {
    wanted.is_none_or(|wanted| run.environment.as_deref().is_some_and(|given| same(wanted, given)))
}

fn missing(name: &str) -> ReleaseError {
    ReleaseError::Missing { name: name.to_owned() }
}

fn no_publisher(name: &str) -> ReleaseError {
    ReleaseError::NoPublisher { name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn run() -> Run {
        Run {
            repository: "acme/widgets".to_owned(),
            workflow: "release.yml".to_owned(),
            environment: Some("release".to_owned()),
            event: "push".to_owned(),
            run_id: "42".to_owned(),
            sha: "0".repeat(40),
        }
    }

    fn crate_world(environment: Option<&str>) -> World {
        let mut world = World::demo();
        let now = world.now();
        world.crates_io.publishers.push(crates_io::Publisher {
            id: 1,
            krate: "widgets-core".to_owned(),
            repository_owner: "acme".to_owned(),
            repository_owner_id: 7_000_002,
            repository_name: "widgets".to_owned(),
            workflow_filename: "release.yml".to_owned(),
            environment: environment.map(str::to_owned),
            created_at: now,
        });
        world
    }

    #[test]
    fn crates_io_compares_the_file_exactly_and_the_environment_without_case() {
        let mut world = crate_world(Some("Release"));
        let other_file = Run { workflow: "Release.yml".to_owned(), ..run() };
        assert_eq!(
            world.release_crate("widgets-core", "0.2.0", &other_file),
            Err(ReleaseError::NoPublisher { name: "widgets-core".to_owned() })
        );
        let no_environment = Run { environment: None, ..run() };
        assert!(world.release_crate("widgets-core", "0.2.0", &no_environment).is_err());
        world.release_crate("widgets-core", "0.2.0", &run()).unwrap();
        let chained = Run { event: "workflow_run".to_owned(), ..run() };
        assert!(matches!(world.release_crate("widgets-core", "0.3.0", &chained), Err(ReleaseError::Event { .. })));
        assert!(matches!(world.release_crate("widgets-macros", "0.2.0", &run()), Err(ReleaseError::Missing { .. })));
    }

    #[test]
    fn an_entry_of_npm_lapses_unless_it_publishes_in_time() {
        let entry = |now| npm::Publisher {
            id: "entry".to_owned(),
            repository: "acme/widgets".to_owned(),
            workflow: "release.yml".to_owned(),
            environment: None,
            permissions: vec![Permission::Publish, Permission::Stage],
            created_at: now,
            proven_at: None,
        };
        let mut late = World::demo();
        let mut in_time = World::demo();
        for world in [&mut late, &mut in_time] {
            let now = world.now();
            world.npm.package_mut("@acme/widgets").unwrap().publishers.push(entry(now));
        }
        in_time.release_npm("@acme/widgets", "0.2.0", &run()).unwrap();
        for world in [&mut late, &mut in_time] {
            world.advance(npm::UNPROVEN_LIFE);
        }
        in_time.release_npm("@acme/widgets", "0.3.0", &run()).unwrap();
        assert_eq!(
            late.release_npm("@acme/widgets", "0.2.0", &run()),
            Err(ReleaseError::NoPublisher { name: "@acme/widgets".to_owned() })
        );
    }

    #[test]
    fn a_pending_publisher_of_pypi_makes_the_project_once() {
        let mut world = World::demo();
        let now = world.now();
        assert!(world.release_pypi("widgets", "0.2.0", &run()).is_err());
        world.pypi.pending.push(pypi::Pending {
            project: "Widgets".to_owned(),
            publisher: pypi::Publisher {
                owner: "acme".to_owned(),
                repository: "widgets".to_owned(),
                workflow: "release.yml".to_owned(),
                environment: None,
            },
            user: "mona".to_owned(),
            created_at: now,
        });
        let mut misnamed = world.clone();
        assert_eq!(misnamed.release_pypi("widgetry", "0.2.0", &run()), Err(missing("widgetry")));
        assert!(misnamed.pypi.project("widgets").unwrap().releases.is_empty(), "an empty project is left");
        let other_case = Run { repository: "Acme/widgets".to_owned(), ..run() };
        assert!(world.release_pypi("widgets", "0.2.0", &other_case).is_err(), "its look-up is exact");
        world.release_pypi("widgets", "0.2.0", &run()).unwrap();
        assert!(world.pypi.pending.is_empty());
        let project = world.pypi.project("WIDGETS").unwrap();
        assert_eq!(project.owners, ["mona"]);
        assert_eq!(project.publishers.len(), 1);
        assert!(project.releases[0].provenance.is_some());
    }
}
