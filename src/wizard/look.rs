//! The first screen, and the list of secrets: what was found, in words.

use super::sign_in::uses_tokens;
use super::{Ask, AskKind, Mark, Para, Wizard};
use crate::model::{Reading, Registry, SecretPlace};
use crate::plan;
use crate::report::Report;

impl Wizard {
    pub(super) fn ask_look(&self, failed: Option<&Report>) -> Ask {
        if let Some(report) = failed {
            let mut body: Vec<Para> =
                report.causes.iter().map(|cause| Para::Text(format!("because: {cause}"))).collect();
            body.extend(report.hint.iter().map(|hint| Para::Strong(hint.clone())));
            return Ask::note("look", format!("Nothing to work with: {}", report.message), body);
        }
        let Some(local) = self.facts.local.value() else {
            return Ask::note("look", "Looking around …", Vec::new()).wanting(AskKind::Wait);
        };
        let mut body = Vec::new();
        let slug = local.slug.as_ref().map_or_else(|| "no GitHub remote".to_owned(), ToString::to_string);
        body.push(Para::Pair("repository".into(), slug));
        for registry in Registry::ALL {
            let names: Vec<&str> =
                local.all().filter(|p| p.id.registry == registry).map(|p| p.id.name.as_str()).collect();
            if !names.is_empty() {
                body.push(Para::Pair(registry.title().into(), listed(&names)));
            }
        }
        let jobs = local.publish_jobs.len();
        let publishing = match (jobs, uses_tokens(&local.publish_jobs)) {
            (0, _) => "none of them publishes a package that is here".to_owned(),
            (1, 0) => "1 publishing step".to_owned(),
            (1, _) => "1 publishing step, with a token".to_owned(),
            (n, 0) => format!("{n} publishing steps"),
            (n, t) => format!("{n} publishing steps, {t} with a token"),
        };
        body.push(Para::Pair("workflows".into(), format!("{}; {publishing}", local.workflow_files.len())));
        let config = local
            .config_files
            .first()
            .map_or_else(|| "none yet; untoken.toml would be made".to_owned(), |f| f.path.to_string());
        body.push(Para::Pair("config".into(), config));
        if let Some(config) = &self.settings.config {
            body.push(Para::Pair("asked for".into(), config.to_string()));
        }
        body.push(Para::Blank);
        if local.packages.is_empty() {
            body.push(Para::Text(format!(
                "No package of {} is published from here. untoken looks at workspace members only.",
                Registry::choice()
            )));
        }
        for finding in &local.findings {
            body.push(Para::Marked(super::update::severity(finding), super::board::finding_line(finding)));
        }
        for beside in plan::beside(&self.facts) {
            body.push(Para::Strong(beside.title));
            body.extend(beside.lines.into_iter().map(Para::Faint));
            body.push(Para::Blank);
        }
        if !self.settings.overridden.is_empty() && self.settings.demo.is_none() {
            body.push(Para::Faint(format!("Not the real service: {}.", self.settings.overridden.join(", "))));
        }
        if let Some(demo) = &self.settings.demo {
            body.push(Para::Faint(
                "This is the demo: a sandbox on this machine stands in for GitHub and the registries.".into(),
            ));
            body.extend(demo.left_out.iter().map(|what| Para::Faint(format!("Left out on this machine: {what}."))));
        }
        Ask::note("look", "Found here", body)
    }

    pub(super) fn ask_secrets(&self) -> Ask {
        let github = &self.facts.github;
        let mut body = Vec::new();
        let local = self.facts.local.value();
        let mut list = |title: &str, reading: &Reading<Vec<crate::model::SecretFact>>| match reading {
            Reading::NotRead => {
                body.push(Para::Marked(Mark::Unknown, format!("{title}: not read; sign in to see the names")))
            }
            Reading::Unknown(unknown) => body.push(Para::Marked(Mark::Unknown, format!("{title}: {}", unknown.why))),
            Reading::Seen(seen) if seen.value.is_empty() => {
                body.push(Para::Marked(Mark::Yes, format!("{title}: none")))
            }
            Reading::Seen(seen) => {
                for secret in &seen.value {
                    let used = local
                        .and_then(|l| l.secret_uses.iter().find(|u| u.secret == secret.name))
                        .map_or_else(|| "not used by a workflow here".to_owned(), |u| format!("used at {}", u.at));
                    let place = match &secret.place {
                        SecretPlace::Repository => "repository".to_owned(),
                        SecretPlace::Organization => "organisation".to_owned(),
                        SecretPlace::Environment(name) => format!("environment {name}"),
                        SecretPlace::Dependabot => "Dependabot".to_owned(),
                    };
                    body.push(Para::Pair(secret.name.to_string(), format!("{place} · {used}")));
                }
            }
        };
        list("repository", &github.repository_secrets);
        list("organisation", &github.organization_secrets);
        for environment in github.environments.value().into_iter().flatten() {
            list(&format!("environment {}", environment.name), &environment.secrets);
        }
        Ask::note("secrets", "Names of secrets (never their values)", body)
    }
}

fn listed(names: &[&str]) -> String {
    const SHOWN: usize = 4;
    match names.len() {
        n if n > SHOWN => format!("{n}: {}, …", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}
