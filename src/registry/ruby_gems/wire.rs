//! What RubyGems' API sends and takes: only the fields that are used (rubygems/rubygems.org app/models/oidc and
//! app/models/rubygem.rb, read 2026-08-22).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::model::{
    NameError, PublishedBy, PublisherEntry, Registry, RepoSlug, Timestamp, Trusted, TrustedPublisher, TrustedWorkflow,
    WorkflowFile, clean_line, mentioned_repository,
};
use crate::registry::answers::lenient;
use crate::registry::{ApiError, sigstore};

/// The one kind of publisher that there is.
const GITHUB: &str = "OIDC::TrustedPublisher::GitHubAction";

/// `GET /api/v1/gems/NAME.json`.
#[derive(Deserialize)]
pub(super) struct Gem {
    pub(super) version: String,
    #[serde(default, deserialize_with = "lenient")]
    source_code_uri: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    homepage_uri: Option<String>,
}

impl Gem {
    /// The repository that it names.
    pub(super) fn source(&self) -> Option<RepoSlug> {
        [&self.source_code_uri, &self.homepage_uri].into_iter().flatten().find_map(|url| mentioned_repository(url))
    }
}

/// A version in `GET /api/v1/versions/NAME.json`: pre-releases too, which the gem itself never names while there is any other
/// (rubygems/rubygems.org app/models/rubygem.rb, read 2026-11-21).
#[derive(Deserialize)]
pub(super) struct Pushed {
    pub(super) number: String,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    platform: Option<String>,
}

impl Pushed {
    /// When it was pushed, where that is told.
    pub(super) fn at(&self) -> Option<Timestamp> {
        Timestamp::parse(self.created_at.as_deref()?)
    }

    /// What its attestations go by: name, version, and the platform where it is not Ruby itself.
    pub(super) fn full_name(&self, name: &str) -> String {
        let number = &self.number;
        match self.platform.as_deref() {
            None | Some("ruby") => format!("{name}-{number}"),
            Some(platform) => format!("{name}-{number}-{platform}"),
        }
    }
}

/// `GET /api/v1/attestations/NAME-VERSION.json`: Sigstore bundles.
#[derive(Deserialize)]
pub(super) struct Bundle {
    #[serde(rename = "verificationMaterial")]
    material: Material,
}

#[derive(Deserialize)]
struct Material {
    certificate: Option<Certificate>,
}

#[derive(Deserialize)]
struct Certificate {
    #[serde(rename = "rawBytes")]
    raw_bytes: String,
}

impl Bundle {
    /// The run that signed it, by its certificate.
    pub(super) fn publisher(self) -> Option<PublishedBy> {
        sigstore::publisher(&STANDARD.decode(self.material.certificate?.raw_bytes).ok()?)
    }
}

/// An entry of `GET /api/v1/gems/NAME/trusted_publishers`.
#[derive(Deserialize)]
pub(super) struct Listed {
    id: u64,
    trusted_publisher_type: String,
    trusted_publisher: Held,
}

/// What an entry trusts; another provider's has other fields.
#[derive(Deserialize)]
struct Held {
    repository_owner: Option<String>,
    repository_name: Option<String>,
    workflow_filename: Option<String>,
    environment: Option<String>,
    workflow_repository_owner: Option<String>,
    workflow_repository_name: Option<String>,
}

impl Listed {
    /// The entry; `None`: of another provider than GitHub.
    pub(super) fn entry(self) -> Result<Option<PublisherEntry>, ApiError> {
        if self.trusted_publisher_type != GITHUB {
            return Ok(None);
        }
        let id = self.id;
        let publisher = self.trusted_publisher.trusted().map_err(|error| ApiError::Strange {
            registry: Registry::RubyGems,
            message: format!("publisher {id}: {error}"),
        })?;
        Ok(Some(PublisherEntry { id: id.to_string(), publisher, created: None, permissions: Vec::new() }))
    }
}

impl Held {
    fn trusted(self) -> Result<Trusted, NameError> {
        let owner = self.repository_owner.unwrap_or_default();
        let file: WorkflowFile = self.workflow_filename.unwrap_or_default().parse()?;
        let workflow = match (self.workflow_repository_owner, self.workflow_repository_name) {
            (Some(owner), Some(name)) if !owner.is_empty() || !name.is_empty() => {
                TrustedWorkflow::Elsewhere { file, home: Box::new(RepoSlug::new(&owner, &name)?) }
            }
            _ => TrustedWorkflow::Own(file),
        };
        Ok(Trusted::Workflow(TrustedPublisher {
            repository: RepoSlug::new(&owner, &self.repository_name.unwrap_or_default())?,
            workflow,
            environment: self.environment.filter(|name| !name.is_empty()).map(|name| name.parse()).transpose()?,
        }))
    }
}

/// `POST /api/v1/gems/NAME/trusted_publishers`.
#[derive(Serialize)]
pub(super) struct Create<'a> {
    trusted_publisher_type: &'static str,
    trusted_publisher: New<'a>,
}

#[derive(Serialize)]
struct New<'a> {
    repository_owner: &'a str,
    repository_name: &'a str,
    workflow_filename: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_repository_owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_repository_name: Option<&'a str>,
}

impl<'a> Create<'a> {
    pub(super) fn new(wanted: &'a TrustedPublisher) -> Self {
        Self {
            trusted_publisher_type: GITHUB,
            trusted_publisher: New {
                repository_owner: wanted.repository.owner(),
                repository_name: wanted.repository.name(),
                workflow_filename: wanted.workflow.file_alone().as_str(),
                environment: wanted.environment.as_ref().map(|name| name.as_str()),
                workflow_repository_owner: wanted.workflow.home().map(RepoSlug::owner),
                workflow_repository_name: wanted.workflow.home().map(RepoSlug::name),
            },
        }
    }
}

/// The 422 of a value that a rule refuses: words by field; or one sentence.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Invalid {
    /// By field.
    Fields {
        /// The words, by field; `base` is the whole.
        errors: BTreeMap<String, Vec<String>>,
    },
    /// As a whole.
    Whole {
        /// The sentence.
        error: String,
    },
}

impl Invalid {
    /// All words as one line.
    pub(super) fn text(&self) -> String {
        let text = match self {
            Self::Fields { errors } => errors
                .iter()
                .flat_map(|(field, words)| {
                    let field = field.trim_start_matches("trusted_publisher.").replace('_', " ");
                    words.iter().map(move |word| if field == "base" { word.clone() } else { format!("{field} {word}") })
                })
                .collect::<Vec<_>>()
                .join("; "),
            Self::Whole { error } => error.clone(),
        };
        clean_line(&text, 300)
    }
}
