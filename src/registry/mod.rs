//! The registries: what each wants, how a person is guided through it, and how untoken asks it.
//!
//! A registry is three things: [`Rules`] (typed constants, no I/O: what the plan and the forecast see), [`Guides`] (pure:
//! how a step is done, with which values) and [`Api`] (the only side that opens a connection or runs a tool). Branching on
//! the registry happens here and nowhere else. Nothing here knows a screen, a workflow file or a config file.

mod answers;
mod apis;
mod capabilities;
mod ci;
mod crates_io;
mod endpoints;
mod error;
mod fields;
mod first;
mod gitlab;
mod jsr;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod name_tests;
mod npm;
mod nuget;
mod outcome;
mod owners;
#[cfg(test)]
mod owners_tests;
mod pacer;
mod pub_dev;
mod pypi;
mod quota;
mod refused;
mod revoke;
mod ruby_gems;
mod rules;
mod sigstore;
mod similar;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trial;
mod whose;

pub use apis::Apis;
pub use capabilities::{Ability, Able, Can, Capability, Provider, capabilities, capability_of};
pub use ci::{CiRules, ClientNeed, LoginUser, ManifestRepository, Placeholder, Precedence};
pub use endpoints::Endpoints;
pub use error::ApiError;
pub use first::{FirstWay, PLACEHOLDER};
pub use gitlab::{GitlabGuide, gitlab};
pub use outcome::{Changed, Held, Login, Registered};
pub use owners::{AccountBy, NewName, OwnerRules, ScopeOf};
pub use quota::Quota;
pub use refused::refusals;
pub use revoke::revoke_page;
pub use rules::{
    Case, Confidence, FirstPublish, Lock, Pending, ProofSource, Provenance, ReadBack, Rule, Rules, RunRef,
    WorkflowClaim,
};
pub use trial::{Trial, trial};
pub use whose::Whose;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::model::{
    Finding, Guide, Link, Owner, Package, PackageName, PublicFacts, PublisherEntry, Registry, TagPattern, Timestamp,
    ToolCall, TrustedPublisher, Way,
};

/// The pure side of a registry: rules, and how a step is done.
pub trait Guides: Send + Sync {
    /// Its rules.
    fn rules(&self) -> &'static Rules;

    /// What its rules mean inside a CI job.
    fn ci(&self) -> &'static CiRules {
        &ci::PLAIN
    }

    /// What its owners are called, and how it knows the person at the keyboard.
    fn owners(&self) -> &'static OwnerRules {
        &owners::PLAIN
    }

    /// What the registry would refuse in these values, before anything is sent.
    fn check(&self, wanted: &TrustedPublisher) -> Vec<Finding>;

    /// Whether an entry that the registry holds is what is wanted, by the registry's own case rules and permissions.
    fn same(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> bool {
        self.rules().holds(wanted, &held.publisher)
    }

    /// How to register this publisher: the ways that there are, the best one first.
    fn register(&self, ask: &RegisterAsk<'_>) -> Vec<Guide>;

    /// The ways to have the name exist, the best one first; empty where a publisher can be registered without.
    fn first_publish(&self, _package: &Package, _endpoints: &Endpoints) -> Vec<FirstWay> {
        Vec::new()
    }

    /// How to have the registry refuse tokens; `None` where it has no such switch.
    fn lock(&self, _package: &PackageName, _endpoints: &Endpoints) -> Option<Guide> {
        None
    }

    /// The ways to have the registry refuse tokens, the best one first.
    fn lock_ways(&self, package: &PackageName, endpoints: &Endpoints) -> Vec<Guide> {
        self.lock(package, endpoints).into_iter().collect()
    }

    /// Whether the lock of one package holds for another one too.
    fn lock_holds_for(&self, locked: &PackageName, other: &PackageName) -> bool {
        locked == other
    }

    /// The call that gives the second factor for this sitting in a borrowed terminal, after
    /// [`ApiError::NeedsSecondFactor`]; `None` where the registry has no such thing.
    fn second_factor(&self, _package: &PackageName, _endpoints: &Endpoints) -> Option<ToolCall> {
        None
    }

    /// What a publish job needs in the place of the token.
    fn oidc_login(&self) -> OidcLogin;

    /// Where the proof is to be read after a release, as a fragment.
    fn proof_hint(&self) -> &'static str;

    /// What one-time code its API may want besides the credential, as a sentence; `None`: it wants none that is typed.
    fn one_time_code(&self) -> Option<&'static str> {
        None
    }

    /// Whether everybody can read its list of publishers, without any credential.
    fn list_is_public(&self) -> bool {
        false
    }

    /// By which way its list of publishers is read: an API with a typed credential, or the person's own tool.
    fn list_way(&self) -> Way {
        Way::Api
    }

    /// The command by which the person's own tool logs in; `None`: there is no such tool.
    fn log_in(&self, _endpoints: &Endpoints) -> Option<ToolCall> {
        None
    }

    /// Which credential its API wants, and where a person makes one; `None`: it has no such API.
    fn credential(&self, _endpoints: &Endpoints) -> Option<CredentialWish> {
        None
    }

    /// How often a person has to approve in a browser for this much work; `None`: never.
    fn approvals(&self, _work: Work, _packages: usize) -> Option<Approvals> {
        None
    }

    /// How many new names an account may publish at once, and how soon the next ones.
    fn new_names(&self) -> Option<Rule<Quota>> {
        None
    }

    /// Whether it writes to the owners of a package when its publishers change.
    fn mails_owners(&self) -> bool {
        false
    }

    /// That it links a repository as a whole, which has to be public, for a person who may push to it; `None`: it does not.
    fn links_repository(&self) -> Option<Rule<()>> {
        None
    }

    /// In which values an entry is not the wanted one, as fragments; empty where it is.
    fn differs(&self, wanted: &TrustedPublisher, held: &PublisherEntry) -> Vec<String> {
        self.rules().differs(wanted, &held.publisher)
    }

    /// The package's public page.
    fn page(&self, name: &PackageName, endpoints: &Endpoints) -> Link;
}

