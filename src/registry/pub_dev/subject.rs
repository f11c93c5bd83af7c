//! How pub.dev answers, in its own shapes and words (dart-lang/pub-dev pkg/api_builder, app/lib/shared/exceptions.dart, read
//! 2026-08-20).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::model::Registry;
use crate::registry::testing::ladder::{Part, Served, Subject, Whose};

pub(in crate::registry) const SUBJECT: Subject = Subject {
    registry: Registry::PubDev,
    name: "widgets",
    token: "pub-dev-takes-none",
    serves: |_, whose| match whose {
        Whose::Nobodys => Vec::new(),
        _ => vec![Served(Part::Public, "/pub/api/packages/widgets".to_owned(), package("widgets"))],
    },
    refusal: |status| match status {
        404 => refused(404, "NotFound", "Could not find `package \"widgets\"`."),
        401 => refused(401, "MissingAuthentication", "Authentication failed."),
        403 => refused(403, "InsufficientPermissions", "Insufficient permissions."),
        other => refused(other, "InternalError", "An odd thing happened"),
    },
};

fn refused(status: u16, code: &str, message: &str) -> ResponseTemplate {
    let error = json!({"code": code, "message": message});
    ResponseTemplate::new(status).set_body_json(json!({"error": error, "code": code, "message": message}))
}

fn package(name: &str) -> ResponseTemplate {
    let version = json!({"version": "1.2.0", "pubspec": {"name": name, "version": "1.2.0"}});
    ResponseTemplate::new(200).set_body_json(json!({"name": name, "latest": version, "versions": [version]}))
}

#[tokio::test]
async fn another_package_and_a_name_that_is_held_back_are_not_an_absent_one() {
    let at = "/pub/api/packages/widgets";
    let moderated = refused(404, "NotFound", "Package \"widgets\" has been moderated.");
    for (answer, part) in [(package("gadgets"), "another package"), (moderated, "has been moderated")] {
        let [exists, ..] = SUBJECT.shown(&[(at, answer)]).await;
        assert_eq!(exists.word(), "unknown");
        assert!(exists.why().contains(part), "{exists:?}");
    }
}
