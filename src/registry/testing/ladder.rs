//! What the ladder shows when a registry answers this or that.
//!
//! A [`Subject`] says how one registry answers, in its own paths and words. `registry::matrix` holds every one of them against
//! every answer and every hardship.

use std::time::Duration;

use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{apis, below, http_within};
use crate::model::{PackageName, Reading, Registry, Rung, Standing, Unknown};
use crate::net::Http;
use crate::plan::Memory;
use crate::plan::testing::{NOON, Scene, publisher};
use crate::registry::{ApiError, Apis, guides};
use crate::report::Report;
use crate::tools::{Environment, Tool, Tools};

/// A client, and how long it waits for a whole answer. It is dear to make: one serves all of a test.
#[derive(Clone)]
pub(in crate::registry) struct Waiting {
    http: Http,
    patience: Duration,
}

impl Waiting {
    /// Waits no longer than this many seconds.
    pub(in crate::registry) fn seconds(seconds: u64) -> Self {
        let patience = Duration::from_secs(seconds);
        Self { http: http_within(patience), patience }
    }
}

/// A registry under test, with one package.
#[derive(Clone, Copy)]
pub(in crate::registry) struct Subject {
    pub(in crate::registry) registry: Registry,
    /// The package.
    pub(in crate::registry) name: &'static str,
    /// The credential for its list.
    pub(in crate::registry) token: &'static str,
    /// Every read that untoken makes of it, at this address, as it is answered while the package belongs to somebody. What is
    /// not named here is answered with a 404 in the registry's words.
    pub(in crate::registry) serves: fn(base: &str, whose: Whose) -> Vec<Served>,
    /// A refusal with this status in the registry's own form.
    pub(in crate::registry) refusal: fn(u16) -> ResponseTemplate,
}

/// To whom a package belongs, by what its registry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::registry) enum Whose {
    /// Nobody: there is none.
    Nobodys,
    /// Its list names acme/widgets release.yml, and so does its newest version, where the registry has such things.
    Ours,
    /// Both name acme/gadgets.
    SomeoneElses,
    /// Its list names acme/widgets release.yml, and a token published its newest version.
    Unproven,
}

impl Whose {
    /// The repository that is named.
    pub(in crate::registry) fn repository(self) -> &'static str {
        match self {
            Self::Nobodys | Self::Ours | Self::Unproven => "acme/widgets",
            Self::SomeoneElses => "acme/gadgets",
        }
    }

    /// Whether its newest version came by OIDC.
    pub(in crate::registry) fn by_oidc(self) -> bool {
        matches!(self, Self::Ours | Self::SomeoneElses)
    }
}

/// One read: what rests on it, its path, and its answer.
#[derive(Clone)]
pub(in crate::registry) struct Served(
    pub(in crate::registry) Part,
    pub(in crate::registry) String,
    pub(in crate::registry) ResponseTemplate,
);

impl Served {
    /// Has a server answer so.
    pub(in crate::registry) async fn mount(self, server: &MockServer) {
        Mock::given(method("GET")).and(path(self.1)).respond_with(self.2).mount(server).await;
    }
}

/// What rests on a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::registry) enum Part {
    /// Whether the package is there, and all that its registry says in the same breath.
    Public,
    /// Who may publish it.
    List,
    /// Both of these.
    PublicAndList,
    /// Who published its newest version.
    Proof,
}

/// The rungs that rest on the registry alone.
pub(in crate::registry) const RUNGS: [Rung; 4] = [Rung::Exists, Rung::Registered, Rung::Proven, Rung::Locked];

/// How they stand, in the order of [`RUNGS`].
pub(in crate::registry) type Rungs = [Standing; 4];

/// The words: `yes`, `no`, `unknown` …
pub(in crate::registry) fn words(rungs: &Rungs) -> [&'static str; 4] {
    std::array::from_fn(|rung| rungs[rung].word())
}

/// What untoken remembers of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::registry) enum Remembered {
    Nothing,
    /// A person said so many seconds ago that the registry trusts acme/widgets release.yml.
    Stated(i64),
    /// untoken made that entry so many seconds ago.
    Made(i64),
}

fn unread<T>(error: ApiError) -> Reading<T> {
    let report = Report::from(error);
    Reading::Unknown(Unknown { why: report.line(), hint: report.hint })
}

