//! `untoken doctor` as it is called: forms, exit codes, revisions, hostile text, and that it asks nobody.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// A crate.
const CARGO: &str = "[package]\nname = \"widgets-core\"\nversion = \"1.0.0\"\ndescription = \"x\"\nlicense = \"MIT\"\n";

/// A workflow that publishes it without any permission.
const RELEASE: &str = "\
on:
  push:
    tags: ['v*']
permissions:
  contents: read
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - run: cargo publish
        env:
          CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO_TOKEN }}
";

fn write(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn checkout(release: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[("Cargo.toml", CARGO), (".github/workflows/release.yml", release)]);
    dir
}

/// The doctor in a folder, without anything of the machine's that could change what it says.
fn doctor(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("untoken").unwrap();
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", dir)
        .env("UNTOKEN_STATE_DIR", dir.join("state"));
    command.args(["doctor", "--repo", "acme/widgets"]).args(args).arg(dir);
    command
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn codes(report: &Value) -> Vec<&str> {
    let phases = report["phases"].as_array().unwrap();
    phases.iter().flat_map(|phase| phase["findings"].as_array().unwrap()).map(|f| f["code"].as_str().unwrap()).collect()
}

#[test]
fn each_form_says_the_same_and_holds_nothing_else() {
    let dir = checkout(RELEASE);
    let run = |form: &str| doctor(dir.path(), &["--format", form]).output().unwrap();
    let text = run("text");
    assert_eq!(text.status.code(), Some(1));
    let said = String::from_utf8(text.stdout).unwrap();
    for part in [
        "trust policy (local)\n  looked at 1 workflow file, 1 publishing step and 1 package\n",
        "error UT012 .github/workflows/release.yml:7:3",
        "            id-token: write\n",
        "refused: crates.io: widgets-core",
        "skipped: CRATES_IO_DOCTOR_TOKEN is not set",
        "exit code 1",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
    let report = json(&run("json"));
    assert_eq!((report["schema"].as_u64(), report["exit_code"].as_u64()), (Some(1), Some(1)));
    assert_eq!(codes(&report), ["UT012"]);
    assert_eq!(report["phases"].as_array().unwrap().len(), 5);
    assert_eq!(report["phases"][0]["findings"][0]["at"]["line"], 7);
    let github = String::from_utf8(run("github").stdout).unwrap();
    assert!(github.starts_with("::error file=.github/workflows/release.yml,line=7,col=3,title=UT012 "), "{github}");
    assert_eq!(github.lines().count(), 1);
    assert_eq!(run("sarif").status.code(), Some(1));
}

/// One repository with as many kinds of findings as fit, places in odd files included.
fn a_bit_of_everything() -> tempfile::TempDir {
    let dir = checkout(RELEASE);
    let npm = "{\n  \"name\": \"@acme/widgets\",\n  \"version\": \"1.0.0\",\n  \"main\": \"i.js\",\n  \"repository\": \"acme/other\"\n}\n";
    let quiet = "on: push\njobs:\n  # untoken: ignore UT014 on purpose\n  go:\n    permissions: write-all\n    steps:\n      - uses: \
                 pypa/gh-action-pypi-publish@release/v1\n";
    write(
        dir.path(),
        &[
            ("packages/ä b%/package.json", npm),
            ("package.json", "{\"name\": \"root\", \"private\": true, \"workspaces\": [\"packages/*\"]}"),
            (
                ".github/workflows/npm.yml",
                "on: push\njobs:\n  a:\n    permissions: {id-token: write}\n    steps:\n      - run: npm publish -w @acme/widgets\n",
            ),
            (".github/workflows/broken.yml", "on: [push\n"),
            (".github/workflows/py.yml", quiet),
            (
                "untoken.toml",
                "[[package]]\nname = \"widgets-core\"\nkind = \"crates\"\n[package.trust_policy]\nworkflow = \"gone.yml\"\n",
            ),
        ],
    );
    dir
}

#[test]
fn the_sarif_document_fits_the_standards_own_schema() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sarif/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    // The standard's text has a bracket in this pattern that not every engine takes; it means the character itself.
    for part in ["run", "toolComponent"] {
        let pattern = &mut schema["definitions"][part]["properties"]["language"]["pattern"];
        assert_eq!(*pattern, "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$");
        *pattern = r"^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}\]?$".into();
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let dir = a_bit_of_everything();
    let log = json(&doctor(dir.path(), &["--format", "sarif"]).output().unwrap());
    let wrong: Vec<String> =
        validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() > 6, "{results:#?}");
    assert!(results.iter().any(|result| result["suppressions"][0]["justification"] == "on purpose"));
    let uri = |result: &Value| {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().map(str::to_owned)
    };
    assert!(results.iter().any(|r| uri(r).as_deref() == Some("packages/%C3%A4%20b%25/package.json")), "{results:#?}");
    // A document that is wrong is refused, so that the check above can fail.
    let mut bad = log.clone();
    bad["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&bad));
}

#[test]
fn hostile_text_reaches_neither_the_terminal_nor_the_runner() {
    let release = RELEASE
        .replace("environment: release", "environment: \"x${{ 1 }}\\n::error::y\\u202e\\e[2J\"")
        .replace(
            "      - run",
            "      - uses: \"pypa/gh-action-pypi-publish@v1\\n::set-output name=a::b%0A\\u202e\\e[2J\"\n      - run",
        )
        .replace("contents: read", "id-token: write");
    let dir = checkout(&release);
    for form in ["text", "github", "json", "sarif"] {
        let output = doctor(dir.path(), &["--format", form]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("set-output name=a"), "{form}: the hostile text was meant to be there");
        for raw in ['\u{1b}', '\u{202e}'] {
            assert!(!said.contains(raw), "{form}: {said}");
        }
        assert!(!said.contains("u202e") && !said.contains("u001b"), "{form}: {said}");
        for line in said.lines().filter(|_| form == "github") {
            let begins = ["::error file=", "::warning file=", "::notice file=", "::notice title="];
            assert!(begins.iter().any(|begin| line.starts_with(begin)), "{line}");
            assert!(!line.contains("b%0A"), "a percent sign went through: {line}");
        }
    }
}

#[test]
fn it_asks_nobody_unless_it_was_asked_to() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let dir = a_bit_of_everything();
    let variables = [
        "UNTOKEN_GITHUB_URL",
        "UNTOKEN_GITHUB_API_URL",
        "UNTOKEN_CRATES_IO_URL",
        "UNTOKEN_CRATES_IO_INDEX_URL",
        "UNTOKEN_NPM_URL",
        "UNTOKEN_PYPI_URL",
        "UNTOKEN_JSR_URL",
        "UNTOKEN_JSR_API_URL",
        "UNTOKEN_PUB_DEV_URL",
        "UNTOKEN_RUBYGEMS_URL",
        "UNTOKEN_NUGET_URL",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ];
    let everywhere = |args: &[&str]| {
        let mut command = doctor(dir.path(), args);
        variables.iter().for_each(|name| {
            command.env(name, &base);
        });
        command
    };
    let asked = || listener.accept().is_ok();
    // A token of GitHub's and one that is set but empty are no wish to ask.
    everywhere(&[]).env("GH_TOKEN", "gho-not-a-token").env("CRATES_IO_DOCTOR_TOKEN", " ").output().unwrap();
    assert!(!asked());
    everywhere(&["--offline", "--online"]).env("CRATES_IO_DOCTOR_TOKEN", "cio-not-a-token").output().unwrap();
    assert!(!asked());
    // The same listener hears it when it is asked to: the silence above means something. Nobody answers, so it is killed.
    let mut loud = std::process::Command::new(env!("CARGO_BIN_EXE_untoken"));
    loud.args(["doctor", "--online", "--repo", "acme/widgets"]).arg(dir.path());
    loud.env("UNTOKEN_GITHUB_API_URL", &base).env("UNTOKEN_STATE_DIR", dir.path().join("state"));
    let mut child = loud.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    listener.set_nonblocking(false).unwrap();
    assert!(listener.accept().is_ok());
    child.kill().unwrap();
    child.wait().unwrap();
}

fn git(dir: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=mona", "-c", "user.email=mona@example.org", "-c", "commit.gpgsign=false"];
    let run = std::process::Command::new("git").args(identity).args(args).current_dir(dir).output().unwrap();
    assert!(run.status.success(), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn only_what_is_new_since_a_revision_is_told() {
    let bare = RELEASE.replace("    environment: release\n", "");
    let dir = checkout(&bare);
    git(dir.path(), &["init", "-q", "-b", "main"]);
    git(dir.path(), &["add", "."]);
    git(dir.path(), &["commit", "-qm", "one"]);
    let marker = dir.path().join("hook-ran");
    let config = format!("touch {}", marker.display());
    git(dir.path(), &["config", "core.fsmonitor", &config]);
    let since = |revision: &str| doctor(dir.path(), &["--json", "--base", revision]).output().unwrap();
    let same = json(&since("HEAD"));
    assert_eq!((codes(&same), same["summary"]["known"].as_u64()), (vec![], Some(2)));
    assert_eq!(since("HEAD").status.code(), Some(0));
    // Lines above move the old findings; the pinned action is new.
    let moved = format!("# moved\n{bare}      - uses: pypa/gh-action-pypi-publish@release/v1\n");
    write(dir.path(), &[(".github/workflows/release.yml", &moved)]);
    let new = json(&since("HEAD"));
    assert_eq!((codes(&new), new["summary"]["known"].as_u64()), (vec!["UT050"], Some(2)));
    assert!(!marker.exists(), "a command that the repository names was run");
    for bad in ["gone", "--help", ""] {
        let output = doctor(dir.path(), &[&format!("--base={bad}")]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{bad}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_page_is_printed_and_a_wrong_code_is_a_usage_error() {
    let run = |code: &str| Command::cargo_bin("untoken").unwrap().args(["doctor", "--explain", code]).output().unwrap();
    let page = String::from_utf8(run("ut012").stdout).unwrap();
    assert!(page.starts_with("# UT012: ") && page.contains("id-token: write"), "{page}");
    assert_eq!(run("UT999").status.code(), Some(2));
}

#[test]
fn a_folder_without_git_is_looked_at_and_the_repository_is_not_guessed() {
    let dir = checkout(RELEASE);
    let mut command = Command::cargo_bin("untoken").unwrap();
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).args(["doctor", "--json"]).arg(dir.path());
    let report = json(&command.output().unwrap());
    assert_eq!(report["repository"], Value::Null);
    assert_eq!(codes(&report), ["UT012", "UT005"]);
    // Inside Actions the run says which repository it is of.
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_REPOSITORY", "acme/widgets");
    assert_eq!(json(&command.output().unwrap())["repository"], "acme/widgets");
}

#[test]
fn strict_lets_warnings_fail() {
    let sound = RELEASE
        .replace("    environment: release\n", "    permissions:\n      id-token: write\n")
        .replace("${{ secrets.CARGO_TOKEN }}", "${{ steps.auth.outputs.token }}")
        .replace("      - run", "      - uses: rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18\n        id: auth\n      - run");
    let dir = checkout(&sound);
    let run = |args: &[&str]| doctor(dir.path(), args).output().unwrap();
    assert_eq!(codes(&json(&run(&["--json"]))), ["UT014"]);
    assert_eq!((run(&[]).status.code(), run(&["--strict"]).status.code()), (Some(0), Some(1)));
}
