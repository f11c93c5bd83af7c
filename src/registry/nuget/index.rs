//! NuGet's service index, which names where its packages and its search lie: read once a run.
//!
//! NuGet's docs, api/service-index.md, api/package-base-address-resource.md and api/search-query-service-resource.md, read
//! 2026-08-07. Nothing secret is ever sent to an address from it.

use serde::Deserialize;
use url::Url;

use super::REGISTRY;
use crate::net::{Http, Streamed};
use crate::registry::answers::{net, unexpected};
use crate::registry::{ApiError, Endpoints};

/// The resource that lists a package's versions.
const PACKAGES: &str = "PackageBaseAddress/3.0.0";
/// The resource that finds packages, in whatever version.
const SEARCH: &str = "SearchQueryService";

/// `GET /v3/index.json`.
#[derive(Deserialize)]
struct Answer {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "@id")]
    id: String,
    #[serde(rename = "@type")]
    kind: serde_json::Value,
}

impl Resource {
    fn is(&self, wanted: &str) -> bool {
        self.kind.as_str().is_some_and(|kind| kind == wanted || kind.split('/').next() == Some(wanted))
    }
}

/// What the index names.
pub(super) struct Index {
    home: Url,
    overridden: bool,
    resources: Vec<Resource>,
}

impl Index {
    /// Reads it.
    pub(super) async fn read(http: &Http, endpoints: &Endpoints) -> Result<Self, ApiError> {
        let home = endpoints.nuget_api.join(["v3", "index.json"]);
        match http.get(home.clone()).stream_json::<Answer>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { value, .. } => {
                Ok(Self { home, overridden: endpoints.nuget_api.is_overridden(), resources: value.resources })
            }
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    /// Where the versions of packages are listed.
    pub(super) fn packages(&self) -> Result<Url, ApiError> {
        self.address(PACKAGES, "packages")
    }

    /// Where packages are searched for.
    pub(super) fn search(&self) -> Result<Url, ApiError> {
        self.address(SEARCH, "search")
    }

    fn address(&self, kind: &str, what: &str) -> Result<Url, ApiError> {
        let strange = |message: String| ApiError::Strange { registry: REGISTRY, message };
        let resource = self.resources.iter().find(|resource| resource.is(kind));
        let id = resource.ok_or_else(|| strange(format!("its service index names no address of its {what}")))?;
        let url = Url::parse(&id.id).map_err(|_| strange(format!("the address of its {what} is none")))?;
        // An index on loopback leads nowhere else, and the real one never off https.
        let real = url.scheme() == "https" && !self.overridden;
        if real || url.origin() == self.home.origin() {
            Ok(url)
        } else {
            Err(strange(format!("its {what} lies elsewhere")))
        }
    }
}
