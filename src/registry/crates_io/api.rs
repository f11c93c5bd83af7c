//! Asks crates.io. At most one request a second, which is its wish; the token goes nowhere else.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;
use url::Url;

use super::guide::{CratesIoGuides, token_page};
use super::refusal::refusal;
use super::wire::{Configs, Create, Errors, SetLock, Show};
use crate::model::{Existence, NameFacts, Owner, PackageName, PublicFacts, PublisherEntry, Registry, TrustedPublisher};
use crate::net::{Answer, Http, NetError, Request, StatusCode, Streamed};
use crate::registry::answers::{absent, net, register, unexpected, unregister};
use crate::registry::pacer::Pacer;
use crate::registry::{Api, ApiError, Changed, Endpoints, Login, Registered};
use crate::tools::Tools;

const REGISTRY: Registry = Registry::CratesIo;
/// crates.io's data access policy, read 2026-08-21: one request a second.
const GAP: Duration = Duration::from_secs(1);
/// A crate has five entries at most (and as many on page one): more pages than this are no list but a loop.
const MOST_PAGES: usize = 10;

/// The asking side of crates.io.
pub(in crate::registry) struct CratesIoApi {
    http: Http,
    endpoints: Arc<Endpoints>,
    tools: Arc<Tools>,
    pacer: Pacer,
}

impl CratesIoApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>, tools: Arc<Tools>) -> Self {
        let pacer = Pacer::new(http.clock().clone(), GAP, &endpoints.crates_io);
        Self { http, endpoints, tools, pacer }
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let mut url = self.endpoints.crates_io.join(["api", "v1", "crates", name.as_str()]);
        url.set_query(Some("include=versions"));
        let turn = self.pacer.turn().await;
        let answer = self.http.get(url).stream_json::<Show>().await.map_err(net(REGISTRY))?;
        drop(turn);
        match answer {
            Streamed::Parsed { value, .. } => Ok(match value.spelled().filter(|spelled| spelled != name) {
                Some(like) => PublicFacts { name: NameFacts { source: None, like: Some(like) }, ..absent() },
                None => value.facts(self.http.clock().now()),
            }),
            // Only crates.io's own words make it absent: a proxy's page does not.
            Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => {
                answer.json::<Errors>().map(|_| absent()).map_err(net(REGISTRY))
            }
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    fn configs(&self) -> Url {
        self.endpoints.crates_io.join(["api", "v1", "trusted_publishing", "github_configs"])
    }

    async fn list(&self, name: &PackageName, token: Option<&SecretString>) -> Result<Vec<PublisherEntry>, ApiError> {
        let token = self.needed(token)?;
        let mut url = self.configs();
        url.query_pairs_mut().append_pair("crate", name.as_str());
        let mut entries = Vec::new();
        for _ in 0..MOST_PAGES {
            let answer = self.send(self.http.get(url.clone()), token).await.map_err(net(REGISTRY))?;
            if !answer.is_success() {
                return Err(refusal(&answer, name, &self.endpoints));
            }
            let page = answer.json::<Configs>().map_err(net(REGISTRY))?;
            for config in page.github_configs {
                entries.push(config.entry()?);
            }
            let Some(next) = page.meta.next_page else { return Ok(entries) };
            // Only the query is taken over: the token stays with this endpoint.
            url.set_query(Some(next.strip_prefix('?').ok_or_else(|| strange("its next page is not a query"))?));
        }
        Err(strange("its list of publishers has no end"))
    }

    async fn create(
        &self,
        name: &PackageName,
        wanted: &TrustedPublisher,
        token: Option<&SecretString>,
    ) -> Result<(), ApiError> {
        let request = self.http.post(self.configs()).json(&Create::new(name, wanted)?);
        let answer = self.send(request, self.needed(token)?).await.map_err(net(REGISTRY))?;
        if answer.is_success() { Ok(()) } else { Err(refusal(&answer, name, &self.endpoints)) }
    }

    async fn delete(&self, name: &PackageName, id: &str, token: Option<&SecretString>) -> Result<(), ApiError> {
        let mut url = self.configs();
        // The id came from the server: it is one segment of the path, whatever stands in it.
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(id);
        }
        let answer = self.send(self.http.delete(url), self.needed(token)?).await.map_err(net(REGISTRY))?;
        match answer.status {
            status if status.is_success() => Ok(()),
            // Somebody took it away meanwhile: the list says so.
            StatusCode::NOT_FOUND => Ok(()),
            _ => Err(refusal(&answer, name, &self.endpoints)),
        }
    }

