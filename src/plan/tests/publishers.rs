//! Declared and registered: what the project says, and what the registry holds.

use super::is;
use crate::model::{Existence, Permission, Registry, Rung, Standing, StepKind, TrustedPublisher, Unknown};
use crate::plan;
use crate::plan::testing::{NOON, Scene, by_oidc, entry, id, published, publisher, unread};

const HOUR: i64 = 3600;

fn policy(kind: &str, rest: &str) -> String {
    format!("[[package]]\nname = \"widgets\"\nkind = \"{kind}\"\n[package.trust_policy]\n{rest}")
}

fn declared(rest: &str) -> Standing {
    Scene::of(Registry::CratesIo, "widgets").declaring(&policy("crates", rest)).rung(Rung::Declared)
}

#[test]
fn a_policy_is_held_against_the_workflow_part_by_part() {
    is(&declared("workflow = \"release.yml\"\n"), "yes", &["release.yml"]);
    is(&declared("workflow = \"release.yml\"\nrepository = \"Acme/Widgets\"\n"), "yes", &[]);
    is(&declared("workflow = \"other.yml\"\n"), "no", &["other.yml instead of release.yml"]);
    is(&declared("workflow = \"release.yml\"\nenvironment = \"prod\"\n"), "no", &["environment prod instead of none"]);
    let moved = declared("workflow = \"release.yml\"\nrepository = \"acme/gadgets\"\n");
    is(&moved, "no", &["acme/gadgets instead of acme/widgets"]);
    is(&Scene::of(Registry::CratesIo, "widgets").rung(Rung::Declared), "no", &["no trust_policy"]);
}

#[test]
fn a_config_that_cannot_be_read_is_no_missing_policy() {
    let scene = Scene::of(Registry::CratesIo, "widgets").declaring("[[package]\n");
    is(&scene.rung(Rung::Declared), "unknown", &["untoken.toml can't be read"]);
}

#[test]
fn a_policy_without_a_workflow_to_compare_agrees_with_none() {
    let mut scene =
        Scene::of(Registry::CratesIo, "widgets").declaring(&policy("crates", "workflow = \"release.yml\"\n"));
    scene.local().publish_jobs.clear();
    let standing = scene.rung(Rung::Declared);
    is(&standing, "yes", &["release.yml", "no publishing step"]);
    let mut scene =
        Scene::of(Registry::CratesIo, "widgets").declaring(&policy("crates", "workflow = \"release.yml\"\n"));
    scene.local().slug = None;
    is(&scene.rung(Rung::Declared), "unknown", &["release.yml", "no GitHub remote"]);
}

#[test]
fn an_equal_entry_is_yes_and_another_one_is_no_with_its_name() {
    let scene = |list| Scene::of(Registry::CratesIo, "widgets").listing(list).rung(Rung::Registered);
    is(&scene(vec![entry(publisher(None), None)]), "yes", &["entry 42"]);
    is(&scene(Vec::new()), "no", &["0 publishers"]);
    let drifted = TrustedPublisher { workflow: "old.yml".parse().unwrap(), ..publisher(None) };
    is(&scene(vec![entry(drifted, None)]), "no", &["1 publisher", "old.yml"]);
    is(&scene(vec![entry(publisher(Some("release")), None)]), "no", &["release"]);
}

#[test]
fn a_list_that_was_not_read_is_unknown_whatever_the_reason() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    is(&scene.rung(Rung::Registered), "unknown", &["has not been read"]);
    scene.registry().publishers = unread();
    is(&scene.rung(Rung::Registered), "unknown", &["the line was busy"]);
    let denied = Unknown::because("the token lacks the scope").hint("make another");
    scene.registry().publishers = crate::model::Reading::Unknown(denied.clone());
    assert_eq!(scene.rung(Rung::Registered), Standing::Unknown(denied), "reason and hint stay");
}

#[test]
fn what_does_not_exist_cannot_be_registered_where_it_has_to() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    scene.public().existence = Existence::Absent;
    is(&scene.rung(Rung::Registered), "no", &["once before"]);
    let mut scene = Scene::of(Registry::Pypi, "widgets");
    scene.public().existence = Existence::Absent;
    is(&scene.rung(Rung::Registered), "unknown", &[]);
    is(&scene.rung(Rung::Exists), "no", &["pending"]);
}

#[test]
fn nobody_reads_pypi_so_a_person_says_it() {
    let mut scene = Scene::of(Registry::Pypi, "widgets");
    is(&scene.rung(Rung::Registered), "unknown", &["owner"]);
    scene.facts.memory.stated.insert(id(Registry::Pypi, "widgets"), (publisher(None), NOON));
    is(&scene.rung(Rung::Registered), "stated", &["release.yml"]);
    scene.public().existence = Existence::Absent;
    is(&scene.rung(Rung::Exists), "stated", &["pending"]);
}

