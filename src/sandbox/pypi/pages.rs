//! The two pages where publishers are added. The real ones want a session, a CSRF token and the password again; here the
//! person in the browser is signed in.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{App, not_found};
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::World;
use crate::sandbox::world::pypi::{Email, MAX_PENDING, PENDING_LIFE, Pending, Publisher, Pypi, normalise};

type Fields = HashMap<String, String>;

/// The fields of a GitHub publisher, as the forms name them, with what stands before them.
const FIELDS: [(&str, &str); 4] = [
    ("owner", "Owner"),
    ("repository", "Repository name"),
    ("workflow_filename", "Workflow name"),
    ("environment", "Environment name (optional)"),
];

fn line(publisher: &Publisher) -> String {
    let environment = publisher.environment.as_deref().unwrap_or("(Any)");
    format!(
        "GitHub: {}/{}, workflow {}, environment {environment}",
        publisher.owner, publisher.repository, publisher.workflow
    )
}

/// `GET /manage/project/{name}/settings/publishing/`: `?provider=github&owner=…` fills the form in.
pub(super) async fn project(
    State(app): State<App>,
    Path(name): Path<String>,
    Query(filled): Query<Fields>,
) -> Response {
    let world = app.world();
    let Some(project) = world.pypi.project(&name) else {
        return not_found();
    };
    if !project.owners.contains(&world.pypi.browser_user) {
        return not_found();
    }
    let prefilled = filled.get("provider").is_some_and(|provider| provider == "github");
    let value = |field: &str| match prefilled {
        true => filled.get(field).map(String::as_str).unwrap_or_default(),
        false => "",
    };
    let fields = FIELDS.map(|(name, label)| (name, label, Field::Text(value(name))));
    let mut page =
        Page::new(format!("Publishing settings of {}", project.name)).list(project.publishers.iter().map(line));
    if prefilled {
        page = page.say("The form was filled in by a link. Check the values before you add the publisher.");
    }
    let action = format!("/manage/project/{}/settings/publishing/", normalise(&project.name));
    page.form(&action, &fields, &[("add", "Add")]).into_response()
}

/// `POST /manage/project/{name}/settings/publishing/`
pub(super) async fn add(State(app): State<App>, Path(name): Path<String>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let user = world.pypi.browser_user.clone();
    let publisher = match read(&world, &form) {
        Ok(publisher) => publisher,
        Err(refused) => return refuse(&refused),
    };
    let Some(project) = world.pypi.project_mut(&name).filter(|project| project.owners.contains(&user)) else {
        return not_found();
    };
    if project.publishers.contains(&publisher) {
        return refuse(&format!("{} is already registered with {}", line(&publisher), project.name));
    }
    let title = format!("Added to {}", project.name);
    let page = Page::new(title).say(&line(&publisher));
    project.publishers.push(publisher);
    page.into_response()
}

/// `GET /manage/account/publishing/`: nothing fills this form in.
pub(super) async fn account(State(app): State<App>) -> Response {
    let world = app.world();
    let pypi = &world.pypi;
    let now = world.now();
    let live = pypi.pending.iter().filter(|one| one.user == pypi.browser_user && one.created_at + PENDING_LIFE > now);
    let mut fields = vec![("project_name", "PyPI Project Name", Field::Text(""))];
    fields.extend(FIELDS.map(|(name, label)| (name, label, Field::Text(""))));
    Page::new("Publishing")
        .say("Pending publishers create their project when they are first used. Until then the name is not reserved.")
        .list(live.map(|one| format!("{}: {}", one.project, line(&one.publisher))))
        .form("/manage/account/publishing/", &fields, &[("add", "Add")])
        .into_response()
}

/// `POST /manage/account/publishing/`
pub(super) async fn add_pending(State(app): State<App>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    let now = world.now();
    world.pypi.pending.retain(|one| one.created_at + PENDING_LIFE > now);
    let name = form.get("project_name").map(|name| name.trim().to_owned()).unwrap_or_default();
    match pending(&world, &form, &name) {
        Err(refused) => refuse(&refused),
        Ok(publisher) => {
            let page = Page::new("Pending publisher added").say(&format!("{name}: {}", line(&publisher)));
            let user = world.pypi.browser_user.clone();
            world.pypi.pending.push(Pending { project: name, publisher, user, created_at: now });
            page.into_response()
        }
    }
}

