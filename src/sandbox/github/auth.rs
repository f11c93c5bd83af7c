//! Who calls the API and what they may see: tokens, App permissions, scopes, and the headers that tell of them.

use std::fmt::Write as _;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{App, limits};
use crate::sandbox::respond;
use crate::sandbox::world::github::{
    Client, ClientKind, GitHub, Grant, Level, Permission, Reach, Repo, Role, Token, Visibility,
};

/// Who sent a request.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    /// No credential.
    Anonymous,
    /// A token that works.
    Token(Box<Token>),
}

/// What a read asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Read {
    /// Anyone may read it of a public repository; of a private one this permission is needed.
    Open(Permission),
    /// Only collaborators may read it, with this permission.
    Closed(Permission),
}

/// A refusal of the API.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: String,
    accepted: Accepted,
}

/// What would have been enough.
#[derive(Debug)]
enum Accepted {
    Unsaid,
    Permission(Permission, Level),
    Scope(&'static str),
}

impl ApiError {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), accepted: Accepted::Unsaid }
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    pub(super) fn bad_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Bad credentials")
    }

    pub(super) fn requires_authentication() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Requires authentication")
    }

    fn lacks_permission(permission: Permission, level: Level) -> Self {
        Self {
            accepted: Accepted::Permission(permission, level),
            ..Self::new(StatusCode::FORBIDDEN, "Resource not accessible by integration")
        }
    }

    fn lacks_scope(scope: &'static str) -> Self {
        Self {
            accepted: Accepted::Scope(scope),
            ..Self::new(StatusCode::FORBIDDEN, "Must have admin rights to Repository.")
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({
            "message": self.message,
            "documentation_url": "https://docs.github.com/rest",
            "status": self.status.as_str(),
        });
        let response = respond::json(self.status, body);
        match self.accepted {
            Accepted::Unsaid => response,
            Accepted::Permission(permission, level) => {
                let level = if level == Level::Write { "write" } else { "read" };
                let wanted = format!("{}={level}", permission.name());
                respond::with_header(response, "x-accepted-github-permissions", &wanted)
            }
            Accepted::Scope(scope) => respond::with_header(response, "x-accepted-oauth-scopes", scope),
        }
    }
}

impl Caller {
    /// The scopes of its token, where it has scopes.
    pub(super) fn scopes(&self) -> Option<&[String]> {
        match self {
            Self::Token(token) => match &token.grant {
                Grant::Scopes { scopes, .. } => Some(scopes),
                Grant::App { .. } => None,
            },
            Self::Anonymous => None,
        }
    }

    pub(super) fn user(&self) -> Option<&str> {
        match self {
            Self::Anonymous => None,
            Self::Token(token) => Some(&token.user),
        }
    }

    fn has_scope(&self, wanted: &str) -> bool {
        matches!(self, Self::Token(token) if matches!(&token.grant, Grant::Scopes { scopes, .. }
            if scopes.iter().any(|scope| scope == wanted)))
    }

    pub(super) fn role(&self, repo: &Repo) -> Option<Role> {
        let user = self.user()?;
        let found = repo.collaborators.iter().find(|(login, _)| login.eq_ignore_ascii_case(user));
        found.map(|(_, role)| *role).or((repo.visibility == Visibility::Public).then_some(Role::Read))
    }

    fn is_collaborator(&self, repo: &Repo) -> bool {
        self.user().is_some_and(|user| repo.collaborators.keys().any(|login| login.eq_ignore_ascii_case(user)))
    }

    /// What the App was granted on this repository; none where it is not installed or does not reach.
    fn granted(&self, github: &GitHub, repo: &Repo, permission: Permission) -> Option<Level> {
        let Self::Token(token) = self else {
            return None;
        };
        let Grant::App { client_id, only } = &token.grant else {
            return None;
        };
        let installation = github.installations.iter().find(|installation| {
            &installation.client_id == client_id
                && installation.account.eq_ignore_ascii_case(&repo.owner)
                && installation.suspended_at.is_none()
        })?;
        let reached = match &installation.reach {
            Reach::All => true,
            Reach::Selected(ids) => ids.contains(&repo.id),
        };
        if !reached || only.is_some_and(|id| id != repo.id) {
            return None;
        }
        match permission {
            Permission::Metadata => Some(Level::Read),
            other => installation.permissions.get(&other).copied(),
        }
    }

