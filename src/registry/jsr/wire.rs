//! What JSR's API sends and takes: only the fields that are used (jsr-io/jsr api/src/api/types.rs, read 2026-08-22).

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::model::{PublisherEntry, Registry, RepoSlug, Timestamp, Trusted};
use crate::registry::ApiError;
use crate::registry::answers::{lenient, secret};

/// `GET /scopes/SCOPE/packages/PACKAGE`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) latest_version: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) version_count: Option<u64>,
    github_repository: Option<Repository>,
}

/// `GET /user`.
#[derive(Deserialize)]
pub(super) struct User {
    pub(super) name: String,
}

/// The linked repository.
#[derive(Deserialize)]
struct Repository {
    id: i64,
    owner: String,
    name: String,
}

impl Package {
    /// The linked repository as an entry: its id on GitHub is what JSR compares.
    pub(super) fn publishers(self) -> Result<Vec<PublisherEntry>, ApiError> {
        let Some(Repository { id, owner, name }) = self.github_repository else { return Ok(Vec::new()) };
        let repository = RepoSlug::new(&owner, &name).map_err(|error| ApiError::Strange {
            registry: Registry::Jsr,
            message: format!("the linked repository {id}: {error}"),
        })?;
        let publisher = Trusted::Repository(repository);
        Ok(vec![PublisherEntry { id: id.to_string(), publisher, created: None, permissions: Vec::new() }])
    }
}

/// `GET /scopes/SCOPE/packages/PACKAGE/versions/VERSION`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Version {
    /// Without it the answer speaks of something else, and says nothing of provenance.
    #[serde(rename = "version")]
    pub(super) _number: String,
    pub(super) rekor_log_id: Option<String>,
}

/// A version in `GET /scopes/SCOPE/packages/PACKAGE/versions`: pre-releases too, which are never the latest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Published {
    pub(super) version: String,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<String>,
}

impl Published {
    /// When that was, where it is told.
    pub(super) fn at(&self) -> Option<Timestamp> {
        Timestamp::parse(self.created_at.as_deref()?)
    }
}

/// `GET /scopes/SCOPE/packages`.
#[derive(Deserialize)]
pub(super) struct Packages {
    pub(super) items: Vec<Package>,
    pub(super) total: usize,
}

/// `GET` and `PATCH /scopes/SCOPE`: all but the scope's admins get an answer without the switch.
#[derive(Deserialize)]
pub(super) struct Scope {
    #[serde(rename = "requirePublishingFromCI")]
    pub(super) require_publishing_from_ci: Option<bool>,
}

/// `PATCH /scopes/SCOPE`.
#[derive(Serialize)]
pub(super) struct SetScope {
    #[serde(rename = "requirePublishingFromCI")]
    pub(super) require_publishing_from_ci: bool,
}

/// `POST /scopes/SCOPE/packages`.
#[derive(Serialize)]
pub(super) struct Create<'a> {
    pub(super) package: &'a str,
}

/// `PATCH /scopes/SCOPE/packages/PACKAGE`: exactly one key a request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link<'a> {
    github_repository: Option<Linked<'a>>,
}

#[derive(Serialize)]
struct Linked<'a> {
    owner: &'a str,
    name: &'a str,
}

impl<'a> Link<'a> {
    /// To this repository; `None`: to none.
    pub(super) fn to(repository: Option<&'a RepoSlug>) -> Self {
        Self { github_repository: repository.map(|slug| Linked { owner: slug.owner(), name: slug.name() }) }
    }
}

/// `POST /authorizations`: no permissions means those of the whole account, which these calls want.
#[derive(Serialize)]
pub(super) struct Authorize<'a> {
    pub(super) challenge: &'a str,
    pub(super) permissions: Option<()>,
}

/// Its answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Authorization {
    pub(super) verification_url: String,
    pub(super) code: String,
    #[serde(deserialize_with = "secret")]
    pub(super) exchange_token: SecretString,
    pub(super) poll_interval: u64,
    pub(super) expires_at: String,
}

/// `POST /authorizations/exchange`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exchange<'a> {
    pub(super) exchange_token: &'a str,
    pub(super) verifier: &'a str,
}

/// Its answer, once.
#[derive(Deserialize)]
pub(super) struct Exchanged {
    #[serde(deserialize_with = "secret")]
    pub(super) token: SecretString,
}

/// Every refusal.
#[derive(Deserialize)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) message: String,
}
