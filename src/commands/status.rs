//! `untoken status`: the ladder of every package, from whatever can be read without asking the person anything; a gate for CI.

use std::process::ExitCode;

use crate::cli::{Common, Status as Args};
use crate::output::{self, Progress, Status};
use crate::plan::{self, Answers, Plan};
use crate::report::Report;
use crate::runtime;

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let world = super::world(super::setup(common, args.dir.clone())?, common.verbose).await?;
    if common.offline {
        output::note("offline: only what lies in the checkout is told; nobody was asked");
    } else {
        // A sign-in that is of no use any more is a remark: what it would have shown stays unknown.
        if let Err(report) = world.use_what_is_at_hand().await {
            output::note(&format!("the kept sign-in is not used: {}", report.line()));
        }
        for (registry, token) in runtime::doctor_tokens(&world.setup.environment) {
            world.hold_credential(registry, token);
        }
    }
    let progress = Progress::new();
    let read = runtime::read_all(&world, |done, all| progress.tell(done, all)).await;
    progress.end();
    let facts = read?;
    let plan = Plan::make(&facts, &Answers::default());
    let check = (!args.check.is_empty()).then(|| plan::check(&facts, &plan, &args.check));
    let status = Status { facts: &facts, plan: &plan, asked: &args.check, check: check.as_ref() };
    if args.json {
        output::json(&status.json());
    } else {
        output::findings(&plan.findings);
        let theme = (!common.plain).then(|| super::wizard::theme(&world));
        output::text(&status.text(theme, common.verbose > 0));
    }
    Ok(match check {
        Some(check) => ExitCode::from(check.exit_code()),
        None => super::code(facts.is_partly_unread()),
    })
}
