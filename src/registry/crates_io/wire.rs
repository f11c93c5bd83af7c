//! What crates.io's API sends and takes: only the fields that are used.

use serde::{Deserialize, Serialize};

use crate::model::{
    Existence, NameFacts, PackageName, Proof, PublicFacts, PublishedBy, PublisherEntry, Reading, Registry, RepoSlug,
    Timestamp, Trusted, TrustedPublisher, Unknown, clean_line, mentioned_repository,
};
use crate::registry::answers::{Told, by_token, lenient, present};
use crate::registry::{ApiError, fields};

/// `GET /api/v1/crates/NAME`.
#[derive(Deserialize)]
pub(super) struct Show {
    #[serde(rename = "crate")]
    krate: Krate,
    #[serde(default)]
    versions: Option<Vec<Version>>,
}

#[derive(Deserialize)]
struct Krate {
    #[serde(default, deserialize_with = "lenient")]
    id: Option<String>,
    default_version: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    repository: Option<String>,
    trustpub_only: Option<bool>,
}

#[derive(Deserialize)]
struct Version {
    num: String,
    created_at: Option<String>,
    published_by: Option<User>,
    /// `null` is a token; a field that is not there says nothing.
    #[serde(default, deserialize_with = "present")]
    trustpub_data: Option<Option<TrustpubData>>,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct TrustpubData {
    provider: Option<String>,
    repository: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    run_id: Option<String>,
}

impl Show {
    /// The name as the crate has it: crates.io finds it by any spelling of `-` and `_`, and publishes by no other.
    pub(super) fn spelled(&self) -> Option<PackageName> {
        PackageName::new(self.krate.id.as_deref()?).ok()
    }

    /// The newest version's proof, by the time of publishing: a prerelease counts as much as a backport does.
    pub(super) fn facts(self, now: Timestamp) -> PublicFacts {
        let versions = self.versions.unwrap_or_default();
        let told = versions.iter().map(Version::told);
        let by_token = by_token(Registry::CratesIo, told, "crates.io API", now);
        let mut versions: Vec<(Option<Timestamp>, Version)> = versions
            .into_iter()
            .map(|version| (version.created_at.as_deref().and_then(Timestamp::parse), version))
            .collect();
        // Newest first; of the same moment in the order of the answer.
        versions.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let mut versions = versions.into_iter();
        let newest = versions.next();
        let last = newest.as_ref().map(|(_, version)| version.num.clone());
        let latest = self.krate.default_version.or_else(|| last.clone());
        let proof = match newest {
            None => Reading::Unknown(Unknown::because("crates.io's answer lists no version")),
            Some((published, version)) => version.proof(published, &Others::of(versions.map(|(_, v)| v)), now),
        };
        PublicFacts {
            name: NameFacts { source: self.krate.repository.as_deref().and_then(mentioned_repository), like: None },
            existence: Existence::Exists { latest },
            newest: last,
            proof,
            by_token,
            locked: self.krate.trustpub_only,
        }
    }
}

/// What the same answer says of the older versions.
#[derive(Default)]
struct Others {
    /// Whether it has the field for any of them: then it was not stripped from the newest.
    carried: bool,
    /// The newest of them that was published by OIDC.
    proven: Option<String>,
}

impl Others {
    fn of(versions: impl Iterator<Item = Version>) -> Self {
        versions.fold(Self::default(), |others, version| Self {
            carried: others.carried || version.trustpub_data.is_some(),
            proven: others.proven.or_else(|| matches!(version.trustpub_data, Some(Some(_))).then_some(version.num)),
        })
    }
}

impl Version {
    fn told(&self) -> Told<'_> {
        let published = self.created_at.as_deref().and_then(Timestamp::parse);
        Told { version: &self.num, published, by_token: self.trustpub_data.as_ref().map(Option::is_none) }
    }

