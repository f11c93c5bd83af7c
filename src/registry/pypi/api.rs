//! Asks PyPI, in public alone: there is no call by which an owner's publishers could be read or made.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Deserialize;

use crate::model::{
    Existence, NameFacts, Owner, PackageName, Proof, PublicFacts, PublishedBy, Reading, Registry, RepoSlug, Timestamp,
    Unknown, clean_line, repository_among,
};
use crate::net::{Answer, Http, StatusCode, Streamed};
use crate::registry::answers::{foreign, lenient, net, unexpected};
use crate::registry::similar::{absent_unless, spellings};
use crate::registry::{Api, ApiError, Endpoints, Login, unsupported};

const REGISTRY: Registry = Registry::Pypi;
/// How everything below `/simple/` says that it is not there, and how the JSON API does (pypi/warehouse warehouse/views.py,
/// warehouse/api/integrity.py; read 2026-08-21).
const NOT_FOUND: &str = "404 Not Found";
const NO_PROJECT: &str = "Not Found";
const NO_PROVENANCE: &str = "No provenance available";

/// The asking side of PyPI.
pub(in crate::registry) struct PypiApi {
    http: Http,
    endpoints: Arc<Endpoints>,
}

/// `GET /simple/NAME/`: also there for a project without a release.
#[derive(Deserialize)]
struct Simple {
    #[serde(rename = "name")]
    _name: serde::de::IgnoredAny,
}

/// `GET /pypi/NAME/json`. Its version is no pre-release where there is any other (pypi/warehouse warehouse/legacy/api/json.py,
/// read 2026-11-21), so what was published last is among all releases.
#[derive(Deserialize)]
struct Project {
    info: Info,
    #[serde(default)]
    urls: Vec<File>,
    #[serde(default)]
    releases: BTreeMap<String, Vec<File>>,
}

impl Project {
    /// The file that was uploaded last, with its release; where no time is told, the first of the latest release.
    fn newest(&self) -> (&str, Option<&File>) {
        let files = self.releases.iter().flat_map(|(version, files)| files.iter().map(move |file| (version, file)));
        let dated = files.filter_map(|(version, file)| Some((file.uploaded()?, version, file)));
        match dated.max_by_key(|(at, ..)| *at) {
            Some((_, version, file)) => (version, Some(file)),
            None => (&self.info.version, self.urls.first()),
        }
    }
}

#[derive(Deserialize)]
struct Info {
    version: String,
    #[serde(default, deserialize_with = "lenient")]
    project_urls: Option<BTreeMap<String, String>>,
}

impl Info {
    fn source(&self) -> Option<RepoSlug> {
        repository_among(self.project_urls.iter().flatten().map(|(label, url)| (label.as_str(), url.as_str())))
    }
}

/// A file of a release.
#[derive(Deserialize)]
struct File {
    filename: String,
    #[serde(default, deserialize_with = "lenient")]
    upload_time_iso_8601: Option<String>,
}

impl File {
    fn uploaded(&self) -> Option<Timestamp> {
        Timestamp::parse(self.upload_time_iso_8601.as_deref()?)
    }
}

/// `GET /integrity/NAME/VERSION/FILE/provenance`.
#[derive(Deserialize)]
struct Provenance {
    attestation_bundles: Vec<Bundle>,
}

#[derive(Deserialize)]
struct Bundle {
    publisher: Publisher,
}

#[derive(Deserialize)]
struct Publisher {
    kind: String,
    repository: Option<String>,
    workflow: Option<String>,
    environment: Option<String>,
}

impl PypiApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>) -> Self {
        Self { http, endpoints }
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let url = self.endpoints.pypi.join(["simple", name.as_str(), ""]);
        let request = self.http.get(url).header("accept", "application/vnd.pypi.simple.v1+json");
        match request.stream_json::<Simple>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { .. } => self.released(name).await,
            // A proxy's page does not make a project absent.
            Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => {
                if answer.text().trim() != NOT_FOUND && !says(&answer, NO_PROJECT) {
                    return Err(foreign(REGISTRY, &answer));
                }
                Ok(absent_unless(spellings(name, &['-']), |other| self.is_there(other).boxed()).await)
            }
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    /// PyPI takes no new name that is another one without its `-`, `_` and `.`, or with `0` for `o` and `1` for `l` or `i`
    /// (pypi/warehouse, the function ultranormalize_name; 2026-11-21).
    async fn is_there(&self, name: PackageName) -> bool {
        let url = self.endpoints.pypi.join(["simple", name.as_str(), ""]);
        let request = self.http.get(url).header("accept", "application/vnd.pypi.simple.v1+json");
        matches!(request.stream_json::<Simple>().await, Ok(Streamed::Parsed { .. }))
    }

