//! untoken's GitHub room against the sandbox's GitHub: sign-in as a person does it, reading, renewing, signing out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use untoken::github::{
    ClientId, DeviceEvent, Endpoints, GithubError, SignInError, Token, TokenKind, TokenSource, TokenStore,
    device_sign_in, ensure_fresh, identify, read_facts, remote_files, revoke,
};
use untoken::model::{
    EnvironmentName, GithubFacts, Permission, Reading, RepoSlug, SecretFact, Timestamp, TokenReach, WorkflowState,
};
use untoken::net::{Clock, Http, Settings};
use untoken::sandbox::world::github::{DeviceFlow, Rename, Secret, Visibility};
use untoken::sandbox::{Credential, Fault, LoggedRequest, Sandbox, SandboxOptions, visit};
use untoken::secret_store::Memory;

/// The sandbox's own time: waiting moves it on and takes none.
struct Tide(Arc<Sandbox>);

impl Clock for Tide {
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
    http: Http,
    endpoints: Endpoints,
    client_id: ClientId,
    store: TokenStore,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        Self::with_patience(Duration::from_secs(30)).await
    }

    /// One whose answers may take this long, and whose slow answers take longer.
    async fn with_patience(whole: Duration) -> Self {
        let options = SandboxOptions { slow: whole + Duration::from_millis(200), ..SandboxOptions::default() };
        let sandbox = Arc::new(Sandbox::start(options).await.unwrap());
        let env = sandbox.env();
        let lookup = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
        let endpoints = Endpoints::resolve(lookup, &[]).unwrap();
        let client_id = ClientId::choose(None, lookup("UNTOKEN_GITHUB_CLIENT_ID").as_deref()).unwrap();
        let clock = Arc::new(Tide(sandbox.clone()));
        let http = Http::with(Settings { clock, whole, ..Settings::default() }).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = TokenStore::new(Arc::new(Memory::default()), folder.path(), &endpoints);
        Self { sandbox, http, endpoints, client_id, store, _folder: folder }
    }

    async fn with_faults(faults: &[&str]) -> Self {
        let bench = Self::new().await;
        for fault in faults {
            bench.sandbox.add_fault(Fault::parse(fault).unwrap());
        }
        bench
    }

    /// Signs in while a person approves the code in the browser.
    async fn sign_in(&self) -> (Result<Token, SignInError>, Vec<DeviceEvent>) {
        let events = Mutex::new(Vec::new());
        let (codes, mut to_type) = mpsc::unbounded_channel::<(String, String)>();
        let seen = &events;
        let person = async {
            let Some((code, page)) = to_type.recv().await else { return };
            visit(&page, &[("user_code", code.as_str())]).await.unwrap();
        };
        let flow = device_sign_in(&self.http, &self.endpoints, &self.client_id, move |event| {
            if let DeviceEvent::Code { user_code, verification_uri, .. } = &event {
                codes.send((user_code.clone(), verification_uri.clone())).unwrap();
            }
            seen.lock().unwrap().push(event);
        });
        let (outcome, ()) = tokio::join!(flow, person);
        (outcome, events.into_inner().unwrap())
    }

    async fn facts(&self, token: Option<&Token>, slug: &str) -> GithubFacts {
        let named = [EnvironmentName::new("release").unwrap()];
        read_facts(&self.http, &self.endpoints, token, &slug.parse().unwrap(), &named).await
    }

    fn api_requests(&self) -> Vec<LoggedRequest> {
        self.sandbox
            .requests()
            .into_iter()
            .filter(|r| r.path.starts_with("/repos") || r.path.starts_with("/user"))
            .collect()
    }
}

fn slug() -> RepoSlug {
    "acme/widgets".parse().unwrap()
}

fn names(reading: &Reading<Vec<SecretFact>>) -> Vec<&str> {
    reading.value().unwrap_or_else(|| panic!("{reading:?}")).iter().map(|s| s.name.as_str()).collect()
}

