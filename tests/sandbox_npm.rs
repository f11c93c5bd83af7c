//! The real npm works against the sandbox. Where npm is missing or older than 11.15, each test says that it was left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::process::{Command, Output};

use serde_json::Value;
use untoken::sandbox::world::npm::{Permission, PublishedBy, PublishingAccess};
use untoken::sandbox::{DemoHome, Sandbox, SandboxOptions, sample_repository, visit};

const PACKAGE: &str = "@acme/widgets";

/// A sandbox, a home that points to it, and the sample repository; none where npm is too old or missing.
struct Bench {
    sandbox: Sandbox,
    home: DemoHome,
    dir: tempfile::TempDir,
}

impl Bench {
    async fn new(test: &str) -> Option<Self> {
        let output = Command::new("npm").arg("--version").output().ok();
        let version =
            output.and_then(|output| semver::Version::parse(String::from_utf8(output.stdout).ok()?.trim()).ok());
        if version.is_none_or(|version| version < semver::Version::new(11, 15, 0)) {
            common::left_out(test, "npm is missing or older than 11.15");
            return None;
        }
        let sandbox = Sandbox::start(SandboxOptions::default()).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let home = sandbox.write_home(&dir.path().join("home")).unwrap();
        sample_repository(&dir.path().join("widgets")).unwrap();
        std::fs::create_dir(dir.path().join("empty")).unwrap();
        Some(Self { sandbox, home, dir })
    }

    async fn npm(&self, args: &[&str], code: Option<&str>) -> Output {
        let mut npm = Command::new("npm");
        npm.args(args)
            .current_dir(self.dir.path().join("empty"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .envs(self.home.env.iter().map(|(name, value)| (name, value)))
            .envs(code.map(|code| ("NPM_CONFIG_OTP", code)));
        tokio::task::spawn_blocking(move || npm.output().unwrap()).await.unwrap()
    }

    /// What npm was told to open, after a call that needs the second factor.
    fn addresses(&self, output: &Output) -> (String, String) {
        let text = stdout(output);
        let error = values(&text).into_iter().find_map(|value| value.get("error").cloned()).expect(&text);
        assert_eq!(error["code"], "EOTP", "{error}");
        let address = |name: &str| error[name].as_str().expect(name).to_owned();
        (address("authUrl"), address("doneUrl"))
    }

    /// Approves as the person does, with five minutes of peace.
    async fn open_window(&self) {
        let (page, _) = self.addresses(&self.npm(&["trust", "list", PACKAGE, "--json"], None).await);
        visit(&page, &[]).await.unwrap();
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn succeeded(output: &Output) -> String {
    let text = stdout(output);
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// npm prints one JSON value after the other.
fn values(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn npm_knows_who_is_signed_in() {
    let Some(bench) = Bench::new("whoami").await else { return };
    assert_eq!(succeeded(&bench.npm(&["whoami"], None).await).trim(), "mona");
}

#[tokio::test(flavor = "multi_thread")]
async fn npm_lists_adds_and_revokes_publishers_within_the_window() {
    let Some(bench) = Bench::new("trust").await else { return };
    bench.open_window().await;
    assert_eq!(succeeded(&bench.npm(&["trust", "list", PACKAGE, "--json"], None).await).trim(), "");
    let add = [
        "trust",
        "github",
        PACKAGE,
        "--file",
        "release.yml",
        "--repository",
        "acme/widgets",
        "--environment",
        "release",
        "--allow-publish",
        "--json",
        "--yes",
    ];
    succeeded(&bench.npm(&add, None).await);
    let listed = values(&succeeded(&bench.npm(&["trust", "list", PACKAGE, "--json"], None).await));
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["file"], "release.yml");
    assert_eq!(listed[0]["repository"], "acme/widgets");
    assert_eq!(listed[0]["environment"], "release");
    let kept = bench.sandbox.world().npm.package(PACKAGE).unwrap().publishers[0].clone();
    assert!(kept.permissions.contains(&Permission::Publish));

    let again = bench.npm(&add, None).await;
    assert!(!again.status.success());
    assert!(stdout(&again).contains("E409"), "{}", stdout(&again));

    let id = format!("--id={}", kept.id);
    succeeded(&bench.npm(&["trust", "revoke", PACKAGE, &id], None).await);
    assert!(bench.sandbox.world().npm.package(PACKAGE).unwrap().publishers.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn npm_takes_the_code_of_one_approval() {
    let Some(bench) = Bench::new("one-time code").await else { return };
    let (page, done) = bench.addresses(&bench.npm(&["trust", "list", PACKAGE, "--json"], None).await);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let waiting = client.get(&done).send().await.unwrap();
    assert_eq!(waiting.status(), 202);
    assert_eq!(waiting.headers()["retry-after"], "1");
    visit(&page, &[]).await.unwrap();
    // Only the code counts here, not the window that the visit opened as well.
    bench.sandbox.world().npm.users[0].window_until = None;
    let code: Value = client.get(&done).send().await.unwrap().json().await.unwrap();
    let code = code["token"].as_str().unwrap();
    succeeded(&bench.npm(&["trust", "list", PACKAGE, "--json"], Some(code)).await);
    let again = bench.npm(&["trust", "list", PACKAGE, "--json"], Some(code)).await;
    assert!(!again.status.success(), "a code works once");
}

#[tokio::test(flavor = "multi_thread")]
async fn npm_publishes_a_packed_tarball() {
    let Some(bench) = Bench::new("publish").await else { return };
    bench.open_window().await;
    let folder = bench.dir.path().join("widgets/packages/widgets");
    let packed = succeeded(&bench.npm(&["pack", "--ignore-scripts", folder.to_str().unwrap()], None).await);
    let tarball = format!("./{}", packed.trim());
    succeeded(&bench.npm(&["publish", &tarball, "--access", "public"], None).await);
    {
        let world = bench.sandbox.world();
        let package = world.npm.package(PACKAGE).unwrap();
        assert_eq!(package.dist_tags["latest"], "0.2.0");
        assert_eq!(package.versions[1].published, PublishedBy::User("mona".to_owned()));
    }
    assert_eq!(succeeded(&bench.npm(&["view", PACKAGE, "version"], None).await).trim(), "0.2.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn npm_sets_what_publishing_asks_for() {
    let Some(bench) = Bench::new("access").await else { return };
    bench.open_window().await;
    succeeded(&bench.npm(&["access", "set", "mfa=publish", PACKAGE], None).await);
    let world = bench.sandbox.world();
    assert_eq!(world.npm.package(PACKAGE).unwrap().publishing_access, PublishingAccess::SecondFactorOnly);
}
