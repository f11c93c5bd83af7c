//! Attestations: Sigstore bundles, of whose certificate only the extensions that name the run are there.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{App, NO_GEM};
use crate::sandbox::respond;
use crate::sandbox::world::Run;

/// `GET /api/v1/attestations/{name}-{version}.json`
pub(super) async fn of(State(app): State<App>, Path(file): Path<String>) -> Response {
    let world = app.world();
    let whole = file.strip_suffix(".json").unwrap_or(&file);
    let gems = world.ruby_gems.gems.iter();
    let version = gems
        .flat_map(|gem| gem.versions.iter().map(move |version| (gem, version)))
        .find(|(gem, version)| format!("{}-{}", gem.name, version.num) == whole)
        .map(|(_, version)| version);
    let Some(version) = version else { return respond::text(StatusCode::NOT_FOUND, NO_GEM) };
    let bundles: Vec<Value> = version.attested.iter().map(bundle).collect();
    respond::json(StatusCode::OK, json!(bundles))
}

fn bundle(run: &Run) -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": { "rawBytes": STANDARD.encode(extensions(run)) },
            "tlogEntries": [{ "logIndex": "7", "kindVersion": { "kind": "hashedrekord", "version": "0.0.1" } }],
        },
        "messageSignature": {},
    })
}

/// Fulcio's extensions 1.3.6.1.4.1.57264.1.n in DER, as sigstore/fulcio docs/oid-info.md has them.
fn extensions(run: &Run) -> Vec<u8> {
    let Run { repository, workflow, run_id, .. } = run;
    let signer = match workflow.contains('/') {
        true => format!("https://github.com/{workflow}@refs/heads/main"),
        false => format!("https://github.com/{repository}/.github/workflows/{workflow}@refs/heads/main"),
    };
    let url = format!("https://github.com/{repository}/actions/runs/{run_id}/attempts/1");
    let raw = |text: &str| text.as_bytes().to_vec();
    let utf8 = |text: &str| element(0x0c, text.as_bytes());
    let values = [
        (1, raw("https://token.actions.githubusercontent.com")),
        (5, raw(repository)),
        (9, utf8(&signer)),
        (21, utf8(&url)),
    ];
    let of = |(number, value): (u8, Vec<u8>)| {
        let mut parts = element(0x06, &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01, number]);
        parts.extend(element(0x04, &value));
        element(0x30, &parts)
    };
    element(0x30, &values.into_iter().flat_map(of).collect::<Vec<u8>>())
}

/// Tag, length, value; no value here is longer than 65535 bytes.
fn element(tag: u8, value: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes();
    let mut bytes = match (high, low) {
        (0, 0..=0x7f) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    bytes.extend(value);
    bytes
}
