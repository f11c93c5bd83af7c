//! Each registry's own rules, judged: which runs it takes, which file it is told, and what stays unknown where its
//! answer could not be read.

use super::is;
use crate::model::{
    Caller, EnvironmentRef, Existence, Reach, Reading, Refs, Registry, Rung, Standing, StepKind, StepState, Trigger,
    Unknown,
};
use crate::plan::testing::{NOON, Scene, place, trigger};
use crate::plan::{Forecast, forecast};
use crate::registry::guides;

const NEW: [Registry; 4] = [Registry::Jsr, Registry::PubDev, Registry::RubyGems, Registry::Nuget];

/// A package there, published by release.yml, about which its registry was asked in vain.
fn unread(registry: Registry) -> Scene {
    let mut scene = Scene::of(registry, "widgets").on_github();
    scene.registry().public = Reading::Unknown(Unknown::because(format!("{registry} could not be asked")));
    scene
}

fn judged(registry: Registry, change: impl FnOnce(&mut Scene)) -> Forecast {
    let mut scene = Scene::of(registry, "widgets");
    change(&mut scene);
    forecast(scene.job(), guides(registry).rules())
}

fn on(registry: Registry, events: &[(&str, Refs)]) -> Forecast {
    let triggers = events.iter().map(|(event, refs)| Trigger { refs: *refs, ..trigger(event) }).collect();
    judged(registry, |scene| scene.job().triggers = triggers)
}

#[track_caller]
fn refused(forecast: &Forecast, parts: &[&str]) {
    let Forecast::Refused { why, .. } = forecast else { panic!("{forecast:?}") };
    assert!(parts.iter().all(|part| why.contains(part)), "{why}");
}

fn remote(callee: &str) -> Reach {
    let caller = Caller { workflow: "release.yml".parse().unwrap(), job: "call".parse().unwrap() };
    Reach::Remote { caller, callee: callee.to_owned() }
}

fn called() -> Reach {
    let caller = Caller { workflow: "release.yml".parse().unwrap(), job: "call".parse().unwrap() };
    Reach::Reusable { callers: vec![caller], callee: "upload.yml".parse().unwrap() }
}

#[test]
fn refused_events_are_each_registrys_own() {
    let judge = |event: &str| {
        Registry::ALL.map(|registry| matches!(on(registry, &[(event, Refs::Branches)]), Forecast::Accepted))
    };
    // crates.io, npm, PyPI, JSR, pub.dev, RubyGems, NuGet
    assert_eq!(judge("pull_request_target"), [false, false, false, true, false, true, true]);
    assert_eq!(judge("workflow_run"), [false, true, true, true, false, true, true]);
    assert_eq!(judge("issue_comment"), [true, false, true, true, false, true, true]);
    assert_eq!(judge("schedule"), [true, true, true, true, false, true, true]);
}

#[test]
fn pub_dev_takes_pushes_of_tags_and_runs_by_hand_that_are_of_a_tag() {
    let judge = |events: &[(&str, Refs)]| on(Registry::PubDev, events);
    assert_eq!(judge(&[("push", Refs::Tags)]), Forecast::Accepted);
    assert_eq!(judge(&[("push", Refs::Either)]), Forecast::Accepted);
    assert_eq!(judge(&[("push", Refs::Branches), ("push", Refs::Tags)]), Forecast::Accepted);
    assert_eq!(judge(&[("workflow_dispatch", Refs::Either), ("push", Refs::Tags)]), Forecast::Accepted);
    refused(&judge(&[("push", Refs::Branches)]), &["branches", "pub.dev", "tag"]);
    refused(&judge(&[("release", Refs::Tags)]), &["release", "only push and workflow_dispatch"]);
    let by_hand = judge(&[("workflow_dispatch", Refs::Either), ("push", Refs::Branches)]);
    assert!(matches!(&by_hand, Forecast::Unknown(why) if why.contains("workflow_dispatch")), "{by_hand:?}");
    let uncalled = judged(Registry::PubDev, |scene| {
        scene.job().reach = Reach::Uncalled("upload.yml".parse().unwrap());
        scene.job().triggers.clear();
    });
    assert!(matches!(uncalled, Forecast::Unknown(_)), "{uncalled:?}");
}

#[test]
fn a_job_of_another_repository_is_refused_only_where_it_cannot_be_told() {
    let judge = |registry| judged(registry, |s| s.job().reach = remote("other/repo/.github/workflows/up.yml@v1"));
    for registry in Registry::ALL {
        let fits = !matches!(judge(registry), Forecast::Refused { .. });
        assert_eq!(fits, ![Registry::Pypi, Registry::Nuget].contains(&registry), "{registry}");
    }
    refused(&judge(Registry::Nuget), &["NuGet", "another"]);
    refused(&judged(Registry::RubyGems, |s| s.job().reach = remote("docker://x")), &["RubyGems", "cannot be told"]);
}

