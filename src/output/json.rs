//! Results for machines. Each document carries the version of its schema; fields are added, never renamed.

use serde_json::{Value, json};

use crate::model::{
    Auth, Certainty, EnvironmentRef, Finding, IdToken, Package, PackageName, Pinned, PublishJob, Severity, Standing,
    StepState, WorkflowRole,
};
use crate::plan::{Facts, Plan, Row};
use crate::registry;

/// The version of the schemas here.
const SCHEMA: u32 = 1;

/// What a scan found.
#[must_use]
pub fn scan_json(packages: &[Package], jobs: &[PublishJob]) -> Value {
    json!({
        "schema": SCHEMA,
        "packages": packages.iter().map(package).collect::<Vec<_>>(),
        "publishers": jobs.iter().map(|job| publisher(job, packages)).collect::<Vec<_>>(),
    })
}

fn package(package: &Package) -> Value {
    json!({
        "registry": package.id.registry,
        "name": package.spelled,
        "manifest": package.manifest,
        "version": package.version,
        "lacks": package.lacks,
    })
}

/// The names as the manifests spell them: a reader finds them there again.
fn spelled(job: &PublishJob, packages: &[Package]) -> Option<Vec<String>> {
    let registry = job.destination.speaks();
    let known = |name: &PackageName| packages.iter().find(|p| p.id.registry == registry && p.id.name == *name);
    let spell = |name: &PackageName| known(name).map_or(name, |package| &package.spelled).to_string();
    job.packages.as_ref().map(|names| names.iter().map(spell).collect())
}

fn publisher(job: &PublishJob, packages: &[Package]) -> Value {
    let claim = registry::guides(job.destination.speaks()).rules().claim.value;
    json!({
        "registry": job.destination.label(),
        "packages": spelled(job, packages),
        "workflow": job.workflow_anywhere(claim),
        "workflow_role": match job.role(claim) {
            WorkflowRole::Direct => "direct",
            WorkflowRole::Caller => "caller",
            WorkflowRole::Callee => "callee",
            WorkflowRole::NotUsed => "not-used",
            WorkflowRole::Impossible => "impossible",
        },
        "job": job.job,
        "environment": match &job.environment {
            EnvironmentRef::None => Value::Null,
            EnvironmentRef::Named(name) => json!(name),
            EnvironmentRef::Expression(text) => json!({ "expression": text }),
            EnvironmentRef::Unknown(why) => json!({ "unknown": why }),
        },
        "id_token": match &job.id_token {
            IdToken::Granted(_) => json!(true),
            IdToken::Missing => json!(false),
            IdToken::Unknown(_) => Value::Null,
        },
        "auth": match &job.auth {
            Auth::Oidc => "oidc".to_owned(),
            Auth::Token(secret) => format!("token:{secret}"),
            Auth::Unknown => "unknown".to_owned(),
        },
        "pinned": match job.pinned {
            Pinned::Sha => "sha",
            Pinned::Tag => "tag",
            Pinned::Branch => "branch",
            Pinned::None => "none",
        },
        "at": { "file": job.at.file, "line": job.at.line },
        "certainty": match job.certainty {
            Certainty::Certain => "certain",
            Certainty::Likely => "likely",
            Certainty::CannotTell => "cannot-tell",
        },
        "why": job.why,
    })
}

/// The plan.
#[must_use]
pub fn plan_json(facts: &Facts, plan: &Plan) -> Value {
    json!({
        "schema": SCHEMA,
        "repository": facts.slug(),
        "at": facts.now.rfc3339(),
        "packages": plan.rows.iter().map(row).collect::<Vec<_>>(),
        "findings": plan.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn row(row: &Row) -> Value {
    let rungs: serde_json::Map<String, Value> =
        row.ladder.iter().map(|(rung, standing)| (rung.label().to_owned(), rung_json(standing))).collect();
    json!({
        "registry": row.package.id.registry,
        "name": row.package.id.name,
        "manifest": row.package.manifest,
        "wanted": row.wanted.as_ref().ok().map(|p| json!({
            "repository": p.repository, "workflow": p.workflow, "environment": p.environment,
        })),
        "rungs": rungs,
        "steps": row.steps.iter().filter(|step| step.state != StepState::Done).map(|step| {
            let (state, why) = match &step.state {
                StepState::Done => ("done", None),
                StepState::Open => ("open", None),
                StepState::Blocked(why) => ("blocked", Some(why)),
                StepState::Unknown(why) => ("unknown", Some(why)),
            };
            json!({ "step": step.kind.label(), "state": state, "why": why, "title": step.title })
        }).collect::<Vec<_>>(),
    })
}

fn rung_json(standing: &Standing) -> Value {
    match standing {
        Standing::Yes(seen) | Standing::No(seen) | Standing::HereOnly(seen) => {
            json!({ "is": standing.word(), "why": seen.value, "source": seen.source, "at": seen.at.rfc3339() })
        }
        Standing::Stated { what, at } => json!({ "is": standing.word(), "why": what, "at": at.rfc3339() }),
        Standing::Unknown(unknown) => json!({ "is": standing.word(), "why": unknown.why, "hint": unknown.hint }),
        Standing::NotApplicable(why) => json!({ "is": standing.word(), "why": why }),
    }
}

fn finding(finding: &Finding) -> Value {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::Registry;
    use crate::plan::testing::{job, package};

    #[test]
    fn names_are_spelled_as_the_manifests_spell_them() {
        let flask = Package { spelled: "Flask".parse().unwrap(), ..package(Registry::Pypi, "flask") };
        let other = Package { spelled: "FLASK".parse().unwrap(), ..package(Registry::Npm, "flask") };
        let scan = scan_json(&[other, flask], &[job(Registry::Pypi, &["flask", "not-here"])]);
        assert_eq!(scan["packages"][1]["name"], "Flask");
        assert_eq!(scan["publishers"][0]["packages"], json!(["Flask", "not-here"]));
    }
}
