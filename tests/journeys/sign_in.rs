//! Sign-ins that do not work out: untoken says why, offers the other ways, and goes on without one.

use chrono::TimeDelta;
use untoken::sandbox::Fault;

use crate::bench::Bench;
use crate::person;
use crate::terminal::{ENTER, ESC, Terminal};

/// From the ways that are offered to the board, without a sign-in.
#[track_caller]
fn goes_on_without(terminal: &mut Terminal) {
    terminal.wait_all(&["sign in with a code", "paste a token", "go on without"]).keys("s");
    person::board(terminal);
    assert!(terminal.shows("4 packages"), "{}", terminal.screen());
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_denied_sign_in_says_so_and_the_next_one_works() {
    let bench = Bench::new();
    bench.sandbox.add_fault(Fault::parse("deniedx1").unwrap());
    let mut terminal = bench.start();
    person::ask_for_code(&mut terminal);
    terminal.wait_all(&["did not work", "cancelled at GitHub"]).keys(ENTER).wait("/login/device");
    bench.type_the_code();
    person::accept(&mut terminal);
}

#[test]
fn a_sign_in_that_nobody_finishes_expires_and_says_so() {
    let bench = Bench::new();
    let mut terminal = bench.start();
    person::ask_for_code(&mut terminal);
    bench.sandbox.world().advance(TimeDelta::minutes(16));
    terminal.wait_all(&["did not work", "expired"]);
    goes_on_without(&mut terminal);
}

#[test]
fn esc_stops_waiting_for_the_browser() {
    let bench = Bench::new();
    let mut terminal = bench.start();
    person::ask_for_code(&mut terminal);
    terminal.keys(ESC).wait("see you once");
    goes_on_without(&mut terminal);
}

#[test]
fn a_client_id_that_github_does_not_know_is_named_and_other_ways_are_offered() {
    let mut bench = Bench::new();
    bench.set("UNTOKEN_GITHUB_CLIENT_ID", "Iv23nobodyKnowsThis");
    let mut terminal = bench.start();
    terminal.wait("putitoutthere.toml").keys(ENTER).wait("see you once").keys(ENTER);
    terminal.wait_all(&["did not work", "client id"]);
    goes_on_without(&mut terminal);
}

#[test]
fn a_pasted_token_is_never_shown_and_a_refused_one_is_said() {
    let bench = Bench::new();
    let mut terminal = bench.start();
    terminal.wait("putitoutthere.toml").keys(ENTER).wait("see you once").keys("t").wait("Paste a GitHub token");
    let token = "ghp_sandboxNotATokenAndNobodyKnowsIt0000";
    terminal.paste(token).wait(&format!("{} characters", token.len())).keys(ENTER);
    terminal.wait("did not work");
    goes_on_without(&mut terminal);
    assert!(!terminal.raw().contains(token));
}

#[test]
fn a_token_of_the_environment_for_the_sandbox_signs_in_at_once() {
    let mut bench = Bench::new();
    let token = bench.sandbox.world().github.add_personal_token("mona", &["repo"]);
    bench.set("GH_TOKEN", "ghp_realGitHubsNotASandboxs000000000000");
    bench.set("UNTOKEN_GITHUB_TOKEN", &token);
    let mut terminal = bench.start();
    terminal
        .wait("putitoutthere.toml")
        .keys(ENTER)
        .wait_all(&["mona", "UNTOKEN_GITHUB_TOKEN", "is that you"])
        .keys("y");
    person::board(&mut terminal);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert!(!terminal.raw().contains(&token));
}
