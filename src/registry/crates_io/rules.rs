//! crates.io's rules, as its server's source states them.

use crate::model::Registry;
use crate::registry::rules::from_source;
use crate::registry::{Case, FirstPublish, Lock, ProofSource, Provenance, ReadBack, Rules, WorkflowClaim};

/// The day on which the sources were read.
const READ: &str = "2026-08-21";
/// Where the claims of a run are compared with the entry.
const EXCHANGE: &str = "rust-lang/crates.io src/controllers/trustpub/tokens/exchange/mod.rs";
/// Where an entry is made.
const CREATE: &str = "rust-lang/crates.io src/controllers/trustpub/github_configs/create.rs";

pub(super) static RULES: Rules = Rules {
    registry: Registry::CratesIo,
    claim: from_source(WorkflowClaim::Caller, EXCHANGE, READ),
    repository_case: from_source(Case::Ignored, EXCHANGE, READ),
    environment_case: from_source(Case::Ignored, EXCHANGE, READ),
    workflow_case: from_source(Case::Exact, EXCHANGE, READ),
    refused_events: Some(from_source(&["pull_request_target", "workflow_run"], EXCHANGE, READ)),
    only_events: None,
    run_ref: None,
    max_publishers: Some(from_source(5, CREATE, READ)),
    lapses_after: None,
    first_publish: from_source(FirstPublish::Needed, CREATE, READ),
    one_pending: None,
    read_back: from_source(ReadBack::Api, "rust-lang/crates.io src/controllers/trustpub/github_configs/list.rs", READ),
    lock: from_source(Lock::Public, "rust-lang/crates.io src/controllers/krate/update.rs", READ),
    proof: Some(from_source(
        ProofSource { read_from: "trustpub_data of the version", names_workflow: false, absence_means_no: true },
        "rust-lang/crates.io crates/crates_io_api_types/src/lib.rs",
        READ,
    )),
    // `trustpub_data` names the run, but nobody signs it.
    provenance: from_source(Provenance::None, "rust-lang/crates.io crates/crates_io_api_types/src/lib.rs", READ),
    token_variables: &["CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_CRATES_IO_TOKEN", super::REPLACED_TOKEN],
};
