#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use wiremock::matchers::query_param;

use super::*;
use crate::github::testing::{World, get, json as answer};

async fn with_tree(tree: Value, truncated: bool) -> World {
    let world = World::new().await;
    let owner = json!({ "login": "acme", "id": 70, "type": "User" });
    let repo = json!({
        "id": 7, "full_name": "acme/widgets", "owner": owner, "private": false, "default_branch": "release/1",
    });
    world.get("/repos/acme/widgets", answer(repo)).await;
    get("/repos/acme/widgets/git/trees/release%2F1")
        .and(query_param("recursive", "1"))
        .respond_with(answer(json!({ "sha": "x", "tree": tree, "truncated": truncated })))
        .mount(&world.server)
        .await;
    world
}

async fn read_from(world: &World) -> Result<RemoteFiles, GithubError> {
    remote_files(&world.http, &world.endpoints, None, &"acme/widgets".parse().unwrap(), None).await
}

fn entry(path: &str, mode: &str, size: u64) -> Value {
    let kind = if mode.starts_with("04") { "tree" } else { "blob" };
    json!({ "path": path, "mode": mode, "type": kind, "sha": format!("sha-{}", path.replace('/', "-")), "size": size })
}

#[tokio::test]
async fn manifests_configs_and_workflows_are_read_byte_for_byte() {
    let world = with_tree(
        json!([
            entry("crates/core/Cargo.toml", "100644", 3),
            entry("crates/core/src/lib.rs", "100644", 3),
            entry("crates/core/untoken.toml", "100644", 3),
            entry("untoken.toml", "100755", 3),
            entry("package.json", "120000", 3),
            entry(".github/workflows/release.yml", "100644", 3),
            entry(".github/workflows/sub/x.yml", "100644", 3),
            entry("../Cargo.toml", "100644", 3),
            entry("vendored/Cargo.toml", "100644", 2_000_000),
            entry("pyproject.toml", "040000", 0),
            entry("src/Widgets/Widgets.csproj", "100644", 3),
            entry("src/Widgets/Widgets.cs", "100644", 3),
            entry("widgets.gemspec", "100644", 3),
            entry("pkg/pubspec.yaml", "100644", 3),
        ]),
        false,
    )
    .await;
    let blob = || answer(json!({ "content": "77u/YSA9\nIDENCg==\n", "encoding": "base64", "size": 9 }));
    for sha in [
        "sha-crates-core-Cargo.toml",
        "sha-untoken.toml",
        "sha-.github-workflows-release.yml",
        "sha-src-Widgets-Widgets.csproj",
        "sha-widgets.gemspec",
        "sha-pkg-pubspec.yaml",
    ] {
        get(&format!("/repos/acme/widgets/git/blobs/{sha}")).respond_with(blob()).expect(1).mount(&world.server).await;
    }
    let read = read_from(&world).await.unwrap();
    let paths: Vec<_> = read.files.iter().map(|f| f.path.as_str()).collect();
    let expected = [
        ".github/workflows/release.yml",
        "crates/core/Cargo.toml",
        "pkg/pubspec.yaml",
        "src/Widgets/Widgets.csproj",
        "untoken.toml",
        "widgets.gemspec",
    ];
    assert_eq!(paths, expected);
    assert!(read.files.iter().all(|f| *f.bytes == *b"\xef\xbb\xbfa = 1\r\n"));
    assert_eq!(read.left_out.iter().map(RelPath::as_str).collect::<Vec<_>>(), ["vendored/Cargo.toml"]);
}

#[tokio::test]
async fn what_is_too_much_is_said() {
    let cut = with_tree(json!([entry("Cargo.toml", "100644", 3)]), true).await;
    assert!(matches!(read_from(&cut).await, Err(GithubError::TooMuch { .. })));
    let deep = (0..310).map(|n| serde_json::from_value(entry(&format!("p{n:03}/package.json"), "100644", 3)).unwrap());
    let shallow: TreeEntry = serde_json::from_value(entry("package.json", "100644", 3)).unwrap();
    let (read, left_out) = choose(deep.chain([shallow]).collect(), None);
    assert_eq!((read.len(), left_out.len(), read[0].0.as_str()), (300, 11, "package.json"));
}

#[tokio::test]
async fn one_file_that_cannot_be_read_fails_the_whole() {
    let world = with_tree(json!([entry("Cargo.toml", "100644", 3)]), false).await;
    assert!(matches!(read_from(&world).await, Err(GithubError::NotFound { .. })));
}
