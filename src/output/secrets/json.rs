//! The audit for programs.

use serde_json::{Value, json};

use super::super::json::SCHEMA;
use super::{delete_command, environment, name, source};
use crate::model::{EnvironmentRef, clean_line};
use crate::secrets::{Audit, Entry, Facts, Kept, Taken, Use, Why};

/// For machines. Fields are added, never renamed.
#[must_use]
pub fn secrets_json(facts: &Facts, audit: &Audit) -> Value {
    json!({
        "schema": SCHEMA,
        "repository": facts.slug,
        "at": facts.now.rfc3339(),
        "secrets": audit.entries.iter().map(entry).collect::<Vec<_>>(),
        "removal": audit.removal.iter().filter_map(|&index| audit.entries.get(index)).map(|entry| json!({
            "source": source(&entry.kept),
            "environment": environment(&entry.kept),
            "name": name(&entry.kept),
            "command": delete_command(&entry.kept, facts.slug.as_ref()),
        })).collect::<Vec<_>>(),
        "other_names": audit.others,
        "not_read": audit.unread.iter().map(|(what, why)| json!({
            "what": what, "why": why.why, "hint": why.hint,
        })).collect::<Vec<_>>(),
    })
}

pub(super) fn entry(entry: &Entry) -> Value {
    let time = |at: Option<crate::model::Timestamp>| at.map(crate::model::Timestamp::rfc3339);
    json!({
        "registry": entry.tokens[0].destination.label(),
        "tokens": entry.tokens.iter().map(taken).collect::<Vec<_>>(),
        "source": source(&entry.kept),
        "environment": environment(&entry.kept),
        "name": name(&entry.kept),
        "tracked": match &entry.kept {
            Kept::File(_, tracked) => json!(tracked),
            _ => Value::Null,
        },
        "created": time(entry.created),
        "updated": time(entry.updated),
        "verdict": entry.judgement.as_ref().map(|judgement| judgement.verdict.label().replace(' ', "-")),
        "why": entry.judgement.as_ref().map(|judgement| &judgement.why),
        "uses": entry.uses.iter().map(used).collect::<Vec<_>>(),
    })
}

fn taken(taken: &Taken) -> Value {
    let (why, word) = match &taken.why {
        Why::Feeds => ("publishes", None),
        Why::Client => ("client", None),
        Why::Word(word) => ("word", Some(word)),
        Why::Stands => ("stands", None),
    };
    json!({ "registry": taken.destination.label(), "why": why, "word": word })
}

fn used(used: &Use) -> Value {
    json!({
        "at": { "file": used.at.file, "line": used.at.line, "column": used.at.column },
        "job": used.job,
        "step": used.step.as_ref().map(|step| clean_line(step, 200)),
        "environment": match &used.environment {
            EnvironmentRef::None => Value::Null,
            EnvironmentRef::Named(name) => json!(name),
            EnvironmentRef::Expression(text) => json!({ "expression": text }),
            EnvironmentRef::Unknown(why) => json!({ "unknown": why }),
        },
        "callers": used.callers.iter().map(|c| json!({ "workflow": c.workflow, "job": c.job })).collect::<Vec<_>>(),
        "publishes": used.feeds.as_ref().map(|feeds| json!({
            "registry": feeds.destination.label(),
            "packages": feeds.packages,
            "by": feeds.by,
            "at": { "file": feeds.at.file, "line": feeds.at.line },
        })),
    })
}
