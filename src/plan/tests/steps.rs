//! The steps: their order, and what each waits for.

use crate::model::{Existence, PublishedBy, Registry, Rung, Standing, StepKind, StepState, Who};
use crate::plan::testing::{NOON, Scene, by_oidc, entry, id, published, publisher, unread};
use crate::plan::{self, in_browser, raises};

/// The states of all steps, in order, in one word each.
fn words(scene: &Scene) -> [&'static str; 8] {
    let row = scene.row();
    assert!(row.steps.iter().map(|step| step.kind).eq(StepKind::ALL), "out of order");
    StepKind::ALL.map(|kind| match row.step(kind).unwrap().state {
        StepState::Done => "done",
        StepState::Open => "open",
        StepState::Blocked(_) => "blocked",
        StepState::Unknown(_) => "unknown",
    })
}

/// Declared, registered and repaired: only the proof is missing.
fn prepared() -> Scene {
    Scene::of(Registry::CratesIo, "widgets").on_github().listing(vec![entry(publisher(None), None)]).declaring(
        "[[package]]\nname = \"widgets\"\nkind = \"crates\"\n[package.trust_policy]\nworkflow = \"release.yml\"\n",
    )
}

#[test]
fn a_crate_is_published_once_before_it_is_registered() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    scene.public().existence = Existence::Absent;
    assert_eq!(words(&scene), ["open", "blocked", "done", "done", "open", "blocked", "blocked", "blocked"]);
    assert_eq!(scene.row().next().unwrap().kind, StepKind::FirstPublish);
}

#[test]
fn a_pending_publisher_needs_no_first_publish() {
    let mut scene = Scene::of(Registry::Pypi, "widgets");
    scene.public().existence = Existence::Absent;
    assert_eq!(words(&scene), ["done", "open", "done", "done", "open", "blocked", "done", "blocked"]);
    let fields = plan::guides(&scene.facts, &scene.row(), StepKind::Register).remove(0).fields;
    assert_eq!(fields[0].value.exact(), Some("widgets"), "the form of a pending publisher asks for the name");
}

#[test]
fn the_proof_waits_for_registration_and_repair() {
    let StepState::Blocked(why) = Scene::of(Registry::CratesIo, "widgets").step(StepKind::Prove) else {
        panic!("not blocked")
    };
    assert!(why.contains("registered"), "{why}");
    let StepState::Blocked(why) = prepared().with_token("CARGO_REGISTRY_TOKEN").step(StepKind::Prove) else {
        panic!("not blocked")
    };
    assert!(why.contains("repaired"), "{why}");
    assert_eq!(words(&prepared()), ["done", "done", "done", "done", "done", "open", "blocked", "done"]);
}

#[test]
fn the_door_is_closed_only_after_a_proof() {
    let mut scene = prepared();
    scene.public().proof = published(by_oidc(Some("acme/widgets"), None));
    assert_eq!(words(&scene), ["done", "done", "done", "done", "done", "done", "open", "done"]);
    scene.public().locked = Some(true);
    assert_eq!(words(&scene), ["done"; 8]);
    assert!(scene.row().next().is_none());
}

#[test]
fn an_old_secret_goes_only_after_the_lock() {
    let mut scene = prepared();
    scene.public().proof = published(by_oidc(Some("acme/widgets"), None));
    let secrets = crate::plan::testing::seen(&mut scene.facts.github.repository_secrets);
    secrets.push(crate::plan::testing::secret("CARGO_REGISTRY_TOKEN"));
    let StepState::Blocked(why) = scene.step(StepKind::Retire) else { panic!("not blocked") };
    assert!(why.contains("lock"), "{why}");
    scene.public().locked = Some(true);
    assert_eq!(scene.step(StepKind::Retire), StepState::Open);
}

#[test]
fn a_lock_that_nobody_can_read_is_stated_and_holds_for_what_it_covers() {
    let stated = |registry, name: &str, locked: &str| {
        let mut scene = Scene::of(registry, name);
        assert!(!scene.rung(Rung::Locked).settled());
        scene.facts.memory.locked.insert(id(registry, locked), (plan::LockedBy::Person, NOON));
        matches!(scene.rung(Rung::Locked), Standing::Stated { .. })
    };
    assert!(stated(Registry::Npm, "widgets", "widgets"));
    assert!(!stated(Registry::Npm, "widgets", "gadgets"));
    assert!(stated(Registry::Jsr, "@acme/widgets", "@acme/gadgets"), "the whole scope");
    assert!(!stated(Registry::Jsr, "@acme/widgets", "@other/widgets"));
}

#[test]
fn a_workflow_that_only_lacks_a_push_is_not_repaired_again() {
    let mut scene = prepared();
    crate::plan::testing::seen(&mut scene.facts.github.workflows).clear();
    assert!(matches!(scene.step(StepKind::RepairWorkflow), StepState::Blocked(_)));
    assert!(matches!(scene.step(StepKind::Prove), StepState::Blocked(_)));
}

