//! What the npm registry says in public: a package's full metadata, and a version's attestations.

use std::collections::BTreeMap;

use base64::Engine as _;
use serde::Deserialize;

use crate::model::{
    Existence, NameFacts, Proof, PublicFacts, PublishedBy, Reading, Registry, RepoSlug, Timestamp, Unknown,
    WorkflowFile, clean_line, mentioned_repository,
};
use crate::registry::answers::{self, absent, lenient};

/// `GET /-/whoami` (npm/cli lib/utils/get-identity.js, 11.19.1).
#[derive(Deserialize)]
pub(super) struct Whoami {
    pub(super) username: String,
}

/// The full metadata (`GET /NAME`), of which little is kept while it streams by.
#[derive(Deserialize)]
pub(super) struct Packument {
    /// Whose it is.
    pub(super) name: String,
    #[serde(rename = "dist-tags", default, deserialize_with = "lenient")]
    tags: Option<Tags>,
    #[serde(default)]
    versions: BTreeMap<String, Version>,
    #[serde(default)]
    time: BTreeMap<String, Time>,
    #[serde(default, deserialize_with = "lenient")]
    repository: Option<Repository>,
}

/// Where it says that its source is.
#[derive(Deserialize)]
#[serde(untagged)]
enum Repository {
    Short(String),
    Long { url: String },
}

impl Repository {
    fn slug(&self) -> Option<RepoSlug> {
        let (Self::Short(text) | Self::Long { url: text }) = self;
        mentioned_repository(text)
    }
}

#[derive(Deserialize)]
struct Tags {
    latest: Option<String>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "_npmUser", default, deserialize_with = "lenient")]
    user: Option<NpmUser>,
    #[serde(default, deserialize_with = "lenient")]
    dist: Option<Dist>,
}

#[derive(Deserialize)]
struct NpmUser {
    name: Option<String>,
    #[serde(rename = "trustedPublisher")]
    publisher: Option<Publisher>,
}

#[derive(Deserialize)]
struct Publisher {
    id: Option<String>,
}

#[derive(Deserialize)]
struct Dist {
    attestations: Option<serde::de::IgnoredAny>,
}

