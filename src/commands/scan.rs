//! `untoken scan`: the packages and publishing steps that were read from a folder. Offline, and git is not needed.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::checkout::Disk;
use crate::cli::{Common, Scan as Args};
use crate::output;
use crate::report::Report;
use crate::runtime;

pub(super) fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let (checkout, reading) = runtime::look(&Disk::open(&dir)?, common.config.as_ref());
    let findings: Vec<_> = checkout.findings.iter().chain(&reading.findings).cloned().collect();
    let scan = output::Scan {
        packages: &checkout.packages,
        platforms: &checkout.family,
        others: &checkout.others,
        workflow_files: checkout.workflows.len(),
        jobs: &reading.publish_jobs,
        findings: &findings,
    };
    if args.json {
        output::json(&scan.json());
    } else {
        output::findings(&findings);
        output::text(&scan.text());
    }
    Ok(ExitCode::SUCCESS)
}
