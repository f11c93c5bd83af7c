//! A `trust_policy` block: three keys, each checked where it is read. A block with a bad value declares nothing.

use toml_edit::{Item, TableLike};

use super::Flavour;
use super::document::Document;
use crate::model::{EnvironmentName, Finding, NameError, Place, RepoSlug, Severity, TrustPolicy, WorkflowFile};

/// The block's name.
pub(super) const BLOCK: &str = "trust_policy";
/// Its keys.
pub(super) const WORKFLOW: &str = "workflow";
/// See [`WORKFLOW`].
pub(super) const ENVIRONMENT: &str = "environment";
/// See [`WORKFLOW`].
pub(super) const REPOSITORY: &str = "repository";

/// Keys that untoken.toml alone may have, for registries whose policies need them.
const UNTOKEN_KEYS: [&str; 2] = ["tag_pattern", "workflow_repository"];

/// Reads a block that belongs to the package called `owner`.
pub(super) fn read(
    document: &Document,
    flavour: Flavour,
    owner: &str,
    item: &Item,
    findings: &mut Vec<Finding>,
) -> Option<(TrustPolicy, Place)> {
    let at = document.place_of(item);
    let Some(block) = item.as_table_like() else {
        findings.push(Finding::new(Severity::Error, format!("{BLOCK} of {owner} is not a table")).at(at));
        return None;
    };
    unknown_keys(document, flavour, owner, block, findings);
    let mut values = Values { document, owner, block, findings, sound: true };
    let workflow = values.get(WORKFLOW, WorkflowFile::new);
    let environment = values.get(ENVIRONMENT, EnvironmentName::new);
    let repository = values.get(REPOSITORY, |text| text.parse::<RepoSlug>());
    if workflow.is_none() && !block.contains_key(WORKFLOW) {
        let finding = Finding::new(Severity::Error, format!("{BLOCK} of {owner} names no workflow"));
        values.findings.push(finding.at(at.clone()).hint("add the file that publishes: workflow = \"release.yml\""));
    }
    let sound = values.sound;
    workflow.filter(|_| sound).map(|workflow| (TrustPolicy { workflow, environment, repository }, at))
}

/// The values of a table, each checked; what is wrong becomes a finding.
pub(super) struct Values<'a> {
    pub(super) document: &'a Document,
    pub(super) owner: &'a str,
    pub(super) block: &'a dyn TableLike,
    pub(super) findings: &'a mut Vec<Finding>,
    /// Whether every value that was there was good.
    pub(super) sound: bool,
}

impl Values<'_> {
    /// The value of a key, checked; `None` where the key is missing or its value is bad.
    pub(super) fn get<T>(&mut self, key: &str, parse: impl Fn(&str) -> Result<T, NameError>) -> Option<T> {
        let item = self.block.get(key)?;
        let problem = match item.as_str().map(&parse) {
            Some(Ok(value)) => return Some(value),
            Some(Err(error)) => error.to_string(),
            None => format!("{key} must be a text"),
        };
        self.sound = false;
        let finding = Finding::new(Severity::Error, format!("{} of {}: {problem}", key, self.owner));
        let mut finding = finding.at(self.document.place_of(item));
        let last = item.as_str().and_then(|text| text.rsplit(['/', '\\']).next());
        if let Some(file) = last.filter(|file| key == WORKFLOW && parse(file).is_ok()) {
            finding = finding.hint(format!("registries compare the filename alone: {key} = \"{file}\""));
        }
        self.findings.push(finding);
        None
    }
}

fn unknown_keys(
    document: &Document,
    flavour: Flavour,
    owner: &str,
    block: &dyn TableLike,
    findings: &mut Vec<Finding>,
) {
    let untoken = flavour == Flavour::Untoken;
    for (key, item) in block.iter() {
        if [WORKFLOW, ENVIRONMENT, REPOSITORY].contains(&key) || (untoken && UNTOKEN_KEYS.contains(&key)) {
            continue;
        }
        let (severity, hint) = match flavour {
            Flavour::Untoken => (Severity::Warning, "it is ignored; look for a slip in the spelling"),
            _ => (Severity::Error, "putitoutthere refuses a file with unknown keys here"),
        };
        let finding = Finding::new(severity, format!("{BLOCK} of {owner} has a key `{key}` that nobody knows"));
        findings.push(finding.at(document.place_of(item)).hint(hint));
    }
}
