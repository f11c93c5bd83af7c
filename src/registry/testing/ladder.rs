//! What the ladder shows when a registry answers this or that: one table for all registries.
//!
//! A [`Subject`] says where a registry is asked and in which words it refuses; [`hardships`] then holds that nothing which went
//! wrong on the way is ever taken for an answer.

use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{apis, apis_within};
use crate::model::{PackageName, Reading, Registry, Rung, Standing, Unknown};
use crate::plan::testing::{NOON, Scene};
use crate::registry::{ApiError, Apis};
use crate::report::Report;

/// A registry under test, with one package.
#[derive(Clone, Copy)]
pub(in crate::registry) struct Subject {
    pub(in crate::registry) registry: Registry,
    /// The package.
    pub(in crate::registry) name: &'static str,
    /// The credential for its list.
    pub(in crate::registry) token: &'static str,
    /// The path of the public read.
    pub(in crate::registry) public: &'static str,
    /// The path of its list of publishers; the same one where the list is part of the public read.
    pub(in crate::registry) list: &'static str,
    /// A refusal with this status in the registry's own form.
    pub(in crate::registry) refusal: fn(u16) -> ResponseTemplate,
}

/// The rungs that rest on the registry alone.
pub(in crate::registry) struct Rungs {
    pub(in crate::registry) exists: Standing,
    pub(in crate::registry) registered: Standing,
    pub(in crate::registry) proven: Standing,
}

impl Rungs {
    /// The three words: `yes`, `no`, `unknown` …
    pub(in crate::registry) fn words(&self) -> [&'static str; 3] {
        [self.exists.word(), self.registered.word(), self.proven.word()]
    }
}

fn unread<T>(error: ApiError) -> Reading<T> {
    let report = Report::from(error);
    Reading::Unknown(Unknown { why: report.line(), hint: report.hint })
}

impl Subject {
    /// What the ladder shows with this asking side.
    pub(in crate::registry) async fn climb(&self, apis: &Apis) -> Rungs {
        let (api, name) = (apis.get(self.registry), PackageName::new(self.name).unwrap());
        let token = SecretString::from(self.token);
        let mut scene = Scene::of(self.registry, self.name);
        let known = scene.registry();
        known.public = match api.read_public(&name).await {
            Ok(facts) => Reading::seen(facts, "public", NOON),
            Err(error) => unread(error),
        };
        known.publishers = match api.list_publishers(&name, Some(&token)).await {
            Ok(list) => Reading::seen(list, "its list", NOON),
            Err(error) => unread(error),
        };
        let rung = |rung| scene.rung(rung);
        Rungs { exists: rung(Rung::Exists), registered: rung(Rung::Registered), proven: rung(Rung::Proven) }
    }

    /// What the ladder shows when these paths are answered so, and every other one with a 404 in the registry's words.
    pub(in crate::registry) async fn shown(&self, answers: &[(&str, ResponseTemplate)]) -> Rungs {
        let server = MockServer::start().await;
        for (at, answer) in answers {
            Mock::given(method("GET")).and(path(*at)).respond_with(answer.clone()).mount(&server).await;
        }
        Mock::given(method("GET")).respond_with((self.refusal)(404)).with_priority(200).mount(&server).await;
        self.climb(&apis(&server.uri())).await
    }
}

/// Every way in which an answer goes wrong: none of them may look like a yes or a no.
pub(in crate::registry) async fn hardships(subject: &Subject) {
    let page = |status| ResponseTemplate::new(status).set_body_raw("<html>the café's portal</html>", "text/html");
    let mut table: Vec<(String, ResponseTemplate)> = [401, 403, 409, 422, 429, 500, 503]
        .map(|status| (format!("HTTP {status}"), (subject.refusal)(status)))
        .into_iter()
        .chain([200, 401, 403, 404].map(|status| (format!("a web page with {status}"), page(status))))
        .collect();
    for (name, body) in [("half of an object", "{\"name\": \"wid"), ("another shape", "7"), ("nothing", "")] {
        table.push((name.to_owned(), ResponseTemplate::new(200).set_body_raw(body, "application/json")));
    }
    for (what, answer) in table {
        let rungs = subject.shown(&[(subject.public, answer.clone()), (subject.list, answer)]).await;
        assert_all_unknown(&what, &rungs);
    }
    assert_all_unknown("a body cut short", &subject.climb(&apis(&cut().await)).await);
    let server = MockServer::start().await;
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(method("GET")).respond_with(late).mount(&server).await;
    let slow = subject.climb(&apis_within(&server.uri(), Duration::from_millis(50))).await;
    assert_all_unknown("an answer that comes too late", &slow);
    assert_all_unknown("nobody there", &subject.climb(&apis("http://127.0.0.1:9")).await);
}

fn assert_all_unknown(what: &str, rungs: &Rungs) {
    for standing in [&rungs.exists, &rungs.registered, &rungs.proven] {
        assert!(matches!(standing, Standing::Unknown(unknown) if !unknown.why.is_empty()), "{what}: {standing:?}");
    }
}

/// A server that announces more than it sends; its address.
async fn cut() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0_u8; 4096]).await;
            let half =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"name\": \"wid";
            let _ = stream.write_all(half.as_bytes()).await;
        }
    });
    address
}