    fn proof(self, published: Option<Timestamp>, others: &Others, now: Timestamp) -> Reading<Proof> {
        let by = match self.trustpub_data {
            None if !others.carried => {
                return Reading::Unknown(Unknown::because("the answer lacks trustpub_data; a mirror may strip it"));
            }
            None | Some(None) => PublishedBy::token(self.published_by.map(|user| user.login), others.proven.clone()),
            Some(Some(data)) if data.provider.as_deref() == Some("github") => data.by_github(),
            Some(Some(TrustpubData { provider: Some(provider), .. })) => {
                PublishedBy::Elsewhere(clean_line(&provider, 60))
            }
            Some(Some(TrustpubData { provider: None, .. })) => {
                let why = format!("{} was published by OIDC, and the answer does not tell from where", self.num);
                return Reading::Unknown(Unknown::because(why));
            }
        };
        Reading::seen(Proof { version: self.num, by, published }, "crates.io API", now)
    }
}

impl TrustpubData {
    fn by_github(self) -> PublishedBy {
        let repository = self.repository.and_then(|r| r.parse::<RepoSlug>().ok());
        let run = self.run_id.filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()));
        let link = repository.as_ref().zip(run).map(|(r, id)| format!("https://github.com/{r}/actions/runs/{id}"));
        PublishedBy::Oidc { repository, workflow: None, environment: None, link }
    }
}

/// `GET /api/v1/trusted_publishing/github_configs`.
#[derive(Deserialize)]
pub(super) struct Configs {
    pub(super) github_configs: Vec<Config>,
    pub(super) meta: Meta,
}

#[derive(Deserialize)]
pub(super) struct Meta {
    pub(super) next_page: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Config {
    id: u64,
    repository_owner: String,
    repository_name: String,
    workflow_filename: String,
    environment: Option<String>,
    created_at: Option<String>,
}

impl Config {
    pub(super) fn entry(self) -> Result<PublisherEntry, ApiError> {
        let id = self.id;
        let publisher = || -> Result<_, crate::model::NameError> {
            Ok(TrustedPublisher {
                repository: RepoSlug::new(&self.repository_owner, &self.repository_name)?,
                workflow: self.workflow_filename.parse()?,
                environment: self.environment.as_deref().map(str::parse).transpose()?,
            })
        };
        Ok(PublisherEntry {
            id: id.to_string(),
            publisher: publisher().map(Trusted::Workflow).map_err(|e| ApiError::Strange {
                registry: Registry::CratesIo,
                message: format!("publisher {id}: {e}"),
            })?,
            created: self.created_at.as_deref().and_then(Timestamp::parse),
            permissions: Vec::new(),
        })
    }
}

/// `POST /api/v1/trusted_publishing/github_configs`.
#[derive(Serialize)]
pub(super) struct Create<'a> {
    github_config: NewConfig<'a>,
}

#[derive(Serialize)]
struct NewConfig<'a> {
    #[serde(rename = "crate")]
    krate: &'a str,
    repository_owner: &'a str,
    repository_name: &'a str,
    workflow_filename: &'a str,
    environment: Option<&'a str>,
}

impl<'a> Create<'a> {
    pub(super) fn new(name: &'a PackageName, wanted: &'a TrustedPublisher) -> Result<Self, ApiError> {
        Ok(Self {
            github_config: NewConfig {
                krate: name.as_str(),
                repository_owner: wanted.repository.owner(),
                repository_name: wanted.repository.name(),
                workflow_filename: fields::own(Registry::CratesIo, wanted)?.as_str(),
                environment: wanted.environment.as_ref().map(|e| e.as_str()),
            },
        })
    }
}

/// `PATCH /api/v1/crates/NAME`.
#[derive(Serialize)]
pub(super) struct SetLock {
    #[serde(rename = "crate")]
    krate: Switch,
}

#[derive(Serialize)]
struct Switch {
    trustpub_only: bool,
}

impl SetLock {
    pub(super) fn new(trustpub_only: bool) -> Self {
        Self { krate: Switch { trustpub_only } }
    }
}

/// The envelope of every refusal.
#[derive(Deserialize)]
pub(super) struct Errors {
    errors: Vec<Detail>,
}

#[derive(Deserialize)]
struct Detail {
    detail: String,
}

impl Errors {
    pub(super) fn text(&self) -> String {
        self.errors.iter().map(|e| e.detail.as_str()).collect::<Vec<_>>().join("; ")
    }
}
