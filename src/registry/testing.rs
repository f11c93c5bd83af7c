//! What the tests of all registries start from.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::Endpoints;
use crate::model::{Package, PackageId, PackageName, PublisherEntry, Registry, RelPath, TrustedPublisher};

/// The real addresses; nobody asks them.
pub(super) fn real() -> Endpoints {
    Endpoints::resolve(|_| None, &[]).unwrap()
}

/// Addresses below a base on loopback: `/crates`, `/index`, `/npm`, `/pypi`.
pub(super) fn below(base: &str) -> Endpoints {
    let at = |variable: &str| {
        let path = match variable {
            "UNTOKEN_CRATES_IO_URL" => "crates",
            "UNTOKEN_CRATES_IO_INDEX_URL" => "index",
            "UNTOKEN_NPM_URL" => "npm",
            _ => "pypi",
        };
        Some(format!("{base}/{path}"))
    };
    Endpoints::resolve(at, &[]).unwrap()
}

/// Addresses on loopback where nobody listens.
pub(super) fn replaced() -> Endpoints {
    below("http://127.0.0.1:9")
}

/// acme/widgets release.yml.
pub(super) fn publisher(environment: Option<&str>) -> TrustedPublisher {
    TrustedPublisher {
        repository: "acme/widgets".parse().unwrap(),
        workflow: "release.yml".parse().unwrap(),
        environment: environment.map(|e| e.parse().unwrap()),
    }
}

/// An entry of the same workflow.
pub(super) fn held(repository: &str, environment: Option<&str>, permissions: &[&str]) -> PublisherEntry {
    PublisherEntry {
        id: "1".to_owned(),
        publisher: TrustedPublisher { repository: repository.parse().unwrap(), ..publisher(environment) },
        created: None,
        permissions: permissions.iter().map(|&p| p.to_owned()).collect(),
    }
}

/// A package of version 1.0.0.
pub(super) fn package(registry: Registry, name: &str) -> Package {
    Package {
        id: PackageId { registry, name: PackageName::new(name).unwrap() },
        manifest: RelPath::new("pkg/manifest").unwrap(),
        version: Some("1.0.0".to_owned()),
        repository: None,
        lacks: Vec::new(),
    }
}
