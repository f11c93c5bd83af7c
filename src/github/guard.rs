//! Who can change what a release rests on: who can push, and the rules on the default branch and on tags.
//!
//! Read only when somebody looks at an environment: 3 requests, and one for each ruleset on tags that is in force (at most
//! 10). Classic branch protection is not read: it needs administration rights.

use futures::future::join_all;

use super::api::Api;
use super::facts::reading;
use super::wire;
use super::{Endpoints, GithubError, Token};
use crate::model::{Collaborator, GuardFacts, Permission, RefKind, RepoSlug, Ruleset, clean_line};
use crate::net::Http;

/// How many rulesets on tags are read.
const RULESETS: usize = 10;

/// How much of a list of names is kept.
const ENTRIES: usize = 100;

/// Reads them, each for itself.
pub async fn read_guard(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    slug: &RepoSlug,
    branch: &str,
) -> GuardFacts {
    let api = Api::new(http, endpoints, token);
    let (collaborators, branch_rules, tag_rulesets) =
        tokio::join!(collaborators(&api, slug), branch_rules(&api, slug, branch), tag_rulesets(&api, slug));
    let now = api.now();
    GuardFacts {
        collaborators: reading(collaborators, now),
        branch_rules: reading(branch_rules, now),
        tag_rulesets: reading(tag_rulesets, now),
    }
}

async fn collaborators(api: &Api<'_>, slug: &RepoSlug) -> Result<Vec<Collaborator>, GithubError> {
    let what = "the list of those who can push";
    if !api.signed_in() {
        return Err(GithubError::SignInNeeded { what: what.to_owned() });
    }
    let mut url = api.repo_url(slug, &["collaborators"]);
    url.query_pairs_mut().append_pair("permission", "push");
    let found = api.plain_list::<wire::Collaborator>(what, url).await?;
    let known = found.into_iter().filter_map(|one| {
        let permission = one.permissions.highest()?;
        // Whatever the server was asked for: who cannot push is none of these.
        (permission >= Permission::Write).then(|| Collaborator {
            login: clean_line(&one.login, 60),
            id: one.id,
            permission,
        })
    });
    Ok(known.collect())
}

async fn branch_rules(api: &Api<'_>, slug: &RepoSlug, branch: &str) -> Result<Vec<String>, GithubError> {
    let url = api.repo_url(slug, &["rules", "branches", branch]);
    let found = api.plain_list::<wire::Rule>(&format!("the rules on {branch}"), url).await?;
    Ok(kinds(found))
}

async fn tag_rulesets(api: &Api<'_>, slug: &RepoSlug) -> Result<Vec<Ruleset>, GithubError> {
    let what = "the rulesets";
    let mut url = api.repo_url(slug, &["rulesets"]);
    url.query_pairs_mut().append_pair("includes_parents", "true");
    let all = api.plain_list::<wire::RulesetSummary>(what, url).await?;
    let tags: Vec<u64> = all
        .into_iter()
        .filter(|one| one.enforcement == "active" && one.target.as_deref() == Some("tag"))
        .map(|one| one.id)
        .collect();
    if tags.len() > RULESETS {
        let why = format!("{} rulesets on tags", tags.len());
        return Err(GithubError::TooMuch { what: what.to_owned(), why });
    }
    let read = tags.into_iter().map(|id| async move {
        let id = id.to_string();
        api.one::<wire::Ruleset>("a ruleset on tags", api.repo_url(slug, &["rulesets", &id])).await
    });
    join_all(read).await.into_iter().map(|one| one.map(ruleset)).collect()
}

fn ruleset(found: wire::Ruleset) -> Ruleset {
    let refs = found.conditions.unwrap_or_default().ref_name;
    let clean = |list: Vec<String>| list.iter().take(ENTRIES).map(|one| clean_line(one, 255)).collect();
    Ruleset {
        name: clean_line(&found.name, 100),
        target: RefKind::Tag,
        include: clean(refs.include),
        exclude: clean(refs.exclude),
        rules: kinds(found.rules),
        bypass: found.bypass_actors.map(|actors| actors.len()),
    }
}

fn kinds(rules: Vec<wire::Rule>) -> Vec<String> {
    let mut kinds: Vec<String> = rules.into_iter().take(ENTRIES).map(|rule| clean_line(&rule.kind, 60)).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests;
