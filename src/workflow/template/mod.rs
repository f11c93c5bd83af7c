//! New workflows for a repository that has none: wishes in, the bytes of a file out.
//!
//! Pure: it asks nobody and writes nothing; the result is a change to be reviewed like any other. A workflow is put together
//! from the parts in `assets/workflows`, and what each part is for stands in `docs/workflow.md`. Actions are pinned by the
//! commits of `assets/actions.toml` alone. A name that could mean something to YAML, to a shell or to GitHub's expressions is
//! refused, never escaped into a script.

mod fill;
mod names;
mod parts;
mod pinning;
#[cfg(test)]
mod tests;
mod values;

pub use names::{CargoRegistry, NameRefused, NugetUser, Program};

use std::collections::BTreeSet;

use super::repair::Pins;
use crate::model::{EnvironmentName, FileChange, Package, PackageId, Registry, RelPath, WorkflowFile};
use fill::{Values, fill};
use parts::Part;

/// What a new workflow is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The packages to publish, on all of their registries.
    pub packages: Vec<Package>,
    /// The environment in which each publish job runs.
    pub environment: EnvironmentName,
    /// What follows the publishing.
    pub after: After,
    /// The folder whose `Cargo.toml` all crates belong to; [`cargo_root`] finds it.
    pub cargo_root: RelPath,
    /// Another registry for the crates that speaks crates.io's language.
    pub cargo_registry: Option<CargoRegistry>,
    /// Who made the policy on NuGet; `None`: the repository's variable `NUGET_USER` says it.
    pub nuget_user: Option<NugetUser>,
}

/// What follows the publishing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum After {
    /// Nothing.
    #[default]
    Nothing,
    /// A job that attests what was built, then one that makes a release on GitHub of it.
    ProvenanceAndRelease {
        /// Programs of a cargo project that the release brings as binaries.
        programs: Vec<Program>,
    },
}

impl After {
    fn programs(&self) -> &[Program] {
        match self {
            Self::Nothing => &[],
            Self::ProvenanceAndRelease { programs } => programs,
        }
    }
}

/// A workflow that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWorkflow {
    /// The file: never one that is there.
    pub change: FileChange,
    /// What the person has to know, a sentence each.
    pub notes: Vec<String>,
}

impl NewWorkflow {
    /// The file's text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.change.after).into_owned()
    }
}

/// Why no workflow is made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is nothing to publish.
    #[error("there is no package to publish")]
    NoPackage,
    /// A package's name or folder can't stand in a script.
    #[error("{package} can't be written into a workflow: {why}")]
    Package {
        /// Which.
        package: PackageId,
        /// Why not.
        why: NameRefused,
    },
    /// A folder can't stand in a script.
    #[error("the folder of the crates can't be written into a workflow: {0}")]
    Folder(NameRefused),
    /// The environment would mean something to GitHub.
    #[error("the environment can't be written into a workflow: {0}")]
    Environment(NameRefused),
}

impl Template {
    /// The workflow as a new file, its actions pinned by the commits that untoken knows.
    ///
    /// # Errors
    ///
    /// There is no package, or a name that can't stand in a workflow.
    pub fn make(&self, file: &WorkflowFile) -> Result<NewWorkflow, Refused> {
        self.make_with(file, Pins::known())
    }

    /// The same with other pins.
    ///
    /// # Errors
    ///
    /// As [`Self::make`].
    pub fn make_with(&self, file: &WorkflowFile, pins: &Pins) -> Result<NewWorkflow, Refused> {
        let text = self.text()?;
        let (text, mut notes) = pinning::pin(&text, pins);
        notes.extend(self.parts().iter().filter_map(|part| (part.note)(self)).map(str::to_owned));
        let change = FileChange { path: file.path(), before: None, after: text.into_bytes().into() };
        Ok(NewWorkflow { change, notes })
    }

