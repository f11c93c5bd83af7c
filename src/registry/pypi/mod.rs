//! PyPI: publishers are managed in a browser alone, and nobody but the owner can read them.
//!
//! A project that does not exist yet can be trusted beforehand by a pending publisher.

mod guide;
mod rules;

pub(super) use guide::PypiGuides;
