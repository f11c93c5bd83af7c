//! `untoken doctor --online` against a GitHub that answers as it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const RELEASE: &str = "\
on:
  push:
    tags: ['v*']
jobs:
  publish:
    environment: release
    permissions:
      id-token: write
    steps:
      - uses: rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18
        id: auth
      - run: cargo publish
        env:
          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}
";

/// What the doctor says of this GitHub, and the credentials that it sent there.
async fn asked(environments: Option<Value>) -> (Value, Vec<String>) {
    let server = MockServer::start().await;
    let answer = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let repository = json!({
        "id": 7, "full_name": "acme/widgets", "owner": { "id": 1, "login": "acme", "type": "Organization" },
        "default_branch": "main", "private": false, "archived": false, "visibility": "public",
    });
    let all = [
        ("", Some(repository)),
        ("/environments", environments),
        ("/actions/oidc/customization/sub", Some(json!({ "use_default": true }))),
        ("/actions/workflows", Some(json!({ "total_count": 0, "workflows": [] }))),
        (
            "/contents/.github/workflows",
            Some(
                json!([{ "type": "file", "name": "release.yml", "path": ".github/workflows/release.yml", "sha": "0".repeat(40) }]),
            ),
        ),
    ];
    for (part, body) in all {
        if let Some(body) = body {
            let here = Mock::given(method("GET")).and(path(format!("/repos/acme/widgets{part}")));
            here.respond_with(answer(body)).mount(&server).await;
        }
    }
    let address = server.uri();
    let joined = tokio::task::spawn_blocking(move || {
        let dir = tempfile::tempdir().unwrap();
        let workflows = dir.path().join(".github/workflows");
        std::fs::create_dir_all(&workflows).unwrap();
        std::fs::write(dir.path().join("Cargo.toml"), "[package]\nname = \"widgets-core\"\nversion = \"1.0.0\"\n")
            .unwrap();
        std::fs::write(workflows.join("release.yml"), RELEASE).unwrap();
        let mut command = assert_cmd::Command::cargo_bin("untoken").unwrap();
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", dir.path());
        command.env("UNTOKEN_STATE_DIR", dir.path().join("state"));
        command.env("UNTOKEN_GITHUB_API_URL", &address).env("UNTOKEN_GITHUB_TOKEN", "sandbox-not-a-token");
        command.env("GH_TOKEN", "gho-not-a-token");
        command.args(["doctor", "--json", "--online", "--repo", "acme/widgets"]).arg(dir.path()).output().unwrap()
    });
    let output = joined.await.unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    let requests = server.received_requests().await.unwrap();
    let sent = requests.iter().filter_map(|r| r.headers.get("authorization")).map(|h| h.to_str().unwrap().to_owned());
    (report, sent.collect())
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["phases"][4]["findings"].as_array().unwrap();
    findings.iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_github_lacks_is_found_and_its_own_token_stays_away_from_another_place() {
    let (report, sent) = asked(Some(json!({ "total_count": 0, "environments": [] }))).await;
    assert_eq!(codes(&report), ["UT060", "UT063"], "{report:#}");
    assert!(!sent.is_empty() && sent.iter().all(|header| header == "Bearer sandbox-not-a-token"), "{sent:?}");
}

#[tokio::test]
async fn what_cannot_be_read_is_a_note_and_never_none() {
    let (report, _) = asked(None).await;
    assert_eq!(codes(&report), ["UT064", "UT063"], "{report:#}");
    assert_eq!(report["exit_code"], 0);
}
