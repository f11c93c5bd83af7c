//! For code scanning: SARIF 2.1.0, written by hand.
//!
//! The form is a hundred lines of JSON here; a crate for it would bring a code generator into every build. A test holds
//! the result against the standard's own schema.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{cleaned, page, word};
use crate::doctor::{Code, Diagnosis, Found, Silenced};
use crate::model::Place;

/// The whole diagnosis as one run.
#[must_use]
pub fn doctor_sarif(diagnosis: &Diagnosis) -> Value {
    let live = diagnosis.findings().map(|found| result(found, None));
    let silenced = diagnosis.silenced.iter().map(|Silenced { found, reason }| result(found, Some(reason)));
    cleaned(json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "untoken",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": Code::ALL.iter().copied().map(rule).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": live.chain(silenced).collect::<Vec<_>>(),
        }],
    }))
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.to_string(),
        "name": format!("{code:?}"),
        "shortDescription": { "text": code.title() },
        "help": { "text": page(code), "markdown": page(code) },
        "defaultConfiguration": { "level": word(code.severity()) },
    })
}

fn result(found: &Found, silenced: Option<&String>) -> Value {
    let mut text = found.message.clone();
    if let Some(fix) = &found.fix {
        text.push_str(&format!("\n{}", fix.text));
        for line in &fix.lines {
            text.push_str(&format!("\n    {line}"));
        }
    }
    let mut result = json!({
        "ruleId": found.code.to_string(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == found.code),
        "level": word(found.severity),
        "message": { "text": text },
        // What it is about, without lines: code scanning follows a finding through moved lines by it.
        "partialFingerprints": { "untokenAbout/v1": fingerprint(found) },
    });
    if let Some(at) = &found.at {
        result["locations"] = json!([{ "physicalLocation": location(at) }]);
    }
    if let Some(reason) = silenced {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

fn location(at: &Place) -> Value {
    json!({
        "artifactLocation": { "uri": uri(at.file.as_str()), "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": at.line.max(1), "startColumn": at.column.max(1) },
    })
}

/// A path as a relative reference: everything but unreserved characters and slashes in percent form.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

fn fingerprint(found: &Found) -> String {
    let file = found.at.as_ref().map(|at| at.file.to_string()).unwrap_or_default();
    let hash = Sha256::digest(format!("{}\0{file}\0{}", found.code, found.about));
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
