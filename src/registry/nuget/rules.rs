//! NuGet.org's rules, as its gallery's source and documentation state them.

use crate::model::Registry;
use crate::registry::rules::{documented, from_source};
use crate::registry::{Case, FirstPublish, Lock, Provenance, ReadBack, Rules, WorkflowClaim};

/// The day on which the sources were read.
const READ: &str = "2026-08-17";
/// Where a run's claims are compared with the policy.
const VALIDATOR: &str =
    "NuGet/NuGetGallery src/NuGetGallery.Services/Authentication/Federated/GitHubTokenPolicyValidator.cs";
/// The only place where policies are managed.
const USERS: &str = "NuGet/NuGetGallery src/NuGetGallery/Controllers/UsersController.cs";

pub(super) static RULES: Rules = Rules {
    registry: Registry::Nuget,
    claim: from_source(WorkflowClaim::Callee, VALIDATOR, READ),
    repository_case: from_source(Case::Ignored, VALIDATOR, READ),
    environment_case: from_source(Case::Ignored, VALIDATOR, READ),
    workflow_case: from_source(Case::Ignored, VALIDATOR, READ),
    // A list of banned events is set on the server; its value is not public.
    refused_events: None,
    only_events: None,
    run_ref: None,
    max_publishers: None,
    lapses_after: Some(from_source(7 * 24 * 60 * 60, VALIDATOR, READ)),
    first_publish: documented(
        FirstPublish::NotNeeded,
        "NuGet/docs.microsoft.com-nuget docs/nuget-org/trusted-publishing.md",
        "2026-08-07",
    ),
    one_pending: None,
    read_back: from_source(ReadBack::Never, USERS, READ),
    lock: from_source(Lock::None, USERS, READ),
    proof: None,
    provenance: from_source(Provenance::None, "NuGet/NuGetGallery src/NuGetGallery", READ),
    token_variables: &["NUGET_API_KEY", "NUGET_TOKEN"],
};
