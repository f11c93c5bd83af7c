//! Who owns a package: only the search tells (NuGet's docs, api/search-query-service-resource.md, read 2026-08-07).

use serde::Deserialize;

use super::REGISTRY;
use super::index::Index;
use crate::model::{Owner, PackageName, Right, clean_line};
use crate::net::{Http, Streamed};
use crate::registry::ApiError;
use crate::registry::answers::{net, unexpected};

#[derive(Deserialize)]
struct Found {
    data: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    id: String,
    owners: Option<Owners>,
}

/// One owner is written as a text by some servers, and by nuget.org as a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Owners {
    One(String),
    Many(Vec<String>),
}

/// Asks for them. Whether one is a person or an organisation is not told.
pub(super) async fn read(http: &Http, index: &Index, name: &PackageName) -> Result<Vec<Owner>, ApiError> {
    let mut url = index.search()?;
    let query = format!("packageid:{name}");
    url.query_pairs_mut().extend_pairs([
        ("q", query.as_str()),
        ("prerelease", "true"),
        ("semVerLevel", "2.0.0"),
        ("take", "1"),
    ]);
    let found = match http.get(url).stream_json::<Found>().await.map_err(net(REGISTRY))? {
        Streamed::Parsed { value, .. } => value,
        Streamed::Refused(answer) => return Err(unexpected(REGISTRY, &answer)),
    };
    let strange = |message: &str| ApiError::Strange { registry: REGISTRY, message: message.to_owned() };
    let one = found.data.into_iter().find(|one| one.id.eq_ignore_ascii_case(name.as_str()));
    // The search lags behind, and leaves out what is unlisted: that it does not find a package says nothing of it.
    let one = one.ok_or_else(|| ApiError::Untold {
        registry: REGISTRY,
        message: "does not find it by its search, which lags behind and leaves out what is unlisted".to_owned(),
        hint: "look at the package's own page".to_owned(),
    })?;
    let names = match one.owners {
        Some(Owners::One(name)) => vec![name],
        Some(Owners::Many(names)) => names,
        None => Vec::new(),
    };
    if names.is_empty() {
        return Err(strange("its search names no owner; a mirror may strip them"));
    }
    Ok(names.into_iter().map(|name| Owner::person(clean_line(&name, 100), Right::Manages)).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::{Value, json};
    use wiremock::matchers::{method, path, query_param};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::registry::testing::apis;

    /// Asks with an index whose search lies at this address, which answers so.
    async fn ask(search: Option<&str>, answer: ResponseTemplate) -> Result<Vec<String>, ApiError> {
        let server = MockServer::start().await;
        let at = search.map_or_else(|| format!("{}/nuget/query", server.uri()), str::to_owned);
        let index = json!({ "resources": [
            { "@id": format!("{}/nuget/list", server.uri()), "@type": "PackageBaseAddress/3.0.0" },
            { "@id": at, "@type": "SearchQueryService/3.5.0" },
        ]});
        let index = ResponseTemplate::new(200).set_body_json(index);
        Mock::given(method("GET")).and(path("/nuget/v3/index.json")).respond_with(index).mount(&server).await;
        Mock::given(method("GET"))
            .and(path("/nuget/query"))
            .and(query_param("q", "packageid:Acme.Widgets"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let name = PackageName::new("Acme.Widgets").unwrap();
        let owners = apis(&server.uri()).get(REGISTRY).read_owners(&name).await?;
        Ok(owners.into_iter().map(|owner| owner.name).collect())
    }

    fn found(owners: Value) -> ResponseTemplate {
        let data = json!([{ "id": "acme.widgets", "owners": owners }]);
        ResponseTemplate::new(200).set_body_json(json!({ "totalHits": 1, "data": data }))
    }

    #[tokio::test]
    async fn both_forms_of_owners_are_read() {
        assert_eq!(ask(None, found(json!(["acme", "mona\u{202e}"]))).await.unwrap(), ["acme", "mona"]);
        assert_eq!(ask(None, found(json!("acme"))).await.unwrap(), ["acme"]);
    }

    #[tokio::test]
    async fn what_the_search_does_not_tell_is_an_error_and_it_leads_nowhere_else() {
        let another = json!({ "data": [{ "id": "Acme.Gadgets", "owners": ["eve"] }] });
        let nobody = json!({ "data": [] });
        for body in [another, nobody] {
            let error = ask(None, ResponseTemplate::new(200).set_body_json(body)).await.unwrap_err();
            assert!(matches!(&error, ApiError::Untold { message, .. } if message.contains("lags behind")), "{error}");
        }
        for answer in [found(json!([])), found(Value::Null), ResponseTemplate::new(500), ResponseTemplate::new(404)] {
            assert!(ask(None, answer).await.is_err());
        }
        let error = ask(Some("http://127.0.0.1:9/query"), found(json!(["acme"]))).await.unwrap_err();
        assert!(
            matches!(&error, ApiError::Strange { message, .. } if message == "its search lies elsewhere"),
            "{error}"
        );
    }
}
