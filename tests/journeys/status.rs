//! `untoken status`: the ladder without the wizard, from public evidence and with what is there, and as a gate in CI.

use serde_json::Value;
use untoken::sandbox::world::Run;
use untoken::sandbox::world::crates_io::{Publisher, Publishing};
use untoken::sandbox::{Credential, Fault, SandboxOptions};

use crate::bench::Bench;

const RELEASE: &str = "\
on:
  push:
    tags: ['v*']
jobs:
  publish:
    environment: release
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18
        id: auth
      - run: cargo publish
        env:
          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}
";
const POLICY: &str = "\
[[package]]
name = \"widgets-core\"
kind = \"crates\"
[package.trust_policy]
workflow = \"release.yml\"
environment = \"release\"
";

/// A checkout of widgets-core alone, which crates.io has with a version that mona's token published.
fn core() -> Bench {
    let bench = Bench::bare(SandboxOptions::default());
    bench.write("Cargo.toml", "[package]\nname = \"widgets-core\"\nversion = \"0.2.0\"\n");
    bench.write(".github/workflows/release.yml", RELEASE);
    bench.write("untoken.toml", POLICY);
    bench
}

/// What the command says, and its exit code.
#[track_caller]
fn status(bench: &Bench, more: &[&str]) -> (Value, i32) {
    let mut arguments = vec!["status", "--json", "--repo=acme/widgets"];
    arguments.extend(more);
    arguments.push(".");
    let output = bench.command(&arguments).output().unwrap();
    let told = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    (told, output.status.code().unwrap())
}

/// The words of the first package's rungs, bottom first.
fn words(told: &Value) -> Vec<&str> {
    let rungs = ["exists", "ready", "declared", "registered", "proven", "locked", "retired"];
    rungs.map(|rung| told["packages"][0]["rungs"][rung]["is"].as_str().unwrap()).to_vec()
}

/// crates.io trusts the workflow of this repository.
fn trust(bench: &Bench, owner: &str) {
    let mut world = bench.sandbox.world();
    let created_at = world.now();
    let repository_owner_id = world.github.account(owner).map_or(1, |account| account.id);
    world.crates_io.publishers.push(Publisher {
        id: 77,
        krate: "widgets-core".to_owned(),
        repository_owner: owner.to_owned(),
        repository_owner_id,
        repository_name: "widgets".to_owned(),
        workflow_filename: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        created_at,
    });
}

/// The workflow of this repository publishes a version.
fn release(bench: &Bench, owner: &str, version: &str) {
    let run = Run {
        repository: format!("{owner}/widgets"),
        workflow: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        event: "push".to_owned(),
        run_id: "4242".to_owned(),
        sha: "0".repeat(40),
    };
    bench.sandbox.world().release_crate("widgets-core", version, &run).unwrap();
}

#[test]
fn public_evidence_alone_raises_what_it_can_and_leaves_the_rest_unknown() {
    let bench = core();
    let (told, code) = status(&bench, &[]);
    assert_eq!(code, 0, "without a gate the rungs decide nothing");
    assert_eq!(words(&told), ["yes", "here only", "yes", "unknown", "no", "no", "unknown"], "{told:#}");
    assert_eq!((told["schema"].as_u64(), &told["check"]), (Some(1), &Value::Null));
    for (rung, standing) in told["packages"][0]["rungs"].as_object().unwrap() {
        assert!(standing["why"].as_str().is_some_and(|why| !why.is_empty()), "{rung} has no reason");
        let seen = ["yes", "no", "here only"].contains(&standing["is"].as_str().unwrap());
        assert_eq!(seen, standing["source"].is_string() && standing["at"].is_string(), "{rung}: {standing}");
    }
    trust(&bench, "acme");
    release(&bench, "acme", "0.2.0");
    bench.sandbox.world().crates_io.krate_mut("widgets-core").unwrap().publishing = Publishing::TrustedOnly;
    let (told, _) = status(&bench, &[]);
    assert_eq!(words(&told), ["yes", "here only", "yes", "unknown", "yes", "yes", "unknown"], "{told:#}");
    let requests = bench.sandbox.requests();
    assert!(!requests.is_empty() && requests.iter().all(|request| request.credential == Credential::None));
}

#[test]
fn a_sign_in_and_a_token_show_more_and_are_printed_nowhere() {
    let mut bench = core();
    trust(&bench, "acme");
    let github = bench.sandbox.world().github.add_personal_token("mona", &["repo"]);
    let token = bench.sandbox.publisher_token();
    bench.set("UNTOKEN_GITHUB_TOKEN", github.clone());
    bench.set("CRATES_IO_DOCTOR_TOKEN", token.clone());
    let (told, _) = status(&bench, &[]);
    let words = words(&told);
    assert_eq!((words[3], words[6]), ("yes", "no"), "{told:#}");
    for secret in [&github, &token] {
        assert!(!told.to_string().contains(secret.as_str()));
        let log = std::fs::read_to_string(bench.state.join("untoken.log")).unwrap_or_default();
        assert!(!log.contains(secret.as_str()));
    }
}

