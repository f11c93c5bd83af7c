//! Exists, proven and locked: what anybody can read.

use super::is;
use crate::model::{EnvironmentRef, Existence, PublishedBy, Reading, Registry, Rung, Standing};
use crate::plan::testing::{Scene, by_oidc, published, unread};

fn proven(registry: Registry, by: PublishedBy) -> Standing {
    let mut scene = Scene::of(registry, "widgets");
    scene.public().proof = published(by);
    scene.rung(Rung::Proven)
}

#[test]
fn existing_absent_and_unread_names_are_told_apart() {
    let mut scene = Scene::of(Registry::Npm, "widgets");
    is(&scene.rung(Rung::Exists), "yes", &["1.0.0"]);
    scene.public().existence = Existence::Exists { latest: None };
    is(&scene.rung(Rung::Exists), "yes", &["without a release"]);
    scene.public().newest = Some("2.0.0-rc.1".into());
    is(&scene.rung(Rung::Exists), "yes", &["2.0.0-rc.1 is published"]);
    scene.public().existence = Existence::Absent;
    is(&scene.rung(Rung::Exists), "no", &["npm has no such package"]);
    scene.registry().public = unread();
    is(&scene.rung(Rung::Exists), "unknown", &["the line was busy"]);
    scene.facts.registries.clear();
    is(&scene.rung(Rung::Exists), "unknown", &["not been read"]);
}

#[test]
fn a_proof_is_of_this_repository_and_workflow_or_none() {
    is(&proven(Registry::CratesIo, by_oidc(Some("Acme/Widgets"), None)), "yes", &["1.0.0", "trustpub_data"]);
    is(&proven(Registry::Pypi, by_oidc(Some("acme/widgets"), Some("release.yml"))), "yes", &[]);
    is(&proven(Registry::Pypi, by_oidc(Some("acme/widgets"), Some("other.yml"))), "no", &["by other.yml"]);
    is(&proven(Registry::CratesIo, by_oidc(Some("evil/widgets"), None)), "no", &["by evil/widgets"]);
    is(&proven(Registry::Npm, by_oidc(None, None)), "unknown", &["does not name the repository"]);
    is(&proven(Registry::CratesIo, PublishedBy::Token(Some("mona".into()))), "no", &["token", "mona"]);
    let gitlab = PublishedBy::Elsewhere("gitlab".into());
    is(&proven(Registry::Npm, gitlab.clone()), "no", &["1.0.0", "from gitlab and not from GitHub"]);
    let mut nowhere = Scene::of(Registry::Npm, "widgets");
    nowhere.public().proof = published(gitlab);
    nowhere.local().slug = None;
    is(&nowhere.rung(Rung::Proven), "unknown", &["from gitlab", "who should is not known"]);
}

#[test]
fn an_environment_that_is_shown_is_compared_by_the_registrys_own_case() {
    let by = |environment: &str| {
        let mut by = by_oidc(Some("acme/widgets"), Some("release.yml"));
        if let PublishedBy::Oidc { environment: seen, .. } = &mut by {
            *seen = Some(environment.parse().unwrap());
        }
        let mut scene = Scene::of(Registry::Pypi, "widgets");
        scene.job().environment = EnvironmentRef::Named("release".parse().unwrap());
        scene.public().proof = published(by);
        scene.rung(Rung::Proven)
    };
    is(&by("Release"), "yes", &["release.yml", "in Release"]);
    is(&by("nightly"), "no", &["in environment nightly instead of release"]);
}

#[test]
fn a_token_after_a_proof_is_no_and_both_are_said() {
    let by = PublishedBy::token(Some("mona".into()), Some("0.9.0".into()));
    is(&proven(Registry::CratesIo, by), "no", &["1.0.0 was published with a token (mona)", "0.9.0", "by OIDC"]);
}

#[test]
fn a_registry_that_shows_nothing_is_unknown_and_says_what_stands_in() {
    let mut scene = Scene::of(Registry::Nuget, "Widgets");
    scene.public().proof = Reading::NotRead;
    let standing = scene.rung(Rung::Proven);
    is(&standing, "unknown", &["NuGet shows nobody who published a version"]);
    let Standing::Unknown(unknown) = standing else { panic!("unknown") };
    assert!(unknown.hint.is_some_and(|hint| hint.contains("a newer version after that run")));
}

#[test]
fn no_proof_is_not_a_counterproof() {
    let mut scene = Scene::of(Registry::Pypi, "widgets");
    scene.public().proof = unread();
    is(&scene.rung(Rung::Proven), "unknown", &["the line was busy"]);
    scene.public().existence = Existence::Absent;
    is(&scene.rung(Rung::Proven), "no", &["nothing is published"]);
    let mut scene = Scene::of(Registry::CratesIo, "widgets");
    scene.public().proof = published(by_oidc(Some("acme/widgets"), None));
    scene.local().slug = None;
    is(&scene.rung(Rung::Proven), "unknown", &["acme/widgets"]);
}

#[test]
fn each_registry_locks_in_its_own_way() {
    let locked = |registry, known| {
        let mut scene = Scene::of(registry, "widgets");
        scene.public().locked = known;
        scene.rung(Rung::Locked)
    };
    is(&locked(Registry::CratesIo, Some(true)), "yes", &["refused"]);
    is(&locked(Registry::CratesIo, Some(false)), "no", &["may still publish"]);
    is(&locked(Registry::CratesIo, None), "unknown", &[]);
    is(&locked(Registry::Npm, Some(true)), "unknown", &["nobody"]);
    is(&locked(Registry::Pypi, None), "does not apply", &[]);
}
