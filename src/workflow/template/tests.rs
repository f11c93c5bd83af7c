//! Every combination of wishes, read back by the readers and judged by the doctor as any other workflow is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::checkout::{self, Checkout, FileSource as _, InMemory};
use crate::doctor::{Facts, Verdict, examine};
use crate::model::{Auth, Destination, EnvironmentRef, PackageName, RelPath, Severity, SourceFile};
use crate::registry;
use crate::workflow::{self, Surroundings};

/// One package at the root of each registry's own kind.
const SINGLE: [(Registry, &[(&str, &str)]); 7] = [
    (
        Registry::CratesIo,
        &[(
            "Cargo.toml",
            "[package]\nname = \"widgets\"\nversion = \"1.0.0\"\ndescription = \"x\"\nlicense = \"MIT\"\n",
        )],
    ),
    (
        Registry::Npm,
        &[(
            "package.json",
            "{\"name\":\"widgets\",\"version\":\"1.0.0\",\"main\":\"i.js\",\"repository\":\"github:acme/widgets\"}",
        )],
    ),
    (
        Registry::Pypi,
        &[(
            "pyproject.toml",
            "[project]\nname = \"widgets\"\nversion = \"1.0.0\"\n[build-system]\nrequires = [\"hatchling\"]\n",
        )],
    ),
    (Registry::Jsr, &[("jsr.json", "{\"name\":\"@acme/widgets\",\"version\":\"1.0.0\",\"exports\":\"./mod.ts\"}")]),
    (Registry::PubDev, &[("pubspec.yaml", "name: widgets\nversion: 1.0.0\n")]),
    (
        Registry::RubyGems,
        &[("widgets.gemspec", "Gem::Specification.new do |s|\n  s.name = \"widgets\"\n  s.version = \"1.0.0\"\nend\n")],
    ),
    (
        Registry::Nuget,
        &[(
            "Widgets.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><PackageId>Widgets</PackageId><Version>1.0.0</Version><IsPackable>true</IsPackable></PropertyGroup></Project>",
        )],
    ),
];

