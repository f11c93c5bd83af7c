//! As annotations of a GitHub Actions run: workflow commands on stdout.
//!
//! Escaped by the toolkit's rules (actions/toolkit packages/core/src/command.ts, read 2026-11-21): `%`, CR and LF in data,
//! `:` and `,` besides in properties. So no text of a repository can begin a command of its own.

use super::word;
use crate::doctor::{Diagnosis, Found};
use crate::model::{Severity, clean};

/// GitHub shows ten annotations of a kind for each step; more lines are only read in the log.
#[must_use]
pub fn doctor_github(diagnosis: &Diagnosis) -> String {
    diagnosis.findings().map(line).collect()
}

fn line(found: &Found) -> String {
    let command = match found.severity {
        Severity::Note => "notice",
        other => word(other),
    };
    let mut properties = Vec::new();
    if let Some(at) = &found.at {
        properties.push(format!("file={}", property(at.file.as_str())));
        properties.push(format!("line={}", at.line));
        properties.push(format!("col={}", at.column));
    }
    properties.push(format!("title={}", property(&format!("{} {}", found.code, found.code.title()))));
    let mut text = found.message.clone();
    if let Some(fix) = &found.fix {
        text.push_str(&format!("\n{}", fix.text));
        for line in &fix.lines {
            text.push_str(&format!("\n    {line}"));
        }
    }
    format!("::{command} {}::{}\n", properties.join(","), data(&text))
}

fn data(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_a_command_of_its_own() {
        let hostile = "100%\r\n::set-output name=x::y,z";
        assert_eq!(data(hostile), "100%25%0A::set-output name=x::y,z");
        assert_eq!(property(hostile), "100%25%0A%3A%3Aset-output name=x%3A%3Ay%2Cz");
    }
}
