//! `untoken secrets` as a maintainer runs it, against the sandbox's GitHub and registries: four levels, long lists, three
//! kinds of sign-in, and a value planted wherever one could leak from.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use untoken::sandbox::world::Run;
use untoken::sandbox::world::github::{Grant, Level, Permission, Secret, Token};
use untoken::sandbox::world::npm::PublishedBy;
use untoken::sandbox::{Credential, Fault, Sandbox, SandboxOptions, Service, sample_repository};

/// The value that is searched for wherever untoken writes.
const CANARY: &str = "canary4b1d0f5a7c9e-not-a-real-token";
const RELEASE: &str = ".github/workflows/release.yml";
const TOKEN: &str = "gho_sandbox-not-a-real-token";

struct Bench {
    sandbox: Arc<Sandbox>,
    root: tempfile::TempDir,
}

/// What a run of the program said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Bench {
    /// The demo's world, with 120 secrets in the repository and one at Dependabot.
    async fn new() -> Self {
        let sandbox = Arc::new(Sandbox::start(SandboxOptions::default()).await.unwrap());
        let now = sandbox.world().now();
        let secret = |name: String| Secret {
            name,
            created_at: now - TimeDelta::days(90),
            updated_at: now - TimeDelta::days(40),
        };
        {
            let repo = &mut sandbox.world().github.repos[0];
            repo.secrets.extend((0..116).map(|n| secret(format!("OTHER_{n:03}"))));
            repo.secrets.push(secret("POETRY_PYPI_TOKEN_OLD".to_owned()));
            assert_eq!(repo.secrets.len(), 120);
            repo.dependabot_secrets.push(secret("PRIVATE_NPM_TOKEN".to_owned()));
        }
        let root = tempfile::tempdir().unwrap();
        sample_repository(&root.path().join("widgets")).unwrap();
        std::fs::create_dir(root.path().join("home")).unwrap();
        Self { sandbox, root }
    }

    /// A token of mona's: an App's, narrowed by its permissions, or one with scopes.
    fn sign_in(&self, grant: Grant) {
        let token = Token { value: TOKEN.to_owned(), user: "mona".to_owned(), grant, expires_at: None, refresh: None };
        self.sandbox.world().github.tokens.push(token);
    }

    fn sign_in_as_gh(&self) {
        self.sign_in(Grant::Scopes { client_id: None, scopes: vec!["repo".to_owned()] });
    }

    fn sign_in_by_app(&self) {
        let client_id = self.sandbox.world().github.clients[0].client_id.clone();
        self.sign_in(Grant::App { client_id, only: None });
    }

    fn dir(&self) -> PathBuf {
        self.root.path().join("widgets")
    }

    fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    fn edit(&self, file: &str, change: impl Fn(&str) -> String) {
        let path = self.dir().join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, change(&text)).unwrap();
    }

    /// What lies in release.yml goes to the default branch.
    fn push(&self) {
        let bytes = std::fs::read(self.dir().join(RELEASE)).unwrap();
        self.sandbox.world().github.repos[0].files.insert(RELEASE.to_owned(), bytes);
    }

    async fn run(&self, args: &[&str], more: &[(&str, &str)], input: &str) -> Said {
        let mut command = assert_cmd::Command::cargo_bin("untoken").unwrap();
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.home());
        command.env("UNTOKEN_STATE_DIR", self.root.path().join("state")).env("UNTOKEN_SECRET_STORE", "memory");
        command.envs(self.sandbox.env()).envs(more.iter().copied()).args(args).write_stdin(input);
        command.current_dir(self.root.path());
        tokio::task::spawn_blocking(move || {
            let output = command.output().unwrap();
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
            Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
        })
        .await
        .unwrap()
    }

    /// `untoken secrets`, signed in or not, with these options.
    async fn audit(&self, signed_in: bool, options: &[&str]) -> Said {
        let token = [("UNTOKEN_GITHUB_TOKEN", TOKEN)];
        let dir = self.dir();
        let args = ["secrets", dir.to_str().unwrap(), "--repo", "acme/widgets"];
        let args: Vec<&str> = args.iter().chain(options).copied().collect();
        self.run(&args, if signed_in { &token } else { &[] }, "").await
    }

    async fn json(&self) -> (Option<i32>, Value) {
        let said = self.audit(true, &["--json"]).await;
        let value = serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {} {}", said.out, said.err));
        (said.code, value)
    }
}

