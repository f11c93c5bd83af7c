//! Who administers a package (`GET /api/packages/NAME/publisher`, dart-lang/pub-dev doc/help-api.md, read 2026-08-20): the
//! admins of its verified publisher, or its uploaders where it has none. Neither of them are named in public.

use serde::Deserialize;

use crate::model::{Owner, PackageName, Party, Registry, Right, clean_line};
use crate::net::{Http, StatusCode};
use crate::registry::answers::{net, unexpected};
use crate::registry::rules::{documented, from_source};
use crate::registry::{AccountBy, ApiError, Endpoints, NewName, OwnerRules, ScopeOf};

const REGISTRY: Registry = Registry::PubDev;

/// Nobody is known there but by a session of the website.
pub(super) const OWNERS: OwnerRules = OwnerRules {
    one: "an admin of the package",
    many: "admins of the package",
    account: documented(AccountBy::Untold, "dart-lang/pub-dev doc/help-api.md", "2026-08-20"),
    new_name: Some(from_source(
        NewName { who: "Anybody who is signed in can do it and is its uploader from then on.", scope: ScopeOf::Nobody },
        "dart-lang/pub-dev app/lib/package/backend.dart",
        "2026-08-20",
    )),
};

#[derive(Deserialize)]
struct Publisher {
    // Null says that there is none; a mirror's answer without the key says nothing.
    #[serde(rename = "publisherId", deserialize_with = "Option::deserialize")]
    id: Option<String>,
}

/// Asks for them.
pub(super) async fn read(http: &Http, endpoints: &Endpoints, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
    let url = endpoints.pub_dev.join(["api", "packages", name.as_str(), "publisher"]);
    let answer = http.get(url).send().await.map_err(net(REGISTRY))?;
    match answer.status {
        status if status.is_success() => {}
        StatusCode::NOT_FOUND => return Err(ApiError::Missing { registry: REGISTRY, name: name.clone() }),
        _ => return Err(unexpected(REGISTRY, &answer)),
    }
    let who = match answer.json::<Publisher>().map_err(net(REGISTRY))?.id {
        Some(id) => format!("the admins of the verified publisher {}", clean_line(&id, 100)),
        None => "its uploaders".to_owned(),
    };
    Ok(vec![Owner { party: Party::Hidden, ..Owner::person(who, Right::Manages) }])
}
