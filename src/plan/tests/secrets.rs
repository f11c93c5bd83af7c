//! Retired: is a long-lived secret left, anywhere?

use super::is;
use crate::model::{Auth, BranchPolicy, EnvironmentFacts, Reading, Registry, Rung, Standing};
use crate::plan::old_secret_names;
use crate::plan::testing::{NOON, Scene, package, secret, seen, unread};

fn retired(change: impl FnOnce(&mut Scene)) -> Standing {
    let mut scene = Scene::of(Registry::CratesIo, "widgets").on_github();
    change(&mut scene);
    scene.rung(Rung::Retired)
}

fn environment(secrets: Reading<Vec<crate::model::SecretFact>>) -> EnvironmentFacts {
    EnvironmentFacts { name: "release".parse().unwrap(), protection: Vec::new(), refs: BranchPolicy::Any, secrets }
}

#[test]
fn a_secret_is_found_wherever_it_is_left() {
    is(&retired(|_| {}), "yes", &["crates.io"]);
    is(&retired(|s| *s = s.clone().with_token("MY_TOKEN")), "no", &["workflow", "MY_TOKEN"]);
    let kept = |list: fn(&mut Scene) -> &mut Vec<crate::model::SecretFact>| {
        retired(|s| list(s).push(secret("CARGO_REGISTRY_TOKEN")))
    };
    is(&kept(|s| seen(&mut s.facts.github.repository_secrets)), "no", &["CARGO_REGISTRY_TOKEN"]);
    is(&kept(|s| seen(&mut s.facts.github.organization_secrets)), "no", &["CARGO_REGISTRY_TOKEN"]);
    let inside = retired(|s| {
        let secrets = Reading::seen(vec![secret("CARGO_REGISTRY_TOKEN")], "GitHub", NOON);
        seen(&mut s.facts.github.environments).push(environment(secrets));
    });
    is(&inside, "no", &["CARGO_REGISTRY_TOKEN"]);
    is(&retired(|s| seen(&mut s.facts.github.repository_secrets).push(secret("NPM_TOKEN"))), "yes", &[]);
}

#[test]
fn a_secret_is_known_by_its_name_when_no_workflow_uses_it_any_more() {
    let left = |registry, name: &'static str| {
        let mut scene = Scene::of(registry, "widgets").on_github();
        seen(&mut scene.facts.github.repository_secrets).push(secret(name));
        scene.rung(Rung::Retired)
    };
    for (registry, name) in [
        (Registry::Pypi, "PYPI_API_TOKEN"),
        (Registry::Pypi, "POETRY_PYPI_TOKEN_MAIN"),
        (Registry::CratesIo, "CRATES_IO_TOKEN"),
        (Registry::Npm, "ORG_NPM_PUBLISH_KEY"),
    ] {
        is(&left(registry, name), "no", &[name]);
    }
    is(&left(Registry::Pypi, "PYPI_USERNAME"), "yes", &[]);
    is(&left(Registry::Pypi, "DOCKER_TOKEN"), "yes", &[]);
}

#[test]
fn a_list_of_secrets_that_was_not_read_is_never_empty() {
    is(&retired(|s| s.facts.github.repository_secrets = unread()), "unknown", &["the line was busy"]);
    is(&retired(|s| s.facts.github.organization_secrets = unread()), "unknown", &["the line was busy"]);
    is(&retired(|s| s.facts.github.environments = unread()), "unknown", &["the line was busy"]);
    is(&retired(|s| seen(&mut s.facts.github.environments).push(environment(unread()))), "unknown", &["busy"]);
    is(&retired(|s| s.facts.github = Default::default()), "unknown", &["not been read"]);
}

#[test]
fn a_step_whose_login_nobody_can_tell_may_use_any_secret() {
    is(&retired(|s| s.job().auth = Auth::Unknown), "unknown", &["logs in"]);
    is(&retired(|s| s.local().publish_jobs.clear()), "unknown", &["no step that publishes it"]);
}

#[test]
fn old_secrets_are_named_once() {
    let mut scene = Scene::of(Registry::CratesIo, "widgets").on_github().with_token("CARGO_REGISTRY_TOKEN");
    seen(&mut scene.facts.github.repository_secrets).push(secret("CARGO_REGISTRY_TOKEN"));
    let names = old_secret_names(&scene.facts, &package(Registry::CratesIo, "widgets"));
    assert_eq!(names, ["CARGO_REGISTRY_TOKEN"]);
}
