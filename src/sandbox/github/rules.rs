//! Rulesets, and who can push.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::auth::{ApiError, Caller, Read};
use super::list::PageQuery;
use super::{App, actions, wire};
use crate::sandbox::respond;
use crate::sandbox::world::github::{Enforcement, Permission, RefKind, Repo, Role, Ruleset};

type Here = Path<(String, String)>;
type Answer = Result<Response, ApiError>;

/// `GET …/collaborators`: for those who can push alone. `permission=push` leaves out who cannot.
pub(super) async fn collaborators(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let github = &world.github;
    let repo = caller.read(github, &owner, &name, Read::Closed(Permission::Metadata))?;
    let least = page.permission().map_or(Role::Read, |wanted| if wanted == "push" { Role::Write } else { Role::Read });
    let people = repo.collaborators.iter().filter(|(_, role)| **role >= least);
    let items = people
        .filter_map(|(login, role)| Some(wire::collaborator(app.urls(), github.account(login)?, *role)))
        .collect();
    Ok(page.plain(&actions::list_url(&app, repo, "collaborators"), items))
}

/// `GET …/rulesets`
pub(super) async fn rulesets(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Metadata))?;
    let items = repo.rulesets.iter().map(|one| summary(repo, one)).collect();
    Ok(page.plain(&actions::list_url(&app, repo, "rulesets"), items))
}

/// `GET …/rulesets/{id}`: who may pass it by is shown to administrators alone.
pub(super) async fn ruleset(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, id)): Path<(String, String, u64)>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Metadata))?;
    let found = repo.rulesets.iter().find(|one| one.id == id).ok_or_else(ApiError::not_found)?;
    let mut body = summary(repo, found);
    body["conditions"] = json!({ "ref_name": { "include": found.include, "exclude": [] } });
    body["rules"] = found.rules.iter().map(|kind| json!({ "type": kind })).collect();
    if caller.role(repo) >= Some(Role::Admin) {
        let actor = |n: usize| json!({ "actor_id": n, "actor_type": "RepositoryRole", "bypass_mode": "always" });
        body["bypass_actors"] = (0..found.bypass).map(actor).collect();
    }
    Ok(respond::json(StatusCode::OK, body))
}

/// `GET …/rules/branches/{branch}`: the rules in force there.
pub(super) async fn on_branch(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, branch)): Path<(String, String, String)>,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Metadata))?;
    let wholly = format!("refs/heads/{branch}");
    let covers = |one: &&Ruleset| {
        one.target == RefKind::Branch
            && one.enforcement == Enforcement::Active
            && one.include.iter().any(|include| {
                *include == wholly
                    || include == "~ALL"
                    || (include == "~DEFAULT_BRANCH" && branch == repo.default_branch)
            })
    };
    let items = repo
        .rulesets
        .iter()
        .filter(covers)
        .flat_map(|one| one.rules.iter().map(|kind| json!({ "type": kind, "ruleset_id": one.id })))
        .collect();
    Ok(page.plain(&actions::list_url(&app, repo, "rules/branches"), items))
}

fn summary(repo: &Repo, one: &Ruleset) -> Value {
    json!({
        "id": one.id,
        "name": one.name,
        "target": match one.target { RefKind::Branch => "branch", RefKind::Tag => "tag" },
        "source_type": "Repository",
        "source": repo.full_name(),
        "enforcement": match one.enforcement {
            Enforcement::Active => "active",
            Enforcement::Evaluate => "evaluate",
            Enforcement::Disabled => "disabled",
        },
    })
}
