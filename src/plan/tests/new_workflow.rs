//! Packages that nothing publishes get a workflow of their own, as a file that is not there yet.

use super::super::testing::{Scene, package, place};
use crate::config::{Wanted, declare};
use crate::model::{Registry, RelPath, SourceFile, StepKind, StepState, TrustPolicy};
use crate::plan::{Repairs, repairs, text};
use crate::workflow;

/// A checkout with these packages, and no workflow at all.
fn scene(packages: &[(Registry, &str)]) -> Scene {
    let mut scene = Scene::bare();
    scene.local().workflow_files.clear();
    scene.local().packages.extend(packages.iter().map(|(registry, name)| package(*registry, name)));
    for package in &mut scene.local().packages {
        let name = if package.id.registry == Registry::CratesIo { "Cargo.toml" } else { "package.json" };
        package.manifest = package.dir().join(name).unwrap();
    }
    scene
}

fn of(scene: &Scene) -> Repairs {
    let plan = scene.plan();
    repairs(&scene.facts, &plan.rows.iter().collect::<Vec<_>>())
}

fn path(name: &str) -> RelPath {
    RelPath::new(&format!(".github/workflows/{name}")).unwrap()
}

/// The same with what was proposed written into the checkout.
fn written(mut scene: Scene, made: &Repairs) -> Scene {
    let local = scene.local();
    let files = made.changes.iter().map(|change| SourceFile::new(change.path.clone(), change.after.clone()));
    local.workflow_files.extend(files);
    local.publish_jobs = workflow::testing::read(&local.workflow_files, &local.packages).publish_jobs;
    scene
}

#[test]
fn all_of_them_get_one_file_and_a_second_look_proposes_nothing() {
    let scene = scene(&[(Registry::CratesIo, "one"), (Registry::CratesIo, "two"), (Registry::Npm, "@acme/three")]);
    assert_eq!(scene.step(StepKind::RepairWorkflow), StepState::Open);
    assert!(text(&scene.facts, &scene.plan()).contains("new file .github/workflows/release.yml, environment release"));
    let made = of(&scene);
    assert_eq!(made.refused, []);
    let [change] = &made.changes[..] else { panic!("{:?}", made.changes) };
    assert_eq!((&change.path, &change.before), (&path("release.yml"), &None));
    let after = written(scene, &made);
    let plan = after.plan();
    for row in &plan.rows {
        assert_eq!(row.step(StepKind::RepairWorkflow).unwrap().state, StepState::Done, "{}", row.package.id);
        let publisher = row.wanted.as_ref().unwrap();
        assert_eq!(
            (publisher.workflow.file_alone().as_str(), publisher.environment.as_ref().unwrap().as_str()),
            ("release.yml", "release")
        );
    }
    assert_eq!(of(&after), Repairs::default());
}

#[test]
fn a_file_that_is_there_is_never_taken_and_other_packages_stay_where_they_are() {
    let text = "on:\n  push:\n    tags: ['v*']\njobs:\n  publish:\n    runs-on: x\n    environment: prod\n    permissions:\n      id-token: write\n    steps:\n      - uses: rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18\n        id: auth\n      - run: cargo publish -p one\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}\n";
    let mut scene = scene(&[(Registry::CratesIo, "one"), (Registry::Npm, "three")]);
    // Some systems do not tell Release.yml from release.yml.
    let local = scene.local();
    local.workflow_files = vec![SourceFile::new(path("Release.yml"), text.as_bytes())];
    local.landmarks = vec![path("Release.yml")];
    local.publish_jobs = workflow::testing::read(&local.workflow_files, &local.packages).publish_jobs;
    let made = of(&scene);
    assert_eq!(made.refused, []);
    let [change] = &made.changes[..] else { panic!("{:?}", made.changes) };
    assert_eq!(change.path, path("publish.yml"));
    let new = String::from_utf8(change.after.to_vec()).unwrap();
    assert!(new.contains("npm publish") && !new.contains("cargo publish"), "{new}");
    assert!(
        made.notes.iter().any(|note| note == "Release.yml publishes other packages and stays as it is."),
        "{made:?}"
    );
}