/// Two packages of each kind, in folders of their own.
const WORKSPACE: [(Registry, &[(&str, &str)]); 7] = [
    (
        Registry::CratesIo,
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
            (
                "crates/a/Cargo.toml",
                "[package]\nname = \"widgets-a\"\nversion = \"1.0.0\"\ndescription = \"x\"\nlicense = \"MIT\"\n",
            ),
            (
                "crates/b/Cargo.toml",
                "[package]\nname = \"widgets-b\"\nversion = \"1.0.0\"\ndescription = \"x\"\nlicense = \"MIT\"\n",
            ),
        ],
    ),
    (
        Registry::Npm,
        &[
            ("package.json", "{\"name\":\"root\",\"private\":true,\"workspaces\":[\"packages/*\"]}"),
            (
                "packages/a/package.json",
                "{\"name\":\"@acme/a\",\"version\":\"1.0.0\",\"main\":\"i.js\",\"repository\":\"github:acme/widgets\"}",
            ),
            (
                "packages/b/package.json",
                "{\"name\":\"@acme/b\",\"version\":\"1.0.0\",\"main\":\"i.js\",\"repository\":\"github:acme/widgets\"}",
            ),
        ],
    ),
    (
        Registry::Pypi,
        &[
            ("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"python/*\"]\n"),
            (
                "python/a/pyproject.toml",
                "[project]\nname = \"widgets-a\"\nversion = \"1.0.0\"\n[build-system]\nrequires = [\"hatchling\"]\n",
            ),
            (
                "python/b/pyproject.toml",
                "[project]\nname = \"widgets-b\"\nversion = \"1.0.0\"\n[build-system]\nrequires = [\"hatchling\"]\n",
            ),
        ],
    ),
    (
        Registry::Jsr,
        &[
            ("deno.json", "{\"workspace\":[\"./jsr/a\",\"./jsr/b\"]}"),
            ("jsr/a/deno.json", "{\"name\":\"@acme/a\",\"version\":\"1.0.0\",\"exports\":\"./mod.ts\"}"),
            ("jsr/b/deno.json", "{\"name\":\"@acme/b\",\"version\":\"1.0.0\",\"exports\":\"./mod.ts\"}"),
        ],
    ),
    (
        Registry::PubDev,
        &[
            ("pubspec.yaml", "name: root\npublish_to: none\nworkspace:\n  - dart/a\n  - dart/b\n"),
            ("dart/a/pubspec.yaml", "name: widgets_a\nversion: 1.0.0\n"),
            ("dart/b/pubspec.yaml", "name: widgets_b\nversion: 1.0.0\n"),
        ],
    ),
    (
        Registry::RubyGems,
        &[
            (
                "gems/a/a.gemspec",
                "Gem::Specification.new do |s|\n  s.name = \"widgets-a\"\n  s.version = \"1.0.0\"\nend\n",
            ),
            (
                "gems/b/b.gemspec",
                "Gem::Specification.new do |s|\n  s.name = \"widgets-b\"\n  s.version = \"1.0.0\"\nend\n",
            ),
        ],
    ),
    (
        Registry::Nuget,
        &[
            (
                "net/a/A.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><PackageId>Acme.A</PackageId><Version>1.0.0</Version><IsPackable>true</IsPackable></PropertyGroup></Project>",
            ),
            (
                "net/b/B.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><PackageId>Acme.B</PackageId><Version>1.0.0</Version><IsPackable>true</IsPackable></PropertyGroup></Project>",
            ),
        ],
    ),
];

type Kind = [(Registry, &'static [(&'static str, &'static str)]); 7];

fn files(kind: &Kind, wished: &[Registry]) -> Vec<SourceFile> {
    let of = kind.iter().filter(|(registry, _)| wished.contains(registry)).flat_map(|(_, files)| files.iter());
    of.map(|(path, text)| SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes())).collect()
}

fn template(checkout: &Checkout, source: &InMemory, after: After) -> Template {
    Template {
        packages: checkout.packages.clone(),
        environment: EnvironmentName::new("release").unwrap(),
        after,
        cargo_root: cargo_root(&checkout.packages, &|path| source.paths().contains(path)),
        cargo_registry: None,
        nuget_user: None,
    }
}

fn release_file() -> WorkflowFile {
    WorkflowFile::new("release.yml").unwrap()
}

/// Every set of registries, packages alone and many, with and without the jobs that follow.
fn every() -> Vec<(String, Vec<SourceFile>, Template)> {
    let mut all = Vec::new();
    for (name, kind) in [("single", &SINGLE), ("workspace", &WORKSPACE)] {
        for bits in 1u32..128 {
            let wished: Vec<Registry> =
                Registry::ALL.into_iter().enumerate().filter(|(i, _)| bits & (1 << i) != 0).map(|(_, r)| r).collect();
            let files = files(kind, &wished);
            let source = InMemory::new(files.clone());
            let checkout = checkout::look(&source);
            let packages = if name == "single" { wished.len() } else { 2 * wished.len() };
            assert_eq!(checkout.packages.len(), packages, "{name} {wished:?}: {:#?}", checkout.packages);
            for after in [After::Nothing, After::ProvenanceAndRelease { programs: vec!["widgets".parse().unwrap()] }] {
                let jobs = if after == After::Nothing { "one" } else { "three" };
                let label = wished.iter().map(|r| r.label()).collect::<Vec<_>>().join("+");
                all.push((format!("{name}-{jobs}-{label}"), files.clone(), template(&checkout, &source, after)));
            }
        }
    }
    all
}

/// The facts of a repository with its files and a new workflow.
fn facts(mut files: Vec<SourceFile>, new: &NewWorkflow) -> Facts {
    files.push(SourceFile::new(new.change.path.clone(), &*new.change.after));
    let source = InMemory::new(files);
    let checkout = checkout::look(&source);
    let around = Surroundings { source: &source, packages: &checkout.packages, claim: registry::claim };
    let reading = workflow::read(&checkout.workflows, &around);
    Facts { slug: "acme/widgets".parse().ok(), checkout, reading, ..Facts::default() }
}

#[test]
fn every_combination_reads_as_wished_and_is_clean() {
    let keep = std::env::var_os("UNTOKEN_TEMPLATES").map(std::path::PathBuf::from);
    let mut count = 0;
    for (name, files, template) in every() {
        let new = template.make(&release_file()).unwrap();
        if let Some(folder) = &keep {
            std::fs::write(folder.join(format!("{name}.yml")), &new.change.after).unwrap();
        }
        let text = new.text();
        let facts = facts(files, &new);
        let diagnosis = examine(&facts);
        let wrong: Vec<_> = diagnosis.findings().filter(|found| found.severity > Severity::Note).collect();
        assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{text}");
        let told: Vec<_> = diagnosis.findings().map(|found| &found.message).collect();
        assert!(told.is_empty(), "{name}: {told:#?}\n{text}");
        let wished = |registry: Registry| -> BTreeSet<PackageName> {
            let own = template.packages.iter().filter(|package| package.id.registry == registry);
            own.map(|package| package.id.name.clone()).collect()
        };
        let mut published: BTreeMap<Registry, BTreeSet<PackageName>> = BTreeMap::new();
        for job in &facts.reading.publish_jobs {
            assert_eq!(job.auth, Auth::Oidc, "{name}: {job:#?}\n{text}");
            assert_eq!(job.environment, EnvironmentRef::Named(template.environment.clone()), "{name}");
            let Destination::Main(registry) = job.destination else { panic!("{name}: {job:#?}\n{text}") };
            // Several packages that were built before are published by what was built: no name stands in the file.
            let part = parts::PARTS.iter().find(|part| part.registry == registry).unwrap();
            let unnamed = part.takes_build && wished(registry).len() > 1;
            assert_eq!(job.packages.is_none(), unnamed, "{name}: {job:#?}\n{text}");
            let packages = job.packages.clone().map_or_else(|| wished(registry), |named| named.into_iter().collect());
            published.entry(registry).or_default().extend(packages);
        }
        let all: BTreeMap<_, _> = template.packages.iter().map(|p| (p.id.registry, wished(p.id.registry))).collect();
        assert_eq!(published, all, "{name}\n{text}");
        let forecasts = diagnosis.phases.iter().flat_map(|phase| &phase.forecasts);
        for forecast in forecasts {
            assert_eq!(forecast.verdict, Verdict::Accepted, "{name}: {forecast:#?}\n{text}");
        }
        assert!(!text.contains("secrets."), "{name}");
        count += 1;
    }
    assert_eq!(count, 127 * 2 * 2);
}

fn one(name: &str, manifest: &str) -> Template {
    let registry = Registry::CratesIo;
    let name = PackageName::new(name).unwrap();
    Template {
        packages: vec![Package {
            id: PackageId { registry, name: name.clone() },
            spelled: name,
            manifest: RelPath::new(manifest).unwrap(),
            version: None,
            repository: None,
            lacks: Vec::new(),
            restricted: false,
            family: None,
        }],
        environment: EnvironmentName::new("release").unwrap(),
        after: After::Nothing,
        cargo_root: RelPath::root(),
        cargo_registry: None,
        nuget_user: None,
    }
}

#[test]
fn hostile_names_are_refused_or_quoted() {
    let file = release_file();
    for name in ["a;id", "$(id)", "a`id`", "-p", "a'b", "a\"b", "${{x}}", "a&b", "a|b", "a>b", "a\\b", "a#b", "*"] {
        let refused = one(name, "Cargo.toml").make(&file);
        assert!(matches!(refused, Err(Refused::Package { .. })), "{name}: {refused:?}");
    }
    for manifest in ["$(id)/Cargo.toml", "a b/Cargo.toml", "x/-C/Cargo.toml", "a\"b/Cargo.toml", "<id>/Cargo.toml"] {
        assert!(one("a", manifest).make(&file).is_err(), "{manifest}");
    }
    let environment =
        |name: &str| Template { environment: EnvironmentName::new(name).unwrap(), ..one("a", "Cargo.toml") };
    assert!(matches!(environment("${{ github.ref }}").make(&file), Err(Refused::Environment(_))));
    for name in ["on", "1.0", "a: b", "x # y", "[a", "\"q\"", "null", "<steps>", "Größe", "- a", "'", "&a", "*a", "!x"]
    {
        let template = environment(name);
        let new = template.make(&file).unwrap();
        let source = InMemory::new([SourceFile::new(new.change.path.clone(), &*new.change.after)]);
        let around = Surroundings { source: &source, packages: &template.packages, claim: registry::claim };
        let reading = workflow::read(&checkout::look(&source).workflows, &around);
        let read: Vec<_> = reading.publish_jobs.iter().map(|job| job.environment.clone()).collect();
        assert_eq!(read, [EnvironmentRef::Named(template.environment.clone())], "{}", new.text());
    }
}

#[test]
fn another_registry_has_an_address_and_a_token_of_its_own() {
    let registry = CargoRegistry::new("acme-crates", "https://crates.acme.test/").unwrap();
    let template = Template { cargo_registry: Some(registry), ..one("a", "Cargo.toml") };
    let text = template.make(&release_file()).unwrap().text();
    assert!(text.contains("        id: auth\n        with:\n          url: https://crates.acme.test\n"), "{text}");
    assert!(text.contains("cargo publish --no-verify -p a --registry acme-crates\n"), "{text}");
    assert!(text.contains("CARGO_REGISTRIES_ACME_CRATES_TOKEN: ${{ steps.auth.outputs.token }}"), "{text}");
    for (name, url) in [
        ("a b", "https://x.test"),
        ("-a", "https://x.test"),
        ("a", "http://x.test"),
        ("a", "https://u:p@x.test"),
        ("a", "https://x.test/?q"),
        ("a", "https://x.test/#\n"),
        ("a", "https://x.test/${{ a }}"),
        ("a", "no"),
    ] {
        assert!(CargoRegistry::new(name, url).is_err(), "{name} {url}");
    }
}

#[test]
fn an_action_without_a_known_commit_keeps_its_tag_and_a_note_says_so() {
    let pins = Pins::read("[[action]]\nname = \"actions/checkout\"\ntag = \"v7.0.1\"\nsha = \"3d3c42e5aac5ba805825da76410c181273ba90b1\"\nseen_in = \"-\"\nseen_at = \"2026-08\"\n").unwrap();
    let new = one("a", "Cargo.toml").make_with(&release_file(), &pins).unwrap();
    assert!(new.text().contains("- uses: rust-lang/crates-io-auth-action@v1\n"), "{}", new.text());
    assert!(new.text().contains("actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n"));
    assert_eq!(new.notes.len(), 1, "{:?}", new.notes);
    assert!(new.notes[0].starts_with("rust-lang/crates-io-auth-action@v1 stays a tag"), "{:?}", new.notes);
}

#[test]
fn a_workspace_below_the_root_is_named_by_its_manifest() {
    let mut template = one("a", "rust/crates/a/Cargo.toml");
    template.packages.extend(one("b", "rust/crates/b/Cargo.toml").packages);
    let has = |path: &RelPath| matches!(path.as_str(), "rust/Cargo.toml" | "rust/crates/a/Cargo.toml");
    template.cargo_root = cargo_root(&template.packages, &has);
    assert_eq!(template.cargo_root.as_str(), "rust");
    let text = template.make(&release_file()).unwrap().text();
    assert!(text.contains("cargo publish --no-verify --manifest-path rust/Cargo.toml -p a -p b\n"), "{text}");
}

#[test]
fn nothing_to_publish_is_no_workflow() {
    let empty = Template { packages: Vec::new(), ..one("a", "Cargo.toml") };
    assert_eq!(empty.make(&release_file()), Err(Refused::NoPackage));
}

#[test]
fn no_place_is_left_open() {
    let places =
        ["<steps>", "<id>", "<title>", "<folder", "<manifest>", "<path>", "<crates", "<needs>", "<pack>", "<bins>"];
    for (name, _, template) in every() {
        let text = template.make(&release_file()).unwrap().text();
        for place in places {
            assert!(!text.contains(place), "{name}: {place}\n{text}");
        }
        assert!(text.lines().all(|line| line == line.trim_end()), "{name}\n{text}");
    }
}
