//! The website's pages by which a person releases: files uploaded to a branch, a tag made with a release, a run approved.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::sandbox::World;
use crate::sandbox::github::App;
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::actions;
use crate::sandbox::world::github::{Repo, Role, SelfReview};

type Here = Path<(String, String)>;
type OfRun = Path<(String, String, u64)>;
type Typed = Form<HashMap<String, String>>;

fn refuse(status: StatusCode, why: &str) -> Response {
    Page::new("Not done").refuse(why).with_status(status)
}

fn not_found() -> Response {
    refuse(StatusCode::NOT_FOUND, "This is not the page you are looking for.")
}

/// The repository, when the person in the browser may push to it.
fn pushable<'w>(world: &'w World, owner: &str, name: &str) -> Option<&'w Repo> {
    let repo = world.github.repo(owner, name)?;
    let may = |(login, role): (&String, &Role)| {
        login.eq_ignore_ascii_case(&world.github.browser_user) && *role >= Role::Write
    };
    repo.collaborators.iter().any(may).then_some(repo)
}

/// `GET /{owner}/{repo}/upload`
pub(in crate::sandbox::github) async fn upload_page(State(app): State<App>, Path((owner, name)): Here) -> Response {
    let world = app.world();
    let Some(repo) = pushable(&world, &owner, &name) else { return not_found() };
    Page::new(format!("Upload files to {}", repo.default_branch))
        .form(&format!("/{}/upload", repo.full_name()), &[], &[("commit", "Commit changes")])
        .into_response()
}

/// `POST /{owner}/{repo}/upload`: every field but the button is a file, by its path.
pub(in crate::sandbox::github) async fn upload(
    State(app): State<App>,
    Path((owner, name)): Here,
    Form(form): Typed,
) -> Response {
    let mut world = app.world();
    if pushable(&world, &owner, &name).is_none() {
        return not_found();
    }
    let Some(repo) = world.github.repo_mut(&owner, &name) else { return not_found() };
    let files = form.into_iter().filter(|(path, _)| path != "decision");
    repo.files.extend(files.map(|(path, text)| (path, text.into_bytes())));
    Page::new("Committed").say("The files are on the default branch.").into_response()
}

/// `GET /{owner}/{repo}/releases/new`
pub(in crate::sandbox::github) async fn tag_page(State(app): State<App>, Path((owner, name)): Here) -> Response {
    let world = app.world();
    let Some(repo) = pushable(&world, &owner, &name) else { return not_found() };
    let action = format!("/{}/releases/new", repo.full_name());
    Page::new("New release")
        .form(&action, &[("tag", "Tag", Field::Text(""))], &[("publish", "Publish release")])
        .into_response()
}

/// `POST /{owner}/{repo}/releases/new`: makes the tag, and so the runs that it starts.
pub(in crate::sandbox::github) async fn tag(
    State(app): State<App>,
    Path((owner, name)): Here,
    Form(form): Typed,
) -> Response {
    let tag = form.get("tag").map(|tag| tag.trim().to_owned()).unwrap_or_default();
    if tag.is_empty() || tag.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "Tag name is not well-formed");
    }
    let runs = {
        let mut world = app.world();
        let Some(repo) = pushable(&world, &owner, &name).map(|repo| repo.id) else { return not_found() };
        let user = world.github.browser_user.clone();
        world.push_tag(repo, &tag, &user)
    };
    for run in runs {
        go_on(&app, run);
    }
    Page::new(format!("Release {tag}")).say("Published.").into_response()
}

/// Lets a run go on by itself, state by state, until it ends or waits.
fn go_on(app: &App, run: u64) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        loop {
            let pace = app.world().actions.pace;
            tokio::time::sleep(Duration::from_millis(pace)).await;
            let mut world = app.world();
            world.play(run);
            if !world.actions.runs.iter().any(|one| one.id == run && one.goes_on()) {
                return;
            }
        }
    });
}

/// `GET /{owner}/{repo}/actions/runs/{id}`
pub(in crate::sandbox::github) async fn run_page(State(app): State<App>, Path((owner, name, id)): OfRun) -> Response {
    let world = app.world();
    let (Some(repo), Some(run)) =
        (world.github.repo(&owner, &name), world.actions.runs.iter().find(|run| run.id == id))
    else {
        return not_found();
    };
    let page = Page::new(format!("{} run {}", run.head, run.number))
        .list(run.jobs.iter().map(|job| format!("{}: {:?}", job.plan.name, job.state)));
    match run.state {
        actions::State::Waiting => page
            .form(
                &format!("/{}/actions/runs/{id}", repo.full_name()),
                &[],
                &[("approve", "Approve and deploy"), ("reject", "Reject")],
            )
            .into_response(),
        _ => page.into_response(),
    }
}

/// `POST /{owner}/{repo}/actions/runs/{id}`: the person in the browser lets it through, where they may.
pub(in crate::sandbox::github) async fn approve(
    State(app): State<App>,
    Path((owner, name, id)): OfRun,
    Form(form): Typed,
) -> Response {
    {
        let mut world = app.world();
        let user = world.github.browser_user.clone();
        let (Some(repo), Some(run)) =
            (world.github.repo(&owner, &name), world.actions.runs.iter().find(|run| run.id == id))
        else {
            return not_found();
        };
        let held: Vec<String> = run
            .jobs
            .iter()
            .filter(|job| job.state == actions::State::Waiting)
            .filter_map(|job| repo.environment(job.plan.environment.as_deref()?))
            .filter(|environment| environment.reviewers.iter().any(|one| one.eq_ignore_ascii_case(&user)))
            .filter(|environment| environment.self_review == SelfReview::Allowed || run.actor != user)
            .map(|environment| environment.name.clone())
            .collect();
        if held.is_empty() {
            return refuse(StatusCode::FORBIDDEN, "You can't approve this deployment.");
        }
        if form.get("decision").map(String::as_str) != Some("approve") {
            if let Some(run) = world.actions.runs.iter_mut().find(|run| run.id == id) {
                run.state = actions::State::Failure;
            }
            return Page::new("Rejected").into_response();
        }
        for environment in held {
            world.approve(id, &environment);
        }
    }
    go_on(&app, id);
    Page::new("Approved").say("The run goes on.").into_response()
}
