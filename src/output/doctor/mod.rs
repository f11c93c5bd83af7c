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

use crate::model::Severity;

/// A severity in one word.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
