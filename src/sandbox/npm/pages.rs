//! The page of a package's settings on npm's website. The person there has shown the second factor already.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::trust::Wanted;
use super::{App, NpmError, auth, trust};
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::npm::{Permission, Publisher, PublishingAccess};

type Fields = HashMap<String, String>;

/// `GET /package/{scope}/{name}/access`
pub(super) async fn scoped_access(state: State<App>, Path((scope, name)): Path<(String, String)>) -> Response {
    access(state, Path(format!("{scope}/{name}"))).await
}

/// `POST /package/{scope}/{name}/access`
pub(super) async fn scoped_change(
    state: State<App>,
    Path((scope, name)): Path<(String, String)>,
    form: Form<Fields>,
) -> Response {
    change(state, Path(format!("{scope}/{name}")), form).await
}

/// `GET /package/{name}/access`
pub(super) async fn access(State(app): State<App>, Path(name): Path<String>) -> Response {
    let mut world = app.world();
    let now = world.now();
    let user = world.npm.browser_user.clone();
    let Ok(package) = auth::own(&mut world.npm, &user, &name) else {
        return Page::new("Not found").refuse("There is no such package of yours.").with_status(StatusCode::NOT_FOUND);
    };
    let line = |one: &Publisher| {
        let state = match (one.proven_at, one.has_lapsed(now)) {
            (Some(_), _) => "validated",
            (None, false) => "waiting for its first publish",
            (None, true) => "expired",
        };
        let environment = one.environment.as_deref().unwrap_or("any environment");
        format!("GitHub Actions: {}, {}, {environment} ({state})", one.repository, one.workflow)
    };
    Page::new(format!("Settings of {name}"))
        .say("Trusted publishers")
        .list(package.publishers.iter().map(line))
        .form(
            &format!("/package/{name}/access"),
            &[
                ("owner", "Organization or user", Field::Text("")),
                ("repository", "Repository", Field::Text("")),
                ("workflow", "Workflow filename", Field::Text("")),
                ("environment", "Environment name (optional)", Field::Text("")),
                ("publish", "Allow npm publish", Field::Tick),
            ],
            &[("add", "Set up connection")],
        )
        .say("Publishing access")
        .form(
            &format!("/package/{name}/access"),
            &[],
            &[
                ("mfa-publish", "Require two-factor authentication and disallow tokens"),
                ("mfa-automation", "Require two-factor authentication or a token that bypasses it"),
                ("mfa-none", "Don't require two-factor authentication"),
            ],
        )
        .into_response()
}

/// `POST /package/{name}/access`
pub(super) async fn change(State(app): State<App>, Path(name): Path<String>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let now = world.now();
    let user = world.npm.browser_user.clone();
    let id = world.npm.next_uuid();
    let changed = auth::own(&mut world.npm, &user, &name).and_then(|package| {
        match form.get("decision").map(String::as_str) {
            Some("mfa-publish") => package.publishing_access = PublishingAccess::SecondFactorOnly,
            Some("mfa-automation") => package.publishing_access = PublishingAccess::SecondFactorOrToken,
            Some("mfa-none") => package.publishing_access = PublishingAccess::NoSecondFactor,
            _ => {
                trust::add(package, wanted(&form), id, now)?;
            }
        }
        Ok(())
    });
    match changed {
        Ok(()) => Page::new(format!("Settings of {name}")).say("Saved.").into_response(),
        Err(NpmError { status, body, .. }) => {
            let error = body["error"].as_str().unwrap_or("Refused").to_owned();
            Page::new(format!("Settings of {name}")).refuse(&error).with_status(status)
        }
    }
}

fn wanted(form: &Fields) -> Wanted {
    let text = |name: &str| form.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let publish = form.contains_key("publish").then_some(Permission::Publish);
    Wanted {
        repository: format!("{}/{}", text("owner"), text("repository")),
        workflow: text("workflow"),
        environment: Some(text("environment")).filter(|environment| !environment.is_empty()),
        permissions: publish.into_iter().chain([Permission::Stage]).collect(),
    }
}
