//! The second factor and the sign-in: a page to approve on, what the client gets for it, and the five minutes without
//! another code.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::{App, NpmError};
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::World;
use crate::sandbox::world::npm::{Approval, ApprovalState, Npm, OPEN_WINDOW, Purpose, SecondFactor, TokenKind};
use crate::sandbox::{Urls, respond};

/// Lets a call through that needs the second factor, or says how to give it.
pub(super) fn require(world: &mut World, urls: &Urls, user: &str, headers: &HeaderMap) -> Result<(), NpmError> {
    let now = world.now();
    let npm = &mut world.npm;
    let account = npm.user(user).ok_or_else(NpmError::unauthorized)?;
    if account.window_until.is_some_and(|until| until > now) {
        return Ok(());
    }
    let factor = account.second_factor.clone();
    let given = headers.get("npm-otp").and_then(|code| code.to_str().ok());
    match (factor, given) {
        (SecondFactor::None, _) => {
            Err(NpmError::forbidden("Two-factor authentication is required but is not enabled for your account"))
        }
        (SecondFactor::Totp { code }, Some(given)) if code == given => Ok(()),
        (SecondFactor::Web, Some(given)) if spend(&mut npm.approvals, user, given) => Ok(()),
        (SecondFactor::Web, None) if offers_web(headers) => {
            let (page, done) = ask(npm, urls, Purpose::Call { user: user.to_owned() });
            Err(NpmError::needs_code(json!({ "authUrl": page, "doneUrl": done })))
        }
        _ => {
            let error = "You must provide a one-time pass. Upgrade your client to npm@latest in order to use 2FA.";
            Err(NpmError::needs_code(json!({ "error": error, "message": error })))
        }
    }
}

/// The two addresses of a new approval: the page for the person, and where the client waits.
fn ask(npm: &mut Npm, urls: &Urls, purpose: Purpose) -> (String, String) {
    let id = npm.next_uuid();
    let addresses = (format!("{}/auth/cli/{id}", urls.npm), format!("{}/-/v1/done?authId={id}", urls.npm));
    npm.approvals.push(Approval { id, purpose, state: ApprovalState::Waiting });
    addresses
}

/// `POST /-/v1/login`: what `npm login` begins with.
pub(super) async fn sign_in(State(app): State<App>) -> Response {
    let (page, done) = ask(&mut app.world().npm, app.urls(), Purpose::SignIn);
    respond::json(StatusCode::OK, json!({ "loginUrl": page, "doneUrl": done }))
}

/// npm says `web` unless a code came along.
fn offers_web(headers: &HeaderMap) -> bool {
    headers.get("npm-auth-type").is_none_or(|kind| kind != "legacy")
}

fn spend(approvals: &mut [Approval], user: &str, given: &str) -> bool {
    let approved = |one: &&mut Approval| {
        matches!(&one.purpose, Purpose::Call { user: whose } if whose == user)
            && matches!(&one.state, ApprovalState::Approved { token } if token == given)
    };
    match approvals.iter_mut().find(approved) {
        None => false,
        Some(approval) => {
            approval.state = ApprovalState::Spent;
            true
        }
    }
}

/// `?authId=`
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    #[serde(rename = "authId")]
    id: String,
}

/// `GET /-/v1/done`: 202 while the person has not approved, then the code.
pub(super) async fn done(State(app): State<App>, Query(done): Query<Done>) -> Result<Response, NpmError> {
    let mut world = app.world();
    let its = |one: &&mut Approval| one.id == done.id;
    let approval = world.npm.approvals.iter_mut().find(its).ok_or_else(NpmError::not_found)?;
    match &approval.state {
        ApprovalState::Waiting => {
            Ok(respond::with_header(respond::json(StatusCode::ACCEPTED, json!({})), "retry-after", "1"))
        }
        ApprovalState::Approved { token } => {
            let body = json!({ "token": token });
            if approval.purpose == Purpose::SignIn {
                approval.state = ApprovalState::Spent;
            }
            Ok(respond::json(StatusCode::OK, body))
        }
        ApprovalState::Spent => Err(NpmError::not_found()),
    }
}

/// `GET /auth/cli/{id}`
pub(super) async fn page(State(app): State<App>, Path(id): Path<String>) -> Response {
    let world = app.world();
    let waiting = world.npm.approvals.iter().any(|one| one.id == id && one.state == ApprovalState::Waiting);
    if !waiting {
        return gone();
    }
    Page::new("Two-factor authentication")
        .say(&format!("Signed in as {}. Use your security key to approve the command.", world.npm.browser_user))
        .form(
            &format!("/auth/cli/{id}"),
            &[("skip", "Do not challenge npm operations from this address for the next 5 minutes", Field::Tick)],
            &[("approve", "Use security key")],
        )
        .into_response()
}

/// `POST /auth/cli/{id}`
pub(super) async fn approve(
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let mut world = app.world();
    let now = world.now();
    let npm = &mut world.npm;
    let person = npm.browser_user.clone();
    let waiting = |one: &Approval| one.id == id && one.state == ApprovalState::Waiting;
    let Some(at) = npm.approvals.iter().position(waiting) else { return gone() };
    let token = match &npm.approvals[at].purpose {
        Purpose::Call { user } if *user != person => {
            return Page::new("Two-factor authentication")
                .refuse(&format!("This command belongs to {user}."))
                .with_status(StatusCode::FORBIDDEN);
        }
        Purpose::Call { .. } => format!("{:0>32}", format!("SandboxNotACode{:04}", npm.next_id())),
        Purpose::SignIn => npm.add_token(&person, TokenKind::Session),
    };
    npm.approvals[at].state = ApprovalState::Approved { token };
    if form.contains_key("skip")
        && let Some(user) = npm.users.iter_mut().find(|user| user.name == person)
    {
        user.window_until = Some(now + OPEN_WINDOW);
    }
    Page::new("Approved").say("You can go back to your terminal.").into_response()
}

fn gone() -> Response {
    Page::new("Two-factor authentication")
        .refuse("There is nothing to approve here, or not any more.")
        .with_status(StatusCode::NOT_FOUND)
}
