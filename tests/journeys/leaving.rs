//! Leaving, by choice or by force: the terminal is given back, and nothing that was only looked at is written.

use rustix::process::Signal;

use crate::bench::Bench;
use crate::person;
use crate::terminal::{CTRL_C, ESC, Terminal};

/// The terminal with the review open.
fn review(bench: &Bench) -> Terminal {
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    terminal.keys("w").wait_all(&["REVIEW", "Nothing is written yet"]);
    terminal
}

#[test]
fn leaving_the_review_writes_nothing() {
    let bench = Bench::new();
    let before = bench.read("putitoutthere.toml");
    let mut terminal = review(&bench);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert!(terminal.farewell().contains("Nothing was changed"), "{}", terminal.farewell());
    assert_eq!(bench.read("putitoutthere.toml"), before);
    assert!(!bench.dir.join("untoken.toml").exists());
}

#[test]
fn going_back_from_the_review_and_leaving_out_a_file_write_nothing() {
    let bench = Bench::new();
    let before = bench.read("putitoutthere.toml");
    let mut terminal = review(&bench);
    terminal.keys(" ").wait("[ ] leave").keys("w").wait("nothing is written").keys(ESC);
    person::board(&mut terminal);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(bench.read("putitoutthere.toml"), before);
}

#[test]
fn a_patch_file_is_made_instead_of_a_change_and_git_takes_it() {
    if !crate::tools::git("git applying the patch file") {
        return;
    }
    let bench = Bench::new();
    let before = bench.read("putitoutthere.toml");
    let mut terminal = review(&bench);
    terminal.keys("p").wait("saved").keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(bench.read("putitoutthere.toml"), before);
    bench.git(&["apply", "untoken.patch"]);
    crate::config::assert_lines_survive(&before, &bench.read("putitoutthere.toml"));
    assert_eq!(crate::config::policies(&bench.read("putitoutthere.toml")), crate::config::expected());
}

#[test]
fn ctrl_c_leaves_and_gives_the_terminal_back() {
    let bench = Bench::new();
    let mut terminal = review(&bench);
    terminal.keys(CTRL_C);
    assert_eq!(terminal.end(), 130);
    terminal.assert_restored();
    assert!(terminal.farewell().contains("Nothing was changed"), "{}", terminal.farewell());
}

#[test]
fn every_signal_that_ends_gives_the_terminal_back_and_has_its_exit_code() {
    let bench = Bench::new();
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut terminal = review(&bench);
        terminal.signal(signal);
        assert_eq!(terminal.end(), code, "{signal:?}");
        terminal.assert_restored();
    }
}

#[test]
fn a_signal_on_the_first_screen_and_on_the_code_gives_the_terminal_back() {
    let bench = Bench::new();
    let mut terminal = bench.start();
    terminal.wait("putitoutthere.toml").signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
    let mut terminal = bench.start();
    person::ask_for_code(&mut terminal);
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
}
