//! `untoken demo` from the first key to the receipt, in 80×24: what the sandbox's services hold afterwards is asked of
//! them over HTTP, as anybody would.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bench::{UNTOKEN, USUAL, usual_environment};
use crate::terminal::Terminal;
use crate::{config, person, tools};

#[test]
fn the_whole_demo_from_the_first_key_to_the_receipt() {
    let root = tempfile::tempdir().unwrap();
    let mut environment = usual_environment();
    environment.push(("TMPDIR".into(), root.path().into()));
    environment.push(("CARGO_TARGET_DIR".into(), root.path().join("target").into()));
    let (cargo, npm) = (tools::cargo("the demo's first publish"), tools::npm("the demo's npm registration"));
    tools::git("the demo's git repository");
    let mut terminal = Terminal::start(&[UNTOKEN.into(), "demo".into()], root.path(), &environment, USUAL);

    person::ask_for_code(&mut terminal);
    terminal.keys("v");
    person::accept(&mut terminal);
    let dir = only_demo(root.path());
    let before = std::fs::read_to_string(dir.join("putitoutthere.toml")).unwrap();

    if cargo {
        person::publish_first(&mut terminal);
    }
    let row = if cargo { person::MACROS } else { person::CORE };
    person::to_the_token(&mut terminal, row, cargo);
    let crates_io = after(&mut terminal, "http://", "/settings/tokens/new");
    let token = after(&mut terminal, "the token is ", " ");
    person::give_the_token(&mut terminal, &token);
    if npm {
        person::register_npm(&mut terminal);
    }
    let mut pypi = String::new();
    person::state_pypi(&mut terminal, |terminal| {
        pypi = after(terminal, "http://", "/manage/account/publishing/");
        terminal.keys("p").wait("the person in the browser has done it");
    });
    person::write_all(&mut terminal);

    let web = Web::new();
    for name in ["widgets-core", "widgets-macros"].iter().take(if cargo { 2 } else { 1 }) {
        let url = format!("http://{crates_io}/api/v1/trusted_publishing/github_configs?crate={name}");
        let list: Value = serde_json::from_str(&web.get(&url, &token)).unwrap();
        let configs = list["github_configs"].as_array().unwrap();
        assert_eq!(configs.len(), 1, "{list}");
        assert_eq!(configs[0]["repository_owner"], "acme");
        assert_eq!(configs[0]["repository_name"], "widgets");
        assert_eq!(configs[0]["workflow_filename"], "release.yml");
        assert_eq!(configs[0]["environment"], "release");
    }
    if npm {
        let (registry, session) = npm_session(&dir);
        let list = web.get(&format!("{registry}-/package/@acme%2fwidgets/trust"), &format!("Bearer {session}"));
        let list: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
        assert_eq!(list[0]["claims"]["repository"], "acme/widgets");
        assert_eq!(list[0]["claims"]["workflow_ref"]["file"], "release.yml");
        assert_eq!(list[0]["claims"]["environment"], "release");
    }
    let page = web.get(&format!("http://{pypi}/manage/account/publishing/"), "");
    assert_eq!(page.matches("widgets: GitHub: acme/widgets, workflow release.yml").count(), 1, "{page}");

    let written = std::fs::read_to_string(dir.join("putitoutthere.toml")).unwrap();
    config::assert_lines_survive(&before, &written);
    assert_eq!(config::policies(&written), config::expected());

    let receipt = person::finish(&mut terminal);
    for words in ["Done for acme/widgets", "registered on crates.io", "you said", "wrote putitoutthere.toml"] {
        assert!(receipt.contains(words), "{words}: {receipt}");
    }
    assert!(receipt.contains("Still open") && receipt.contains("CARGO_REGISTRY_TOKEN"), "{receipt}");
    assert_eq!(receipt.contains("registered on npm"), npm, "{receipt}");
    assert_eq!(receipt.contains("published as 0.2.0, seen on crates.io"), cargo, "{receipt}");
    assert!(receipt.ends_with(&format!("The demo's repository stays at {}", dir.display())), "{receipt}");
    assert!(!receipt.contains(&token), "{receipt}");
}

/// The checkout of the only demo in this temporary folder.
fn only_demo(root: &Path) -> PathBuf {
    let mut found = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path().join("widgets"));
    found.find(|path| path.join("putitoutthere.toml").is_file()).unwrap()
}

/// The text on the screen between two others.
pub(crate) fn after(terminal: &mut Terminal, start: &str, end: &str) -> String {
    let words = terminal.words();
    let (_, rest) = words.split_once(start).expect(start);
    rest.split_once(end).expect(end).0.to_owned()
}

/// The registry and the session in the demo's own .npmrc.
fn npm_session(dir: &Path) -> (String, String) {
    let npmrc = std::fs::read_to_string(dir.with_file_name("home").join(".npmrc")).unwrap();
    let value = |key: &str| {
        let line = npmrc.lines().find(|line| line.contains(key)).expect(key);
        line.split_once('=').expect(key).1.to_owned()
    };
    (value("registry="), value("_authToken"))
}

/// A client of the sandbox's services.
struct Web {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Web {
    fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, client: reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap() }
    }

    /// The body of a page that must come well.
    #[track_caller]
    fn get(&self, url: &str, authorization: &str) -> String {
        let request = self.client.get(url).header("authorization", authorization).header("user-agent", "a journey");
        self.runtime.block_on(async { request.send().await?.error_for_status()?.text().await }).unwrap()
    }
}
