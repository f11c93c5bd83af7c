//! PyPI's rules, as warehouse's source states them.

use crate::model::Registry;
use crate::registry::rules::{documented, from_source};
use crate::registry::{Case, FirstPublish, Lock, Pending, ProofSource, Provenance, ReadBack, Rules, WorkflowClaim};

/// The day on which the sources were read.
const READ: &str = "2026-08-21";
/// Where a run's claims are compared with the publisher.
const CLAIMS: &str = "pypi/warehouse warehouse/oidc/models/github.py";
/// The only place where publishers are managed.
const VIEWS: &str = "pypi/warehouse warehouse/manage/views/oidc_publishers.py";

pub(super) static RULES: Rules = Rules {
    registry: Registry::Pypi,
    claim: from_source(WorkflowClaim::Callee, CLAIMS, READ),
    // The comparison is loose, the look-up before it is exact.
    repository_case: from_source(Case::Exact, CLAIMS, READ),
    environment_case: from_source(Case::Ignored, CLAIMS, READ),
    workflow_case: from_source(Case::Exact, CLAIMS, READ),
    refused_events: Some(from_source(&["pull_request_target"], CLAIMS, READ)),
    only_events: None,
    run_ref: None,
    max_publishers: None,
    lapses_after: None,
    first_publish: from_source(FirstPublish::Pending, "pypi/warehouse warehouse/oidc/views.py", READ),
    // Their number is in warehouse/accounts/views.py, their end in warehouse/oidc/tasks.py.
    one_pending: Some(from_source(
        Pending { most: Some(3), alike: false, lives: 30 * 24 * 60 * 60 },
        "pypi/warehouse warehouse/oidc/models/github.py",
        READ,
    )),
    read_back: from_source(ReadBack::Never, VIEWS, READ),
    lock: from_source(Lock::None, VIEWS, READ),
    proof: Some(documented(
        ProofSource {
            read_from: "the integrity API's publisher of a file",
            names_workflow: true,
            absence_means_no: false,
        },
        "pypi/warehouse docs/user/api/integrity.md",
        READ,
    )),
    provenance: documented(
        Provenance::Kept { by: "a publishing client that sends attestations (PEP 740)" },
        "pypi/warehouse docs/user/attestations/producing-attestations.md",
        READ,
    ),
    token_variables: &[
        "TWINE_PASSWORD",
        "UV_PUBLISH_TOKEN",
        "UV_PUBLISH_PASSWORD",
        "POETRY_PYPI_TOKEN_PYPI",
        "MATURIN_PYPI_TOKEN",
        "HATCH_INDEX_AUTH",
        "FLIT_PASSWORD",
        "PDM_PUBLISH_PASSWORD",
    ],
};