/// Under `unpublished` stands an object, under all else a moment.
#[derive(Deserialize)]
struct Time(#[serde(deserialize_with = "lenient")] Option<String>);

/// What the metadata tells, and whether there is more to ask.
pub(super) struct Told {
    pub(super) facts: PublicFacts,
    /// The newest version, if the registry has attestations of it that may name its repository.
    pub(super) attested: Option<String>,
}

impl Packument {
    /// Whether anything is published under the name.
    pub(super) fn is_there(&self) -> bool {
        !self.versions.is_empty()
    }

    /// The newest version's proof, by the time of publishing where that is told, else by the tag `latest`.
    pub(super) fn told(mut self, now: Timestamp) -> Told {
        // An unpublished name keeps a record without versions: it has to be published again before it can be trusted.
        if !self.is_there() {
            return Told { facts: absent(), attested: None };
        }
        let latest = self.tags.and_then(|tags| tags.latest);
        let source = self.repository.as_ref().and_then(Repository::slug);
        let at = |version: &str| self.time.get(version).and_then(|t| Timestamp::parse(t.0.as_deref()?));
        let told = self.versions.iter().map(|(number, version)| answers::Told {
            version: number,
            published: at(number),
            by_token: version.user.as_ref().filter(|user| !user.stripped()).map(|user| user.publisher.is_none()),
        });
        let by_token = answers::by_token(Registry::Npm, told, "npm registry", now);
        let newest = self
            .versions
            .keys()
            .filter_map(|version| Some((at(version)?, version.clone())))
            .max()
            .map(|(_, version)| version)
            .or_else(|| latest.clone());
        let published = newest.as_deref().and_then(at);
        let last = newest.clone();
        let others = Others {
            carried: self.versions.iter().any(|(n, version)| newest.as_ref() != Some(n) && version.user.is_some()),
            proven: {
                let by_oidc = self.versions.iter().filter(|(_, version)| version.by_oidc());
                by_oidc.map(|(number, _)| (at(number), number)).max().map(|(_, number)| number.clone())
            },
        };
        let version = newest.and_then(|newest| self.versions.remove_entry(&newest));
        let (proof, attested) = match version {
            None => (unknown("the answer does not tell which version is the newest"), None),
            Some((number, version)) => version.proof(number, published, others, now),
        };
        Told {
            facts: PublicFacts {
                name: NameFacts { source, like: None },
                existence: Existence::Exists { latest },
                newest: last,
                proof,
                by_token,
                locked: None,
            },
            attested,
        }
    }
}

/// What the same answer says of the other versions.
struct Others {
    /// Whether it tells of any of them who published it: then that was not stripped from the newest.
    carried: bool,
    /// The newest that was published by OIDC, the newest of all included.
    proven: Option<String>,
}

/// Whose name npm writes where a workflow published, whatever else a mirror leaves of it (reported, 2026-11-20).
const ROBOT: &str = "GitHub Actions";

impl NpmUser {
    /// Whether a workflow published, and what would tell whose is not there.
    fn stripped(&self) -> bool {
        self.publisher.is_none() && self.name.as_deref() == Some(ROBOT)
    }
}

impl Version {
    fn by_oidc(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.publisher.is_some())
    }

    fn proof(
        self,
        number: String,
        published: Option<Timestamp>,
        others: Others,
        now: Timestamp,
    ) -> (Reading<Proof>, Option<String>) {
        let user = match self.user {
            Some(user) => user,
            None if others.carried => NpmUser { name: None, publisher: None },
            None => return (unknown("the answer does not tell who published it; a mirror may strip that"), None),
        };
        let by = match user.publisher {
            None if user.name.as_deref() == Some(ROBOT) => {
                let why = format!(
                    "{number} was published by {ROBOT}, and the answer lacks trustedPublisher; a mirror may strip it"
                );
                return (unknown(&why), None);
            }
            None => PublishedBy::token(user.name, others.proven),
            Some(publisher) if publisher.id.as_deref() == Some("github") => {
                PublishedBy::Oidc { repository: None, workflow: None, environment: None, link: None }
            }
            Some(Publisher { id: Some(provider) }) => PublishedBy::Elsewhere(clean_line(&provider, 60)),
            Some(Publisher { id: None }) => {
                return (
                    unknown(&format!("{number} was published by OIDC, and the answer does not tell from where")),
                    None,
                );
            }
        };
        let has_more = matches!(by, PublishedBy::Oidc { .. }) && self.dist.is_some_and(|d| d.attestations.is_some());
        let attested = has_more.then(|| number.clone());
        (Reading::seen(Proof { version: number, by, published }, "npm registry", now), attested)
    }
}

fn unknown(why: &str) -> Reading<Proof> {
    Reading::Unknown(Unknown::because(why))
}

/// A version's attestations (`GET /-/npm/v1/attestations/NAME@VERSION`).
#[derive(Deserialize)]
pub(super) struct Attestations {
    attestations: Vec<Attestation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    predicate_type: String,
    bundle: Bundle,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    dsse_envelope: Envelope,
}

#[derive(Deserialize)]
struct Envelope {
    payload: String,
}

#[derive(Deserialize)]
struct Statement {
    predicate: Predicate,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Predicate {
    build_definition: BuildDefinition,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BuildDefinition {
    external_parameters: Parameters,
}

#[derive(Deserialize)]
struct Parameters {
    workflow: Workflow,
}

#[derive(Deserialize)]
struct Workflow {
    repository: String,
    path: String,
}

impl Attestations {
    /// Repository and workflow file, as the provenance that the registry took states them. Its signature was the registry's
    /// to check.
    pub(super) fn origin(&self) -> Option<(RepoSlug, Option<WorkflowFile>)> {
        let provenance = self.attestations.iter().find(|a| a.predicate_type == "https://slsa.dev/provenance/v1")?;
        let payload =
            base64::engine::general_purpose::STANDARD.decode(&provenance.bundle.dsse_envelope.payload).ok()?;
        let statement: Statement = serde_json::from_slice(&payload).ok()?;
        let workflow = statement.predicate.build_definition.external_parameters.workflow;
        let repository = workflow.repository.strip_prefix("https://github.com/")?.parse().ok()?;
        let file = workflow.path.strip_prefix(".github/workflows/").and_then(|file| file.parse().ok());
        Some((repository, file))
    }
}
