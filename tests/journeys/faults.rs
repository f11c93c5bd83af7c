//! Services that fail: the board still comes up, says what is unknown and why, and a failed step can be tried again.

use untoken::sandbox::Fault;
use untoken::sandbox::world::github::Permission;

use crate::bench::Bench;
use crate::person;
use crate::terminal::{ENTER, Terminal};

/// Faults that come as an answer, or as none, within seconds; and a word of the reason that is given.
const QUICK: [(&str, &str); 4] =
    [("500", "500"), ("html", "web page"), ("cut", "broke off"), ("reset", "closed the connection")];

/// A bench whose person has a GitHub token in the environment.
fn with_github_token() -> Bench {
    let mut bench = Bench::new();
    let token = bench.sandbox.world().github.add_personal_token("mona", &["repo"]);
    bench.set("UNTOKEN_GITHUB_TOKEN", token);
    bench
}

/// To the board, signed in by the environment's token.
#[track_caller]
fn to_the_board(bench: &Bench) -> Terminal {
    let mut terminal = bench.start();
    terminal.wait("putitoutthere.toml").keys(ENTER).wait("is that you").keys("y");
    terminal
}

#[test]
fn github_reads_that_fail_leave_the_board_and_name_the_reason() {
    let bench = with_github_token();
    for (fault, reason) in QUICK.into_iter().chain([("429", "no more requests")]) {
        bench.sandbox.clear_faults();
        bench.sandbox.add_fault(Fault::parse(&format!("{fault}@github:/repos/acme/widgets/actions")).unwrap());
        let mut terminal = to_the_board(&bench);
        person::board(&mut terminal);
        terminal.keys("x").wait_all(&["Names of secrets", "repository:", reason]);
        assert!(!terminal.shows("CARGO_REGISTRY_TOKEN") && !terminal.shows("none"), "{}", terminal.screen());
        terminal.keys("q");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn a_permission_that_the_app_lacks_is_named() {
    let bench = Bench::new();
    bench.sandbox.world().github.installations[0].permissions.remove(&Permission::Secrets);
    let mut terminal = bench.start();
    person::sign_in(&mut terminal, &bench);
    terminal.keys("x").wait_all(&["Names of secrets", "permission", "secrets: read"]);
}

#[test]
fn a_slow_github_holds_nobody_up() {
    let bench = with_github_token();
    bench.sandbox.add_fault(Fault::parse("slow@github:/repos/acme/widgets/environments").unwrap());
    let mut terminal = to_the_board(&bench);
    terminal.wait_all(&["look ▸ BOARD", "4 packages", "reading"]);
    person::select(&mut terminal, person::CORE);
    terminal.keys("w").wait("Nothing is written yet").keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn registry_reads_that_fail_are_unknown_with_a_reason() {
    let bench = Bench::new();
    for (fault, reason) in QUICK.into_iter().chain([("429", "429")]) {
        bench.sandbox.clear_faults();
        bench.sandbox.add_fault(Fault::parse(&format!("{fault}@crates.io:/api/v1/crates")).unwrap());
        let mut terminal = bench.start_sized(&[], (100, 40));
        person::go_without(&mut terminal);
        person::select(&mut terminal, person::CORE);
        terminal.wait_all(&["exists unknown: crates.io", reason]);
        person::select(&mut terminal, person::NPM);
        terminal.wait("exists yes").keys("q");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn a_failed_registration_shows_cause_and_hint_and_r_tries_again() {
    let bench = Bench::new();
    let token = bench.sandbox.publisher_token();
    for (fault, reason) in QUICK.into_iter().chain([("429", "429")]) {
        bench.sandbox.world().crates_io.publishers.clear();
        bench.sandbox.add_fault(Fault::parse(&format!("{fault}@crates.io:/api/v1/trusted_publishing")).unwrap());
        let mut terminal = bench.start();
        person::go_without(&mut terminal);
        person::to_the_token(&mut terminal, person::CORE, false);
        terminal.paste(&token).keys(ENTER).wait_all(&["failed:", reason, "again"]);
        assert!(bench.sandbox.world().crates_io.publishers.is_empty());
        bench.sandbox.clear_faults();
        terminal.keys("r").wait("done: entry").keys(ENTER);
        person::board(&mut terminal);
        let receipt = person::finish(&mut terminal);
        assert!(receipt.contains("registered on crates.io"), "{receipt}");
        assert_eq!(bench.sandbox.world().crates_io.publishers_of("widgets-core").len(), 1);
    }
}

#[test]
fn a_failure_that_is_left_so_is_in_the_exit_code() {
    let bench = Bench::new();
    let token = bench.sandbox.publisher_token();
    bench.sandbox.add_fault(Fault::parse("500@crates.io:/api/v1/trusted_publishing").unwrap());
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::to_the_token(&mut terminal, person::CORE, false);
    terminal.paste(&token).keys(ENTER).wait("failed:").keys("q");
    assert_eq!(terminal.end(), 1);
    terminal.assert_restored();
}

#[test]
fn a_refused_token_is_asked_for_again() {
    let bench = Bench::new();
    let token = bench.sandbox.publisher_token();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::to_the_token(&mut terminal, person::CORE, false);
    terminal.paste("cio-nobody-knows-this").keys(ENTER).wait_all(&["crates.io wants a token", "✗", "(0 characters"]);
    person::give_the_token(&mut terminal, &token);
    assert_eq!(bench.sandbox.world().crates_io.publishers_of("widgets-core").len(), 1);
    assert!(!terminal.raw().contains(&token));
}
