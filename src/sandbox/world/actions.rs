//! GitHub Actions: runs that a tag starts, what holds them, and what their jobs publish when they come to it.
//!
//! A run is played step by step. Its jobs publish by OIDC or by a secret, as the workflow on the default branch says, and
//! each registry judges them by its own rules.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::World;
use super::github::{BranchPolicy, RefKind, Repo, WorkflowState};
use super::job_login::{Login, job_block};
use super::release::Run as Claims;

/// What Actions knows.
#[derive(Debug, Clone, Default)]
pub struct Actions {
    /// Which workflows publish what.
    pub plans: Vec<Plan>,
    /// The runs, oldest first.
    pub runs: Vec<Run>,
    /// Milliseconds between two states of a run that was started on the website.
    pub pace: u64,
}

/// What a workflow does on a tag.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The repository's id.
    pub repo: u64,
    /// The workflow's id.
    pub workflow: u64,
    /// What the tags begin with that start it; the rest is the version.
    pub tag_prefix: String,
    /// Its jobs.
    pub jobs: Vec<JobPlan>,
}

/// A job of such a workflow.
#[derive(Debug, Clone)]
pub struct JobPlan {
    /// Its id in the file.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The environment that it names.
    pub environment: Option<String>,
    /// What it publishes, in order.
    pub publishes: Vec<(Place, String)>,
}

/// Where a job publishes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// crates.io.
    CratesIo,
    /// npm.
    Npm,
    /// PyPI.
    Pypi,
    /// pub.dev.
    PubDev,
    /// NuGet.
    Nuget,
}

/// How far a run or a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits for a machine.
    Queued,
    /// It waits for its environment.
    Waiting,
    /// It runs.
    InProgress,
    /// It ended well.
    Success,
    /// It did not.
    Failure,
    /// Its environment refused it, or an earlier job failed it.
    Cancelled,
}

/// A run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: u64,
    /// Its number among the runs of its workflow.
    pub number: u64,
    /// The repository's id.
    pub repo: u64,
    /// The workflow's id.
    pub workflow: u64,
    /// What started it.
    pub event: String,
    /// The tag.
    pub head: String,
    /// The commit.
    pub sha: String,
    /// Who started it.
    pub actor: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When something last changed.
    pub updated_at: DateTime<Utc>,
    /// How far it is.
    pub state: State,
    /// Its jobs.
    pub jobs: Vec<Job>,
}

/// A job of a run.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: u64,
    /// What it does.
    pub plan: JobPlan,
    /// How far it is.
    pub state: State,
    /// Somebody let it through.
    pub approved: bool,
    /// The steps that ran, with whether they ended well.
    pub steps: Vec<(String, bool)>,
}

impl Run {
    /// Whether it goes on by itself.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        matches!(self.state, State::Queued | State::InProgress)
    }
}

impl World {
    /// Pushes a tag: every active workflow of the repository that takes it makes a run. Their ids.
    pub fn push_tag(&mut self, repo: u64, tag: &str, actor: &str) -> Vec<u64> {
        let now = self.now();
        let active = |workflow: u64| {
            let repo = self.github.repos.iter().find(|one| one.id == repo);
            repo.is_some_and(|r| r.workflows.iter().any(|w| w.id == workflow && w.state == WorkflowState::Active))
        };
        let starts = |plan: &&Plan| plan.repo == repo && tag.starts_with(&plan.tag_prefix) && active(plan.workflow);
        let plans: Vec<Plan> = self.actions.plans.iter().filter(starts).cloned().collect();
        // The tag stays where it is, whatever the branch becomes.
        if let Some(repo) = self.github.repos.iter_mut().find(|one| one.id == repo) {
            let files = repo.files.clone();
            repo.commits.entry(sha(tag)).or_insert(files);
        }
        let mut made = Vec::new();
        for plan in plans {
            let number = self.actions.runs.iter().filter(|run| run.workflow == plan.workflow).count() as u64 + 1;
            let id = 16_000_000_000 + self.actions.runs.len() as u64 * 100;
            let jobs = plan.jobs.into_iter().zip(1..).map(|(plan, at)| Job {
                id: id * 4 + at,
                plan,
                state: State::Queued,
                approved: false,
                steps: Vec::new(),
            });
            self.actions.runs.push(Run {
                id,
                number,
                repo,
                workflow: plan.workflow,
                event: "push".to_owned(),
                head: tag.to_owned(),
                sha: sha(tag),
                actor: actor.to_owned(),
                created_at: now,
                updated_at: now,
                state: State::Queued,
                jobs: jobs.collect(),
            });
            made.push(id);
        }
        made
    }

