//! A job that builds and publishes becomes two, where the person chooses that in the review: the one that publishes can log in,
//! the one that builds can not. The release from it is the proof.

use untoken::sandbox::world::actions::{Place, State};
use untoken::sandbox::world::pypi::{Project, Release};

use crate::bench::Bench;
use crate::scene::{HEAD, RELEASE, REPO, pushed};
use crate::terminal::{ENTER, Terminal};
use crate::{person, tools};

const ONE_JOB: &str = "  python:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - uses: actions/checkout@v4
      - run: python -m build
      - uses: pypa/gh-action-pypi-publish@dc37677b2e1c63e2034f94d8a5b11f265b73ba33 # v1.14.2
        with:
          password: ${{ secrets.PYPI_API_TOKEN }}
";

const PROJECT: &str = "[project]
name = \"acme-tools\"
version = \"0.2.0\"
[build-system]
requires = [\"hatchling\"]
";

/// acme-tools is at PyPI as 0.1.0, by a token. What will be published is published by the job `publish`, which is not there yet.
fn by_token() -> Bench {
    let workflow = format!("{HEAD}{ONE_JOB}");
    let bench = pushed(&[("pyproject.toml", PROJECT), (RELEASE, &workflow)], "publish", (Place::Pypi, "acme-tools"));
    {
        let mut world = bench.sandbox.world();
        let first = Release {
            version: "0.1.0".to_owned(),
            filename: "acme_tools-0.1.0.tar.gz".to_owned(),
            file: b"acme-tools 0.1.0".to_vec(),
            uploaded_at: world.now(),
            provenance: None,
        };
        world.pypi.projects.push(Project {
            name: "acme-tools".to_owned(),
            owners: vec!["mona".to_owned()],
            releases: vec![first],
            publishers: Vec::new(),
        });
    }
    bench
}

/// What the lines of a job are, with its name.
fn job<'a>(workflow: &'a str, name: &str) -> &'a str {
    let start = workflow.find(&format!("\n  {name}:\n")).unwrap_or_else(|| panic!("no job {name}\n{workflow}"));
    let body = &workflow[start + 1..];
    let next = body.match_indices("\n  ").find(|(at, _)| !body[at + 3..].starts_with([' ', '#']));
    next.map_or(body, |(at, _)| &body[..at])
}

fn board(terminal: &mut Terminal) {
    terminal.wait_until("the board, all read", |screen| screen.contains("look ▸ BOARD") && !screen.contains("reading"));
}

#[test]
fn one_job_becomes_two_and_the_release_by_the_second_is_the_proof() {
    if !tools::git("the commit of the two jobs") {
        return;
    }
    let bench = by_token();
    let mut terminal = bench.start_sized(&[], (100, 60));
    terminal.wait("publishing step").keys(ENTER).wait_all(&["mona", "is that you"]).keys("y");
    board(&mut terminal);

    terminal.wait("next: REGISTER").keys(ENTER).wait_all(&["▸ REGISTER", "acme-tools"]);
    let page = format!("{}/manage/project/acme-tools/settings/publishing/", bench.sandbox.urls().pypi);
    let form = [("owner", "acme"), ("repository", "widgets"), ("workflow_filename", "release.yml")];
    bench.visit(&page, &[form.as_slice(), &[("environment", "release")]].concat());
    terminal.keys(ENTER).wait("saved there").keys("y").wait_all(&["you said", "go on"]).keys(ENTER);
    board(&mut terminal);

    // With `o` and again: as it was.
    terminal.wait("next: REPAIR").keys(ENTER).wait_all(&["REVIEW", "release.yml", "o one job or two"]);
    assert!(!terminal.shows("needs: python"), "{}", terminal.screen());
    terminal.keys("o").wait("needs: python");
    terminal.keys("o").wait_until("the one job again", |screen| !screen.contains("needs: python"));
    terminal.keys("o").wait("needs: python");
    terminal.keys("w").wait("wrote .github/workflows/release.yml");
    board(&mut terminal);
    let workflow = bench.read(RELEASE);
    let (builds, publishes) = (job(&workflow, "python"), job(&workflow, "publish"));
    assert!(builds.contains("python -m build") && builds.contains("actions/upload-artifact@"), "{workflow}");
    assert!(!builds.contains("id-token") && !builds.contains("environment"), "{workflow}");
    assert!(publishes.contains("id-token: write") && publishes.contains("environment: release"), "{workflow}");
    assert!(publishes.contains("needs: python") && !workflow.contains("secrets."), "{workflow}");

    terminal.keys("w").wait_all(&["REVIEW", "untoken.toml"]).keys("w").wait("wrote untoken.toml");
    board(&mut terminal);
    bench.commit();
    let files = [RELEASE, "untoken.toml"].map(|path| (path.to_owned(), bench.read(path).into_bytes()));
    let run = {
        let mut world = bench.sandbox.world();
        world.github.repos[0].files.extend(files);
        let run = world.push_tag(REPO, "v0.2.0", "mona")[0];
        world.play_out(run);
        world.actions.runs.iter().find(|one| one.id == run).unwrap().state
    };
    assert_eq!(run, State::Success);
    terminal.keys("r").wait_until("the proof", |screen| screen.contains("0.2.0 was published by OIDC"));
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("release.yml"), "{receipt}");
}
