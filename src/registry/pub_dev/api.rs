//! Asks pub.dev, in public alone: what is trusted is set on a page with a signed-in session, and no call reads it.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Deserialize;

use crate::model::{
    Existence, NameFacts, Owner, PackageName, PublicFacts, Reading, Registry, RepoSlug, Timestamp, Unknown, clean_line,
    mentioned_repository,
};
use crate::net::{Answer, Http, StatusCode, Streamed};
use crate::registry::answers::{foreign, lenient, net, unexpected};
use crate::registry::similar::{absent_unless, spellings};
use crate::registry::{Api, ApiError, Endpoints, Login, unsupported};

const REGISTRY: Registry = Registry::PubDev;

/// The asking side of pub.dev.
pub(in crate::registry) struct PubDevApi {
    http: Http,
    endpoints: Arc<Endpoints>,
}

/// `GET /api/packages/NAME`.
#[derive(Deserialize)]
struct Package {
    name: String,
    latest: Latest,
    /// Pre-releases too, which are the latest only where there is nothing else.
    #[serde(default, deserialize_with = "lenient")]
    versions: Option<Vec<Listed>>,
}

/// One of all versions.
#[derive(Deserialize)]
struct Listed {
    version: String,
    published: Option<String>,
}

impl Package {
    /// The version that was published last; where no time is told, the highest, which stands last.
    fn newest(&self) -> Option<String> {
        let versions = self.versions.iter().flatten();
        let highest = versions.clone().next_back();
        let dated = versions.filter_map(|one| Some((Timestamp::parse(one.published.as_deref()?)?, &one.version)));
        let last = dated.max_by_key(|(at, _)| *at).map(|(_, version)| version);
        last.or(highest.map(|one| &one.version)).cloned()
    }
}

#[derive(Deserialize)]
struct Latest {
    version: String,
    #[serde(default, deserialize_with = "lenient")]
    pubspec: Option<Pubspec>,
}

#[derive(Deserialize)]
struct Pubspec {
    #[serde(default, deserialize_with = "lenient")]
    repository: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    homepage: Option<String>,
}

impl Pubspec {
    fn source(&self) -> Option<RepoSlug> {
        [&self.repository, &self.homepage].into_iter().flatten().find_map(|url| mentioned_repository(url))
    }
}

/// Every refusal (dart-lang/pub-dev pkg/api_builder/lib/api_builder.dart, read 2026-08-20).
#[derive(Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    message: String,
}

/// A 404: only pub.dev's own words make a package absent, and not those for a name that it holds back (`has been moderated`,
/// `has been removed`; app/lib/shared/exceptions.dart).
fn says_absent(answer: &Answer) -> Result<(), ApiError> {
    match answer.json::<Refusal>() {
        Ok(Refusal { error }) if error.code == "NotFound" && !error.message.contains("has been ") => Ok(()),
        Ok(Refusal { error }) => {
            let hint = "look at the package's page on pub.dev".to_owned();
            Err(ApiError::Refused { registry: REGISTRY, message: clean_line(&error.message, 300), hint })
        }
        Err(_) => Err(foreign(REGISTRY, answer)),
    }
}

/// Why nobody knows how any version came there.
fn untold() -> Unknown {
    Unknown::because("pub.dev does not show how a version was published")
}

impl PubDevApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>) -> Self {
        Self { http, endpoints }
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let url = self.endpoints.pub_dev.join(["api", "packages", name.as_str()]);
        let request = self.http.get(url).header("accept", "application/vnd.pub.v2+json");
        match request.stream_json::<Package>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { value, .. } if value.name == name.as_str() => Ok(PublicFacts {
                newest: value.newest(),
                name: NameFacts { source: value.latest.pubspec.and_then(|pubspec| pubspec.source()), like: None },
                existence: Existence::Exists { latest: Some(value.latest.version) },
                proof: Reading::Unknown(untold()),
                locked: None,
                by_token: Reading::Unknown(untold()),
            }),
            Streamed::Parsed { .. } => {
                Err(ApiError::Strange { registry: REGISTRY, message: "it speaks of another package".to_owned() })
            }
            // It takes no new name that is another one without its underscores (dart-lang/pub-dev, reducePackageName;
            // 2026-11-21).
            Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => {
                says_absent(&answer)?;
                Ok(absent_unless(spellings(name, &['_']), |other| self.is_there(other).boxed()).await)
            }
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    async fn is_there(&self, name: PackageName) -> bool {
        let url = self.endpoints.pub_dev.join(["api", "packages", name.as_str()]);
        matches!(self.http.get(url).stream_json::<Package>().await, Ok(Streamed::Parsed { .. }))
    }
}

impl Api for PubDevApi {
    fn registry(&self) -> Registry {
        REGISTRY
    }

    fn read_public<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>> {
        self.show(name).boxed()
    }

    fn read_owners<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<Vec<Owner>, ApiError>> {
        super::owners::read(&self.http, &self.endpoints, name).boxed()
    }

    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>> {
        unsupported(REGISTRY, "dart opens the sign-in by itself when it publishes")
    }
}
