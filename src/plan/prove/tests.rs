//! Naming a release: the tag, the dispatch, the version; and what is seen of one that is awaited.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::model::{
    Auth, Conclusion, Existence, PublishedBy, Reading, Refs, Registry, RemoteWorkflow, RunState, SourceFile, Timestamp,
    Unknown, WorkflowRun,
};
use crate::plan::testing::{NOON, Scene, by_oidc, place, published, trigger};

fn tags(patterns: &[&str]) -> Trigger {
    let filter = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
    Trigger { refs: Refs::Tags, filter, ..trigger("push") }
}

/// A package of version 1.0.0 whose registry has `newest`, published on these events.
fn scene(registry: Registry, newest: Option<&str>, triggers: Vec<Trigger>) -> Scene {
    let mut scene = Scene::of(registry, "widgets").on_github();
    scene.public().existence = match newest {
        Some(newest) => Existence::Exists { latest: Some(newest.to_owned()) },
        None => Existence::Absent,
    };
    if let (Some(newest), Reading::Seen(proof)) = (newest, &mut scene.public().proof) {
        newest.clone_into(&mut proof.value.version);
    }
    scene.job().triggers = triggers;
    scene
}

fn named(scene: &Scene) -> Release {
    release(&scene.facts, &scene.row()).unwrap()
}

#[test]
fn the_tag_fits_the_filter_and_carries_the_manifests_version() {
    let found = named(&scene(Registry::CratesIo, Some("0.9.0"), vec![tags(&["v*"])]));
    assert_eq!(found.workflow.as_str(), "release.yml");
    assert_eq!(found.starts[0].tag.as_deref(), Some("v1.0.0"));
    assert_eq!(found.starts[0].commands, ["git tag v1.0.0", "git push origin v1.0.0"]);
    assert_eq!(found.starts[0].what, "Push the tag v1.0.0 (the filter is v*).");
    assert_eq!(found.version, Version::New { version: "1.0.0".into(), newest: Some("0.9.0".into()) });
}

#[test]
fn a_version_that_is_there_has_to_be_bumped_first() {
    for (newest, used) in [(Some("1.0.0"), true), (Some("1.2.0"), true), (Some("1.0.0-rc.1"), false), (None, false)] {
        let found = named(&scene(Registry::CratesIo, newest, vec![tags(&["v*"])]));
        assert_eq!(matches!(found.version, Version::Used { .. }), used, "{newest:?}");
    }
    // A pre-release that is there is used up too, though the latest is another version.
    let mut trial = scene(Registry::Pypi, Some("0.9.0"), vec![tags(&["v*"])]);
    trial.public().proof = Reading::NotRead;
    for (newest, used) in [("1.0.0", true), ("1.0.0rc1", false)] {
        trial.public().newest = Some(newest.into());
        assert_eq!(matches!(named(&trial).version, Version::Used { .. }), used, "{newest}");
    }
    let mut unread = scene(Registry::CratesIo, Some("1.0.0"), vec![tags(&["v*"])]);
    unread.registry().public = Reading::Unknown(Unknown::because("it answered 500"));
    assert!(matches!(named(&unread).version, Version::Unsure(Some(_), _)), "what was not read is not taken for free");
    let mut computed = scene(Registry::CratesIo, Some("1.0.0"), vec![tags(&["v*"])]);
    computed.local().packages[0].version = None;
    assert!(matches!(named(&computed).version, Version::Unsure(None, _)));
}

#[test]
fn the_best_way_comes_first_and_each_says_its_command() {
    let triggers = vec![trigger("workflow_dispatch"), trigger("release"), tags(&["v*"]), trigger("workflow_call")];
    let found = named(&scene(Registry::Npm, Some("0.9.0"), triggers));
    let events: Vec<&str> = found.starts.iter().map(|start| start.event.as_str()).collect();
    assert_eq!(events, ["push", "release", "workflow_dispatch"]);
    assert_eq!(found.starts[1].commands, ["gh release create v1.0.0 --generate-notes"]);
    assert_eq!(found.starts[2].commands, ["gh workflow run release.yml --ref main"]);
}

