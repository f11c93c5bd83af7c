//! pub.dev's rules, as its server's source states them.

use crate::model::Registry;
use crate::registry::rules::{documented, from_source};
use crate::registry::{Case, FirstPublish, Lock, Provenance, ReadBack, Rules, RunRef, WorkflowClaim};

/// The day on which the sources were read.
const READ: &str = "2026-08-20";
/// Where a run is let through.
const BACKEND: &str = "dart-lang/pub-dev app/lib/package/backend.dart";
/// Where the settings are written; there is no call that reads them.
const API: &str = "dart-lang/pub-dev app/lib/frontend/handlers/pubapi.dart";

pub(super) static RULES: Rules = Rules {
    registry: Registry::PubDev,
    claim: from_source(WorkflowClaim::NotCompared, BACKEND, READ),
    repository_case: from_source(Case::Exact, BACKEND, READ),
    environment_case: from_source(Case::Exact, BACKEND, READ),
    workflow_case: from_source(Case::NotCompared, BACKEND, READ),
    refused_events: Some(from_source(&[], BACKEND, READ)),
    only_events: Some(from_source(&["push", "workflow_dispatch"], BACKEND, READ)),
    run_ref: Some(from_source(RunRef::Tag, BACKEND, READ)),
    max_publishers: Some(from_source(1, "dart-lang/pub-dev pkg/_pub_shared/lib/data/package_api.dart", READ)),
    lapses_after: None,
    first_publish: documented(
        FirstPublish::Needed,
        "dart-lang/site-www src/content/tools/pub/automated-publishing.md",
        "2026-08-21",
    ),
    one_pending: None,
    read_back: from_source(ReadBack::Never, API, READ),
    lock: from_source(Lock::SetOnly, API, READ),
    proof: None,
    provenance: from_source(Provenance::None, "dart-lang/pub-dev pkg/_pub_shared/lib/data/package_api.dart", READ),
    token_variables: &["PUB_TOKEN"],
};
