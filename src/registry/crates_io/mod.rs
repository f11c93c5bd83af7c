//! crates.io: an API with tokens of a scope of their own, a public proof, and a public switch against tokens.
//!
//! A crate has to be published once before it can be trusted. The server has no uniqueness check, so that entries are always
//! listed before one is sent, and each new one is mailed to all owners.

mod api;
mod ci;
mod first;
mod guide;
mod login;
mod owners;
mod refusal;
mod rules;
#[cfg(test)]
pub(super) mod subject;
#[cfg(test)]
mod tests;
mod wire;

pub(super) use api::CratesIoApi;
pub(super) use guide::CratesIoGuides;

/// What cargo calls the registry when its index is replaced: never `crates-io`, so that no credential of the real one fits.
const REPLACED: &str = "untoken";
/// The variable by which cargo takes a token for [`REPLACED`].
const REPLACED_TOKEN: &str = "CARGO_REGISTRIES_UNTOKEN_TOKEN";
/// The variable by which cargo takes the index of [`REPLACED`].
const REPLACED_INDEX: &str = "CARGO_REGISTRIES_UNTOKEN_INDEX";
