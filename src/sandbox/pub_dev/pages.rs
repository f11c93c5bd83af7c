//! A package's page and its admin page. The real admin page wants a session; here the person in the browser is signed in.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::App;
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::pub_dev::{Manual, Package, Trusted};

type Fields = HashMap<String, String>;

fn missing() -> Response {
    Page::new("404 Not Found").with_status(StatusCode::NOT_FOUND)
}

fn refuse(why: &str) -> Response {
    Page::new("Not saved").refuse(why).with_status(StatusCode::BAD_REQUEST)
}

/// `GET /packages/{name}`: how a version was published is not shown.
pub(super) async fn package(State(app): State<App>, Path(name): Path<String>) -> Response {
    match app.world().pub_dev.package(&name) {
        Some(package) => {
            let versions = package.versions.iter().map(|version| version.num.clone());
            Page::new(name).list(versions).into_response()
        }
        None => missing(),
    }
}

/// The package, if it is there and the person in the browser may administer it.
fn own<'w>(packages: &'w mut [Package], user: &str, name: &str) -> Result<&'w mut Package, Box<Response>> {
    let package = packages.iter_mut().find(|package| package.name == name).ok_or_else(|| Box::new(missing()))?;
    match package.uploaders.iter().any(|uploader| uploader == user) {
        true => Ok(package),
        false => Err(Box::new(
            Page::new("Authorization error")
                .refuse("You have insufficient permissions to view this page.")
                .with_status(StatusCode::FORBIDDEN),
        )),
    }
}

/// `GET /packages/{name}/admin`: nothing fills this form in.
pub(super) async fn admin(State(app): State<App>, Path(name): Path<String>) -> Response {
    let mut world = app.world();
    let pub_dev = &mut world.pub_dev;
    let package = match own(&mut pub_dev.packages, &pub_dev.browser_user, &name) {
        Ok(package) => package,
        Err(refused) => return *refused,
    };
    let known = package.github.clone();
    let text = |get: fn(&Trusted) -> &str| known.as_ref().map(get).unwrap_or_default();
    let fields = [
        ("repository", "Repository (<owner>/<repository>)", Field::Text(text(|one| &one.repository))),
        ("tagPattern", "Tag pattern", Field::Text(text(|one| &one.tag_pattern))),
        ("isPushEventEnabled", "Enable publishing from `push` events", Field::Tick),
        ("isWorkflowDispatchEventEnabled", "Enable publishing from `workflow_dispatch` events", Field::Tick),
        ("requireEnvironment", "Require GitHub Actions environment", Field::Tick),
        ("environment", "Environment", Field::Text(text(|one| one.environment.as_deref().unwrap_or_default()))),
    ];
    Page::new(format!("Automated publishing of {name}"))
        .say("Enable publishing from GitHub Actions")
        .form(&format!("/packages/{name}/admin"), &fields, &[("update", "Update")])
        .into_response()
}

/// `POST /packages/{name}/admin`
pub(super) async fn save(State(app): State<App>, Path(name): Path<String>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let pub_dev = &mut world.pub_dev;
    let package = match own(&mut pub_dev.packages, &pub_dev.browser_user, &name) {
        Ok(package) => package,
        Err(refused) => return *refused,
    };
    match read(&form) {
        Ok(trusted) => {
            let page = Page::new("Saved").say(&format!("{} by tags {}", trusted.repository, trusted.tag_pattern));
            package.github = Some(trusted);
            page.into_response()
        }
        Err(why) => refuse(&why),
    }
}

/// The settings in a form, by pub.dev's own checks and words.
fn read(form: &Fields) -> Result<Trusted, String> {
    let text = |name: &str| form.get(name).map(|value| value.trim()).unwrap_or_default();
    let ticked = |name: &str| text(name) == "on";
    let plain = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    let switches = [("push", "isPushEventEnabled"), ("workflow_dispatch", "isWorkflowDispatchEventEnabled")];
    let events: Vec<_> = switches.into_iter().filter(|(_, name)| ticked(name)).map(|(event, _)| event).collect();
    if events.is_empty() {
        return Err("At least one of the events (`push` or `workflow_dispatch`) must be enabled.".to_owned());
    }
    let pattern = text("tagPattern");
    let parts: Vec<&str> = pattern.split("{{version}}").collect();
    if parts.len() != 2 {
        return Err("The `tagPattern` field must contain a single `{{version}}` part.".to_owned());
    }
    if !parts.iter().all(|part| plain(part, "-._/")) {
        return Err("The `tagPattern` field has invalid characters.".to_owned());
    }
    let repository = text("repository");
    match repository.split('/').collect::<Vec<_>>().as_slice() {
        [""] => return Err("The `repository` field must not be empty when enabled.".to_owned()),
        [owner, repo] if owner.is_empty() || repo.is_empty() || !plain(owner, "-._") || !plain(repo, "-._") => {
            return Err("The `repository` field has invalid characters.".to_owned());
        }
        [_, _] => {}
        _ => return Err("The `repository` field must follow the `<owner>/<repository>` pattern.".to_owned()),
    }
    let environment = text("environment");
    if ticked("requireEnvironment") && environment.is_empty() {
        return Err("The `environment` field must not be empty when enabled.".to_owned());
    }
    if !plain(environment, "-._") {
        return Err("The `environment` field has invalid characters.".to_owned());
    }
    Ok(Trusted {
        repository: repository.to_owned(),
        tag_pattern: pattern.to_owned(),
        environment: ticked("requireEnvironment").then(|| environment.to_owned()),
        events,
        locked_to: None,
    })
}

/// `GET /packages/{name}/admin/manual`: on the real site a part of the admin page.
pub(super) async fn manual(State(app): State<App>, Path(name): Path<String>) -> Response {
    let mut world = app.world();
    let pub_dev = &mut world.pub_dev;
    match own(&mut pub_dev.packages, &pub_dev.browser_user, &name) {
        Ok(_) => {
            let action = format!("/packages/{name}/admin/manual");
            let fields = [("isDisabled", "Disable manual publishing", Field::Tick)];
            Page::new(format!("Manual publishing of {name}"))
                .form(&action, &fields, &[("update", "Update")])
                .into_response()
        }
        Err(refused) => *refused,
    }
}

/// `POST /packages/{name}/admin/manual`
pub(super) async fn save_manual(
    State(app): State<App>,
    Path(name): Path<String>,
    Form(form): Form<Fields>,
) -> Response {
    let mut world = app.world();
    let pub_dev = &mut world.pub_dev;
    match own(&mut pub_dev.packages, &pub_dev.browser_user, &name) {
        Ok(package) => {
            let disabled = form.get("isDisabled").is_some_and(|value| value == "on");
            package.manual = if disabled { Manual::Disabled } else { Manual::Enabled };
            Page::new("Saved").into_response()
        }
        Err(refused) => *refused,
    }
}
