//! What the readers of files stumbled over. Each is told once; a file that can't be read never hides the others.

use super::found::{Fix, Found};
use super::{Code, Facts};
use crate::checkout::CONFIG_FILES;
use crate::model::{Finding, Severity};

pub(super) fn findings(facts: &Facts) -> Vec<Found> {
    let workflows = facts.reading.findings.iter().filter_map(|finding| match finding.severity {
        Severity::Error => Some(found(Code::WorkflowUnreadable, finding)),
        Severity::Warning => Some(found(Code::WorkflowOdd, finding)),
        Severity::Note => None,
    });
    let configs = facts.config.findings.iter().filter(|finding| finding.severity > Severity::Note);
    let configs = configs.map(|finding| found(Code::ConfigWrong, finding).severity(finding.severity));
    let files = facts.checkout.findings.iter().filter(|finding| finding.severity > Severity::Note).map(file);
    let slug = facts.no_slug.iter().map(|finding| found(Code::NoRepository, finding));
    slug.chain(workflows).chain(configs).chain(files).collect()
}

/// What went wrong with a file before anybody knew what is in it.
fn file(finding: &Finding) -> Found {
    let path = finding.at.as_ref().map(|at| at.file.as_str()).unwrap_or_default();
    if path.starts_with(".github/workflows/") {
        found(Code::WorkflowUnreadable, finding)
    } else if CONFIG_FILES.contains(&path) {
        found(Code::ConfigWrong, finding).severity(finding.severity)
    } else {
        found(Code::ManifestUnreadable, finding)
    }
}

fn found(code: Code, finding: &Finding) -> Found {
    // The first line says what is wrong; the picture below it holds line numbers.
    let about = finding.message.lines().next().unwrap_or_default().to_owned();
    let mut found = Found::new(code, about, finding.message.clone());
    found.at = finding.at.clone();
    found.fix = finding.hint.clone().map(Fix::say);
    found
}
