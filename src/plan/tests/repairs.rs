//! The sample repository's tokens are repaired away, and what can't be says so.

use super::super::testing::Scene;
use crate::model::{Auth, PackageId, Registry, RelPath, SourceFile};
use crate::plan::{Plan, Repairs, repairs};
use crate::workflow;

const RELEASE: &str = include_str!("../../../assets/sample/.github/workflows/release.yml");

/// Facts of a checkout whose only workflow is this, publishing a package on each of these registries.
fn scene(text: &str, packages: &[(Registry, &str)]) -> Scene {
    let mut scene = packages.iter().fold(Scene::bare(), |scene, (registry, name)| scene.with(*registry, name));
    let file = SourceFile::new(RelPath::new(".github/workflows/release.yml").unwrap(), text.as_bytes());
    let local = scene.local();
    local.publish_jobs = workflow::testing::read(std::slice::from_ref(&file), &local.packages).publish_jobs;
    local.workflow_files = vec![file];
    scene
}

fn of(scene: &Scene, plan: &Plan) -> Repairs {
    let rows: Vec<_> = plan.rows.iter().collect();
    repairs(&scene.facts, &rows)
}

#[test]
fn one_change_mends_all_publishers_of_a_file() {
    let packages = [
        (Registry::CratesIo, "widgets-core"),
        (Registry::CratesIo, "widgets-macros"),
        (Registry::Npm, "@acme/widgets"),
        (Registry::Pypi, "widgets"),
    ];
    let mut scene = scene(RELEASE, &packages);
    let result = of(&scene, &scene.plan());
    assert_eq!(result.refused, []);
    let [change] = &result.changes[..] else { panic!("{:?}", result.changes) };
    let file = SourceFile::new(change.path.clone(), change.after.clone());
    let reading = workflow::testing::read(std::slice::from_ref(&file), &scene.local().packages);
    assert_eq!(reading.secret_uses, []);
    assert_eq!(reading.publish_jobs.len(), 3);
    assert!(reading.publish_jobs.iter().all(|job| job.auth == Auth::Oidc), "{:?}", reading.publish_jobs);
    // The second look finds nothing left to do.
    scene.local().publish_jobs = reading.publish_jobs;
    scene.local().workflow_files = vec![file];
    assert_eq!(of(&scene, &scene.plan()), Repairs::default());
}

#[test]
fn what_would_not_be_accepted_after_all_is_withdrawn() {
    // crates.io refuses runs of this event, whatever the job holds.
    let text = "on: pull_request_target\njobs:\n  publish:\n    runs-on: x\n    steps:\n      - run: cargo publish -p one\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.C }}\n";
    let scene = scene(text, &[(Registry::CratesIo, "one")]);
    let result = of(&scene, &scene.plan());
    assert_eq!(result.changes, []);
    let [refused] = &result.refused[..] else { panic!("{:?}", result.refused) };
    assert!(refused.why.contains("pull_request_target"), "{}", refused.why);
    assert_eq!(refused.packages, [PackageId { registry: Registry::CratesIo, name: "one".parse().unwrap() }]);
}

#[test]
fn a_file_that_cannot_be_spliced_gets_its_lines_to_paste() {
    let text = "on: push\njobs:\n  publish:\n    runs-on: x\n    permissions: { contents: read }\n    steps:\n      - run: cargo publish -p one\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.C }}\n";
    let scene = scene(text, &[(Registry::CratesIo, "one")]);
    let result = of(&scene, &scene.plan());
    assert_eq!(result.changes, []);
    assert!(result.refused[0].why.contains("flow style"), "{:?}", result.refused);
    assert!(result.refused[0].paste.contains("  id-token: write"), "{:?}", result.refused);
}

