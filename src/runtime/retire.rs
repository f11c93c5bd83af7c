//! Deletes a secret at GitHub: intent journalled before, outcome after.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::{World, now};
use crate::github;
use crate::journal::Outcome;
use crate::model::{PackageId, RepoSlug, SecretDeleted, SecretHome, SecretName, StepKind};
use crate::report::{Kind, Report};
use crate::wizard::Msg;

/// Deletes it, and tells how that ended.
pub(super) async fn delete(
    world: Arc<World>,
    package: PackageId,
    slug: RepoSlug,
    (home, name): (SecretHome, SecretName),
    tell: UnboundedSender<Msg>,
) {
    let result = journalled(&world, &package, &slug, (&home, &name)).await;
    let _ = tell.send(Msg::Now(now()));
    let _ = tell.send(Msg::SecretDeleted(home, name, result));
}

async fn journalled(
    world: &World,
    package: &PackageId,
    slug: &RepoSlug,
    (home, name): (&SecretHome, &SecretName),
) -> Result<SecretDeleted, Report> {
    let Some(token) = world.fresh_token().await else {
        return Err(Report::new(Kind::User, "nobody is signed in to GitHub").hint("sign in, or delete it by hand"));
    };
    let what = format!("delete the secret {name} of {} ({slug})", home.place().in_words());
    let intent = world.intend(package, StepKind::Retire, what)?;
    let result = github::delete_secret(&world.http, &world.github, &token, slug, (home, name)).await;
    let outcome = match &result {
        Ok(SecretDeleted::Gone) => Outcome::Done { what: "its name is gone, read back".to_owned() },
        Ok(SecretDeleted::WasGone) => Outcome::AlreadySo,
        Ok(SecretDeleted::NotSeen(why)) => Outcome::Failed { why: why.clone() },
        Err(error) => Outcome::Failed { why: error.to_string() },
    };
    world.outcome(intent, outcome);
    result.map_err(Report::from)
}
