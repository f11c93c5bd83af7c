#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::testing::{client, demo};
use super::super::world::Run;
use super::super::world::pypi::Project;
use super::super::{Sandbox, visit};

const SIMPLE_JSON: &str = "application/vnd.pypi.simple.v1+json";

async fn get(sandbox: &Sandbox, path: &str) -> reqwest::Response {
    client().get(format!("{}{path}", sandbox.urls().pypi)).header("accept", SIMPLE_JSON).send().await.unwrap()
}

fn project(sandbox: &Sandbox, name: &str) {
    let project = Project {
        name: name.to_owned(),
        owners: vec!["mona".to_owned()],
        releases: Vec::new(),
        publishers: Vec::new(),
    };
    sandbox.world().pypi.projects.push(project);
}

fn pending_form<'a>(name: &'a str, environment: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("project_name", name),
        ("owner", "ACME"),
        ("repository", "widgets"),
        ("workflow_filename", "release.yml"),
        ("environment", environment),
    ]
}

#[tokio::test]
async fn a_project_without_releases_is_in_the_simple_index_alone() {
    let sandbox = demo().await;
    assert_eq!(get(&sandbox, "/simple/widgets/").await.status(), 404);
    project(&sandbox, "Widgets");
    let response = get(&sandbox, "/simple/widgets/").await;
    assert_eq!(response.headers()["content-type"], SIMPLE_JSON);
    assert_eq!(response.json::<Value>().await.unwrap()["versions"], json!([]));
    assert_eq!(get(&sandbox, "/pypi/widgets/json").await.status(), 404);
    let html = client().get(format!("{}/simple/widgets/", sandbox.urls().pypi)).send().await.unwrap();
    assert!(html.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
}

#[tokio::test]
async fn other_spellings_are_sent_to_the_normal_one() {
    let sandbox = demo().await;
    project(&sandbox, "widgets-extra");
    for (path, location) in
        [("/simple/Widgets_Extra/", "/simple/widgets-extra/"), ("/simple/widgets-extra", "/simple/widgets-extra/")]
    {
        let response = get(&sandbox, path).await;
        assert_eq!(response.status(), 301, "{path}");
        assert_eq!(response.headers()["location"], location);
    }
}

#[tokio::test]
async fn a_release_from_a_workflow_has_provenance() {
    let sandbox = demo().await;
    visit(&format!("{}/manage/account/publishing/", sandbox.urls().pypi), &pending_form("widgets", "Release"))
        .await
        .unwrap();
    let run = Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        event: "push".to_owned(),
        run_id: "42".to_owned(),
        sha: "0".repeat(40),
    };
    sandbox.world().release_pypi("widgets", "0.2.0", &run).unwrap();
    let body: Value = get(&sandbox, "/pypi/widgets/json").await.json().await.unwrap();
    assert_eq!(body["info"]["version"], "0.2.0");
    assert_eq!(body["ownership"]["roles"], json!([{ "role": "Owner", "user": "mona" }]));
    let file = body["urls"][0]["filename"].as_str().unwrap();
    let path = format!("/integrity/widgets/0.2.0/{file}/provenance");
    let provenance: Value = get(&sandbox, &path).await.json().await.unwrap();
    let publisher = &provenance["attestation_bundles"][0]["publisher"];
    assert_eq!((&publisher["kind"], &publisher["repository"]), (&json!("GitHub"), &json!("acme/widgets")));
    sandbox.world().pypi.projects[0].releases[0].provenance = None;
    assert_eq!(get(&sandbox, &path).await.status(), 404);
}

#[tokio::test]
async fn a_link_fills_in_the_page_of_a_project_and_not_that_of_the_account() {
    let sandbox = demo().await;
    project(&sandbox, "widgets");
    let query = "?provider=github&owner=Acme&repository=widgets&workflow_filename=release.yml&environment=%22Rel%22";
    let page = format!("{}/manage/project/widgets/settings/publishing/{query}", sandbox.urls().pypi);
    let html = client().get(&page).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("value=\"release.yml\"") && html.contains("value=\"&quot;Rel&quot;\""), "{html}");
    visit(&page, &[("environment", "Release")]).await.unwrap();
    let publisher = sandbox.world().pypi.projects[0].publishers[0].clone();
    assert_eq!((publisher.owner.as_str(), publisher.environment.as_deref()), ("acme", Some("release")));
    let account = format!("{}/manage/account/publishing/{query}", sandbox.urls().pypi);
    let html = client().get(account).send().await.unwrap().text().await.unwrap();
    assert!(!html.contains("release.yml"), "{html}");
}

#[tokio::test]
async fn pending_publishers_are_three_at_most_and_one_of_a_kind() {
    let sandbox = demo().await;
    let page = format!("{}/manage/account/publishing/", sandbox.urls().pypi);
    visit(&page, &pending_form("widgets", "one")).await.unwrap();
    // The project's name makes no difference.
    let double = visit(&page, &pending_form("other-widgets", "one")).await.unwrap_err().to_string();
    assert!(double.contains("already been registered for a different project name"), "{double}");
    let double = visit(&page, &pending_form("Widgets", "ONE")).await.unwrap_err().to_string();
    assert!(double.contains("This trusted publisher has already been registered."), "{double}");
    visit(&page, &pending_form("widgets-two", "two")).await.unwrap();
    visit(&page, &pending_form("widgets-three", "three")).await.unwrap();
    let fourth = visit(&page, &pending_form("widgets-four", "four")).await.unwrap_err().to_string();
    assert!(fourth.contains("more than 3"), "{fourth}");
    sandbox.world().advance(TimeDelta::days(30));
    visit(&page, &pending_form("widgets-four", "four")).await.unwrap();
    assert_eq!(sandbox.world().pypi.pending.len(), 1, "the others ended after thirty days");
}

#[tokio::test]
async fn the_form_refuses_what_pypi_refuses() {
    let sandbox = demo().await;
    let page = format!("{}/manage/account/publishing/", sandbox.urls().pypi);
    let form = pending_form("widgets", "release");
    for (field, value, words) in [
        ("project_name", "-widgets", "Invalid project name"),
        ("project_name", "JSON", "standard library"),
        ("owner", "", "Specify GitHub repository owner"),
        ("owner", "acme/widgets", "Invalid GitHub user or organization name."),
        ("owner", "nobody-here", "Unknown GitHub user"),
        ("repository", "acme/widgets", "Invalid repository name"),
        ("workflow_filename", " ", "Specify workflow filename"),
        ("workflow_filename", "release", "must end with .yml or .yaml"),
        ("workflow_filename", ".github/workflows/release.yml", "without directories"),
        ("environment", " release", "may not start with whitespace"),
        ("environment", "it's", "must not contain non-printable characters"),
        ("environment", &"e".repeat(256), "is too long (maximum is 255 characters)"),
    ] {
        let typed = form.map(|(name, old)| (name, if name == field { value } else { old }));
        let error = visit(&page, &typed).await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    project(&sandbox, "Widgets");
    let error = visit(&page, &form).await.unwrap_err().to_string();
    assert!(error.contains("already exists: use the project's publishing settings"), "{error}");
    sandbox.world().pypi.projects[0].owners = vec!["octocat".to_owned()];
    let error = visit(&page, &form).await.unwrap_err().to_string();
    assert!(error.ends_with("This project already exists."), "{error}");
    let error = visit(&page, &pending_form("w1d_gets", "release")).await.unwrap_err().to_string();
    assert!(error.contains("too similar to an existing project"), "{error}");
}
