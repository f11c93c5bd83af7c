//! untoken makes an environment in the sandbox's GitHub: with every kind of token, under every fault, and again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use untoken::github::{Endpoints, GithubError, Token, TokenSource, make_environment, read_environment, read_guard};
use untoken::model::{EnvironmentMade, EnvironmentName, EnvironmentWish, RefKind, RefPattern, RepoSlug};
use untoken::net::Http;
use untoken::sandbox::world::github::{
    BranchPolicy, Enforcement, Grant, Level, Permission, RefKind as RefKindThere, Role, Ruleset, SelfReview,
    Token as Known,
};
use untoken::sandbox::{Fault, Sandbox, SandboxOptions, visit};

const ENVIRONMENT: &str = "/repos/acme/widgets/environments/publish";
const NAME: &str = "publish";

struct Bench {
    sandbox: Sandbox,
    http: Http,
    endpoints: Endpoints,
}

impl Bench {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SandboxOptions::default()).await.unwrap();
        let env = sandbox.env();
        let lookup = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone());
        Self { endpoints: Endpoints::resolve(lookup, &[]).unwrap(), http: Http::new().unwrap(), sandbox }
    }

    fn personal(&self, user: &str, scopes: &[&str]) -> Token {
        let value = self.sandbox.world().github.add_personal_token(user, scopes);
        Token::new(value.into(), TokenSource::Environment("GH_TOKEN"))
    }

    /// A token of the App, with these permissions besides its own.
    fn app(&self, more: &[(Permission, Level)]) -> Token {
        let value = "ghu_SandboxNotATokenOfTheApp".to_owned();
        let mut world = self.sandbox.world();
        let github = &mut world.github;
        github.installations[0].permissions.extend(BTreeMap::from_iter(more.iter().copied()));
        let client_id = github.clients[0].client_id.clone();
        let grant = Grant::App { client_id, only: None };
        let user = "mona".to_owned();
        github.tokens.push(Known { value: value.clone(), user, grant, expires_at: None, refresh: None });
        Token::new(value.into(), TokenSource::Device)
    }

    async fn make(&self, token: &Token, wish: &EnvironmentWish) -> Result<EnvironmentMade, GithubError> {
        make_environment(&self.http, &self.endpoints, token, &slug(), wish).await
    }

    fn fault(&self, fault: &str) {
        self.sandbox.add_fault(Fault::parse(fault).unwrap());
    }

    fn changes(&self) -> Vec<String> {
        let all = self.sandbox.requests().into_iter().filter(|request| request.method != "GET");
        all.map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

fn slug() -> RepoSlug {
    "acme/widgets".parse().unwrap()
}

fn wish() -> EnvironmentWish {
    let tag = |pattern: &str| RefPattern { kind: RefKind::Tag, pattern: pattern.to_owned() };
    EnvironmentWish {
        name: EnvironmentName::new(NAME).unwrap(),
        refs: vec![tag("v*"), tag("w-*")],
        reviewers: Vec::new(),
    }
}

#[tokio::test]
async fn it_is_made_once_and_a_second_run_sends_nothing() {
    let bench = Bench::new().await;
    let token = bench.personal("mona", &["repo"]);
    let reviewed = EnvironmentWish { reviewers: vec![("mona".to_owned(), 7_000_001)], ..wish() };
    assert!(matches!(bench.make(&token, &reviewed).await, Ok(EnvironmentMade::Done(_))));
    {
        let world = bench.sandbox.world();
        let made = world.github.repos[0].environment(NAME).unwrap();
        assert_eq!((made.reviewers.as_slice(), made.self_review), (&["mona".to_owned()][..], SelfReview::Allowed));
        let BranchPolicy::Custom(patterns) = &made.branches else { panic!("{made:?}") };
        assert_eq!(patterns.len(), 2);
    }
    let before = bench.changes();
    assert_eq!(before.len(), 3, "{before:?}");
    assert!(matches!(bench.make(&token, &reviewed).await, Ok(EnvironmentMade::AlreadySo(_))));
    assert_eq!(bench.changes(), before);
}

#[tokio::test]
async fn who_may_not_is_told_what_is_missing_and_nothing_is_made() {
    for tier in 0..4 {
        let bench = Bench::new().await;
        let (token, says) = match tier {
            0 => (bench.app(&[]), "administration: write"),
            1 => (bench.app(&[(Permission::Administration, Level::Read)]), "administration: write"),
            2 => (bench.personal("mona", &["read:org"]), "scope repo"),
            _ => {
                bench.sandbox.world().github.repos[0].collaborators.insert("octocat".to_owned(), Role::Maintain);
                (bench.personal("octocat", &["repo"]), "admin rights")
            }
        };
        let error = bench.make(&token, &wish()).await.unwrap_err();
        assert!(matches!(&error, GithubError::MayNotChange { .. }) && error.to_string().contains(says), "{error}");
        assert!(bench.sandbox.world().github.repos[0].environment(NAME).is_none());
    }
    let bench = Bench::new().await;
    let token = bench.app(&[(Permission::Administration, Level::Write)]);
    assert!(matches!(bench.make(&token, &wish()).await, Ok(EnvironmentMade::Done(_))));
}

#[tokio::test]
async fn after_any_fault_the_next_try_comes_to_the_same_end() {
    let places = [ENVIRONMENT.to_owned(), format!("{ENVIRONMENT}/deployment-branch-policies")];
    for kind in ["403", "404", "500", "429", "reset", "cut"] {
        for place in &places {
            let bench = Bench::new().await;
            let token = bench.personal("mona", &["repo"]);
            bench.fault(&format!("{kind}x1@github:{place}"));
            // A read that fails on its way is read again at once; nothing else may be called done.
            let first = bench.make(&token, &wish()).await;
            bench.sandbox.clear_faults();
            let second = bench.make(&token, &wish()).await;
            match (&first, &second) {
                (Ok(EnvironmentMade::Done(_)), Ok(EnvironmentMade::AlreadySo(_))) => {}
                (Err(_), Ok(EnvironmentMade::Done(_) | EnvironmentMade::AlreadySo(_))) => {}
                other => panic!("{kind} at {place}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn the_settings_page_makes_one_that_is_then_read() {
    let bench = Bench::new().await;
    let token = bench.app(&[]);
    let name = EnvironmentName::new(NAME).unwrap();
    let read = || read_environment(&bench.http, &bench.endpoints, Some(&token), &SLUG, &name);
    static SLUG: std::sync::LazyLock<RepoSlug> = std::sync::LazyLock::new(slug);
    assert_eq!(read().await.unwrap(), None);
    let page = format!("{}/acme/widgets/settings/environments/new", bench.sandbox.urls().github);
    visit(&page, &[("Name", NAME), ("Tag rule", "v* w-*")]).await.unwrap();
    assert_eq!(read().await.unwrap().unwrap().differs_from(&wish()), None);
}

#[tokio::test]
async fn rulesets_and_those_who_can_push_are_read() {
    let bench = Bench::new().await;
    {
        let mut world = bench.sandbox.world();
        let repo = &mut world.github.repos[0];
        repo.collaborators.insert("octocat".to_owned(), Role::Read);
        let ruleset = |id, target, enforcement, rule: &str| Ruleset {
            id,
            name: format!("ruleset {id}"),
            target,
            enforcement,
            include: vec!["~ALL".to_owned()],
            rules: vec![rule.to_owned()],
            bypass: 1,
        };
        repo.rulesets = vec![
            ruleset(1, RefKindThere::Tag, Enforcement::Active, "creation"),
            ruleset(2, RefKindThere::Tag, Enforcement::Disabled, "deletion"),
            ruleset(3, RefKindThere::Branch, Enforcement::Active, "pull_request"),
        ];
    }
    let token = bench.personal("mona", &["repo"]);
    let guard = read_guard(&bench.http, &bench.endpoints, Some(&token), &slug(), "main").await;
    let people = guard.collaborators.value().unwrap();
    assert_eq!(people.iter().map(|one| (one.login.as_str(), one.id)).collect::<Vec<_>>(), [("mona", 7_000_001)]);
    assert_eq!(guard.branch_rules.value().unwrap(), &["pull_request"]);
    let [tags] = guard.tag_rulesets.value().unwrap().as_slice() else { panic!("{guard:?}") };
    assert_eq!((tags.rules.as_slice(), tags.bypass), (&["creation".to_owned()][..], Some(1)));
    let anonymous = read_guard(&bench.http, &bench.endpoints, None, &slug(), "main").await;
    assert_eq!(anonymous.tag_rulesets.value().unwrap()[0].bypass, None, "only administrators see it");
}