#[test]
fn the_policy_says_which_file_and_which_environment() {
    let declared = "[[package]]\nname = \"one\"\nkind = \"crates\"\npath = \"pkg/one\"\n\n[package.trust_policy]\nworkflow = \"ship.yml\"\nenvironment = \"prod\"\n";
    let mut scene = scene(&[(Registry::CratesIo, "one"), (Registry::Npm, "three")]).declaring(declared);
    let made = of(&scene);
    let [change] = &made.changes[..] else { panic!("{made:?}") };
    assert_eq!(change.path, path("ship.yml"), "who has no policy goes along");
    let new = String::from_utf8(change.after.to_vec()).unwrap();
    assert_eq!(new.matches("environment: prod").count(), 2, "{new}");
    // A file of that name is there and publishes something else.
    scene.local().landmarks = vec![path("ship.yml")];
    let made = of(&scene);
    assert_eq!(made.changes.iter().map(|change| &change.path).collect::<Vec<_>>(), [&path("release.yml")]);
    assert!(made.refused[0].why.contains("untoken replaces no file"), "{made:?}");
}

#[test]
fn a_policy_without_an_environment_gets_that_of_the_new_workflow() {
    let declared = "[[package]]\nname = \"one\"\nkind = \"crates\"\npath = \"pkg/one\"\n\n[package.trust_policy]\nworkflow = \"ship.yml\"\n";
    let scene = scene(&[(Registry::CratesIo, "one")]).declaring(declared);
    assert_eq!(scene.step(StepKind::Declare), StepState::Done);
    let made = of(&scene);
    let note = "names no environment: the step \"declare\" adds release to it.";
    assert!(made.notes.iter().any(|said| said.ends_with(note)), "{made:?}");
    let after = written(scene, &made);
    assert_eq!(after.step(StepKind::Declare), StepState::Open);
    let plan = after.plan();
    let package = plan.rows[0].package.clone();
    let publisher = plan.rows[0].wanted.as_ref().unwrap();
    assert_eq!(publisher.environment.as_ref().unwrap().as_str(), "release");
    let policy = TrustPolicy {
        workflow: publisher.workflow.own().cloned(),
        environment: publisher.environment.clone(),
        repository: None,
        tag_pattern: None,
        workflow_repository: None,
    };
    let wanted = [Wanted { package: &package, kind: "crates", policy }];
    let file = SourceFile::new(RelPath::new("untoken.toml").unwrap(), declared.as_bytes());
    let changes = declare(&[file], None, &wanted).changes;
    let [change] = &changes[..] else { panic!("{changes:?}") };
    let text = String::from_utf8(change.after.to_vec()).unwrap();
    assert_eq!(text, format!("{declared}environment = \"release\"\n"));
    assert_eq!(after.declaring(&text).step(StepKind::Declare), StepState::Done);
}

#[test]
fn a_policy_of_another_repository_makes_no_file_here() {
    let declared = "[[package]]\nname = \"one\"\nkind = \"crates\"\npath = \"pkg/one\"\n\n[package.trust_policy]\nworkflow = \"ship.yml\"\nrepository = \"acme/elsewhere\"\n";
    let made = of(&scene(&[(Registry::CratesIo, "one")]).declaring(declared));
    assert_eq!(made.changes, []);
    assert!(made.refused[0].why.contains("acme/elsewhere"), "{made:?}");
}

#[test]
fn a_name_that_a_script_might_run_is_refused_with_the_reason() {
    let mut scene = scene(&[(Registry::CratesIo, "one")]);
    scene.local().packages[0].manifest = RelPath::new("a $(evil)/Cargo.toml").unwrap();
    let made = of(&scene);
    assert_eq!(made.changes, []);
    assert!(made.refused[0].why.contains("could mean something to a shell"), "{made:?}");
}

#[test]
fn nothing_is_made_while_a_workflow_cannot_be_read() {
    let mut scene = scene(&[(Registry::CratesIo, "one")]);
    scene.local().unread_workflows = vec![place(1).file];
    let StepState::Unknown(why) = scene.step(StepKind::RepairWorkflow) else { panic!() };
    assert!(why.contains("release.yml can't be read, and may publish it"), "{why}");
    assert_eq!(of(&scene), Repairs::default());
}
