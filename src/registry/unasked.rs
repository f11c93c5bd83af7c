//! The asking side of a registry that this version does not ask: it says so, and never opens a connection.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::model::{PackageName, PublicFacts, PublisherEntry, Registry, TrustedPublisher};
use crate::registry::{Api, ApiError, Login, Registered};

/// Whose asking side is yet to come.
pub(super) struct Unasked(pub(super) Registry);

impl Unasked {
    fn not_yet<T: Send + 'static>(&self) -> BoxFuture<'static, Result<T, ApiError>> {
        std::future::ready(Err(ApiError::NotYet { registry: self.0 })).boxed()
    }
}

impl Api for Unasked {
    fn registry(&self) -> Registry {
        self.0
    }

    fn read_public<'a>(&'a self, _: &'a PackageName) -> BoxFuture<'a, Result<PublicFacts, ApiError>> {
        self.not_yet()
    }

    fn list_publishers<'a>(
        &'a self,
        _: &'a PackageName,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Vec<PublisherEntry>, ApiError>> {
        self.not_yet()
    }

    fn register<'a>(
        &'a self,
        _: &'a PackageName,
        _: &'a TrustedPublisher,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Registered, ApiError>> {
        self.not_yet()
    }

    fn login(&self) -> BoxFuture<'_, Result<Login, ApiError>> {
        self.not_yet()
    }
}
