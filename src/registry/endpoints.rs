//! Where the registries are: their well-known addresses, unless the environment names others.

use crate::model::{Endpoint, EndpointError};

/// The base addresses of all registries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// crates.io's site and API.
    pub crates_io: Endpoint,
    /// crates.io's sparse index.
    pub crates_io_index: Endpoint,
    /// The npm registry.
    pub npm: Endpoint,
    /// npm's website.
    pub npm_site: Endpoint,
    /// PyPI.
    pub pypi: Endpoint,
    /// JSR's website.
    pub jsr: Endpoint,
    /// JSR's API.
    pub jsr_api: Endpoint,
    /// pub.dev.
    pub pub_dev: Endpoint,
    /// RubyGems.org.
    pub rubygems: Endpoint,
    /// NuGet's website.
    pub nuget: Endpoint,
    /// NuGet's API of packages.
    pub nuget_api: Endpoint,
}

impl Endpoints {
    /// From the environment (`lookup`), by the rule of [`Endpoint::resolve`]. An overridden npm registry is its own website,
    /// and so is an overridden NuGet.
    pub fn resolve(lookup: impl Fn(&str) -> Option<String>, trusted: &[String]) -> Result<Self, EndpointError> {
        let at =
            |variable: &str, default: &str| Endpoint::resolve(variable, default, lookup(variable).as_deref(), trusted);
        Ok(Self {
            crates_io: at("UNTOKEN_CRATES_IO_URL", "https://crates.io")?,
            crates_io_index: at("UNTOKEN_CRATES_IO_INDEX_URL", "https://index.crates.io")?,
            npm: at("UNTOKEN_NPM_URL", "https://registry.npmjs.org")?,
            npm_site: at("UNTOKEN_NPM_URL", "https://www.npmjs.com")?,
            pypi: at("UNTOKEN_PYPI_URL", "https://pypi.org")?,
            jsr: at("UNTOKEN_JSR_URL", "https://jsr.io")?,
            jsr_api: at("UNTOKEN_JSR_API_URL", "https://api.jsr.io")?,
            pub_dev: at("UNTOKEN_PUB_DEV_URL", "https://pub.dev")?,
            rubygems: at("UNTOKEN_RUBYGEMS_URL", "https://rubygems.org")?,
            nuget: at("UNTOKEN_NUGET_URL", "https://www.nuget.org")?,
            nuget_api: at("UNTOKEN_NUGET_URL", "https://api.nuget.org")?,
        })
    }

    /// The names of those that are not the real services.
    #[must_use]
    pub fn overridden(&self) -> Vec<&'static str> {
        [
            ("crates.io", &self.crates_io),
            ("crates.io's index", &self.crates_io_index),
            ("npm", &self.npm),
            ("PyPI", &self.pypi),
            ("JSR", &self.jsr),
            ("JSR's API", &self.jsr_api),
            ("pub.dev", &self.pub_dev),
            ("RubyGems", &self.rubygems),
            ("NuGet", &self.nuget),
        ]
        .into_iter()
        .filter(|(_, endpoint)| endpoint.is_overridden())
        .map(|(name, _)| name)
        .collect()
    }
}
