//! The parts of GitHub's answers that are read, as GitHub writes them (REST API version 2022-11-28). Nothing here is clean
//! yet: names are checked on their way into the model.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Permission;

/// A repository as an organisation's list has it: what is kept of it between two runs, and no more.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Listed {
    pub(super) id: u64,
    pub(super) full_name: String,
    pub(super) owner: Owner,
    pub(super) default_branch: String,
    pub(super) private: bool,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default)]
    pub(super) fork: bool,
    pub(super) permissions: Option<Permissions>,
}

/// An environment of which the name alone counts.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
}

/// A page of any list: each list has a word of its own for its entries.
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    #[serde(
        alias = "workflows",
        alias = "environments",
        alias = "secrets",
        alias = "branch_policies",
        alias = "installations",
        alias = "workflow_runs",
        alias = "jobs"
    )]
    pub(super) items: Vec<T>,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) login: String,
    #[serde(default)]
    pub(super) id: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Installation {
    pub(super) account: User,
    #[serde(default)]
    pub(super) permissions: BTreeMap<String, String>,
    pub(super) suspended_at: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) full_name: String,
    pub(super) owner: Owner,
    pub(super) default_branch: String,
    pub(super) private: bool,
    #[serde(default)]
    pub(super) archived: bool,
    pub(super) permissions: Option<Permissions>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Owner {
    pub(super) id: u64,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Permissions {
    pub(super) admin: bool,
    pub(super) maintain: bool,
    pub(super) push: bool,
    pub(super) triage: bool,
    pub(super) pull: bool,
}

impl Permissions {
    /// The most that is allowed; `None`: nothing.
    pub(super) fn highest(&self) -> Option<Permission> {
        [
            (self.admin, Permission::Admin),
            (self.maintain, Permission::Maintain),
            (self.push, Permission::Write),
            (self.triage, Permission::Triage),
            (self.pull, Permission::Read),
        ]
        .into_iter()
        .find_map(|(has, permission)| has.then_some(permission))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Collaborator {
    pub(super) login: String,
    pub(super) id: u64,
    #[serde(default)]
    pub(super) permissions: Permissions,
}

/// A rule of a ruleset, or one in force on a branch.
#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct RulesetSummary {
    pub(super) id: u64,
    pub(super) target: Option<String>,
    pub(super) enforcement: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Ruleset {
    pub(super) name: String,
    pub(super) conditions: Option<Conditions>,
    #[serde(default)]
    pub(super) rules: Vec<Rule>,
    /// Only those who may edit the ruleset are shown who may pass it by.
    pub(super) bypass_actors: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Conditions {
    #[serde(default)]
    pub(super) ref_name: RefName,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RefName {
    #[serde(default)]
    pub(super) include: Vec<String>,
    #[serde(default)]
    pub(super) exclude: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Workflow {
    pub(super) path: String,
    pub(super) state: String,
}

/// An entry of a folder.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) sha: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Environment {
    pub(super) name: String,
    #[serde(default)]
    pub(super) protection_rules: Vec<ProtectionRule>,
    pub(super) deployment_branch_policy: Option<DeploymentBranchPolicy>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ProtectionRule {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) wait_timer: Option<u64>,
    #[serde(default)]
    pub(super) prevent_self_review: bool,
    #[serde(default)]
    pub(super) reviewers: Vec<Reviewer>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reviewer {
    pub(super) reviewer: ReviewerName,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReviewerName {
    /// A person.
    pub(super) login: Option<String>,
    /// A team.
    pub(super) slug: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DeploymentBranchPolicy {
    pub(super) custom_branch_policies: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct BranchPattern {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Secret {
    pub(super) name: String,
    pub(super) created_at: Option<String>,
    pub(super) updated_at: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct OidcCustomization {
    pub(super) use_default: bool,
    pub(super) use_immutable_subject: Option<bool>,
    pub(super) sub_claim_prefix: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tree {
    pub(super) tree: Vec<TreeEntry>,
    #[serde(default)]
    pub(super) truncated: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct TreeEntry {
    pub(super) path: String,
    pub(super) mode: String,
    pub(super) sha: String,
    pub(super) size: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Blob {
    pub(super) content: String,
    pub(super) encoding: String,
}
