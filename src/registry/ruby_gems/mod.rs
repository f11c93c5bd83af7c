//! RubyGems.org: compares the file that holds the job, and takes one of another repository when it is told which.
//!
//! Its API lists and makes publishers with a key of a scope of its own, which may want a one-time code for each call. How a
//! version was pushed is public only where the push carried an attestation, which RubyGems takes from trusted publishers alone.

mod api;
mod guide;
mod owners;
mod refusal;
mod rules;
#[cfg(test)]
pub(super) mod subject;
#[cfg(test)]
mod tests;
mod wire;

pub(super) use api::RubyGemsApi;
pub(super) use guide::RubyGemsGuides;
