//! Who is in a package's scope (`GET /scopes/SCOPE/members`, jsr-io/jsr api/src/api/scope.rs and types.rs, read 2026-11-21):
//! names of people, with the number of their GitHub account. The scope has them before the package is there.

use serde::Deserialize;

use super::halves;
use super::refusal::{is_absent, refusal};
use crate::model::{Owner, PackageName, Registry, Right, clean_line};
use crate::net::Http;
use crate::registry::answers::{lenient, net};
use crate::registry::rules::from_source;
use crate::registry::{AccountBy, ApiError, Endpoints, NewName, OwnerRules, ScopeOf};

const REGISTRY: Registry = Registry::Jsr;

/// Linking a repository is for admins; making a package is for every member.
pub(super) const OWNERS: OwnerRules = OwnerRules {
    one: "an admin of the scope",
    many: "admins of the scope",
    account: from_source(AccountBy::GithubNumber, "jsr-io/jsr api/src/api/types.rs", "2026-11-21"),
    new_name: Some(from_source(
        NewName { who: "Every member of the scope can do it.", scope: ScopeOf::Nobody },
        "jsr-io/jsr api/src/api/scope.rs",
        "2026-08-22",
    )),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    user: User,
    is_admin: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    github_id: Option<u64>,
}

/// Asks for them.
pub(super) async fn read(http: &Http, endpoints: &Endpoints, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
    let url = endpoints.jsr_api.join(["scopes", halves(name).0, "members"]);
    let answer = http.get(url).send().await.map_err(net(REGISTRY))?;
    if is_absent(&answer)? {
        let message = format!("has no scope @{} yet", halves(name).0);
        let hint = "make the scope on JSR first: whoever makes it is its admin".to_owned();
        return Err(ApiError::Untold { registry: REGISTRY, message, hint });
    }
    if !answer.is_success() {
        return Err(refusal(&answer, name, endpoints));
    }
    let members = answer.json::<Vec<Member>>().map_err(net(REGISTRY))?;
    let owner = |Member { user, is_admin }: Member| {
        let right = if is_admin { Right::Manages } else { Right::Publishes };
        Owner { github_id: user.github_id, ..Owner::person(clean_line(&user.name, 100), right) }
    };
    Ok(members.into_iter().map(owner).collect())
}
