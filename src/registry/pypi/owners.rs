//! Who owns a project: `ownership` of its JSON (pypi/warehouse warehouse/legacy/api/json.py, read 2026-08-21).

use serde::Deserialize;

use crate::model::{Owner, PackageName, Party, Registry, Right, clean_line};
use crate::net::{Http, StatusCode, Streamed};
use crate::registry::answers::{net, unexpected};
use crate::registry::rules::from_source;
use crate::registry::{AccountBy, ApiError, Endpoints, NewName, OwnerRules, ScopeOf};

const REGISTRY: Registry = Registry::Pypi;

/// No call and no file of this machine says whose a token is.
pub(super) const OWNERS: OwnerRules = OwnerRules {
    one: "an owner",
    many: "owners",
    account: from_source(AccountBy::Untold, "pypi/warehouse warehouse/legacy/api", "2026-08-21"),
    new_name: Some(from_source(
        NewName {
            who: "Anybody with an account there can do it and owns the name from the first release on.",
            scope: ScopeOf::Nobody,
        },
        "pypi/warehouse warehouse/oidc/views.py",
        "2026-08-21",
    )),
};

#[derive(Deserialize)]
struct Project {
    ownership: Option<Ownership>,
}

#[derive(Deserialize)]
struct Ownership {
    roles: Vec<Role>,
    organization: Option<String>,
}

#[derive(Deserialize)]
struct Role {
    role: String,
    user: String,
}

/// Asks for them.
pub(super) async fn read(http: &Http, endpoints: &Endpoints, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
    let url = endpoints.pypi.join(["pypi", name.as_str(), "json"]);
    match http.get(url).stream_json::<Project>().await.map_err(net(REGISTRY))? {
        Streamed::Parsed { value, .. } => value.ownership.map(Ownership::owners).ok_or_else(|| ApiError::Strange {
            registry: REGISTRY,
            message: "the answer lacks ownership; a mirror may strip it".to_owned(),
        }),
        Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => {
            let message = "does not show the owners of a project without a release".to_owned();
            Err(ApiError::Untold { registry: REGISTRY, message, hint: "look at the project's own page".to_owned() })
        }
        Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
    }
}

impl Ownership {
    fn owners(self) -> Vec<Owner> {
        let right = |role: &str| match role {
            "Owner" => Right::Manages,
            "Maintainer" => Right::Publishes,
            _ => Right::Untold,
        };
        let team = |name: String| Owner { party: Party::Team, ..Owner::person(clean_line(&name, 100), Right::Manages) };
        let people = self.roles.into_iter().map(|one| Owner::person(clean_line(&one.user, 100), right(&one.role)));
        people.chain(self.organization.map(team)).collect()
    }
}
