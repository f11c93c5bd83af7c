//! The terminal lent to a tool: what is typed there is the tool's, and untoken is still there afterwards.

use crate::bench::Bench;
use crate::terminal::{CTRL_C, ENTER};
use crate::{person, tools};

#[test]
fn ctrl_c_at_npms_question_ends_npm_and_not_untoken() {
    if !tools::npm("Ctrl-C at npm's question") {
        return;
    }
    let bench = Bench::new();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::open(&mut terminal, person::NPM, &["@acme/widgets ▸ REGISTER", "do it"]);
    terminal.keys(ENTER).wait("A second factor is needed").keys("y");
    terminal.wait("Press ENTER to open in the browser").keys(CTRL_C);
    terminal.wait("Press Enter to go back to untoken").keys(ENTER);
    terminal.wait("A second factor is needed").keys("y");
    person::open_npms_page(&mut terminal);
    terminal.wait("done: entry").keys(ENTER);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("registered on npm"), "{receipt}");
    assert_eq!(bench.sandbox.world().npm.package("@acme/widgets").unwrap().publishers.len(), 1);
}

#[test]
fn keys_that_were_pressed_while_cargo_worked_are_thrown_away() {
    if !tools::cargo("keys pressed while cargo works") {
        return;
    }
    let bench = Bench::new();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::open(&mut terminal, person::MACROS, &["▸ FIRST PUBLISH", "cargo package"]);
    terminal.keys(ENTER).wait("Packaging widgets-macros").keys("qqq").wait("done: seen on crates.io").keys(ENTER);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    assert_eq!(bench.sandbox.world().crates_io.krate("widgets-macros").unwrap().versions.len(), 1);
}

#[test]
fn a_first_publish_that_fails_shows_cargos_words_and_claims_nothing() {
    if !tools::cargo("a first publish that fails") {
        return;
    }
    let bench = Bench::new();
    bench.write("crates/macros/src/lib.rs", "compile_error!(\"not today\");\n");
    // cargo packages nothing that is not committed.
    if tools::git("a crate that is committed broken") {
        bench.commit();
    }
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::open(&mut terminal, person::MACROS, &["▸ FIRST PUBLISH", "cargo package"]);
    terminal.keys(ENTER).wait_all(&["not today", "Press Enter to go back to untoken"]).keys(ENTER);
    terminal.wait_all(&["not seen", "again"]).keys(ENTER);
    person::board(&mut terminal);
    terminal.keys("f").wait("RECEIPT").keys(ENTER);
    terminal.end();
    assert!(terminal.farewell().contains("Nothing was changed"), "{}", terminal.farewell());
    assert!(bench.sandbox.world().crates_io.krate("widgets-macros").is_none());
}
