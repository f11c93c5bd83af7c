//! Asks RubyGems. The key is the whole `Authorization` header; a one-time code goes beside it where the key wants one, and is
//! forgotten after a minute or when RubyGems has refused it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;
use url::Url;

use super::guide::{RubyGemsGuides, keys_page};
use super::refusal::{is_absent, refusal};
use super::wire::{Bundle, Create, Gem, Listed, Pushed};
use crate::model::{
    Existence, NameFacts, Owner, PackageName, Proof, PublicFacts, PublisherEntry, Reading, Registry, Timestamp,
    TrustedPublisher, Unknown,
};
use crate::net::{Answer, Http, Request, Streamed};
use crate::registry::answers::{absent, net, register, unexpected, unregister};
use crate::registry::pacer::Pacer;
use crate::registry::{Api, ApiError, Changed, Endpoints, Login, Registered};

const REGISTRY: Registry = Registry::RubyGems;
/// rubygems/guides rubygems-org-rate-limits.md, read 2026-08-06: ten requests a second.
const GAP: Duration = Duration::from_millis(100);
/// How long a one-time code is kept, in seconds: by then no server takes it any more.
const CODE_LIFE: i64 = 60;

/// The asking side of RubyGems.
pub(in crate::registry) struct RubyGemsApi {
    http: Http,
    endpoints: Arc<Endpoints>,
    pacer: Pacer,
    code: Mutex<Option<(SecretString, Timestamp)>>,
}

