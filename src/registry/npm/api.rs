//! Asks npm: in public over HTTP, as the owner through the person's own npm.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;

use super::cli::{self, Failure, Said};
use super::guide::{NpmGuides, trust_call};
use super::packument::{Attestations, Packument, Told, Whoami};
use super::rules::RULES;
use super::{PACE, npm_call, scope};
use crate::model::{
    Arg, Existence, Owner, PackageName, PublicFacts, PublishedBy, PublisherEntry, Reading, Registry, ToolCall,
    TrustedPublisher,
};
use crate::net::{Http, StatusCode, Streamed};
use crate::registry::answers::{net, register, unexpected, unregister};
use crate::registry::pacer::Pacer;
use crate::registry::similar::{absent_unless, spellings};
use crate::registry::whose::whose;
use crate::registry::{Api, ApiError, Changed, Endpoints, Login, Registered, Whose, fields};
use crate::tools::{RunDirs, Tools};

const REGISTRY: Registry = Registry::Npm;
/// How long to wait after a 429, in gaps: an idea of untoken's own, for npm hides how long the registry asks for.
const PATIENCE: [u32; 2] = [5, 15];

/// The asking side of npm.
pub(in crate::registry) struct NpmApi {
    http: Http,
    endpoints: Arc<Endpoints>,
    tools: Arc<Tools>,
    private: PathBuf,
    pacer: Pacer,
    /// What npm took and nobody has seen in a list yet: the window may close in between.
    unseen: Mutex<BTreeSet<(PackageName, String)>>,
}

impl NpmApi {
    pub(in crate::registry) fn new(http: Http, endpoints: Arc<Endpoints>, tools: Arc<Tools>, private: PathBuf) -> Self {
        let pacer = Pacer::new(http.clock().clone(), PACE, &endpoints.npm);
        Self { http, endpoints, tools, private, pacer, unseen: Mutex::default() }
    }

    async fn show(&self, name: &PackageName) -> Result<PublicFacts, ApiError> {
        let url = self.endpoints.npm.join([name.as_str()]);
        match self.http.get(url).stream_json::<Packument>().await.map_err(net(REGISTRY))? {
            Streamed::Parsed { value, .. } if value.name != name.as_str() => {
                Err(cli::strange("it speaks of another package"))
            }
            Streamed::Parsed { value, .. } => {
                let Told { mut facts, attested } = value.told(self.http.clock().now());
                if let Some(version) = attested {
                    self.add_origin(name, &version, &mut facts).await;
                }
                Ok(facts)
            }
            // npm's own 404 is JSON: a proxy's page does not make a package absent.
            Streamed::Refused(answer) if answer.status == StatusCode::NOT_FOUND => {
                answer.json::<serde::de::IgnoredAny>().map_err(net(REGISTRY))?;
                Ok(absent_unless(lookalikes(name), |other| self.is_there(other).boxed()).await)
            }
            Streamed::Refused(answer) => Err(unexpected(REGISTRY, &answer)),
        }
    }

    async fn is_there(&self, name: PackageName) -> bool {
        let answer = self.http.get(self.endpoints.npm.join([name.as_str()])).stream_json::<Packument>().await;
        matches!(answer, Ok(Streamed::Parsed { value, .. }) if value.is_there())
    }

    /// Adds repository and workflow from the version's provenance. Whatever goes wrong, they just stay untold.
    async fn add_origin(&self, name: &PackageName, version: &str, facts: &mut PublicFacts) {
        let at = format!("{name}@{version}");
        let url = self.endpoints.npm.join(["-", "npm", "v1", "attestations", &at]);
        let Ok(Streamed::Parsed { value, .. }) = self.http.get(url).stream_json::<Attestations>().await else { return };
        if let Reading::Seen(seen) = &mut facts.proof
            && let PublishedBy::Oidc { repository, workflow, .. } = &mut seen.value.by
            && let Some((from, file)) = value.origin()
        {
            (*repository, *workflow) = (Some(from), file.map(Into::into));
        }
    }

