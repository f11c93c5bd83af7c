//! What putitoutthere.toml must look like after it was written.

use toml_edit::{DocumentMut, Item};

/// Panics unless every line of `before` is still there, in its order and to the byte.
#[track_caller]
pub(crate) fn assert_lines_survive(before: &str, after: &str) {
    let mut rest = after.split_inclusive('\n');
    for line in before.split_inclusive('\n') {
        assert!(rest.any(|kept| kept == line), "this line is gone or has moved: {line:?}\n{after}");
    }
}

/// The policies in the file: package, workflow, environment (or `-`), repository (or `-`).
pub(crate) fn policies(text: &str) -> Vec<(String, String, String, String)> {
    let document: DocumentMut = text.parse().unwrap();
    let packages = document["package"].as_array_of_tables().unwrap();
    let with_policy = packages.iter().filter_map(|package| Some((package, package.get("trust_policy")?)));
    with_policy
        .map(|(package, policy)| {
            let value = |key| policy.get(key).and_then(Item::as_str).unwrap_or("-").to_owned();
            let name = package["name"].as_str().unwrap().to_owned();
            (name, value("workflow"), value("environment"), value("repository"))
        })
        .collect()
}

/// The policies that follow from the sample's workflow.
pub(crate) fn expected() -> Vec<(String, String, String, String)> {
    [("widgets-core", "release"), ("widgets-macros", "release"), ("@acme/widgets", "release"), ("widgets", "-")]
        .map(|(name, environment)| {
            (name.to_owned(), "release.yml".to_owned(), environment.to_owned(), "acme/widgets".to_owned())
        })
        .to_vec()
}
