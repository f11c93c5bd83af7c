//! Provenance of versions that a workflow published, in the shape of a Sigstore bundle with SLSA provenance.
//!
//! Nothing in it is signed: who verifies signatures sees that it is false, who reads claims sees the run's.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha512};

use super::{App, NpmError};
use crate::sandbox::respond;
use crate::sandbox::world::Run;
use crate::sandbox::world::npm::{PublishedBy, Version};

/// `GET /-/npm/v1/attestations/{name}@{version}`
pub(super) async fn of(State(app): State<App>, Path(spec): Path<String>) -> Result<Response, NpmError> {
    let world = app.world();
    let (name, num) = spec.rsplit_once('@').ok_or_else(NpmError::not_found)?;
    let package = world.npm.package(name).ok_or_else(NpmError::not_found)?;
    let version = package.versions.iter().find(|version| version.num == num).ok_or_else(NpmError::not_found)?;
    let PublishedBy::GitHub { run, .. } = &version.published else { return Err(NpmError::not_found()) };
    let attestation = json!({
        "predicateType": "https://slsa.dev/provenance/v1",
        "bundle": {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": { "tlogEntries": [] },
            "dsseEnvelope": {
                "payload": STANDARD.encode(statement(name, version, run).to_string()),
                "payloadType": "application/vnd.in-toto+json",
                "signatures": [],
            },
        },
    });
    Ok(respond::json(StatusCode::OK, json!({ "attestations": [attestation] })))
}

fn statement(name: &str, version: &Version, run: &Run) -> Value {
    let digest: String = Sha512::digest(&version.tarball).iter().map(|byte| format!("{byte:02x}")).collect();
    let repository = format!("https://github.com/{}", run.repository);
    let reference = format!("refs/tags/v{}", version.num);
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{
            "name": format!("pkg:npm/{}@{}", name.replace('@', "%40"), version.num),
            "digest": { "sha512": digest },
        }],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1",
                "externalParameters": { "workflow": {
                    "ref": reference,
                    "repository": repository,
                    "path": format!(".github/workflows/{}", run.workflow),
                }},
                "internalParameters": { "github": { "event_name": run.event } },
                "resolvedDependencies": [{
                    "uri": format!("git+{repository}@{reference}"),
                    "digest": { "gitCommit": run.sha },
                }],
            },
            "runDetails": {
                "builder": { "id": "https://github.com/actions/runner/github-hosted" },
                "metadata": { "invocationId": format!("{repository}/actions/runs/{}/attempts/1", run.run_id) },
            },
        },
    })
}
