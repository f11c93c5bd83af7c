//! Long-lived tokens beside OIDC: which one wins is the registry's clients' own rule.

use super::super::about::{Publisher, holder};
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::model::{Auth, IdToken, Place, SecretName, Severity};
use crate::registry::Precedence;
use crate::workflow::{Text, Workflow};

/// A secret that reaches a step which could do without it.
pub(super) fn beside_oidc(facts: &Facts, publisher: &Publisher<'_>) -> Option<Found> {
    let job = publisher.job;
    if !matches!(job.id_token, IdToken::Granted(_)) {
        return None;
    }
    let (what, at, always) = match &job.auth {
        Auth::Token(secret) => (format!("the secret {secret}"), place(facts, publisher, secret), true),
        Auth::Oidc | Auth::Unknown => match job.tokens.first() {
            Some(token) => (format!("the secret {} ({})", token.secret, token.by), token.at.clone(), false),
            None => conventional(facts, publisher)?,
        },
    };
    let says = publisher.ci.precedence_says;
    let message = format!(
        "The {} may ask for an OIDC token, and {} {what} too: {says}.",
        publisher.name(),
        if always { "is given" } else { "may be given" }
    );
    let taken: Vec<&str> = crate::registry::guides(publisher.registry).oidc_login().take_out.to_vec();
    let fix = Fix::write("Once a release by OIDC was seen, take out of the job:", &taken.join("\n"));
    let found = Found::new(Code::TokenBesideOidc, format!("{} {what}", publisher.about()), message).at(at).fix(fix);
    let certain = always && publisher.ci.precedence.value == Precedence::Token;
    Some(if certain { found } else { found.severity(Severity::Warning) })
}

/// Where a secret is handed over.
fn place(facts: &Facts, publisher: &Publisher<'_>, secret: &SecretName) -> Place {
    let job = publisher.job;
    let told = job.tokens.iter().find(|token| token.secret == *secret).map(|token| token.at.clone());
    let file = &job.job_at.file;
    let used =
        || facts.reading.secret_uses.iter().find(|u| u.secret == *secret && u.job == job.job && u.at.file == *file);
    told.or_else(|| used().map(|used| used.at.clone())).unwrap_or_else(|| job.at.clone())
}

/// A variable that release tools take for a token, set from a secret where the step can see it.
fn conventional(facts: &Facts, publisher: &Publisher<'_>) -> Option<(String, Place, bool)> {
    let (workflow, job) = holder(facts, publisher.job)?;
    let near = job.steps.iter().rfind(|step| step.at.line <= publisher.job.at.line);
    let scopes = near.map(|step| &step.env).into_iter().chain([&job.env, &workflow.env]);
    let names = publisher.ci.more_token_variables;
    scopes.flatten().find_map(|(name, value)| {
        let known = names.contains(&name.value.as_str()) && is_secret(value);
        known.then(|| (format!("the variable {}", name.value), at(workflow, name), false))
    })
}

fn is_secret(value: &Text) -> bool {
    value.value.contains("${{") && value.value.contains("secrets.")
}

fn at(workflow: &Workflow, text: &Text) -> Place {
    workflow.place(text.at)
}

/// Inside GitHub Actions: variables of this very job, by name alone.
pub(super) fn in_this_run(facts: &Facts, publishers: &[&Publisher<'_>]) -> Vec<Found> {
    let Some(run) = &facts.run else { return Vec::new() };
    let mut found: Vec<Found> = Vec::new();
    for publisher in publishers.iter().filter(|p| p.job.auth == Auth::Oidc) {
        let names = publisher.rules.token_variables.iter().chain(publisher.ci.more_token_variables);
        let names = names.filter(|name| run.tokens.iter().any(|set| set == *name));
        for name in names.filter(|name| !found.iter().any(|known| known.about == **name)).collect::<Vec<_>>() {
            let message = format!(
                "{name} is set in this run's environment, and the {} is to publish by OIDC: {}.",
                publisher.name(),
                publisher.ci.precedence_says
            );
            let fix = Fix::say("Set it in no job that publishes; an empty value counts as unset.");
            let one = Found::new(Code::TokenBesideOidc, *name, message).fix(fix);
            found.push(one.severity(Severity::Warning));
        }
    }
    found
}