    /// Whether this caller may know that the repository is there.
    pub(super) fn sees(&self, github: &GitHub, repo: &Repo) -> bool {
        if repo.visibility == Visibility::Public {
            return true;
        }
        let reached = match self {
            Self::Anonymous => false,
            Self::Token(token) => match token.grant {
                Grant::App { .. } => self.granted(github, repo, Permission::Metadata).is_some(),
                Grant::Scopes { .. } => self.has_scope("repo"),
            },
        };
        reached && self.is_collaborator(repo)
    }

    /// The repository, when this caller may read this of it.
    pub(super) fn read<'g>(
        &self,
        github: &'g GitHub,
        owner: &str,
        name: &str,
        read: Read,
    ) -> Result<&'g Repo, ApiError> {
        let repo = github.repo(owner, name).filter(|repo| self.sees(github, repo)).ok_or_else(ApiError::not_found)?;
        let permission = match read {
            Read::Open(_) if repo.visibility == Visibility::Public => return Ok(repo),
            Read::Open(permission) | Read::Closed(permission) => permission,
        };
        let Self::Token(token) = self else {
            return Err(ApiError::requires_authentication());
        };
        let least = match read {
            Read::Open(_) => Role::Read,
            Read::Closed(_) => Role::Write,
        };
        let may = self.is_collaborator(repo) && self.role(repo) >= Some(least);
        match token.grant {
            Grant::App { .. } if may && self.granted(github, repo, permission).is_some() => Ok(repo),
            Grant::App { .. } => Err(ApiError::lacks_permission(permission, Level::Read)),
            Grant::Scopes { .. } if may && self.has_scope("repo") => Ok(repo),
            Grant::Scopes { .. } => Err(ApiError::lacks_scope("repo")),
        }
    }

    /// Whether this caller may change the settings of the repository: an administrator, with a token that reaches so far.
    pub(super) fn administer(&self, github: &GitHub, owner: &str, name: &str) -> Result<(), ApiError> {
        let repo = github.repo(owner, name).filter(|repo| self.sees(github, repo)).ok_or_else(ApiError::not_found)?;
        let Self::Token(token) = self else {
            return Err(ApiError::requires_authentication());
        };
        let permission = Permission::Administration;
        match token.grant {
            Grant::App { .. } if self.granted(github, repo, permission) != Some(Level::Write) => {
                Err(ApiError::lacks_permission(permission, Level::Write))
            }
            Grant::Scopes { .. } if !self.has_scope("repo") => Err(ApiError::lacks_scope("repo")),
            _ if self.role(repo) < Some(Role::Admin) => {
                Err(ApiError::new(StatusCode::FORBIDDEN, "Must have admin rights to Repository."))
            }
            _ => Ok(()),
        }
    }

    /// Whether this caller may change what a permission is about: a collaborator who may push, with a token that reaches so far.
    pub(super) fn change(
        &self,
        github: &GitHub,
        owner: &str,
        name: &str,
        permission: Permission,
    ) -> Result<(), ApiError> {
        let repo = github.repo(owner, name).filter(|repo| self.sees(github, repo)).ok_or_else(ApiError::not_found)?;
        let Self::Token(token) = self else {
            return Err(ApiError::requires_authentication());
        };
        match token.grant {
            Grant::App { .. } if self.granted(github, repo, permission) != Some(Level::Write) => {
                Err(ApiError::lacks_permission(permission, Level::Write))
            }
            Grant::Scopes { .. } if !self.has_scope("repo") => Err(ApiError::lacks_scope("repo")),
            _ if !self.is_collaborator(repo) || self.role(repo) < Some(Role::Write) => {
                Err(ApiError::new(StatusCode::FORBIDDEN, "Must have admin rights to Repository."))
            }
            _ => Ok(()),
        }
    }

    /// The App that this caller's token belongs to.
    pub(super) fn app<'g>(&self, github: &'g GitHub) -> Option<&'g Client> {
        let Self::Token(token) = self else {
            return None;
        };
        let Grant::App { client_id, .. } = &token.grant else {
            return None;
        };
        github.client(client_id).filter(|client| matches!(client.kind, ClientKind::App { .. }))
    }
}

