//! The only places that print results: text and JSON on stdout, notes on stderr.
//!
//! Whatever comes from a repository or a server is cleaned here on its way out.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the output room")]

mod doctor;
mod json;
mod registries;
mod scan;
mod secrets;
mod status;
mod undo;

pub use doctor::{doctor_github, doctor_json, doctor_sarif, doctor_text, page};
pub use json::plan_json;
pub use registries::{registries_json, registries_markdown, registries_text};
pub use scan::Scan;
pub use secrets::{
    inspected_json, inspected_text, organization_csv, organization_json, organization_text, secrets_csv, secrets_json,
    secrets_text,
};
pub use status::{Progress, Status};
pub use undo::UndoList;

use std::io::{IsTerminal as _, Write as _};

use crate::model::{Finding, Registry, Severity, clean};
use crate::wizard::{Ask, Para};

/// Prints a text as it is, cleaned. A pipe that was closed is no error: the reader has seen enough.
pub fn text(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(clean(text).as_bytes()).and_then(|()| out.flush());
}

/// Prints a line.
pub fn line(line: &str) {
    text(&format!("{line}\n"));
}

/// Says that there is nothing to plan for.
pub fn no_package() {
    line(&format!("No package of {} is published from here.", Registry::choice()));
}

/// A question, with the answer on the same line.
pub fn prompt(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(clean(text).as_bytes()).and_then(|()| out.flush());
}

/// Prints a value for machines.
pub fn json(value: &serde_json::Value) {
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{value:#}").and_then(|()| out.flush());
}

/// A remark beside the results.
pub fn note(text: &str) {
    eprintln!("note: {}", clean(text));
}

/// An error, the one way in which errors are printed.
pub fn report(report: &crate::report::Report) {
    eprintln!("{report}");
}

/// From now on no colours.
pub fn no_color() {
    ratatui::crossterm::style::force_color_output(false);
}

/// Findings, most severe first, on stderr: the results go elsewhere.
pub fn findings(findings: &[Finding]) {
    for finding in findings {
        let word = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let place = finding.at.as_ref().map(|at| format!("{at}: ")).unwrap_or_default();
        eprintln!("{word}: {}", clean(&format!("{place}{}", finding.message)));
        if let Some(hint) = &finding.hint {
            eprintln!("  hint: {}", clean(hint));
        }
    }
}

/// The receipt, on the normal screen, so that it stays.
pub fn receipt(receipt: &Ask) {
    let terminal = std::io::stdout().is_terminal();
    let width =
        ratatui::crossterm::terminal::size().ok().filter(|_| terminal).map_or(100, |(columns, _)| usize::from(columns));
    let mut out = format!("\n{}\n\n", receipt.title);
    for para in &receipt.body {
        match para {
            Para::Text(text) | Para::Faint(text) => push(&mut out, "  ", text, width),
            Para::Strong(text) => push(&mut out, "", text, width),
            Para::Verbatim(text) | Para::Command(text) => out.push_str(&format!("  {text}\n")),
            Para::Pair(label, value) => push(&mut out, "  ", &format!("{label}: {value}"), width),
            Para::Marked(mark, text) if terminal => {
                push(&mut out, "  ", &format!("{} {text}", crate::tui::Theme::default().glyph(*mark)), width);
            }
            Para::Marked(mark, text) => push(&mut out, "  ", &format!("[{}] {text}", mark.word()), width),
            Para::Option { label, note, .. } => push(&mut out, "  ", &format!("{label}: {note}"), width),
            Para::Blank => out.push('\n'),
        }
    }
    text(&out);
}

/// A paragraph, wrapped under itself.
fn push(out: &mut String, indent: &str, text: &str, width: usize) {
    let under = format!("{indent}  ");
    let options = textwrap::Options::new(width).initial_indent(indent).subsequent_indent(&under).break_words(false);
    out.push_str(&textwrap::fill(&clean(text), options));
    out.push('\n');
}
