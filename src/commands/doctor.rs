//! `untoken doctor`: what is wrong with how this checkout publishes. Offline unless it was asked for more.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::{Common, Doctor as Args, DoctorFormat};
use crate::doctor::{self, Code};
use crate::output;
use crate::report::{Kind, Report};
use crate::runtime;

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    if let Some(code) = &args.explain {
        let code: Code = code.parse().map_err(|error: doctor::NoCode| Report::from_error(Kind::Usage, &error))?;
        output::text(output::page(code));
        return Ok(ExitCode::SUCCESS);
    }
    let setup = super::setup(common, Some(args.dir.clone().unwrap_or_else(|| PathBuf::from("."))))?;
    let (dir, named, environment) = (setup.dir.clone(), setup.named.clone(), setup.environment.clone());
    let mut facts = runtime::examine_folder(&dir, &named, &environment)?;
    let tokens = if common.offline { Vec::new() } else { runtime::doctor_tokens(&environment) };
    let online = args.online && !common.offline;
    if online || !tokens.is_empty() {
        let world = super::world(setup, common.verbose).await?;
        if !tokens.is_empty() {
            runtime::list_declared(&world, &mut facts, &tokens).await;
        }
        if online {
            runtime::ask_github(&world, &mut facts).await;
        }
    }
    let mut diagnosis = doctor::examine(&facts);
    if let Some(revision) = &args.base {
        let base = runtime::examine_revision(&dir, revision, (&facts, &named), &environment)?;
        diagnosis = diagnosis.since(&doctor::examine(&base));
    }
    let code = diagnosis.exit_code(args.strict);
    let repository = facts.slug.as_ref();
    let format = if args.json { DoctorFormat::Json } else { args.format };
    match format {
        DoctorFormat::Text => output::text(&output::doctor_text(repository, &diagnosis, args.strict)),
        DoctorFormat::Json => output::json(&output::doctor_json(repository, &diagnosis, code)),
        DoctorFormat::Sarif => output::json(&output::doctor_sarif(&diagnosis)),
        DoctorFormat::Github => output::text(&output::doctor_github(&diagnosis)),
    }
    Ok(ExitCode::from(code))
}
