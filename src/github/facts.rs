//! All that untoken reads of a repository, each part for itself.
//!
//! Requests for 20 workflows and 5 environments: repository, workflows, their folder, environments, five lists of
//! environment secrets, repository secrets, organisation secrets, subject: 12, and one for each named environment with
//! patterns of its own. With the two of [`super::identify`] that stays within 16.

use std::collections::BTreeMap;

use futures::future::{OptionFuture, join_all};

use super::api::Api;
use super::secret_names::Reader as Names;
use super::wire;
use super::workflow_files::workflow_files;
use super::{Endpoints, GithubError, Token};
use crate::model::{
    BranchPolicy, EnvironmentFacts, EnvironmentName, GithubFacts, GuardFacts, OidcSubject, Protection, Reading,
    RefKind, RefPattern, RemoteWorkflow, RepoSlug, RepositoryFacts, Reviewer, SecretFact, Timestamp, Unknown,
    WorkflowState, clean_line,
};
use crate::net::Http;

/// Who said it.
pub(super) const SOURCE: &str = "GitHub API";

/// How many environments' secrets are read where more are not named.
const ENVIRONMENTS: usize = 5;

/// The folder that GitHub runs workflows from.
const WORKFLOWS: &str = ".github/workflows/";

/// Reads all that can be read of a repository. Without a token only what is public is asked for. `named` are the
/// environments that the workflows name: theirs are the branch patterns that are read.
pub async fn read_facts(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    slug: &RepoSlug,
    named: &[EnvironmentName],
) -> GithubFacts {
    let api = Api::new(http, endpoints, token);
    let repository = repository(&api, slug).await;
    // After a rename the rest is asked under the new name: redirects cost a request each.
    let (slug, branch) = match &repository {
        Ok(repository) => (&repository.slug, Some(repository.default_branch.as_str())),
        Err(_) => (slug, None),
    };
    let reader = Reader { api: &api, slug, named };
    let names = Names { api: &api, slug };
    let by_a_person = repository.as_ref().is_ok_and(|r| !r.owned_by_organization);
    let (workflows, environments, repository_secrets, organization_secrets, oidc_subject) = tokio::join!(
        reader.workflows(branch),
        reader.environments(),
        names.of_repository(),
        names.of_organization(by_a_person),
        reader.oidc_subject(),
    );
    let now = api.now();
    GithubFacts {
        repository: reading(repository, now),
        workflows: reading(workflows, now),
        environments: reading(environments, now),
        repository_secrets: reading(repository_secrets, now),
        organization_secrets: reading(organization_secrets, now),
        oidc_subject: reading(oidc_subject, now),
        guard: GuardFacts::default(),
        runs: BTreeMap::new(),
        actions: Vec::new(),
        web: Some(endpoints.web.as_str().to_owned()),
    }
}

/// The workflows that GitHub would run, with the ids of their files on the default branch.
pub async fn read_workflows(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    slug: &RepoSlug,
) -> Reading<Vec<RemoteWorkflow>> {
    let api = Api::new(http, endpoints, token);
    let found = Reader { api: &api, slug, named: &[] }.workflows(None).await;
    reading(found, api.now())
}

pub(super) fn reading<T>(result: Result<T, GithubError>, now: Timestamp) -> Reading<T> {
    match result {
        Ok(value) => Reading::seen(value, SOURCE, now),
        Err(error) => Reading::Unknown(Unknown::from(&error)),
    }
}

/// The repository, under its canonical name: a rename is followed.
pub(super) async fn repository(api: &Api<'_>, slug: &RepoSlug) -> Result<RepositoryFacts, GithubError> {
    let what = "the repository";
    let repository: wire::Repository = api.one(what, api.repo_url(slug, &[])).await?;
    let slug = repository.full_name.parse().map_err(|e| strange(what, &e))?;
    let permission = repository.permissions.and_then(|p| p.highest());
    Ok(RepositoryFacts {
        id: repository.id,
        slug,
        owner_id: repository.owner.id,
        owned_by_organization: repository.owner.kind == "Organization",
        default_branch: clean_line(&repository.default_branch, 255),
        private: repository.private,
        archived: repository.archived,
        permission: permission.filter(|_| api.signed_in()),
    })
}

/// One environment by its name, with the refs that may deploy to it; its secrets are not asked for.
pub(super) async fn one_environment(
    api: &Api<'_>,
    slug: &RepoSlug,
    name: &EnvironmentName,
    what: &str,
) -> Result<EnvironmentFacts, GithubError> {
    let found: wire::Environment = api.one(what, api.repo_url(slug, &["environments", name.as_str()])).await?;
    let name = EnvironmentName::new(&found.name).map_err(|e| strange(what, &e))?;
    Ok(Reader { api, slug, named: &[] }.environment(name, found, true, false).await)
}

/// Reads one repository's parts.
struct Reader<'a> {
    api: &'a Api<'a>,
    slug: &'a RepoSlug,
    named: &'a [EnvironmentName],
}

