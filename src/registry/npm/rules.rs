//! npm's rules. Its server is closed: they come from its client's source, its documentation, and from reports.

use semver::Version;

use crate::model::{Registry, ToolNeed};
use crate::registry::rules::{documented, from_source, reported};
use crate::registry::{Case, FirstPublish, Lock, ProofSource, Provenance, ReadBack, Rules, WorkflowClaim};

/// The vendor's own page, and the day of its snapshot.
const DOCS: &str = "npm/documentation content/packages-and-modules/securing-your-code/trusted-publishers.mdx";
const DOCS_READ: &str = "2026-08-21";
/// The client's source, npm 11.19.1.
const CLIENT_READ: &str = "2026-11-20";
/// Announcements that were read only where others quote them.
const SEVERAL: &str = "github.blog/changelog/2026-09-03-multiple-trusted-publishing-configurations-for-npm";
const EXPIRY: &str = "github.blog/changelog/2026-10-02-unvalidated-npm-trusted-publishing-configurations-now-expire";
const REPORTS_READ: &str = "2026-11-20";

const NEWER_NPM: &str = "npm install --global npm@latest";

/// The first npm whose `trust` can say what is allowed (npm/documentation, changelog of 2026-05-20, read 2026-08-21).
pub(super) static TRUST: [ToolNeed; 1] =
    [ToolNeed { tool: "npm", since: Version::new(11, 15, 0), what: "`npm trust`", newer: NEWER_NPM }];

/// What staging wants (npm/documentation npm-stage.md, read 2026-08-21). npm itself does not look at its Node for that.
pub(super) static STAGE: [ToolNeed; 2] = [
    ToolNeed { tool: "npm", since: Version::new(11, 15, 0), what: "`npm stage`", newer: NEWER_NPM },
    ToolNeed { tool: "node", since: Version::new(22, 14, 0), what: "`npm stage`", newer: "install a newer Node.js" },
];

pub(super) static RULES: Rules = Rules {
    registry: Registry::Npm,
    claim: documented(WorkflowClaim::Caller, DOCS, DOCS_READ),
    repository_case: documented(Case::Exact, DOCS, DOCS_READ),
    environment_case: documented(Case::Exact, DOCS, DOCS_READ),
    workflow_case: documented(Case::Exact, DOCS, DOCS_READ),
    refused_events: Some(reported(&["pull_request_target", "issue_comment"], EXPIRY, REPORTS_READ)),
    only_events: None,
    run_ref: None,
    max_publishers: Some(reported(10, SEVERAL, REPORTS_READ)),
    lapses_after: Some(reported(48 * 60 * 60, EXPIRY, REPORTS_READ)),
    first_publish: documented(FirstPublish::Needed, DOCS, DOCS_READ),
    one_pending: None,
    read_back: from_source(ReadBack::Api, "npm/cli lib/commands/trust/list.js", CLIENT_READ),
    lock: from_source(Lock::SetOnly, "npm/cli lib/commands/access.js", CLIENT_READ),
    proof: Some(reported(
        ProofSource {
            read_from: "_npmUser.trustedPublisher of the version",
            names_workflow: false,
            absence_means_no: true,
        },
        "release notes of xcodethink/pixelcheck",
        REPORTS_READ,
    )),
    provenance: documented(Provenance::Demanded { by: "npm publish --provenance" }, DOCS, DOCS_READ),
    token_variables: &["NODE_AUTH_TOKEN", "NPM_TOKEN", "NPM_AUTH_TOKEN"],
};
