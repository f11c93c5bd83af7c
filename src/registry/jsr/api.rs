//! Asks JSR: package records, the linked repository and the scope's switch.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;
use url::Url;

use super::guide::JsrGuides;
use super::refusal::{is_absent, refusal};
use super::wire::{Create, Link, Package, Packages, Published, Scope, SetScope, User, Version};
use super::{halves, login};
use crate::model::{
    Existence, NameFacts, Owner, PackageName, PublicFacts, PublisherEntry, Reading, Registry, TrustedPublisher, Unknown,
};
use crate::net::{Http, Request, Streamed};
use crate::registry::answers::{absent, net, register, settled, unregister};
use crate::registry::whose::whose;
use crate::registry::{Api, ApiError, AuthorizeEvent, Changed, Endpoints, Login, Registered, Whose};

const REGISTRY: Registry = Registry::Jsr;
/// Packages a page, the most that JSR gives (api/src/util.rs), and as many pages as untoken reads of a scope.
const PER_PAGE: usize = 100;
const MOST_PAGES: usize = 20;

/// The asking side of JSR.
pub(in crate::registry) struct JsrApi {
    http: Http,
    endpoints: Arc<Endpoints>,
}

impl JsrApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>) -> Self {
        Self { http, endpoints }
    }

    fn scope(&self, name: &PackageName) -> Url {
        self.endpoints.jsr_api.join(["scopes", halves(name).0])
    }

    fn packages(&self, name: &PackageName) -> Url {
        self.endpoints.jsr_api.join(["scopes", halves(name).0, "packages"])
    }

    fn package(&self, name: &PackageName) -> Url {
        let (scope, package) = halves(name);
        self.endpoints.jsr_api.join(["scopes", scope, "packages", package])
    }

    /// The record; `None`: JSR says that there is none.
    async fn record(&self, name: &PackageName) -> Result<Option<Package>, ApiError> {
        let answer = self.http.get(self.package(name)).send().await.map_err(net(REGISTRY))?;
        if answer.is_success() {
            return answer.json::<Package>().map(Some).map_err(net(REGISTRY));
        }
        if is_absent(&answer)? { Ok(None) } else { Err(refusal(&answer, name, &self.endpoints)) }
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let Some(record) = self.record(name).await? else { return Ok(absent()) };
        let newest = match record.version_count {
            Some(0) => Ok(None),
            _ => self.newest(name).await,
        };
        let why = match &newest {
            Ok(None) => "the package's record is there, and no version of it is published".to_owned(),
            Ok(Some(version)) => self.provenance(name, version).await,
            Err(why) => format!("which version is the newest could not be read: {why}"),
        };
        Ok(PublicFacts {
            name: NameFacts::default(),
            existence: Existence::Exists { latest: record.latest_version },
            newest: newest.ok().flatten(),
            proof: Reading::Unknown(Unknown::because(why).hint("look at the version's page on JSR")),
            by_token: Reading::Unknown(Unknown::because("JSR does not tell which versions came by a token")),
            locked: None,
        })
    }

    /// The version that was published last, a pre-release too; else why nobody knows which that is.
    async fn newest(&self, name: &PackageName) -> Result<Option<String>, String> {
        let (scope, package) = halves(name);
        let url = self.endpoints.jsr_api.join(["scopes", scope, "packages", package, "versions"]);
        match self.http.get(url).stream_json::<Vec<Published>>().await.map_err(|error| error.to_string())? {
            // The highest comes first: of the same second it is the newest.
            Streamed::Parsed { value, .. } => {
                Ok(value.into_iter().rev().max_by_key(Published::at).map(|last| last.version))
            }
            Streamed::Refused(answer) => Err(format!("HTTP {}", answer.status.as_u16())),
        }
    }

    /// Why nobody can tell how a version came to JSR, as far as its provenance goes.
    async fn provenance(&self, name: &PackageName, version: &str) -> String {
        let (scope, package) = halves(name);
        let url = self.endpoints.jsr_api.join(["scopes", scope, "packages", package, "versions", version]);
        let answer = match self.http.get(url).send().await {
            Ok(answer) if answer.is_success() => answer.json::<Version>(),
            Ok(answer) => {
                return format!("what JSR knows of {version} could not be read (HTTP {})", answer.status.as_u16());
            }
            Err(error) => Err(error),
        };
        match answer {
            Ok(Version { rekor_log_id: Some(entry), .. }) => format!(
                "{version} carries provenance (Rekor entry {}), which a publish with a token from GitHub Actions carries too",
                crate::model::clean_line(&entry, 40)
            ),
            Ok(Version { rekor_log_id: None, .. }) => {
                format!("JSR does not say how {version} was published, and it carries no provenance")
            }
            Err(error) => format!("what JSR knows of {version} could not be read: {error}"),
        }
    }

    async fn list(&self, name: &PackageName) -> Result<Vec<PublisherEntry>, ApiError> {
        let record = self.record(name).await?;
        record.ok_or_else(|| ApiError::Missing { registry: REGISTRY, name: name.clone() })?.publishers()
    }

    async fn link(&self, name: &PackageName, link: Link<'_>, token: Option<&SecretString>) -> Result<(), ApiError> {
        self.change(self.http.patch(self.package(name)).json(&link), name, token).await
    }

    async fn change(&self, request: Request, name: &PackageName, token: Option<&SecretString>) -> Result<(), ApiError> {
        let answer = request.bearer(needed(token)?).send().await.map_err(net(REGISTRY))?;
        if answer.is_success() { Ok(()) } else { Err(refusal(&answer, name, &self.endpoints)) }
    }

    async fn make(&self, name: &PackageName, token: Option<&SecretString>) -> Result<Changed, ApiError> {
        if self.record(name).await?.is_some() {
            return Ok(Changed::AlreadySo);
        }
        let request = self.http.post(self.packages(name)).json(&Create { package: halves(name).1 });
        let sent = self.change(request, name, token).await;
        settled(REGISTRY, sent, self.record(name).await.map(|record| record.is_some()), "does not show it yet")
    }

    /// Whether the scope refuses tokens; `None`: only its admins are told, and this is the token of none.
    async fn locked(&self, name: &PackageName, token: Option<&SecretString>) -> Result<Option<bool>, ApiError> {
        let answer = self.http.get(self.scope(name)).bearer(needed(token)?).send().await.map_err(net(REGISTRY))?;
        if !answer.is_success() {
            return Err(refusal(&answer, name, &self.endpoints));
        }
        answer.json::<Scope>().map(|scope| scope.require_publishing_from_ci).map_err(net(REGISTRY))
    }

    async fn switch(&self, name: &PackageName, on: bool, token: Option<&SecretString>) -> Result<Changed, ApiError> {
        if self.locked(name, token).await? == Some(on) {
            return Ok(Changed::AlreadySo);
        }
        let request = self.http.patch(self.scope(name)).json(&SetScope { require_publishing_from_ci: on });
        let sent = self.change(request, name, token).await;
        settled(
            REGISTRY,
            sent,
            self.locked(name, token).await.map(|now| now == Some(on)),
            "does not show the switch so",
        )
    }

    /// Every package of the scope that this account sees.
    async fn siblings(&self, name: &PackageName, token: Option<&SecretString>) -> Result<Vec<PackageName>, ApiError> {
        let scope = halves(name).0;
        let mut names = Vec::new();
        for page in 1..=MOST_PAGES {
            let mut url = self.packages(name);
            url.query_pairs_mut().append_pair("limit", &PER_PAGE.to_string()).append_pair("page", &page.to_string());
            let request = self.http.get(url);
            let request = token.into_iter().fold(request, Request::bearer);
            let answer = request.send().await.map_err(net(REGISTRY))?;
            if !answer.is_success() {
                return Err(refusal(&answer, name, &self.endpoints));
            }
            let Packages { items, total } = answer.json().map_err(net(REGISTRY))?;
            let last = items.len() < PER_PAGE;
            for item in items {
                let whole = format!("@{scope}/{}", item.name);
                names.push(
                    PackageName::new(&whole).map_err(|error| strange(&format!("a package of the scope: {error}")))?,
                );
            }
            if last || names.len() >= total {
                return Ok(names);
            }
        }
        Err(strange("the list of the scope's packages has no end"))
    }
}

