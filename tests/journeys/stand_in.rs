//! What stands in for the proof where a registry shows nobody who published: a run that was watched, whose own commit has the
//! workflow without the token, and a newer version after it. Nothing less opens the way to deleting the old secret.

use untoken::sandbox::world::actions::{Place, State};
use untoken::sandbox::world::github::Secret;
use untoken::sandbox::world::nuget::Package;
use untoken::sandbox::world::pub_dev::Manual;

use crate::bench::Bench;
use crate::scene::{RELEASE, REPO, pushed};
use crate::terminal::{ENTER, ESC, Terminal};
use crate::{person, tools};

const KEY: &str = "NUGET_API_KEY";

/// A package of NuGet, pushed with a key until now.
const BY_KEY: &str = "name: Release
on:
  push:
    tags: ['v*']
permissions:
  contents: read
jobs:
  nuget:
    name: Push to NuGet
    runs-on: ubuntu-latest
    environment: release
    steps:
      - uses: actions/checkout@v4
      - run: dotnet pack --output out src/Acme.Widgets
      - run: dotnet nuget push \"out/*.nupkg\" --api-key ${{ secrets.NUGET_API_KEY }} --source https://api.nuget.org/v3/index.json
";

const PROJECT: &str = "<Project Sdk=\"Microsoft.NET.Sdk\">
  <PropertyGroup>
    <PackageId>Acme.Widgets</PackageId>
    <Version>0.2.0</Version>
  </PropertyGroup>
</Project>
";

/// Acme.Widgets is on NuGet as 0.1.0, and its workflow has a key.
fn by_key() -> Bench {
    let files = [("src/Acme.Widgets/Acme.Widgets.csproj", PROJECT), (RELEASE, BY_KEY)];
    let bench = pushed(&files, "nuget", (Place::Nuget, "Acme.Widgets"));
    {
        let mut world = bench.sandbox.world();
        let (id, owner, versions) = ("Acme.Widgets".to_owned(), "mona".to_owned(), vec!["0.1.0".to_owned()]);
        world.nuget.packages.push(Package { id, owner, versions });
        let now = world.now();
        let repo = &mut world.github.repos[0];
        repo.variables.insert("NUGET_USER".to_owned(), "mona".to_owned());
        repo.secrets = vec![Secret { name: KEY.to_owned(), created_at: now, updated_at: now }];
    }
    bench
}

/// The board with the one package, everything read.
#[track_caller]
fn board(terminal: &mut Terminal) {
    terminal.wait_until("the board, all read", |screen| {
        screen.contains("look ▸ BOARD") && screen.contains(" 1 package · ") && !screen.contains("reading")
    });
}

fn start(bench: &Bench) -> Terminal {
    let mut terminal = bench.start();
    terminal.wait("publishing step").keys(ENTER).wait_all(&["mona", "is that you"]).keys("y");
    board(&mut terminal);
    terminal
}

/// Registers by the page, repairs the workflow, writes and pushes; then on the step that waits for the release.
fn wait_for_it(bench: &Bench, terminal: &mut Terminal) {
    terminal.wait("next: REGISTER").keys(ENTER).wait_all(&["▸ REGISTER", "Policy Name", "Workflow File"]);
    let form = [("Policy Name", "widgets"), ("Repository Owner", "acme"), ("repository", "widgets")];
    let policy = [form.as_slice(), &[("Workflow File", "release.yml"), ("Environment", "release")]].concat();
    let policy = [policy.as_slice(), &[("Glob Patterns and Packages", "Acme.Widgets")]].concat();
    bench.visit(&format!("{}/account/trustedpublishing", bench.sandbox.urls().nuget), &policy);
    terminal.keys(ENTER).wait("saved there").keys("y").wait_all(&["you said", "go on"]).keys(ENTER);
    board(terminal);
    terminal.wait("next: REPAIR").keys(ENTER).wait_all(&["REVIEW", "release.yml", "Nothing is written yet"]);
    terminal.keys("w").wait("wrote .github/workflows/release.yml");
    board(terminal);
    assert!(!bench.read(RELEASE).contains("secrets."), "{}", bench.read(RELEASE));
    declare_and_push(bench, terminal);
    await_it(terminal);
}

fn declare_and_push(bench: &Bench, terminal: &mut Terminal) {
    terminal.keys("w").wait_all(&["REVIEW", "untoken.toml"]).keys("w").wait("wrote untoken.toml");
    board(terminal);
    push(bench);
    terminal.keys("r").wait("next: PROVE");
}

