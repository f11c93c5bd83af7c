//! Who owns a gem (`GET /api/v1/gems/NAME/owners.json`, rubygems/guides rubygems-org-api.md, read 2026-08-06): handles,
//! without what each may do.

use serde::Deserialize;

use super::refusal::{is_absent, refusal};
use crate::model::{Owner, PackageName, Registry, Right, clean_line};
use crate::net::Http;
use crate::registry::answers::net;
use crate::registry::rules::{documented, from_source};
use crate::registry::{AccountBy, ApiError, Endpoints, NewName, OwnerRules, ScopeOf};

const REGISTRY: Registry = Registry::RubyGems;

/// A key does not say whose it is.
pub(super) const OWNERS: OwnerRules = OwnerRules {
    one: "an owner",
    many: "owners",
    account: documented(AccountBy::Untold, "rubygems/guides rubygems-org-api.md", "2026-08-06"),
    new_name: Some(from_source(
        NewName {
            who: "Anybody with an account there can do it and owns the name from the first release on.",
            scope: ScopeOf::Nobody,
        },
        "rubygems/rubygems.org app/models/pusher.rb",
        "2026-08-22",
    )),
};

#[derive(Deserialize)]
struct User {
    handle: Option<String>,
}

/// Asks for them. Who has no handle is left unnamed.
pub(super) async fn read(http: &Http, endpoints: &Endpoints, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
    let url = endpoints.rubygems.join(["api", "v1", "gems", name.as_str(), "owners.json"]);
    let answer = http.get(url).send().await.map_err(net(REGISTRY))?;
    if is_absent(&answer) || !answer.is_success() {
        return Err(refusal(&answer, name, endpoints));
    }
    let users = answer.json::<Vec<User>>().map_err(net(REGISTRY))?;
    let name = |user: User| user.handle.map_or_else(|| "somebody".to_owned(), |handle| clean_line(&handle, 100));
    Ok(users.into_iter().map(|user| Owner::person(name(user), Right::Untold)).collect())
}
