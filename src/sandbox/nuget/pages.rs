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
use crate::sandbox::world::nuget::Policy;

type Fields = HashMap<String, String>;

/// The form's fields and their labels.
const FIELDS: [(&str, &str); 6] = [
    ("policyName", "Policy Name"),
    ("owner", "Package Owner"),
    ("repositoryOwner", "Repository Owner"),
    ("repository", "Repository"),
    ("workflowFile", "Workflow File"),
    ("environment", "Environment"),
];

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
        let Policy { name, owner, repository_owner, repository, workflow, .. } = policy;
        format!("{name}: {repository_owner}/{repository} {workflow} for {owner} ({state})")
    });
    let fields =
        FIELDS.map(|(name, label)| (name, label, Field::Text(if name == "owner" { &nuget.browser_user } else { "" })));
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
    if let Some((_, label)) = FIELDS.iter().find(|(name, _)| *name != "environment" && text(name).is_empty()) {
        return Err(format!("The {label} field is required."));
    }
    let (owner, nuget) = (text("owner"), &world.nuget);
    if owner != nuget.browser_user && !nuget.organizations.contains(&owner) {
        return Err("The package owner must be you or an organization that you belong to.".to_owned());
    }
    let file = text("workflowFile");
    let workflow = file.strip_prefix(".github/workflows/").unwrap_or(&file);
    if workflow.contains('/') || !(workflow.ends_with(".yml") || workflow.ends_with(".yaml")) {
        return Err("The workflow file must be a file name that ends in .yml or .yaml.".to_owned());
    }
    Ok(Policy {
        name: text("policyName"),
        creator: nuget.browser_user.clone(),
        owner,
        repository_owner: text("repositoryOwner"),
        repository: text("repository"),
        workflow: workflow.to_owned(),
        environment: Some(text("environment")).filter(|environment| !environment.is_empty()),
        enabled_at: world.now(),
        locked_to: None,
    })
}