#[test]
fn a_dispatch_with_a_dry_run_is_told_to_be_none() {
    let mut scene = scene(Registry::Npm, Some("0.9.0"), vec![trigger("workflow_dispatch")]);
    let text = "on:\n  workflow_dispatch:\n    inputs:\n      dry-run:\n        default: 'true'\n      level:\n        \
                type: choice\n        options: [patch, minor]\n      notes:\n        default: none\njobs: {}\n";
    scene.local().workflow_files = vec![SourceFile::new(place(1).file, text.as_bytes())];
    let start = named(&scene).starts.remove(0);
    assert_eq!(start.commands, ["gh workflow run release.yml --ref main -f dry-run=false -f level=patch"]);
    assert_eq!(
        start.notes,
        ["With dry-run=true nothing is published, and so nothing is proven.", "level is one of patch, minor."]
    );
}

#[test]
fn an_event_that_the_registry_refuses_is_no_way() {
    let mut scene = scene(Registry::CratesIo, Some("0.9.0"), vec![trigger("workflow_run")]);
    let why = release(&scene.facts, &scene.row()).unwrap_err();
    assert!(why.why.contains("refuses every run by workflow_run"), "{why:?}");
    scene.job().triggers.push(tags(&["v*"]));
    assert_eq!(named(&scene).starts.len(), 1);
}

#[test]
fn pub_devs_dispatch_is_on_the_tag() {
    let found = named(&scene(Registry::PubDev, Some("0.9.0"), vec![trigger("workflow_dispatch")]));
    assert_eq!(found.starts[0].commands, ["gh workflow run release.yml --ref v1.0.0"]);
}

#[test]
fn words_for_a_shell_are_quoted() {
    let found = named(&scene(Registry::Npm, Some("0.9.0"), vec![tags(&["a;rm*"])]));
    assert_eq!(found.starts[0].commands, ["git tag 'a;rm1.0.0'", "git push origin 'a;rm1.0.0'"]);
}

#[test]
fn one_workflow_is_one_release() {
    let scene = Scene::of(Registry::CratesIo, "widgets").with(Registry::Npm, "@acme/widgets").on_github();
    let plan = scene.plan();
    let groups = by_workflow(&scene.facts, &plan.rows.iter().collect::<Vec<_>>());
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].1.len(), 2);
}

fn run(state: RunState) -> WorkflowRun {
    WorkflowRun {
        id: 1,
        number: 5,
        event: "push".into(),
        head: Some("v1.0.0".into()),
        sha: "0".repeat(40),
        files: None,
        created: NOON,
        state,
        link: "https://github.example/run".into(),
    }
}

fn awaited(had: &str) -> Awaited {
    Awaited { since: NOON, had: Some(had.into()), workflow: "release.yml".parse().unwrap() }
}

fn seen(scene: &Scene, had: &str, runs: &[WorkflowRun]) -> Outcome {
    outcome(&scene.facts, &scene.row(), &awaited(had), runs)
}

#[test]
fn what_came_is_told_apart() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets").on_github();
    // The tests' proof is of 1.0.0.
    assert!(matches!(seen(&scene, "1.0.0", &[]), Outcome::NotYet(_)));
    assert!(matches!(seen(&scene, "0.9.0", &[]), Outcome::ByToken(_)));
    scene.public().proof = published(by_oidc(Some("acme/widgets"), None));
    assert!(matches!(seen(&scene, "0.9.0", &[]), Outcome::Proven(_)));
    scene.public().proof = published(by_oidc(Some("mallory/widgets"), None));
    assert!(matches!(seen(&scene, "0.9.0", &[]), Outcome::BySomebodyElse(_)));
    scene.public().proof = published(PublishedBy::Elsewhere("gitlab".into()));
    assert!(matches!(seen(&scene, "0.9.0", &[]), Outcome::BySomebodyElse(_)));
    scene.public().proof = Reading::Unknown(Unknown::because("a mirror strips it"));
    scene.public().newest = Some("1.0.0".into());
    scene.public().existence = Existence::Exists { latest: Some("1.0.0".into()) };
    let success = [run(RunState::Completed(Conclusion::Success))];
    assert!(matches!(seen(&scene, "0.9.0", &success), Outcome::Unsaid(_)), "crates.io could have shown it");
    scene.registry().public = Reading::Unknown(Unknown::because("it answered 500"));
    assert!(matches!(seen(&scene, "0.9.0", &success), Outcome::Unread(_)));
}

