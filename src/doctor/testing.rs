//! What the doctor's tests start from: small repositories in memory, read by the real readers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{Code, Diagnosis, Facts, Found, examine};
use crate::checkout::{self, InMemory};
use crate::config;
use crate::model::{Registry, RelPath, SourceFile};
use crate::registry;
use crate::workflow::{self, Surroundings};

/// A crate to publish.
pub(super) const CARGO: (&str, &str) =
    ("Cargo.toml", "[package]\nname = \"widgets-core\"\nversion = \"1.0.0\"\ndescription = \"x\"\nlicense = \"MIT\"\n");
/// An npm package to publish, of acme/widgets.
pub(super) const NPM: (&str, &str) = (
    "package.json",
    "{\n  \"name\": \"@acme/widgets\",\n  \"version\": \"1.0.0\",\n  \"main\": \"i.js\",\n  \"repository\": \"github:acme/widgets\"\n}\n",
);
/// A Python package to publish.
pub(super) const PYTHON: (&str, &str) = (
    "pyproject.toml",
    "[project]\nname = \"widgets\"\nversion = \"1.0.0\"\n[build-system]\nrequires = [\"hatchling\"]\n",
);

/// Facts of acme/widgets with these files.
pub(super) fn facts(files: &[(&str, &str)]) -> Facts {
    let files = files.iter().map(|(path, text)| SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes()));
    let source = InMemory::new(files.collect::<Vec<_>>());
    let checkout = checkout::look(&source);
    let around = Surroundings { source: &source, packages: &checkout.packages, claim: registry::claim };
    let reading = workflow::read(&checkout.workflows, &around);
    let config = config::read(&checkout.configs, &Registry::kinds());
    let manifests = checkout
        .packages
        .iter()
        .map(|package| checkout::FileSource::read(&source, &package.manifest).unwrap())
        .collect();
    Facts { slug: "acme/widgets".parse().ok(), checkout, reading, config, manifests, ..Facts::default() }
}

/// The same with a `.github/workflows/release.yml` of this text.
pub(super) fn with_release(package: (&str, &str), release: &str) -> Facts {
    facts(&[package, (".github/workflows/release.yml", release)])
}

/// What was found with a code.
pub(super) fn found(diagnosis: &Diagnosis, code: Code) -> Vec<Found> {
    diagnosis.findings().filter(|found| found.code == code).cloned().collect()
}

/// The codes that were found, in order.
pub(super) fn codes(facts: &Facts) -> Vec<String> {
    examine(facts).findings().map(|found| found.code.to_string()).collect()
}

/// The only finding with a code.
pub(super) fn only(facts: &Facts, code: Code) -> Found {
    let mut all = found(&examine(facts), code);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// A crate published as it should be.
pub(super) const GOOD: &str = "\
on:
  push:
    tags: ['v*']
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
      - uses: rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18
        id: auth
      - run: cargo publish
        env:
          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}
";