/// What stands before every API call: a User-Agent, a token that works if there is one, renames, and the headers that
/// come with every answer.
pub(super) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if request.headers().get(header::USER_AGENT).is_none_or(|agent| agent.is_empty()) {
        return respond::text(
            StatusCode::FORBIDDEN,
            "\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header \
             (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check \
             https://developer.github.com for other possible causes.\r\n",
        );
    }
    let caller = match caller(&app, request.headers()) {
        Ok(caller) => caller,
        Err(refused) => return refused.into_response(),
    };
    let _turn = match limits::take(&app, &caller, request.method()) {
        Ok(turn) => turn,
        Err(refused) => return *refused,
    };
    if let Some(moved) = moved(&app, &caller, &request) {
        return moved;
    }
    let plain_read = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    request.extensions_mut().insert(caller.clone());
    let mut response = next.run(request).await;
    if plain_read && response.status() == StatusCode::OK {
        response = tagged(response, known.as_ref()).await;
    }
    // What is as it was costs nothing of the hourly limit.
    if response.status() != StatusCode::NOT_MODIFIED {
        limits::count(&app, &caller);
    }
    limits::tell(&app, &caller, response)
}

fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(Caller::Anonymous);
    };
    let value = value.to_str().map_err(|_| ApiError::bad_credentials())?;
    let (scheme, token) = value.split_once(' ').ok_or_else(ApiError::bad_credentials)?;
    if !scheme.eq_ignore_ascii_case("bearer") && !scheme.eq_ignore_ascii_case("token") {
        return Err(ApiError::bad_credentials());
    }
    let world = app.world();
    let now = world.now();
    let live = |found: &&Token| found.value == token.trim() && found.expires_at.is_none_or(|end| end > now);
    let token = world.github.tokens.iter().find(live).ok_or_else(ApiError::bad_credentials)?;
    Ok(Caller::Token(Box::new(token.clone())))
}

/// The redirect to the repository's id when it is asked for by a former name.
fn moved(app: &App, caller: &Caller, request: &Request) -> Option<Response> {
    let mut parts = request.uri().path().strip_prefix("/repos/")?.splitn(3, '/');
    let (owner, name, rest) = (parts.next()?, parts.next()?, parts.next());
    let world = app.world();
    let github = &world.github;
    if github.repo(owner, name).is_some() {
        return None;
    }
    let former = format!("{owner}/{name}");
    let rename = github.renames.iter().find(|rename| rename.from.eq_ignore_ascii_case(&former))?;
    let repo = github.repos.iter().find(|repo| repo.id == rename.repo)?;
    if !caller.sees(github, repo) {
        return None;
    }
    let mut url = format!("{}/repositories/{}", app.urls().github_api, repo.id);
    if let Some(rest) = rest {
        let _ = write!(url, "/{rest}");
    }
    if let Some(query) = request.uri().query() {
        let _ = write!(url, "?{query}");
    }
    let body = json!({
        "message": "Moved Permanently",
        "url": url,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    });
    Some(respond::with_header(respond::json(StatusCode::MOVED_PERMANENTLY, body), "location", &url))
}

/// The answer with its ETag, or 304 when the client has it already.
async fn tagged(response: Response, known: Option<&HeaderValue>) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let digest = Sha256::digest(&body).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let tag = format!("W/\"{digest}\"");
    let fresh = known.and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag.trim_start_matches("W/"))
    });
    if fresh {
        return respond::with_header(StatusCode::NOT_MODIFIED.into_response(), "etag", &tag);
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60, s-maxage=60"));
    respond::with_header(Response::from_parts(parts, Body::from(body)), "etag", &tag)
}
