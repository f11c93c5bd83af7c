//! The names of the secrets of a whole organisation: its repositories, and of each the four levels. Requests: one for each
//! hundred repositories, and of each repository four and one for each environment; another for each further hundred of a list.
//!
//! Archived repositories and forks are read like all others: a token in them is as alive as elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures::StreamExt as _;

use super::answers::Answers;
use super::api::Api;
use super::error::GithubError;
use super::facts::{SOURCE, strange};
use super::paced::Paced;
use super::secret_names::{ENVIRONMENTS, OF_DEPENDABOT, OF_ENVIRONMENT, OF_REPOSITORY, facts, reading};
use super::{Endpoints, Token, wire};
use crate::model::{
    EnvironmentName, OrganizationName, OrganizationSecrets, Reading, RepoSlug, RepositoryFacts, RepositorySecrets,
    SecretFact, SecretNames, SecretPlace, Timestamp, clean_line,
};
use crate::net::Http;

/// How many repositories are read at a time; each asks for one thing after the other.
const AT_A_TIME: usize = 4;

/// Reads the names of all secrets of an organisation's repositories, to the end of every list. `progress` is told how many
/// of how many repositories are read.
pub async fn read_organization(
    http: &Http,
    endpoints: &Endpoints,
    token: &Token,
    name: &OrganizationName,
    answers: &Answers,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<OrganizationSecrets, GithubError> {
    let paced = Paced::new(Api::new(http, endpoints, Some(token)), answers);
    let what = format!("the repositories of the organisation {name}");
    let mut url = paced.api.url(["orgs", name.as_str(), "repos"]);
    url.query_pairs_mut().append_pair("sort", "full_name");
    let (listed, at) = paced.plain_list::<wire::Listed>(&what, url).await?;
    let found: Vec<(RepositoryFacts, bool)> =
        listed.into_iter().map(|one| repository(&what, one)).collect::<Result<_, _>>()?;
    let (all, done) = (found.len(), AtomicUsize::new(0));
    progress(0, all);
    let read = |(repository, fork): (RepositoryFacts, bool)| {
        let (paced, done) = (&paced, &done);
        async move {
            let names = Reader { paced, repository: &repository }.names(at).await;
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
            RepositorySecrets { repository, fork, names }
        }
    };
    let repositories = futures::stream::iter(found).map(read).buffered(AT_A_TIME).collect().await;
    if paced.stopped().is_none() {
        answers.finish(paced.api.now());
    }
    Ok(OrganizationSecrets { name: name.clone(), repositories, requests: paced.requests() })
}

fn repository(what: &str, listed: wire::Listed) -> Result<(RepositoryFacts, bool), GithubError> {
    let slug: RepoSlug = listed.full_name.parse().map_err(|e| strange(what, &e))?;
    let facts = RepositoryFacts {
        id: listed.id,
        slug,
        owner_id: listed.owner.id,
        owned_by_organization: listed.owner.kind == "Organization",
        default_branch: clean_line(&listed.default_branch, 255),
        private: listed.private,
        archived: listed.archived,
        permission: listed.permissions.and_then(|p| p.highest()),
    };
    Ok((facts, listed.fork))
}

/// Reads one repository's levels.
struct Reader<'a> {
    paced: &'a Paced<'a>,
    repository: &'a RepositoryFacts,
}

impl Reader<'_> {
    async fn names(&self, listed: Timestamp) -> SecretNames {
        let at_repository = ("the names of the repository's secrets", ["actions", "secrets"]);
        let organization = ("the names of the organisation's secrets", ["actions", "organization-secrets"]);
        let dependabot = ("the names of Dependabot's secrets", ["dependabot", "secrets"]);
        SecretNames {
            at_repository: self.list(at_repository.0, &at_repository.1, SecretPlace::Repository, OF_REPOSITORY).await,
            organization: self.list(organization.0, &organization.1, SecretPlace::Organization, OF_REPOSITORY).await,
            dependabot: self.list(dependabot.0, &dependabot.1, SecretPlace::Dependabot, OF_DEPENDABOT).await,
            environments: self.environments().await,
            repository: Reading::seen(self.repository.clone(), SOURCE, listed),
        }
    }

    async fn list(&self, what: &str, path: &[&str], place: SecretPlace, takes: &str) -> Reading<Vec<SecretFact>> {
        let read = self.paced.list::<wire::Secret>(what, self.paced.api.repo_url(&self.repository.slug, path)).await;
        let read = read.and_then(|(secrets, at)| Ok((facts(what, secrets, &place)?, at)));
        self.reading(read, takes)
    }

    async fn environments(&self) -> Reading<Vec<(EnvironmentName, Reading<Vec<SecretFact>>)>> {
        let what = "the environments";
        let url = self.paced.api.repo_url(&self.repository.slug, &["environments"]);
        let read = self.paced.list::<wire::Named>(what, url).await.and_then(|(found, at)| {
            let name = |one: &wire::Named| EnvironmentName::new(&one.name).map_err(|e| strange(what, &e));
            Ok((found.iter().map(name).collect::<Result<Vec<_>, _>>()?, at))
        });
        let (names, at) = match read {
            Ok(read) => read,
            Err(error) => return self.reading(Err(error), ENVIRONMENTS),
        };
        let mut all = Vec::new();
        for name in names {
            let what = format!("the names of the secrets of {name}");
            let path = ["environments", name.as_str(), "secrets"];
            let list = self.list(&what, &path, SecretPlace::Environment(name.clone()), OF_ENVIRONMENT).await;
            all.push((name, list));
        }
        Reading::seen(all, SOURCE, at)
    }

    fn reading<T>(&self, read: Result<(T, Timestamp), GithubError>, takes: &str) -> Reading<T> {
        match read {
            Ok((value, at)) => Reading::seen(value, SOURCE, at),
            Err(error) => reading(Err(error), takes, self.paced.api.now()),
        }
    }
}
