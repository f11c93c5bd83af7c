//! Makes an environment at GitHub: intent journalled before, outcome after.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::{World, now};
use crate::github;
use crate::journal::Outcome;
use crate::model::{EnvironmentMade, EnvironmentWish, PackageId, RepoSlug, StepKind};
use crate::report::{Kind, Report};
use crate::wizard::Msg;

/// Makes it, and tells how that ended.
pub(super) async fn make(
    world: Arc<World>,
    package: PackageId,
    slug: RepoSlug,
    wish: EnvironmentWish,
    tell: UnboundedSender<Msg>,
) {
    let result = journalled(&world, &package, &slug, &wish).await;
    let _ = tell.send(Msg::Now(now()));
    let _ = tell.send(Msg::EnvironmentMade(package, Box::new(result)));
}

async fn journalled(
    world: &World,
    package: &PackageId,
    slug: &RepoSlug,
    wish: &EnvironmentWish,
) -> Result<EnvironmentMade, Report> {
    let Some(token) = world.fresh_token().await else {
        return Err(Report::new(Kind::User, "nobody is signed in to GitHub").hint("sign in, or make it by hand"));
    };
    let refs: Vec<String> = wish.refs.iter().map(ToString::to_string).collect();
    let reviewers: Vec<&str> = wish.reviewers.iter().map(|(login, _)| login.as_str()).collect();
    let what = format!(
        "make the environment {} of {slug}: refs [{}], reviewers [{}]",
        wish.name,
        refs.join(", "),
        reviewers.join(", ")
    );
    let intent = world.intend(package, StepKind::Environment, what)?;
    let result = github::make_environment(&world.http, &world.github, &token, slug, wish).await;
    let outcome = match &result {
        Ok(EnvironmentMade::Done(there)) => Outcome::Done { what: format!("environment {}, read back", there.name) },
        Ok(EnvironmentMade::AlreadySo(_)) => Outcome::AlreadySo,
        Ok(EnvironmentMade::Differs(why, _)) => Outcome::Failed { why: why.clone() },
        Err(error) => Outcome::Failed { why: error.to_string() },
    };
    world.outcome(intent, outcome);
    result.map_err(Report::from)
}
