//! `untoken completions` and `untoken man`: what the command line says of itself, for a shell and for man. Made from the same
//! words as `--help`; asks nobody.

use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::cli::{Cli, Completions, Man};
use crate::output;
use crate::report::{Kind, Report};

const NAME: &str = "untoken";

pub(super) fn completions(args: &Completions) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut script);
    output::text(&String::from_utf8_lossy(&script));
    ExitCode::SUCCESS
}

/// The page of a command, named by its words; of the whole without any.
pub(super) fn man(args: &Man) -> Result<ExitCode, Report> {
    let mut root = Cli::command();
    root.build();
    let mut command = &root;
    for word in &args.command {
        command =
            command.get_subcommands().find(|one| one.get_name() == word && !one.is_hide_set()).ok_or_else(|| {
                Report::new(Kind::Usage, format!("{} has no command {word}", shown(command)))
                    .hint(format!("`{} --help` lists them", shown(command)))
            })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone().version(env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(|error| Report::from_error(Kind::Internal, &error))?;
    output::text(&String::from_utf8_lossy(&page));
    Ok(ExitCode::SUCCESS)
}

/// A command as it is typed.
fn shown(command: &clap::Command) -> &str {
    command.get_bin_name().unwrap_or(NAME)
}
