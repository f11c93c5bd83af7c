//! `untoken scan`: the packages and publishing steps that were read from a folder. Offline, and git is not needed.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::checkout::{self, Disk};
use crate::cli::{Common, Scan as Args};
use crate::output;
use crate::registry;
use crate::report::Report;
use crate::workflow::{self, Surroundings};

pub(super) fn run(_common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let disk = Disk::open(&dir)?;
    let checkout = checkout::look(&disk);
    let around = Surroundings { source: &disk, packages: &checkout.packages, claim: registry::claim };
    let reading = workflow::read(&checkout.workflows, &around);
    if args.json {
        output::json(&output::scan_json(&checkout.packages, &reading.publish_jobs));
    } else {
        output::findings(&checkout.findings);
        output::findings(&reading.findings);
        output::text(&output::scan_text(&checkout.packages, &reading.publish_jobs));
    }
    Ok(ExitCode::SUCCESS)
}
