//! JSR's rules, as its server's source states them.

use crate::model::Registry;
use crate::registry::rules::{documented, from_source};
use crate::registry::{Case, FirstPublish, Lock, Provenance, ReadBack, Rules, WorkflowClaim};

/// The day on which the sources were read.
const READ: &str = "2026-08-22";
/// Where a run is let through: the numeric repository id, and who started it.
const IAM: &str = "jsr-io/jsr api/src/iam.rs";
/// Where a package's record is made, read and linked.
const PACKAGE: &str = "jsr-io/jsr api/src/api/package.rs";

pub(super) static RULES: Rules = Rules {
    registry: Registry::Jsr,
    claim: from_source(WorkflowClaim::None, IAM, READ),
    // The run's repository id is compared; owner and name only tell which repository is meant, as GitHub reads them.
    repository_case: from_source(Case::Ignored, IAM, READ),
    environment_case: from_source(Case::NotCompared, IAM, READ),
    workflow_case: from_source(Case::NotCompared, IAM, READ),
    refused_events: Some(from_source(&[], IAM, READ)),
    only_events: None,
    run_ref: None,
    max_publishers: Some(from_source(1, PACKAGE, READ)),
    lapses_after: None,
    first_publish: from_source(FirstPublish::Record, PACKAGE, READ),
    one_pending: None,
    read_back: from_source(ReadBack::Api, PACKAGE, READ),
    lock: from_source(Lock::WholeScope, "jsr-io/jsr api/src/api/scope.rs", READ),
    // A version's `rekorLogId` (api/src/api/types.rs) names provenance that a run of the linked repository signed, but deno
    // sends that after a publish with a token too, wherever the job has id-token: write (denoland/deno
    // cli/tools/publish/mod.rs, read 2026-11-21); and a version's `user` is set for runs as well (api/src/iam.rs).
    proof: None,
    provenance: documented(
        Provenance::Demanded { by: "JSR itself, for every publish from GitHub Actions without --no-provenance" },
        "jsr-io/jsr frontend/docs/trust.md",
        READ,
    ),
    token_variables: &["JSR_TOKEN"],
};