impl RubyGemsApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>) -> Self {
        let pacer = Pacer::new(http.clock().clone(), GAP, &endpoints.rubygems);
        Self { http, endpoints, pacer, code: Mutex::new(None) }
    }

    fn code(&self) -> MutexGuard<'_, Option<(SecretString, Timestamp)>> {
        self.code.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publishers(&self, name: &PackageName) -> Url {
        self.endpoints.rubygems.join(["api", "v1", "gems", name.as_str(), "trusted_publishers"])
    }

    async fn read(&self, url: Url) -> Result<Answer, ApiError> {
        let _turn = self.pacer.turn().await;
        self.http.get(url).send().await.map_err(net(REGISTRY))
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let file = format!("{name}.json");
        let answer = self.read(self.endpoints.rubygems.join(["api", "v1", "gems", &file])).await?;
        if is_absent(&answer) {
            return Ok(absent());
        }
        if !answer.is_success() {
            return Err(unexpected(REGISTRY, &answer));
        }
        let gem = answer.json::<Gem>().map_err(net(REGISTRY))?;
        let newest = self.newest(name).await;
        let number = newest.as_ref().ok().map(|newest| newest.number.clone());
        let proof = match newest {
            Ok(newest) => self.proof(name, &newest).await,
            Err(why) => Err(format!("which version is the newest could not be read: {why}")),
        };
        let proof = proof.unwrap_or_else(|why| {
            Reading::Unknown(Unknown::because(why).hint("look at the version's page on RubyGems"))
        });
        // An attestation proves OIDC; a version without one may have come either way.
        let why = "RubyGems does not tell in public which versions came by a key";
        let by_token = Reading::Unknown(Unknown::because(why));
        Ok(PublicFacts {
            name: NameFacts { source: gem.source(), like: None },
            existence: Existence::Exists { latest: Some(gem.version) },
            newest: number,
            proof,
            by_token,
            locked: None,
        })
    }

    /// The version that was pushed last, a pre-release too; else why nobody knows which that is.
    async fn newest(&self, name: &PackageName) -> Result<Pushed, String> {
        let file = format!("{name}.json");
        let turn = self.pacer.turn().await;
        let answer = self.http.get(self.endpoints.rubygems.join(["api", "v1", "versions", &file]));
        let answer = answer.stream_json::<Vec<Pushed>>().await.map_err(|error| error.to_string())?;
        drop(turn);
        match answer {
            Streamed::Parsed { value, .. } => {
                // The highest comes first: of the same second it is the newest.
                let last = value.into_iter().rev().max_by_key(Pushed::at);
                last.ok_or_else(|| "RubyGems lists none".to_owned())
            }
            Streamed::Refused(answer) => Err(format!("HTTP {}", answer.status.as_u16())),
        }
    }

    /// Who pushed a version, by its attestation; else why nobody knows.
    async fn proof(&self, name: &PackageName, pushed: &Pushed) -> Result<Reading<Proof>, String> {
        let version = &pushed.number;
        let file = format!("{}.json", pushed.full_name(name.as_str()));
        let url = self.endpoints.rubygems.join(["api", "v1", "attestations", &file]);
        let failed =
            |error: &dyn std::fmt::Display| format!("the attestations of {version} could not be read: {error}");
        let answer = self.read(url).await.map_err(|error| match error {
            ApiError::Net { source, .. } => failed(&source),
            other => failed(&other),
        })?;
        if !answer.is_success() {
            return Err(failed(&format!("HTTP {}", answer.status.as_u16())));
        }
        let bundles = answer.json::<Vec<Bundle>>().map_err(|error| failed(&error))?;
        if bundles.is_empty() {
            return Err(format!(
                "RubyGems does not say who pushed {version}: it carries no attestation, which a push by OIDC may well lack"
            ));
        }
        let by = bundles
            .into_iter()
            .find_map(Bundle::publisher)
            .ok_or_else(|| format!("the attestation of {version} names no run of GitHub Actions"))?;
        let proof = Proof { version: version.clone(), by, published: pushed.at() };
        Ok(Reading::seen(proof, "RubyGems' attestation", self.http.clock().now()))
    }

    async fn list(&self, name: &PackageName, token: Option<&SecretString>) -> Result<Vec<PublisherEntry>, ApiError> {
        let answer = self.ask(self.http.get(self.publishers(name)), name, token).await?;
        let listed = answer.json::<Vec<Listed>>().map_err(net(REGISTRY))?;
        listed.into_iter().filter_map(|one| one.entry().transpose()).collect()
    }

    async fn add(
        &self,
        name: &PackageName,
        wanted: &TrustedPublisher,
        token: Option<&SecretString>,
    ) -> Result<(), ApiError> {
        self.ask(self.http.post(self.publishers(name)).json(&Create::new(wanted)), name, token).await.map(drop)
    }

    async fn remove(&self, name: &PackageName, id: &str, token: Option<&SecretString>) -> Result<(), ApiError> {
        let path = ["api", "v1", "gems", name.as_str(), "trusted_publishers", id];
        self.ask(self.http.delete(self.endpoints.rubygems.join(path)), name, token).await.map(drop)
    }

    /// Asks as the owner of the key.
    async fn ask(
        &self,
        request: Request,
        name: &PackageName,
        token: Option<&SecretString>,
    ) -> Result<Answer, ApiError> {
        let token = token.ok_or_else(|| ApiError::NeedsCredential {
            registry: REGISTRY,
            hint: format!("make a key with the scope configure_trusted_publishers at {}", keys_page(&self.endpoints)),
        })?;
        let now = self.http.clock().now();
        let code = {
            let mut held = self.code();
            held.take_if(|(_, until)| *until <= now);
            held.clone()
        };
        let request = code.iter().fold(request.authorization(token), |request, (code, _)| request.secret("otp", code));
        let turn = self.pacer.turn().await;
        let answer = request.send().await.map_err(net(REGISTRY))?;
        drop(turn);
        if answer.is_success() {
            return Ok(answer);
        }
        let error = refusal(&answer, name, &self.endpoints);
        if matches!(error, ApiError::NeedsSecondFactor { .. }) {
            *self.code() = None;
        }
        Err(error)
    }
}

impl Api for RubyGemsApi {
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
        register(&RubyGemsGuides, wanted, list, self.add(name, wanted, token).boxed()).boxed()
    }

    fn unregister<'a>(
        &'a self,
        name: &'a PackageName,
        entry: &'a PublisherEntry,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        let list = move || self.list(name, token).boxed();
        unregister(REGISTRY, &entry.id, list, self.remove(name, &entry.id, token).boxed()).boxed()
    }

    fn take_code(&self, code: SecretString) {
        *self.code() = Some((code, self.http.clock().now().plus(CODE_LIFE)));
    }

    fn read_owners<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<Vec<Owner>, ApiError>> {
        async {
            let _turn = self.pacer.turn().await;
            super::owners::read(&self.http, &self.endpoints, name).await
        }
        .boxed()
    }

    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>> {
        let hint = "RubyGems is asked with a key that you type".to_owned();
        std::future::ready(Err(ApiError::Unsupported { registry: REGISTRY, hint })).boxed()
    }
}
