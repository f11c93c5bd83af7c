//! `untoken secrets`: the audit of long-lived tokens, and what kind a token is.

use std::process::ExitCode;

use crate::cli::{Common, Inspect, Secrets as Args, SecretsCommand};
use crate::output;
use crate::report::{Kind, Report};
use crate::runtime;
use crate::secrets;
use crate::tools::Environment;

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    if let Some(SecretsCommand::Inspect(args)) = &args.command {
        return inspect(args).await;
    }
    let world = super::world(super::setup(common, args.dir.clone())?, common.verbose).await?;
    if !common.offline
        && let Err(report) = world.use_what_is_at_hand().await
    {
        output::note(&format!("the kept sign-in can't be used: {}", report.line()));
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
    Ok(if unread { Report::new(Kind::Unreadable, "").exit_code() } else { ExitCode::SUCCESS })
}

async fn inspect(args: &Inspect) -> Result<ExitCode, Report> {
    let token = match &args.env {
        Some(name) => runtime::variable_secret(&Environment::of_this_process(), name)?,
        None => runtime::typed_secret("The token (not shown): ").await?,
    };
    let found = secrets::inspect::inspect(&token)
        .ok_or_else(|| Report::new(Kind::User, "nothing was given").hint("type the token, or pipe it in"))?;
    match args.json {
        true => output::json(&output::inspected_json(&found)),
        false => output::text(&output::inspected_text(&found, runtime::now())),
    }
    Ok(ExitCode::SUCCESS)
}
