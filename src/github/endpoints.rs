//! Where GitHub is: github.com, unless the environment names another place.

use crate::model::{Endpoint, EndpointError};

/// GitHub's two faces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The website, where people sign in.
    pub web: Endpoint,
    /// The REST API.
    pub api: Endpoint,
}

impl Endpoints {
    /// From the environment (`lookup`), by the rule of [`Endpoint::resolve`].
    pub fn resolve(lookup: impl Fn(&str) -> Option<String>, trusted: &[String]) -> Result<Self, EndpointError> {
        let at =
            |variable: &str, default: &str| Endpoint::resolve(variable, default, lookup(variable).as_deref(), trusted);
        Ok(Self {
            web: at("UNTOKEN_GITHUB_URL", "https://github.com")?,
            api: at("UNTOKEN_GITHUB_API_URL", "https://api.github.com")?,
        })
    }

    /// Whether either is not the real GitHub: then no credential of the real one may go there.
    #[must_use]
    pub fn is_overridden(&self) -> bool {
        self.web.is_overridden() || self.api.is_overridden()
    }
}