/// What is to be done for each of some packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// The list of its publishers is read.
    List,
    /// A publisher is registered.
    Register,
}

/// What a person is told before a registry asks them to approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approvals {
    /// How many calls are made.
    pub calls: usize,
    /// How often the registry will ask, as far as can be told.
    pub times: usize,
    /// How long the calls take at least, in seconds.
    pub seconds: u64,
}

/// A credential that a person is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialWish {
    /// One sentence: what kind of token, with which rights.
    pub what: String,
    /// The page where it is made.
    pub page: String,
    /// How it comes here.
    pub by: CredentialBy,
}

/// How a credential comes to untoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialBy {
    /// The person makes it and types it.
    Typed,
    /// The registry hands it out by a code that the person approves in the browser; it can be typed all the same.
    Device,
}

/// Which workflow file a registry compares.
#[must_use]
pub fn claim(registry: Registry) -> WorkflowClaim {
    guides(registry).rules().claim.value
}

/// The pure side of a registry, by its name.
#[must_use]
pub fn guides(registry: Registry) -> &'static dyn Guides {
    match registry {
        Registry::CratesIo => &crates_io::CratesIoGuides,
        Registry::Npm => &npm::NpmGuides,
        Registry::Pypi => &pypi::PypiGuides,
        Registry::Jsr => &jsr::JsrGuides,
        Registry::PubDev => &pub_dev::PubDevGuides,
        Registry::RubyGems => &ruby_gems::RubyGemsGuides,
        Registry::Nuget => &nuget::NugetGuides,
    }
}

/// What a publish job needs in the place of the token. The texts are YAML without indentation of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OidcLogin {
    /// The job's `permissions:`; a job's block replaces the workflow's.
    pub permissions: &'static str,
    /// A step to put right before the publishing one; `None`: the client asks for the OIDC token by itself.
    pub before: Option<&'static str>,
    /// The keys that the publishing step has to have.
    pub on_step: Option<&'static str>,
    /// What has to go out of the job, as fragments.
    pub take_out: &'static [&'static str],
    /// What else to know, a sentence each.
    pub notes: &'static [&'static str],
}

