//! RubyGems' rules, as its server's source states them.

use crate::model::Registry;
use crate::registry::rules::from_source;
use crate::registry::{Case, FirstPublish, Lock, Pending, ProofSource, Provenance, ReadBack, Rules, WorkflowClaim};

/// The day on which the sources were read.
const READ: &str = "2026-08-22";
/// Where a run's claims are compared with the publisher.
const CLAIMS: &str = "rubygems/rubygems.org app/models/oidc/trusted_publisher/github_action.rb";
/// Where a publisher of a gem to come is made, and its end set.
const PENDING: &str = "rubygems/rubygems.org app/controllers/oidc/pending_trusted_publishers_controller.rb";
/// The calls that list and make publishers; there is none that refuses tokens.
const ROUTES: &str = "rubygems/rubygems.org config/routes.rb";

pub(super) static RULES: Rules = Rules {
    registry: Registry::RubyGems,
    claim: from_source(WorkflowClaim::CalleeAnywhere, CLAIMS, READ),
    repository_case: from_source(Case::Exact, CLAIMS, READ),
    environment_case: from_source(Case::Exact, CLAIMS, READ),
    workflow_case: from_source(Case::Exact, CLAIMS, READ),
    refused_events: Some(from_source(&[], CLAIMS, READ)),
    only_events: None,
    run_ref: None,
    max_publishers: None,
    lapses_after: None,
    first_publish: from_source(FirstPublish::Pending, "rubygems/rubygems.org app/models/pusher.rb", READ),
    one_pending: Some(from_source(Pending { most: None, alike: true, lives: 12 * 60 * 60 }, PENDING, READ)),
    read_back: from_source(ReadBack::Api, ROUTES, READ),
    lock: from_source(Lock::None, ROUTES, READ),
    // `GET /api/v1/attestations/NAME-VERSION.json`: a push with an attestation is refused unless it came from a trusted
    // publisher, whose repository and workflow the certificate must name (`verify_sigstore`). Without one nothing is said.
    proof: Some(from_source(
        ProofSource { read_from: "the version's attestation", names_workflow: true, absence_means_no: false },
        "rubygems/rubygems.org app/models/pusher.rb",
        READ,
    )),
    provenance: from_source(
        Provenance::Kept { by: "gem push --attestation" },
        "rubygems/rubygems.org app/models/attestation.rb",
        READ,
    ),
    token_variables: &["GEM_HOST_API_KEY", "RUBYGEMS_API_KEY", "RUBYGEMS_AUTH_TOKEN"],
};