#[test]
fn a_gate_fails_below_its_rung_and_only_there() {
    let bench = core();
    let (told, code) = status(&bench, &["--check", "proven"]);
    assert_eq!((code, told["check"]["exit_code"].as_i64()), (1, Some(1)));
    assert!(told["check"]["below"][0]["why"].as_str().unwrap().contains("with a token (mona)"), "{told:#}");
    assert_eq!(status(&bench, &["--check", "declared", "--check", "exists"]).1, 0);
    assert_eq!(status(&bench, &["--check", "registered"]).1, 3);
    trust(&bench, "acme");
    release(&bench, "acme", "0.2.0");
    assert_eq!(status(&bench, &["--check=PROVEN"]).1, 0);
    trust(&bench, "octocat");
    release(&bench, "octocat", "0.3.0");
    let (told, code) = status(&bench, &["--check", "proven"]);
    assert_eq!(code, 1);
    assert!(told["check"]["below"][0]["why"].as_str().unwrap().contains("by octocat/widgets"), "{told:#}");
    assert_eq!(bench.command(&["status", "--check", "trusted", "."]).output().unwrap().status.code(), Some(2));
}

#[test]
fn off_oidc_on_purpose_does_not_fail_and_no_package_does_not_pass() {
    let bench = core();
    let off = "[[package]]\nname = \"widgets-core\"\nkind = \"crates\"\noff_oidc = \"published by hand\"\n";
    bench.write("untoken.toml", off);
    let (told, code) = status(&bench, &["--check", "proven", "--check", "retired"]);
    assert_eq!(code, 0, "{told:#}");
    assert!(words(&told).iter().all(|word| *word == "does not apply"));
    std::fs::remove_file(bench.dir.join("Cargo.toml")).unwrap();
    assert_eq!(status(&bench, &["--check", "proven"]).1, 3);
}

#[test]
fn a_manifest_that_cannot_be_read_lets_no_gate_through() {
    let bench = core();
    assert_eq!(status(&bench, &["--check", "declared"]).1, 0);
    bench.write("js/package.json", "{\"name\": \"widgets\", ");
    let (told, code) = status(&bench, &["--check", "declared"]);
    assert_eq!((code, &told["check"]["unread_manifests"]), (3, &serde_json::json!(["js/package.json"])), "{told:#}");
    let text = bench.command(&["status", "--repo=acme/widgets", "--check=declared", "."]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("could not be read: js/package.json; what it publishes was not looked at"), "{text}");
    assert!(text.contains("0 below, 1 could not be read; exit code 3"), "{text}");
}

#[test]
fn nobody_signed_in_is_told_once() {
    let bench = core();
    let (told, _) = status(&bench, &[]);
    let findings: Vec<&str> =
        told["findings"].as_array().unwrap().iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    let about: Vec<&&str> = findings.iter().filter(|message| message.contains("nobody is signed in")).collect();
    let names = ["the names of its secrets", "its organisation's secrets", "the subject of its OIDC tokens"];
    assert!(about.len() == 1 && names.iter().all(|name| about[0].contains(name)), "{findings:#?}");
}

#[test]
fn a_registry_that_fails_is_unknown_with_the_reason() {
    let bench = core();
    let faults = [("429", "429"), ("500", "500"), ("html", "web page"), ("cut", "broke off"), ("404", "unknown")];
    for (fault, reason) in faults {
        bench.sandbox.clear_faults();
        bench.sandbox.add_fault(Fault::parse(&format!("{fault}@crates.io:/api/v1/crates")).unwrap());
        let (told, code) = status(&bench, &["--check", "proven"]);
        let standing = &told["packages"][0]["rungs"]["proven"];
        if reason == "unknown" {
            // crates.io's own words: the crate is not there, and so nothing is published.
            assert_eq!((standing["is"].as_str(), code), (Some("no"), 1), "{standing}");
            continue;
        }
        assert_eq!((standing["is"].as_str(), code), (Some("unknown"), 3), "{fault}: {standing}");
        assert!(standing["why"].as_str().unwrap().contains(reason), "{fault}: {standing}");
        assert_eq!(words(&told)[2], "yes", "what lies in the checkout is told all the same");
        assert_eq!(status(&bench, &[]).1, 3, "{fault}: without a gate too");
        let plan = bench.command(&["plan", "--repo=acme/widgets", "."]).output().unwrap();
        assert_eq!(plan.status.code(), Some(3), "{fault}: {}", String::from_utf8_lossy(&plan.stdout));
    }
}

#[test]
fn the_table_fits_eighty_columns_and_offline_asks_nobody() {
    let bench = core();
    let run = |flags: &[&str]| {
        let mut arguments = vec!["status", "--repo=acme/widgets"];
        arguments.extend(flags);
        arguments.push(".");
        let output = bench.command(&arguments).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!error.contains("reading:"), "progress is for a terminal: {error}");
        (String::from_utf8(output.stdout).unwrap(), error)
    };
    let (offline, error) = run(&["--offline"]);
    assert!(error.contains("nobody was asked"), "{error}");
    assert!(offline.contains("exists     unknown: crates.io has not been read"), "{offline}");
    assert!(bench.sandbox.requests().is_empty());
    let (short, _) = run(&["--check", "proven"]);
    let (long, _) = run(&["-v"]);
    let (plain, _) = run(&["--plain"]);
    for line in short.lines().chain(long.lines()).chain(plain.lines()) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(short.contains("● yes") && short.contains("exit code 1"), "{short}");
    assert!(long.contains("exists     yes: 0.1.0 is published (crates.io, public, "), "{long}");
    assert!(!plain.contains('●') && plain.contains("unknown"), "{plain}");
}