    async fn released(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        // An attestation proves OIDC; a release without one may have come either way.
        let why = "PyPI does not tell in public which releases came by a token";
        let by_token = Reading::Unknown(Unknown::because(why));
        let exists = |latest, newest, source, proof| PublicFacts {
            name: NameFacts { source, like: None },
            existence: Existence::Exists { latest },
            newest,
            proof,
            by_token,
            locked: None,
        };
        let url = self.endpoints.pypi.join(["pypi", name.as_str(), "json"]);
        match self.http.get(url).stream_json::<Project>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { value, .. } => {
                let proof =
                    self.proof(name, &value).await.unwrap_or_else(|why| Reading::Unknown(Unknown::because(why)));
                let (source, newest) = (value.info.source(), value.newest().0.to_owned());
                Ok(exists(Some(value.info.version), Some(newest), source, proof))
            }
            Streamed::Refused(answer) if says(&answer, NO_PROJECT) => {
                Ok(exists(None, None, None, Reading::Unknown(Unknown::because("the project has no release yet"))))
            }
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    /// Who published the newest file, by its attestation; else why nobody knows.
    async fn proof(&self, name: &PackageName, project: &Project) -> Result<Reading<Proof>, String> {
        let (version, file) = project.newest();
        let file = file.ok_or_else(|| format!("release {version} has no file"))?;
        let path = ["integrity", name.as_str(), version, file.filename.as_str(), "provenance"];
        let request = self.http.get(self.endpoints.pypi.join(path));
        let answer = request
            .header("accept", "application/vnd.pypi.integrity.v1+json")
            .stream_json::<Provenance>()
            .await
            .map_err(|e| format!("the integrity API could not be asked: {e}"))?;
        let provenance = match answer {
            Streamed::Parsed { value, .. } => value,
            Streamed::Refused(answer) if says(&answer, NO_PROVENANCE) => {
                return Err(format!("release {version} has no attestation, which a publish by OIDC may well lack"));
            }
            Streamed::Refused(answer) => {
                return Err(format!("the integrity API answered HTTP {}", answer.status.as_u16()));
            }
        };
        let publishers: Vec<Publisher> =
            provenance.attestation_bundles.into_iter().map(|bundle| bundle.publisher).collect();
        let of = |kind: &str| publishers.iter().find(|publisher| publisher.kind == kind);
        let by = match (of("GitHub"), publishers.first()) {
            (Some(publisher), _) => publisher.by_github(),
            (None, Some(other)) => PublishedBy::Elsewhere(clean_line(&other.kind, 60)),
            (None, None) => return Err(format!("the attestation of {} names nobody", clean_line(&file.filename, 120))),
        };
        let proof = Proof { version: version.to_owned(), by, published: file.uploaded() };
        Ok(Reading::seen(proof, "PyPI integrity API", self.http.clock().now()))
    }
}

/// The JSON API's 404, in its own form.
#[derive(Deserialize)]
struct Missing {
    message: String,
}

fn says(answer: &Answer, words: &str) -> bool {
    let missing = answer.json::<Missing>();
    answer.status == StatusCode::NOT_FOUND && missing.is_ok_and(|missing| missing.message.starts_with(words))
}

impl Publisher {
    fn by_github(&self) -> PublishedBy {
        PublishedBy::Oidc {
            repository: self.repository.as_ref().and_then(|r| r.parse().ok()),
            workflow: self.workflow.as_ref().and_then(|w| w.parse().ok()),
            environment: self.environment.as_ref().and_then(|e| e.parse().ok()),
            link: None,
        }
    }
}

impl Api for PypiApi {
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
        unsupported(REGISTRY, "a pending publisher needs no login on this machine")
    }
}