    /// Sets `trustpub_only`, after a look at what is public, and reads it back. With the switch on and no entry nobody could
    /// publish at all (rust-lang/crates.io src/controllers/krate/update.rs, read 2026-08-21): then it is not set.
    async fn switch(&self, name: &PackageName, on: bool, token: Option<&SecretString>) -> Result<Changed, ApiError> {
        let before = self.show(name).await?;
        if before.existence == Existence::Absent {
            return Err(ApiError::Missing { registry: REGISTRY, name: name.clone() });
        }
        if before.locked == Some(on) {
            return Ok(Changed::AlreadySo);
        }
        if on && self.list(name, token).await?.is_empty() {
            return Err(ApiError::Refused {
                registry: REGISTRY,
                message: "without a trusted publisher nobody could publish the crate any more".to_owned(),
                hint: "register the publisher first".to_owned(),
            });
        }
        let url = self.endpoints.crates_io.join(["api", "v1", "crates", name.as_str()]);
        let answer = self.send(self.http.patch(url).json(&SetLock::new(on)), self.needed(token)?).await;
        let lost = match answer {
            Ok(answer) if answer.is_success() => None,
            Ok(answer) if answer.status.is_server_error() => Some(unexpected(REGISTRY, &answer)),
            Ok(answer) => return Err(refusal(&answer, name, &self.endpoints)),
            Err(error) => Some(net(REGISTRY)(error)),
        };
        match (self.show(name).await.map(|facts| facts.locked), lost) {
            (Ok(now), _) if now == Some(on) => Ok(Changed::Done),
            (_, Some(error)) => Err(error),
            (Ok(_), None) => {
                Ok(Changed::NotSeen("crates.io took it, but does not show trustpub_only so yet".to_owned()))
            }
            (Err(error), None) => {
                Ok(Changed::NotSeen(format!("crates.io took it, but could not be read afterwards: {error}")))
            }
        }
    }

    async fn send(&self, request: Request, token: &SecretString) -> Result<Answer, NetError> {
        let _turn = self.pacer.turn().await;
        request.authorization(token).send().await
    }

    fn needed<'a>(&self, token: Option<&'a SecretString>) -> Result<&'a SecretString, ApiError> {
        token.ok_or_else(|| ApiError::NeedsCredential {
            registry: REGISTRY,
            hint: format!("make a token with the scope trusted-publishing at {}", token_page(&self.endpoints)),
        })
    }
}

impl Api for CratesIoApi {
    fn registry(&self) -> Registry {
        REGISTRY
    }

    fn read_public<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>> {
        self.show(name).boxed()
    }

    fn list_publishers<'a>(
        &'a self,
        name: &'a PackageName,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Vec<PublisherEntry>, ApiError>> {
        self.list(name, token).boxed()
    }

    fn register<'a>(
        &'a self,
        name: &'a PackageName,
        wanted: &'a TrustedPublisher,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Registered, ApiError>> {
        let list = move || self.list(name, token).boxed();
        register(&CratesIoGuides, wanted, list, self.create(name, wanted, token).boxed()).boxed()
    }

    fn unregister<'a>(
        &'a self,
        name: &'a PackageName,
        entry: &'a PublisherEntry,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        let list = move || self.list(name, token).boxed();
        unregister(REGISTRY, &entry.id, list, self.delete(name, &entry.id, token).boxed()).boxed()
    }

    fn set_lock<'a>(
        &'a self,
        name: &'a PackageName,
        on: bool,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        self.switch(name, on, token).boxed()
    }

    fn read_owners<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<Vec<Owner>, ApiError>> {
        async {
            let _turn = self.pacer.turn().await;
            super::owners::read(&self.http, &self.endpoints, name).await
        }
        .boxed()
    }

    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>> {
        async {
            self.tools.get("cargo")?;
            let replaced = self.endpoints.crates_io_index.is_overridden();
            Ok(super::login::look(self.tools.environment(), replaced).await)
        }
        .boxed()
    }
}

fn strange(message: &str) -> ApiError {
    ApiError::Strange { registry: REGISTRY, message: message.to_owned() }
}
