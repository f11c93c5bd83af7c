//! What the tests of all registries start from.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub(super) mod ladder;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Apis, Endpoints, Guides, RegisterAsk};
use crate::model::{
    Guide, Package, PackageId, PackageName, PublisherEntry, Registry, RelPath, Trusted, TrustedPublisher,
};
use crate::net::clock::testing::Still;
use crate::net::{Http, Settings};
use crate::tools::Tools;

/// A client that does not wait between attempts.
pub(super) fn http() -> Http {
    http_within(Duration::from_secs(5))
}

/// The same, which waits no longer than `whole` for an answer.
pub(super) fn http_within(whole: Duration) -> Http {
    Http::with(Settings { whole, clock: Arc::new(Still::default()), ..Settings::default() }).unwrap()
}

/// The real addresses; nobody asks them.
pub(super) fn real() -> Endpoints {
    Endpoints::resolve(|_| None, &[]).unwrap()
}

/// Addresses below a base on loopback: `/crates`, `/index`, `/npm`, `/jsr`, `/jsr-api`, `/rubygems`, `/pub`, `/nuget`,
/// `/pypi`.
pub(super) fn below(base: &str) -> Endpoints {
    let at = |variable: &str| {
        let path = match variable {
            "UNTOKEN_CRATES_IO_URL" => "crates",
            "UNTOKEN_CRATES_IO_INDEX_URL" => "index",
            "UNTOKEN_NPM_URL" => "npm",
            "UNTOKEN_JSR_URL" => "jsr",
            "UNTOKEN_JSR_API_URL" => "jsr-api",
            "UNTOKEN_RUBYGEMS_URL" => "rubygems",
            "UNTOKEN_PUB_DEV_URL" => "pub",
            "UNTOKEN_NUGET_URL" => "nuget",
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

/// The ways to register acme/widgets release.yml for a package.
pub(super) fn register(guides: &dyn Guides, name: &str, exists: bool, environment: Option<&str>) -> Vec<Guide> {
    guides.register(&RegisterAsk {
        package: &PackageName::new(name).unwrap(),
        exists,
        publisher: &publisher(environment),
        owners: &[],
        tag_pattern: None,
        endpoints: &real(),
    })
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
        publisher: Trusted::Workflow(TrustedPublisher {
            repository: repository.parse().unwrap(),
            ..publisher(environment)
        }),
        created: None,
        permissions: permissions.iter().map(|&p| p.to_owned()).collect(),
    }
}

/// A package of version 1.0.0.
pub(super) fn package(registry: Registry, name: &str) -> Package {
    Package {
        id: PackageId { registry, name: PackageName::new(name).unwrap() },
        spelled: name.parse().unwrap(),
        manifest: RelPath::new("pkg/manifest").unwrap(),
        version: Some("1.0.0".to_owned()),
        repository: None,
        lacks: Vec::new(),
        restricted: false,
        family: None,
    }
}

/// The asking side of a registry whose services are all at `base`.
pub(super) fn apis(base: &str) -> Apis {
    apis_with(base, Tools::default(), "/nowhere".into())
}

/// The same with tools, which run in `private`.
pub(super) fn apis_with(base: &str, tools: Tools, private: PathBuf) -> Apis {
    Apis::new(http(), below(base), Arc::new(tools), private)
}
