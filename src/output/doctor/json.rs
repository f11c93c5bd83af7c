//! For machines: fields are added, never renamed.

use serde_json::{Value, json};

use super::{cleaned, word};
use crate::doctor::{Diagnosis, Forecasted, Found, PhaseReport};
use crate::model::{RepoSlug, Severity};

/// The version of this schema.
const SCHEMA: u32 = 1;

/// The whole diagnosis.
#[must_use]
pub fn doctor_json(repository: Option<&RepoSlug>, diagnosis: &Diagnosis, exit_code: u8) -> Value {
    cleaned(json!({
        "schema": SCHEMA,
        "repository": repository,
        "phases": diagnosis.phases.iter().map(phase).collect::<Vec<_>>(),
        "silenced": diagnosis.silenced.iter().map(|silenced| {
            let mut value = finding(&silenced.found);
            value["reason"] = json!(silenced.reason);
            value
        }).collect::<Vec<_>>(),
        "summary": {
            "errors": diagnosis.count(Severity::Error),
            "warnings": diagnosis.count(Severity::Warning),
            "notes": diagnosis.count(Severity::Note),
            "silenced": diagnosis.silenced.len(),
            "known": diagnosis.known,
        },
        "exit_code": exit_code,
    }))
}

fn phase(phase: &PhaseReport) -> Value {
    json!({
        "phase": phase.phase.label(),
        "title": phase.phase.title(),
        "scope": phase.scope,
        "skipped": phase.skipped,
        "remarks": phase.remarks,
        "forecasts": phase.forecasts.iter().map(forecast).collect::<Vec<_>>(),
        "findings": phase.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn forecast(forecast: &Forecasted) -> Value {
    let pairs = |pairs: &[(&'static str, String)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<serde_json::Map<_, _>>()
    };
    json!({
        "registry": forecast.destination.label(),
        "packages": forecast.packages,
        "platforms": forecast.platforms,
        "job": forecast.job,
        "at": { "file": forecast.at.file, "line": forecast.at.line, "column": forecast.at.column },
        "verdict": forecast.verdict.word(),
        "why": forecast.verdict.why(),
        "claims": pairs(&forecast.claims),
        "register": forecast.register.iter().map(|one| pairs(one)).collect::<Vec<_>>(),
    })
}

fn finding(found: &Found) -> Value {
    json!({
        "code": found.code.to_string(),
        "title": found.code.title(),
        "severity": word(found.severity),
        "message": found.message,
        "at": found.at.as_ref().map(|at| json!({ "file": at.file, "line": at.line, "column": at.column })),
        "fix": found.fix.as_ref().map(|fix| json!({ "text": fix.text, "lines": fix.lines })),
        "about": found.about,
        "docs": found.code.page(),
    })
}
