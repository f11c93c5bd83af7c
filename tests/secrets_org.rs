//! `untoken secrets --org`: a whole organisation, against the sandbox's GitHub with its limits, its tags of answers and its
//! pages. The large one is read with a clock that the sandbox shares: pauses take no time, and the minute that GitHub counts
//! passes all the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value;
use untoken::github::{Answers, Endpoints, Token, TokenSource, read_organization};
use untoken::model::{OrganizationSecrets, Reading, Timestamp};
use untoken::net::{Clock, Http, Settings};
use untoken::sandbox::world::github::Role;
use untoken::sandbox::{Fault, Sandbox, SandboxOptions};

/// The services' own clock: who waits by it moves it on.
struct Shared(Arc<Sandbox>);

impl Clock for Shared {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix(self.0.world().now().timestamp())
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.world().advance(TimeDelta::from_std(duration).unwrap());
        tokio::task::yield_now().boxed()
    }
}

struct Bench {
    sandbox: Arc<Sandbox>,
    root: tempfile::TempDir,
    token: String,
}

impl Bench {
    /// An organisation of this many repositories.
    async fn new(repositories: usize) -> Self {
        let sandbox = Arc::new(Sandbox::start(SandboxOptions::default()).await.unwrap());
        sandbox.world().add_repositories(repositories - 1);
        let token = sandbox.world().github.add_personal_token("mona", &["repo"]);
        Self { sandbox, root: tempfile::tempdir().unwrap(), token }
    }

    fn state(&self) -> std::path::PathBuf {
        self.root.path().join("state")
    }

    /// Reads it in this process, by the sandbox's clock.
    async fn read(&self) -> OrganizationSecrets {
        let env = self.sandbox.env();
        let lookup = |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let endpoints = Endpoints::resolve(lookup, &[]).unwrap();
        let clock = Arc::new(Shared(Arc::clone(&self.sandbox)));
        let http = Http::with(Settings { clock: clock.clone(), ..Settings::default() }).unwrap();
        let token = Token::new(self.token.as_str().into(), TokenSource::Pasted);
        let name = "acme".parse().unwrap();
        let answers = Answers::open(&self.state(), &endpoints, &name, clock.now());
        read_organization(&http, &endpoints, &token, &name, &answers, &|_, _| ()).await.unwrap()
    }

    fn command(&self, options: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("untoken"));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.root.path());
        command.env("UNTOKEN_STATE_DIR", self.state()).env("UNTOKEN_SECRET_STORE", "memory");
        command.envs(self.sandbox.env()).env("UNTOKEN_GITHUB_TOKEN", &self.token);
        command.args(["secrets", "--org", "acme"]).args(options).current_dir(self.root.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    async fn run(&self, options: &[&str]) -> (Option<i32>, String, String) {
        let mut command = self.command(options);
        said(tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap())
    }

    async fn json(&self) -> (Option<i32>, Value) {
        let (code, out, err) = self.run(&["--json"]).await;
        (code, serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out} {err}")))
    }

    /// Starts a run, and waits until GitHub was asked this many times more.
    async fn begin(&self, requests: usize) -> Child {
        let before = self.sandbox.requests().len();
        let child = self.command(&["--json"]).spawn().unwrap();
        while self.sandbox.requests().len() < before + requests {
            tokio::task::yield_now().await;
        }
        child
    }
}

