//! What a person does, key by key, on the sample repository: the same in the demo and on a checkout.
//!
//! Each ends where it says; what a screen must show on the way is waited for, in words that carry the meaning.

use crate::bench::Bench;
use crate::terminal::{DOWN, ENTER, HOME, Terminal};

/// The rows of the board, by what its lower half says of the one under the cursor.
const ROWS: [&str; 4] = ["· crates/core next:", "· crates/macros next:", "· packages/widgets next:", "· python next:"];
pub(crate) const CORE: usize = 0;
pub(crate) const MACROS: usize = 1;
pub(crate) const NPM: usize = 2;
pub(crate) const PYPI: usize = 3;

/// Waits for the board with everything read.
#[track_caller]
pub(crate) fn board(terminal: &mut Terminal) {
    terminal.wait_until("the board, all read", |screen| {
        screen.contains("look ▸ BOARD") && screen.contains(" packages · ") && !screen.contains("reading")
    });
}

/// From the first screen to the board without a sign-in.
#[track_caller]
pub(crate) fn go_without(terminal: &mut Terminal) {
    terminal.wait("putitoutthere.toml").keys(ENTER).wait("see you once").keys("s");
    board(terminal);
}

/// From the first screen to the board, signed in by code in a browser.
#[track_caller]
pub(crate) fn sign_in(terminal: &mut Terminal, bench: &Bench) {
    ask_for_code(terminal);
    bench.type_the_code();
    accept(terminal);
}

/// From the first screen to the code.
#[track_caller]
pub(crate) fn ask_for_code(terminal: &mut Terminal) {
    terminal.wait("putitoutthere.toml").keys(ENTER).wait("see you once").keys(ENTER).wait("/login/device");
}

/// "That is me", and to the board.
#[track_caller]
pub(crate) fn accept(terminal: &mut Terminal) {
    terminal.wait_all(&["mona", "is that you"]).keys("y");
    board(terminal);
    terminal.wait("kept in memory");
}

/// Puts the cursor of the board on a row.
#[track_caller]
pub(crate) fn select(terminal: &mut Terminal, row: usize) {
    terminal.keys(HOME).wait(ROWS[CORE]);
    for name in &ROWS[1..=row] {
        terminal.keys(DOWN).wait(name);
    }
}

/// Opens the next step of a row.
#[track_caller]
pub(crate) fn open(terminal: &mut Terminal, row: usize, shows: &[&str]) {
    select(terminal, row);
    terminal.keys(ENTER).wait_all(shows);
}

/// Publishes widgets-macros for the first time, by cargo in the same terminal; back to the board.
#[track_caller]
pub(crate) fn publish_first(terminal: &mut Terminal) {
    open(terminal, MACROS, &["▸ FIRST PUBLISH", "cargo package"]);
    terminal.keys(ENTER).wait("done: seen on crates.io as 0.2.0").keys(ENTER);
    board(terminal);
}

/// To the field where crates.io's token is typed, with both crates taken in, or one where there is no other.
#[track_caller]
pub(crate) fn to_the_token(terminal: &mut Terminal, row: usize, both: bool) {
    open(terminal, row, &["▸ REGISTER", "repository"]);
    if both {
        terminal.keys("b").wait("2 packages ▸ REGISTER");
    }
    terminal.keys(ENTER).wait("crates.io wants a token");
}

/// Registers crates with a typed token; back to the board.
#[track_caller]
pub(crate) fn register_crates(terminal: &mut Terminal, row: usize, both: bool, token: &str) {
    to_the_token(terminal, row, both);
    give_the_token(terminal, token);
}

/// Pastes crates.io's token and lets untoken work with it; back to the board.
#[track_caller]
pub(crate) fn give_the_token(terminal: &mut Terminal, token: &str) {
    terminal.paste(token).wait(&format!("({} characters, not shown)", token.len()));
    terminal.keys(ENTER).wait_all(&["read back", "go on"]).keys(ENTER);
    board(terminal);
}

/// Reads the lists of publishers that can be read: crates.io's with a token, npm's with the person's npm, whose five
/// minutes are still open; back to the board.
#[track_caller]
pub(crate) fn read_lists(terminal: &mut Terminal, token: &str, npm: bool) {
    terminal.keys("u").wait("crates.io wants a token").paste(token).wait(&format!("({} characters", token.len()));
    terminal.keys(ENTER).wait_all(&["read: 1 publisher", "go on"]).keys(ENTER);
    if npm {
        terminal.wait_all(&["Read npm's lists", "read: 1 publisher", "go on"]).keys(ENTER);
    }
    board(terminal);
}

/// Registers npm's publisher by the real npm, with its second factor in the terminal; back to the board.
#[track_caller]
pub(crate) fn register_npm(terminal: &mut Terminal) {
    open(terminal, NPM, &["@acme/widgets ▸ REGISTER", "do it"]);
    terminal.keys(ENTER).wait("A second factor is needed").keys("y");
    open_npms_page(terminal);
    terminal.wait_all(&["done: entry", "go on"]).keys(ENTER);
    board(terminal);
}

/// Answers npm's own question, which opens the page in the browser.
#[track_caller]
pub(crate) fn open_npms_page(terminal: &mut Terminal) {
    terminal.wait("Press ENTER to open in the browser").keys(ENTER);
}

/// Says that PyPI's pending publisher is saved, after somebody has saved it; back to the board.
#[track_caller]
pub(crate) fn state_pypi(terminal: &mut Terminal, save: impl FnOnce(&mut Terminal)) {
    open(terminal, PYPI, &["pending publisher", "PyPI Project Name"]);
    terminal.wait("/manage/account/publishing/");
    save(terminal);
    terminal.keys(ENTER).wait("saved there").keys("y").wait_all(&["you said", "go on"]).keys(ENTER);
    board(terminal);
}

/// Reviews every pending change and writes it; back to the board.
#[track_caller]
pub(crate) fn write_all(terminal: &mut Terminal) {
    terminal.keys("w").wait_all(&["REVIEW", "putitoutthere.toml", "Nothing is written yet"]);
    terminal.keys("w").wait("wrote putitoutthere.toml");
    board(terminal);
}

/// Finishes; the receipt as it stands on the normal screen.
#[track_caller]
pub(crate) fn finish(terminal: &mut Terminal) -> String {
    terminal.keys("f").wait("RECEIPT").keys(ENTER);
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    terminal.farewell()
}
