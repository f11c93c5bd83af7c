//! A `trust_policy` block: three keys, in untoken.toml for some registries more or fewer, each checked where it is read. A
//! block with a bad value declares nothing.

use toml_edit::{Item, TableLike};

use super::Flavour;
use super::document::Document;
use crate::model::{
    EnvironmentName, Finding, NameError, Place, RepoSlug, Severity, TagPattern, TrustPolicy, WorkflowFile,
};

/// The block's name.
pub(super) const BLOCK: &str = "trust_policy";
/// Its keys.
pub(super) const WORKFLOW: &str = "workflow";
/// See [`WORKFLOW`].
pub(super) const ENVIRONMENT: &str = "environment";
/// See [`WORKFLOW`].
pub(super) const REPOSITORY: &str = "repository";

/// See [`WORKFLOW`]; of untoken.toml alone.
pub(super) const TAG_PATTERN: &str = "tag_pattern";
/// See [`WORKFLOW`]; of untoken.toml alone.
pub(super) const WORKFLOW_REPOSITORY: &str = "workflow_repository";

/// What a block of untoken.toml may have or leave out, by the kind of its package.
struct Form {
    kind: &'static str,
    /// Whether the registry compares no workflow, so that none need be named.
    no_workflow: bool,
    /// A key of its own.
    own: Option<&'static str>,
}

const FORMS: [Form; 3] = [
    Form { kind: "jsr", no_workflow: true, own: None },
    Form { kind: "pub", no_workflow: true, own: Some(TAG_PATTERN) },
    Form { kind: "gem", no_workflow: false, own: Some(WORKFLOW_REPOSITORY) },
];

/// The form of a kind in this file; other tools' files have none but the plain one.
fn form(flavour: Flavour, kind: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| flavour == Flavour::Untoken && form.kind == kind)
}

/// Reads a block that belongs to the package called `owner`, of a kind.
pub(super) fn read(
    document: &Document,
    flavour: Flavour,
    (kind, owner): (&str, &str),
    item: &Item,
    findings: &mut Vec<Finding>,
) -> Option<(TrustPolicy, Place)> {
    let at = document.place_of(item);
    let Some(block) = item.as_table_like() else {
        findings.push(Finding::new(Severity::Error, format!("{BLOCK} of {owner} is not a table")).at(at));
        return None;
    };
    let form = form(flavour, kind);
    let own = form.and_then(|form| form.own);
    unknown_keys(document, flavour, (owner, own), block, findings);
    let mut values = Values { document, owner, block, findings, sound: true };
    let workflow = values.get(WORKFLOW, WorkflowFile::new);
    let environment = values.get(ENVIRONMENT, EnvironmentName::new);
    let repository = values.get(REPOSITORY, |text| text.parse::<RepoSlug>());
    let tag_pattern = (own == Some(TAG_PATTERN)).then(|| values.get(TAG_PATTERN, TagPattern::new)).flatten();
    let elsewhere = (own == Some(WORKFLOW_REPOSITORY)).then(|| values.get(WORKFLOW_REPOSITORY, str::parse)).flatten();
    let unnamed = form.is_some_and(|form| form.no_workflow) && !block.contains_key(WORKFLOW);
    if workflow.is_none() && !block.contains_key(WORKFLOW) && !unnamed {
        let finding = Finding::new(Severity::Error, format!("{BLOCK} of {owner} names no workflow"));
        values.findings.push(finding.at(at.clone()).hint("add the file that publishes: workflow = \"release.yml\""));
    }
    let policy = TrustPolicy { workflow, environment, repository, tag_pattern, workflow_repository: elsewhere };
    (values.sound && (unnamed || policy.workflow.is_some())).then_some((policy, at))
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
    (owner, own): (&str, Option<&str>),
    block: &dyn TableLike,
    findings: &mut Vec<Finding>,
) {
    for (key, item) in block.iter() {
        if [WORKFLOW, ENVIRONMENT, REPOSITORY].contains(&key) || own == Some(key) {
            continue;
        }
        let (severity, hint) = match flavour {
            Flavour::Untoken if FORMS.iter().any(|form| form.own == Some(key)) => {
                (Severity::Warning, "it is ignored: tag_pattern is for pub packages, workflow_repository for gems")
            }
            Flavour::Untoken => (Severity::Warning, "it is ignored; look for a slip in the spelling"),
            _ => (Severity::Error, "putitoutthere refuses a file with unknown keys here"),
        };
        let finding = Finding::new(severity, format!("{BLOCK} of {owner} has a key `{key}` that nobody knows"));
        findings.push(finding.at(document.place_of(item)).hint(hint));
    }
}
