//! One file a command: gather, call, hand to output.

mod auth;
mod demo;
mod doctor;
mod own;
mod plan;
mod registries;
mod scan;
mod secrets;
mod status;
mod undo;
mod wizard;
mod workflow;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::{Cli, Command, Common};
use crate::report::{Kind, Report};
use crate::runtime::{Named, Setup, World};
use crate::state_dir;
use crate::tools::Environment;
use crate::{log, output, sandbox};

/// Runs what the command line asks for.
///
/// # Errors
/// What a person is to be told.
pub async fn run(cli: Cli) -> Result<ExitCode, Report> {
    let common = cli.common;
    if common.no_color {
        output::no_color();
    }
    match cli.command {
        None if cli.dry_run => plan::dry_run(&common, cli.dir).await,
        None => wizard::run(&common, cli.dir).await,
        Some(Command::Demo(demo)) => demo::run(&common, &demo).await,
        Some(Command::Plan(args)) => plan::run(&common, &args).await,
        Some(Command::Scan(args)) => scan::run(&common, &args),
        Some(Command::Doctor(args)) => doctor::run(&common, &args).await,
        Some(Command::Workflow(args)) => workflow::run(&common, &args),
        Some(Command::Status(args)) => status::run(&common, &args).await,
        Some(Command::Registries(args)) => Ok(registries::run(&common, &args)),
        Some(Command::Undo(args)) => undo::run(&common, &args).await,
        Some(Command::Secrets(args)) => secrets::run(&common, &args).await,
        Some(Command::Auth { command }) => auth::run(&common, command).await,
        Some(Command::Completions(args)) => Ok(own::completions(&args)),
        Some(Command::Man(args)) => own::man(&args),
        Some(Command::DemoVisit { url }) => match sandbox::visit(&url, &[]).await {
            Ok(_) => Ok(ExitCode::SUCCESS),
            Err(error) => Err(Report::from_error(Kind::User, &error)),
        },
    }
}

/// The exit code of a command that did what it was asked; `unread`: something that was to be read could not be.
fn code(unread: bool) -> ExitCode {
    if unread { Report::new(Kind::Unreadable, "").exit_code() } else { ExitCode::SUCCESS }
}

/// The setup for a folder and the flags that every command takes, in this process's own environment.
fn setup(common: &Common, dir: Option<PathBuf>) -> Result<Setup, Report> {
    let remote_only = dir.is_none() && common.repo.is_some() && !Path::new(".git").exists();
    let given = dir.unwrap_or_else(|| PathBuf::from("."));
    let dir = given.canonicalize().map_err(|error| {
        Report::new(Kind::User, format!("the folder {} can't be read", given.display()))
            .because(error.to_string())
            .hint("check the path and that you may read it")
    })?;
    let environment = Environment::of_this_process();
    let state_dir = state_dir::state_dir(environment.get(state_dir::VARIABLE))
        .map_err(|error| Report::from_error(Kind::User, &error))?;
    Ok(Setup {
        dir,
        named: Named { repo: common.repo.clone(), config: common.config.clone() },
        remote_only,
        offline: common.offline,
        client_id: common.client_id.clone(),
        trusted_hosts: common.trust_endpoint.clone(),
        environment,
        state_dir,
        demo: None,
    })
}

/// The world of a setup, with its log begun. A log that cannot be written is no reason to stop.
async fn world(setup: Setup, verbose: u8) -> Result<Arc<World>, Report> {
    if let Err(error) = log::init(&setup.state_dir, verbose) {
        output::note(&format!("no log is written: {error}"));
    }
    Ok(Arc::new(World::new(setup).await?))
}
