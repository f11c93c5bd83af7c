//! What kind of token it is; of the token itself only its fingerprint.

use serde_json::{Value, json};

use super::super::json::SCHEMA;
use crate::model::Timestamp;
use crate::secrets::inspect::{Asked, Inspected, Kind, Limits};

/// For people.
#[must_use]
pub fn inspected_text(found: &Inspected, asked: &Asked, now: Timestamp) -> String {
    let mut out = String::new();
    let mut line = |text: String| out.push_str(&format!("{text}\n"));
    match &found.kind {
        Kind::Pypi(token) => {
            let what = if token.limits.publisher { "trusted publisher's token" } else { "API token" };
            line(format!("{}: {what}, sha256 {}", token.destination(), found.fingerprint));
            limits(&token.limits).into_iter().for_each(|text| line(format!("  {text}")));
            line(match (token.limits.expires, token.ended(now)) {
                (Some(end), Some(true)) => format!("  It ended at {}.", end.rfc3339()),
                (Some(end), _) => format!("  It ends at {}.", end.rfc3339()),
                (None, _) => "  It does not end by itself.".to_owned(),
            });
        }
        Kind::Known(known) => {
            line(format!("{}: {}, sha256 {}", known.issuer.title(), known.what, found.fingerprint));
            line(format!("  {}", known.note));
        }
        Kind::Broken(why) => {
            line(format!("PyPI: it begins like a token of PyPI's, sha256 {}", found.fingerprint));
            line(format!("  It can't be read: {why}."));
        }
        Kind::Unknown => {
            line(format!("Of no form that untoken knows, sha256 {}", found.fingerprint));
            line("  A password, or a token of another service.".to_owned());
        }
    }
    line(format!("  {}", answer(asked)));
    out
}

fn answer(asked: &Asked) -> String {
    match asked {
        Asked::Not => "Told from its form alone: whether it still opens anything was not asked.".to_owned(),
        Asked::Works { by, login } => format!("It works: {by} says that it is {login}'s."),
        Asked::Refused { by, why } => format!("{by} refuses it ({why})."),
        Asked::Unknown(why) => {
            let hint = why.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
            format!("Whether it still opens anything is unknown: {}{hint}.", why.why)
        }
    }
}

fn limits(limits: &Limits) -> Vec<String> {
    let mut said = Vec::new();
    if limits.whole_account() {
        said.push("It reaches every project of its account, and new ones.".to_owned());
    }
    if !limits.projects.is_empty() {
        said.push(format!("Only for: {}.", limits.projects.join(", ")));
    }
    if !limits.project_ids.is_empty() {
        said.push(format!("Only for the projects with the ids {}.", limits.project_ids.join(", ")));
    }
    said.extend(limits.user.as_ref().map(|user| format!("Only for the account with the id {user}.")));
    said.extend(limits.not_before.map(|from| format!("Not before {}.", from.rfc3339())));
    if limits.others > 0 {
        said.push(format!("Limits of a kind that untoken does not know: {}.", limits.others));
    }
    said
}

/// For machines.
#[must_use]
pub fn inspected_json(found: &Inspected, asked: &Asked) -> Value {
    let kind = match &found.kind {
        Kind::Pypi(token) => json!({
            "issuer": token.destination().label(),
            "what": "API token",
            "short_lived": token.limits.publisher,
            "whole_account": token.limits.whole_account(),
            "projects": token.limits.projects,
            "project_ids": token.limits.project_ids,
            "user": token.limits.user,
            "not_before": token.limits.not_before.map(Timestamp::rfc3339),
            "expires": token.limits.expires.map(Timestamp::rfc3339),
            "unknown_limits": token.limits.others,
        }),
        Kind::Known(known) => json!({
            "issuer": known.issuer.title(), "what": known.what, "note": known.note, "short_lived": known.short_lived,
        }),
        Kind::Broken(why) => json!({ "issuer": "pypi", "broken": why }),
        Kind::Unknown => Value::Null,
    };
    let asked = match asked {
        Asked::Not => Value::Null,
        Asked::Works { by, login } => json!({ "answer": "works", "by": by, "login": login }),
        Asked::Refused { by, why } => json!({ "answer": "refused", "by": by, "why": why }),
        Asked::Unknown(why) => json!({ "answer": "unknown", "why": why.why, "hint": why.hint }),
    };
    json!({ "schema": SCHEMA, "sha256": found.fingerprint, "kind": kind, "asked": asked })
}
