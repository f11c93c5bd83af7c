#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::sandbox::testing::client;
use crate::sandbox::world::Run;
use crate::sandbox::world::ruby_gems::{Gem, KeyCode, KeyScope, Role, SecondFactor, User, Version};
use crate::sandbox::{Sandbox, SandboxOptions, World, visit};

const LIST: &str = "/api/v1/gems/widgets/trusted_publishers";

/// A gem of mona's, and a key of hers.
async fn sandbox(scope: KeyScope, role: Role, factor: SecondFactor) -> (Sandbox, String) {
    let mut world = World::demo();
    let now = world.now();
    let gems = &mut world.ruby_gems;
    gems.browser_user = "mona".to_owned();
    gems.code = "123456".to_owned();
    gems.users.push(User { handle: "mona".to_owned(), second_factor: factor });
    gems.gems.push(Gem {
        name: "widgets".to_owned(),
        owners: vec![("mona".to_owned(), role)],
        versions: vec![Version { num: "1.0.0".to_owned(), created_at: now, attested: None }],
        publishers: Vec::new(),
    });
    let key = gems.add_key("mona", &[scope], KeyCode::AsAccount, now);
    (Sandbox::start(SandboxOptions { world, ..SandboxOptions::default() }).await.unwrap(), key)
}

async fn post(sandbox: &Sandbox, key: &str, code: Option<&str>, fields: Value) -> (u16, String) {
    let body = json!({"trusted_publisher_type": "OIDC::TrustedPublisher::GitHubAction", "trusted_publisher": fields});
    let request = client().post(format!("{}{LIST}", sandbox.urls().rubygems)).header("authorization", key).json(&body);
    let request = code.into_iter().fold(request, |request, code| request.header("otp", code));
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn ours() -> Value {
    json!({"repository_owner": "acme", "repository_name": "widgets", "workflow_filename": "release.yml"})
}

#[tokio::test]
async fn a_request_is_judged_in_the_servers_order() {
    let (sandbox, key) = sandbox(KeyScope::ConfigureTrustedPublishers, Role::Owner, SecondFactor::UiAndApi).await;
    for (key, code, status, part) in [
        ("rubygems_wrong", None, 401, "Access Denied"),
        (key.as_str(), None, 401, "no OTP code provided"),
        (key.as_str(), Some("000000"), 401, "OTP code is incorrect"),
        (key.as_str(), Some("123456"), 201, "\"workflow_filename\":\"release.yml\""),
        (key.as_str(), Some("123456"), 422, "has already been taken"),
    ] {
        let (got, text) = post(&sandbox, key, code, ours()).await;
        assert!(got == status && text.contains(part), "{got} {text}");
    }
    for (scope, role, part) in [
        (KeyScope::Push, Role::Owner, "cannot perform the specified action"),
        (KeyScope::ConfigureTrustedPublishers, Role::Maintainer, "doesn't have access"),
    ] {
        let (sandbox, key) = self::sandbox(scope, role, SecondFactor::Off).await;
        let (status, text) = post(&sandbox, &key, None, ours()).await;
        assert!(status == 403 && text.contains(part), "{status} {text}");
    }
}

#[tokio::test]
async fn values_are_kept_as_typed_and_odd_ones_refused_by_field() {
    let (sandbox, key) = sandbox(KeyScope::ConfigureTrustedPublishers, Role::Owner, SecondFactor::Off).await;
    for (field, value, part) in [
        ("repository_owner", "nobody-here", "repository_owner_id\":[\"can't be blank"),
        ("workflow_filename", "ci/release.yml", "without directories"),
        ("workflow_filename", "release", "must end with"),
        ("workflow_repository_owner", "acme", "workflow_repository_name\":[\"can't be blank"),
    ] {
        let mut fields = ours();
        fields[field] = json!(value);
        let (status, text) = post(&sandbox, &key, None, fields).await;
        assert!(status == 422 && text.contains(part), "{status} {text}");
    }
    let mut shouted = ours();
    shouted["repository_owner"] = json!("ACME");
    assert_eq!(post(&sandbox, &key, None, shouted).await.0, 201);
    let held = sandbox.world().ruby_gems.gem("widgets").unwrap().publishers[0].clone();
    assert_eq!((held.owner.as_str(), held.owner_id), ("ACME", 7_000_002));
    let run = Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: None,
        event: "push".to_owned(),
        run_id: "77".to_owned(),
        sha: "abc".to_owned(),
    };
    assert!(sandbox.world().release_gem("widgets", "1.1.0", &run).is_err(), "letter case is compared");
}

