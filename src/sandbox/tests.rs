#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::testing::{client, demo};
use super::{Fault, Sandbox, SandboxOptions};

const REPO: &str = "/repos/acme/widgets";

async fn with(fault: &str) -> Sandbox {
    let sandbox = demo().await;
    sandbox.add_fault(Fault::parse(fault).unwrap());
    sandbox
}

async fn ask(sandbox: &Sandbox) -> reqwest::Result<reqwest::Response> {
    client().get(format!("{}{REPO}", sandbox.urls().github_api)).send().await
}

#[tokio::test]
async fn every_service_refuses_in_its_own_shape() {
    let sandbox = demo().await;
    let urls = sandbox.urls().clone();
    for status in ["401", "403", "404", "409", "429", "500"] {
        sandbox.clear_faults();
        sandbox.add_fault(Fault::parse(status).unwrap());
        for (base, field) in [(&urls.github_api, "message"), (&urls.crates_io, "errors"), (&urls.npm, "error")] {
            let response = client().get(format!("{base}/x")).send().await.unwrap();
            assert_eq!(response.status().as_str(), status);
            assert_eq!(response.headers().contains_key("retry-after"), status == "429");
            let body: serde_json::Value = response.json().await.unwrap();
            assert!(body.get(field).is_some(), "{body}");
        }
        let page = client().get(format!("{}/x", urls.pypi)).send().await.unwrap().text().await.unwrap();
        assert!(page.starts_with("<!doctype html>"), "{page}");
    }
}

#[tokio::test]
async fn a_fault_with_a_count_passes() {
    let sandbox = with("429x2@github:/repos").await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(ask(&sandbox).await.unwrap().status().as_u16());
    }
    assert_eq!(seen, [429, 429, 200]);
}

#[tokio::test]
async fn a_cut_answer_begins_and_does_not_end() {
    let sandbox = with("cut").await;
    let mut response = ask(&sandbox).await.unwrap();
    assert_eq!(response.status(), 200);
    let length = response.content_length().unwrap();
    let mut got = 0;
    let error = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => got += chunk.len() as u64,
            Ok(None) => panic!("the body ended well"),
            Err(error) => break error,
        }
    };
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert!(0 < got && got < length, "{got} of {length}");
}

#[tokio::test]
async fn a_reset_connection_gives_no_answer() {
    let sandbox = with("reset").await;
    let error = ask(&sandbox).await.unwrap_err();
    let mut cause = error.source().unwrap();
    while let Some(source) = cause.source() {
        cause = source;
    }
    let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    assert_eq!(kind, Some(std::io::ErrorKind::ConnectionReset), "{cause:?}");
    assert_eq!(sandbox.requests().len(), 1);
}

#[tokio::test]
async fn a_slow_answer_outlasts_the_client() {
    let faults = vec![Fault::parse("slow").unwrap()];
    let options = SandboxOptions { faults, slow: Duration::from_secs(3600), ..SandboxOptions::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    let url = format!("{}{REPO}", sandbox.urls().github_api);
    let error = client().get(url).timeout(Duration::from_millis(50)).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn html_comes_where_json_was_expected() {
    let sandbox = with("html").await;
    let response = ask(&sandbox).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(response.json::<serde_json::Value>().await.is_err());
}

#[tokio::test]
async fn nothing_listens_after_the_sandbox_is_dropped() {
    let sandbox = demo().await;
    let url = format!("{}{REPO}", sandbox.urls().github_api);
    assert!(client().get(&url).send().await.is_ok());
    drop(sandbox);
    // The listener goes with its task, which the runtime has to run once more.
    for _ in 0..1000 {
        tokio::task::yield_now().await;
        if client().get(&url).send().await.is_err_and(|error| error.is_connect()) {
            return;
        }
    }
    panic!("it still listens");
}

#[tokio::test]
async fn what_waits_for_a_person_is_found_and_approved() {
    let sandbox = demo().await;
    assert_eq!(sandbox.waiting_pages(), []);
    let login = format!("{}/-/v1/login", sandbox.urls().npm);
    client().post(login).send().await.unwrap();
    let code = format!("{}/login/device/code", sandbox.urls().github);
    client().post(code).form(&[("client_id", "Iv23sandboxNotAClient")]).send().await.unwrap();
    let waiting = sandbox.waiting_pages();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    for page in waiting {
        page.visit().await.unwrap();
    }
    assert_eq!(sandbox.waiting_pages(), []);
}

#[tokio::test]
async fn the_environment_names_every_service_and_the_client_id() {
    let sandbox = demo().await;
    let env = sandbox.env();
    assert_eq!(env.len(), 12);
    for (name, value) in &env {
        let local = value.starts_with("http://127.0.0.1:") && !value.ends_with('/');
        assert!(local || *name == "UNTOKEN_GITHUB_CLIENT_ID", "{name}={value}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_home_keeps_its_tokens_to_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = demo().await;
    let dir = tempfile::tempdir().unwrap();
    let home = sandbox.write_home(&dir.path().join("home")).unwrap();
    for file in [home.npmrc.clone(), home.cargo_home.join("credentials.toml")] {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
}

/// The sandbox has wire types of its own, else it and the adapters would share a mistake.
#[test]
fn the_sandbox_names_no_other_room_of_the_crate() {
    fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => sources(&path, found),
                false => found.push(path),
            }
        }
    }
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox"), &mut found);
    assert!(found.len() > 30, "{} files", found.len());
    let (here, inside) = (concat!("crate", "::"), concat!("crate", "::sandbox"));
    for path in found {
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| line.contains(here)) {
            assert!(line.contains(inside), "{}: {line}", path.display());
        }
    }
}
