//! Who owns a crate (`GET /api/v1/crates/NAME/owners`, rust-lang/crates.io src/controllers/krate/owners.rs, read 2026-08-21).

use serde::Deserialize;

use super::wire::Errors;
use crate::model::{Owner, PackageName, Party, Registry, Right, clean_line};
use crate::net::{Http, StatusCode};
use crate::registry::answers::{net, unexpected};
use crate::registry::rules::from_source;
use crate::registry::{AccountBy, ApiError, Endpoints, NewName, OwnerRules, ScopeOf};

const REGISTRY: Registry = Registry::CratesIo;

/// Members of a team publish; only a person who is an owner may set trusted publishers.
pub(super) const OWNERS: OwnerRules = OwnerRules {
    one: "an owner",
    many: "owners",
    account: from_source(
        AccountBy::GithubLogin,
        "rust-lang/crates.io src/controllers/trustpub/github_configs/create.rs",
        "2026-08-21",
    ),
    new_name: Some(from_source(
        NewName {
            who: "Anybody with a verified e-mail address there can do it and owns it from then on.",
            scope: ScopeOf::Nobody,
        },
        "rust-lang/crates.io src/controllers/krate/publish.rs",
        "2026-08-21",
    )),
};

#[derive(Deserialize)]
struct Owners {
    users: Vec<User>,
}

#[derive(Deserialize)]
struct User {
    login: String,
    kind: Option<String>,
}

/// Asks for them.
pub(super) async fn read(http: &Http, endpoints: &Endpoints, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
    let url = endpoints.crates_io.join(["api", "v1", "crates", name.as_str(), "owners"]);
    let answer = http.get(url).send().await.map_err(net(REGISTRY))?;
    if answer.status == StatusCode::NOT_FOUND {
        answer.json::<Errors>().map_err(net(REGISTRY))?;
        return Err(ApiError::Missing { registry: REGISTRY, name: name.clone() });
    }
    if !answer.is_success() {
        return Err(unexpected(REGISTRY, &answer));
    }
    let owners = answer.json::<Owners>().map_err(net(REGISTRY))?;
    let owner = |user: User| {
        let name = clean_line(&user.login, 100);
        match user.kind.as_deref() {
            Some("team") => Owner { party: Party::Team, ..Owner::person(name, Right::Publishes) },
            _ => Owner::person(name, Right::Manages),
        }
    };
    Ok(owners.users.into_iter().map(owner).collect())
}