    /// The registries that have packages, in the usual order.
    fn parts(&self) -> Vec<&'static Part> {
        let wished: BTreeSet<Registry> = self.packages.iter().map(|package| package.id.registry).collect();
        parts::PARTS.iter().filter(|part| wished.contains(&part.registry)).collect()
    }

    fn text(&self) -> Result<String, Refused> {
        if self.packages.is_empty() {
            return Err(Refused::NoPackage);
        }
        for package in &self.packages {
            names::check(package).map_err(|why| Refused::Package { package: package.id.clone(), why })?;
        }
        names::folder(&self.cargo_root).map_err(Refused::Folder)?;
        let environment = names::yaml(self.environment.as_str()).map_err(Refused::Environment)?;
        let parts = self.parts();
        let programs = self.after.programs();
        let mut built: Vec<String> = parts.iter().map(|part| format!("build-{}", part.id())).collect();
        let mut jobs: Vec<String> = parts.iter().map(|part| self.build_job(part)).collect();
        if !programs.is_empty() {
            built.push("binaries".to_owned());
            jobs.push(fill(parts::BINARIES_JOB, &values::programs(programs)));
        }
        let needs = built.join(", ");
        jobs.extend(parts.iter().map(|part| self.publish_job(part, &needs, &environment)));
        if self.after != After::Nothing {
            let published: Vec<String> = parts.iter().map(|part| format!("publish-{}", part.id())).collect();
            jobs.push(fill(parts::PROVENANCE_JOB, &Values::new().with("needs", published.join(", "))));
            jobs.push(parts::RELEASE_JOB.to_owned());
        }
        let comments: Vec<&str> = parts.iter().filter_map(|part| part.tags).collect();
        let values = Values::new().with("tags-comment", comments.join("\n")).with("jobs", jobs.join("\n"));
        Ok(fill(parts::WORKFLOW, &values))
    }

    /// The job that builds: no token, no OIDC token, nothing but reading the code.
    fn build_job(&self, part: &Part) -> String {
        let own = self.values(part);
        let releases = self.after != After::Nothing;
        let archive = if releases && !part.packs { fill(parts::ARCHIVE, &own) } else { String::new() };
        let hands_over = releases || part.takes_build;
        let upload = if hands_over { fill(parts::UPLOAD, &own) } else { String::new() };
        let steps = values::steps(part.build(), &own, &self.of(part));
        fill(parts::BUILD_JOB, &own.with("steps", steps).with("archive", archive).with("upload", upload))
    }

    /// The job that publishes, alone with the permission to.
    fn publish_job(&self, part: &Part, needs: &str, environment: &str) -> String {
        let contents = if part.takes_build { "" } else { "contents: read" };
        let own = self.values(part).with("needs", needs).with("environment", environment).with("contents", contents);
        let steps = values::steps(part.publish(), &own, &self.of(part));
        fill(parts::PUBLISH_JOB, &own.with("steps", steps))
    }

    fn of(&self, part: &Part) -> Vec<&Package> {
        self.packages.iter().filter(|package| package.id.registry == part.registry).collect()
    }

    fn values(&self, part: &Part) -> Values {
        let own = Values::new().with("id", part.id()).with("title", part.registry.title()).with("files", part.files);
        let own = own.with("folders", values::folders(&self.of(part)));
        let own = values::nuget(own, self.nuget_user.as_ref());
        values::cargo(own, &self.of(part), &self.cargo_root, self.cargo_registry.as_ref())
    }
}

/// The outermost folder with a `Cargo.toml` above all crates; where there is none, that of the first crate.
#[must_use]
pub fn cargo_root(packages: &[Package], has: &dyn Fn(&RelPath) -> bool) -> RelPath {
    let crates: Vec<RelPath> =
        packages.iter().filter(|package| package.id.registry == Registry::CratesIo).map(Package::dir).collect();
    let Some(first) = crates.first() else { return RelPath::root() };
    let mut above = vec![first.clone()];
    while let Some(dir) = above.last().filter(|dir| !dir.is_root()) {
        above.push(dir.parent());
    }
    let holds =
        |root: &RelPath, dir: &RelPath| root.is_root() || root == dir || dir.as_str().starts_with(&format!("{root}/"));
    let common = |root: &RelPath| crates.iter().all(|dir| holds(root, dir));
    let manifest = |root: &RelPath| root.join("Cargo.toml").is_ok_and(|manifest| has(&manifest));
    above.into_iter().rev().find(|root| common(root) && manifest(root)).unwrap_or_else(|| first.clone())
}

/// The workflow that runs a project's own check on every change: no secret, no permission but to read.
#[must_use]
pub fn check(file: &WorkflowFile, command: &Program) -> NewWorkflow {
    let values = Values::new().with("command", command.as_str());
    let (text, notes) = pinning::pin(&fill(parts::CHECK, &values), Pins::known());
    NewWorkflow { change: FileChange { path: file.path(), before: None, after: text.into_bytes().into() }, notes }
}
