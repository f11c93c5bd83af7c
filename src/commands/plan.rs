//! `untoken plan`: the steps that the wizard would take, from whatever can be read without asking anybody.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::{Common, Plan as Args, PlanFormat};
use crate::output;
use crate::plan::{self, Answers, Facts, Plan};
use crate::report::Report;
use crate::runtime::{self, World};

pub(super) async fn run(common: &Common, args: &Args) -> Result<ExitCode, Report> {
    let world = world(common, args.dir.clone()).await?;
    let (mut facts, plan) = make(&world).await?;
    let format = if args.json { PlanFormat::Json } else { args.format };
    match format {
        PlanFormat::Text => in_words(&plan, &plan::text(&facts, &plan)),
        PlanFormat::Markdown => {
            // It is what is sent to others: what is theirs to do has to be known.
            let me = runtime::read_access(&world, &mut facts, &plan).await;
            output::text(&plan::markdown(&facts, me.as_ref(), &plan));
        }
        PlanFormat::Json => output::json(&output::plan_json(&facts, &plan)),
    }
    Ok(super::code(facts.is_partly_unread()))
}

/// `untoken --dry-run [DIR]`
pub(super) async fn dry_run(common: &Common, dir: Option<PathBuf>) -> Result<ExitCode, Report> {
    let (facts, plan) = make(&world(common, dir).await?).await?;
    in_words(&plan, &plan::dry_run(&facts, &plan));
    Ok(super::code(facts.is_partly_unread()))
}

async fn world(common: &Common, dir: Option<PathBuf>) -> Result<Arc<World>, Report> {
    let world = super::world(super::setup(common, dir)?, common.verbose).await?;
    if !common.offline {
        world.use_environment_token();
    }
    Ok(world)
}

async fn make(world: &Arc<World>) -> Result<(Facts, Plan), Report> {
    let facts = runtime::read_all(world, |_, _| {}).await?;
    let plan = Plan::make(&facts, &Answers::default());
    Ok((facts, plan))
}

fn in_words(plan: &Plan, text: &str) {
    output::findings(&plan.findings);
    if plan.rows.is_empty() {
        output::no_package();
    }
    output::text(text);
}
