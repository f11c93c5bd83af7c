//! The audit for spreadsheets: RFC 4180, and no field that a spreadsheet would take for a formula.

use super::{environment, name, registries, source, why_taken};
use crate::model::{Timestamp, Unknown, clean_line};
use crate::secrets::{Audit, Entry, Verdict};

/// The columns.
pub(super) const HEADER: [&str; 10] = [
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
    let head = record(HEADER.map(str::to_owned));
    audit.entries.iter().map(|entry| record(fields(entry))).fold(head, |all, line| all + &line)
}

pub(super) fn fields(entry: &Entry) -> [String; 10] {
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

/// The row of something that could not be read.
pub(super) fn gap(what: &str, why: &Unknown) -> [String; 10] {
    let mut fields: [String; 10] = Default::default();
    let hint = why.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    fields[4] = Verdict::Unknown.label().to_owned();
    fields[5] = format!("{what}: {}{hint}", why.why);
    fields
}

pub(super) fn record(fields: impl IntoIterator<Item = String>) -> String {
    let fields: Vec<String> = fields.into_iter().map(|text| field(&text)).collect();
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
