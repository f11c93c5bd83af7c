//! The pages of docs/findings, built into the binary.

use include_dir::{Dir, include_dir};

use crate::doctor::Code;

static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/findings");

/// The page of a code. A test holds that each has one.
#[must_use]
pub fn page(code: Code) -> &'static str {
    PAGES.get_file(format!("{code}.md")).and_then(|file| file.contents_utf8()).unwrap_or_default()
}
