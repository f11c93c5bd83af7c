//! The pages of crates.io that the wizard sends a person to.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::configs::NewPublisher;
use super::{ApiError, App, configs};
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::crates_io::{EndpointScope, TokenScopes};

type Fields = HashMap<String, String>;

impl ApiError {
    /// The refusal as the page shows it.
    fn on_page(self, title: &str) -> Response {
        Page::new(title).refuse(&self.detail).with_status(self.status)
    }
}

/// `GET /crates/{name}/settings/new-trusted-publisher`: owner and repository are taken from the crate's `repository`.
pub(super) async fn new_publisher(State(app): State<App>, Path(name): Path<String>) -> Response {
    let world = app.world();
    let Some(krate) = world.crates_io.krate(&name) else {
        return ApiError::no_crate(&name).on_page("Crate not found");
    };
    let slug = krate.repository.as_deref().and_then(|url| url.split_once("github.com/")).map(|(_, slug)| slug);
    let (owner, repository) = slug.and_then(|slug| slug.split_once('/')).unwrap_or_default();
    Page::new(format!("Add a new Trusted Publisher for {}", krate.name))
        .say("Every owner of the crate who verified an address gets a mail.")
        .form(
            &format!("/crates/{}/settings/new-trusted-publisher", krate.name),
            &[
                ("repository_owner", "Repository owner", Field::Text(owner)),
                ("repository_name", "Repository name", Field::Text(repository.trim_end_matches(".git"))),
                ("workflow_filename", "Workflow filename", Field::Text("")),
                ("environment", "Environment name (optional)", Field::Text("")),
            ],
            &[("add", "Add")],
        )
        .into_response()
}

/// `POST /crates/{name}/settings/new-trusted-publisher`
pub(super) async fn add_publisher(
    State(app): State<App>,
    Path(name): Path<String>,
    Form(mut form): Form<Fields>,
) -> Response {
    let mut take = |field: &str| form.remove(field).unwrap_or_default();
    let new = NewPublisher {
        krate: name,
        repository_owner: take("repository_owner"),
        repository_name: take("repository_name"),
        workflow_filename: take("workflow_filename"),
        environment: Some(take("environment")).filter(|environment| !environment.is_empty()),
    };
    let mut world = app.world();
    let login = world.crates_io.browser_user.clone();
    let added = new.validate().and_then(|()| configs::add(&mut world, &login, new));
    match added {
        Ok(publisher) => Page::new("Trusted Publisher added")
            .say(&format!(
                "{}/{} may publish {} from {}.",
                publisher.repository_owner, publisher.repository_name, publisher.krate, publisher.workflow_filename
            ))
            .into_response(),
        Err(refused) => refused.on_page("Trusted Publisher not added"),
    }
}

/// The scopes on the token page, by the name that the page has for them.
const SCOPES: [(&str, EndpointScope); 3] = [
    ("publish-new", EndpointScope::PublishNew),
    ("publish-update", EndpointScope::PublishUpdate),
    ("trusted-publishing", EndpointScope::TrustedPublishing),
];

/// `GET /settings/tokens/new`
pub(super) async fn new_token(State(app): State<App>) -> Response {
    let user = app.world().crates_io.browser_user.clone();
    let mut fields = vec![("name", "Name", Field::Text("")), ("crates", "Crates (empty: all)", Field::Text(""))];
    fields.extend(SCOPES.map(|(name, _)| (name, name, Field::Tick)));
    Page::new("New API Token")
        .say(&format!("Signed in as {user}."))
        .form("/settings/tokens/new", &fields, &[("generate", "Generate Token")])
        .into_response()
}

/// `POST /settings/tokens/new`: shows the token once.
pub(super) async fn add_token(State(app): State<App>, Form(form): Form<Fields>) -> Response {
    let endpoints: Vec<EndpointScope> =
        SCOPES.iter().filter(|(name, _)| form.contains_key(*name)).map(|(_, scope)| *scope).collect();
    if endpoints.is_empty() {
        return Page::new("New API Token")
            .refuse("Please select at least one token scope.")
            .with_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let crates = form.get("crates").map(String::as_str).unwrap_or_default();
    let crates = crates.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let mut world = app.world();
    let user = world.crates_io.browser_user.clone();
    let token = world.crates_io.add_token(&user, TokenScopes::Scoped { endpoints, crates });
    Page::new("API Token").say("Make sure to copy it now. It is not shown again.").list([token]).into_response()
}