#[test]
fn nothing_is_open_before_it_is_known_whether_the_name_exists() {
    for registry in Registry::ALL {
        let mut scene = Scene::of(registry, "widgets");
        scene.registry().public = unread();
        assert!(matches!(scene.step(StepKind::Register), StepState::Unknown(_)), "{registry}");
    }
    let mut scene = Scene::of(Registry::Pypi, "widgets");
    scene.registry().public = unread();
    let guides = plan::guides(&scene.facts, &scene.row(), StepKind::Register);
    assert!(guides.is_empty(), "the form of a pending publisher is not that of a project");
}

#[test]
fn what_nobody_can_tell_is_asked_for_last() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    scene.local().slug = None;
    assert!(matches!(scene.step(StepKind::Register), StepState::Unknown(_)));
    assert!(matches!(scene.step(StepKind::Declare), StepState::Unknown(_)));
    assert_eq!(scene.row().next().unwrap().kind, StepKind::Register);
}

#[test]
fn a_package_that_is_off_oidc_on_purpose_says_so_and_has_no_steps_to_take() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets")
        .with_token("CARGO_REGISTRY_TOKEN")
        .declaring("[[package]]\nname = \"widgets\"\nkind = \"crates\"\noff_oidc = \"signed by hand\"\n");
    scene.public().existence = Existence::Absent;
    for rung in Rung::ALL {
        let Standing::NotApplicable(why) = scene.rung(rung) else { panic!("{rung:?} applies") };
        assert!(why.contains("signed by hand"), "{why}");
    }
    assert_eq!(words(&scene), ["done"; 8]);
}

#[test]
fn rows_are_in_the_order_of_registries_and_names() {
    let scene = Scene::bare()
        .with(Registry::Pypi, "a")
        .with(Registry::CratesIo, "z")
        .with(Registry::Npm, "b")
        .with(Registry::CratesIo, "c");
    let names: Vec<_> = scene.plan().rows.iter().map(|row| row.package.id.name.to_string()).collect();
    assert_eq!(names, ["c", "z", "b", "a"]);
    assert_eq!(scene.plan().also_open(StepKind::Register, Registry::CratesIo).len(), 2);
}

#[test]
fn steps_for_the_browser_are_counted_once_each() {
    let scene = Scene::bare().with(Registry::Pypi, "a").with(Registry::CratesIo, "c");
    assert_eq!(in_browser(&scene.facts, &scene.plan()), 1, "PyPI's page; crates.io has an API");
    let ways = plan::guides(&scene.facts, scene.plan().row(&id(Registry::CratesIo, "c")).unwrap(), StepKind::Register);
    assert_eq!(ways[0].who, Who::Untoken);
}

#[test]
fn an_edited_publisher_goes_before_the_workflow() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    scene.answers.publishers.insert(id(Registry::CratesIo, "widgets"), publisher(Some("prod")));
    assert_eq!(scene.row().wanted, Ok(publisher(Some("prod"))));
}

#[test]
fn the_word_of_github_goes_before_the_remote() {
    let mut scene = Scene::of(Registry::Npm, "widgets").on_github();
    crate::plan::testing::seen(&mut scene.facts.github.repository).slug = "Acme/Widgets".parse().unwrap();
    assert_eq!(scene.row().wanted.unwrap().repository.to_string(), "Acme/Widgets");
    assert!(scene.plan().findings.iter().any(|finding| finding.message.contains("Acme/Widgets")));
}

#[test]
fn every_step_raises_a_rung_of_its_own() {
    let mut rungs = StepKind::ALL.map(raises).to_vec();
    rungs.sort();
    rungs.dedup();
    assert_eq!(rungs.len(), 7);
}

#[test]
fn a_token_that_published_last_keeps_the_proof_open() {
    let mut scene = prepared();
    scene.public().proof = published(PublishedBy::Token(Some("mona".into())));
    assert_eq!(scene.step(StepKind::Prove), StepState::Open);
    assert_eq!(scene.facts.now, NOON);
}

#[test]
fn a_platform_goes_with_the_package_that_it_belongs_to() {
    let mut scene = Scene::of(Registry::Npm, "@x/cli").with(Registry::Npm, "@x/cli-linux-x64");
    scene.local().publish_jobs.truncate(1);
    let mut platform = scene.local().packages.remove(1);
    platform.family = Some("@x/cli".parse().unwrap());
    scene.local().family.push(platform);
    let states = |scene: &Scene| {
        let row = scene.plan().row(&id(Registry::Npm, "@x/cli-linux-x64")).unwrap().clone();
        assert_eq!(row.wanted, Ok(publisher(None)), "the same step publishes it");
        assert!(matches!(row.ladder.standing(Rung::Declared), Standing::NotApplicable(_)));
        [StepKind::FirstPublish, StepKind::Register, StepKind::Declare]
            .map(|kind| row.step(kind).unwrap().state.clone())
    };
    assert_eq!(states(&scene), [StepState::Done, StepState::Open, StepState::Done]);
    let known = scene.facts.registries.get_mut(&id(Registry::Npm, "@x/cli-linux-x64")).unwrap();
    plan::testing::seen(&mut known.public).existence = Existence::Absent;
    assert!(
        matches!(&states(&scene)[..2], [StepState::Blocked(why), StepState::Blocked(_)] if why.contains("a build"))
    );
}
