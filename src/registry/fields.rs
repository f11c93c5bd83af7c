//! What the registries' forms have in common: fields to copy, and the field rules that crates.io and PyPI share.

use super::ApiError;
use crate::model::{EnvironmentName, Field, FieldValue, Finding, Registry, Severity, TrustedPublisher, WorkflowFile};

/// A field without a remark.
pub(super) fn field(label: &str, value: impl Into<String>) -> Field {
    Field { label: label.to_owned(), value: value.into().into(), note: None }
}

/// A field in which the person does something that is no text to enter.
pub(super) fn act(label: &str, what: &str, note: Option<&str>) -> Field {
    Field { label: label.to_owned(), value: FieldValue::Act(what.to_owned()), note: note.map(str::to_owned) }
}

/// A field with a remark.
pub(super) fn noted(label: &str, value: impl Into<String>, note: &str) -> Field {
    Field { note: Some(note.to_owned()), ..field(label, value) }
}

/// The environment under a form's own label; without one the field stays empty.
pub(super) fn environment(label: &str, name: Option<&EnvironmentName>) -> Field {
    match name {
        Some(name) => field(label, name.as_str()),
        None => noted(label, "", "any environment, or none, may publish"),
    }
}

/// The three values of a publisher, for a step that untoken takes.
pub(super) fn of_publisher(publisher: &TrustedPublisher, workflow: &WorkflowFile) -> Vec<Field> {
    vec![
        noted("repository", publisher.repository.to_string(), "GitHub's own spelling"),
        noted("workflow", workflow.as_str(), "the file that the run starts from"),
        environment("environment", publisher.environment.as_ref()),
    ]
}

/// What a registry that looks for the file in the publisher's own repository would do with one of another: nothing of use.
pub(super) fn elsewhere(registry: Registry, wanted: &TrustedPublisher) -> Option<Finding> {
    let home = wanted.workflow.home()?;
    let message = format!("{registry} cannot be told a workflow of another repository, and this one lies in {home}");
    let hint = format!("publish from a job in a workflow of {}", wanted.repository);
    Some(Finding::new(Severity::Error, message).hint(hint))
}

/// The file to tell such a registry.
pub(super) fn own(registry: Registry, wanted: &TrustedPublisher) -> Result<&WorkflowFile, ApiError> {
    wanted.workflow.own().ok_or_else(|| {
        let finding = elsewhere(registry, wanted);
        let (message, hint) = finding.map(|f| (f.message, f.hint.unwrap_or_default())).unwrap_or_default();
        ApiError::Refused { registry, message, hint }
    })
}

/// The field rules of crates.io and PyPI, which are the same in both sources (rust-lang/crates.io
/// crates/crates_io_trustpub/src/github/validation.rs and pypi/warehouse warehouse/oidc/forms/github.py, read 2026-08-21).
pub(super) fn strict(registry: Registry, wanted: &TrustedPublisher) -> Vec<Finding> {
    let refused = |what: String| Finding::new(Severity::Error, format!("{registry} would refuse {what}"));
    let mut findings = Vec::from_iter(elsewhere(registry, wanted));
    let owner = wanted.repository.owner();
    if let Some(c) = owner.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
        findings.push(refused(format!("the repository owner: {c:?} is none of its characters")));
    }
    let Some(environment) = wanted.environment.as_ref().map(EnvironmentName::as_str) else {
        return findings;
    };
    let rename = "rename the environment on GitHub and in the workflow";
    if environment.trim() != environment {
        findings.push(refused("an environment with blanks at its ends".to_owned()).hint(rename));
    }
    if let Some(c) = environment.chars().find(|c| c.is_control() || "'\"`,;\\".contains(*c)) {
        findings.push(refused(format!("the environment because of its {c:?}")).hint(rename));
    }
    findings
}
