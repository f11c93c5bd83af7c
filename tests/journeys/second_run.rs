//! Coming back: what the first run reached is seen again and not done twice.

use crate::bench::Bench;
use crate::{config, person, tools};

#[test]
fn a_second_run_sees_what_the_first_one_reached_and_repeats_nothing() {
    let bench = Bench::new();
    let (cargo, npm) = (tools::cargo("the second run's crate"), tools::npm("the second run's npm publisher"));
    let token = bench.sandbox.publisher_token();
    let before = bench.read("putitoutthere.toml");

    let mut first = bench.start();
    person::sign_in(&mut first, &bench);
    if cargo {
        person::publish_first(&mut first);
    }
    person::register_crates(&mut first, if cargo { person::MACROS } else { person::CORE }, cargo, &token);
    if npm {
        person::register_npm(&mut first);
    }
    person::state_pypi(&mut first, |_| bench.save_pending_publisher());
    person::write_all(&mut first);
    person::finish(&mut first);
    let written = bench.read("putitoutthere.toml");
    config::assert_lines_survive(&before, &written);
    assert_eq!(config::policies(&written), config::expected());
    let seen = bench.sandbox.requests().len();

    let mut second = bench.start();
    person::sign_in(&mut second, &bench);
    person::read_lists(&mut second, &token, npm);
    for row in [person::CORE, person::MACROS, person::NPM, person::PYPI] {
        let left_out = (row == person::MACROS && !cargo) || (row == person::NPM && !npm);
        person::select(&mut second, row);
        assert_eq!(second.shows("next: REPAIR"), !left_out, "{}", second.screen());
    }
    let receipt = person::finish(&mut second);
    assert!(receipt.contains("Nothing was changed") && receipt.contains("Repair the workflow"), "{receipt}");
    if cargo && npm {
        for done in ["Publish once", "Register a publisher", "Declare the policy"] {
            assert!(!receipt.contains(done), "{done}: {receipt}");
        }
    }

    assert_eq!(bench.read("putitoutthere.toml"), written);
    bench.assert_registered_once(cargo, npm);
    let requests = bench.sandbox.requests().split_off(seen);
    let changes: Vec<_> = requests
        .iter()
        .filter(|request| request.method != "GET" && !request.path.starts_with("/login/"))
        .map(|request| format!("{} {}{}", request.method, request.service, request.path))
        .collect();
    assert!(changes.is_empty(), "the second run asked for changes: {changes:?}");
}
