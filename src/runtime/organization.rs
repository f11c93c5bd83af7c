//! Reads the names of an organisation's secrets, until that is done or a signal ends it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::full::Signals;
use super::{World, now};
use crate::github::{self, Answers};
use crate::model::{OrganizationName, OrganizationSecrets};
use crate::report::{Kind, Report};

/// How a look through an organisation ended.
#[derive(Debug)]
pub enum OrganizationRun {
    /// With what was read.
    Read(OrganizationSecrets),
    /// By a signal. What was read until then is kept for the next run.
    Interrupted {
        /// Its number.
        signal: i32,
        /// How many repositories were read.
        done: usize,
        /// Of how many; nought: the list itself was not read yet.
        all: usize,
    },
}

/// Reads them; `progress` is told how many of how many repositories are read.
///
/// # Errors
/// Nobody is signed in, or the list of repositories can't be read. What can't be read of a repository is told with it.
pub async fn read_organization(
    world: &Arc<World>,
    name: &OrganizationName,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<OrganizationRun, Report> {
    let Some(token) = world.fresh_token().await else {
        let hint = "run untoken auth login, or set GH_TOKEN (GH_TOKEN=$(gh auth token) takes gh's own login)";
        return Err(Report::new(Kind::Unreadable, "nobody is signed in to GitHub").hint(hint));
    };
    let answers = Answers::open(&world.setup.state_dir, &world.github, name, now());
    let (done, all) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let tell = |read: usize, of: usize| {
        done.store(read, Ordering::Relaxed);
        all.store(of, Ordering::Relaxed);
        progress(read, of);
    };
    let mut signals = Signals::new().map_err(|error| Report::from_error(Kind::Internal, &error))?;
    let reading = github::read_organization(&world.http, &world.github, &token, name, &answers, &tell);
    tokio::select! {
        biased;
        signal = signals.next() => Ok(OrganizationRun::Interrupted {
            signal,
            done: done.load(Ordering::Relaxed),
            all: all.load(Ordering::Relaxed),
        }),
        read = reading => Ok(OrganizationRun::Read(read?)),
    }
}
