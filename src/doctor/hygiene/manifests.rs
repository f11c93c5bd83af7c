//! Manifests that name another repository than this one, where the registry compares it.

use super::super::about::{Off, Steps};
use super::super::found::{Fix, Found};
use super::{Code, Facts};
use crate::model::{Certainty, IdToken, Package, Place, RepoSlug, Severity};
use crate::registry::{self, ManifestRepository};

pub(super) fn other_repository(facts: &Facts) -> Vec<Found> {
    let Some(slug) = &facts.slug else { return Vec::new() };
    let off = Off::new(facts);
    let packages = facts.checkout.packages.iter().filter(|package| off.why(package).is_none());
    let steps = Steps::new(facts);
    packages.filter_map(|package| one(facts, &steps, package, slug)).collect()
}

fn one(facts: &Facts, steps: &Steps<'_>, package: &Package, slug: &RepoSlug) -> Option<Found> {
    let rule = registry::guides(package.id.registry).ci().manifest?.value;
    if package.repository.as_ref() == Some(slug) {
        return None;
    }
    // A step that does not say what it publishes may mean other packages.
    let by_oidc = steps.of(package).iter().any(|publisher| {
        let job = publisher.job;
        matches!(job.id_token, IdToken::Granted(_)) && job.packages.is_some() && job.certainty > Certainty::CannotTell
    });
    let registry = package.id.registry;
    let (message, severity) = match &package.repository {
        Some(named) if named.same_on_github(slug) => (
            format!(
                "{} of {} is spelled {named}, and the remote is {slug}: {registry} compares letter case.",
                rule.key, package.id
            ),
            if by_oidc { Severity::Error } else { Severity::Warning },
        ),
        Some(named) => (
            format!(
                "{} of {} names {named}, and the remote is {slug}: {registry} refuses a publish by OIDC.",
                rule.key, package.id
            ),
            if by_oidc { Severity::Error } else { Severity::Warning },
        ),
        // Without provenance (a private repository) nothing is compared.
        None if by_oidc => (
            format!(
                "{} of {} names no GitHub repository: {registry} refuses the provenance of a publish by OIDC.",
                rule.key, package.id
            ),
            Severity::Warning,
        ),
        None => return None,
    };
    let fix = Fix::write("Write into the manifest:", &rule.lines.replace("{}", &slug.to_string()));
    let found =
        Found::new(Code::ManifestRepository, package.id.to_string(), message).at(place(facts, package, &rule)).fix(fix);
    Some(found.severity(severity))
}

/// The line of the key, if the manifest's text is here; else its beginning.
fn place(facts: &Facts, package: &Package, rule: &ManifestRepository) -> Place {
    let key = format!("\"{}\"", rule.key);
    let text = facts.manifests.iter().find(|file| file.path == package.manifest);
    let text = text.and_then(|file| std::str::from_utf8(&file.bytes).ok()).unwrap_or_default();
    let found = text.lines().enumerate().find_map(|(number, line)| {
        let rest = line.trim_start();
        rest.starts_with(&key).then(|| (number + 1, line.len() - rest.len() + 1))
    });
    let (line, column) = found.unwrap_or((1, 1));
    Place { file: package.manifest.clone(), line, column }
}
