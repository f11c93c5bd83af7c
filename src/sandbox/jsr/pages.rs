//! JSR's pages, for the person in the browser: approve a code, make a record, link a repository.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::packages;
use super::{ApiError, App};
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::World;
use crate::sandbox::world::jsr::{AuthorizationState, Member, Reach};

type Fields = HashMap<String, String>;

fn text<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map(|value| value.trim()).unwrap_or_default()
}

fn refuse(error: &ApiError) -> Response {
    Page::new("Not done").refuse(&error.2).with_status(StatusCode::UNPROCESSABLE_ENTITY)
}

/// `GET /auth?code=…`
pub(super) async fn auth(State(app): State<App>, Query(query): Query<Fields>) -> Response {
    let world = app.world();
    let code = text(&query, "code");
    let waits =
        world.jsr.authorizations.iter().find(|one| one.code == code && one.state == AuthorizationState::Waiting);
    let Some(one) = waits.filter(|one| one.expires_at > world.now()) else {
        return Page::new("Authorization")
            .form("/auth", &[("code", "Code", Field::Text(""))], &[("approve", "Continue")])
            .into_response();
    };
    let reach = if one.reach == Reach::Account { "full access to your account" } else { "some permissions" };
    Page::new("Authorization")
        .say(&format!("A tool asks for {reach}. Its code is {code}: approve it only if it shows the same."))
        .form("/auth", &[("code", "Code", Field::Text(code))], &[("approve", "Approve"), ("deny", "Deny")])
        .into_response()
}

/// `POST /auth`
pub(super) async fn decide(State(app): State<App>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let (now, user) = (world.now(), world.jsr.browser_user.clone());
    let code = text(&form, "code");
    let waits = world
        .jsr
        .authorizations
        .iter_mut()
        .find(|one| one.code == code && one.state == AuthorizationState::Waiting && one.expires_at > now);
    let Some(one) = waits else { return refuse(&ApiError::of("authorizationNotFound")) };
    if text(&form, "decision") == "deny" {
        one.state = AuthorizationState::Denied;
        return Page::new("Denied").into_response();
    }
    one.state = AuthorizationState::Approved(user);
    Page::new("Approved").say("You can go back to the tool.").into_response()
}

/// `GET /new?scope=…&package=…`
pub(super) async fn new(Query(query): Query<Fields>) -> Response {
    let fields = [
        ("scope", "Scope", Field::Text(text(&query, "scope"))),
        ("package", "Package name", Field::Text(text(&query, "package"))),
    ];
    Page::new("Create a package").form("/new", &fields, &[("create", "Create")]).into_response()
}

/// `POST /new`
pub(super) async fn make(State(app): State<App>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let (scope, name) = (text(&form, "scope"), text(&form, "package"));
    if role(&world, scope).is_none() {
        return refuse(&ApiError::of("actorNotScopeMember"));
    }
    match packages::make(&mut world, scope, name) {
        Ok(()) => Page::new(format!("Created @{scope}/{name}")).into_response(),
        Err(error) => refuse(&error),
    }
}

fn role(world: &World, scope: &str) -> Option<Member> {
    let user = &world.jsr.browser_user;
    world.jsr.scope(scope)?.members.iter().find(|(login, _)| login == user).map(|(_, role)| *role)
}

/// `GET /@{scope}/{package}/settings`
pub(super) async fn settings(State(app): State<App>, Path((scope, name)): Path<(String, String)>) -> Response {
    let world = app.world();
    let bare = scope.trim_start_matches('@');
    if world.jsr.package(bare, &name).is_none() || role(&world, bare) != Some(Member::Admin) {
        return Page::new("404 - Not Found").with_status(StatusCode::NOT_FOUND);
    }
    let fields = [("owner", "Repository owner", Field::Text("")), ("name", "Repository name", Field::Text(""))];
    let action = format!("/@{bare}/{name}/settings");
    Page::new(format!("Settings of @{bare}/{name}")).form(&action, &fields, &[("link", "Link")]).into_response()
}

/// `POST /@{scope}/{package}/settings`
pub(super) async fn link(
    State(app): State<App>,
    Path((scope, name)): Path<(String, String)>,
    Form(form): Form<Fields>,
) -> Response {
    let mut world = app.world();
    let bare = scope.trim_start_matches('@');
    if role(&world, bare) != Some(Member::Admin) {
        return refuse(&ApiError::of("actorNotScopeAdmin"));
    }
    let user = world.jsr.browser_user.clone();
    let wanted = (text(&form, "owner").to_owned(), text(&form, "name").to_owned());
    match packages::link(&mut world, bare, &name, &user, Some(&wanted)) {
        Ok(()) => Page::new(format!("Linked to {}/{}", wanted.0, wanted.1)).into_response(),
        Err(error) => refuse(&error),
    }
}