fn needed(token: Option<&SecretString>) -> Result<&SecretString, ApiError> {
    token.ok_or_else(|| ApiError::NeedsCredential {
        registry: REGISTRY,
        hint: "let JSR hand one out by a code".to_owned(),
    })
}

fn strange(message: &str) -> ApiError {
    ApiError::Strange { registry: REGISTRY, message: message.to_owned() }
}

impl Api for JsrApi {
    fn registry(&self) -> Registry {
        REGISTRY
    }

    fn read_public<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>> {
        self.show(name).boxed()
    }

    /// The link is public: no token goes along.
    fn list_publishers<'a>(
        &'a self,
        name: &'a PackageName,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Vec<PublisherEntry>, ApiError>> {
        self.list(name).boxed()
    }

    fn register<'a>(
        &'a self,
        name: &'a PackageName,
        wanted: &'a TrustedPublisher,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Registered, ApiError>> {
        let list = move || self.list(name).boxed();
        register(&JsrGuides, wanted, list, self.link(name, Link::to(Some(&wanted.repository)), token).boxed()).boxed()
    }

    fn create<'a>(
        &'a self,
        name: &'a PackageName,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        self.make(name, token).boxed()
    }

    fn unregister<'a>(
        &'a self,
        name: &'a PackageName,
        entry: &'a PublisherEntry,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        let list = move || self.list(name).boxed();
        unregister(REGISTRY, &entry.id, list, self.link(name, Link::to(None), token).boxed()).boxed()
    }

    fn set_lock<'a>(
        &'a self,
        name: &'a PackageName,
        locked: bool,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        self.switch(name, locked, token).boxed()
    }

    fn lock_covers<'a>(
        &'a self,
        name: &'a PackageName,
        token: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Vec<PackageName>, ApiError>> {
        self.siblings(name, token).boxed()
    }

    fn authorize<'a>(
        &'a self,
        progress: &'a (dyn Fn(AuthorizeEvent) + Send + Sync),
    ) -> BoxFuture<'a, Result<SecretString, ApiError>> {
        login::authorize(&self.http, &self.endpoints, progress).boxed()
    }

    fn whose<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Whose, ApiError>> {
        let url = self.endpoints.jsr_api.join(["user"]);
        whose(REGISTRY, self.http.get(url).bearer(token), |user: User| user.name).boxed()
    }

    fn read_owners<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<Vec<Owner>, ApiError>> {
        super::owners::read(&self.http, &self.endpoints, name).boxed()
    }

    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>> {
        let hint = "JSR is asked with a token that it hands out by a code".to_owned();
        std::future::ready(Err(ApiError::Unsupported { registry: REGISTRY, hint })).boxed()
    }
}
