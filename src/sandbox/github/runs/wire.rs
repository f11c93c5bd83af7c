//! GitHub's JSON of runs, jobs and pending deployments, as its OpenAPI description has them.

use serde_json::{Value, json};

use crate::sandbox::Urls;
use crate::sandbox::github::wire::{simple_user, time};
use crate::sandbox::world::actions::{Job, Run, State};
use crate::sandbox::world::github::{GitHub, Repo, SelfReview};

/// `status` and `conclusion`.
pub(super) fn words(state: State) -> (&'static str, Option<&'static str>) {
    match state {
        State::Queued => ("queued", None),
        State::Waiting => ("waiting", None),
        State::InProgress => ("in_progress", None),
        State::Success => ("completed", Some("success")),
        State::Failure => ("completed", Some("failure")),
        State::Cancelled => ("completed", Some("cancelled")),
    }
}

/// A run.
pub(super) fn run(urls: &Urls, github: &GitHub, repo: &Repo, run: &Run) -> Value {
    let full_name = repo.full_name();
    let api = format!("{}/repos/{full_name}/actions/runs/{}", urls.github_api, run.id);
    let (status, conclusion) = words(run.state);
    let workflow = repo.workflows.iter().find(|one| one.id == run.workflow);
    let actor = github.account(&run.actor).map(|account| simple_user(urls, account));
    json!({
        "id": run.id,
        "node_id": format!("WFR_{}", run.id),
        "name": workflow.map(|one| one.name.clone()),
        "head_branch": run.head,
        "head_sha": run.sha,
        "path": workflow.map(|one| one.path.clone()),
        "display_title": format!("Release {}", run.head),
        "run_number": run.number,
        "run_attempt": 1,
        "event": run.event,
        "status": status,
        "conclusion": conclusion,
        "workflow_id": run.workflow,
        "check_suite_id": run.id + 1,
        "url": api,
        "html_url": format!("{}/{full_name}/actions/runs/{}", urls.github, run.id),
        "pull_requests": [],
        "created_at": time(run.created_at),
        "updated_at": time(run.updated_at),
        "run_started_at": time(run.created_at),
        "actor": actor,
        "triggering_actor": actor,
        "referenced_workflows": [],
        "jobs_url": format!("{api}/jobs"),
        "logs_url": format!("{api}/logs"),
        "artifacts_url": format!("{api}/artifacts"),
        "cancel_url": format!("{api}/cancel"),
        "rerun_url": format!("{api}/rerun"),
        "workflow_url": format!("{}/repos/{full_name}/actions/workflows/{}", urls.github_api, run.workflow),
    })
}

/// A job of a run.
pub(super) fn job(urls: &Urls, repo: &Repo, run: &Run, job: &Job) -> Value {
    let full_name = repo.full_name();
    let (status, conclusion) = words(job.state);
    let steps: Vec<Value> = job
        .steps
        .iter()
        .zip(1..)
        .map(|((name, well), number)| {
            json!({
                "name": name, "number": number, "status": "completed",
                "conclusion": if *well { "success" } else { "failure" },
                "started_at": time(run.created_at), "completed_at": time(run.updated_at),
            })
        })
        .collect();
    json!({
        "id": job.id,
        "run_id": run.id,
        "run_url": format!("{}/repos/{full_name}/actions/runs/{}", urls.github_api, run.id),
        "run_attempt": 1,
        "node_id": format!("CR_{}", job.id),
        "head_sha": run.sha,
        "head_branch": run.head,
        "url": format!("{}/repos/{full_name}/actions/jobs/{}", urls.github_api, job.id),
        "html_url": format!("{}/{full_name}/actions/runs/{}/job/{}", urls.github, run.id, job.id),
        "status": status,
        "conclusion": conclusion,
        "created_at": time(run.created_at),
        "started_at": time(run.created_at),
        "completed_at": conclusion.map(|_| time(run.updated_at)),
        "name": job.plan.name,
        "steps": steps,
        "labels": ["ubuntu-latest"],
        "runner_id": null,
        "runner_name": null,
        "workflow_name": repo.workflows.iter().find(|one| one.id == run.workflow).map(|one| one.name.clone()),
    })
}

/// The environments that hold a run.
pub(super) fn pending(urls: &Urls, github: &GitHub, repo: &Repo, run: &Run, user: Option<&str>) -> Vec<Value> {
    let mut held: Vec<&str> = run
        .jobs
        .iter()
        .filter(|job| job.state == State::Waiting)
        .filter_map(|job| job.plan.environment.as_deref())
        .collect();
    held.dedup();
    held.into_iter()
        .filter_map(|name| repo.environment(name))
        .map(|environment| {
            let own = environment.self_review == SelfReview::Prevented
                && user.is_some_and(|user| user.eq_ignore_ascii_case(&run.actor));
            let listed =
                user.is_some_and(|user| environment.reviewers.iter().any(|one| one.eq_ignore_ascii_case(user)));
            let reviewers: Vec<Value> = environment
                .reviewers
                .iter()
                .filter_map(|login| github.account(login))
                .map(|account| json!({ "type": "User", "reviewer": simple_user(urls, account) }))
                .collect();
            json!({
                "environment": {
                    "id": environment.id,
                    "node_id": format!("EN_{}", environment.id),
                    "name": environment.name,
                    "url": format!("{}/repos/{}/environments/{}", urls.github_api, repo.full_name(), environment.name),
                    "html_url": format!(
                        "{}/{}/deployments/activity_log?environments_filter={}",
                        urls.github, repo.full_name(), environment.name
                    ),
                },
                "wait_timer": environment.wait_minutes,
                "wait_timer_started_at": time(run.created_at),
                "current_user_can_approve": listed && !own,
                "reviewers": reviewers,
            })
        })
        .collect()
}
