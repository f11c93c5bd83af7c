//! Chooses command and face, prints the report, sets the exit code; nothing else.

use std::process::ExitCode;

use clap::Parser as _;
use untoken::cli::Cli;
use untoken::report::{Kind, Report};
use untoken::{commands, output};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(commands::run(cli));
            // A thread may still wait for a line of input or for a keyring's window: nobody waits for it.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(Report::from_error(Kind::Internal, &error)),
    };
    result.unwrap_or_else(|report| {
        output::report(&report);
        report.exit_code()
    })
}
