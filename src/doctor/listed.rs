//! The fourth phase: whether the registry holds what is declared. Only with a credential that was given for this.

use super::about::count;
use super::declared::for_registry;
use super::found::{Fix, Found};
use super::{Code, Facts, Listed, Phase, PhaseReport};
use crate::model::{Package, Place, PublisherEntry, Registry, TrustPolicy, TrustedPublisher};
use crate::registry::{self, Guides};

pub(super) fn examine(facts: &Facts) -> PhaseReport {
    let asked = Registry::ALL.into_iter().filter_map(|registry| {
        let guides = registry::guides(registry);
        Some((registry, guides, guides.ci().doctor_token?))
    });
    let asked: Vec<_> = asked.collect();
    let Some(listed) = &facts.listed else {
        let variables: Vec<&str> = asked.iter().map(|(.., variable)| *variable).collect();
        return PhaseReport::skipped(
            Phase::Listed,
            format!("skipped: {} is not set, so nobody was asked", variables.join(", ")),
        );
    };
    let mut report = PhaseReport::new(Phase::Listed, "");
    let mut scope = Vec::new();
    for (registry, guides, _) in asked {
        let declared = for_registry(facts, registry);
        let names: Vec<&str> = declared.iter().map(|(package, ..)| package.id.name.as_str()).collect();
        scope.push(format!(
            "asked {registry} for the publishers of {}{}",
            count(names.len(), "declared package"),
            shown(&names)
        ));
        for (package, policy, at) in declared {
            match listed.get(&package.id) {
                Some(answer) => judge(facts, guides, (package, policy, at), answer, &mut report),
                None => report.remarks.push(format!("{} was not asked for", package.id)),
            }
        }
    }
    report.scope = scope.join("; ");
    // A credential that is refused for every package is told once.
    let mut told: Vec<String> = Vec::new();
    report.findings.retain(|found| {
        let again = found.code == Code::CredentialRefused && told.contains(&found.message);
        told.push(found.message.clone());
        !again
    });
    report
}

fn shown(names: &[&str]) -> String {
    match names.len() {
        0 => String::new(),
        n if n > 5 => format!(": {} and {} more", names[..5].join(", "), n - 5),
        _ => format!(": {}", names.join(", ")),
    }
}

fn judge(
    facts: &Facts,
    guides: &dyn Guides,
    (package, policy, at): (&Package, &TrustPolicy, &Place),
    answer: &Listed,
    report: &mut PhaseReport,
) {
    let registry = package.id.registry;
    let about = package.id.to_string();
    let found = |code, message: String| Found::new(code, about.clone(), message).at(at.clone());
    match answer {
        Listed::Held(entries) => {
            let repository = policy.repository.clone().or_else(|| facts.slug.clone());
            let workflow = repository.as_ref().and_then(|repository| policy.trusted_workflow(repository));
            let (Some(repository), Some(workflow)) = (repository, workflow) else {
                report.remarks.push(format!("{} was not compared: repository or workflow is not known", package.id));
                return;
            };
            let wanted = TrustedPublisher { repository, workflow, environment: policy.environment.clone() };
            if let Some(entry) = entries.iter().find(|entry| guides.same(&wanted, entry)) {
                report.remarks.push(format!(
                    "{}: entry {} is {}, as declared",
                    package.id,
                    entry.id,
                    guides.rules().in_words(&wanted)
                ));
                return;
            }
            report.findings.push(not_held(&wanted, entries, found, registry));
        }
        Listed::NoPackage => {
            let message =
                format!("{registry} knows no package {}, so it can hold no publisher for it.", package.id.name);
            let fix = Fix::say(format!("Publish it once by other means: {registry} trusts only what exists."));
            report.findings.push(found(Code::NotRegistered, message).fix(fix));
        }
        Listed::Refused { why, hint } => {
            let message =
                format!("{registry} refused the credential in {}: {why}.", guides.ci().doctor_token.unwrap_or("it"));
            let refused = found(Code::CredentialRefused, message);
            report.findings.push(hint.iter().fold(refused, |found, hint| found.fix(Fix::say(hint.clone()))));
        }
        Listed::Unread(why) => {
            let message =
                format!("The publishers of {} could not be read: {why}. Nothing is said about them.", package.id.name);
            let fix = Fix::say("Run it again; with --strict this ends with exit code 3.");
            report.findings.push(found(Code::RegistryUnread, message).fix(fix));
        }
    }
}

fn not_held(
    wanted: &TrustedPublisher,
    entries: &[PublisherEntry],
    found: impl Fn(Code, String) -> Found,
    registry: Registry,
) -> Found {
    let fix = Fix::write(
        format!("Register on {registry}:"),
        &format!(
            "repository: {}\nworkflow: {}\nenvironment: {}",
            wanted.repository,
            wanted.workflow,
            wanted.environment.as_ref().map_or("(leave empty)", |name| name.as_str())
        ),
    );
    if entries.is_empty() {
        return found(Code::NotRegistered, format!("{registry} holds no publisher for it; declared is {wanted}."))
            .fix(fix);
    }
    let held = entries.iter().map(|entry| entry.publisher.to_string()).collect::<Vec<_>>().join("; ");
    found(Code::OtherRegistered, format!("{registry} holds {held}, and declared is {wanted}.")).fix(fix)
}
