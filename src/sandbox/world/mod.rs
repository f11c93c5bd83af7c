//! The sandbox's world: plain data that the services read and change, and that a test seeds and inspects.
//!
//! Nothing here knows HTTP. Every token in it is obviously false and opens nothing anywhere.

pub mod actions;
mod clock;
pub mod crates_io;
mod crowd;
mod demo;
pub mod github;
mod job_login;
pub mod jsr;
pub mod npm;
pub mod nuget;
pub mod pub_dev;
pub mod pypi;
mod release;
pub mod ruby_gems;

use chrono::{DateTime, TimeDelta, Utc};

pub use clock::Clock;
pub use release::{ReleaseError, Run};

/// Everything that the services on loopback know.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The time that all services agree on.
    pub clock: Clock,
    /// GitHub: accounts, repositories, sign-ins.
    pub github: github::GitHub,
    /// GitHub Actions: what publishes, and its runs.
    pub actions: actions::Actions,
    /// crates.io: users, tokens, crates and their trusted publishers.
    pub crates_io: crates_io::CratesIo,
    /// npm: users, tokens, packages and their trusted publishers.
    pub npm: npm::Npm,
    /// PyPI: users, projects, publishers and pending ones.
    pub pypi: pypi::Pypi,
    /// JSR: tokens, scopes, packages, codes.
    pub jsr: jsr::Jsr,
    /// RubyGems: keys, gems, publishers and pending ones.
    pub ruby_gems: ruby_gems::RubyGems,
    /// pub.dev: packages and what is trusted to publish them.
    pub pub_dev: pub_dev::PubDev,
    /// NuGet: packages and policies.
    pub nuget: nuget::Nuget,
}

impl World {
    /// The services without any account, repository or package.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The world of `untoken demo`: `acme/widgets` by `mona`, one package published with a token, others not at all.
    #[must_use]
    pub fn demo() -> Self {
        demo::world()
    }

    /// The services' time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets `span` pass at once, for codes that expire and entries that lapse.
    pub fn advance(&mut self, span: TimeDelta) {
        self.clock.advance(span);
    }

    /// Has time move only where it is told to: what depends on it is then the same on a slow machine.
    pub fn stand_still(&mut self) {
        self.clock.stand_still();
    }
}