    async fn list(&self, name: &PackageName) -> Result<Vec<PublisherEntry>, ApiError> {
        let call = npm_call(
            vec!["trust".into(), "list".into(), name.as_str().into(), "--json".into()],
            "reads the list of publishers",
            &self.endpoints,
        );
        cli::entries(self.trust(name, &call).await?)
    }

    async fn create(&self, name: &PackageName, wanted: &TrustedPublisher) -> Result<(), ApiError> {
        let mut call = trust_call(name, wanted, fields::own(Registry::Npm, wanted)?, &self.endpoints);
        call.args.push("--json".into());
        self.trust(name, &call).await?;
        self.unseen().insert((name.clone(), wanted.to_string()));
        Ok(())
    }

    fn unseen(&self) -> MutexGuard<'_, BTreeSet<(PackageName, String)>> {
        self.unseen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An entry that is there because it was sent a moment ago, before the registry asked for another approval, is done now.
    async fn made(&self, name: &PackageName, wanted: &TrustedPublisher) -> Result<Registered, ApiError> {
        let list = move || self.list(name).boxed();
        let outcome = register(&NpmGuides, wanted, list, self.create(name, wanted).boxed()).await?;
        let sent = self.unseen().remove(&(name.clone(), wanted.to_string()));
        Ok(match outcome {
            Registered::AlreadySo(held) if sent => Registered::Done(held),
            outcome => outcome,
        })
    }

