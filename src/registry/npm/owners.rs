//! Who maintains a package: `maintainers` of its full metadata (npm/registry docs/responses/package-metadata.md, read
//! 2024-05-06). Whether an account has the second factor that settings want is not public.

use serde::Deserialize;

use crate::model::{Owner, PackageName, Registry, Right, clean_line};
use crate::net::{Http, StatusCode, Streamed};
use crate::registry::answers::{net, unexpected};
use crate::registry::rules::{documented, from_source};
use crate::registry::{AccountBy, ApiError, Endpoints, NewName, OwnerRules, ScopeOf};

const REGISTRY: Registry = Registry::Npm;

/// `npm whoami` says who the person is.
pub(super) const OWNERS: OwnerRules = OwnerRules {
    one: "a maintainer",
    many: "maintainers",
    account: from_source(AccountBy::Tool, "npm lib/commands/whoami.js, 11.19.1", "2026-08-21"),
    new_name: Some(documented(
        NewName {
            who: "Anybody who is logged in can do it and maintains it from then on; in a scope, only those whom its owner lets.",
            scope: ScopeOf::Account,
        },
        "npm/cli docs/lib/content/using-npm/scope.md",
        "2026-11-21",
    )),
};

#[derive(Deserialize)]
struct Packument {
    maintainers: Option<Vec<Person>>,
}

#[derive(Deserialize)]
struct Person {
    name: String,
}

/// Asks for them.
pub(super) async fn read(http: &Http, endpoints: &Endpoints, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
    match http.get(endpoints.npm.join([name.as_str()])).stream_json::<Packument>().await.map_err(net(REGISTRY))? {
        Streamed::Parsed { value, .. } => {
            let maintainers = value.maintainers.ok_or_else(|| ApiError::Strange {
                registry: REGISTRY,
                message: "the answer lacks maintainers; a mirror may strip them".to_owned(),
            })?;
            Ok(maintainers.into_iter().map(|one| Owner::person(clean_line(&one.name, 100), Right::Manages)).collect())
        }
        Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => {
            answer.json::<serde::de::IgnoredAny>().map_err(net(REGISTRY))?;
            Err(ApiError::Missing { registry: REGISTRY, name: name.clone() })
        }
        Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
    }
}
