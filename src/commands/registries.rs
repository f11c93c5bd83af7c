//! `untoken registries`: the capability matrix, with source and date of each fact. Asks nobody.

use std::process::ExitCode;

use crate::cli::{Common, Registries as Args};
use crate::output;

pub(super) fn run(common: &Common, args: &Args) -> ExitCode {
    if args.json {
        output::json(&output::registries_json());
    } else {
        output::text(&output::registries_text(common.verbose > 0));
    }
    ExitCode::SUCCESS
}
