//! untoken's own workflows: made by its own templates, and clean under its own doctor.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use pretty_assertions::assert_eq;
use untoken::checkout::{Disk, FileSource as _};
use untoken::doctor::{Verdict, examine};
use untoken::model::{Registry, RelPath, Severity, WorkflowFile};
use untoken::runtime;
use untoken::tools::Environment;
use untoken::workflow::template::{After, Template, cargo_root, check};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(HERE).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn the_release_is_what_the_template_gives() {
    let disk = Disk::open(Path::new(HERE)).unwrap();
    let (checkout, _) = runtime::look(&disk, None);
    let own: Vec<_> = checkout.packages.iter().map(|package| package.id.to_string()).collect();
    assert_eq!(own, ["untoken on crates.io"]);
    let template = Template {
        cargo_root: cargo_root(&checkout.packages, &|path: &RelPath| disk.paths().contains(path)),
        packages: checkout.packages,
        environment: "release".parse().unwrap(),
        after: After::ProvenanceAndRelease { programs: vec!["untoken".parse().unwrap()] },
        cargo_registry: None,
        nuget_user: None,
    };
    let new = template.make(&WorkflowFile::new("release.yml").unwrap()).unwrap();
    assert_eq!(new.notes, [""; 0]);
    assert_eq!(file(".github/workflows/release.yml"), new.text());
}

#[test]
fn the_check_is_what_the_template_gives_and_needs_nothing_but_the_check() {
    let new = check(&WorkflowFile::new("ci.yml").unwrap(), &".ci/run".parse().unwrap());
    assert_eq!(new.notes, [""; 0]);
    assert_eq!(file(".github/workflows/ci.yml"), new.text());
    assert!(Path::new(HERE).join(".ci/run").is_file());
}

#[test]
fn the_doctor_finds_nothing_here() {
    // Nothing of the machine: not git's remote, not the run that this test may be part of.
    let facts = runtime::examine_folder(Path::new(HERE), &runtime::Named::default(), &Environment::empty()).unwrap();
    let diagnosis = examine(&facts);
    let wrong: Vec<_> = diagnosis.findings().filter(|found| found.severity > Severity::Note).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let forecasts: Vec<_> = diagnosis.phases.iter().flat_map(|phase| &phase.forecasts).collect();
    let [forecast] = forecasts[..] else { panic!("{forecasts:#?}") };
    assert_eq!(forecast.destination.registry(), Some(Registry::CratesIo));
    assert_eq!(forecast.verdict, Verdict::Accepted);
}

#[test]
fn the_crate_brings_all_that_it_is_built_from() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(HERE)
        .output()
        .unwrap();
    let packed = String::from_utf8(output.stdout).unwrap();
    let packed: Vec<&str> = packed.lines().collect();
    assert!(packed.contains(&"src/lib.rs"), "{}", String::from_utf8_lossy(&output.stderr));
    let mut folders = vec![Path::new(HERE).join("assets")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(HERE).unwrap().to_str().unwrap().to_owned();
            assert!(packed.contains(&name.as_str()), "{name} is not packed into the crate");
            count += 1;
        }
    }
    assert!(count > 30, "{count}");
}
