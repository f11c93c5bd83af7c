//! The audit for spreadsheets: RFC 4180, and no field that a spreadsheet would take for a formula.

use super::{environment, name, registries, source, why_taken};
use crate::model::{Timestamp, clean_line};
use crate::secrets::{Audit, Entry};

/// The columns.
const HEADER: [&str; 10] = [
    "registry",
    "source",
    "environment",
    "name",
    "verdict",
    "why",
    "taken_for_one_because",
    "created",
    "updated",
    "uses",
];
/// The longest field.
const LONGEST: usize = 2_000;

/// For spreadsheets.
#[must_use]
pub fn secrets_csv(audit: &Audit) -> String {
    let head = line(HEADER.map(str::to_owned));
    audit.entries.iter().map(|entry| line(fields(entry))).fold(head, |all, line| all + &line)
}

fn fields(entry: &Entry) -> [String; 10] {
    let time = |at: Option<Timestamp>| at.map(Timestamp::rfc3339).unwrap_or_default();
    let judged = entry.judgement.as_ref();
    [
        registries(&entry.tokens, true),
        source(&entry.kept).to_owned(),
        environment(&entry.kept).unwrap_or_default().to_owned(),
        name(&entry.kept),
        judged.map(|judgement| judgement.verdict.label().to_owned()).unwrap_or_default(),
        judged.map(|judgement| judgement.why.clone()).unwrap_or_default(),
        entry.tokens.iter().map(why_taken).collect::<Vec<_>>().join("; "),
        time(entry.created),
        time(entry.updated),
        entry.uses.iter().map(|used| used.at.to_string()).collect::<Vec<_>>().join("; "),
    ]
}

fn line(fields: [String; 10]) -> String {
    let fields: Vec<String> = fields.iter().map(|text| field(text)).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field: a text that a spreadsheet would run gets an apostrophe in front, which makes it a text.
pub(super) fn field(text: &str) -> String {
    let text = clean_line(text, LONGEST);
    let runs = text.trim_start().starts_with(['=', '+', '-', '@', '|', '%']);
    let text = if runs { format!("'{text}") } else { text };
    match text.contains([',', '"', '\r', '\n', ';', '\'']) || text.starts_with(' ') {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
