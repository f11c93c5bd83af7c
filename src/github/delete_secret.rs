//! Deletes a secret of the repository's own by its name, and reads the names again. An organisation's secret has no way here.

use super::api::Api;
use super::secret_names::Reader;
use super::{Endpoints, GithubError, Token};
use crate::model::{RepoSlug, SecretDeleted, SecretFact, SecretHome, SecretName};
use crate::net::Http;

/// Deletes it: looks first, sends one request, looks again.
///
/// # Errors
/// Whatever keeps the names from being read before, or the secret from being deleted.
pub async fn delete_secret(
    http: &Http,
    endpoints: &Endpoints,
    token: &Token,
    slug: &RepoSlug,
    (home, name): (&SecretHome, &SecretName),
) -> Result<SecretDeleted, GithubError> {
    let api = Api::new(http, endpoints, Some(token));
    let reader = Reader { api: &api, slug };
    let holds = |names: &[SecretFact]| names.iter().any(|secret| secret.name == *name);
    if !holds(&reader.of_home(home).await?) {
        return Ok(SecretDeleted::WasGone);
    }
    let url = match home {
        SecretHome::Repository => api.repo_url(slug, &["actions", "secrets", name.as_str()]),
        SecretHome::Environment(environment) => {
            api.repo_url(slug, &["environments", environment.as_str(), "secrets", name.as_str()])
        }
        SecretHome::Dependabot => api.repo_url(slug, &["dependabot", "secrets", name.as_str()]),
    };
    let what = format!("delete the secret {name} of {}", home.place().in_words());
    let sent = api.change(&what, api.delete(url)).await;
    match (reader.of_home(home).await, sent) {
        // Whatever was answered: what is not in the list is gone.
        (Ok(names), _) if !holds(&names) => Ok(SecretDeleted::Gone),
        (_, Err(error)) => Err(error),
        (Ok(_), Ok(())) => Ok(SecretDeleted::NotSeen("GitHub took it, and still lists the name".to_owned())),
        (Err(error), Ok(())) => {
            Ok(SecretDeleted::NotSeen(format!("GitHub took it, and the names could not be read again: {error}")))
        }
    }
}
