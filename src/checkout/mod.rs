//! What lies in the checkout: where it came from, which packages its manifests publish, which files steer it.
//!
//! Reading executes nothing that the repository brings along and never leaves the checkout: links that lead out, devices,
//! pipes and oversized files are passed over. Nothing here writes (but `write`, the one door for writing), asks a server
//! or interprets a workflow.

mod blob;
mod remote;
mod slug;
mod source;

pub use blob::blob_id;
pub use remote::{Remote, remote};
pub use source::{CheckoutError, Disk, FileSource, InMemory, MAX_FILE, ReadError};

use crate::model::{Finding, Package, RelPath, SourceFile};

/// What was found in a checkout.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checkout {
    /// The packages that it publishes: members only, sorted by registry and name.
    pub packages: Vec<Package>,
    /// The workflow files, sorted by path.
    pub workflows: Vec<SourceFile>,
    /// The files at the root that may hold `trust_policy`, in the order in which they are asked.
    pub configs: Vec<SourceFile>,
    /// Files of the repository that redirect or execute tools which run in a package's folder.
    pub redirects: Vec<RelPath>,
    /// What could not be read, and what is odd about the rest.
    pub findings: Vec<Finding>,
}

/// The config files that may hold `trust_policy`, in the order in which they are asked.
pub const CONFIG_FILES: [&str; 3] = ["putitoutthere.toml", "monochange.toml", "untoken.toml"];

/// Reads packages, workflows and configs. What can't be read is a finding, never the end.
#[must_use]
pub fn look(source: &dyn FileSource) -> Checkout {
    let mut checkout = Checkout::default();
    let workflows = source.paths().iter().filter(|path| is_workflow(path));
    for path in workflows {
        match source.read(path) {
            Ok(file) => checkout.workflows.push(file),
            Err(error) => checkout.findings.push(error.finding()),
        }
    }
    for path in CONFIG_FILES.iter().filter_map(|name| RelPath::new(name).ok()) {
        if source.paths().binary_search(&path).is_err() {
            continue;
        }
        match source.read(&path) {
            Ok(file) => checkout.configs.push(file),
            Err(error) => checkout.findings.push(error.finding()),
        }
    }
    checkout
}

/// GitHub reads `.yml` and `.yaml` directly in this folder, and nothing below it.
fn is_workflow(path: &RelPath) -> bool {
    path.parent().as_str() == ".github/workflows"
        && (path.file_name().ends_with(".yml") || path.file_name().ends_with(".yaml"))
}
