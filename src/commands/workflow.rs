//! `untoken workflow`: a publishing workflow for a repository that has none. Offline; prints it, and writes only when told to,
//! never over a file that is there.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::checkout::{self, Disk, FileSource as _, WriteError};
use crate::cli::{Common, Workflow as Args};
use crate::output;
use crate::report::{Kind, Report};
use crate::runtime;
use crate::workflow::template::{After, CargoRegistry, NameRefused, Template, cargo_root};

pub(super) fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let dir = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let disk = Disk::open(&dir)?;
    let (checkout, reading) = runtime::look(&disk, common.config.as_ref());
    let wished = |registry| args.registry.is_empty() || args.registry.contains(&registry);
    let packages: Vec<_> = checkout.packages.into_iter().filter(|package| wished(package.id.registry)).collect();
    if let Some(none) = args.registry.iter().find(|registry| packages.iter().all(|p| p.id.registry != **registry)) {
        return Err(Report::new(Kind::User, format!("there is no package for {none} in {}", dir.display()))
            .hint("`untoken scan` lists what was found"));
    }
    for job in reading.publish_jobs.iter().filter(|job| job.destination.registry().is_some_and(wished)) {
        output::note(&format!("{} publishes already (job {}); `untoken` repairs it", job.at, job.job));
    }
    let has = |path: &_| disk.paths().contains(path);
    let template = Template {
        cargo_root: cargo_root(&packages, &has),
        packages,
        environment: args.environment.clone(),
        after: after(args)?,
        cargo_registry: cargo_registry(args)?,
        nuget_user: args.nuget_user.as_deref().map(|user| user.parse().map_err(wrong("--nuget-user"))).transpose()?,
    };
    let new = template.make(&args.file).map_err(|error| Report::from_error(Kind::User, &error))?;
    if args.write {
        checkout::apply(&dir, &new.change).map_err(|error| match &error {
            WriteError::AlreadyThere(_) => Report::from_error(Kind::User, &error).hint("give another name with --file"),
            _ => Report::from(error),
        })?;
        output::line(&format!("wrote {}", new.change.path));
    } else {
        output::text(&new.text());
    }
    new.notes.iter().for_each(|note| output::note(note));
    Ok(ExitCode::SUCCESS)
}

fn after(args: &Args) -> Result<After, Report> {
    if !args.three_jobs {
        return Ok(After::Nothing);
    }
    let programs = args.binary.iter().map(|name| name.parse().map_err(wrong("--binary")));
    Ok(After::ProvenanceAndRelease { programs: programs.collect::<Result<_, Report>>()? })
}

fn cargo_registry(args: &Args) -> Result<Option<CargoRegistry>, Report> {
    let (Some(name), Some(url)) = (&args.registry_name, &args.registry_url) else { return Ok(None) };
    CargoRegistry::new(name, url).map(Some).map_err(wrong("--registry-url or --registry-name"))
}

/// Tells which argument can't be taken.
fn wrong(argument: &'static str) -> impl Fn(NameRefused) -> Report {
    move |why| Report::new(Kind::Usage, format!("{argument} can't be taken: {why}"))
}
