//! A stateful world on loopback: GitHub and the registries as a client meets them.
//!
//! `untoken demo` and the tests run against it; `cargo publish` and `npm publish` work against it as well. It answers
//! as the real services do, refusals included, and is never kinder: what it takes, the real one takes.
//!
//! It listens on 127.0.0.1 alone, and calls nobody. It uses nothing of the rooms that talk to the real services: it has
//! wire types of its own, else both sides would share a mistake.

mod crates_io;
mod fault;
mod github;
mod home;
mod jsr;
mod npm;
mod nuget;
mod page;
mod person;
mod pub_dev;
mod pypi;
mod respond;
mod ruby_gems;
mod sample;
mod server;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod world;

use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};

pub use fault::{Fault, FaultError, FaultKind};
pub use home::{DemoHome, HomeError};
pub use person::{VisitError, WaitingPage, visit};
pub use sample::{SampleError, sample_repository};
pub use server::{Credential, LoggedRequest, Service};
pub use world::World;

/// How a sandbox begins.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// What its services know.
    pub world: World,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// How late an answer comes under the fault `slow`; longer than any client should wait.
    pub slow: Duration,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self { world: World::demo(), faults: Vec::new(), slow: Duration::from_secs(35) }
    }
}

/// Where the services listen, each without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urls {
    /// GitHub's website, with the device flow.
    pub github: String,
    /// GitHub's REST API.
    pub github_api: String,
    /// crates.io: API and website.
    pub crates_io: String,
    /// crates.io's sparse index.
    pub crates_io_index: String,
    /// The npm registry and npm's website.
    pub npm: String,
    /// PyPI: API and website.
    pub pypi: String,
    /// JSR's website.
    pub jsr: String,
    /// JSR's API.
    pub jsr_api: String,
    /// RubyGems: API and website.
    pub rubygems: String,
    /// pub.dev: API and website.
    pub pub_dev: String,
    /// NuGet: API and website.
    pub nuget: String,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// No port on loopback.
    #[error("cannot listen on 127.0.0.1 for the sandbox's {service}; see that loopback sockets are allowed here")]
    Listen {
        /// Which service.
        service: Service,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The services, running until this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<server::Shared>,
    _stop: DropGuard,
}

impl Sandbox {
    /// Starts every service on a free port of 127.0.0.1. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// [`SandboxError::Listen`] when the machine gives no port.
    pub async fn start(options: SandboxOptions) -> Result<Self, SandboxError> {
        let stop = CancellationToken::new();
        let shared = server::start(options, &stop).await?;
        Ok(Self { shared, _stop: stop.drop_guard() })
    }

    /// Where the services listen.
    #[must_use]
    pub fn urls(&self) -> &Urls {
        self.shared.urls()
    }

    /// The world, to seed and to look at. The services wait while it is held: let go of it before the next request.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// The requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.shared.requests()
    }

    /// Injects one more fault.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.faults().add(fault);
    }

    /// Takes every fault away.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// The environment variables that point untoken at these services.
    #[must_use]
    pub fn env(&self) -> Vec<(&'static str, String)> {
        let urls = self.urls();
        let client_id = self.world().github.clients.first().map(|client| client.client_id.clone());
        let mut env = vec![
            ("UNTOKEN_GITHUB_URL", urls.github.clone()),
            ("UNTOKEN_GITHUB_API_URL", urls.github_api.clone()),
            ("UNTOKEN_CRATES_IO_URL", urls.crates_io.clone()),
            ("UNTOKEN_CRATES_IO_INDEX_URL", urls.crates_io_index.clone()),
            ("UNTOKEN_NPM_URL", urls.npm.clone()),
            ("UNTOKEN_PYPI_URL", urls.pypi.clone()),
            ("UNTOKEN_JSR_URL", urls.jsr.clone()),
            ("UNTOKEN_JSR_API_URL", urls.jsr_api.clone()),
            ("UNTOKEN_RUBYGEMS_URL", urls.rubygems.clone()),
            ("UNTOKEN_PUB_DEV_URL", urls.pub_dev.clone()),
            ("UNTOKEN_NUGET_URL", urls.nuget.clone()),
        ];
        env.extend(client_id.map(|id| ("UNTOKEN_GITHUB_CLIENT_ID", id)));
        env
    }
}
