//! The asking sides of all registries, made once.

use std::path::PathBuf;
use std::sync::Arc;

use super::crates_io::CratesIoApi;
use super::jsr::JsrApi;
use super::npm::NpmApi;
use super::nuget::NugetApi;
use super::pub_dev::PubDevApi;
use super::pypi::PypiApi;
use super::ruby_gems::RubyGemsApi;
use super::{Api, Endpoints};
use crate::model::Registry;
use crate::net::Http;
use crate::tools::Tools;

/// All asking sides.
pub struct Apis {
    crates_io: CratesIoApi,
    npm: NpmApi,
    pypi: PypiApi,
    jsr: JsrApi,
    ruby_gems: RubyGemsApi,
    pub_dev: PubDevApi,
    nuget: NugetApi,
}

impl Apis {
    /// `private` is an empty folder of untoken's own, in which tools run.
    #[must_use]
    pub fn new(http: Http, endpoints: Endpoints, tools: Arc<Tools>, private: PathBuf) -> Self {
        let endpoints = Arc::new(endpoints);
        Self {
            crates_io: CratesIoApi::new(http.clone(), endpoints.clone(), tools.clone()),
            npm: NpmApi::new(http.clone(), endpoints.clone(), tools, private),
            pypi: PypiApi::new(http.clone(), endpoints.clone()),
            jsr: JsrApi::new(http.clone(), endpoints.clone()),
            ruby_gems: RubyGemsApi::new(http.clone(), endpoints.clone()),
            pub_dev: PubDevApi::new(http.clone(), endpoints.clone()),
            nuget: NugetApi::new(http, endpoints),
        }
    }

    /// The one of this registry.
    #[must_use]
    pub fn get(&self, registry: Registry) -> &dyn Api {
        match registry {
            Registry::CratesIo => &self.crates_io,
            Registry::Npm => &self.npm,
            Registry::Pypi => &self.pypi,
            Registry::Jsr => &self.jsr,
            Registry::PubDev => &self.pub_dev,
            Registry::RubyGems => &self.ruby_gems,
            Registry::Nuget => &self.nuget,
        }
    }
}
