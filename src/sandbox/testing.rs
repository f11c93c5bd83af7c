//! What the sandbox's own tests share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use reqwest::Client;
use reqwest::redirect::Policy;

use super::{Sandbox, SandboxOptions};

pub(super) const AGENT: &str = "untoken-sandbox-tests";

/// A client that follows nothing and names itself.
pub(super) fn client() -> Client {
    client_named(Some(AGENT))
}

/// A client with this User-Agent, or none.
pub(super) fn client_named(agent: Option<&str>) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().redirect(Policy::none()).no_proxy().tls_certs_only([]);
    match agent {
        Some(agent) => builder.user_agent(agent),
        None => builder,
    }
    .build()
    .unwrap()
}

/// The demo's world, running.
pub(super) async fn demo() -> Sandbox {
    Sandbox::start(SandboxOptions::default()).await.unwrap()
}