    /// Plays a run one state on: queued, in progress, ended; or waiting, until somebody lets it through.
    pub fn play(&mut self, id: u64) {
        let now = self.now();
        let Some(at) = self.actions.runs.iter().position(|run| run.id == id) else { return };
        let mut run = self.actions.runs[at].clone();
        run.updated_at = now;
        match run.state {
            State::Queued => run.state = State::InProgress,
            State::InProgress => self.play_jobs(&mut run),
            State::Waiting | State::Success | State::Failure | State::Cancelled => return,
        }
        self.actions.runs[at] = run;
    }

    /// Plays a run until it ends or waits.
    pub fn play_out(&mut self, id: u64) {
        while self.actions.runs.iter().any(|run| run.id == id && run.goes_on()) {
            self.play(id);
        }
    }

    /// Somebody lets a waiting run through to an environment.
    pub fn approve(&mut self, id: u64, environment: &str) {
        let Some(run) = self.actions.runs.iter_mut().find(|run| run.id == id) else { return };
        for job in run.jobs.iter_mut().filter(|job| job.state == State::Waiting) {
            if job.plan.environment.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(environment)) {
                job.approved = true;
                job.state = State::Queued;
            }
        }
        if !run.jobs.iter().any(|job| job.state == State::Waiting) {
            run.state = State::InProgress;
        }
    }

    fn play_jobs(&mut self, run: &mut Run) {
        let Some(repo) = self.github.repos.iter().find(|repo| repo.id == run.repo).cloned() else { return };
        for at in 0..run.jobs.len() {
            if run.jobs[at].state != State::Queued {
                continue;
            }
            let mut job = run.jobs[at].clone();
            match gate(&repo, &job, &run.head) {
                Gate::Open => self.play_job(&repo, run, &mut job),
                Gate::Held => job.state = State::Waiting,
                Gate::Shut => job.state = State::Failure,
            }
            run.jobs[at] = job;
        }
        run.state = match () {
            () if run.jobs.iter().any(|job| job.state == State::Waiting) => State::Waiting,
            () if run.jobs.iter().any(|job| job.state == State::Failure) => State::Failure,
            () => State::Success,
        };
    }

    fn play_job(&mut self, repo: &Repo, run: &Run, job: &mut Job) {
        job.steps.push(("Set up job".to_owned(), true));
        let Some(workflow) = repo.workflows.iter().find(|one| one.id == run.workflow) else { return };
        let files = repo.commits.get(&run.sha).unwrap_or(&repo.files);
        let text = files.get(&workflow.path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let block = job_block(text.as_deref().unwrap_or_default(), &job.plan.key);
        let login = Login::of(&block, repo);
        let version = self.version_of(run);
        let claims = Claims {
            repository: repo.full_name(),
            workflow: workflow.path.rsplit('/').next().unwrap_or_default().to_owned(),
            environment: job.plan.environment.clone(),
            event: run.event.clone(),
            run_id: run.id.to_string(),
            sha: run.sha.clone(),
        };
        job.state = State::Success;
        for (place, name) in &job.plan.publishes {
            let taken = match &login {
                // No registry takes a version twice.
                _ if self.has_version(*place, name, &version) => false,
                Login::Oidc { nuget_user } => match (place, nuget_user) {
                    (Place::CratesIo, _) => self.release_crate(name, &version, &claims).is_ok(),
                    (Place::Npm, _) => self.release_npm(name, &version, &claims).is_ok(),
                    (Place::Pypi, _) => self.release_pypi(name, &version, &claims).is_ok(),
                    (Place::PubDev, _) => self.release_pub_dev(name, &version, &claims, &run.head).is_ok(),
                    (Place::Nuget, Some(user)) => self.release_nuget(name, &version, &claims, user).is_ok(),
                    // Nobody is named, or the key that was handed out is not used.
                    (Place::Nuget, None) => false,
                },
                Login::Secret => self.release_by_token(*place, name, &version),
                Login::None => false,
            };
            job.steps.push((format!("Publish {name}"), taken));
            if !taken {
                job.state = State::Failure;
                return;
            }
        }
    }

    fn has_version(&self, place: Place, name: &str, version: &str) -> bool {
        match place {
            Place::CratesIo => {
                self.crates_io.krate(name).is_some_and(|one| one.versions.iter().any(|v| v.num == version))
            }
            Place::Npm => self.npm.package(name).is_some_and(|one| one.versions.iter().any(|v| v.num == version)),
            Place::Pypi => self.pypi.project(name).is_some_and(|one| one.releases.iter().any(|r| r.version == version)),
            Place::PubDev => {
                self.pub_dev.package(name).is_some_and(|one| one.versions.iter().any(|v| v.num == version))
            }
            Place::Nuget => self.nuget.package(name).is_some_and(|one| one.versions.iter().any(|v| v == version)),
        }
    }

    fn version_of(&self, run: &Run) -> String {
        let plan = self.actions.plans.iter().find(|plan| plan.workflow == run.workflow);
        let prefix = plan.map_or("", |plan| plan.tag_prefix.as_str());
        run.head.strip_prefix(prefix).unwrap_or(&run.head).to_owned()
    }
}

