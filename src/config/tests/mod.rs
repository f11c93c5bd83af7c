//! What is read and declared, by example. The generated documents are in `properties`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod declaring;
mod monochange;
mod own_keys;
mod reading;

use super::*;
use crate::model::{EnvironmentName, FileChange, PackageName, WorkflowFile};

pub(in crate::config) const KINDS: [(&str, Registry); 3] =
    [("crates", Registry::CratesIo), ("npm", Registry::Npm), ("pypi", Registry::Pypi)];

pub(in crate::config) fn file(path: &str, text: &str) -> SourceFile {
    SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes())
}

pub(in crate::config) fn package(kind: &str, name: &str, manifest: &str) -> Package {
    let (_, registry) = KINDS.into_iter().find(|(word, _)| *word == kind).unwrap();
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

pub(in crate::config) fn policy(workflow: &str, environment: Option<&str>, repository: Option<&str>) -> TrustPolicy {
    TrustPolicy {
        workflow: Some(WorkflowFile::new(workflow).unwrap()),
        environment: environment.map(|e| EnvironmentName::new(e).unwrap()),
        repository: repository.map(|r| r.parse().unwrap()),
        tag_pattern: None,
        workflow_repository: None,
    }
}

fn core() -> Package {
    package("crates", "core", "crates/core/Cargo.toml")
}

fn release() -> TrustPolicy {
    policy("release.yml", Some("release"), None)
}

fn declare_one(files: &[SourceFile], chosen: Option<&str>, package: &Package, policy: TrustPolicy) -> Declaration {
    let kind = KINDS.into_iter().find(|(_, registry)| *registry == package.id.registry).unwrap().0;
    declare(files, chosen.map(|c| RelPath::new(c).unwrap()).as_ref(), &[Wanted { package, kind, policy }])
}

fn text(change: &FileChange) -> &str {
    std::str::from_utf8(&change.after).unwrap()
}

/// Declares `core` in one file and gives back that file's new text.
fn declared(path: &str, before: &str, policy: TrustPolicy) -> String {
    let declaration = declare_one(&[file(path, before)], None, &core(), policy);
    assert_eq!((&declaration.refused, declaration.changes.len()), (&vec![], 1));
    assert_eq!(declaration.changes[0].path.as_str(), path);
    text(&declaration.changes[0]).to_owned()
}

fn messages(reading: &ConfigReading) -> Vec<String> {
    let line = |f: &Finding| f.at.as_ref().map_or_else(String::new, |at| format!("{}:{} ", at.line, at.column));
    reading.findings.iter().map(|f| format!("{}{}", line(f), f.message)).collect()
}

const OLDER: &str = "\
[putitoutthere]
version = 1

[[package]]
name = \"core\"
kind = \"crates\"
path = \"crates/core\"
paths = [\"crates/core/**\"]   # keep in step with CI

# ---- the wheel
[[package]]
name = \"core-py\"
kind = \"pypi\"
pypi = \"Core_Py\"
path = \"python\"
paths = [\"python/**\"]
trust_policy = { workflow = \"wheel.yml\", repository = \"acme/widgets\" }
";

const MONO: &str = "\
[defaults]
package_type = \"cargo\"
[source]
owner = \"acme\"
repo = \"widgets\"
[package.the_core]
path = \"crates/core\"
[package.cli]
path = \"cli\"
type = \"npm\"
[package.cli.publish.trusted_publishing]
workflow = \"cli.yml\"
[package.old]
path = \"old\"
publish = { trusted_publishing = false }
[package.by_hand]
path = \"hand\"
publish.mode = \"external\"
[ecosystems.cargo.publish]
trusted_publishing = { enabled = true, workflow = \"publish.yml\", environment = \"publisher\" }
[ecosystems.npm.publish.trusted_publishing]
workflow = \"npm.yml\"
repository = \"acme/other\"
";
