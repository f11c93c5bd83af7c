//! The doctor's fourth phase against a crates.io that answers as it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use serde_json::{Value, json};
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const TOKEN: &str = "cio-sandbox-not-a-token";

fn checkout(workflow: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let workflows = dir.path().join(".github/workflows");
    std::fs::create_dir_all(&workflows).unwrap();
    std::fs::write(dir.path().join("Cargo.toml"), "[package]\nname = \"widgets-core\"\nversion = \"1.0.0\"\n").unwrap();
    let release = "on:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    environment: release\n    permissions:\n      contents: \
                   read\n      id-token: write\n    steps:\n      - uses: \
                   rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18\n        id: auth\n      - run: cargo \
                   publish\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}\n";
    std::fs::write(workflows.join(workflow), release).unwrap();
    let policy = format!(
        "[[package]]\nname = \"widgets-core\"\nkind = \"crates\"\n[package.trust_policy]\nworkflow = \"{workflow}\"\n\
         environment = \"release\"\n"
    );
    std::fs::write(dir.path().join("untoken.toml"), policy).unwrap();
    dir
}

fn config(id: u32, workflow: &str) -> Value {
    json!({
        "id": id, "crate": "widgets-core", "repository_owner": "acme", "repository_owner_id": 1, "repository_name": "widgets",
        "workflow_filename": workflow, "environment": "release", "created_at": "2026-11-01T00:00:00Z",
    })
}

fn listed(configs: &[Value]) -> ResponseTemplate {
    let meta = json!({ "total": configs.len(), "next_page": null });
    ResponseTemplate::new(200).set_body_json(json!({ "github_configs": configs, "meta": meta }))
}

fn refused(status: u16, detail: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "errors": [{ "detail": detail }] }))
}

/// What the doctor says of a crates.io that answers so: its fourth phase, its exit code, and its strict one.
async fn asked(answer: ResponseTemplate) -> (Value, Option<i32>, Option<i32>) {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/api/v1/trusted_publishing/github_configs"))
        .and(query_param("crate", "widgets-core"))
        .and(header("authorization", TOKEN))
        .respond_with(answer)
        .mount(&server)
        .await;
    let address = server.uri();
    let run = move |more: &'static [&'static str]| {
        let address = address.clone();
        async move {
            let joined = tokio::task::spawn_blocking(move || {
                let dir = checkout("release.yml");
                let mut command = assert_cmd::Command::cargo_bin("untoken").unwrap();
                command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", dir.path());
                command.env("UNTOKEN_STATE_DIR", dir.path().join("state"));
                command.env("UNTOKEN_CRATES_IO_URL", &address).env("CRATES_IO_DOCTOR_TOKEN", TOKEN);
                command
                    .args(["doctor", "--json", "--repo", "acme/widgets"])
                    .args(more)
                    .arg(dir.path())
                    .output()
                    .unwrap()
            });
            joined.await.unwrap()
        }
    };
    let (plain, strict) = tokio::join!(run(&[]), run(&["--strict"]));
    let both = [&plain.stdout, &plain.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(both.iter().all(|text| !text.contains(TOKEN)), "the token was printed: {both:?}");
    let report: Value = serde_json::from_slice(&plain.stdout).unwrap_or_else(|e| panic!("{e}: {}", both[1]));
    (report["phases"][3].clone(), plain.status.code(), strict.status.code())
}

fn codes(phase: &Value) -> Vec<&str> {
    phase["findings"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn any_entry_that_fits_is_enough() {
    let (phase, plain, strict) = asked(listed(&[config(1, "old.yml"), config(2, "release.yml")])).await;
    assert_eq!((codes(&phase), plain, strict), (vec![], Some(0), Some(0)), "{phase:#}");
    assert!(phase["scope"].as_str().unwrap().contains("widgets-core"));
    assert!(phase["remarks"][0].as_str().unwrap().contains("entry 2"), "{phase:#}");
}

#[tokio::test]
async fn another_entry_and_none_at_all_fail() {
    let (phase, plain, _) = asked(listed(&[config(1, "old.yml")])).await;
    assert_eq!((codes(&phase), plain), (vec!["UT041"], Some(1)));
    assert!(phase["findings"][0]["message"].as_str().unwrap().contains("old.yml"));
    let (phase, plain, _) = asked(listed(&[])).await;
    assert_eq!((codes(&phase), plain), (vec!["UT040"], Some(1)));
    let (phase, plain, _) = asked(refused(404, "crate `widgets-core` does not exist")).await;
    assert_eq!((codes(&phase), plain), (vec!["UT040"], Some(1)));
}

#[tokio::test]
async fn a_refused_credential_fails_and_says_what_to_fix() {
    for (status, detail, part) in [
        (401, "The given API token does not match the format used by crates.io", "settings/tokens/new"),
        (403, "this token does not have the required permissions to perform this action", "trusted-publishing"),
        (403, "authentication failed", "expired or revoked"),
    ] {
        let (phase, plain, _) = asked(refused(status, detail)).await;
        assert_eq!((codes(&phase), plain), (vec!["UT042"], Some(1)), "{status} {detail}");
        let fix = phase["findings"][0]["fix"]["text"].as_str().unwrap();
        assert!(fix.contains(part), "{fix}");
    }
}

#[tokio::test]
async fn trouble_of_the_service_is_said_and_fails_only_where_it_is_strict() {
    let (phase, plain, strict) = asked(refused(500, "internal")).await;
    assert_eq!((codes(&phase), plain, strict), (vec!["UT043"], Some(0), Some(3)));
    assert!(phase["findings"][0]["message"].as_str().unwrap().contains("500"), "{phase:#}");
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_said_and_fails_only_where_it_is_strict() {
    let slow = listed(&[config(2, "release.yml")]).set_delay(Duration::from_secs(3600));
    let (phase, plain, strict) = asked(slow).await;
    assert_eq!((codes(&phase), plain, strict), (vec!["UT043"], Some(0), Some(3)));
    assert!(phase["findings"][0]["message"].as_str().unwrap().contains("did not answer within 10 s"), "{phase:#}");
}