#[test]
fn a_statement_is_about_the_publisher_that_was_stated() {
    let mut scene = Scene::of(Registry::Pypi, "widgets");
    scene.facts.memory.stated.insert(id(Registry::Pypi, "widgets"), (publisher(Some("pypi")), NOON));
    is(&scene.rung(Rung::Registered), "unknown", &["you said", "pypi", "any environment"]);
}

#[test]
fn a_list_outweighs_a_statement_unless_it_is_older() {
    let stated = |at| {
        let mut scene = Scene::of(Registry::CratesIo, "widgets").listing(Vec::new());
        scene.facts.memory.stated.insert(id(Registry::CratesIo, "widgets"), (publisher(None), at));
        scene.rung(Rung::Registered)
    };
    is(&stated(NOON.plus(-60)), "no", &["0 publishers"]);
    is(&stated(NOON.plus(60)), "stated", &["you said"]);
}

#[test]
fn an_npm_entry_is_as_alive_as_its_age() {
    let registered = |created, change: fn(&mut Scene)| {
        let mut scene = Scene::of(Registry::Npm, "widgets").listing(vec![entry(publisher(None), created)]);
        change(&mut scene);
        (scene.rung(Rung::Registered), scene.row().lapses_in)
    };
    let (young, left) = registered(Some(NOON.plus(-7 * HOUR)), |_| {});
    is(&young, "yes", &["lapses in 41 h"]);
    assert_eq!(left, Some(41 * HOUR));
    let (old, left) = registered(Some(NOON.plus(-49 * HOUR)), |_| {});
    is(&old, "no", &["lapsed"]);
    assert_eq!(left, None);
    let (ageless, left) = registered(None, |_| {});
    is(&ageless, "unknown", &["may have lapsed"]);
    assert_eq!(left, None);
    let (made_here, _) = registered(None, |s| {
        s.facts.memory.made.insert(id(Registry::Npm, "widgets"), (publisher(None), NOON.plus(-HOUR)));
    });
    is(&made_here, "yes", &["lapses in 47 h"]);
    let (made_other, _) = registered(None, |s| {
        s.facts.memory.made.insert(id(Registry::Npm, "widgets"), (publisher(Some("x")), NOON.plus(-HOUR)));
    });
    is(&made_other, "unknown", &["may have lapsed"]);
    let (proven, left) = registered(None, |s| s.public().proof = published(by_oidc(Some("acme/widgets"), None)));
    is(&proven, "yes", &["entry 42"]);
    assert_eq!(left, None, "what published does not lapse");
    let (others, _) = registered(None, |s| s.public().proof = published(by_oidc(Some("mallory/widgets"), None)));
    is(&others, "unknown", &["may have lapsed"]);
}

#[test]
fn an_entry_made_here_and_not_read_since_is_unknown_with_its_day() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    scene.facts.memory.made.insert(id(Registry::CratesIo, "widgets"), (publisher(None), NOON));
    is(&scene.rung(Rung::Registered), "unknown", &["untoken registered it"]);
}

#[test]
fn a_repository_that_jsr_will_not_link_is_told_before_it_is_asked() {
    let told = |registry: Registry, name: &str, private: bool, permission: Option<Permission>| {
        let mut scene = Scene::of(registry, name).on_github();
        let repository = crate::plan::testing::seen(&mut scene.facts.github.repository);
        (repository.private, repository.permission) = (private, permission);
        let ways = plan::guides(&scene.facts, &scene.row(), StepKind::Register);
        assert!(!ways.is_empty(), "{registry}");
        let before = plan::guides(&scene.facts, &scene.row(), StepKind::FirstPublish);
        let first: Vec<String> = ways.into_iter().map(|way| way.text[0].clone()).collect();
        assert!(before.iter().all(|way| first.contains(&way.text[0]) == first[0].contains("refuse the link")));
        first.into_iter().find(|text| text.contains("it will refuse the link"))
    };
    let jsr = |private, permission| told(Registry::Jsr, "@acme/widgets", private, permission);
    assert!(jsr(true, Some(Permission::Admin)).unwrap().contains("acme/widgets is private on GitHub"));
    assert!(jsr(false, Some(Permission::Read)).unwrap().contains("may only read acme/widgets"));
    for permission in [None, Some(Permission::Write), Some(Permission::Admin)] {
        assert_eq!(jsr(false, permission), None, "{permission:?}");
    }
    assert_eq!(told(Registry::CratesIo, "widgets-core", true, Some(Permission::Read)), None);
}

#[test]
fn the_publisher_of_a_gem_to_come_is_nobodys_list_to_read() {
    let mut scene = Scene::of(Registry::RubyGems, "widgets");
    scene.public().existence = Existence::Absent;
    let Standing::Unknown(unknown) = scene.rung(Rung::Registered) else { panic!("known") };
    assert!(unknown.why.contains("to the person who saved it alone"), "{}", unknown.why);
    scene.public().existence = Existence::Exists { latest: None };
    let Standing::Unknown(unknown) = scene.rung(Rung::Registered) else { panic!("known") };
    assert!(unknown.why.contains("has not been read"), "{}", unknown.why);
}
