//! The workflow repaired in the review: two publishers at once, nothing else touched, and nothing left to repair.

use crate::bench::Bench;
use crate::person;
use crate::terminal::ENTER;

const RELEASE: &str = ".github/workflows/release.yml";

#[test]
fn two_publishers_are_repaired_in_one_review_and_every_other_line_stays() {
    let bench = Bench::new();
    let before = bench.read(RELEASE);
    let token = bench.sandbox.publisher_token();
    let mut terminal = bench.start();
    person::sign_in(&mut terminal, &bench);
    person::register_crates(&mut terminal, person::CORE, false, &token);
    person::state_pypi(&mut terminal, |_| bench.save_pending_publisher());

    person::select(&mut terminal, person::CORE);
    terminal.keys(" ");
    person::select(&mut terminal, person::PYPI);
    terminal.wait("next: REPAIR").keys(" ").keys(ENTER);
    terminal.wait_all(&["REVIEW", "release.yml", "Nothing is written yet"]);
    assert_eq!(bench.read(RELEASE), before, "not before it is said");
    terminal.keys("w").wait("wrote .github/workflows/release.yml");
    person::board(&mut terminal);
    for row in [person::CORE, person::PYPI] {
        person::select(&mut terminal, row);
        assert!(!terminal.shows("next: REPAIR"), "{}", terminal.screen());
    }
    person::finish(&mut terminal);

    let after = bench.read(RELEASE);
    assert!(!after.contains("secrets.PYPI_API_TOKEN") && !after.contains("secrets.CARGO_REGISTRY_TOKEN"), "{after}");
    assert_eq!(after.matches("id-token: write").count(), 2, "{after}");
    // npm's job was not asked for.
    let npm = |text: &str| text[text.find("  npm:").unwrap()..text.find("  pypi:").unwrap()].to_owned();
    assert_eq!(npm(&after), npm(&before));
    // Only lines with a token went.
    let mut rest = after.lines();
    for line in
        before.lines().filter(|line| !line.contains("TOKEN") && !line.contains("env:") && !line.contains("@release/v1"))
    {
        assert!(rest.any(|kept| kept == line), "lost {line:?}\n{after}");
    }
}
