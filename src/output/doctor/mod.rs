//! What the doctor says, in four forms. Each form escapes foreign text for the place where it goes.

mod github;
mod json;
mod pages;
mod sarif;
mod text;

pub use github::doctor_github;
pub use json::doctor_json;
pub use pages::page;
pub use sarif::doctor_sarif;
pub use text::doctor_text;

use serde_json::Value;

use crate::model::{Severity, clean};

/// A severity in one word.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The same document with every text in it cleaned: whoever prints a value of it is not surprised by its terminal.
pub(super) fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(&text)),
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (key, cleaned(value))).collect(),
        other => other,
    }
}
