//! Files of the default branch and, by their contents, of the commits that tags point to: contents, trees, blobs.
//!
//! A blob's id is git's own, for a client may compare it with a file on disk. Ids of trees and commits only look like it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::App;
use super::auth::{ApiError, Caller, Read};
use crate::sandbox::respond;
use crate::sandbox::world::github::{Permission, Repo};

/// `?ref=`
#[derive(Debug, Deserialize)]
pub(super) struct At {
    #[serde(rename = "ref")]
    reference: Option<String>,
}

/// `?recursive=`; its presence counts.
#[derive(Debug, Deserialize)]
pub(super) struct Depth {
    recursive: Option<String>,
}

fn sha1(bytes: impl AsRef<[u8]>) -> String {
    Sha1::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The id that git gives to a file with these bytes.
fn blob_id(bytes: &[u8]) -> String {
    let mut object = format!("blob {}\0", bytes.len()).into_bytes();
    object.extend_from_slice(bytes);
    sha1(object)
}

fn tree_id(repo: &Repo, folder: &str) -> String {
    sha1(format!("tree {} {folder}", repo.id))
}

fn head_of(repo: &Repo) -> String {
    sha1(format!("commit {}", repo.id))
}

fn names_head(repo: &Repo, reference: &str) -> bool {
    let branch = reference.strip_prefix("refs/heads/").or(reference.strip_prefix("heads/")).unwrap_or(reference);
    branch == repo.default_branch || reference == "HEAD" || reference == head_of(repo)
}

/// What lies directly in a folder: name → the file, or nothing for a folder. `None` when there is no such folder.
fn entries<'r>(repo: &'r Repo, folder: &str) -> Option<BTreeMap<String, Option<&'r [u8]>>> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut found = BTreeMap::new();
    for (path, bytes) in &repo.files {
        if let Some(rest) = path.strip_prefix(&prefix) {
            match rest.split_once('/') {
                None => found.insert(rest.to_owned(), Some(bytes.as_slice())),
                Some((sub, _)) => found.insert(sub.to_owned(), None),
            };
        }
    }
    (!found.is_empty() || folder.is_empty()).then_some(found)
}

/// `GET …/contents/`
pub(super) async fn root(
    state: State<App>,
    caller: Extension<Caller>,
    Path((owner, name)): Path<(String, String)>,
    at: Query<At>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    one(state, caller, Path((owner, name, String::new())), at, headers).await
}

/// `GET …/contents/{path}`: a file, or what a folder holds.
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, path)): Path<(String, String, String)>,
    Query(at): Query<At>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Contents))?;
    let older = match at.reference {
        Some(reference) if !names_head(repo, &reference) => {
            let unknown = || ApiError::new(StatusCode::NOT_FOUND, format!("No commit found for the ref {reference}"));
            let files = repo.commits.get(&reference).ok_or_else(unknown)?;
            Some(Repo { files: files.clone(), ..repo.clone() })
        }
        _ => None,
    };
    let repo = older.as_ref().unwrap_or(repo);
    let path = path.trim_matches('/');
    if let Some(bytes) = repo.files.get(path) {
        let raw = headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("raw"));
        return Ok(match raw {
            true => respond::bytes("application/vnd.github.raw+json; charset=utf-8", bytes.clone()),
            false => respond::json(StatusCode::OK, file(&app, repo, path, bytes)),
        });
    }
    let entries = entries(repo, path).ok_or_else(ApiError::not_found)?;
    let listed = entries.into_iter().map(|(name, bytes)| {
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        entry(&app, repo, &path, bytes)
    });
    Ok(respond::json(StatusCode::OK, listed.collect()))
}

fn entry(app: &App, repo: &Repo, path: &str, bytes: Option<&[u8]>) -> Value {
    let (kind, git, sha) = match bytes {
        Some(bytes) => ("file", "blobs", blob_id(bytes)),
        None => ("dir", "trees", tree_id(repo, path)),
    };
    let full_name = repo.full_name();
    let urls = app.urls();
    let api = format!("{}/repos/{full_name}/contents/{path}?ref={}", urls.github_api, repo.default_branch);
    let git = format!("{}/repos/{full_name}/git/{git}/{sha}", urls.github_api);
    let html = format!("{}/{full_name}/blob/{}/{path}", urls.github, repo.default_branch);
    json!({
        "type": kind,
        "name": path.rsplit('/').next(),
        "path": path,
        "sha": sha,
        "size": bytes.map_or(0, <[u8]>::len),
        "url": api,
        "git_url": git,
        "html_url": html,
        "download_url": bytes.map(|_| format!("{}/raw/{full_name}/{}/{path}", urls.github, repo.default_branch)),
        "_links": { "self": api, "git": git, "html": html },
    })
}

