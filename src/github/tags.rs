//! Which commit a tag of an action is: asked anew, because a table that is shipped grows old.
//!
//! What can't be read is left out, never guessed: then the shipped table stands.

use futures::future::join_all;
use serde::Deserialize;
use url::Url;

use super::api::Api;
use super::{Endpoints, Token};
use crate::model::{ActionTag, CommitId};
use crate::net::Http;

/// How many tags of tags are followed. A tag that names a tag is rare; a longer chain is nobody's work.
const DEPTH: usize = 3;

/// How many tags are asked for in a sitting: a request each, two where the tag is annotated.
const MOST: usize = 60;

#[derive(Deserialize)]
struct Ref {
    object: Object,
}

/// Source: GitHub's REST reference, "Git database: references" and "tags", version 2022-11-28.
#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
    sha: String,
}

/// The commits of these tags, of those that can be read.
pub async fn read_tags(
    http: &Http,
    endpoints: &Endpoints,
    token: Option<&Token>,
    tags: &[ActionTag],
) -> Vec<(ActionTag, CommitId)> {
    let api = Api::new(http, endpoints, token);
    let found = join_all(tags.iter().take(MOST).map(|tag| commit(&api, tag))).await;
    tags.iter().cloned().zip(found).filter_map(|(tag, commit)| Some((tag, commit?))).collect()
}

async fn commit(api: &Api<'_>, tag: &ActionTag) -> Option<CommitId> {
    let mut at = api.repo_url(&tag.repository, &["git", "ref", "tags", &tag.tag]);
    for _ in 0..DEPTH {
        let object = object(api, tag, at).await?;
        let id = CommitId::new(&object.sha)?;
        match object.kind.as_str() {
            "commit" => return Some(id),
            "tag" => at = api.repo_url(&tag.repository, &["git", "tags", id.as_str()]),
            _ => return None,
        }
    }
    None
}

async fn object(api: &Api<'_>, tag: &ActionTag, at: Url) -> Option<Object> {
    match api.one::<Ref>("a tag of an action", at).await {
        Ok(found) => Some(found.object),
        Err(error) => {
            tracing::info!(repository = %tag.repository, tag = %tag.tag, %error, "the tag was not read");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::*;
    use crate::github::testing::{World, json as answer, refuse};

    const R: &str = "/repos/acme/publish";

    fn id(digit: char) -> String {
        digit.to_string().repeat(40)
    }

    fn points(kind: &str, sha: &str) -> serde_json::Value {
        json!({ "object": { "type": kind, "sha": sha } })
    }

    async fn read(world: &World, tags: &[&str]) -> Vec<(String, String)> {
        let tags: Vec<ActionTag> = tags
            .iter()
            .map(|tag| ActionTag { repository: "acme/publish".parse().unwrap(), tag: (*tag).to_owned() })
            .collect();
        let found = read_tags(&world.http, &world.endpoints, None, &tags).await;
        found.into_iter().map(|(tag, commit)| (tag.tag, commit.as_str().to_owned())).collect()
    }

    #[tokio::test]
    async fn a_tag_leads_to_its_commit_by_way_of_a_tag_object_or_without() {
        let world = World::new().await;
        world.get(&format!("{R}/git/ref/tags/v1"), answer(points("commit", &id('a')))).await;
        world.get(&format!("{R}/git/ref/tags/v2"), answer(points("tag", &id('b')))).await;
        world.get(&format!("{R}/git/tags/{}", id('b')), answer(points("commit", &id('C')))).await;
        let found = read(&world, &["v1", "v2"]).await;
        assert_eq!(found, [("v1".to_owned(), id('a')), ("v2".to_owned(), id('c'))]);
        assert_eq!(world.asked().await.len(), 3);
    }

    #[tokio::test]
    async fn what_is_not_told_is_left_out() {
        let world = World::new().await;
        for (tag, reply) in [
            ("v1", refuse(404, "Not Found")),
            ("v2", refuse(403, "Resource not accessible by integration")),
            ("v3", answer(points("tree", &id('a')))),
            ("v4", answer(points("commit", "main"))),
            ("v5", answer(points("tag", &id('e')))),
            ("v6", wiremock::ResponseTemplate::new(200).set_body_string("<html>")),
        ] {
            world.get(&format!("{R}/git/ref/tags/{tag}"), reply).await;
        }
        // A tag that names itself must not be followed for ever.
        world.get(&format!("{R}/git/tags/{}", id('e')), answer(points("tag", &id('e')))).await;
        assert_eq!(read(&world, &["v1", "v2", "v3", "v4", "v5", "v6"]).await, []);
    }
}
