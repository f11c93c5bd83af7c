//! The registries of the browser: tags that are told or guessed, pending publishers that wait their turn and end.

use crate::model::{
    Existence, PackageId, Reading, Refs, Registry, Rung, Standing, StepKind, StepState, TagPattern, Unknown,
};
use crate::plan::testing::{NOON, Scene, id, package, publisher};
use crate::plan::{self, TagsFrom};

const DAY: i64 = 24 * 60 * 60;

/// Projects that PyPI does not know, all published by release.yml.
fn to_come(names: &[&str]) -> Scene {
    let mut scene = names.iter().fold(Scene::bare(), |scene, name| scene.with(Registry::Pypi, name));
    for name in names {
        absent(&mut scene, &id(Registry::Pypi, name));
    }
    scene
}

fn absent(scene: &mut Scene, id: &PackageId) {
    let known = scene.facts.registries.get_mut(id).unwrap();
    plan::testing::seen(&mut known.public).existence = Existence::Absent;
}

fn register(scene: &Scene, name: &str) -> StepState {
    scene.plan().row(&id(Registry::Pypi, name)).unwrap().step(StepKind::Register).unwrap().state.clone()
}

/// In an environment of its own, so that it is like no other.
fn apart(scene: &mut Scene, index: usize) {
    let name = format!("env-{index}").parse().unwrap();
    scene.local().publish_jobs[index].environment = crate::model::EnvironmentRef::Named(name);
}

#[test]
fn two_of_one_workflow_and_environment_take_turns() {
    let mut scene = to_come(&["alpha", "beta"]);
    assert_eq!(register(&scene, "alpha"), StepState::Open);
    let StepState::Blocked(why) = register(&scene, "beta") else { panic!("both at once") };
    assert!(why.contains("alpha") && why.contains("environment of its own"), "{why}");
    // Saved: the other one waits still.
    scene.facts.memory.stated.insert(id(Registry::Pypi, "alpha"), (publisher(None), NOON));
    assert!(matches!(register(&scene, "beta"), StepState::Blocked(_)));
    // Another environment, or a release of the first, lets it go on.
    let mut other = scene.clone();
    apart(&mut other, 1);
    assert_eq!(register(&other, "beta"), StepState::Open);
    let alpha = id(Registry::Pypi, "alpha");
    let known = scene.facts.registries.get_mut(&alpha).unwrap();
    plan::testing::seen(&mut known.public).existence = Existence::Exists { latest: Some("1.0.0".to_owned()) };
    assert_eq!(register(&scene, "beta"), StepState::Open);
}

#[test]
fn three_wait_at_most_and_the_fourth_is_told_which() {
    let names = ["alpha", "beta", "gamma", "delta"];
    let mut scene = to_come(&names);
    (0..4).for_each(|index| apart(&mut scene, index));
    for (index, name) in names[..3].iter().enumerate() {
        let said = publisher(Some(&format!("env-{index}")));
        scene.facts.memory.stated.insert(id(Registry::Pypi, name), (said, NOON));
    }
    let StepState::Blocked(why) = register(&scene, "delta") else { panic!("a fourth") };
    assert!(["3", "alpha", "beta", "gamma"].iter().all(|part| why.contains(part)), "{why}");
    scene.facts.memory.stated.remove(&id(Registry::Pypi, "beta"));
    assert_eq!(register(&scene, "delta"), StepState::Open);
    let row = scene.plan().row(&id(Registry::Pypi, "delta")).unwrap().clone();
    let guide = plan::guides(&scene.facts, &row, StepKind::Register).remove(0);
    assert!(guide.text.iter().any(|line| line.contains("2 of 3") && line.contains("gamma")), "{:?}", guide.text);
}

#[test]
fn a_pending_publisher_counts_its_days_and_is_gone_after_thirty() {
    let mut scene = to_come(&["alpha"]);
    scene.facts.memory.stated.insert(id(Registry::Pypi, "alpha"), (publisher(None), NOON));
    scene.facts.now = NOON.plus(DAY);
    assert_eq!(scene.row().lapses_in, Some(29 * DAY));
    let Standing::Stated { what, .. } = scene.rung(Rung::Registered) else { panic!("not stated") };
    assert!(what.contains("29 days"), "{what}");
    scene.facts.now = NOON.plus(30 * DAY);
    for rung in [Rung::Exists, Rung::Registered] {
        let Standing::Unknown(unknown) = scene.rung(rung) else { panic!("{rung:?}") };
        assert!(unknown.why.contains("30 days"), "{unknown:?}");
    }
    assert_eq!((scene.row().lapses_in, register(&scene, "alpha")), (None, StepState::Open));
}

