//! Asks NuGet, in public alone: policies are made on a page with a signed-in session, and no call reads them.
//!
//! The addresses of its packages and its search are not fixed: the service index names them.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::REGISTRY;
use super::index::Index;
use crate::model::{Existence, NameFacts, Owner, PackageName, PublicFacts, Reading, Registry, Unknown};
use crate::net::{Http, StatusCode, Streamed};
use crate::registry::answers::{absent, foreign, net, unexpected};
use crate::registry::{Api, ApiError, Endpoints, Login, unsupported};

/// How the storage behind it says that there is none (NuGet/NuGetGallery issues 9105 and 9600, read 2026-11-21).
const NOT_FOUND: &str = "<Code>BlobNotFound</Code>";

/// The asking side of NuGet.
pub(in crate::registry) struct NugetApi {
    http: Http,
    endpoints: Arc<Endpoints>,
    index: OnceCell<Index>,
}

/// `GET BASE/ID/index.json`.
#[derive(Deserialize)]
struct Versions {
    versions: Vec<String>,
}

/// Why nobody knows how any version came there.
fn untold() -> Unknown {
    Unknown::because("NuGet does not show how a version was pushed")
}

impl NugetApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>) -> Self {
        Self { http, endpoints, index: OnceCell::new() }
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let mut url = self.index().await?.packages()?;
        let id = name.as_str().to_lowercase();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend([id.as_str(), "index.json"]);
        }
        match self.http.get(url).stream_json::<Versions>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { value, .. } => Ok(PublicFacts {
                name: NameFacts::default(),
                newest: newest(&value.versions),
                existence: Existence::Exists { latest: latest(value.versions) },
                proof: Reading::Unknown(untold()),
                locked: None,
                by_token: Reading::Unknown(untold()),
            }),
            // A proxy's page does not make a package absent.
            Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => {
                if answer.text().contains(NOT_FOUND) { Ok(absent()) } else { Err(foreign(REGISTRY, &answer)) }
            }
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    async fn index(&self) -> Result<&Index, ApiError> {
        self.index.get_or_try_init(|| Index::read(&self.http, &self.endpoints)).await
    }

    async fn owners(&self, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
        super::owners::read(&self.http, self.index().await?, name).await
    }
}

/// The latest version: the order of the list is not promised. A stable one goes before any pre-release.
fn latest(versions: Vec<String>) -> Option<String> {
    versions.into_iter().max_by_key(|version| (!version.contains('-'), order(version)))
}

/// The highest version, a pre-release too: NuGet tells no times here.
fn newest(versions: &[String]) -> Option<String> {
    versions.iter().max_by_key(|version| order(version)).cloned()
}

/// What orders NuGet's versions: up to four numbers, then stable after pre-release, whose parts decide among equals (NuGet's
/// docs, concepts/Package-Versioning.md, read 2026-08-07).
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Order {
    numbers: Vec<u64>,
    stable: bool,
    label: Vec<Part>,
}

/// A part of a pre-release's label, a number before a word.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

fn order(version: &str) -> Order {
    let (numbers, label) = version.split_once('-').unwrap_or((version, ""));
    let part = |part: &str| part.parse().map_or_else(|_| Part::Word(part.to_lowercase()), Part::Number);
    Order {
        numbers: numbers.split('.').map(|number| number.parse().unwrap_or(0)).collect(),
        stable: label.is_empty(),
        label: label.split('.').map(part).collect(),
    }
}

impl Api for NugetApi {
    fn registry(&self) -> Registry {
        REGISTRY
    }

    fn read_public<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>> {
        self.show(name).boxed()
    }

    fn read_owners<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<Vec<Owner>, ApiError>> {
        self.owners(name).boxed()
    }

    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>> {
        unsupported(REGISTRY, "a policy needs no login on this machine")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_found_in_any_order() {
        let of = |list: &[&str]| latest(list.iter().map(|v| (*v).to_owned()).collect());
        assert_eq!(of(&["1.10.0", "1.9.0", "2.0.0-beta"]).as_deref(), Some("1.10.0"));
        assert_eq!(of(&["1.0.0-alpha", "1.0.0-beta"]).as_deref(), Some("1.0.0-beta"));
        assert_eq!(of(&["1.0.0.1", "1.0.0"]).as_deref(), Some("1.0.0.1"));
        assert_eq!(of(&[]), None);
        let last = |list: &[&str]| newest(&list.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>());
        assert_eq!(last(&["1.10.0", "2.0.0-rc.9", "2.0.0-RC.10"]).as_deref(), Some("2.0.0-RC.10"));
        assert_eq!(last(&["2.0.0", "2.0.0-rc.1", "1.9.0"]).as_deref(), Some("2.0.0"));
    }
}