#[test]
fn where_nothing_is_public_a_run_and_a_newer_version_stand_in() {
    let mut scene = Scene::of(Registry::Nuget, "widgets").on_github();
    scene.public().proof = Reading::NotRead;
    scene.public().existence = Existence::Exists { latest: Some("1.0.0".into()) };
    // A pre-release is as good, and is never the latest.
    scene.public().newest = Some("1.1.0-rc.1".into());
    assert!(matches!(seen(&scene, "1.0.0", &[]), Outcome::Unsaid(_)), "a newer version is there");
    // Where nobody can tell which came last, the latest is no news: it may have been there before a pre-release was.
    scene.public().newest = None;
    assert!(matches!(seen(&scene, "1.1.0-rc.1", &[]), Outcome::Unread(_)));
    scene.public().newest = Some("1.0.0".into());
    // The commit of the run has the workflows that are on GitHub and here.
    let files = scene.facts.github.workflows.value().cloned();
    let success = WorkflowRun { files, ..run(RunState::Completed(Conclusion::Success)) };
    let Outcome::StandIn(text) = seen(&scene, "0.9.0", std::slice::from_ref(&success)) else { panic!() };
    assert!(text.contains("stands in for the proof"), "{text}");
    assert!(matches!(seen(&scene, "1.0.0", std::slice::from_ref(&success)), Outcome::NotYet(_)), "no newer version");
    assert!(matches!(seen(&scene, "0.9.0", &[run(RunState::Completed(Conclusion::Failure))]), Outcome::Unsaid(_)));
    let old = WorkflowRun { created: Timestamp::from_unix(NOON.unix() - 120), ..success.clone() };
    assert!(matches!(seen(&scene, "0.9.0", &[old]), Outcome::Unsaid(_)), "a run from before");
    let with = |change: fn(&mut Vec<RemoteWorkflow>)| {
        let mut run = success.clone();
        change(run.files.as_mut().unwrap());
        run
    };
    for (run, why) in [
        (WorkflowRun { files: None, ..success.clone() }, "were not read"),
        (with(Vec::clear), "has no such workflow"),
        (with(|files| files[0].blob = Some("0".repeat(40))), "is another version than here"),
    ] {
        let Outcome::Unsaid(text) = seen(&scene, "0.9.0", &[run]) else { panic!("{why}") };
        assert!(text.contains("without the token is not known") && text.contains(why), "{text}");
    }
    // The version may have come from any run since then, also from one that failed later, and not from the newest.
    for state in [RunState::Completed(Conclusion::Success), RunState::Completed(Conclusion::Failure)] {
        let by_token = WorkflowRun { number: 4, state, ..with(|files| files[0].blob = Some("0".repeat(40))) };
        let Outcome::Unsaid(text) = seen(&scene, "0.9.0", &[success.clone(), by_token]) else { panic!() };
        assert!(text.contains("of run 4") && text.contains("is another version than here"), "{text}");
    }
    let never_began = WorkflowRun { files: None, ..run(RunState::Completed(Conclusion::StartupFailure)) };
    assert!(matches!(seen(&scene, "0.9.0", &[success.clone(), never_began]), Outcome::StandIn(_)));
    // The branch may have moved on meanwhile: what ran is what counts.
    scene.job().auth = Auth::Token("NUGET_API_KEY".parse().unwrap());
    assert!(matches!(seen(&scene, "0.9.0", &[success]), Outcome::Unsaid(_)), "the workflow here takes a token");
}

#[test]
fn looks_become_rarer() {
    for state in [None, Some(RunState::Queued), Some(RunState::Waiting), Some(RunState::Completed(Conclusion::Success))]
    {
        for signed_in in [true, false] {
            let pauses: Vec<u64> = (0..100).map(|looks| pause(looks, state.as_ref(), signed_in)).collect();
            assert!(pauses.is_sorted() && pauses[0] >= 5 && pauses[99] <= 120, "{pauses:?}");
        }
    }
}
