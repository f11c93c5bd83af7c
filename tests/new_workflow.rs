//! `untoken workflow` as it is called, and its files under GitHub's own schema.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::path::Path;

use assert_cmd::Command;
use untoken::model::{Package, PackageId, PackageName, Registry, RelPath, WorkflowFile};
use untoken::workflow::template::{After, Template};

const CARGO: &str = "[package]\nname = \"widgets\"\nversion = \"1.0.0\"\ndescription = \"x\"\nlicense = \"MIT\"\n";
const NEW: &str = ".github/workflows/release.yml";

fn workflow(dir: &Path, args: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("untoken").unwrap();
    command.env_clear().env("HOME", dir).arg("workflow").arg(dir).args(args).output().unwrap()
}

fn checkout() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("Cargo.toml"), CARGO).unwrap();
    dir
}

#[test]
fn it_is_printed_then_written_and_never_over_a_file() {
    let dir = checkout();
    let printed = workflow(dir.path(), &["--environment", "publish"]);
    assert!(printed.status.success(), "{printed:?}");
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(text.contains("    environment: publish\n"), "{text}");
    assert!(!dir.path().join(".github").exists());

    let written = workflow(dir.path(), &["--environment", "publish", "--write"]);
    assert!(written.status.success(), "{written:?}");
    assert_eq!(std::fs::read_to_string(dir.path().join(NEW)).unwrap(), text);

    let again = workflow(dir.path(), &["--three-jobs", "--write"]);
    let said = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1), "{said}");
    assert!(said.contains("already there") && said.contains("--file") && said.contains("publishes already"), "{said}");
    assert_eq!(std::fs::read_to_string(dir.path().join(NEW)).unwrap(), text);
}

#[test]
fn what_cannot_be_is_said() {
    let dir = checkout();
    for (args, code, words) in [
        (&["--registry", "npm"][..], 1, "no package for npm"),
        (&["--registry", "nowhere"], 2, "a registry is crates.io, npm"),
        (&["--binary", "widgets"], 2, "--three-jobs"),
        (&["--three-jobs", "--binary", "a;b"], 2, "--binary"),
        (&["--registry-url", "https://x.test"], 2, "--registry-name"),
        (&["--registry-name", "x", "--registry-url", "http://x.test"], 2, "https"),
        (&["--environment", "${{ github.ref }}"], 1, "environment"),
        (&["--file", "a/b.yml"], 2, "filename"),
    ] {
        let output = workflow(dir.path(), args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

/// Two packages, or one, of each registry.
fn packages(registry: Registry, many: bool) -> Vec<Package> {
    let package = |name: &str| {
        let name = PackageName::new(name).unwrap();
        let manifest = if many { format!("all/{name}/manifest") } else { "manifest".to_owned() };
        Package {
            id: PackageId { registry, name: name.clone() },
            spelled: name,
            manifest: RelPath::new(&manifest).unwrap(),
            version: None,
            repository: None,
            lacks: Vec::new(),
            restricted: false,
            family: None,
        }
    };
    if many { vec![package("a"), package("b")] } else { vec![package("a")] }
}

#[test]
fn every_combination_is_valid_under_the_schema_of_github() {
    let dir = tempfile::tempdir().unwrap();
    let name = WorkflowFile::new("release.yml").unwrap();
    let mut files = Vec::new();
    for bits in 0u32..512 {
        let (many, three) = (bits & 128 != 0, bits & 256 != 0);
        let wished = Registry::ALL.into_iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0);
        let packages: Vec<Package> = wished.flat_map(|(_, registry)| packages(registry, many)).collect();
        if packages.is_empty() {
            continue;
        }
        let after =
            if three { After::ProvenanceAndRelease { programs: vec!["a".parse().unwrap()] } } else { After::Nothing };
        let template = Template {
            packages,
            environment: "release".parse().unwrap(),
            after,
            cargo_root: RelPath::root(),
            cargo_registry: None,
            nuget_user: None,
        };
        let file = dir.path().join(format!("{bits}.yml"));
        std::fs::write(&file, template.make(&name).unwrap().text()).unwrap();
        files.push(file);
    }
    assert_eq!(files.len(), 508);
    let broken = dir.path().join("broken.yml");
    std::fs::write(&broken, "on: push\njobs:\n  a:\n    steps: 1\n").unwrap();
    let schema = |files: &[std::path::PathBuf]| {
        let mut command = std::process::Command::new("check-jsonschema");
        command.args(["--builtin-schema", "vendor.github-workflows"]).args(files).output()
    };
    let Ok(output) = schema(&files) else {
        common::left_out("new workflows under GitHub's schema", "check-jsonschema is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!schema(&[broken]).unwrap().status.success(), "the schema takes anything");
}
