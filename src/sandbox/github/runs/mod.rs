//! Runs of workflows: their lists, their jobs, what holds them; and the pages on which a person starts and approves them.

mod pages;
mod wire;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::App;
use super::actions::list_url;
use super::auth::{ApiError, Caller, Read};
use super::list::PageQuery;
use crate::sandbox::respond;
use crate::sandbox::world::actions::Run;
use crate::sandbox::world::github::{Permission, Repo};

pub(super) use pages::{approve, run_page, tag, tag_page, upload, upload_page};

type Here = Path<(String, String)>;
type OfWorkflow = Path<(String, String, String)>;
type OfRun = Path<(String, String, u64)>;
type Answer = Result<Response, ApiError>;

/// What a list of runs can be narrowed by.
#[derive(Debug, Deserialize)]
pub(super) struct Filter {
    event: Option<String>,
    branch: Option<String>,
    status: Option<String>,
    created: Option<String>,
    head_sha: Option<String>,
    actor: Option<String>,
}

impl Filter {
    fn takes(&self, run: &Run) -> bool {
        let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        let (status, conclusion) = wire::words(run.state);
        is(&self.event, &run.event)
            && is(&self.branch, &run.head)
            && is(&self.head_sha, &run.sha)
            && is(&self.actor, &run.actor)
            && self.status.as_deref().is_none_or(|wanted| wanted == status || Some(wanted) == conclusion)
            && self.created.as_deref().is_none_or(|range| within(range, run.created_at))
    }
}

/// `>=2026-11-21T12:00:00Z`, `<=…`, `A..B`, or a day.
fn within(range: &str, at: DateTime<Utc>) -> bool {
    let at = at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let at = at.as_str();
    if let Some((from, to)) = range.split_once("..") {
        return (from == "*" || at >= from) && (to == "*" || at <= to);
    }
    if let Some(from) = range.strip_prefix(">=") {
        return at >= from;
    }
    if let Some(from) = range.strip_prefix('>') {
        return at > from;
    }
    if let Some(to) = range.strip_prefix("<=") {
        return at <= to;
    }
    if let Some(to) = range.strip_prefix('<') {
        return at < to;
    }
    at.starts_with(range)
}

/// `GET …/actions/runs`
pub(super) async fn all(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(filter): Query<Filter>,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Actions))?;
    let items = listed(&app, repo, &world, |run| filter.takes(run));
    Ok(page.answer(&list_url(&app, repo, "actions/runs"), "workflow_runs", items))
}

/// `GET …/actions/workflows/{id or file}/runs`
pub(super) async fn of_workflow(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, workflow)): OfWorkflow,
    Query(filter): Query<Filter>,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Actions))?;
    let named = |path: &str| path.rsplit('/').next() == Some(workflow.as_str());
    let known = repo.workflows.iter().find(|one| one.id.to_string() == workflow || named(&one.path));
    let id = known.ok_or_else(ApiError::not_found)?.id;
    let items = listed(&app, repo, &world, |run| run.workflow == id && filter.takes(run));
    Ok(page.answer(&list_url(&app, repo, &format!("actions/workflows/{id}/runs")), "workflow_runs", items))
}

fn listed(app: &App, repo: &Repo, world: &crate::sandbox::World, takes: impl Fn(&Run) -> bool) -> Vec<Value> {
    let runs = world.actions.runs.iter().rev().filter(|run| run.repo == repo.id && takes(run));
    runs.map(|run| wire::run(app.urls(), &world.github, repo, run)).collect()
}

fn found(world: &crate::sandbox::World, repo: &Repo, id: u64) -> Result<Run, ApiError> {
    let run = world.actions.runs.iter().find(|run| run.id == id && run.repo == repo.id);
    run.cloned().ok_or_else(ApiError::not_found)
}

/// `GET …/actions/runs/{id}`
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, id)): OfRun,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Actions))?;
    let run = found(&world, repo, id)?;
    Ok(respond::json(StatusCode::OK, wire::run(app.urls(), &world.github, repo, &run)))
}

/// `GET …/actions/runs/{id}/jobs`
pub(super) async fn jobs(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, id)): OfRun,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Actions))?;
    let run = found(&world, repo, id)?;
    let items = run.jobs.iter().map(|job| wire::job(app.urls(), repo, &run, job)).collect();
    Ok(page.answer(&list_url(&app, repo, &format!("actions/runs/{id}/jobs")), "jobs", items))
}

/// `GET …/actions/runs/{id}/pending_deployments`
pub(super) async fn pending(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, id)): OfRun,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Actions))?;
    let run = found(&world, repo, id)?;
    let items = wire::pending(app.urls(), &world.github, repo, &run, caller.user());
    Ok(respond::json(StatusCode::OK, Value::Array(items)))
}