/// What a register step wants.
#[derive(Debug, Clone, Copy)]
pub struct RegisterAsk<'a> {
    /// The package.
    pub package: &'a PackageName,
    /// Whether the name is on the registry; `false` leads to a pending publisher where there is such a thing.
    pub exists: bool,
    /// The publisher to register.
    pub publisher: &'a TrustedPublisher,
    /// Who owns the package, where that was read.
    pub owners: &'a [Owner],
    /// The pattern of its release tags, where the registry compares tags and the project tells it.
    pub tag_pattern: Option<&'a TagPattern>,
    /// Where the services are.
    pub endpoints: &'a Endpoints,
}

/// The asking side of a registry. Every call can fail alone and be repeated.
pub trait Api: Send + Sync {
    /// Whose asking side this is.
    fn registry(&self) -> Registry;

    /// What anybody can read.
    fn read_public<'a>(&'a self, name: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>>;

    /// The publishers that it holds for a package. A registry that shows them on its page alone refuses.
    fn list_publishers<'a>(
        &'a self,
        _: &'a PackageName,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Vec<PublisherEntry>, ApiError>> {
        unsupported(self.registry(), "its owner sees them, on its page there")
    }

    /// Registers a publisher: looks first, sends only what is missing, reads back afterwards. A registry that has only its
    /// page for that refuses.
    fn register<'a>(
        &'a self,
        _: &'a PackageName,
        _: &'a TrustedPublisher,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Registered, ApiError>> {
        unsupported(self.registry(), "take the way in the browser")
    }

    /// Who owns the package, as anybody can read it.
    fn read_owners<'a>(&'a self, _: &'a PackageName) -> BoxFuture<'a, Result<Vec<Owner>, ApiError>> {
        unsupported(self.registry(), "look at the package's own page there")
    }

    /// Whether the person's own tool is logged in, and as whom where it tells: asked before a first publish.
    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>>;

    /// Whose this token is, by a read that does nothing else: sent to the registry's own API alone. Most have no such read.
    fn whose<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Whose, ApiError>> {
        unsupported(self.registry(), "no harmless read takes a token of this kind: look at its page of tokens")
    }

    /// Makes the package's record where a package can be there without a version: looks first, reads back afterwards.
    fn create<'a>(
        &'a self,
        _: &'a PackageName,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        unsupported(self.registry(), "publish the package once")
    }

    /// Takes an entry away, by the registry's own id of it: looks first, reads back afterwards.
    fn unregister<'a>(
        &'a self,
        _: &'a PackageName,
        _: &'a PublisherEntry,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        unsupported(self.registry(), "remove it in the package's settings there")
    }

    /// Which packages the lock of this one holds for, itself included, as far as this account sees them.
    fn lock_covers<'a>(
        &'a self,
        name: &'a PackageName,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Vec<PackageName>, ApiError>> {
        std::future::ready(Ok(vec![name.clone()])).boxed()
    }

    /// Has the registry hand out a credential by a code that a person approves in the browser. Runs until that is done,
    /// refused or too late; dropping it gives up. Nothing is stored.
    fn authorize<'a>(
        &'a self,
        _: &'a (dyn Fn(AuthorizeEvent) + Send + Sync),
    ) -> BoxFuture<'a, Result<SecretString, ApiError>> {
        unsupported(self.registry(), "make a token on its page and type it")
    }

    /// A one-time code, for the calls of the next minute.
    fn take_code(&self, _: SecretString) {}

    /// Sets whether the registry refuses tokens: looks first, reads back afterwards where that can be read.
    fn set_lock<'a>(
        &'a self,
        _: &'a PackageName,
        _: bool,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Changed, ApiError>> {
        unsupported(self.registry(), "look in the package's settings there")
    }
}

fn unsupported<'a, T: Send + 'a>(registry: Registry, hint: &str) -> BoxFuture<'a, Result<T, ApiError>> {
    std::future::ready(Err(ApiError::Unsupported { registry, hint: hint.to_owned() })).boxed()
}

/// What happens while a registry hands out a credential by a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizeEvent {
    /// The person can begin.
    Code {
        /// What the page shows, or what to type there.
        code: String,
        /// Where; on the registry's own site.
        page: String,
        /// When the code ends, by the wall clock.
        expires: Timestamp,
    },
    /// An attempt failed; the next one will come. A lower-case fragment.
    Trouble(String),
    /// An attempt worked again.
    Recovered,
}
