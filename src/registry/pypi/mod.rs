//! PyPI: publishers are managed in a browser alone, and nobody but the owner can read them.
//!
//! A project that does not exist yet can be trusted beforehand by a pending publisher.

mod api;
mod ci;
mod guide;
mod owners;
mod rules;
#[cfg(test)]
pub(super) mod subject;
#[cfg(test)]
mod tests;

pub(super) use api::PypiApi;
pub(super) use guide::PypiGuides;
