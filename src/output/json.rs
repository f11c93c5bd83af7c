//! Results for machines. Each document carries the version of its schema; fields are added, never renamed.

use serde_json::{Value, json};

use crate::model::{Finding, Guide, Severity, Standing, StepKind, StepState, ToolCall, Who};
use crate::plan::{self, Facts, Plan, Row, gitlab_guide};
use crate::registry::FirstWay;

/// The version of the schemas here.
pub(super) const SCHEMA: u32 = 1;

/// The plan.
#[must_use]
pub fn plan_json(facts: &Facts, plan: &Plan) -> Value {
    json!({
        "schema": SCHEMA,
        "repository": facts.slug(),
        "at": facts.now.rfc3339(),
        "packages": plan.rows.iter().map(|one| row(facts, one)).collect::<Vec<_>>(),
        "others": others(facts),
        "gitlab": gitlab(facts, plan),
        "findings": plan.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// Packages of kinds that no registry of untoken takes.
pub(super) fn others(facts: &Facts) -> Vec<Value> {
    facts.local.value().into_iter().flat_map(|local| &local.others).map(super::scan::other).collect()
}

/// What to enter for a publisher on GitLab; null where the remote is no project there.
pub(super) fn gitlab(facts: &Facts, plan: &Plan) -> Option<Value> {
    let project = facts.local.value()?.gitlab.as_deref()?;
    let packages = plan.rows.iter().map(|row| {
        let guide = gitlab_guide(facts, &row.package, project);
        json!({
            "registry": row.package.id.registry,
            "name": row.package.id.name,
            "taken": guide.is_some(),
            "before": guide.as_ref().and_then(|guide| guide.before.as_ref()),
            "fields": guide.iter().flat_map(|guide| &guide.fields).map(|field| json!({
                "label": field.label,
                "value": field.value.exact().unwrap_or_default(),
                "do": field.value.exact().is_none().then(|| field.value.words()),
                "note": field.note,
            })).collect::<Vec<_>>(),
            "page": guide.as_ref().and_then(|guide| guide.link.as_ref()).map(|link| &link.url),
            "command": guide.as_ref().and_then(|guide| guide.command.as_ref()),
        })
    });
    Some(json!({
        "namespace": project.namespace,
        "project": project.name,
        "file": project.file,
        "packages": packages.collect::<Vec<_>>(),
    }))
}

/// A package and its rungs.
pub(super) fn ladder_json(row: &Row) -> Value {
    let rungs: serde_json::Map<String, Value> =
        row.ladder.iter().map(|(rung, standing)| (rung.label().to_owned(), rung_json(standing))).collect();
    json!({
        "registry": row.package.id.registry,
        "name": row.package.id.name,
        "manifest": row.package.manifest,
        "wanted": row.wanted.as_ref().ok().map(|p| json!({
            "repository": p.repository, "workflow": p.workflow.file_alone(), "workflow_repository": p.workflow.home(),
            "environment": p.environment,
        })),
        "rungs": rungs,
    })
}

fn row(facts: &Facts, row: &Row) -> Value {
    let mut value = ladder_json(row);
    value["steps"] = row
        .steps
        .iter()
        .filter(|step| step.state != StepState::Done)
        .map(|step| {
            let (state, why) = match &step.state {
                StepState::Done => ("done", None),
                StepState::Open => ("open", None),
                StepState::Blocked(why) => ("blocked", Some(why)),
                StepState::Unknown(why) => ("unknown", Some(why)),
            };
            json!({
                "step": step.kind.label(), "state": state, "why": why, "title": step.title,
                "ways": ways(facts, row, step.kind),
            })
        })
        .collect();
    value
}

/// The ways of a step, the best one first, each with what would be run or entered.
fn ways(facts: &Facts, row: &Row, kind: StepKind) -> Vec<Value> {
    let one = |(guide, first): (Guide, Option<FirstWay>)| {
        json!({
            "what": first.as_ref().map(|way| &way.label),
            "leaves_public": first.as_ref().map(|way| &way.leaves),
            "who": match guide.who {
                Who::Untoken => "untoken",
                Who::YouInBrowser => "browser",
                Who::YouInTerminal => "terminal",
                Who::YouElsewhere => "elsewhere",
            },
            "fields": guide.fields.iter()
                .map(|field| json!({ "label": field.label, "value": field.value.exact() })).collect::<Vec<_>>(),
            "page": guide.link.as_ref().map(|link| &link.url),
            "commands": guide.commands.iter().map(ToolCall::shown).collect::<Vec<_>>(),
            "rule": first.as_ref().and_then(|way| way.rule).map(|rule| rule.to_string()),
            "unmet": plan::unmet(facts, &guide).iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    plan::ways(facts, row, kind).into_iter().map(one).collect()
}

pub(super) fn rung_json(standing: &Standing) -> Value {
    match standing {
        Standing::Yes(seen) | Standing::No(seen) | Standing::HereOnly(seen) => {
            json!({ "is": standing.word(), "why": seen.value, "source": seen.source, "at": seen.at.rfc3339() })
        }
        Standing::Stated { what, at } => json!({ "is": standing.word(), "why": what, "at": at.rfc3339() }),
        Standing::Unknown(unknown) => json!({ "is": standing.word(), "why": unknown.why, "hint": unknown.hint }),
        Standing::NotApplicable(why) => json!({ "is": standing.word(), "why": why }),
    }
}

pub(super) fn finding(finding: &Finding) -> Value {
    json!({
        "severity": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        "message": finding.message,
        "at": finding.at.as_ref().map(|at| json!({ "file": at.file, "line": at.line, "column": at.column })),
        "hint": finding.hint,
    })
}
