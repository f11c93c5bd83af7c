//! docs/registries.md says what `untoken registries` says. With `UNTOKEN_DOCS=write` its tables are written anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use pretty_assertions::assert_eq;
use untoken::output::registries_markdown;

const BEGIN: &str = "<!-- begin: written by a test -->\n";
const END: &str = "<!-- end -->\n";

#[test]
fn the_page_holds_the_matrix_as_the_command_has_it() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/registries.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the page has a place for the tables");
    let (held, after) = rest.split_once(END).expect("the place ends");
    let wanted = registries_markdown();
    if std::env::var_os("UNTOKEN_DOCS").is_some_and(|value| value == "write") {
        std::fs::write(&page, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(held, wanted, "write it anew with UNTOKEN_DOCS=write cargo test --test registries_page");
}

#[test]
fn the_command_prints_the_same_data() {
    let run = |arguments: &[&str]| {
        let output = assert_cmd::Command::cargo_bin("untoken").unwrap().args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&run(&["registries", "--json"])).unwrap();
    let (table, all) = (run(&["registries"]), run(&["registries", "-v"]));
    for row in json["capabilities"].as_array().unwrap() {
        for (ability, fact) in row["facts"].as_object().unwrap() {
            let how = fact["how"].as_str().unwrap();
            assert!(all.contains(how) && all.contains(fact["source"].as_str().unwrap()), "{ability}: {how}");
            assert!(!table.contains(fact["source"].as_str().unwrap()), "the table is short: {ability}");
        }
    }
}
