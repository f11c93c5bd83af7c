//! `untoken scan`: the packages and publishing steps that were read from a folder. Offline, and git is not needed.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::checkout::Disk;
use crate::cli::{Common, Scan as Args};
use crate::output;
use crate::report::Report;
use crate::runtime;

pub(super) fn run(_common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let (checkout, reading) = runtime::look(&Disk::open(&dir)?);
    if args.json {
        output::json(&output::scan_json(&checkout.packages, &reading.publish_jobs));
    } else {
        output::findings(&checkout.findings);
        output::findings(&reading.findings);
        output::text(&output::scan_text(&checkout.packages, &reading.publish_jobs));
    }
    Ok(ExitCode::SUCCESS)
}
