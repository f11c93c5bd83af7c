//! The parts that workflows are put together from, and which registry needs what.
//!
//! Data only: the texts lie in `assets/workflows`, one file a job or a registry, and nothing branches on a registry. Places
//! to fill stand as `<name>`; a registry's file holds the steps of its build job, `---`, and those of its publish job.

use super::Template;
use crate::model::Registry;

pub(super) const WORKFLOW: &str = include_str!("../../../assets/workflows/workflow.yml");
pub(super) const BUILD_JOB: &str = include_str!("../../../assets/workflows/build-job.yml");
pub(super) const PUBLISH_JOB: &str = include_str!("../../../assets/workflows/publish-job.yml");
pub(super) const PROVENANCE_JOB: &str = include_str!("../../../assets/workflows/provenance-job.yml");
pub(super) const RELEASE_JOB: &str = include_str!("../../../assets/workflows/release-job.yml");
pub(super) const BINARIES_JOB: &str = include_str!("../../../assets/workflows/binaries-job.yml");
pub(super) const UPLOAD: &str = include_str!("../../../assets/workflows/upload.yml");
pub(super) const ARCHIVE: &str = include_str!("../../../assets/workflows/archive.yml");
pub(super) const CHECK: &str = include_str!("../../../assets/workflows/check.yml");

/// Where build jobs leave what they built.
const PACKAGES: &str = "${{ runner.temp }}/packages/*";

/// What one registry needs.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) registry: Registry,
    /// Its two lists of steps.
    steps: &'static str,
    /// The files that its build job makes.
    pub(super) files: &'static str,
    /// Whether its build job makes packages; else only the sources can be attested.
    pub(super) packs: bool,
    /// Whether its publish job takes what was built; else it publishes from the code.
    pub(super) takes_build: bool,
    /// What is to be said where the tags stand.
    pub(super) tags: Option<&'static str>,
    /// What the person has to do besides.
    pub(super) note: fn(&Template) -> Option<&'static str>,
}

impl Part {
    /// Its name in ids of jobs, which take no dot.
    pub(super) fn id(&self) -> String {
        self.registry.label().replace('.', "-")
    }

    pub(super) fn build(&self) -> &'static str {
        self.steps.split_once("---\n").map_or(self.steps, |(build, _)| build)
    }

    pub(super) fn publish(&self) -> &'static str {
        self.steps.split_once("---\n").map_or("", |(_, publish)| publish)
    }
}

const fn part(registry: Registry, steps: &'static str) -> Part {
    Part { registry, steps, files: PACKAGES, packs: true, takes_build: true, tags: None, note: |_| None }
}

/// All of them, in the order in which registries are shown.
pub(super) const PARTS: [Part; 7] = [
    // crates.io is told the crate's sources by cargo itself; no other client uploads a packed crate.
    Part {
        files: "${{ runner.temp }}/cargo/package/*.crate",
        takes_build: false,
        ..part(Registry::CratesIo, include_str!("../../../assets/workflows/crates-io.yml"))
    },
    part(Registry::Npm, include_str!("../../../assets/workflows/npm.yml")),
    part(Registry::Pypi, include_str!("../../../assets/workflows/pypi.yml")),
    Part { packs: false, takes_build: false, ..part(Registry::Jsr, include_str!("../../../assets/workflows/jsr.yml")) },
    // A run must be on a tag that is the pattern with the version (pub-dev backend.dart, read 2026-08-20).
    Part {
        packs: false,
        takes_build: false,
        tags: Some("# pub.dev: the tag pattern there is v{{version}}, and a tag must name the version of the pubspec."),
        note: |_| Some("pub.dev takes only runs on a tag: set its tag pattern to v{{version}}"),
        ..part(Registry::PubDev, include_str!("../../../assets/workflows/pub-dev.yml"))
    },
    part(Registry::RubyGems, include_str!("../../../assets/workflows/rubygems.yml")),
    // The user is the policy's maker, never an organisation (NuGet/docs trusted-publishing.md, read 2026-08-07).
    Part {
        note: |template| {
            let said = template.nuget_user.is_some();
            let note =
                "NuGet wants the user who made the policy: set the repository's variable NUGET_USER to that name";
            (!said).then_some(note)
        },
        ..part(Registry::Nuget, include_str!("../../../assets/workflows/nuget.yml"))
    },
];