    /// npm prints no JSON for this one; whether it worked, its list tells.
    async fn revoke(&self, name: &PackageName, id: &str) -> Result<(), ApiError> {
        let args = vec!["trust".into(), "revoke".into(), name.as_str().into(), format!("--id={id}").into()];
        let mut call = npm_call(args, "takes an entry away", &self.endpoints);
        call.args.push("--json".into());
        match self.trust(name, &call).await {
            // Somebody took it away meanwhile, and the package is there: the list says so.
            Err(ApiError::Unsupported { .. }) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// `npm access set mfa=…`. Nobody can read the setting back (npm/cli lib/commands/access.js, 11.19.1): what npm accepted
    /// is all that there is to say.
    async fn switch(&self, name: &PackageName, on: bool) -> Result<Changed, ApiError> {
        named(name)?;
        let setting = if on { "mfa=publish" } else { "mfa=automation" };
        let args = vec!["access".into(), "set".into(), setting.into(), name.as_str().into(), "--json".into()];
        let call = npm_call(args, "sets whether tokens may publish", &self.endpoints);
        match self.patiently(&call).await? {
            Said::Values(_) => Ok(Changed::NotSeen("npm took it, and lets nobody read the setting".to_owned())),
            Said::Failed(failure) => Err(self.refused(name, failure).await),
        }
    }

    /// Runs one `npm trust` call.
    async fn trust(&self, name: &PackageName, call: &ToolCall) -> Result<Vec<serde_json::Value>, ApiError> {
        cli::with_trust(&self.tools)?;
        named(name)?;
        match self.patiently(call).await? {
            Said::Values(values) => Ok(values),
            Said::Failed(failure) => Err(self.refused(name, failure).await),
        }
    }

    async fn refused(&self, name: &PackageName, failure: Failure) -> ApiError {
        match failure.code.as_str() {
            "E403" | "E404" => self.told_apart(name, failure).await,
            _ => failure.meaning(&self.endpoints),
        }
    }

    /// Runs a call, and again after a pause where the registry asks for patience. npm does not hand the registry's
    /// `Retry-After` on, so that the pauses are untoken's own: ten seconds, then thirty.
    async fn patiently(&self, call: &ToolCall) -> Result<Said, ApiError> {
        for gaps in PATIENCE {
            match self.run(call).await? {
                // Nothing was done: that is what the status says.
                Said::Failed(failure) if failure.code == "E429" => self.pacer.rest(gaps).await,
                said => return Ok(said),
            }
        }
        self.run(call).await
    }

    /// A package that is not there is answered 404 or 403, and so are others: the public metadata tells them apart.
    async fn told_apart(&self, name: &PackageName, failure: Failure) -> ApiError {
        match self.show(name).await {
            Ok(PublicFacts { existence: Existence::Absent, .. }) => {
                ApiError::Missing { registry: REGISTRY, name: name.clone() }
            }
            Ok(_) if failure.code == "E403" => ApiError::Denied {
                registry: REGISTRY,
                message: failure.summary,
                hint: format!(
                    "your account must be allowed to write {name} and have a second factor: check `npm whoami` and \
                     `npm access list packages`; reported: a granular token in NPM_TOKEN or .npmrc is refused here too"
                ),
            },
            Ok(_) => ApiError::Unsupported {
                registry: REGISTRY,
                hint: format!(
                    "{} has the package but no trusted publishing for it: is it a private registry?",
                    self.endpoints.npm.as_str()
                ),
            },
            Err(_) => failure.meaning(&self.endpoints),
        }
    }

    async fn run(&self, call: &ToolCall) -> Result<Said, ApiError> {
        let _turn = self.pacer.turn().await;
        let dirs = RunDirs { package: self.private.clone(), private: self.private.clone() };
        cli::said(self.tools.run_call(call, RULES.token_variables, &dirs).await)
    }

    async fn whoami(&self) -> Result<Login, ApiError> {
        if let Some(name) = super::login::variable(self.tools.environment(), &self.endpoints.npm).await {
            return Ok(Login::Token(name));
        }
        let call = npm_call(["whoami", "--json"].map(Arg::from).to_vec(), "asks who is logged in", &self.endpoints);
        match self.run(&call).await? {
            Said::Values(values) => match values.first().and_then(serde_json::Value::as_str) {
                Some(name) => Ok(Login::As(crate::model::clean_line(name, 100))),
                None => Err(cli::strange("`npm whoami` named nobody")),
            },
            Said::Failed(failure) if matches!(failure.code.as_str(), "ENEEDAUTH" | "E401") => {
                Ok(Login::Absent { how: cli::log_in(&self.endpoints) })
            }
            Said::Failed(failure) => Err(failure.meaning(&self.endpoints)),
        }
    }
}

impl Api for NpmApi {
    fn registry(&self) -> Registry {
        REGISTRY
    }

    fn read_public<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>> {
        self.show(name).boxed()
    }

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
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Registered, ApiError>> {
        self.made(name, wanted).boxed()
    }

    fn unregister<'a>(
        &'a self,
        name: &'a PackageName,
        entry: &'a PublisherEntry,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        let list = move || self.list(name).boxed();
        unregister(REGISTRY, &entry.id, list, self.revoke(name, &entry.id).boxed()).boxed()
    }

    fn set_lock<'a>(
        &'a self,
        name: &'a PackageName,
        on: bool,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        self.switch(name, on).boxed()
    }

    fn read_owners<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<Vec<Owner>, ApiError>> {
        super::owners::read(&self.http, &self.endpoints, name).boxed()
    }

    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>> {
        self.whoami().boxed()
    }

    fn whose<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Whose, ApiError>> {
        let url = self.endpoints.npm.join(["-", "whoami"]);
        whose(REGISTRY, self.http.get(url).bearer(token), |user: Whoami| user.username).boxed()
    }
}

/// npm takes no new name without a scope that differs from another one in its punctuation alone: 403, "too similar to existing
/// package" (npm's announcement of 2017 and several reports, 2026-11-21; short names a letter apart are refused as well).
fn lookalikes(name: &PackageName) -> Vec<PackageName> {
    if scope(name).is_some() { Vec::new() } else { spellings(name, &['-', '_', '.']) }
}

/// A name that begins with a dash npm takes for a flag, even behind `--`, and then it asks for a package called `undefined`.
fn named(name: &PackageName) -> Result<(), ApiError> {
    if name.as_str().starts_with('-') {
        return Err(ApiError::Unsupported {
            registry: REGISTRY,
            hint: "npm's command line cannot name this package: take the way in the browser".to_owned(),
        });
    }
    Ok(())
}
