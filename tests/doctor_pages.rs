//! Every code has its page, and every page its code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::path::Path;

use untoken::doctor::Code;
use untoken::output::page;

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings");
    let pages: BTreeSet<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let codes: BTreeSet<String> = Code::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(pages, codes);
    for code in Code::ALL {
        let text = page(*code);
        assert!(text.starts_with(&format!("# {code}: {}\n", code.title())), "{code}: the title differs");
        for part in ["## What it means", "## Why it matters", "## How to fix it", "## How to silence it"] {
            assert!(text.contains(part), "{code} lacks {part}");
        }
        assert!(text.contains(&format!("code = \"{code}\"")), "{code} says not how to silence it");
    }
}
