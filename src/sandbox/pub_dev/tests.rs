#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;

use crate::sandbox::testing::{client, demo};
use crate::sandbox::world::pub_dev::Manual;
use crate::sandbox::world::{ReleaseError, Run};
use crate::sandbox::{Sandbox, visit};

async fn with_package() -> Sandbox {
    let sandbox = demo().await;
    let mut world = sandbox.world();
    let now = world.now();
    world.pub_dev.upload("widgets", "0.1.0", now);
    drop(world);
    sandbox
}

fn run(event: &str) -> Run {
    Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        event: event.to_owned(),
        run_id: "42".to_owned(),
        sha: "0".repeat(40),
    }
}

#[tokio::test]
async fn a_package_is_read_in_public_and_one_that_is_not_there_is_a_json_404() {
    let sandbox = with_package().await;
    let base = format!("{}/api/packages", sandbox.urls().pub_dev);
    let get = async |path: &str| client().get(format!("{base}/{path}")).send().await.unwrap();
    let body: Value = serde_json::from_str(&get("widgets").await.text().await.unwrap()).unwrap();
    assert_eq!((&body["name"], &body["latest"]["version"]), (&"widgets".into(), &"0.1.0".into()));
    let none: Value = serde_json::from_str(&get("widgets/publisher").await.text().await.unwrap()).unwrap();
    assert_eq!(none["publisherId"], Value::Null);
    sandbox.world().pub_dev.package_mut("widgets").unwrap().publisher = Some("acme.dev".to_owned());
    assert_eq!(get("widgets/publisher").await.text().await.unwrap(), "{\"publisherId\":\"acme.dev\"}");
    assert_eq!(get("gadgets/publisher").await.status().as_u16(), 404);
    let missing = get("gadgets").await;
    assert_eq!(missing.status().as_u16(), 404);
    assert!(missing.text().await.unwrap().contains("\"NotFound\""));
}

#[tokio::test]
async fn the_form_refuses_what_pub_dev_refuses_and_no_client_gets_past_it() {
    let sandbox = with_package().await;
    let page = format!("{}/packages/widgets/admin", sandbox.urls().pub_dev);
    let good = [("repository", "acme/widgets"), ("tagPattern", "v{{version}}"), ("environment", "release")];
    for (field, value, words) in [
        ("tagPattern", "v1", "a single `{{version}}`"),
        ("tagPattern", "v{{version}}*", "invalid characters"),
        ("repository", "", "must not be empty"),
        ("repository", "widgets", "<owner>/<repository>"),
        ("repository", "ac me/widgets", "invalid characters"),
        ("environment", "", "must not be empty"),
        ("environment", "a b", "invalid characters"),
    ] {
        let typed = good.map(|(name, old)| (name, if name == field { value } else { old }));
        let error = visit(&page, &typed).await.unwrap_err().to_string();
        assert!(error.contains(words), "{field} {value}: {error}");
    }
    let off = [("isPushEventEnabled", "off"), ("isWorkflowDispatchEventEnabled", "off")];
    let error = visit(&page, &[good.as_slice(), off.as_slice()].concat()).await.unwrap_err().to_string();
    assert!(error.contains("At least one of the events"), "{error}");
    assert_eq!(sandbox.world().pub_dev.packages[0].github, None);

    let api = format!("{}/api/packages/widgets/automated-publishing", sandbox.urls().pub_dev);
    assert_eq!(client().put(api).bearer_auth("not-a-real-token").send().await.unwrap().status().as_u16(), 401);
    sandbox.world().pub_dev.packages[0].uploaders = vec!["octocat".to_owned()];
    assert!(visit(&page, &good).await.unwrap_err().to_string().contains("403"));
}

#[tokio::test]
async fn a_run_is_taken_by_its_tag_and_event_and_keeps_the_repository() {
    let sandbox = with_package().await;
    let page = format!("{}/packages/widgets/admin", sandbox.urls().pub_dev);
    let typed = [
        ("repository", "acme/widgets"),
        ("tagPattern", "v{{version}}"),
        ("isWorkflowDispatchEventEnabled", "off"),
        ("environment", "release"),
    ];
    visit(&page, &typed).await.unwrap();
    visit(&format!("{page}/manual"), &[]).await.unwrap();
    let mut world = sandbox.world();
    assert_eq!(world.pub_dev.packages[0].manual, Manual::Disabled);
    let mut release =
        |name: &str, version: &str, event: &str, tag: &str| world.release_pub_dev(name, version, &run(event), tag);
    for event in ["release", "workflow_dispatch"] {
        assert!(matches!(release("widgets", "0.2.0", event, "v0.2.0"), Err(ReleaseError::Event { .. })), "{event}");
    }
    for tag in ["0.2.0", "v0.2.1", "widgets-v0.2.0"] {
        assert!(matches!(release("widgets", "0.2.0", "push", tag), Err(ReleaseError::NoPublisher { .. })), "{tag}");
    }
    assert!(matches!(release("gadgets", "0.2.0", "push", "v0.2.0"), Err(ReleaseError::Missing { .. })));
    release("widgets", "0.2.0", "push", "v0.2.0").unwrap();
    world.github.repos[0].id += 1;
    assert!(
        world.release_pub_dev("widgets", "0.3.0", &run("push"), "v0.3.0").is_err(),
        "another repository of that name"
    );
}
