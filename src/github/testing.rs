//! What the tests of this room share: GitHub on loopback, and a clock that does not run.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use wiremock::matchers::{method, path};
use wiremock::{Mock, MockBuilder, MockServer, ResponseTemplate};

use super::{ClientId, Endpoints};
use crate::net::clock::testing::Still;
use crate::net::{Http, Settings};

pub(super) struct World {
    pub(super) server: MockServer,
    pub(super) endpoints: Endpoints,
    pub(super) http: Http,
    pub(super) clock: Arc<Still>,
    pub(super) client_id: ClientId,
}

impl World {
    pub(super) async fn new() -> Self {
        let server = MockServer::start().await;
        let clock = Arc::new(Still::default());
        Self {
            endpoints: Endpoints::resolve(|_| Some(server.uri()), &[]).unwrap(),
            http: Http::with(Settings { clock: clock.clone(), ..Settings::default() }).unwrap(),
            clock,
            client_id: ClientId::choose(Some("Iv1.sandbox"), None).unwrap(),
            server,
        }
    }

    /// Answers a GET of this path.
    pub(super) async fn get(&self, at: &str, answer: ResponseTemplate) {
        get(at).respond_with(answer).mount(&self.server).await;
    }

    /// The paths that were asked for, in order, with their queries.
    pub(super) async fn asked(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        let shown = |url: &url::Url| url.query().map_or(url.path().to_owned(), |q| format!("{}?{q}", url.path()));
        requests.iter().map(|r| shown(&r.url)).collect()
    }
}

pub(super) fn get(at: &str) -> MockBuilder {
    Mock::given(method("GET")).and(path(at))
}

pub(super) fn json(value: serde_json::Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(value)
}

pub(super) fn refuse(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(serde_json::json!({ "message": message }))
}