fn await_it(terminal: &mut Terminal) {
    terminal.keys(ENTER).wait_all(&["▸ PROVE", "git tag v0.2.0", " is 0.1.0"]).keys(ENTER);
    terminal.wait_all(&["is awaited since", "No run of release.yml", "still 0.1.0"]);
}

/// What was written is pushed to the default branch.
fn push(bench: &Bench) {
    bench.commit();
    let files = [RELEASE, "untoken.toml"].map(|path| (path.to_owned(), bench.read(path).into_bytes()));
    bench.sandbox.world().github.repos[0].files.extend(files);
}

/// The tag, and what its run comes to.
fn release(bench: &Bench, tag: &str) -> State {
    let mut world = bench.sandbox.world();
    let run = world.push_tag(REPO, tag, "mona")[0];
    world.play_out(run);
    world.actions.runs.iter().find(|one| one.id == run).unwrap().state
}

fn versions(bench: &Bench) -> Vec<String> {
    bench.sandbox.world().nuget.package("Acme.Widgets").unwrap().versions.clone()
}

fn secrets(bench: &Bench) -> Vec<String> {
    bench.sandbox.world().github.repos[0].secrets.iter().map(|secret| secret.name.clone()).collect()
}

#[test]
fn a_watched_run_stands_in_where_nobody_is_shown_and_the_old_key_goes() {
    if !tools::git("a run that stands in for the proof") {
        return;
    }
    let bench = by_key();
    let mut terminal = start(&bench);
    wait_for_it(&bench, &mut terminal);
    assert_eq!(release(&bench, "v0.2.0"), State::Success);
    assert_eq!(versions(&bench), ["0.1.0", "0.2.0"]);
    terminal.keys("r").wait_all(&[
        "The release was seen",
        "run 1 of release.yml succeeded",
        "0.2.0 came after it",
        "NuGet shows nobody who published it, so this stands in for the proof",
    ]);
    assert!(!terminal.shows("Proven"), "{}", terminal.screen());
    terminal.keys(ENTER);
    board(&mut terminal);
    terminal.keys("v").wait_all(&["proven: stated", "this stands in for the proof"]).keys(ENTER);
    board(&mut terminal);

    terminal.wait("next: RETIRE").keys(ENTER).wait_all(&["▸ RETIRE", "NUGET_API_KEY · the repository · can go"]);
    terminal.keys(ENTER).wait("Is the token in NUGET_API_KEY revoked?").keys("y").wait("Type its name to delete it");
    assert_eq!(secrets(&bench), [KEY]);
    terminal.paste(KEY).keys(ENTER).wait("NUGET_API_KEY is gone from the repository").keys(ESC);
    board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("stands in for the proof") && receipt.contains("secret deleted"), "{receipt}");
    assert!(secrets(&bench).is_empty());

    nothing_is_left(&bench);
}

/// The second run proposes nothing that was done, and changes nothing.
fn nothing_is_left(bench: &Bench) {
    let seen = bench.sandbox.requests().len();
    let mut second = start(bench);
    second.wait("nothing is open");
    assert!(!second.shows("next:"), "{}", second.screen());
    let receipt = person::finish(&mut second);
    assert!(receipt.contains("Nothing was changed"), "{receipt}");
    let changes = bench.sandbox.requests().split_off(seen).into_iter().filter(|request| request.method != "GET");
    assert_eq!(changes.count(), 0);
}

/// pub.dev takes a run of a tag without any token; it has a switch of its own against people's tokens.
const DART: &str = "name: Release
on:
  push:
    tags: ['v*']
jobs:
  dart:
    name: Publish
    runs-on: ubuntu-latest
    environment: release
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - uses: dart-lang/setup-dart@65eb853c7ba17dde3be364c3d2858773e7144260 # v1.7.2
      - run: dart pub publish --force
";