enum Gate {
    Open,
    Held,
    Shut,
}

/// What the environment of a job says to a run of this tag.
fn gate(repo: &Repo, job: &Job, tag: &str) -> Gate {
    let Some(environment) = job.plan.environment.as_deref().and_then(|name| repo.environment(name)) else {
        return Gate::Open;
    };
    let lets = |pattern: &str| match pattern.split_once('*') {
        Some((before, after)) => tag.starts_with(before) && tag.ends_with(after),
        None => tag == pattern,
    };
    match &environment.branches {
        BranchPolicy::Any => {}
        BranchPolicy::Protected => return Gate::Shut,
        BranchPolicy::Custom(all) => {
            if !all.iter().any(|one| one.kind == RefKind::Tag && lets(&one.pattern)) {
                return Gate::Shut;
            }
        }
    }
    if !environment.reviewers.is_empty() && !job.approved { Gate::Held } else { Gate::Open }
}

fn sha(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const REPO: u64 = 700_100_200;

    #[test]
    fn as_the_demo_stands_its_tag_publishes_by_tokens() {
        let mut world = World::demo();
        let ids = world.push_tag(REPO, "v0.2.0", "mona");
        assert_eq!(ids.len(), 1);
        world.play_out(ids[0]);
        let run = world.actions.runs.last().unwrap();
        // One crate is not on crates.io yet, so its job fails; the others do not mind.
        let states: Vec<State> = run.jobs.iter().map(|job| job.state).collect();
        assert_eq!(states, [State::Failure, State::Success, State::Success], "{run:?}");
        let newest = world.npm.package("@acme/widgets").unwrap().versions.last().unwrap();
        assert_eq!(newest.num, "0.2.0");
        assert!(matches!(newest.published, crate::sandbox::world::npm::PublishedBy::User(_)));
        // The same version again is refused.
        let again = world.push_tag(REPO, "v0.2.0", "mona")[0];
        world.play_out(again);
        assert!(world.actions.runs.last().unwrap().jobs.iter().all(|job| job.state == State::Failure));
    }

    #[test]
    fn an_environment_holds_a_run_until_somebody_lets_it_through() {
        let mut world = World::demo();
        world.github.repos[0].environments[0].reviewers = vec!["mona".to_owned()];
        let id = world.push_tag(REPO, "v0.2.0", "mona")[0];
        world.play_out(id);
        assert_eq!(world.actions.runs[0].state, State::Waiting);
        world.approve(id, "release");
        world.play_out(id);
        assert_eq!(world.actions.runs[0].jobs[1].state, State::Success);
    }

    #[test]
    fn a_tag_that_the_environment_does_not_let_through_fails() {
        let mut world = World::demo();
        world.github.repos[0].environments[0].branches = BranchPolicy::Custom(Vec::new());
        let id = world.push_tag(REPO, "v0.2.0", "mona")[0];
        world.play_out(id);
        assert_eq!(world.actions.runs[0].state, State::Failure);
        assert!(world.push_tag(REPO, "0.2.0", "mona").is_empty(), "no workflow takes it");
    }
}
