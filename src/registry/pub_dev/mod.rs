//! pub.dev: trusts runs of a repository by their tag. It compares no workflow file, and nobody can read what it holds.

mod api;
mod guide;
mod owners;
mod rules;
#[cfg(test)]
pub(super) mod subject;

pub(super) use api::PubDevApi;
pub(super) use guide::PubDevGuides;
