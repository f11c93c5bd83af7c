//! Workflows as they are written, read as a whole.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod actions;
mod chains;
mod closed;
mod commands;
mod files;
mod steps;

use super::testing::read;
use super::*;
use crate::model::{
    Auth, Certainty, EnvironmentRef, IdToken, PackageId, PackageName, Pinned, Registry, RelPath, Severity,
    WorkflowClaim, WorkflowRole,
};

fn file(name: &str, text: &str) -> SourceFile {
    SourceFile::new(RelPath::new(&format!(".github/workflows/{name}")).unwrap(), text.as_bytes())
}

fn package(registry: Registry, name: &str, manifest: &str) -> Package {
    Package {
        id: PackageId { registry, name: PackageName::new(name).unwrap() },
        spelled: name.parse().unwrap(),
        manifest: RelPath::new(manifest).unwrap(),
        version: None,
        repository: None,
        lacks: Vec::new(),
        restricted: false,
        family: None,
    }
}

/// One job in one file, its steps given as YAML that is indented by six.
fn job(head: &str, steps: &str) -> WorkflowReading {
    let text = format!("on: push\njobs:\n  publish:\n    runs-on: ubuntu-latest\n{head}    steps:\n{steps}");
    let all = [
        package(Registry::CratesIo, "core", "crates/core/Cargo.toml"),
        package(Registry::CratesIo, "top", "Cargo.toml"),
        package(Registry::Npm, "@acme/a", "packages/a/package.json"),
        package(Registry::Npm, "@acme/b", "packages/b/package.json"),
        package(Registry::Pypi, "widgets", "python/pyproject.toml"),
    ];
    read(&[file("release.yml", &text)], &all)
}

fn events(job: &PublishJob) -> Vec<&str> {
    job.triggers.iter().map(|trigger| trigger.event.as_str()).collect()
}

fn only(reading: &WorkflowReading) -> &PublishJob {
    let [one] = &reading.publish_jobs[..] else { panic!("{:#?}", reading.publish_jobs) };
    one
}

fn names(job: &PublishJob) -> Option<Vec<&str>> {
    job.packages.as_ref().map(|names| names.iter().map(PackageName::as_str).collect())
}

fn token(name: &str) -> Auth {
    Auth::Token(name.parse().unwrap())
}

const OIDC: &str = "    permissions:\n      id-token: write\n";

/// A file at any path, for what a workflow leads to.
fn other(path: &str, text: &str) -> SourceFile {
    SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes())
}

/// One job with an OIDC token and these steps, among these other files and npm packages below `packages`.
fn job_with(steps: &str, others: &[(&str, &str)], npm: &[&str]) -> WorkflowReading {
    let text = format!("on: push\njobs:\n  publish:\n    runs-on: ubuntu-latest\n{OIDC}    steps:\n{steps}");
    let mut files = vec![file("release.yml", &text)];
    files.extend(others.iter().map(|(path, text)| other(path, text)));
    let manifest = |name: &str| format!("packages/{}/package.json", name.rsplit('/').next().unwrap());
    let packages: Vec<Package> = npm.iter().map(|name| package(Registry::Npm, name, &manifest(name))).collect();
    read(&files, &packages)
}

/// The labels of the registries that are published to, each with its line.
fn places(reading: &WorkflowReading) -> Vec<(String, usize)> {
    reading.publish_jobs.iter().map(|job| (job.destination.label(), job.at.line)).collect()
}