impl Subject {
    /// What the ladder shows with this asking side.
    pub(in crate::registry) async fn climb(&self, apis: &Apis, remembered: Remembered) -> Rungs {
        let (api, name) = (apis.get(self.registry), PackageName::new(self.name).unwrap());
        let token = SecretString::from(self.token);
        let mut scene = Scene::of(self.registry, self.name);
        let (id, wanted) = (scene.id(), publisher(None));
        let Memory { stated, made, .. } = &mut scene.facts.memory;
        match remembered {
            Remembered::Nothing => {}
            Remembered::Stated(ago) => drop(stated.insert(id, (wanted, NOON.plus(-ago)))),
            Remembered::Made(ago) => drop(made.insert(id, (wanted, NOON.plus(-ago)))),
        }
        let known = scene.registry();
        known.public = match api.read_public(&name).await {
            Ok(facts) => Reading::seen(facts, "public", NOON),
            Err(error) => unread(error),
        };
        known.publishers = match api.list_publishers(&name, Some(&token)).await {
            Ok(list) => Reading::seen(list, "its list", NOON),
            Err(error) => unread(error),
        };
        RUNGS.map(|rung| scene.rung(rung))
    }

    /// Whether its list is read by the person's own tool.
    pub(in crate::registry) fn by_tool(&self) -> bool {
        guides(self.registry).list_way() != crate::model::Way::Api
    }

    /// What the ladder shows when these paths are answered so, and every other one with a 404 in the registry's words.
    pub(in crate::registry) async fn shown(&self, answers: &[(&str, ResponseTemplate)]) -> Rungs {
        let server = self.server().await;
        for (at, answer) in answers {
            Mock::given(method("GET")).and(path(*at)).respond_with(answer.clone()).mount(&server).await;
        }
        self.climb(&apis(&server.uri()), Remembered::Nothing).await
    }

    /// A server that knows nothing, and says so in the registry's words.
    pub(in crate::registry) async fn server(&self) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(method("GET")).respond_with((self.refusal)(404)).with_priority(200).mount(&server).await;
        server
    }
}

/// A machine whose registries are all at one address, with the person's own npm and its login, where there is an npm.
pub(in crate::registry) struct Machine {
    pub(in crate::registry) apis: Apis,
    _home: TempDir,
}

impl Machine {
    /// Asks by this client; its npm, if it is to have one, is as patient.
    pub(in crate::registry) async fn new(base: &str, waiting: &Waiting, with_npm: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (npmrc, private) = (home.path().join("npmrc"), home.path().join("private"));
        let authority = base.trim_start_matches("http://");
        let login =
            format!("//{authority}/npm/:_authToken=npm-not-a-token\nfetch-timeout={}\n", waiting.patience.as_millis());
        std::fs::write(&npmrc, login).unwrap();
        std::fs::create_dir(&private).unwrap();
        let environment = Environment::empty()
            .with("PATH", std::env::var_os("PATH").unwrap_or_default())
            .with("HOME", home.path())
            .with("NPM_CONFIG_USERCONFIG", npmrc);
        let mut tools = Tools::locate(environment, std::path::Path::new("/nowhere"));
        tools.npm = if with_npm { npm().await.cloned() } else { None };
        let apis = Apis::new(waiting.http.clone(), below(base), tools.into(), private);
        Self { apis, _home: home }
    }
}

/// The npm of this machine, asked for its version once.
async fn npm() -> Option<&'static Tool> {
    static NPM: OnceCell<Option<Tool>> = OnceCell::const_new();
    let found = NPM.get_or_init(|| async {
        let environment = Environment::empty().with("PATH", std::env::var_os("PATH").unwrap_or_default());
        Tools::find(environment, std::path::Path::new("/nowhere")).await.npm
    });
    found.await.as_ref()
}

/// Whether this machine's npm can list publishers; if not, that is said aloud.
pub(in crate::registry) async fn has_npm() -> bool {
    let mut tools = Tools::default();
    tools.npm = npm().await.cloned();
    let Err(why) = crate::registry::npm::with_trust(&tools) else { return true };
    // Past the test harness, which swallows what a passing test prints.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("left out: the real npm: {why}\n").as_bytes());
    false
}