#[test]
fn gems_to_come_wait_side_by_side_for_half_a_day() {
    let mut scene = Scene::of(Registry::RubyGems, "alpha").with(Registry::RubyGems, "beta");
    let [alpha, beta] = ["alpha", "beta"].map(|name| id(Registry::RubyGems, name));
    for gem in [&alpha, &beta] {
        absent(&mut scene, gem);
    }
    scene.facts.memory.stated.insert(alpha.clone(), (publisher(None), NOON));
    let row = |scene: &Scene, id| scene.plan().row(id).unwrap().clone();
    assert_eq!(
        row(&scene, &beta).step(StepKind::Register).unwrap().state,
        StepState::Open,
        "the same publisher for both"
    );
    assert_eq!(row(&scene, &alpha).lapses_in, Some(DAY / 2));
    scene.facts.now = NOON.plus(DAY / 2);
    assert_eq!(row(&scene, &alpha).step(StepKind::Register).unwrap().state, StepState::Open);
}

#[test]
fn a_policy_that_was_stated_may_have_lapsed_after_a_week_unless_a_release_was_seen() {
    let mut scene = Scene::of(Registry::Nuget, "Acme.Widgets");
    let package = scene.id();
    scene.facts.memory.stated.insert(package.clone(), (publisher(None), NOON));
    for (days, word) in [(6, "stated"), (7, "unknown")] {
        scene.facts.now = NOON.plus(days * DAY);
        assert_eq!(scene.rung(Rung::Registered).word(), word, "after {days} days");
    }
    assert_eq!(scene.step(StepKind::Register), StepState::Open);
    scene.facts.memory.stood_in.insert(package, ("run 7, and 1.1.0 after it".to_owned(), NOON));
    assert_eq!(scene.rung(Rung::Registered).word(), "stated", "the first release makes it last");
}

/// A package of pub.dev that runs on these tags.
fn on_tags(filters: &[&str]) -> Scene {
    let mut scene = Scene::of(Registry::PubDev, "widgets");
    scene.job().triggers[0].refs = Refs::Tags;
    scene.job().triggers[0].filter = filters.iter().map(|filter| (*filter).to_owned()).collect();
    scene
}

fn told(scene: &Scene) -> Option<(String, bool)> {
    let tags = plan::tags_of(&scene.facts, &package(Registry::PubDev, "widgets"))?;
    Some((tags.pattern.to_string(), matches!(tags.from, TagsFrom::Declared(_))))
}

fn sheet(scene: &Scene) -> (String, String) {
    let guide = plan::guides(&scene.facts, &scene.row(), StepKind::Register).remove(0);
    let field = guide.fields.into_iter().find(|field| field.label == "Tag pattern").unwrap();
    (field.value.words().to_owned(), field.note.unwrap_or_default())
}

#[test]
fn the_tag_pattern_is_the_projects_else_the_filters_else_a_suggestion() {
    let policy = |pattern: &str| {
        format!(
            "[[package]]\nname = \"widgets\"\nkind = \"pub\"\n[package.trust_policy]\ntag_pattern = \"{pattern}\"\n"
        )
    };
    assert_eq!(told(&on_tags(&["widgets-v*"])), Some(("widgets-v{{version}}".to_owned(), false)));
    assert_eq!(told(&on_tags(&["v*"]).declaring(&policy("v{{version}}"))), Some(("v{{version}}".to_owned(), true)));
    for unclear in [&["*-v*"][..], &["v*", "w*"], &[]] {
        assert_eq!(told(&on_tags(unclear)), None, "{unclear:?}");
        let (value, note) = sheet(&on_tags(unclear));
        assert!(value == TagPattern::usual().to_string() && note.contains("suggestion"), "{value} {note}");
    }
    assert_eq!(sheet(&on_tags(&["widgets-v*"])).0, "widgets-v{{version}}");
    // Two packages behind one filter: nobody can tell whose tags those are.
    let mut shared = on_tags(&["v*"]);
    shared.job().packages = Some(vec!["widgets".parse().unwrap(), "gadgets".parse().unwrap()]);
    assert!(told(&shared).is_none());
    // A pattern whose tags start nothing is no sound declaration.
    let Standing::No(seen) = on_tags(&["v*"]).declaring(&policy("w{{version}}")).rung(Rung::Declared) else {
        panic!("taken")
    };
    assert!(seen.value.contains("runs on tags v*"), "{seen:?}");
}

#[test]
fn what_stood_in_is_stated_and_a_registrys_silence_keeps_its_own_words() {
    let mut scene = Scene::of(Registry::Nuget, "Acme.Widgets").on_github();
    let package = scene.id();
    for (silence, word) in [(Reading::NotRead, "shows nobody"), (Reading::Unknown(Unknown::because("mute")), "mute")] {
        scene.public().proof = silence;
        let Standing::Unknown(unknown) = scene.rung(Rung::Proven) else { panic!("{word}") };
        assert!(unknown.why.contains(word) && unknown.hint.unwrap().contains("stand in"), "{word}");
        scene.facts.memory.stood_in.insert(package.clone(), ("run 7, and 1.1.0 after it".to_owned(), NOON));
        assert_eq!(scene.rung(Rung::Proven).word(), "stated", "{word}");
        scene.facts.memory.stood_in.clear();
    }
}