/// The entry of a secret by where it is kept and its name.
fn entry<'a>(report: &'a Value, source: &str, name: &str) -> &'a Value {
    let all = report["secrets"].as_array().unwrap();
    let found = all.iter().find(|entry| entry["source"] == source && entry["name"] == name);
    found.unwrap_or_else(|| panic!("no {source} {name} in {report:#}"))
}

fn lines(entry: &Value) -> Vec<u64> {
    entry["uses"].as_array().unwrap().iter().map(|used| used["at"]["line"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn all_four_levels_are_read_to_their_end_and_judged() {
    let bench = Bench::new().await;
    bench.sign_in_as_gh();
    let (code, report) = bench.json().await;
    assert_eq!((code, &report["not_read"]), (Some(0), &serde_json::json!([])), "{report:#}");
    assert_eq!(report["other_names"], 116);

    let cargo = entry(&report, "repository", "CARGO_REGISTRY_TOKEN");
    assert_eq!((cargo["registry"].as_str(), cargo["verdict"].as_str()), (Some("crates.io"), Some("in-use")));
    assert_eq!(lines(cargo), [21, 24]);
    assert_eq!(cargo["uses"][0]["publishes"]["at"]["line"], 19);
    assert_eq!(lines(entry(&report, "repository", "NPM_TOKEN")), [39]);
    let pypi = entry(&report, "repository", "PYPI_API_TOKEN");
    assert_eq!((lines(pypi), &pypi["uses"][0]["job"]), (vec![50], &Value::from("pypi")));
    let last = entry(&report, "repository", "POETRY_PYPI_TOKEN_OLD");
    assert_eq!((last["verdict"].as_str(), last["tokens"][0]["word"].as_str()), (Some("kept"), Some("pypi")), "{last}");
    // Word for word what the retire step says of it.
    let needed = "it may serve widgets on PyPI, which is not proven yet: nothing is published yet";
    assert_eq!(last["why"], format!("no workflow here names it; but {needed}"));

    let inside = entry(&report, "environment", "NPM_TOKEN_LEGACY");
    assert_eq!((inside["environment"].as_str(), inside["verdict"].as_str()), (Some("release"), Some("kept")));
    assert!(inside["why"].as_str().unwrap().contains("0.1.0 was published with a token"), "{inside}");
    let shared = entry(&report, "organisation", "ACME_NPM_TOKEN");
    assert!(shared["why"].as_str().unwrap().ends_with("other repositories of the organisation may use it"), "{shared}");
    assert_eq!(entry(&report, "dependabot", "PRIVATE_NPM_TOKEN")["verdict"], "kept");
    assert_eq!(report["removal"], serde_json::json!([]), "nothing is proven, so nothing goes");

    let asked = bench.sandbox.requests();
    let github = asked.iter().filter(|request| request.path.starts_with("/repo")).count();
    assert!(github <= 5 + 1 + 1 + 2, "five, one environment, one more page, the workflows twice: {asked:?}");
}

#[tokio::test]
async fn a_sign_in_that_may_not_read_a_level_says_which_permission_it_takes() {
    let bench = Bench::new().await;
    bench.sign_in_by_app();
    let (code, report) = bench.json().await;
    assert_eq!(code, Some(3), "what was asked for could not be read");
    let gaps = report["not_read"].as_array().unwrap();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert_eq!(gaps[0]["what"], "Dependabot's secrets");
    assert!(gaps[0]["why"].as_str().unwrap().ends_with("it lacks the permission dependabot_secrets: read"), "{gaps:?}");
    assert_eq!(entry(&report, "repository", "NPM_TOKEN")["verdict"], "in-use");

    let granted =
        |permission| bench.sandbox.world().github.installations[0].permissions.insert(permission, Level::Read);
    granted(Permission::DependabotSecrets);
    assert_eq!(bench.json().await.0, Some(0), "now that it may");

    bench.sandbox.world().github.installations.clear();
    let (code, report) = bench.json().await;
    let whole: Vec<&str> =
        report["not_read"].as_array().unwrap().iter().map(|gap| gap["what"].as_str().unwrap()).collect();
    assert_eq!(code, Some(3));
    assert!(whole.contains(&"the repository's secrets") && whole.contains(&"the organisation's secrets"), "{whole:?}");
    let named = entry(&report, "workflow", "NPM_TOKEN");
    assert_eq!((named["verdict"].as_str(), lines(named)), (Some("in-use"), vec![39]));
}

#[tokio::test]
async fn a_repository_that_is_hidden_is_unknown_and_not_empty() {
    let bench = Bench::new().await;
    bench.sign_in(Grant::Scopes { client_id: None, scopes: Vec::new() });
    bench.sandbox.world().github.repos[0].visibility = untoken::sandbox::world::github::Visibility::Private;
    let said = bench.audit(true, &[]).await;
    assert_eq!(said.code, Some(3));
    let out = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains("Not read:") && out.contains("needs the permission secrets: read"), "{}", said.out);
    assert!(!said.out.contains("unused"), "{}", said.out);
}

#[tokio::test]
async fn without_a_sign_in_one_line_says_so_and_the_rest_is_printed() {
    let bench = Bench::new().await;
    std::fs::write(bench.home().join(".npmrc"), "//registry.npmjs.org/:_authToken=npm_not-a-real-token\n").unwrap();
    let said = bench.audit(false, &[]).await;
    assert_eq!(said.code, Some(3));
    let about: Vec<&str> = said.out.lines().filter(|line| line.contains("not read")).collect();
    assert_eq!(
        about.iter().filter(|line| line.starts_with("Secrets on GitHub were not read")).count(),
        1,
        "{}",
        said.out
    );
    assert!(said.out.contains("~/.npmrc") && said.out.contains("release.yml:39"), "{}", said.out);
    assert!(
        said.out
            .lines()
            .all(|line| line.chars().count() <= 80 || line.contains("gh secret") || line.starts_with("Secrets on")),
        "{}",
        said.out
    );
    let requests = bench.sandbox.requests();
    assert!(requests.iter().all(|r| !r.path.contains("secrets") && r.credential == Credential::None), "{requests:?}");
    let offline = bench.audit(true, &["--offline"]).await;
    assert_eq!((offline.code, bench.sandbox.requests().len()), (Some(0), requests.len()), "nobody is asked");
}

#[tokio::test]
async fn a_secret_is_replaced_once_oidc_has_taken_over_and_nothing_uses_it() {
    let bench = Bench::new().await;
    bench.sign_in_as_gh();
    let run = Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        event: "push".to_owned(),
        run_id: "77".to_owned(),
        sha: "0".repeat(40),
    };
    {
        let mut world = bench.sandbox.world();
        let now = world.now();
        let package = world.npm.package_mut("@acme/widgets").unwrap();
        let mut version = package.versions[0].clone();
        version.num = "0.2.0".to_owned();
        version.manifest.insert("version".to_owned(), "0.2.0".into());
        version.created_at = now;
        version.published = PublishedBy::GitHub { publisher: "1".to_owned(), run };
        package.versions.push(version);
    }
    let (_, report) = bench.json().await;
    let used = entry(&report, "repository", "NPM_TOKEN");
    assert_eq!(used["verdict"], "in-use", "a workflow still hands it over");
    assert!(used["why"].as_str().unwrap().ends_with("take it out of the workflow"), "{used}");
    assert_eq!(entry(&report, "environment", "NPM_TOKEN_LEGACY")["verdict"], "replaced");

    bench.edit(RELEASE, |text| text.replace("secrets.NPM_TOKEN", "steps.auth.outputs.token"));
    let (_, report) = bench.json().await;
    let here = entry(&report, "repository", "NPM_TOKEN");
    assert_eq!(here["verdict"], "unknown", "GitHub runs the workflow that uses it");
    assert!(
        here["why"].as_str().unwrap().ends_with("release.yml on main is another version than here: push or pull first")
    );
    assert_eq!(report["removal"], serde_json::json!([]));
    bench.push();
    let (_, report) = bench.json().await;
    let gone = entry(&report, "repository", "NPM_TOKEN");
    assert_eq!(gone["verdict"], "replaced", "{gone}");
    let first = &report["removal"][0];
    assert_eq!(
        (first["name"].as_str(), first["source"].as_str()),
        (Some("NPM_TOKEN"), Some("repository")),
        "{report:#}"
    );
    assert_eq!(first["command"], "gh secret delete NPM_TOKEN --repo acme/widgets");

    bench.edit(".github/workflows/all.yml", |_| {
        "on: push\njobs:\n  all:\n    uses: other/tools/.github/workflows/x.yml@v1\n    secrets: inherit\n".to_owned()
    });
    let (_, report) = bench.json().await;
    let doubted = entry(&report, "repository", "NPM_TOKEN");
    assert_eq!(doubted["verdict"], "unknown", "a workflow that is not here is given all secrets");
    assert!(doubted["why"].as_str().unwrap().contains("hands all secrets to other/tools"), "{doubted}");
    bench.edit(".github/workflows/all.yml", |_| "on: [push\n".to_owned());
    assert_eq!(entry(&bench.json().await.1, "repository", "NPM_TOKEN")["verdict"], "unknown", "a file can't be read");
}

#[tokio::test]
async fn the_nearer_secret_of_the_same_name_goes_first() {
    let bench = Bench::new().await;
    bench.sign_in_as_gh();
    {
        let repo = &mut bench.sandbox.world().github.repos[0];
        let copy = |name: &str, from: &Secret| Secret { name: name.to_owned(), ..from.clone() };
        let some = repo.secrets[0].clone();
        repo.environments[0].secrets.push(copy("NPM_TOKEN", &some));
        repo.environments[0].secrets.push(copy("PYPI_API_TOKEN", &some));
        repo.organization_secrets.push(copy("CARGO_REGISTRY_TOKEN", &some));
    }
    let (_, report) = bench.json().await;
    let verdict = |source: &str, name: &str| entry(&report, source, name)["verdict"].as_str().unwrap().to_owned();
    assert_eq!(verdict("environment", "NPM_TOKEN"), "in-use", "the npm job runs in release");
    assert_eq!(verdict("repository", "NPM_TOKEN"), "shadowed");
    assert_eq!(verdict("environment", "PYPI_API_TOKEN"), "kept", "the PyPI job runs in no environment");
    assert_eq!(verdict("repository", "PYPI_API_TOKEN"), "in-use");
    assert_eq!(verdict("organisation", "CARGO_REGISTRY_TOKEN"), "shadowed");
    assert_eq!(report["removal"], serde_json::json!([]), "without the nearer one it would be used");
}

#[tokio::test]
async fn tables_are_for_people_spreadsheets_and_programs() {
    let bench = Bench::new().await;
    bench.sign_in_as_gh();
    bench.edit(".github/workflows/odd.yml", |_| {
        "on: push\njobs:\n  x:\n    runs-on: u\n    steps:\n      - name: '=HYPERLINK(\"x\")'\n        run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n".to_owned()
    });
    let csv = bench.audit(true, &["--csv"]).await.out;
    assert!(csv.starts_with("registry,source,environment,name,verdict,"), "{csv}");
    assert!(csv.lines().any(|line| line.starts_with("npm,environment,release,NPM_TOKEN_LEGACY,kept,")), "{csv}");
    assert!(csv.lines().all(|line| !line.starts_with('=') && !line.contains(",=")), "{csv}");
    let text = bench.audit(true, &[]).await.out;
    assert!(text.starts_with("REGISTRY   SOURCE        ENV/NAME"), "{text}");
    assert!(text.contains("npm        environment   release/NPM_TOKEN_LEGACY"), "{text}");
    let said = bench.run(&["secrets", "--json", "--csv"], &[], "").await;
    assert_eq!(said.code, Some(2));
}

#[tokio::test]
async fn a_token_in_a_tracked_file_is_told_apart() {
    let bench = Bench::new().await;
    bench.edit(".npmrc", |_| "//registry.npmjs.org/:_authToken=npm_not-a-real-token\n".to_owned());
    let git = |args: &[&str]| std::process::Command::new("git").args(args).current_dir(bench.dir()).output();
    if git(&["init", "-q"]).is_err() {
        return;
    }
    let tracked = async || {
        entry(&serde_json::from_str(&bench.audit(false, &["--json", "--offline"]).await.out).unwrap(), "file", ".npmrc")
            ["tracked"]
            .clone()
    };
    assert_eq!(tracked().await, false);
    git(&["add", "-f", ".npmrc"]).unwrap();
    assert_eq!(tracked().await, true);
}

#[tokio::test]
async fn inspect_tells_the_kind_and_never_the_token() {
    let bench = Bench::new().await;
    let token = format!("npm_{}", "0123456789abcdef0123456789abcdef0123");
    let said = bench.run(&["secrets", "inspect", "--stdin"], &[], &format!("{token}\n")).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{}", said.out);
    assert!(said.out.starts_with("npm: access token, sha256 ") && !said.out.contains(&token[..12]), "{}", said.out);
    let said = bench.run(&["secrets", "inspect", "--env", "HELD", "--json"], &[("HELD", &token)], "").await;
    let value: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((value["kind"]["issuer"].as_str(), value["sha256"].as_str().map(str::len)), (Some("npm"), Some(8)));
    for (args, input) in [(&["secrets", "inspect", "--env", "GONE"][..], ""), (&["secrets", "inspect"], "\n")] {
        let said = bench.run(args, &[], input).await;
        assert!(said.code == Some(1) && said.err.contains("hint:"), "{}", said.err);
    }
    assert!(bench.sandbox.requests().is_empty(), "nobody is asked");
}

#[tokio::test]
async fn inspect_asks_who_made_it_on_request_alone() {
    let bench = Bench::new().await;
    let live = {
        let mut world = bench.sandbox.world();
        let npm = world.npm.add_token("mona", untoken::sandbox::world::npm::TokenKind::Granular);
        let jsr = format!("jsrp_{}", "SandboxNotAToken0001");
        world.jsr.tokens.push(untoken::sandbox::world::jsr::Token {
            value: jsr.clone(),
            user: "mona".to_owned(),
            reach: untoken::sandbox::world::jsr::Reach::Account,
            expires_at: None,
        });
        let github = world.github.add_personal_token("mona", &["repo"]);
        [(npm, Service::Npm, "/-/whoami"), (jsr, Service::JsrApi, "/user"), (github, Service::GitHubApi, "/user")]
    };
    for (token, service, path) in live {
        let ask = async |token: &str, more: &[&str]| {
            let args: Vec<&str> = ["secrets", "inspect", "--ask", "-vv"].iter().chain(more).copied().collect();
            let before = bench.sandbox.requests().len();
            let said = bench.run(&args, &[], &format!("{token}\n")).await;
            let asked: Vec<_> = bench.sandbox.requests().split_off(before);
            assert_eq!(asked.len(), 1, "{asked:?}");
            let one = &asked[0];
            assert_eq!((one.service, one.path.as_str(), one.credential), (service, path, Credential::Sent));
            assert!(!format!("{asked:?}{}{}", said.out, said.err).contains(token), "{} {}", said.out, said.err);
            assert_eq!(holds(&bench.root.path().join("state"), token), None, "the log");
            said
        };
        let said = ask(&token, &[]).await;
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(
            said.out.contains("It works: 127.0.0.1:") && said.out.contains("says that it is mona's"),
            "{}",
            said.out
        );
        let said = ask(&format!("{token}{CANARY}"), &["--json"]).await;
        let value: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!((said.code, value["asked"]["answer"].as_str()), (Some(0), Some("refused")), "{value:#}");
        bench.sandbox.add_fault(Fault::parse(&format!("html@{}:{path}", service.name())).unwrap());
        let said = ask(&token, &[]).await;
        assert_eq!(said.code, Some(3));
        assert!(said.out.contains("is unknown: "), "{}", said.out);
        bench.sandbox.clear_faults();
    }
    let before = bench.sandbox.requests().len();
    let cio = format!("cio{}", "0123456789abcdef0123456789abcdef");
    for input in [cio.as_str(), "00000000-0000-4000-8000-000000000001", CANARY, "ghr_0123456789abcdef0123456789"] {
        let said = bench.run(&["secrets", "inspect", "--ask"], &[], input).await;
        assert_eq!(said.code, Some(3), "{}", said.out);
        assert!(said.out.contains("is unknown: ") && !said.out.contains(input), "{}", said.out);
    }
    assert_eq!(bench.sandbox.requests().len(), before, "nobody is asked who could not tell, or whose it may not be");
    assert_eq!(bench.run(&["secrets", "inspect", "--ask", "--offline"], &[], CANARY).await.code, Some(2));
}

/// Whether a text is anywhere below a folder.
fn holds(folder: &Path, text: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains(text).then_some(path)
    })
}