fn pending(world: &World, form: &Fields, name: &str) -> Result<Publisher, String> {
    let pypi = &world.pypi;
    if pypi.email == Email::Unverified {
        return Err("You must have a verified email in order to register a pending trusted publisher.".to_owned());
    }
    if pypi.pending.iter().filter(|one| one.user == pypi.browser_user).count() >= MAX_PENDING {
        return Err(format!("You can't register more than {MAX_PENDING} pending trusted publishers at once."));
    }
    free(pypi, name)?;
    let publisher = read(world, form)?;
    // One row per repository, workflow and environment, whatever the project (warehouse, 2026-08-21).
    let Some(other) = pypi.pending.iter().find(|one| one.publisher == publisher) else { return Ok(publisher) };
    let registered = match normalise(&other.project) == normalise(name) {
        true => "This trusted publisher has already been registered.",
        false => {
            "A pending trusted publisher matching this configuration has already been registered for a different project \
             name."
        }
    };
    Err(format!("{registered} Please contact PyPI's admins if this wasn't intentional."))
}

/// Some modules of the standard library, which no project may be called (warehouse/packaging/services.py).
const STANDARD: [&str; 8] = ["asyncio", "json", "logging", "os", "pathlib", "sys", "tomllib", "typing"];

/// Whether a project could be made of that name, in PyPI's order and words.
fn free(pypi: &Pypi, name: &str) -> Result<(), String> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let ends = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let valid = name.chars().all(fits) && ends(name.chars().next()) && ends(name.chars().last());
    let why = match () {
        () if !valid => "Invalid project name",
        () if STANDARD.contains(&normalise(name).as_str()) => {
            "This project name isn't allowed (conflict with the Python standard library module name)"
        }
        () if pypi.project(name).is_some_and(|project| project.owners.contains(&pypi.browser_user)) => {
            "This project already exists: use the project's publishing settings here to create a Trusted Publisher for it."
        }
        () if pypi.project(name).is_some() => "This project already exists.",
        () if pypi.projects.iter().any(|project| folded(&project.name) == folded(name)) => {
            "This project name is too similar to an existing project"
        }
        () => return Ok(()),
    };
    Err(why.to_owned())
}

/// A name without what PyPI takes no notice of between two projects (its function `ultranormalize_name`).
fn folded(name: &str) -> String {
    let alike = |letter: char| match letter {
        'l' | 'i' => '1',
        'o' => '0',
        letter => letter,
    };
    name.to_ascii_lowercase().chars().filter(|letter| !matches!(letter, '-' | '_' | '.')).map(alike).collect()
}

/// The publisher in a form, with the owner in GitHub's case and the environment in lower case, as PyPI saves them. Only the
/// workflow's name may have blanks around it (warehouse/oidc/forms/github.py).
fn read(world: &World, form: &Fields) -> Result<Publisher, String> {
    let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let fits = |letter: char, more: &str| letter.is_ascii_alphanumeric() || more.contains(letter);
    let owner = text("owner");
    if owner.is_empty() {
        return Err("Specify GitHub repository owner (username or organization)".to_owned());
    }
    if owner.starts_with('-') || !owner.chars().all(|letter| fits(letter, "-")) {
        return Err("Invalid GitHub user or organization name.".to_owned());
    }
    let owner = world.github.account(owner).ok_or("Unknown GitHub user or organization.")?;
    let repository = text("repository");
    if repository.is_empty() {
        return Err("Specify repository name".to_owned());
    }
    if !repository.chars().all(|letter| fits(letter, "-_.")) {
        return Err("Invalid repository name".to_owned());
    }
    let workflow = text("workflow_filename").trim();
    if workflow.is_empty() {
        return Err("Specify workflow filename".to_owned());
    }
    if !workflow.ends_with(".yml") && !workflow.ends_with(".yaml") {
        return Err("Workflow name must end with .yml or .yaml".to_owned());
    }
    if workflow.contains('/') {
        return Err("Workflow filename must be a filename only, without directories".to_owned());
    }
    let environment = environment(text("environment"))?.to_lowercase();
    Ok(Publisher {
        owner: owner.login.clone(),
        repository: repository.to_owned(),
        workflow: workflow.to_owned(),
        environment: Some(environment).filter(|environment| !environment.is_empty()),
    })
}

/// The name of an environment, if PyPI takes it.
fn environment(name: &str) -> Result<&str, &'static str> {
    let odd = |letter: char| letter.is_ascii_control() || matches!(letter, '\'' | '"' | '`' | ',' | ';' | '\\');
    match () {
        () if name.chars().count() > 255 => Err("Environment name is too long (maximum is 255 characters)"),
        () if name.starts_with(' ') => Err("Environment name may not start with whitespace"),
        () if name.ends_with(' ') => Err("Environment name may not end with whitespace"),
        () if name.contains(odd) => Err(
            "Environment name must not contain non-printable characters or the characters \"'\", \"\"\", \"`\", \",\", \
                 \";\", \"\\\"",
        ),
        () => Ok(name),
    }
}

fn refuse(why: &str) -> Response {
    Page::new("Not added").refuse(why).with_status(StatusCode::UNPROCESSABLE_ENTITY)
}
