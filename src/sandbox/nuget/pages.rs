//! The page of one's own policies, and a package's page. The real ones want a session; here the person in the browser is
//! signed in.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::App;
use crate::sandbox::page::{Field, Page};
use crate::sandbox::world::World;
use crate::sandbox::world::nuget::{Policy, Pushes};

type Fields = HashMap<String, String>;

/// The form's lines of text, their labels, and what is said where one is left empty that may not be (NuGet/NuGetGallery
/// src/NuGetGallery/Views/Users/TrustedPublishing.cshtml, 2026-08-17).
const FIELDS: [(&str, &str, Option<&str>); 6] = [
    ("policyName", "Policy Name", Some("Name is required.")),
    ("owner", "Package Owner", Some("Package owner should be provided.")),
    ("repositoryOwner", "Repository Owner", Some("Repository owner is required.")),
    ("repository", "Repository", Some("Repository is required.")),
    ("workflowFile", "Workflow File", Some("Workflow file is required.")),
    ("environment", "Environment", None),
];
/// The provider that is chosen beforehand.
const GITHUB: &str = "GitHubActions";
/// The choice between the two, which is made for the person, below the box that is not ticked beforehand.
const PUSH_NEW: &str = "package:push";
const PUSH_VERSIONS: &str = "package:pushversion";

/// `GET /packages/{id}`: how a version was pushed is not shown.
pub(super) async fn package(State(app): State<App>, Path(id): Path<String>) -> Response {
    match app.world().nuget.package(&id) {
        Some(package) => Page::new(package.id.clone()).list(package.versions.iter().cloned()).into_response(),
        None => Page::new("404 Not Found").with_status(StatusCode::NOT_FOUND),
    }
}

/// `GET /account/trustedpublishing`: nothing fills this form in, but the owner is chosen beforehand.
pub(super) async fn policies(State(app): State<App>) -> Response {
    let world = app.world();
    let (now, nuget) = (world.now(), &world.nuget);
    let own = nuget.policies.iter().filter(|policy| policy.creator == nuget.browser_user);
    let lines = own.map(|policy| {
        let state = match (policy.locked_to, policy.has_lapsed(now)) {
            (Some(_), _) => "active",
            (None, false) => "active for 7 days, until the first publish",
            (None, true) => "inactive: nothing was published in 7 days",
        };
        let Policy { name, owner, repository_owner, repository, workflow, packages, .. } = policy;
        let packages = packages.join(", ");
        format!("{name}: {repository_owner}/{repository} {workflow} for {packages} of {owner} ({state})")
    });
    let line = |(name, label, _): (&'static str, &'static str, _)| {
        (name, label, Field::Text(if name == "owner" { &nuget.browser_user } else { "" }))
    };
    let fields: Vec<_> = [("publisherType", "CI/CD Provider", Field::Text(GITHUB))]
        .into_iter()
        .chain(FIELDS.map(line))
        .chain([
            ("push", "Push", Field::Tick),
            ("pushScope", "package:push (new packages and versions) or package:pushversion", Field::Text(PUSH_NEW)),
            ("subjects", "Glob Patterns and Packages (Separate by a new line)", Field::Text("")),
        ])
        .collect();
    Page::new("Trusted Publishing")
        .list(lines)
        .form("/account/trustedpublishing", &fields, &[("create", "Create")])
        .into_response()
}

/// `POST /account/trustedpublishing`
pub(super) async fn add(State(app): State<App>, Form(form): Form<Fields>) -> Response {
    let mut world = app.world();
    match read(&world, &form) {
        Ok(policy) => {
            let page = Page::new("Policy created").say(&policy.name);
            world.nuget.policies.push(policy);
            page.into_response()
        }
        Err(why) => Page::new("Not created").refuse(&why).with_status(StatusCode::BAD_REQUEST),
    }
}

/// The policy in a form. A pasted folder before the file is tidied away, as NuGet does.
fn read(world: &World, form: &Fields) -> Result<Policy, String> {
    let text = |name: &str| form.get(name).map(|value| value.trim()).unwrap_or_default().to_owned();
    let required = FIELDS.iter().filter(|(name, ..)| text(name).is_empty()).find_map(|(.., words)| *words);
    if let Some(words) = required {
        return Err(words.to_owned());
    }
    if text("publisherType") != GITHUB {
        return Err("the sandbox knows the provider GitHubActions alone".to_owned());
    }
    let (owner, nuget) = (text("owner"), &world.nuget);
    if owner != nuget.browser_user && !nuget.organizations.contains(&owner) {
        let user = &nuget.browser_user;
        return Err(format!(
            "The user '{user}' does not have the required permissions to add a federated credential policy for package \
             owner '{owner}'."
        ));
    }
    let pushes = match (form.contains_key("push"), text("pushScope").as_str()) {
        (true, PUSH_NEW) => Pushes::New,
        (true, PUSH_VERSIONS) => Pushes::Versions,
        _ => return Err("At least one scope must be selected.".to_owned()),
    };
    let sound = |pattern: &&str| pattern.chars().all(|c| c.is_alphanumeric() || "*_.-".contains(c));
    let packages: Vec<String> = text("subjects")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .filter(sound)
        .map(str::to_owned)
        .collect();
    if packages.is_empty() {
        return Err("At least one valid glob pattern or package must be specified.".to_owned());
    }
    let file = text("workflowFile").replace('\\', "/");
    let file = file.strip_prefix('/').unwrap_or(&file);
    let workflow = file.strip_prefix(".github/workflows/").unwrap_or(file);
    Ok(Policy {
        name: text("policyName"),
        creator: nuget.browser_user.clone(),
        owner,
        repository_owner: text("repositoryOwner"),
        repository: text("repository"),
        workflow: workflow.to_owned(),
        environment: Some(text("environment")).filter(|environment| !environment.is_empty()),
        pushes,
        packages,
        enabled_at: world.now(),
        locked_to: None,
    })
}
