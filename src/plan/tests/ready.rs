//! Ready: would the registry take what the workflow presents, and would GitHub run this very workflow?

use super::is;
use crate::checkout::blob_id;
use crate::model::{
    Auth, Caller, Certainty, EnvironmentRef, IdToken, Reach, Registry, RemoteWorkflow, Rung, SourceFile, Standing,
    WorkflowState,
};
use crate::plan::testing::{NOON, RELEASE, Scene, place, seen, trigger};

fn ready(change: impl FnOnce(&mut Scene)) -> Standing {
    ready_on(Registry::CratesIo, change)
}

fn ready_on(registry: Registry, change: impl FnOnce(&mut Scene)) -> Standing {
    let mut scene = Scene::of(registry, "widgets").on_github();
    change(&mut scene);
    scene.rung(Rung::Ready)
}

/// A reusable workflow with the publishing step, called by release.yml.
fn called(scene: &mut Scene, callee: &str) {
    let caller = Caller { workflow: "release.yml".parse().unwrap(), job: "call".parse().unwrap() };
    scene.job().reach = Reach::Reusable { callers: vec![caller], callee: callee.parse().unwrap() };
}

#[test]
fn what_would_be_accepted_is_said_with_its_place_and_time() {
    let Standing::Yes(seen) = ready(|_| {}) else { panic!("not ready") };
    assert_eq!((seen.source.as_str(), seen.at), ("release.yml:41", NOON));
}

#[test]
fn without_id_token_there_is_no_oidc() {
    is(&ready(|s| s.job().id_token = IdToken::Missing), "no", &["id-token: write"]);
    let with_token = ready(|s| *s = s.clone().with_token("CARGO_REGISTRY_TOKEN"));
    is(&with_token, "no", &["id-token: write", "CARGO_REGISTRY_TOKEN"]);
    is(&ready(|s| s.job().id_token = IdToken::Unknown("a caller decides".into())), "unknown", &["a caller decides"]);
}

#[test]
fn a_token_beside_oidc_wins_and_an_unread_login_is_unknown() {
    is(&ready(|s| s.job().auth = Auth::Token("NPM_TOKEN".parse().unwrap())), "no", &["NPM_TOKEN", "wins"]);
    is(&ready(|s| s.job().auth = Auth::Unknown), "unknown", &["logs in"]);
}

#[test]
fn what_lies_in_another_repository_is_not_judged_by_its_name() {
    let remote = |certainty: Certainty| {
        ready(move |s| {
            let caller = Caller { workflow: "release.yml".parse().unwrap(), job: "publish".parse().unwrap() };
            s.job().reach = Reach::Remote { caller, callee: "acme/ci/.github/workflows/publish.yml@v1".to_owned() };
            s.job().certainty = certainty;
        })
    };
    is(&remote(Certainty::Likely), "unknown", &["acme/ci/.github/workflows/publish.yml@v1", "read from here"]);
    is(&remote(Certainty::Certain), "yes", &[]);
}

#[test]
fn only_events_that_are_all_refused_are_refused() {
    let on = |events: &[&str]| {
        let triggers = events.iter().map(|event| trigger(event)).collect();
        ready(|s| s.job().triggers = triggers)
    };
    is(&on(&["workflow_run"]), "no", &["workflow_run", "crates.io"]);
    is(&on(&["workflow_run", "pull_request_target"]), "no", &["and"]);
    is(&on(&["workflow_run", "push"]), "yes", &[]);
    is(&on(&[]), "yes", &[]);
    let npm = ready_on(Registry::Npm, |s| s.job().triggers = vec![trigger("workflow_run")]);
    is(&npm, "yes", &[]);
}

#[test]
fn no_publishing_step_is_no_proof_that_there_is_none() {
    is(&ready(|s| s.local().publish_jobs.clear()), "unknown", &["1 workflow file"]);
    let other = ready(|s| s.job().packages = Some(vec!["other".parse().unwrap()]));
    is(&other, "unknown", &[]);
    is(&ready(|s| s.job().packages = None), "yes", &[]);
}