#[test]
fn a_watched_run_stands_in_on_pub_dev_too() {
    if !tools::git("a run that stands in on pub.dev") {
        return;
    }
    let pubspec = "name: widgets_dart\nversion: 0.2.0\ndescription: Widgets for every app\n";
    let bench = pushed(&[("pubspec.yaml", pubspec), (RELEASE, DART)], "dart", (Place::PubDev, "widgets_dart"));
    {
        let mut world = bench.sandbox.world();
        let now = world.now();
        world.pub_dev.upload("widgets_dart", "0.1.0", now);
    }
    let mut terminal = start(&bench);
    terminal.wait("next: REGISTER").keys(ENTER).wait_all(&["▸ REGISTER", "Tag pattern", "v{{version}}"]);
    let admin = format!("{}/packages/widgets_dart/admin", bench.sandbox.urls().pub_dev);
    bench.visit(&admin, &[("Repository", "acme/widgets"), ("Tag pattern", "v{{version}}"), ("environment", "release")]);
    terminal.keys(ENTER).wait("saved there").keys("y").wait_all(&["you said", "go on"]).keys(ENTER);
    board(&mut terminal);
    declare_and_push(&bench, &mut terminal);
    await_it(&mut terminal);
    assert_eq!(release(&bench, "v0.2.0"), State::Success);
    assert_eq!(bench.sandbox.world().pub_dev.packages[0].versions[1].tag.as_deref(), Some("v0.2.0"));
    terminal.keys("r").wait_all(&["0.2.0 came after it", "pub.dev shows nobody who published it", "stands in"]);
    terminal.keys(ENTER);
    board(&mut terminal);
    terminal.wait("next: LOCK").keys(ENTER).wait("Turn manual publishing off");
    bench.sandbox.world().pub_dev.packages[0].manual = Manual::Disabled;
    terminal.keys(ENTER).wait("saved there").keys("y").wait_all(&["you said", "go on"]).keys(ENTER);
    board(&mut terminal);
    person::finish(&mut terminal);
    nothing_is_left(&bench);
}

/// A tag on a commit from before the repair, whose run publishes by the key.
fn release_by_key(bench: &Bench, tag: &str) -> State {
    let pushed = std::mem::take(&mut bench.sandbox.world().github.repos[0].files);
    let before = [(RELEASE.to_owned(), BY_KEY.as_bytes().to_vec())].into();
    bench.sandbox.world().github.repos[0].files = before;
    let id = bench.sandbox.world().push_tag(REPO, tag, "mona")[0];
    let mut world = bench.sandbox.world();
    world.github.repos[0].files = pushed;
    world.play_out(id);
    world.actions.runs.iter().find(|one| one.id == id).unwrap().state
}

#[test]
fn a_run_whose_commit_still_has_the_key_stands_in_for_nothing_and_another_one_does() {
    if !tools::git("a run that cannot stand in for the proof") {
        return;
    }
    let bench = by_key();
    let mut terminal = start(&bench);
    wait_for_it(&bench, &mut terminal);
    assert_eq!(release_by_key(&bench, "v0.2.0"), State::Success);
    assert_eq!(versions(&bench), ["0.1.0", "0.2.0"]);
    assert_eq!(bench.sandbox.world().nuget.policies[0].locked_to, None, "NuGet has not seen the workflow");
    terminal.keys("r").wait_all(&[
        "Run 1 of release.yml (push v0.2.0) succeeded",
        "0.2.0 is there; whether it came by the workflow without the token is not known",
        "is another version than here",
        "begin again",
    ]);
    // A later run that had nothing left to publish does not make it better.
    bench.sandbox.world().actions.plans[0].jobs[0].publishes.clear();
    assert_eq!(release(&bench, "v0.2.0.1"), State::Success);
    terminal.keys("r").wait_all(&["Run 2 of release.yml", "of run 1 is another version than here", "is awaited since"]);
    terminal.keys(ESC);
    board(&mut terminal);
    terminal.wait("next: PROVE");
    terminal.keys("v").wait_all(&["proven: unknown", "NuGet does not show how a version was pushed"]).keys(ENTER);
    board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("Release once by OIDC") && receipt.contains("1 old secret is still there"), "{receipt}");
    assert_eq!(secrets(&bench), [KEY]);

    // The next start goes on waiting; begun anew, a release from what is pushed does.
    bench.sandbox.world().actions.plans[0].jobs[0].publishes = vec![(Place::Nuget, "Acme.Widgets".to_owned())];
    let mut terminal = start(&bench);
    terminal.wait("A release by release.yml is awaited").keys(ENTER).wait("of run 1 is another version than here");
    terminal.keys("x").wait("bump it first");
    before_the_next_wait(&bench);
    terminal.keys(ENTER);
    terminal.wait_all(&["is awaited since", "still 0.2.0"]);
    assert_eq!(release(&bench, "v0.3.0"), State::Success);
    assert_eq!(bench.sandbox.world().nuget.policies[0].locked_to, Some(REPO));
    terminal.keys("r").wait_all(&["run 3 of release.yml succeeded", "0.3.0 came after it", "stands in for the proof"]);
    terminal.keys(ENTER);
    board(&mut terminal);
    terminal.wait("next: RETIRE");
    person::finish(&mut terminal);
}

/// Two minutes pass: what ran until now is from before.
fn before_the_next_wait(bench: &Bench) {
    for run in &mut bench.sandbox.world().actions.runs {
        run.created_at -= chrono::TimeDelta::minutes(2);
    }
}
