//! Environments: their reads, and their making by the API and on the settings page.
//!
//! As GitHub does, a PUT sets everything: what the request leaves out is reset to none.

use std::collections::HashMap;

use axum::Extension;
use axum::Form;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::auth::{ApiError, Caller, Read};
use super::list::PageQuery;
use super::{App, actions, wire};
use crate::sandbox::page::{Field, Page};
use crate::sandbox::respond;
use crate::sandbox::world::github::{
    BranchPolicy, Environment, GitHub, Permission, RefKind, RefPattern, Repo, Role, SelfReview,
};

type Here = Path<(String, String)>;
type InEnvironment = Path<(String, String, String)>;
type Answer = Result<Response, ApiError>;

/// `GET …/environments`
pub(super) async fn all(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let github = &world.github;
    let repo = caller.read(github, &owner, &name, Read::Open(Permission::Actions))?;
    let items = repo.environments.iter().map(|one| wire::environment(app.urls(), github, repo, one)).collect();
    Ok(page.answer(&actions::list_url(&app, repo, "environments"), "environments", items))
}

/// `GET …/environments/{environment}`
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, environment)): InEnvironment,
) -> Answer {
    let world = app.world();
    let github = &world.github;
    let repo = caller.read(github, &owner, &name, Read::Open(Permission::Actions))?;
    let found = repo.environment(&environment).ok_or_else(ApiError::not_found)?;
    Ok(respond::json(StatusCode::OK, wire::environment(app.urls(), github, repo, found)))
}

/// `GET …/environments/{environment}/deployment-branch-policies`: 404 unless the environment has custom policies.
pub(super) async fn policies(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, environment)): InEnvironment,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Actions))?;
    let found = repo.environment(&environment).ok_or_else(ApiError::not_found)?;
    let BranchPolicy::Custom(patterns) = &found.branches else {
        return Err(ApiError::not_found());
    };
    let path = format!("environments/{}/deployment-branch-policies", actions::path_part(&found.name));
    let items = patterns.iter().map(wire::branch_policy).collect();
    Ok(page.answer(&actions::list_url(&app, repo, &path), "branch_policies", items))
}

/// `PUT …/environments/{environment}`
pub(super) async fn put(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, environment)): InEnvironment,
    body: Option<Json<Value>>,
) -> Answer {
    let mut world = app.world();
    caller.administer(&world.github, &owner, &name)?;
    let body = body.map_or_else(|| json!({}), |Json(body)| body);
    let wanted = wanted(&world.github, &body)?;
    let repo = world.github.repo_mut(&owner, &name).ok_or_else(ApiError::not_found)?;
    save(repo, &environment, wanted);
    let github = &world.github;
    let repo = github.repo(&owner, &name).ok_or_else(ApiError::not_found)?;
    let found = repo.environment(&environment).ok_or_else(ApiError::not_found)?;
    Ok(respond::json(StatusCode::OK, wire::environment(app.urls(), github, repo, found)))
}

/// `POST …/environments/{environment}/deployment-branch-policies`
pub(super) async fn add_policy(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, environment)): InEnvironment,
    Json(body): Json<Value>,
) -> Answer {
    let mut world = app.world();
    caller.administer(&world.github, &owner, &name)?;
    let invalid = || ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed");
    let pattern = body["name"].as_str().filter(|name| !name.is_empty()).ok_or_else(invalid)?;
    let kind = match body["type"].as_str() {
        None | Some("branch") => RefKind::Branch,
        Some("tag") => RefKind::Tag,
        Some(_) => return Err(invalid()),
    };
    let repo = world.github.repo_mut(&owner, &name).ok_or_else(ApiError::not_found)?;
    let id = fresh_id(repo);
    let found = environment_mut(repo, &environment).ok_or_else(ApiError::not_found)?;
    let BranchPolicy::Custom(patterns) = &mut found.branches else {
        return Err(ApiError::not_found());
    };
    if patterns.iter().any(|known| known.pattern == pattern && known.kind == kind) {
        return Ok(StatusCode::SEE_OTHER.into_response());
    }
    let made = RefPattern { id, pattern: pattern.to_owned(), kind };
    let answer = wire::branch_policy(&made);
    patterns.push(made);
    Ok(respond::json(StatusCode::OK, answer))
}

/// What a request sets.
#[derive(Default)]
struct Wanted {
    reviewers: Vec<String>,
    prevent_self_review: bool,
    wait_minutes: u32,
    branches: Option<BranchPolicy>,
}

fn wanted(github: &GitHub, body: &Value) -> Result<Wanted, ApiError> {
    let invalid = |why: &str| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, why);
    let branches = match &body["deployment_branch_policy"] {
        Value::Null => None,
        policy => match (policy["protected_branches"].as_bool(), policy["custom_branch_policies"].as_bool()) {
            (Some(true), Some(false)) => Some(BranchPolicy::Protected),
            (Some(false), Some(true)) => Some(BranchPolicy::Custom(Vec::new())),
            _ => return Err(invalid("protected_branches and custom_branch_policies cannot have the same value")),
        },
    };
    let mut reviewers = Vec::new();
    for one in body["reviewers"].as_array().into_iter().flatten() {
        let account = github.accounts.iter().find(|account| one["id"].as_u64() == Some(account.id));
        let login = account.filter(|_| one["type"] == "User").ok_or_else(|| invalid("Reviewers is invalid"))?;
        reviewers.push(login.login.clone());
    }
    if reviewers.len() > 6 {
        return Err(invalid("Reviewers has too many entries"));
    }
    Ok(Wanted {
        reviewers,
        prevent_self_review: body["prevent_self_review"].as_bool().unwrap_or(false),
        wait_minutes: body["wait_timer"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
        branches,
    })
}