#[test]
fn each_registry_compares_the_file_that_it_compares() {
    for (registry, wanted) in
        [(Registry::CratesIo, "release.yml"), (Registry::Npm, "release.yml"), (Registry::Pypi, "upload.yml")]
    {
        let mut scene = Scene::of(registry, "widgets");
        called(&mut scene, "upload.yml");
        assert_eq!(scene.row().wanted.unwrap().workflow.to_string(), wanted, "{registry}");
    }
}

#[test]
fn a_job_that_a_registry_cannot_name_is_refused_in_its_own_words() {
    let caller = Caller { workflow: "release.yml".parse().unwrap(), job: "call".parse().unwrap() };
    let remote = Reach::Remote { caller, callee: "other/repo/.github/workflows/up.yml@v1".into() };
    let pypi = ready_on(Registry::Pypi, |s| s.job().reach = remote.clone());
    is(&pypi, "no", &["another"]);
    is(&ready(|s| s.job().reach = remote), "yes", &[]);
    let uncalled = ready(|s| s.job().reach = Reach::Uncalled("upload.yml".parse().unwrap()));
    is(&uncalled, "no", &["nothing here calls"]);
}

#[test]
fn an_environment_that_only_a_run_decides_leaves_the_wanted_publisher_open() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    scene.job().environment = EnvironmentRef::Expression("${{ inputs.env }}".into());
    let unknown = scene.row().wanted.unwrap_err();
    assert!(unknown.why.contains("${{ inputs.env }}") && unknown.hint.is_some(), "{unknown:?}");
    let declared = "[[package]]\nname = \"widgets\"\nkind = \"crates\"\n[package.trust_policy]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n";
    let scene = scene.declaring(declared);
    assert_eq!(scene.row().wanted.unwrap().environment.unwrap().as_str(), "release", "the config decides it");
    let scene = scene.declaring(&declared.replace("release.yml", "other.yml"));
    assert!(scene.row().wanted.is_err(), "a policy of another workflow decides nothing");
}

#[test]
fn what_github_does_not_have_is_ready_here_only() {
    let workflows = |s: &mut Scene, change: fn(&mut Vec<RemoteWorkflow>)| change(seen(&mut s.facts.github.workflows));
    is(&ready(|s| workflows(s, Vec::clear)), "here only", &["release.yml is not on main"]);
    let other = ready(|s| workflows(s, |all| all[0].blob = Some(blob_id(b"on: pull_request\n"))));
    is(&other, "here only", &["another version"]);
    let disabled =
        |all: &mut Vec<RemoteWorkflow>| all[0].state = Some(WorkflowState::Disabled("disabled_manually".into()));
    is(&ready(|s| workflows(s, disabled)), "here only", &["disabled_manually"]);
    is(&ready(|s| workflows(s, |all| all[0].blob = None)), "yes", &[]);
}

#[test]
fn line_ends_alone_are_no_other_version() {
    let crlf = RELEASE.replace('\n', "\r\n");
    let here = ready(|s| s.local().workflow_files = vec![SourceFile::new(place(1).file, crlf.as_bytes())]);
    is(&here, "yes", &[]);
    let lone = RELEASE.replace('\n', "\r");
    let here = ready(|s| s.local().workflow_files = vec![SourceFile::new(place(1).file, lone.as_bytes())]);
    is(&here, "here only", &["another version"]);
}

#[test]
fn a_caller_that_github_does_not_have_counts_too() {
    let scene = |caller: &str| {
        let mut scene = Scene::of(Registry::CratesIo, "widgets").on_github();
        called(&mut scene, "upload.yml");
        let upload = place(1).file.parent().join("upload.yml").unwrap();
        scene.job().at.file = upload.clone();
        scene.local().workflow_files.push(SourceFile::new(upload.clone(), b"on: workflow_call\n".as_slice()));
        let workflow =
            RemoteWorkflow { path: upload.to_string(), state: None, blob: Some(blob_id(b"on: workflow_call\n")) };
        seen(&mut scene.facts.github.workflows).push(workflow);
        seen(&mut scene.facts.github.workflows)[0].blob = Some(blob_id(caller.as_bytes()));
        scene.rung(Rung::Ready)
    };
    is(&scene(RELEASE), "yes", &[]);
    is(&scene("on: schedule\n"), "here only", &["release.yml", "another version"]);
}