impl Reader<'_> {
    /// The registered workflows with their state, and the files on the default branch with their blob ids.
    async fn workflows(&self, branch: Option<&str>) -> Result<Vec<RemoteWorkflow>, GithubError> {
        let registered =
            self.api.list::<wire::Workflow>("the workflows", self.api.repo_url(self.slug, &["actions", "workflows"]));
        let files = workflow_files(self.api, self.slug, branch);
        let (registered, files) = tokio::join!(registered, files);
        let mut workflows: Vec<RemoteWorkflow> = registered?
            .into_iter()
            .filter(|w| w.path.starts_with(WORKFLOWS) && w.state != "deleted")
            .map(|w| RemoteWorkflow { path: clean_line(&w.path, 500), state: Some(state(&w.state)), blob: None })
            .collect();
        // A folder that cannot be read leaves the blob ids open; it does not take the states away.
        for file in files.unwrap_or_default() {
            match workflows.iter_mut().find(|w| w.path == file.path) {
                Some(workflow) => workflow.blob = file.blob,
                None => workflows.push(file),
            }
        }
        workflows.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(workflows)
    }

    async fn environments(&self) -> Result<Vec<EnvironmentFacts>, GithubError> {
        let what = "the environments";
        let found = self.api.list::<wire::Environment>(what, self.api.repo_url(self.slug, &["environments"])).await?;
        let mut known = Vec::new();
        for environment in found {
            let name = EnvironmentName::new(&environment.name).map_err(|e| strange(what, &e))?;
            let named = self.named.iter().any(|n| n.same_on_github(&name));
            known.push((name, environment, named));
        }
        let mut room = ENVIRONMENTS.saturating_sub(known.iter().filter(|(.., named)| *named).count());
        let mut all = Vec::new();
        for (name, environment, named) in known {
            let asked = named || room > 0;
            room -= usize::from(asked && !named);
            all.push(self.environment(name, environment, named, asked));
        }
        Ok(join_all(all).await)
    }

    async fn environment(
        &self,
        name: EnvironmentName,
        found: wire::Environment,
        named: bool,
        asked: bool,
    ) -> EnvironmentFacts {
        let custom = found.deployment_branch_policy.as_ref().map(|p| p.custom_branch_policies);
        let patterns: OptionFuture<_> = (custom == Some(true) && named).then(|| self.patterns(&name)).into();
        let secrets: OptionFuture<_> = asked.then(|| self.environment_secrets(&name)).into();
        let (patterns, secrets) = tokio::join!(patterns, secrets);
        EnvironmentFacts {
            protection: found.protection_rules.into_iter().map(protection).collect(),
            refs: match custom {
                None => BranchPolicy::Any,
                Some(false) => BranchPolicy::ProtectedBranches,
                Some(true) => BranchPolicy::Custom(patterns.unwrap_or_default()),
            },
            secrets: secrets.unwrap_or_else(|| Reading::Unknown(Unknown::because("not asked: no workflow names it"))),
            name,
        }
    }

    async fn patterns(&self, name: &EnvironmentName) -> Reading<Vec<RefPattern>> {
        let url = self.api.repo_url(self.slug, &["environments", name.as_str(), "deployment-branch-policies"]);
        let patterns = self.api.list::<wire::BranchPattern>(&format!("the branch patterns of {name}"), url).await;
        reading(patterns.map(|all| all.into_iter().map(pattern).collect()), self.api.now())
    }

    async fn environment_secrets(&self, name: &EnvironmentName) -> Reading<Vec<SecretFact>> {
        let secrets = Names { api: self.api, slug: self.slug }.of_environment(name).await;
        reading(secrets, self.api.now())
    }

    async fn oidc_subject(&self) -> Result<OidcSubject, GithubError> {
        let what = "the form of the subject claim";
        if !self.api.signed_in() {
            return Err(GithubError::SignInNeeded { what: what.to_owned() });
        }
        let url = self.api.repo_url(self.slug, &["actions", "oidc", "customization", "sub"]);
        let found: wire::OidcCustomization = self.api.one(what, url).await?;
        Ok(OidcSubject {
            default_template: found.use_default,
            immutable: found.use_immutable_subject,
            prefix: found.sub_claim_prefix.map(|prefix| clean_line(&prefix, 500)),
        })
    }
}

/// GitHub's word for a state, as a reason.
fn state(word: &str) -> WorkflowState {
    match word {
        "active" => WorkflowState::Active,
        "disabled_fork" => WorkflowState::Disabled("disabled in a fork".to_owned()),
        "disabled_inactivity" => WorkflowState::Disabled("disabled after 60 days without activity".to_owned()),
        "disabled_manually" => WorkflowState::Disabled("disabled by hand".to_owned()),
        other => WorkflowState::Disabled(clean_line(other, 60).replace('_', " ")),
    }
}

/// Without a kind it is of branches: that is what GitHub had before tags came (2023).
fn pattern(found: wire::BranchPattern) -> RefPattern {
    let kind = if found.kind.as_deref() == Some("tag") { RefKind::Tag } else { RefKind::Branch };
    RefPattern { kind, pattern: clean_line(&found.name, 255) }
}

fn protection(rule: wire::ProtectionRule) -> Protection {
    match rule.kind.as_str() {
        "wait_timer" => Protection::WaitTimer(rule.wait_timer.unwrap_or(0)),
        "required_reviewers" => Protection::Reviewers {
            reviewers: rule.reviewers.into_iter().filter_map(|r| reviewer(&r.reviewer)).collect(),
            prevent_self_review: rule.prevent_self_review,
        },
        "branch_policy" => Protection::BranchPolicy,
        other => Protection::Other(clean_line(other, 60)),
    }
}

fn reviewer(found: &wire::ReviewerName) -> Option<Reviewer> {
    let person = found.login.as_ref().map(|login| Reviewer::Person(clean_line(login, 60)));
    person.or_else(|| found.slug.as_ref().map(|slug| Reviewer::Team(clean_line(slug, 60))))
}

pub(super) fn strange(what: &str, error: &dyn std::error::Error) -> GithubError {
    GithubError::Strange { what: what.to_owned(), why: error.to_string() }
}

#[cfg(test)]
mod tests;
