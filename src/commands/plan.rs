//! `untoken plan`: the steps that the wizard would take, from whatever can be read without asking anybody.

use std::process::ExitCode;

use crate::cli::{Common, Plan as Args, PlanFormat};
use crate::output;
use crate::plan::{self, Answers, Plan};
use crate::report::Report;
use crate::runtime;

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let world = super::world(super::setup(common, args.dir.clone())?, common.verbose).await?;
    if !common.offline {
        world.use_environment_token();
    }
    let facts = runtime::read_all(&world, |_, _| {}).await?;
    let plan = Plan::make(&facts, &Answers::default());
    let format = if args.json { PlanFormat::Json } else { args.format };
    match format {
        PlanFormat::Text => {
            output::findings(&plan.findings);
            if plan.rows.is_empty() {
                output::no_package();
            }
            output::text(&plan::text(&facts, &plan));
        }
        PlanFormat::Markdown => output::text(&plan::markdown(&facts, &plan)),
        PlanFormat::Json => output::json(&output::plan_json(&facts, &plan)),
    }
    Ok(ExitCode::SUCCESS)
}
