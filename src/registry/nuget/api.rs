//! Asks NuGet, in public alone: policies are made on a page with a signed-in session, and no call reads them.
//!
//! The address of its packages is not fixed: the service index names it (NuGet's docs, api/service-index.md and
//! api/package-base-address-resource.md, read 2026-08-07), so it is read once a run.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;

use crate::model::{Existence, NameFacts, PackageName, PublicFacts, PublisherEntry, Reading, Registry, Unknown};
use crate::net::{Http, StatusCode, Streamed};
use crate::registry::answers::{absent, net, unexpected};
use crate::registry::{Api, ApiError, Endpoints, Login, unsupported};

const REGISTRY: Registry = Registry::Nuget;
/// The resource that lists a package's versions.
const PACKAGES: &str = "PackageBaseAddress/3.0.0";

/// The asking side of NuGet.
pub(in crate::registry) struct NugetApi {
    http: Http,
    endpoints: Arc<Endpoints>,
    packages: OnceCell<Url>,
}

/// `GET /v3/index.json`.
#[derive(Deserialize)]
struct Index {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: serde_json::Value,
}

/// `GET BASE/ID/index.json`.
#[derive(Deserialize)]
struct Versions {
    versions: Vec<String>,
}

impl NugetApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>) -> Self {
        Self { http, endpoints, packages: OnceCell::new() }
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let mut url = self.packages.get_or_try_init(|| self.find_packages()).await?.clone();
        let id = name.as_str().to_lowercase();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend([id.as_str(), "index.json"]);
        }
        match self.http.get(url).stream_json::<Versions>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { value, .. } => Ok(PublicFacts {
                name: NameFacts::default(),
                existence: Existence::Exists { latest: newest(value.versions) },
                proof: Reading::Unknown(Unknown::because("NuGet does not show how a version was pushed")),
                locked: None,
                by_token: Reading::Unknown(Unknown::because("NuGet does not show how a version was pushed")),
            }),
            Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => Ok(absent()),
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    async fn find_packages(&self) -> Result<Url, ApiError> {
        let home = self.endpoints.nuget_api.join(["v3", "index.json"]);
        let index = match self.http.get(home.clone()).stream_json::<Index>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { value, .. } => value,
            Streamed::Refused(answer) => return Err(unexpected(REGISTRY, &answer)),
        };
        let strange = |message: &str| ApiError::Strange { registry: REGISTRY, message: message.to_owned() };
        let resource = index.resources.iter().find(|resource| resource.kind.as_str() == Some(PACKAGES));
        let id = resource.ok_or_else(|| strange("its service index names no address of packages"))?;
        let url = Url::parse(&id.id).map_err(|_| strange("the address of its packages is none"))?;
        // An index on loopback leads nowhere else, and the real one never off https.
        let real = url.scheme() == "https" && !self.endpoints.nuget_api.is_overridden();
        if real || url.origin() == home.origin() { Ok(url) } else { Err(strange("its packages lie elsewhere")) }
    }
}

/// The newest version: the order of the list is not promised. A stable one goes before any pre-release.
fn newest(versions: Vec<String>) -> Option<String> {
    versions.into_iter().max_by_key(|version| order(version))
}

/// What orders NuGet's versions: up to four numbers, then stable after pre-release, whose text decides among equals.
fn order(version: &str) -> (bool, Vec<u64>, String) {
    let (numbers, label) = version.split_once('-').unwrap_or((version, ""));
    let numbers = numbers.split('.').map(|number| number.parse().unwrap_or(0)).collect();
    (label.is_empty(), numbers, label.to_owned())
}

impl Api for NugetApi {
    fn registry(&self) -> Registry {
        REGISTRY
    }

    fn read_public<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>> {
        self.show(name).boxed()
    }

    fn list_publishers<'a>(
        &'a self,
        _: &'a PackageName,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Vec<PublisherEntry>, ApiError>> {
        unsupported(REGISTRY, "only you can see your policies, on the page of your account")
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
        let of = |list: &[&str]| newest(list.iter().map(|v| (*v).to_owned()).collect());
        assert_eq!(of(&["1.10.0", "1.9.0", "2.0.0-beta"]).as_deref(), Some("1.10.0"));
        assert_eq!(of(&["1.0.0-alpha", "1.0.0-beta"]).as_deref(), Some("1.0.0-beta"));
        assert_eq!(of(&["1.0.0.1", "1.0.0"]).as_deref(), Some("1.0.0.1"));
        assert_eq!(of(&[]), None);
    }
}