fn save(repo: &mut Repo, name: &str, wanted: Wanted) {
    let id = fresh_id(repo);
    if repo.environment(name).is_none() {
        repo.environments.push(Environment {
            id,
            name: name.to_owned(),
            reviewers: Vec::new(),
            self_review: SelfReview::Allowed,
            wait_minutes: 0,
            branches: BranchPolicy::Any,
            secrets: Vec::new(),
        });
    }
    let Some(environment) = environment_mut(repo, name) else { return };
    environment.reviewers = wanted.reviewers;
    environment.self_review = if wanted.prevent_self_review { SelfReview::Prevented } else { SelfReview::Allowed };
    environment.wait_minutes = wanted.wait_minutes;
    environment.branches = match (wanted.branches, &environment.branches) {
        (None, _) => BranchPolicy::Any,
        // Who had patterns keeps them.
        (Some(BranchPolicy::Custom(_)), BranchPolicy::Custom(known)) => BranchPolicy::Custom(known.clone()),
        (Some(policy), _) => policy,
    };
}

fn environment_mut<'r>(repo: &'r mut Repo, name: &str) -> Option<&'r mut Environment> {
    repo.environments.iter_mut().find(|environment| environment.name.eq_ignore_ascii_case(name))
}

fn fresh_id(repo: &Repo) -> u64 {
    let patterns = repo.environments.iter().flat_map(|environment| match &environment.branches {
        BranchPolicy::Custom(patterns) => patterns.as_slice(),
        BranchPolicy::Any | BranchPolicy::Protected => &[],
    });
    let known = repo.environments.iter().map(|environment| environment.id).chain(patterns.map(|pattern| pattern.id));
    known.max().unwrap_or(41_000_000) + 1
}

// the website

/// `GET /{owner}/{repo}/settings/environments/new` on the website, for the person who is signed in there.
pub(super) async fn page(State(app): State<App>, Path((owner, name)): Here) -> Response {
    let world = app.world();
    let github = &world.github;
    let Some(repo) = github.repo(&owner, &name).filter(|repo| administers(github, repo)) else {
        return Page::new("Not found")
            .refuse("This is not the page you are looking for.")
            .with_status(StatusCode::NOT_FOUND);
    };
    Page::new(format!("Environments of {}", repo.full_name()))
        .list(repo.environments.iter().map(|environment| environment.name.clone()))
        .form(
            &format!("/{}/settings/environments/new", repo.full_name()),
            &[
                ("name", "Name", Field::Text("")),
                ("tag", "Tag rule", Field::Text("")),
                ("branch", "Branch rule", Field::Text("")),
                ("reviewers", "Required reviewers", Field::Text("")),
            ],
            &[("save", "Configure environment")],
        )
        .into_response()
}

/// `POST /{owner}/{repo}/settings/environments/new` on the website.
pub(super) async fn configure(
    State(app): State<App>,
    Path((owner, name)): Here,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let mut world = app.world();
    let words = |field: &str| -> Vec<String> {
        form.get(field).map(|text| text.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
    };
    let refuse = |why: &str| Page::new("Not saved").refuse(why).with_status(StatusCode::UNPROCESSABLE_ENTITY);
    let environment = form.get("name").map(|name| name.trim().to_owned()).unwrap_or_default();
    if environment.is_empty() {
        return refuse("Name can't be blank");
    }
    let github = &world.github;
    if !github.repo(&owner, &name).is_some_and(|repo| administers(github, repo)) {
        return refuse("You can't do that.");
    }
    let reviewers = words("reviewers");
    if reviewers.iter().any(|login| github.account(login).is_none()) {
        return refuse("There is no such reviewer.");
    }
    let Some(repo) = world.github.repo_mut(&owner, &name) else { return refuse("There is no such repository.") };
    let id = fresh_id(repo) + 1;
    let patterns: Vec<RefPattern> = [("tag", RefKind::Tag), ("branch", RefKind::Branch)]
        .into_iter()
        .flat_map(|(field, kind)| words(field).into_iter().map(move |pattern| (pattern, kind)))
        .zip(id..)
        .map(|((pattern, kind), id)| RefPattern { id, pattern, kind })
        .collect();
    let branches = (!patterns.is_empty()).then_some(BranchPolicy::Custom(patterns));
    save(repo, &environment, Wanted { reviewers, branches, ..Wanted::default() });
    Page::new(format!("Environment {environment}")).say("Saved.").into_response()
}

fn administers(github: &GitHub, repo: &Repo) -> bool {
    let role = repo.collaborators.iter().find(|(login, _)| login.eq_ignore_ascii_case(&github.browser_user));
    role.is_some_and(|(_, role)| *role >= Role::Admin)
}