#[tokio::test]
async fn a_planted_value_comes_out_nowhere() {
    let bench = Bench::new().await;
    bench.sign_in_as_gh();
    let home = |file: &str, text: String| {
        let path = bench.home().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    home(
        ".cargo/credentials.toml",
        format!("[registry]\ntoken = \"{CANARY}\"\n[registries.acme]\ntoken = \"{CANARY}\"\n"),
    );
    home(".npmrc", format!("//registry.npmjs.org/:_authToken={CANARY}\n{CANARY}\n_auth={CANARY}\n"));
    home(".pypirc", format!("[pypi]\nusername = __token__\npassword = {CANARY}\n"));
    home(".gem/credentials", format!("---\n:rubygems_api_key: {CANARY}\n"));
    home(
        ".nuget/NuGet/NuGet.Config",
        format!("<c><apikeys><add key=\"https://www.nuget.org\" value=\"{CANARY}\"/></apikeys></c>"),
    );
    home(".config/dart/pub-credentials.json", format!("{{\"accessToken\":\"{CANARY}\"}}"));
    bench.edit(".npmrc", |_| format!("//registry.npmjs.org/:_authToken={CANARY}\n"));
    bench.edit(".github/workflows/release.yml", |text| {
        format!("{text}\n      - run: npm publish\n        env: {{ NODE_AUTH_TOKEN: {CANARY} }}\n")
    });
    bench.edit(".github/workflows/plain.yml", |_| {
        let key = "${{ secrets.NPM_TOKEN }}";
        format!(
            "on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - run: npm publish --otp {CANARY} --tag {CANARY}\n        \
             env: {{ NODE_AUTH_TOKEN: '{key}' }}\n      - name: with npm_{CANARY}\n        run: {CANARY} {key}\n"
        )
    });
    bench.edit(".github/dependabot.yml", |_| {
        format!("registries:\n  a:\n    token: {CANARY}\n    key: ${{{{ secrets.PRIVATE_NPM_TOKEN }}}}\n")
    });
    let variables = ["CARGO_REGISTRY_TOKEN", "NPM_TOKEN", "TWINE_PASSWORD", "PUB_TOKEN", "GEM_HOST_API_KEY"]
        .map(|name| (name, CANARY));
    let variables: Vec<(&str, &str)> = variables.into_iter().chain([("UNTOKEN_GITHUB_TOKEN", TOKEN)]).collect();
    let dir = bench.dir();
    for options in [&["-vv"][..], &["--json"], &["--csv"], &["--offline"]] {
        let args: Vec<&str> =
            ["secrets", dir.to_str().unwrap(), "--repo", "acme/widgets"].iter().chain(options).copied().collect();
        let said = bench.run(&args, &variables, "").await;
        assert!(said.out.contains("NPM_TOKEN") && said.out.contains("credentials.toml"), "{}", said.out);
        for secret in [CANARY, TOKEN] {
            assert!(!said.out.contains(secret) && !said.err.contains(secret), "{options:?}: {} {}", said.out, said.err);
        }
    }
    let registries = ["crates.io", "npm", "pypi", "rubygems", "nuget", "pub.dev"];
    let said = bench.run(&["secrets", dir.to_str().unwrap(), "--offline", "--json"], &variables, "").await;
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let files: Vec<&str> = report["secrets"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["source"] == "file")
        .map(|e| e["registry"].as_str().unwrap())
        .collect();
    assert!(registries.iter().all(|registry| files.contains(registry)), "{files:?}");
    for input in [CANARY.to_owned(), format!("pypi-{CANARY}"), format!("npm_{CANARY}"), format!("{CANARY}\n{CANARY}\n")]
    {
        let said = bench.run(&["secrets", "inspect", "--stdin", "-vv"], &[], &input).await;
        assert!(!said.out.contains(CANARY) && !said.err.contains(CANARY), "{} {}", said.out, said.err);
        let said = bench.run(&["secrets", "inspect", "--env", "HELD"], &[("HELD", &input)], "").await;
        assert!(!said.out.contains(CANARY) && !said.err.contains(CANARY), "{} {}", said.out, said.err);
    }
    assert_eq!(holds(&bench.root.path().join("state"), CANARY), None, "log and journal");
    assert!(bench.root.path().join("state/untoken.log").is_file(), "there is a log to look into");
    let sent = format!("{:?}", bench.sandbox.requests());
    assert!(!sent.contains(CANARY), "no registry and no GitHub is given it");
}
