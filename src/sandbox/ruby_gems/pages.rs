//! The pages where publishers are added. The real ones want a session and the password again; here the person in the browser
//! is signed in.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::App;
use super::publishers::{self, Fields, Wrong};
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::ruby_gems::{PENDING_LIFE, Pending, Publisher, Role, RubyGems};

type Typed = HashMap<String, String>;

const FIELDS: [(&str, &str); 6] = [
    ("repository_owner", "Repository owner"),
    ("repository_name", "Repository name"),
    ("workflow_filename", "Workflow filename"),
    ("environment", "Environment (optional)"),
    ("workflow_repository_owner", "Workflow Repository Owner (optional)"),
    ("workflow_repository_name", "Workflow Repository Name (optional)"),
];

fn fields(form: &Typed) -> Fields {
    let text = |name: &str| form.get(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    Fields {
        repository_owner: text("repository_owner"),
        repository_name: text("repository_name"),
        workflow_filename: text("workflow_filename"),
        environment: form.get("environment").cloned(),
        workflow_repository_owner: form.get("workflow_repository_owner").map(|value| value.trim().to_owned()),
        workflow_repository_name: form.get("workflow_repository_name").map(|value| value.trim().to_owned()),
    }
}

fn refuse(wrong: &[Wrong]) -> Response {
    let words: Vec<String> = wrong.iter().map(|(field, why)| format!("{field} {why}")).collect();
    Page::new("Not added").refuse(&words.join("; ")).with_status(StatusCode::UNPROCESSABLE_ENTITY)
}

fn forbidden() -> Response {
    Page::new("Forbidden").refuse("You have to be an owner of the gem.").with_status(StatusCode::FORBIDDEN)
}

/// `GET /gems/{name}/trusted_publishers/new`
pub(super) async fn new(State(app): State<App>, Path(name): Path<String>) -> Response {
    let world = app.world();
    let owner = (world.ruby_gems.browser_user.clone(), Role::Owner);
    if !world.ruby_gems.gem(&name).is_some_and(|gem| gem.owners.contains(&owner)) {
        return forbidden();
    }
    let shown = FIELDS.map(|(name, label)| (name, label, Field::Text("")));
    let action = format!("/gems/{name}/trusted_publishers/new");
    Page::new(format!("New trusted publisher for {name}"))
        .form(&action, &shown, &[("create", "Create")])
        .into_response()
}

/// `POST /gems/{name}/trusted_publishers/new`
pub(super) async fn add(State(app): State<App>, Path(name): Path<String>, Form(form): Form<Typed>) -> Response {
    let mut world = app.world();
    let owner = (world.ruby_gems.browser_user.clone(), Role::Owner);
    if !world.ruby_gems.gem(&name).is_some_and(|gem| gem.owners.contains(&owner)) {
        return forbidden();
    }
    let made = publishers::publisher(&mut world, fields(&form));
    match made.and_then(|made| publishers::add(&mut world, &name, made).map_err(|why| vec![why])) {
        Ok(_) => Page::new("Trusted Publisher created").into_response(),
        Err(wrong) => refuse(&wrong),
    }
}

/// `GET /profile/oidc/pending_trusted_publishers/new`
pub(super) async fn new_pending() -> Response {
    let mut shown = vec![("rubygem_name", "Gem name", Field::Text(""))];
    shown.extend(FIELDS.map(|(name, label)| (name, label, Field::Text(""))));
    let action = "/profile/oidc/pending_trusted_publishers/new";
    Page::new("New pending trusted publisher").form(action, &shown, &[("create", "Create")]).into_response()
}

/// `POST /profile/oidc/pending_trusted_publishers/new`
pub(super) async fn add_pending(State(app): State<App>, Form(form): Form<Typed>) -> Response {
    let mut world = app.world();
    let gem = form.get("rubygem_name").map(|name| name.trim().to_owned()).unwrap_or_default();
    if let Some(why) = unfit(&world.ruby_gems, &gem) {
        return refuse(&[("rubygem_name", why)]);
    }
    match publishers::publisher(&mut world, fields(&form)) {
        Ok(publisher) => {
            let (user, created_at) = (world.ruby_gems.browser_user.clone(), world.now());
            let same = |one: &Pending| {
                one.gem.eq_ignore_ascii_case(&gem)
                    && one.created_at + PENDING_LIFE > created_at
                    && Publisher { id: publisher.id, ..one.publisher.clone() } == publisher
            };
            if world.ruby_gems.pending.iter().any(same) {
                return refuse(&[("rubygem_name", "has already been taken")]);
            }
            world.ruby_gems.pending.push(Pending { gem, publisher, user, created_at });
            Page::new("Pending Trusted Publisher created").into_response()
        }
        Err(wrong) => refuse(&wrong),
    }
}

/// Names that RubyGems keeps to itself: some of those of its db/migrate/20230702010946_create_gem_name_reservations.rb.
const RESERVED: [&str; 2] = ["jruby", "sidekiq-pro"];

/// Why no gem of this name can be waited for (rubygems/rubygems.org app/models/oidc/pending_trusted_publisher.rb,
/// lib/name_format_validator.rb).
fn unfit(gems: &RubyGems, name: &str) -> Option<&'static str> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let ends = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    match () {
        () if name.is_empty() => Some("can't be blank"),
        () if !name.chars().any(|letter| letter.is_ascii_alphabetic()) => Some("must include at least one letter"),
        () if !name.chars().all(fits) => Some("can only include letters, numbers, periods, dashes, and underscores"),
        () if !ends(name.chars().next()) => Some("can not begin with a period, dash, or underscore"),
        () if !ends(name.chars().last()) => Some("can not end with a period, dash, or underscore"),
        () if RESERVED.contains(&name.to_ascii_lowercase().as_str()) => Some("is reserved"),
        () if gems.gems.iter().any(|gem| gem.name.eq_ignore_ascii_case(name)) => Some("is already in use"),
        () => None,
    }
}
