//! Terminals of other sizes: a small one works, a tiny one says so, and growing again brings everything back.

use crate::bench::Bench;
use crate::person;
use crate::terminal::{ENTER, HOME};

#[test]
fn sixty_by_sixteen_is_enough_to_get_to_a_step_and_to_the_diff() {
    let bench = Bench::new();
    let mut terminal = bench.start_sized(&[], (60, 16));
    terminal.wait("acme/widgets").keys(ENTER).wait("see you once").keys("s");
    terminal.wait_until("the board", |screen| screen.contains("BOARD") && !screen.contains("reading"));
    terminal.keys(HOME).keys(ENTER).wait("board ▸ widgets-core").keys("\x1b").wait("look ▸ BOARD");
    terminal.keys("w").wait_all(&["REVIEW", "Nothing is written yet"]).keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_terminal_that_is_too_small_says_one_sentence_and_growing_brings_the_screen_back() {
    let bench = Bench::new();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    terminal.resize((50, 10)).wait("60");
    let sentence = terminal.words();
    assert!(sentence.contains("16") && !sentence.contains("widgets-core"), "{sentence}");
    terminal.resize((80, 24));
    person::board(&mut terminal);
    terminal.resize((140, 40));
    person::board(&mut terminal);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}
