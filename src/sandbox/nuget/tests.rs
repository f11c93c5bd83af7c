#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::Value;

use crate::sandbox::testing::{client, demo};
use crate::sandbox::visit;
use crate::sandbox::world::Run;
use crate::sandbox::world::nuget::{Package, Pushes, UNUSED_LIFE};

const FORM: [(&str, &str); 6] = [
    ("Policy Name", "widgets"),
    ("Repository Owner", "Acme"),
    ("repository", "widgets"),
    ("Workflow File", ".github/workflows/release.yml"),
    ("Environment", "release"),
    ("subjects", "Acme.Widgets\nAcme.Gad*"),
];

fn run() -> Run {
    Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: Some("Release".to_owned()),
        event: "release".to_owned(),
        run_id: "42".to_owned(),
        sha: "0".repeat(40),
    }
}

#[tokio::test]
async fn versions_are_found_by_way_of_the_index_and_in_lower_case_alone() {
    let sandbox = demo().await;
    sandbox.world().nuget.packages.push(Package {
        id: "Acme.Widgets".to_owned(),
        owner: "mona".to_owned(),
        versions: vec!["1.0.0".to_owned()],
    });
    let get = async |url: String| client().get(url).send().await.unwrap();
    let index = get(format!("{}/v3/index.json", sandbox.urls().nuget)).await.text().await.unwrap();
    let index: Value = serde_json::from_str(&index).unwrap();
    let resources = index["resources"].as_array().unwrap();
    let base =
        resources.iter().find(|one| one["@type"] == "PackageBaseAddress/3.0.0").unwrap()["@id"].as_str().unwrap();
    let there = get(format!("{base}acme.widgets/index.json")).await;
    assert_eq!(there.text().await.unwrap(), "{\"versions\":[\"1.0.0\"]}");
    for missing in ["Acme.Widgets", "acme.gadgets"] {
        assert_eq!(get(format!("{base}{missing}/index.json")).await.status().as_u16(), 404, "{missing}");
    }
}

#[tokio::test]
async fn a_policy_is_made_for_an_owner_and_lapses_unless_it_publishes() {
    let sandbox = demo().await;
    let page = format!("{}/account/trustedpublishing", sandbox.urls().nuget);
    for (field, value, words) in [
        ("Repository Owner", "", "Repository owner is required."),
        ("Package Owner", "octocat", "does not have the required permissions"),
        ("publisherType", "GitLab", "GitHubActions alone"),
        ("pushScope", "", "At least one scope must be selected."),
        ("subjects", "", "At least one valid glob pattern or package"),
        ("subjects", "Acme Widgets", "At least one valid glob pattern or package"),
    ] {
        let mut typed = FORM.to_vec();
        typed.push((field, value));
        let error = visit(&page, &typed).await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    visit(&page, &FORM).await.unwrap();
    let mut world = sandbox.world();
    assert_eq!(world.nuget.policies[0].workflow, "release.yml");
    for not_the_creator in ["acme", "mona@example.com"] {
        assert!(world.release_nuget("Acme.Widgets", "1.0.0", &run(), not_the_creator).is_err(), "{not_the_creator}");
    }
    let mut late = world.clone();
    late.advance(UNUSED_LIFE);
    assert!(late.release_nuget("Acme.Widgets", "1.0.0", &run(), "mona").is_err());
    world.release_nuget("Acme.Widgets", "1.0.0", &run(), "mona").unwrap();
    world.advance(UNUSED_LIFE);
    // One policy serves all packages that it names.
    world.release_nuget("acme.gadgets", "1.0.0", &run(), "mona").unwrap();
    assert_eq!(world.nuget.packages.len(), 2);
    assert!(world.release_nuget("Acme.Gizmos", "1.0.0", &run(), "mona").is_err(), "the policy does not name it");
    // A second one with the same values is never asked: the older gives the key.
    let mut more = world.nuget.policies[0].clone();
    more.packages = vec!["*".to_owned()];
    world.nuget.policies.push(more);
    assert!(world.release_nuget("Acme.Gizmos", "1.0.0", &run(), "mona").is_err(), "the older policy does not name it");
    world.nuget.policies[0].packages.push("Acme.Gizmos".to_owned());
    world.nuget.policies[0].pushes = Pushes::Versions;
    assert!(world.release_nuget("Acme.Gizmos", "1.0.0", &run(), "mona").is_err(), "it is new");
    world.release_nuget("Acme.Gadgets", "1.1.0", &run(), "mona").unwrap();
    world.github.repos[0].id += 1;
    assert!(world.release_nuget("Acme.Widgets", "1.1.0", &run(), "mona").is_err(), "another repository of that name");
}
