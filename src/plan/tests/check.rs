//! What a gate lets through.

use crate::model::{PublishedBy, Registry, RelPath, Rung, Timestamp};
use crate::plan::testing::{NOON, Scene, by_oidc, published, publisher, unread};
use crate::plan::{Check, check};

fn checked(scene: &Scene, rung: Rung) -> Check {
    check(&scene.facts, &scene.plan(), &[rung])
}

#[test]
fn a_gate_tells_below_from_unread_and_both_from_well() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets-core");
    scene.public().proof = published(by_oidc(Some("acme/widgets"), None));
    assert_eq!(checked(&scene, Rung::Proven).exit_code(), 0);
    scene.public().proof = unread();
    let found = checked(&scene, Rung::Proven);
    assert_eq!((found.exit_code(), found.unread.len()), (3, 1));
    assert!(found.unread[0].why.contains("the line was busy"));
    scene.public().proof = published(PublishedBy::Token(Some("mona".into())));
    let found = checked(&scene, Rung::Proven);
    assert_eq!((found.exit_code(), found.below.len()), (1, 1));
    assert!(found.below[0].why.contains("mona"));
}

#[test]
fn one_that_is_below_outweighs_one_that_is_unread() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets-core").with(Registry::Npm, "widgets");
    scene.public().proof = unread();
    let found = checked(&scene, Rung::Proven);
    assert_eq!((found.exit_code(), found.below.len(), found.unread.len()), (1, 1, 1));
}

#[test]
fn no_package_is_no_success() {
    assert_eq!(checked(&Scene::bare(), Rung::Exists).exit_code(), 3);
}

#[test]
fn a_manifest_that_cannot_be_read_is_no_success() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets-core");
    scene.public().proof = published(by_oidc(Some("acme/widgets"), None));
    scene.local().unread_manifests.push(RelPath::new("crates/more/Cargo.toml").unwrap());
    assert_eq!(checked(&scene, Rung::Proven).exit_code(), 3, "what it publishes may be below");
    scene.public().proof = published(PublishedBy::Token(None));
    assert_eq!(checked(&scene, Rung::Proven).exit_code(), 1);
}

#[test]
fn off_oidc_on_purpose_and_no_such_thing_do_not_fail() {
    let scene = Scene::of(Registry::Pypi, "widgets");
    let locked = checked(&scene, Rung::Locked);
    assert_eq!((locked.exit_code(), locked.packages, locked.aside), (0, 1, 1), "PyPI has no such switch");
    assert_eq!(checked(&scene, Rung::Exists).aside, 0);
    let text = "[[package]]\nname = \"widgets\"\nkind = \"pypi\"\noff_oidc = \"published by hand\"\n";
    let scene = scene.declaring(text);
    for rung in Rung::ALL {
        assert_eq!(checked(&scene, rung).exit_code(), 0, "{rung:?}: {:?}", scene.rung(rung));
    }
}

#[test]
fn a_persons_word_counts_only_where_nobody_can_read() {
    for (registry, name, code) in [(Registry::Pypi, "widgets", 0), (Registry::CratesIo, "widgets-core", 3)] {
        let mut scene = Scene::of(registry, name);
        let id = scene.id();
        scene.facts.memory.stated.insert(id, (publisher(None), Timestamp::from_unix(NOON.unix() - 60)));
        assert_eq!(checked(&scene, Rung::Registered).exit_code(), code, "{registry}");
    }
}
