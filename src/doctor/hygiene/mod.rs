//! The fifth phase: what is unsafe, what would win over OIDC, and what GitHub itself holds.

mod client;
mod login;
mod manifests;
mod online;
mod permissions;
mod pins;
mod provenance;
mod tokens;
mod written;

use std::collections::BTreeSet;

use super::about::{count, publishers};
use super::{Code, Facts, Phase, PhaseReport};
use crate::model::Certainty;

pub(super) fn examine(facts: &Facts) -> PhaseReport {
    let all = publishers(facts);
    let sure: Vec<_> = all.iter().filter(|p| p.job.certainty > Certainty::CannotTell).collect();
    let asked = if facts.github.is_some() { "asked GitHub" } else { "did not ask GitHub (--online does)" };
    let scope = format!(
        "looked at {}, {} and {}; {asked}",
        count(sure.len(), "publishing step"),
        count(facts.reading.workflows.len(), "workflow file"),
        count(facts.checkout.packages.len(), "manifest")
    );
    let mut report = PhaseReport::new(Phase::Hygiene, scope);
    for publisher in &sure {
        report.findings.extend(pins::not_pinned(facts, publisher));
        report.findings.extend(tokens::beside_oidc(facts, publisher));
        report.findings.extend(client::placeholder(facts, publisher));
        report.findings.extend(client::too_old(facts, publisher));
        report.findings.extend(login::nobody(facts, publisher));
    }
    report.findings.extend(tokens::in_this_run(facts, &sure));
    report.findings.extend(written::tokens(facts));
    report.findings.extend(permissions::findings(facts, &sure));
    report.findings.extend(provenance::not_to_be_had(facts));
    report.findings.extend(manifests::other_repository(facts));
    online::examine(facts, &sure, &mut report);
    // The steps of one job share their actions and permissions.
    let mut seen = BTreeSet::new();
    report.findings.retain(|found| found.at.is_none() || seen.insert((found.code, found.at.clone())));
    report
}
