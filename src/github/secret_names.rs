//! The names of a repository's secrets on every level: its own, its environments', its organisation's, Dependabot's.
//!
//! Names and times alone: GitHub gives nobody a value, and none is asked for. Requests: five and one for each environment,
//! and another for each further hundred of a list. Each level fails alone, and says which permission it takes.

use futures::future::join_all;

use super::api::Api;
use super::error::Missing;
use super::facts::{SOURCE, repository, strange};
use super::wire;
use super::{Endpoints, GithubError, Token};
use crate::model::{
    EnvironmentName, Reading, RepoSlug, SecretFact, SecretHome, SecretName, SecretNames, SecretPlace, Timestamp,
    Unknown,
};
use crate::net::Http;

/// What the lists of the repository and of its organisation take.
pub(super) const OF_REPOSITORY: &str = "secrets: read";
/// What the list of environments takes (it is not `environments`).
pub(super) const ENVIRONMENTS: &str = "actions: read";
/// What the list of an environment takes.
pub(super) const OF_ENVIRONMENT: &str = "environments: read";
/// What Dependabot's list takes.
pub(super) const OF_DEPENDABOT: &str = "dependabot_secrets: read";

/// Reads the names of all secrets that a repository can use, to the end of every list.
pub async fn read_secret_names(http: &Http, endpoints: &Endpoints, token: &Token, slug: &RepoSlug) -> SecretNames {
    let api = Api::new(http, endpoints, Some(token));
    let found = repository(&api, slug).await;
    // After a rename the rest is asked under the new name.
    let slug = found.as_ref().map_or(slug, |repository| &repository.slug);
    let by_a_person = found.as_ref().is_ok_and(|repository| !repository.owned_by_organization);
    let reader = Reader { api: &api, slug };
    let (at_repository, organization, dependabot, environments) = tokio::join!(
        reader.of_repository(),
        reader.of_organization(by_a_person),
        reader.of_dependabot(),
        reader.environments(),
    );
    let now = api.now();
    SecretNames {
        at_repository: reading(at_repository, OF_REPOSITORY, now),
        organization: reading(organization, OF_REPOSITORY, now),
        dependabot: reading(dependabot, OF_DEPENDABOT, now),
        environments: reading(environments, ENVIRONMENTS, now),
        repository: reading(found, "metadata: read", now),
    }
}

/// Reads lists of names of one repository.
pub(super) struct Reader<'a> {
    pub(super) api: &'a Api<'a>,
    pub(super) slug: &'a RepoSlug,
}

impl Reader<'_> {
    pub(super) async fn of_repository(&self) -> Result<Vec<SecretFact>, GithubError> {
        self.list("the names of the repository's secrets", &["actions", "secrets"], SecretPlace::Repository).await
    }

    pub(super) async fn of_organization(&self, owned_by_a_person: bool) -> Result<Vec<SecretFact>, GithubError> {
        if owned_by_a_person {
            return Ok(Vec::new()); // The repository's own answer said that there is no organisation.
        }
        let what = "the names of the organisation's secrets";
        self.list(what, &["actions", "organization-secrets"], SecretPlace::Organization).await
    }

    pub(super) async fn of_environment(&self, name: &EnvironmentName) -> Result<Vec<SecretFact>, GithubError> {
        let what = format!("the names of the secrets of {name}");
        self.list(&what, &["environments", name.as_str(), "secrets"], SecretPlace::Environment(name.clone())).await
    }

    async fn of_dependabot(&self) -> Result<Vec<SecretFact>, GithubError> {
        self.list("the names of Dependabot's secrets", &["dependabot", "secrets"], SecretPlace::Dependabot).await
    }

    /// Those of one place.
    pub(super) async fn of_home(&self, home: &SecretHome) -> Result<Vec<SecretFact>, GithubError> {
        match home {
            SecretHome::Repository => self.of_repository().await,
            SecretHome::Environment(name) => self.of_environment(name).await,
            SecretHome::Dependabot => self.of_dependabot().await,
        }
    }

    async fn environments(&self) -> Result<Vec<(EnvironmentName, Reading<Vec<SecretFact>>)>, GithubError> {
        let what = "the environments";
        let found = self.api.list::<wire::Environment>(what, self.api.repo_url(self.slug, &["environments"])).await?;
        let names: Result<Vec<_>, _> = found
            .iter()
            .map(|environment| EnvironmentName::new(&environment.name).map_err(|e| strange(what, &e)))
            .collect();
        let read = |name: EnvironmentName| async move {
            let secrets = reading(self.of_environment(&name).await, OF_ENVIRONMENT, self.api.now());
            (name, secrets)
        };
        Ok(join_all(names?.into_iter().map(read)).await)
    }

    async fn list(&self, what: &str, path: &[&str], place: SecretPlace) -> Result<Vec<SecretFact>, GithubError> {
        if !self.api.signed_in() {
            return Err(GithubError::SignInNeeded { what: what.to_owned() });
        }
        let secrets = self.api.list::<wire::Secret>(what, self.api.repo_url(self.slug, path)).await?;
        facts(what, secrets, &place)
    }
}

/// The secrets of one place.
pub(super) fn facts(
    what: &str,
    secrets: Vec<wire::Secret>,
    place: &SecretPlace,
) -> Result<Vec<SecretFact>, GithubError> {
    let fact = |secret: wire::Secret| {
        Ok(SecretFact {
            name: SecretName::new(&secret.name).map_err(|e| strange(what, &e))?,
            place: place.clone(),
            created: secret.created_at.as_deref().and_then(Timestamp::parse),
            updated: secret.updated_at.as_deref().and_then(Timestamp::parse),
        })
    };
    secrets.into_iter().map(fact).collect()
}

/// A level, or why it was not read; where a right may be missing, with the one that it takes.
pub(super) fn reading<T>(result: Result<T, GithubError>, takes: &str, now: Timestamp) -> Reading<T> {
    let error = match result {
        Ok(value) => return Reading::seen(value, SOURCE, now),
        Err(error) => error,
    };
    let unknown = Unknown::from(&error);
    Reading::Unknown(match error {
        // GitHub named what is missing.
        GithubError::Forbidden { missing: Missing::Permission(_) | Missing::Scopes(_), .. } => unknown,
        GithubError::Forbidden { .. } | GithubError::NotFound { .. } => unknown.hint(format!(
            "an App or a fine-grained token needs the permission {takes}, any other token the scope repo"
        )),
        _ => unknown,
    })
}