fn file(app: &App, repo: &Repo, path: &str, bytes: &[u8]) -> Value {
    let mut whole = entry(app, repo, path, Some(bytes));
    whole["encoding"] = json!("base64");
    whole["content"] = json!(wrapped(bytes));
    whole
}

/// Base64 in lines of sixty, as GitHub sends it.
fn wrapped(bytes: &[u8]) -> String {
    let whole = STANDARD.encode(bytes);
    let mut lines = String::with_capacity(whole.len() + whole.len() / 60 + 1);
    for (at, letter) in whole.chars().enumerate() {
        if at > 0 && at % 60 == 0 {
            lines.push('\n');
        }
        lines.push(letter);
    }
    lines.push('\n');
    lines
}

/// `GET …/git/trees/{tree}`: by branch, commit or folder.
pub(super) async fn tree(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, tree)): Path<(String, String, String)>,
    Query(depth): Query<Depth>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Contents))?;
    let folder = match names_head(repo, &tree) {
        true => String::new(),
        false => {
            folders(repo).into_iter().find(|folder| tree_id(repo, folder) == tree).ok_or_else(ApiError::not_found)?
        }
    };
    let mut nodes = Vec::new();
    grow(&app, repo, &folder, "", depth.recursive.is_some(), &mut nodes);
    let sha = tree_id(repo, &folder);
    let body = json!({
        "sha": sha,
        "url": format!("{}/repos/{}/git/trees/{sha}", app.urls().github_api, repo.full_name()),
        "tree": nodes,
        "truncated": false,
    });
    Ok(respond::json(StatusCode::OK, body))
}

fn folders(repo: &Repo) -> Vec<String> {
    let mut found = vec![String::new()];
    for path in repo.files.keys() {
        found.extend(path.match_indices('/').map(|(at, _)| path[..at].to_owned()));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Adds the nodes below `folder`; their paths count from where the walk began.
fn grow(app: &App, repo: &Repo, folder: &str, shown: &str, deep: bool, nodes: &mut Vec<Value>) {
    let join = |base: &str, name: &str| {
        if base.is_empty() { name.to_owned() } else { format!("{base}/{name}") }
    };
    for (name, bytes) in entries(repo, folder).unwrap_or_default() {
        let (inner, shown) = (join(folder, &name), join(shown, &name));
        let base = format!("{}/repos/{}/git", app.urls().github_api, repo.full_name());
        match bytes {
            Some(bytes) => {
                let sha = blob_id(bytes);
                nodes.push(json!({
                    "path": shown, "mode": "100644", "type": "blob", "sha": sha, "size": bytes.len(),
                    "url": format!("{base}/blobs/{sha}"),
                }));
            }
            None => {
                let sha = tree_id(repo, &inner);
                nodes.push(json!({
                    "path": shown, "mode": "040000", "type": "tree", "sha": sha, "url": format!("{base}/trees/{sha}"),
                }));
                if deep {
                    grow(app, repo, &inner, &shown, deep, nodes);
                }
            }
        }
    }
}

/// `GET …/git/blobs/{sha}`
pub(super) async fn blob(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((owner, name, sha)): Path<(String, String, String)>,
) -> Result<Response, ApiError> {
    let world = app.world();
    let repo = caller.read(&world.github, &owner, &name, Read::Open(Permission::Contents))?;
    let bytes = repo.files.values().find(|bytes| blob_id(bytes) == sha).ok_or_else(ApiError::not_found)?;
    let body = json!({
        "sha": sha,
        "node_id": STANDARD.encode(format!("Blob:{sha}")),
        "size": bytes.len(),
        "url": format!("{}/repos/{}/git/blobs/{sha}", app.urls().github_api, repo.full_name()),
        "content": wrapped(bytes),
        "encoding": "base64",
    });
    Ok(respond::json(StatusCode::OK, body))
}
