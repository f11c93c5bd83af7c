//! docs/evidence.md says what the table says. With `UNTOKEN_DOCS=write` that part of the page is written anew.

use std::fmt::Write as _;
use std::path::Path;

use super::states::{Case, Cell, states};
use super::{Hardship, Registry};

const BEGIN: &str = "<!-- begin: written by a test -->\n";
const END: &str = "<!-- end -->\n";

/// The page's mark for a word.
fn mark(word: &str) -> char {
    match word {
        "yes" => '●',
        "no" => '○',
        "stated" => '◍',
        "unknown" => '◌',
        "does not apply" => '–',
        other => panic!("no mark for {other}"),
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Never(why) => format!("never: {why}"),
        Cell::Shows(cases) => {
            let marks = |Case(_, _, rungs): &Case| {
                let marks = rungs.map(|rung| mark(rung.split_once(": ").unwrap().0).to_string());
                marks.join(" ")
            };
            marks(&cases[0])
        }
    }
}

fn written() -> String {
    let mut text = "| | absent | ours | someone else's | lapsed |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for registry in Registry::ALL {
        let cells = states(registry).named().map(|(_, state)| cell(state)).join(" | ");
        writeln!(text, "| {registry} | {cells} |").unwrap();
    }
    text.push_str("\n| in the place of an answer | every rung that rests on it is ◌ and says |\n| --- | --- |\n");
    for hardship in Hardship::ALL {
        writeln!(text, "| {} | {} |", hardship.title(), hardship.says()[0]).unwrap();
    }
    text
}

#[test]
fn the_page_says_what_the_table_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/evidence.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the page has a place for the tables");
    let (held, after) = rest.split_once(END).expect("the place ends");
    let wanted = written();
    if std::env::var_os("UNTOKEN_DOCS").is_some_and(|value| value == "write") {
        std::fs::write(&page, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(held, wanted, "write it anew with UNTOKEN_DOCS=write cargo test --lib registry::matrix::page");
}