fn said(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Whether every level of every repository was read.
fn is_whole(read: &OrganizationSecrets) -> bool {
    read.repositories.iter().all(|one| {
        let names = &one.names;
        let lists = [&names.at_repository, &names.organization, &names.dependabot];
        let inside = names.environments.value().map(|all| all.iter().all(|(_, list)| list.value().is_some()));
        lists.iter().all(|list| list.value().is_some()) && inside == Some(true)
    })
}

#[tokio::test]
async fn five_hundred_repositories_are_read_within_githubs_limits_and_again_at_no_cost() {
    let bench = Bench::new(500).await;
    // The first run fits in, the second one only if what is as it was does not count.
    bench.sandbox.world().github.limits.requests_an_hour = 2_300;
    let began = bench.sandbox.world().now();
    let first = bench.read().await;
    let took = bench.sandbox.world().now() - began;
    let environments: usize =
        first.repositories.iter().map(|one| one.names.environments.value().map_or(0, Vec::len)).sum();
    assert!(is_whole(&first) && first.repositories.len() == 500 && environments == 167);
    assert_eq!(first.requests.sent, 500 * 4 + environments + 5, "four each, one an environment, five pages");
    assert_eq!(first.requests.sent, bench.sandbox.requests().len());

    let second = bench.read().await;
    assert!(is_whole(&second));
    assert!(second.requests.unchanged * 100 >= second.requests.sent * 90, "{:?}", second.requests);
    assert_eq!(bench.sandbox.world().github.limits.refusals, 0, "nobody had to be slowed down");
    let names = |read: &OrganizationSecrets| -> Vec<_> {
        read.repositories.iter().flat_map(|one| one.names.at_repository.value().unwrap().clone()).collect()
    };
    assert_eq!(names(&first), names(&second));
    println!("first: {:?}, {} s; second: {:?}", first.requests, took.num_seconds(), second.requests);

    // A change is seen, and so is what a page no longer holds.
    bench.sandbox.world().github.repos[7].secrets.clear();
    let third = bench.read().await;
    assert_eq!(third.requests.unchanged, third.requests.sent - 1);
    assert!(names(&third).len() < names(&second).len());
}

#[tokio::test]
async fn whoever_is_told_to_slow_down_waits_and_gets_it_all() {
    let bench = Bench::new(120).await;
    bench.sandbox.world().github.limits.points_a_minute = 200;
    let read = bench.read().await;
    assert!(is_whole(&read), "{:?}", read.requests);
    let refusals = bench.sandbox.world().github.limits.refusals;
    assert!((2..=12).contains(&refusals), "{refusals} refusals: it goes on only after the time that GitHub names");
}

#[tokio::test]
async fn a_spent_hour_leaves_the_rest_unknown_until_the_next() {
    let bench = Bench::new(60).await;
    bench.sandbox.world().github.limits.requests_an_hour = 100;
    let read = bench.read().await;
    assert!(!is_whole(&read) && read.requests.sent < 110, "{:?}", read.requests);
    let last = &read.repositories.last().unwrap().names.at_repository;
    let Reading::Unknown(why) = last else { panic!("{last:?}") };
    assert!(why.why.contains("no more requests") && why.hint.as_ref().unwrap().starts_with("wait until"), "{why:?}");
    bench.sandbox.world().github.limits.requests_an_hour = 5_000;
    let rest = bench.read().await;
    assert!(is_whole(&rest) && rest.requests.taken_over >= 99, "{:?}", rest.requests);
    assert_eq!(rest.requests.taken_over + rest.requests.sent, 60 * 4 + 20 + 1);
}

#[tokio::test]
async fn the_program_tells_all_of_it_and_keeps_only_names() {
    let bench = Bench::new(6).await;
    let (code, report) = bench.json().await;
    assert_eq!(code, Some(0), "{report:#}");
    let all = report["repositories"].as_array().unwrap();
    assert_eq!(all.len(), 6);
    let part = all.iter().find(|one| one["repository"] == "acme/part-0005").unwrap();
    let npm = part["secrets"].as_array().unwrap().iter().find(|one| one["name"] == "NPM_TOKEN").unwrap();
    assert_eq!((npm["registry"].as_str(), npm["verdict"].as_str()), (Some("npm"), Some("unknown")));
    assert!(npm["why"].as_str().unwrap().contains("untoken secrets --repo acme/part-0005"), "{npm}");
    assert_eq!(report["requests"]["sent"], 6 * 4 + 2 + 1);

    let (code, text, _) = bench.run(&[]).await;
    assert_eq!(code, Some(0));
    assert!(text.contains("acme/part-0005\n  npm        repository    NPM_TOKEN"), "{text}");
    assert!(text.contains("27 requests, 27 of them answered \"as it was\""), "{text}");
    assert!(text.contains("ACME_NPM_TOKEN") && text.contains("with 6 repositories"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let (_, csv, _) = bench.run(&["--csv"]).await;
    assert!(csv.starts_with("repository,archived,fork,registry,source,"), "{csv}");
    assert!(
        csv.lines().any(|line| line.starts_with("acme/part-0005,no,no,npm,repository,,NPM_TOKEN,unknown,")),
        "{csv}"
    );

    let folder = bench.state().join("answers");
    let kept: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(is_private(&folder) && is_private(&kept[0]));
    let text = std::fs::read_to_string(&kept[0]).unwrap();
    assert!(!text.contains(&bench.token) && text.contains("NPM_TOKEN") && !text.contains("avatar_url"), "{text}");
    for (args, code) in [(&["--repo", "acme/widgets"][..], 2), (&["--json", "--csv"], 2), (&["--offline"], 2)] {
        assert_eq!(bench.run(args).await.0, Some(code), "{args:?}");
    }
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}

#[tokio::test]
async fn what_may_not_be_read_is_unknown_and_named_with_its_permission() {
    let bench = Bench::new(4).await;
    {
        let github = &mut bench.sandbox.world().github;
        github.repos[1].collaborators.insert("mona".to_owned(), Role::Read);
    }
    let (code, report) = bench.json().await;
    assert_eq!(code, Some(3));
    let gaps = |at: usize| report["repositories"][at]["not_read"].as_array().unwrap();
    assert_eq!((gaps(0).len(), gaps(1).len()), (3, 0), "{report:#}");
    assert!(gaps(0)[0]["hint"].as_str().unwrap().contains("secrets: read"), "{:?}", gaps(0));
    let (_, csv, _) = bench.run(&["--csv"]).await;
    assert!(csv.lines().any(|line| line.starts_with("acme/part-0001,no,no,,,,,unknown,")), "{csv}");

    // One large answer, one page of a portal, one server that fails: each is its own repository's trouble.
    for fault in ["403@github:/repos/acme/part-0002/", "html@github:/repos/acme/part-0003/actions"] {
        bench.sandbox.add_fault(Fault::parse(fault).unwrap());
    }
    let (code, report) = bench.json().await;
    let gaps = |at: usize| report["repositories"][at]["not_read"].as_array().unwrap().len();
    assert_eq!((code, gaps(1), gaps(2), gaps(3)), (Some(3), 4, 2, 0), "{report:#}");
}

#[tokio::test]
async fn a_run_that_is_broken_off_says_so_and_the_next_one_takes_over() {
    let bench = Bench::new(10).await;
    let child = bench.begin(20).await;
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let (code, out, err) = said(tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap());
    assert_eq!((code, out.as_str()), (Some(130), ""), "{err}");
    assert!(err.starts_with("error: interrupted after ") && err.contains("of 10 repositories"), "{err}");

    let mut child = bench.begin(10).await;
    child.kill().unwrap();
    tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    let (code, report) = bench.json().await;
    assert_eq!((code, report["repositories"].as_array().unwrap().len()), (Some(0), 10));
    let count = |what: &str| report["requests"][what].as_u64().unwrap();
    assert!(count("taken_over") >= 25, "{report:#}");
    assert_eq!(count("taken_over") + count("sent"), 10 * 4 + 4 + 1);
    let (_, again) = bench.json().await;
    assert_eq!(again["requests"], serde_json::json!({ "sent": 45, "not_modified": 45, "taken_over": 0 }));
}

#[tokio::test]
async fn a_server_that_is_gone_and_a_missing_sign_in_are_told_at_once() {
    let bench = Bench::new(2).await;
    bench.sandbox.add_fault(Fault::parse("404@github:/orgs/acme").unwrap());
    let (code, out, err) = bench.run(&[]).await;
    assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
    assert!(err.contains("organisation acme") && err.contains("hint:"), "{err}");
    bench.sandbox.clear_faults();
    bench.sandbox.add_fault(Fault::parse("reset@github:/repos/").unwrap());
    let before = bench.sandbox.requests().len();
    let (code, report) = bench.json().await;
    assert_eq!((code, report["repositories"].as_array().unwrap().len()), (Some(3), 2), "{report:#}");
    assert!(bench.sandbox.requests().len() - before <= 10, "nobody is asked on and on");

    let mut command = bench.command(&[]);
    command.env_remove("UNTOKEN_GITHUB_TOKEN");
    let (code, _, err) = said(tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap());
    assert!(code == Some(3) && err.contains("nobody is signed in"), "{err}");
}
