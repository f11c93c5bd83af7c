//! `untoken secrets`: the audit of long-lived tokens, and what kind a token is.

use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::{Common, Inspect, Secrets as Args, SecretsCommand};
use crate::model::OrganizationName;
use crate::output;
use crate::report::{Kind, Report};
use crate::runtime::{self, OrganizationRun};
use crate::secrets::{self, inspect::Asked};
use crate::tools::Environment;

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    if let Some(SecretsCommand::Inspect(args)) = &args.command {
        return inspect(common, args).await;
    }
    let world = super::world(super::setup(common, args.dir.clone())?, common.verbose).await?;
    if !common.offline
        && let Err(report) = world.use_what_is_at_hand().await
    {
        output::note(&format!("the kept sign-in can't be used: {}", report.line()));
    }
    if let Some(organization) = &args.org {
        return of_organization(&world, organization, args).await;
    }
    let facts = runtime::read_secrets(&world).await?;
    let audit = secrets::audit(&facts);
    match (args.json, args.csv) {
        (true, _) => output::json(&output::secrets_json(&facts, &audit)),
        (_, true) => output::text(&output::secrets_csv(&audit)),
        _ => output::text(&output::secrets_text(&facts, &audit)),
    }
    // What --offline leaves out was not asked for.
    let unread = !common.offline && !audit.unread.is_empty();
    Ok(super::code(unread))
}

async fn of_organization(
    world: &Arc<runtime::World>,
    organization: &OrganizationName,
    args: &Args,
) -> Result<ExitCode, Report> {
    let progress = output::Progress::new();
    let read =
        runtime::read_organization(world, organization, &|done, all| progress.tell_repositories(done, all)).await;
    progress.end();
    let read = match read? {
        OrganizationRun::Read(read) => read,
        OrganizationRun::Interrupted { signal, done, all } => {
            let so_far = if all == 0 { String::new() } else { format!(" after {done} of {all} repositories") };
            let report = Report::new(Kind::Interrupted, format!("interrupted{so_far}"))
                .hint("run it again within an hour: what was read is taken over");
            output::report(&report);
            return Ok(ExitCode::from(u8::try_from(128 + signal).unwrap_or(130)));
        }
    };
    let audit = secrets::audit_organization(&read);
    match (args.json, args.csv) {
        (true, _) => output::json(&output::organization_json(&read, &audit, runtime::now())),
        (_, true) => output::text(&output::organization_csv(&audit)),
        _ => output::text(&output::organization_text(&read, &audit, runtime::now())),
    }
    let unread = audit.iter().any(|one| !one.unread.is_empty());
    Ok(super::code(unread))
}

async fn inspect(common: &Common, args: &Inspect) -> Result<ExitCode, Report> {
    let token = match &args.env {
        Some(name) => runtime::variable_secret(&Environment::of_this_process(), name)?,
        None => runtime::typed_secret("The token (not shown): ").await?,
    };
    let found = secrets::inspect::inspect(&token)
        .ok_or_else(|| Report::new(Kind::User, "nothing was given").hint("type the token, or pipe it in"))?;
    let asked = match args.ask {
        true => {
            let world = super::world(super::setup(common, None)?, common.verbose).await?;
            runtime::ask_about(&world, found.askable(), &token).await
        }
        false => Asked::Not,
    };
    match args.json {
        true => output::json(&output::inspected_json(&found, &asked)),
        false => output::text(&output::inspected_text(&found, &asked, runtime::now())),
    }
    let unread = matches!(asked, Asked::Unknown(_));
    Ok(super::code(unread))
}