#[tokio::test]
async fn a_workflow_of_another_repository_is_a_publisher_of_its_own() {
    let (sandbox, key) = sandbox(KeyScope::ConfigureTrustedPublishers, Role::Owner, SecondFactor::Off).await;
    let with = |owner: &str, name: &str| {
        let mut fields = ours();
        (fields["workflow_repository_owner"], fields["workflow_repository_name"]) = (json!(owner), json!(name));
        fields
    };
    let (status, text) = post(&sandbox, &key, None, with("acme", "widgets")).await;
    assert!(status == 422 && text.contains("workflow_repository must be different from the repository"), "{text}");
    assert_eq!(post(&sandbox, &key, None, with("", "")).await.0, 201, "blank is none");
    let (status, text) = post(&sandbox, &key, None, with("acme", "shared")).await;
    assert!(status == 201 && text.contains("\"workflow_repository_name\":\"shared\""), "{text}");
    assert_eq!(post(&sandbox, &key, None, with("acme", "shared")).await.0, 422, "the same again");
    let mut world = sandbox.world();
    world.ruby_gems.gem_mut("widgets").unwrap().publishers.remove(0);
    for (workflow, taken) in [
        ("release.yml", false),
        ("acme/Shared/.github/workflows/release.yml", false),
        ("acme/shared/.github/workflows/release.yml", true),
    ] {
        let run = Run {
            repository: "acme/widgets".to_owned(),
            workflow: workflow.to_owned(),
            environment: None,
            event: "push".to_owned(),
            run_id: "77".to_owned(),
            sha: "abc".to_owned(),
        };
        assert_eq!(world.release_gem("widgets", "1.1.0", &run).is_ok(), taken, "{workflow}");
    }
}

#[tokio::test]
async fn a_pending_publisher_makes_the_gem_for_twelve_hours() {
    let (sandbox, _) = sandbox(KeyScope::Push, Role::Owner, SecondFactor::Off).await;
    let page = format!("{}/profile/oidc/pending_trusted_publishers/new", sandbox.urls().rubygems);
    let typed = [
        ("Gem name", "gadgets"),
        ("Repository owner", "acme"),
        ("Repository name", "widgets"),
        ("Workflow filename", "release.yml"),
        ("Environment", ""),
    ];
    visit(&page, &typed).await.unwrap();
    for (name, words) in [
        ("gadgets", "has already been taken"),
        ("Widgets", "is already in use"),
        ("JRuby", "is reserved"),
        ("-gears", "can not begin with"),
        ("a b", "can only include letters"),
        ("42", "at least one letter"),
    ] {
        let typed = [&[("Gem name", name)], &typed[1..]].concat();
        let error = visit(&page, &typed).await.unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
    }
    let long = "e".repeat(256);
    let typed_long = [&[("Gem name", "gears")], &typed[1..4], &[("Environment", long.as_str())]].concat();
    let error = visit(&page, &typed_long).await.unwrap_err().to_string();
    assert!(error.contains("environment is too long"), "{error}");
    let run = Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: None,
        event: "push".to_owned(),
        run_id: "77".to_owned(),
        sha: "abc".to_owned(),
    };
    sandbox.world().advance(TimeDelta::hours(13));
    assert!(sandbox.world().release_gem("gadgets", "0.1.0", &run).is_err(), "it has lapsed");
    visit(&page, &typed).await.unwrap();
    sandbox.world().release_gem("gadgets", "0.1.0", &run).unwrap();
    let at = format!("{}/api/v1/attestations/gadgets-0.1.0.json", sandbox.urls().rubygems);
    let bundles: Value = client().get(at).send().await.unwrap().json().await.unwrap();
    assert_eq!(bundles.as_array().unwrap().len(), 1);

    let elsewhere = [("Workflow Repository Owner", "ruby"), ("Workflow Repository Name", "shared")];
    let typed = [&[("Gem name", "gears")], &typed[1..], &elsewhere[..]].concat();
    visit(&page, &typed).await.unwrap();
    assert!(sandbox.world().release_gem("gears", "0.1.0", &run).is_err(), "the file of its own is another");
    let shared = Run { workflow: "ruby/shared/.github/workflows/release.yml".to_owned(), ..run };
    sandbox.world().release_gem("gears", "0.1.0", &shared).unwrap();
}