#[test]
fn commits_that_github_told_are_written_and_a_moved_tag_is_noted() {
    let text = "on: push\njobs:\n  publish:\n    runs-on: x\n    steps:\n      - run: cargo publish -p one\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.C }}\n";
    let mut scene = scene(text, &[(Registry::CratesIo, "one")]);
    let asked = crate::plan::tags_to_ask(&scene.facts);
    let auth = asked.iter().find(|tag| tag.repository.name() == "crates-io-auth-action").unwrap();
    let told = crate::model::CommitId::new(&"a".repeat(40)).unwrap();
    scene.facts.github.actions.push((auth.clone(), told));
    let result = of(&scene, &scene.plan());
    let after = String::from_utf8(result.changes[0].after.to_vec()).unwrap();
    assert!(after.contains(&format!("crates-io-auth-action@{} # {}", "a".repeat(40), auth.tag)), "{after}");
    assert!(result.notes.iter().any(|note| note.contains("another commit now")), "{:?}", result.notes);
}

#[test]
fn only_tags_that_could_be_pinned_are_asked_for() {
    let uses = ["acme/a@v3", "\"acme/b@1.2\" # x", "acme/c@main", "./local@v1", "acme/d/sub@v1", "acme/e@v1;evil"];
    let steps: String = uses.iter().map(|uses| format!("      - uses: {uses}\n")).collect();
    let text = format!("on: push\njobs:\n  x:\n    runs-on: x\n    steps:\n{steps}");
    let scene = scene(&text, &[(Registry::CratesIo, "one")]);
    let asked = crate::plan::tags_to_ask(&scene.facts);
    let own: Vec<_> = asked.iter().filter(|tag| tag.repository.owner() == "acme").map(|tag| tag.tag.as_str()).collect();
    assert_eq!(own, ["v3", "1.2"]);
}

#[test]
fn the_guides_name_the_commits_of_the_table() {
    use crate::workflow::repair::{ActionName, Pins};
    let mut seen = 0;
    for registry in Registry::ALL {
        let login = crate::registry::guides(registry).oidc_login();
        for line in [login.before, login.on_step].into_iter().flatten().flat_map(str::lines) {
            let Some((_, uses)) = line.split_once("uses: ") else { continue };
            let (name, rest) = uses.split_once('@').unwrap();
            let pin = Pins::known().of(&ActionName::new(name).unwrap()).unwrap();
            assert_eq!(rest, format!("{} # {}", pin.sha, pin.version), "{registry}: {name}");
            seen += 1;
        }
    }
    assert_eq!(seen, 5);
}

/// A job that builds and publishes at PyPI by a token.
const BUILDS: &str = "on:
  push:
    tags: ['v*']
jobs:
  release:
    runs-on: ubuntu-latest
    environment: pypi
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
      - run: python -m build
      - uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33 # v1.14.2
        with:
          password: ${{ secrets.PYPI_API_TOKEN }}
";

#[test]
fn a_job_that_builds_may_be_parted_beside_its_repair() {
    let packages = [(Registry::Pypi, "widgets")];
    let mut scene = scene(BUILDS, &packages);
    let result = of(&scene, &scene.plan());
    let ([change], [split]) = (&result.changes[..], &result.splits[..]) else { panic!("{result:?}") };
    assert_eq!(split.change.before, change.before);
    assert!(split.notes[0].contains("artifact"), "{:?}", split.notes);
    let read = |bytes: &std::sync::Arc<[u8]>, scene: &mut Scene| {
        let file = SourceFile::new(change.path.clone(), bytes.clone());
        workflow::testing::read(&[file], &scene.local().packages)
    };
    let (one, two) = (read(&change.after, &mut scene), read(&split.change.after, &mut scene));
    assert_eq!((one.workflows[0].jobs.len(), two.workflows[0].jobs.len()), (1, 2));
    assert_eq!(two.publish_jobs[0].job.as_str(), "publish");
    assert_eq!(two.publish_jobs[0].auth, Auth::Oidc);
}

#[test]
fn what_cannot_be_parted_is_not_spoken_of() {
    let waits = format!("{BUILDS}  tell:\n    needs: release\n    runs-on: x\n    steps: [{{ run: ./tell }}]\n");
    let alone = BUILDS.replace("      - uses: actions/checkout@v4\n      - run: python -m build\n", "");
    for text in [waits, alone, BUILDS.replace("run: python -m build", "run: cosign sign x")] {
        let scene = scene(&text, &[(Registry::Pypi, "widgets")]);
        let result = of(&scene, &scene.plan());
        assert_eq!((result.changes.len(), result.splits.len()), (1, 0), "{text}");
        assert_eq!(result.refused, []);
    }
}
