//! Makes an environment, or guards a bare one, and reads it back. Looks first: what is guarded already is never touched,
//! because what a request leaves out GitHub may take away.

use serde_json::{Map, Value, json};

use super::api::Api;
use super::facts::one_environment;
use super::{Endpoints, GithubError, Token};
use crate::model::{
    BranchPolicy, EnvironmentFacts, EnvironmentMade, EnvironmentName, EnvironmentWish, Reading, RepoSlug,
};
use crate::net::Http;

/// Reads one environment with the refs that may deploy to it; `None`: GitHub shows none of that name.
///
/// # Errors
/// Whatever keeps it from being read.
pub async fn read_environment(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    slug: &RepoSlug,
    name: &EnvironmentName,
) -> Result<Option<EnvironmentFacts>, GithubError> {
    find(&Api::new(http, endpoints, token), slug, name).await
}

/// Makes it, with only what is wished for in the request.
///
/// # Errors
/// Whatever keeps it from being made or read back; a name that no address can carry; one that is guarded otherwise.
pub async fn make_environment(
    http: &Http,
    endpoints: &Endpoints,
    token: &Token,
    slug: &RepoSlug,
    wish: &EnvironmentWish,
) -> Result<EnvironmentMade, GithubError> {
    let api = Api::new(http, endpoints, Some(token));
    let before = find(&api, slug, &wish.name).await?;
    if let Some(there) = before {
        match there.differs_from(wish) {
            None => return Ok(EnvironmentMade::AlreadySo(there)),
            Some(_) if there.is_bare() || is_unfinished(&there, wish) => {}
            Some(why) => return Err(GithubError::Guarded { name: there.name, why }),
        }
        if there.is_bare() {
            put(&api, slug, wish).await?;
        }
    } else {
        put(&api, slug, wish).await?;
    }
    for pattern in &wish.refs {
        let url = api.repo_url(slug, &["environments", wish.name.as_str(), "deployment-branch-policies"]);
        let body = json!({ "name": pattern.pattern, "type": pattern.kind.word() });
        api.change(&format!("let {pattern} deploy to {}", wish.name), api.post(url).json(&body)).await?;
    }
    let what = format!("the environment {} after it was made", wish.name);
    match find(&api, slug, &wish.name).await? {
        None => Err(GithubError::Strange { what, why: "GitHub shows none of that name".to_owned() }),
        Some(there) => Ok(match there.differs_from(wish) {
            None => EnvironmentMade::Done(there),
            Some(why) => EnvironmentMade::Differs(why, there),
        }),
    }
}

/// Whether a run before this one was cut short: all that is there is wished for, and some patterns are not there yet.
/// Adding them takes nothing away.
fn is_unfinished(there: &EnvironmentFacts, wish: &EnvironmentWish) -> bool {
    let BranchPolicy::Custom(Reading::Seen(patterns)) = &there.refs else { return false };
    let refs = patterns.value.clone();
    patterns.value.iter().all(|pattern| wish.refs.contains(pattern))
        && there.differs_from(&EnvironmentWish { refs, ..wish.clone() }).is_none()
}

async fn find(api: &Api<'_>, slug: &RepoSlug, name: &EnvironmentName) -> Result<Option<EnvironmentFacts>, GithubError> {
    let what = format!("the environment {name}");
    if matches!(name.as_str(), "." | "..") {
        return Err(GithubError::Strange { what, why: "no address can carry that name".to_owned() });
    }
    match one_environment(api, slug, name, &what).await {
        Ok(found) => Ok(Some(found)),
        Err(GithubError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn put(api: &Api<'_>, slug: &RepoSlug, wish: &EnvironmentWish) -> Result<(), GithubError> {
    let mut body = Map::new();
    if !wish.refs.is_empty() {
        let policy = json!({ "protected_branches": false, "custom_branch_policies": true });
        body.insert("deployment_branch_policy".to_owned(), policy);
    }
    if !wish.reviewers.is_empty() {
        let reviewers: Vec<Value> = wish.reviewers.iter().map(|(_, id)| json!({ "type": "User", "id": id })).collect();
        body.insert("reviewers".to_owned(), Value::Array(reviewers));
    }
    let url = api.repo_url(slug, &["environments", wish.name.as_str()]);
    api.change(&format!("make the environment {}", wish.name), api.put(url).json(&body)).await
}

#[cfg(test)]
mod tests;
