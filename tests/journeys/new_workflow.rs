//! A repository in which nothing publishes: the workflow is offered, reviewed, written, and not offered again.

use crate::bench::Bench;
use crate::person;
use crate::terminal::ENTER;

const RELEASE: &str = ".github/workflows/release.yml";

/// The sample repository without its workflow, here and on GitHub.
fn without_workflows() -> Bench {
    let bench = Bench::new();
    std::fs::remove_file(bench.dir.join(RELEASE)).unwrap();
    let mut world = bench.sandbox.world();
    world.github.repos[0].files.retain(|path, _| !path.starts_with(".github/"));
    world.github.repos[0].workflows.clear();
    drop(world);
    bench
}

#[test]
fn one_file_is_made_for_all_packages_and_the_second_run_proposes_none() {
    let bench = without_workflows();
    bench.publish_macros_beforehand();
    let plan = bench.command(&["plan", "--offline", bench.dir.to_str().unwrap()]).output().unwrap();
    let plan = String::from_utf8(plan.stdout).unwrap();
    assert_eq!(plan.matches("new file .github/workflows/release.yml, environment release").count(), 4, "{plan}");

    let mut first = bench.start();
    person::go_without(&mut first);
    first.wait("next: REPAIR").keys("a").keys(ENTER);
    first.wait_all(&["REVIEW", "release.yml", "Nothing is written yet"]);
    assert!(!bench.dir.join(RELEASE).exists(), "not before it is said");
    first.keys("w").wait("wrote .github/workflows/release.yml");
    person::board(&mut first);
    assert!(!first.shows("next: REPAIR"), "{}", first.screen());
    person::finish(&mut first);
    let made = bench.read(RELEASE);
    for words in ["id-token: write", "environment: release", "cargo publish", "npm publish", "gh-action-pypi-publish@"]
    {
        assert!(made.contains(words), "{words}: {made}");
    }

    let plan = bench.command(&["plan", "--offline", bench.dir.to_str().unwrap()]).output().unwrap();
    let plan = String::from_utf8(plan.stdout).unwrap();
    assert!(!plan.contains("new file") && plan.contains("workflow release.yml"), "{plan}");
    let doctor = bench.command(&["doctor", "--offline", "--strict", bench.dir.to_str().unwrap()]).output().unwrap();
    let told = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.status.success() && told.contains("0 errors, 0 warnings, 0 notes"), "{told}");

    let mut second = bench.start();
    person::go_without(&mut second);
    for row in [person::CORE, person::MACROS, person::NPM, person::PYPI] {
        person::select(&mut second, row);
        assert!(!second.shows("next: REPAIR"), "{}", second.screen());
    }
    person::finish(&mut second);
    assert_eq!(bench.read(RELEASE), made);
}
