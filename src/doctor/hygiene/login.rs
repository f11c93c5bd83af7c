//! The name by which a job logs in: that of a person, where a registry looks up what that person made.

use super::super::about::{Publisher, holder};
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::model::Severity;

/// A login by an address or by the name of the repository's organisation, neither of which can have made anything.
pub(super) fn nobody(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let rule = publisher.ci.login_user?.value;
    let (workflow, job) = holder(facts, publisher.job)?;
    let named = job.steps.iter().find_map(|step| {
        let (action, _) = step.action()?;
        step.input(rule.input).filter(|_| action == rule.action)
    })?;
    let value = named.value.trim();
    let owner = facts.slug.as_ref().filter(|slug| slug.owner().eq_ignore_ascii_case(value));
    let organisation =
        facts.github.as_ref().and_then(|github| github.repository.value()).map(|r| r.owned_by_organization);
    let (what, severity) = match (owner, organisation) {
        // An expression is only known in a run.
        _ if value.contains("${{") || value.is_empty() => return None,
        _ if value.contains('@') => ("an e-mail address".to_owned(), Severity::Error),
        (Some(_), Some(true)) => (format!("the organisation {value}"), Severity::Error),
        (Some(_), None) => (format!("{value}, the repository's owner, who may be an organisation"), Severity::Warning),
        (Some(_), Some(false)) | (None, _) => return None,
    };
    let message = format!(
        "The {} logs in to {} as {what}: only the name of the user who made the policy finds it.",
        publisher.name(),
        publisher.registry
    );
    let fix =
        Fix::write("Name the person who made the policy:", &format!("{}: THE-USER-WHO-MADE-THE-POLICY", rule.input));
    let found = Found::new(Code::LoginUser, publisher.about(), message).at(workflow.place(named.at)).fix(fix);
    Some(found.severity(severity))
}
