//! Workflows, names of secrets, the OIDC subject.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::auth::{ApiError, Caller, Read};
use super::list::PageQuery;
use super::{App, wire};
use crate::sandbox::respond;
use crate::sandbox::world::github::{OidcSubject, Permission, Repo, Secret};

type Here = Path<(String, String)>;
type InEnvironment = Path<(String, String, String)>;
type Answer = Result<Response, ApiError>;

/// The day from which GitHub puts ids into the default subject of new repositories.
const IMMUTABLE_SINCE: &str = "2026-07-15T00:00:00Z";

/// The address of a list as GitHub writes it into Link headers.
pub(super) fn list_url(app: &App, repo: &Repo, path: &str) -> String {
    format!("{}/repositories/{}/{path}", app.urls().github_api, repo.id)
}

/// `GET …/actions/workflows`
pub(super) async fn workflows(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Actions))?;
    let items = repo.workflows.iter().map(|workflow| wire::workflow(app.urls(), repo, workflow)).collect();
    Ok(page.answer(&list_url(&app, repo, "actions/workflows"), "workflows", items))
}

/// `GET …/actions/secrets`
pub(super) async fn secrets(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Closed(Permission::Secrets))?;
    Ok(page.answer(&list_url(&app, repo, "actions/secrets"), "secrets", names(&repo.secrets)))
}

/// `GET …/actions/organization-secrets`
pub(super) async fn organization_secrets(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Closed(Permission::Secrets))?;
    let url = list_url(&app, repo, "actions/organization-secrets");
    Ok(page.answer(&url, "secrets", names(&repo.organization_secrets)))
}

/// `GET …/dependabot/secrets`
pub(super) async fn dependabot_secrets(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Closed(Permission::DependabotSecrets))?;
    Ok(page.answer(&list_url(&app, repo, "dependabot/secrets"), "secrets", names(&repo.dependabot_secrets)))
}

fn names(secrets: &[Secret]) -> Vec<Value> {
    secrets.iter().map(wire::secret).collect()
}

/// `GET …/environments/{environment}/secrets`
pub(super) async fn environment_secrets(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, environment)): InEnvironment,
    Query(page): Query<PageQuery>,
) -> Answer {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Closed(Permission::Environments))?;
    let found = repo.environment(&environment).ok_or_else(ApiError::not_found)?;
    let url = list_url(&app, repo, &format!("environments/{}/secrets", path_part(&found.name)));
    Ok(page.answer(&url, "secrets", names(&found.secrets)))
}

/// A name as one part of a path: percent-encoded, slashes and blanks too.
pub(super) fn path_part(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

/// `GET …/actions/oidc/customization/sub`
pub(super) async fn oidc_subject(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name)): Here,
) -> Answer {
    let world = app.world();
    let github = &world.github;
    let repo = caller.read(github, &owner, &name, Read::Closed(Permission::Actions))?;
    let immutable = wire::time(repo.created_at).as_str() >= IMMUTABLE_SINCE;
    let owner_id = github.account(&repo.owner).map_or(0, |owner| owner.id);
    let prefix = match immutable {
        true => format!("repo:{}@{owner_id}/{}@{}", repo.owner, repo.name, repo.id),
        false => format!("repo:{}", repo.full_name()),
    };
    let mut body = json!({
        "use_default": repo.oidc_subject == OidcSubject::Default,
        "use_immutable_subject": immutable,
        "sub_claim_prefix": prefix,
    });
    if let OidcSubject::Custom(keys) = &repo.oidc_subject {
        body["include_claim_keys"] = json!(keys);
    }
    Ok(respond::json(StatusCode::OK, body))
}