fn why<T: std::fmt::Debug>(reading: &Reading<T>) -> &str {
    match reading {
        Reading::Unknown(unknown) => &unknown.why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_person_signs_in_and_the_repository_is_read() {
    let bench = Bench::new().await;
    let (token, events) = bench.sign_in().await;
    let token = token.unwrap();
    assert!(!events.iter().any(|e| matches!(e, DeviceEvent::SlowedDown { .. })), "asked too often: {events:?}");
    assert_eq!((token.kind, token.source), (TokenKind::App, TokenSource::Device));
    let identity = identify(&bench.http, &bench.endpoints, &token, Some(&slug())).await.unwrap();
    assert_eq!(identity.login, "mona");
    let TokenReach::App { permissions } = identity.reach else { panic!("{:?}", identity.reach) };
    assert!(permissions.contains(&("secrets".into(), "read".into())), "{permissions:?}");

    let facts = bench.facts(Some(&token), "Acme/Widgets").await;
    let repository = facts.repository.value().unwrap();
    assert_eq!((repository.slug.to_string().as_str(), repository.default_branch.as_str()), ("acme/widgets", "main"));
    assert_eq!((repository.permission, repository.owned_by_organization), (Some(Permission::Admin), true));
    let workflows = facts.workflows.value().unwrap();
    assert_eq!(
        workflows.iter().map(|w| w.path.as_str()).collect::<Vec<_>>(),
        [".github/workflows/ci.yml", ".github/workflows/release.yml"]
    );
    assert!(workflows.iter().all(|w| w.state == Some(WorkflowState::Active) && w.blob.is_some()), "{workflows:?}");
    let [release] = facts.environments.value().unwrap().as_slice() else { panic!() };
    assert!(release.is_bare(), "as GitHub made it at the first run");
    assert_eq!(names(&release.secrets), ["NPM_TOKEN_LEGACY"]);
    assert_eq!(names(&facts.repository_secrets), ["CARGO_REGISTRY_TOKEN", "NPM_TOKEN", "PYPI_API_TOKEN"]);
    assert_eq!(names(&facts.organization_secrets), ["ACME_NPM_TOKEN"]);
    assert!(facts.oidc_subject.value().unwrap().default_template);
    assert!(bench.api_requests().len() <= 16, "{:?}", bench.api_requests());
}

#[tokio::test]
async fn the_pages_of_a_long_list_are_all_read() {
    let bench = Bench::new().await;
    let (token, _) = bench.sign_in().await;
    let now = bench.sandbox.world().now();
    let secret = |n| Secret { name: format!("SECRET_{n:03}"), created_at: now, updated_at: now };
    bench.sandbox.world().github.repos[0].secrets = (0..250).map(secret).collect();
    let facts = bench.facts(Some(&token.unwrap()), "acme/widgets").await;
    let names = names(&facts.repository_secrets);
    assert_eq!((names.len(), names[249]), (250, "SECRET_249"));
}

#[tokio::test]
async fn without_signing_in_nothing_secret_is_asked() {
    let bench = Bench::new().await;
    let facts = bench.facts(None, "acme/widgets").await;
    assert_eq!(facts.workflows.value().unwrap().len(), 2);
    assert_eq!(why(&facts.repository_secrets), "nobody is signed in to GitHub");
    let requests = bench.api_requests();
    assert!(requests.iter().all(|r| r.credential == Credential::None && !r.path.contains("secrets")), "{requests:?}");
}

#[tokio::test]
async fn a_hidden_repository_is_unknown_and_not_empty() {
    let bench = Bench::new().await;
    {
        let mut world = bench.sandbox.world();
        world.github.repos[0].visibility = Visibility::Private;
        world.github.installations.clear();
    }
    let (token, _) = bench.sign_in().await;
    let token = token.unwrap();
    let facts = bench.facts(Some(&token), "acme/widgets").await;
    for why in [why(&facts.repository), why(&facts.workflows), why(&facts.environments), why(&facts.repository_secrets)]
    {
        assert!(why.contains("GitHub shows no") || why.contains("the token may not read"), "{why}");
    }
    let identity = identify(&bench.http, &bench.endpoints, &token, Some(&slug())).await.unwrap();
    assert_eq!(identity.reach, TokenReach::App { permissions: vec![] });
}

#[tokio::test]
async fn a_missing_permission_is_named_for_that_part_alone() {
    let bench = Bench::new().await;
    bench.sandbox.world().github.installations[0].permissions.retain(|p, _| p.name() != "secrets");
    let (token, _) = bench.sign_in().await;
    let facts = bench.facts(Some(&token.unwrap()), "acme/widgets").await;
    assert!(why(&facts.repository_secrets).ends_with("it lacks the permission secrets: read"));
    assert!(facts.environments.value().is_some() && facts.oidc_subject.value().is_some());
}

#[tokio::test]
async fn a_rename_leads_to_the_new_name() {
    let bench = Bench::new().await;
    let (token, _) = bench.sign_in().await;
    {
        let github = &mut bench.sandbox.world().github;
        let repo = github.repos[0].id;
        github.renames.push(Rename { from: "acme/gadgets".into(), repo });
    }
    let facts = bench.facts(Some(&token.unwrap()), "acme/gadgets").await;
    assert_eq!(facts.repository.value().unwrap().slug, slug());
    assert!(!names(&facts.repository_secrets).is_empty());
}

#[tokio::test]
async fn each_way_a_sign_in_ends_is_told_apart() {
    for (fault, wanted) in [("denied", SignInError::Denied), ("expired", SignInError::Expired)] {
        assert_eq!(Bench::with_faults(&[fault]).await.sign_in().await.0.unwrap_err(), wanted);
    }
    let (outcome, events) = Bench::with_faults(&["slow_down"]).await.sign_in().await;
    assert!(outcome.is_ok(), "one slow_down is heeded: {outcome:?}");
    assert!(events.contains(&DeviceEvent::SlowedDown { interval_seconds: 6 }), "{events:?}");
    let twice = Bench::with_faults(&["slow_downx2"]).await.sign_in().await.0;
    assert_eq!(twice.unwrap_err(), SignInError::ClockDrift);

    let gone = Bench::new().await;
    gone.sandbox.world().github.clients[0].device_flow = DeviceFlow::Disabled;
    assert!(matches!(gone.sign_in().await.0, Err(SignInError::DeviceFlowDisabled { .. })));
    gone.sandbox.world().github.clients.clear();
    assert!(matches!(gone.sign_in().await.0, Err(SignInError::UnknownApp { .. })));
}

#[tokio::test]
async fn trouble_while_waiting_is_shown_and_survived() {
    let poll = |fault: &str| format!("{fault}x1@github:/login/oauth/access_token");
    for fault in ["500", "html", "cut", "slow", "reset", "429"] {
        let bench = Bench::with_patience(Duration::from_millis(if fault == "slow" { 500 } else { 30_000 })).await;
        bench.sandbox.add_fault(Fault::parse(&poll(fault)).unwrap());
        let (outcome, events) = bench.sign_in().await;
        assert!(outcome.is_ok(), "{fault}: {outcome:?}");
        assert!(matches!(events[1], DeviceEvent::Trouble(_)), "{fault}: {events:?}");
        assert_eq!(events[2], DeviceEvent::Recovered, "{fault}");
    }
}

#[tokio::test]
async fn a_sign_in_is_renewed_kept_and_ended() {
    let bench = Bench::new().await;
    let token = bench.sign_in().await.0.unwrap();
    bench.store.save(&token).await.unwrap();
    bench.sandbox.world().advance(TimeDelta::hours(8) - TimeDelta::seconds(30));
    let renewed = ensure_fresh(&bench.http, &bench.endpoints, &bench.store, &token).await.unwrap();
    assert_ne!(renewed.fingerprint(), token.fingerprint());
    let (http, endpoints) = (&bench.http, &bench.endpoints);
    assert_eq!(identify(http, endpoints, &token, None).await, Err(GithubError::TokenRefused), "the old one is dead");
    assert!(identify(http, endpoints, &renewed, None).await.is_ok());
    assert_eq!(bench.store.load().await.unwrap().unwrap().fingerprint(), renewed.fingerprint());

    revoke(http, endpoints, &renewed).await.unwrap();
    assert_eq!(bench.sandbox.world().github.tokens.len(), 0);
    bench.sandbox.world().advance(TimeDelta::hours(8));
    let dead = ensure_fresh(http, endpoints, &bench.store, &renewed).await;
    assert_eq!(dead.unwrap_err(), SignInError::CannotRenew);
    assert!(bench.store.load().await.unwrap().is_none());
}

#[tokio::test]
async fn faults_hit_one_part_and_reads_are_patient() {
    let bench = Bench::new().await;
    let token = bench.sign_in().await.0.unwrap();
    for fault in ["429x2@/actions/secrets", "resetx1@/environments", "cutx1@/contents", "401@/oidc"] {
        bench.sandbox.add_fault(Fault::parse(fault).unwrap());
    }
    let facts = bench.facts(Some(&token), "acme/widgets").await;
    assert_eq!(names(&facts.repository_secrets).len(), 3);
    assert!(facts.environments.value().is_some());
    assert!(facts.workflows.value().unwrap().iter().all(|w| w.blob.is_some()));
    assert_eq!(why(&facts.oidc_subject), "GitHub no longer accepts the token");
}

#[tokio::test]
async fn a_repository_is_read_from_afar() {
    let bench = Bench::new().await;
    let read = remote_files(&bench.http, &bench.endpoints, None, &slug(), None).await.unwrap();
    let expected = bench.sandbox.world().github.repos[0].files.clone();
    assert!(read.left_out.is_empty());
    assert!(read.files.iter().any(|f| f.path.as_str() == ".github/workflows/release.yml"));
    assert!(read.files.iter().any(|f| f.path.as_str() == "putitoutthere.toml"));
    for file in &read.files {
        assert_eq!(file.bytes.as_ref(), expected[file.path.as_str()].as_slice(), "{}", file.path);
    }
    assert!(read.files.len() < expected.len(), "sources are not fetched");
}