#[test]
fn the_file_told_is_the_one_compared_and_for_the_others_the_one_that_publishes() {
    let told = |registry, reach: Reach| {
        let mut scene = Scene::of(registry, "widgets");
        scene.job().reach = reach;
        scene.row().wanted.map(|publisher| publisher.workflow.to_string())
    };
    let files = Registry::ALL.map(|registry| told(registry, called()).unwrap());
    let [top, callee] = ["release.yml", "upload.yml"];
    assert_eq!(files, [top, top, callee, top, top, callee, callee]);
    let elsewhere = remote("other/repo/.github/workflows/up.yml@v1");
    assert_eq!(told(Registry::PubDev, elsewhere.clone()).unwrap(), top);
    assert_eq!(told(Registry::RubyGems, elsewhere).unwrap(), "up.yml of other/repo");
    let own = remote("acme/widgets/.github/workflows/up.yml@v1");
    assert_eq!(told(Registry::RubyGems, own).unwrap(), "up.yml", "spelled as another, and the same");
}

#[test]
fn a_gems_policy_has_to_name_the_repository_of_the_workflow() {
    let declared = |more: &str| {
        let mut scene = Scene::of(Registry::RubyGems, "widgets");
        scene.job().reach = remote("other/repo/.github/workflows/up.yml@v1");
        let text = format!(
            "[[package]]\nname = \"widgets\"\nkind = \"gem\"\n[package.trust_policy]\nworkflow = \"up.yml\"\n{more}"
        );
        scene.declaring(&text).rung(Rung::Declared)
    };
    is(&declared("workflow_repository = \"other/repo\"\n"), "yes", &["up.yml"]);
    is(&declared(""), "no", &["workflow up.yml instead of up.yml of other/repo"]);
    is(
        &declared("workflow_repository = \"acme/else\"\n"),
        "no",
        &["up.yml of acme/else instead of up.yml of other/repo"],
    );
}

#[test]
fn jsr_asks_for_no_environment_and_never_minds_one_that_only_a_run_decides() {
    let mut scene = Scene::of(Registry::Jsr, "@acme/widgets");
    scene.job().environment = EnvironmentRef::Expression("${{ inputs.env }}".into());
    assert_eq!(scene.row().wanted.unwrap().environment, None);
    let policy = "[[package]]\nname = \"@acme/widgets\"\nkind = \"jsr\"\n[package.trust_policy]\nworkflow = \"release.yml\"\nenvironment = \"x\"\n";
    is(&scene.declaring(policy).rung(Rung::Declared), "yes", &["release.yml"]);
}

#[test]
fn what_is_not_read_is_unknown_with_its_reason_and_never_no() {
    for registry in NEW {
        let scene = unread(registry);
        let why = format!("{registry} could not be asked");
        is(&scene.rung(Rung::Exists), "unknown", &[&why]);
        let shows = guides(registry).rules().proof.is_some();
        is(&scene.rung(Rung::Proven), "unknown", &[if shows { &why } else { registry.title() }]);
        is(&scene.rung(Rung::Registered), "unknown", &[]);
        let refused = scene.row().ladder.iter().filter(|(_, s)| matches!(s, Standing::No(_))).count();
        assert_eq!(refused, 1, "{registry}: only the missing trust_policy is seen to be missing");
        assert!(!matches!(scene.rung(Rung::Locked), Standing::Yes(_) | Standing::No(_)), "{registry}");
    }
}

#[test]
fn what_a_person_said_counts_as_long_as_nothing_compared_has_changed() {
    for (registry, minds) in [(Registry::Jsr, false), (Registry::PubDev, false), (Registry::Nuget, true)] {
        let mut scene = unread(registry);
        let mut said = scene.row().wanted.unwrap();
        said.workflow = "other.yml".parse().unwrap();
        let id = scene.id();
        scene.facts.memory.stated.insert(id, (said, NOON));
        let expected = if minds { "unknown" } else { "stated" };
        is(&scene.rung(Rung::Registered), expected, &["acme/widgets"]);
    }
}

#[test]
fn an_absent_name_stands_in_the_way_only_where_it_must_be_there() {
    for registry in NEW {
        let mut scene = Scene::of(registry, "widgets");
        scene.public().existence = Existence::Absent;
        let open = scene.step(StepKind::FirstPublish) == StepState::Open;
        assert_eq!(open, guides(registry).rules().first_publish.value.must_exist(), "{registry}");
    }
}

#[test]
fn places_of_refusals_are_where_to_look() {
    let Forecast::Refused { at, .. } = on(Registry::PubDev, &[("push", Refs::Branches)]) else { panic!("taken") };
    assert_eq!(at, place(3), "the trigger, not the publishing line");
}
