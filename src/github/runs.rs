//! The runs of a workflow, newest first: one page, asked for politely. What a run's logs hold is not read.

use serde::Deserialize;

use super::api::Api;
use super::wire::{Page, ReviewerName};
use super::{Endpoints, GithubError, Token};
use crate::model::{
    Conclusion, EnvironmentName, Gate, RepoSlug, Reviewer, RunDetail, RunJob, RunState, Timestamp, WorkflowFile,
    WorkflowRun, clean_line,
};
use crate::net::Http;

/// How many runs are asked for: the newest ones.
const NEWEST: &str = "20";

/// What came of asking for a workflow's runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// They are as they were at the last time.
    Same,
    /// The newest ones, newest first.
    Newest {
        /// The runs.
        runs: Vec<WorkflowRun>,
        /// What to hand in the next time, so that an unchanged list costs nothing.
        tag: Option<String>,
    },
}

/// Reads the newest runs of a workflow file. `since`: only those that were made then or later. `tag` is what an earlier
/// answer gave.
///
/// # Errors
/// Whatever keeps them from being read.
pub async fn read_runs(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    (slug, workflow): (&RepoSlug, &WorkflowFile),
    since: Option<Timestamp>,
    tag: Option<&str>,
) -> Result<Runs, GithubError> {
    let api = Api::new(http, endpoints, token);
    let what = format!("the runs of {workflow}");
    let mut url = api.repo_url(slug, &["actions", "workflows", workflow.as_str(), "runs"]);
    url.query_pairs_mut().append_pair("per_page", NEWEST);
    if let Some(since) = since {
        url.query_pairs_mut().append_pair("created", &format!(">={}", since.rfc3339()));
    }
    let Some(answer) = api.unless_same(&what, url, tag).await? else { return Ok(Runs::Same) };
    let tag = answer.header("etag").map(str::to_owned);
    let page: Page<Run> = answer.json()?;
    let mut runs = page.items.into_iter().map(|run| run.told(&what)).collect::<Result<Vec<_>, _>>()?;
    runs.sort_by_key(|run| std::cmp::Reverse((run.created, run.id)));
    Ok(Runs::Newest { runs, tag })
}

/// Reads the jobs of a run and, where it waits, what for.
///
/// # Errors
/// Whatever keeps the jobs from being read. Who may approve is left out where that alone is not told.
pub async fn read_run_detail(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    slug: &RepoSlug,
    run: &WorkflowRun,
) -> Result<RunDetail, GithubError> {
    let api = Api::new(http, endpoints, token);
    let id = run.id.to_string();
    let mut url = api.repo_url(slug, &["actions", "runs", &id, "jobs"]);
    url.query_pairs_mut().append_pair("per_page", "100");
    let jobs: Page<Job> = api.one(&format!("the jobs of run {}", run.number), url).await?;
    let gates = if run.state == RunState::Waiting {
        let url = api.repo_url(slug, &["actions", "runs", &id, "pending_deployments"]);
        api.one::<Vec<Pending>>(&format!("what run {} waits for", run.number), url).await.unwrap_or_default()
    } else {
        Vec::new()
    };
    Ok(RunDetail {
        jobs: jobs.items.into_iter().map(Job::told).collect(),
        gates: gates.into_iter().filter_map(Pending::told).collect(),
    })
}

#[derive(Debug, Deserialize)]
struct Run {
    id: u64,
    run_number: u64,
    event: String,
    head_branch: Option<String>,
    head_sha: String,
    created_at: String,
    status: Option<String>,
    conclusion: Option<String>,
    html_url: String,
}

impl Run {
    fn told(self, what: &str) -> Result<WorkflowRun, GithubError> {
        let created = Timestamp::parse(&self.created_at).ok_or_else(|| GithubError::Strange {
            what: what.to_owned(),
            why: format!("run {} was made at no moment", self.id),
        })?;
        Ok(WorkflowRun {
            id: self.id,
            number: self.run_number,
            event: clean_line(&self.event, 60),
            head: self.head_branch.map(|head| clean_line(&head, 255)),
            sha: clean_line(&self.head_sha, 64),
            files: None,
            created,
            state: state(self.status.as_deref(), self.conclusion.as_deref()),
            link: clean_line(&self.html_url, 500),
        })
    }
}

#[derive(Debug, Deserialize)]
struct Job {
    name: String,
    status: Option<String>,
    conclusion: Option<String>,
    html_url: Option<String>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
struct Step {
    name: String,
    conclusion: Option<String>,
}

impl Job {
    fn told(self) -> RunJob {
        let failed = |step: &&Step| matches!(step.conclusion.as_deref(), Some("failure" | "timed_out"));
        RunJob {
            name: clean_line(&self.name, 200),
            state: state(self.status.as_deref(), self.conclusion.as_deref()),
            failed_step: self.steps.iter().find(failed).map(|step| clean_line(&step.name, 200)),
            link: self.html_url.map(|url| clean_line(&url, 500)),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Pending {
    environment: Named,
    #[serde(default)]
    current_user_can_approve: bool,
    #[serde(default)]
    reviewers: Vec<Approver>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Approver {
    reviewer: ReviewerName,
}

impl Pending {
    fn told(self) -> Option<Gate> {
        let reviewer = |one: Approver| {
            let person = one.reviewer.login.map(|login| Reviewer::Person(clean_line(&login, 60)));
            person.or_else(|| one.reviewer.slug.map(|slug| Reviewer::Team(clean_line(&slug, 60))))
        };
        Some(Gate {
            environment: EnvironmentName::new(&self.environment.name).ok()?,
            reviewers: self.reviewers.into_iter().filter_map(reviewer).collect(),
            mine: self.current_user_can_approve,
        })
    }
}

/// GitHub's two words as one state. A word that is not known is no end.
fn state(status: Option<&str>, conclusion: Option<&str>) -> RunState {
    match (status, conclusion) {
        (Some("completed"), Some(word)) => RunState::Completed(match word {
            "success" => Conclusion::Success,
            "failure" => Conclusion::Failure,
            "cancelled" => Conclusion::Cancelled,
            "skipped" => Conclusion::Skipped,
            "timed_out" => Conclusion::TimedOut,
            "startup_failure" => Conclusion::StartupFailure,
            other => Conclusion::Other(format!("ended as {}", clean_line(other, 60).replace('_', " "))),
        }),
        (Some("waiting"), _) => RunState::Waiting,
        (Some("in_progress"), _) => RunState::InProgress,
        _ => RunState::Queued,
    }
}
