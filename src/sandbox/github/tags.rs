//! `git/ref/tags` and `git/tags`: what a tag of an action's repository points to, by way of a tag object where it is annotated.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::App;
use super::auth::ApiError;
use crate::sandbox::respond;
use crate::sandbox::world::github::ActionTag;

type Answer = Result<Response, ApiError>;

/// `GET …/git/ref/tags/{tag}`
pub(super) async fn by_name(
    State(app): State<App>,
    Path((owner, name, tag)): Path<(String, String, String)>,
) -> Answer {
    find(
        &app,
        &owner,
        &name,
        |known| known.tag == tag,
        |known, root| {
            let points_to = match &known.object {
                Some(object) => object_json(root, "tag", "tags", object),
                None => object_json(root, "commit", "commits", &known.commit),
            };
            let reference = format!("refs/tags/{}", known.tag);
            json!({ "ref": reference, "url": format!("{root}/git/{reference}"), "object": points_to })
        },
    )
}

/// `GET …/git/tags/{sha}`: only annotated tags have an object of their own.
pub(super) async fn object(State(app): State<App>, Path((owner, name, sha)): Path<(String, String, String)>) -> Answer {
    find(
        &app,
        &owner,
        &name,
        |known| known.object.as_deref() == Some(sha.as_str()),
        |known, root| {
            json!({
                "tag": known.tag,
                "sha": known.object,
                "message": known.tag,
                "object": object_json(root, "commit", "commits", &known.commit),
            })
        },
    )
}

fn find(
    app: &App,
    owner: &str,
    name: &str,
    wanted: impl Fn(&ActionTag) -> bool,
    show: impl Fn(&ActionTag, &str) -> Value,
) -> Answer {
    let repository = format!("{owner}/{name}");
    let world = app.world();
    let mut tags = world.github.action_tags.iter().filter(|tag| tag.repository.eq_ignore_ascii_case(&repository));
    let found = tags.find(|tag| wanted(tag)).ok_or_else(ApiError::not_found)?;
    let root = format!("{}/repos/{}", app.urls().github_api, found.repository);
    Ok(respond::json(StatusCode::OK, show(found, &root)))
}

fn object_json(root: &str, kind: &str, folder: &str, sha: &str) -> Value {
    json!({ "type": kind, "sha": sha, "url": format!("{root}/git/{folder}/{sha}") })
}
