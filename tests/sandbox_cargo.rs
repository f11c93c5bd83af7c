//! The real cargo publishes to the sandbox, offline but for loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output};

use untoken::sandbox::world::crates_io::{PublishedBy, Publishing};
use untoken::sandbox::{DemoHome, Sandbox, SandboxOptions, sample_repository};

/// A sandbox, a home that points to it, and the sample repository.
struct Bench {
    sandbox: Sandbox,
    home: DemoHome,
    dir: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxOptions::default()).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let home = sandbox.write_home(&dir.path().join("home")).unwrap();
        sample_repository(&dir.path().join("widgets")).unwrap();
        Self { sandbox, home, dir }
    }

    async fn publish(&self, package: &str) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["publish", "--registry", "untoken", "--allow-dirty", "--package", package])
            .current_dir(self.dir.path().join("widgets"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("CARGO_TARGET_DIR", self.dir.path().join("target"))
            .envs(self.home.env.iter().map(|(name, value)| (name, value)));
        run(cargo).await
    }
}

/// Runs beside the sandbox, which lives on this test's runtime.
async fn run(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn cargo_publishes_a_new_crate_and_a_new_version() {
    let bench = Bench::new().await;
    for package in ["widgets-macros", "widgets-core"] {
        let output = bench.publish(package).await;
        assert!(output.status.success(), "{package}: {}", stderr(&output));
    }
    let world = bench.sandbox.world();
    let macros = world.crates_io.krate("widgets-macros").unwrap();
    assert_eq!(macros.owners, ["mona"]);
    assert_eq!(macros.versions[0].num, "0.2.0");
    assert_eq!(macros.versions[0].published, PublishedBy::User("mona".to_owned()));
    assert_eq!(macros.description.as_deref(), Some("Macros that make widgets"));
    let core = world.crates_io.krate("widgets-core").unwrap();
    let numbers: Vec<&str> = core.versions.iter().map(|version| version.num.as_str()).collect();
    assert_eq!(numbers, ["0.1.0", "0.2.0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn cargo_shows_the_refusal_of_a_crate_that_takes_trusted_publishing_alone() {
    let bench = Bench::new().await;
    bench.sandbox.world().crates_io.krate_mut("widgets-core").unwrap().publishing = Publishing::TrustedOnly;
    let output = bench.publish("widgets-core").await;
    assert!(!output.status.success());
    let text = stderr(&output);
    assert!(text.contains("can only be published using Trusted Publishing"), "{text}");
    assert_eq!(bench.sandbox.world().crates_io.krate("widgets-core").unwrap().versions.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn cargo_packages_the_sample_without_a_token() {
    let bench = Bench::new().await;
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["package", "--offline", "--allow-dirty", "--workspace"])
        .current_dir(bench.dir.path().join("widgets"))
        .env("CARGO_TARGET_DIR", bench.dir.path().join("target"))
        .env("CARGO_HOME", bench.dir.path().join("empty"));
    let output = run(cargo).await;
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(bench.dir.path().join("target/package/widgets-core-0.2.0.crate").is_file());
    assert!(Path::new(&bench.home.npmrc).is_file());
}
