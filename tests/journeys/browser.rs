//! PyPI, pub.dev and NuGet from nothing to the highest rung that each can reach, and once more: what was done is not
//! proposed again.

use untoken::sandbox::world::Run;
use untoken::sandbox::{SandboxOptions, World};

use crate::bench::Bench;
use crate::person;
use crate::terminal::{DOWN, ENTER, HOME, PAGE_DOWN, Terminal};

const RELEASE: &str = "\
on:
  push:
    tags: ['v*']
permissions:
  contents: read
  id-token: write
jobs:
  dart:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - uses: dart-lang/setup-dart@65eb853c7ba17dde3be364c3d2858773e7144260 # v1.7.2
      - run: dart pub publish --force
  nuget:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - uses: NuGet/login@8d196754b4036150537f80ac539e15c2f1028841 # v1.2.0
        id: login
        with:
          user: mona
      - run: dotnet nuget push Acme.Widgets.nupkg --api-key ${{ steps.login.outputs.NUGET_API_KEY }} --source https://api.nuget.org/v3/index.json
  python:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33 # v1.14.2
";

/// Three packages that no registry knows, published by one workflow without any token.
fn bench() -> Bench {
    let bench = Bench::bare(SandboxOptions { world: World::demo(), ..SandboxOptions::default() });
    bench.write("pubspec.yaml", "name: widgets_dart\nversion: 0.1.0\ndescription: Widgets for every app\n");
    bench.write(
        "src/Acme.Widgets/Acme.Widgets.csproj",
        "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><PackageId>Acme.Widgets</PackageId></PropertyGroup></Project>\n",
    );
    bench.write(
        "pyproject.toml",
        "[project]\nname = \"widgets\"\nversion = \"0.1.0\"\n[build-system]\nrequires = [\"hatchling\"]\n",
    );
    bench.write(".github/workflows/release.yml", RELEASE);
    bench
}

fn start(bench: &Bench) -> Terminal {
    let mut terminal = bench.start_with(&["--repo=acme/widgets"]);
    terminal.wait("widgets_dart").keys(ENTER).wait("see you once").keys("s");
    person::board(&mut terminal);
    terminal
}

/// The registries in the order of the board's rows.
const ROWS: [&str; 3] = ["PyPI", "pub.dev", "NuGet"];

/// Puts the cursor on the package of a registry; the lower half of the board names it.
fn select(terminal: &mut Terminal, registry: &str) {
    let mut key = HOME;
    for row in ROWS {
        terminal.keys(key).wait(&format!("· {row} "));
        if row == registry {
            return;
        }
        key = DOWN;
    }
}

fn open(terminal: &mut Terminal, registry: &str, shows: &[&str]) {
    select(terminal, registry);
    terminal.keys(ENTER).wait_all(shows);
}

/// Says that the page was saved; back to the board.
fn saved(terminal: &mut Terminal) {
    terminal.keys(ENTER).wait("saved there").keys("y").wait_all(&["you said", "go on"]).keys(ENTER);
    person::board(terminal);
}

fn run() -> Run {
    Run {
        repository: "acme/widgets".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        event: "push".to_owned(),
        run_id: "42".to_owned(),
        sha: "0".repeat(40),
    }
}

#[test]
fn three_registries_of_the_browser_go_as_far_as_they_can_and_no_step_comes_twice() {
    let bench = bench();
    let mut first = start(&bench);

    open(&mut first, "pub.dev", &["▸ FIRST PUBLISH", "dart pub publish"]);
    {
        let mut world = bench.sandbox.world();
        let now = world.now();
        world.pub_dev.upload("widgets_dart", "0.1.0", now);
        world.pub_dev.package_mut("widgets_dart").unwrap().publisher = Some("acme.dev".to_owned());
    }
    first.keys(ENTER).wait("seen on pub.dev as 0.1.0").keys(ENTER);
    person::board(&mut first);
    open(&mut first, "pub.dev", &["▸ REGISTER", "Tag pattern", "v{{version}}", "verified publisher acme.dev"]);
    bench.visit(
        &format!("{}/packages/widgets_dart/admin", bench.sandbox.urls().pub_dev),
        &[("Repository", "acme/widgets"), ("Tag pattern", "v{{version}}"), ("environment", "release")],
    );
    saved(&mut first);

    open(&mut first, "NuGet", &["▸ REGISTER", "Policy Name", "Workflow File"]);
    let form = [("Policy Name", "widgets"), ("Repository Owner", "acme"), ("repository", "widgets")];
    let policy = [form.as_slice(), &[("Workflow File", "release.yml"), ("Environment", "release")]].concat();
    let policy = [policy.as_slice(), &[("Glob Patterns and Packages", "Acme.Widgets")]].concat();
    bench.visit(&format!("{}/account/trustedpublishing", bench.sandbox.urls().nuget), &policy);
    saved(&mut first);

    open(&mut first, "PyPI", &["▸ REGISTER", "PyPI Project Name"]);
    first.keys(PAGE_DOWN).wait("/manage/account/publishing/");
    let form = [("project_name", "widgets"), ("owner", "acme"), ("repository", "widgets")];
    let pending = [form.as_slice(), &[("workflow_filename", "release.yml"), ("environment", "release")]].concat();
    bench.visit(&format!("{}/manage/account/publishing/", bench.sandbox.urls().pypi), &pending);
    saved(&mut first);

    first.keys("w").wait_all(&["REVIEW", "untoken.toml", "Nothing is written yet"]);
    first.keys("w").wait("wrote untoken.toml");
    person::board(&mut first);
    let receipt = person::finish(&mut first);
    assert!(receipt.contains("pending publisher ends on"), "{receipt}");
    let written = bench.read("untoken.toml");
    assert!(written.contains("tag_pattern = \"v{{version}}\"") && written.contains("kind = \"nuget\""), "{written}");

    // The release, as each registry takes it.
    {
        let mut world = bench.sandbox.world();
        world.release_pub_dev("widgets_dart", "0.2.0", &run(), "v0.2.0").unwrap();
        world.release_nuget("Acme.Widgets", "0.1.0", &run(), "mona").unwrap();
        world.release_pypi("widgets", "0.1.0", &run()).unwrap();
    }
    let seen = bench.sandbox.requests().len();
    let mut second = start(&bench);
    for registry in ["pub.dev", "NuGet", "PyPI"] {
        select(&mut second, registry);
        for done in ["FIRST PUBLISH", "REGISTER", "DECLARE", "REPAIR"] {
            assert!(!second.shows(&format!("next: {done}")), "{registry}: {}", second.screen());
        }
    }
    let receipt = person::finish(&mut second);
    assert!(receipt.contains("Nothing was changed"), "{receipt}");
    assert_eq!(bench.read("untoken.toml"), written);
    let changes = bench.sandbox.requests().split_off(seen).into_iter().filter(|request| request.method != "GET");
    assert_eq!(changes.count(), 0);
}
