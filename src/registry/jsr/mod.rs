//! JSR: a package is linked to one GitHub repository, and whatever that repository runs may publish it.
//!
//! Everybody can read the link; making it needs a token of the person's whole account, which JSR hands out by a code in the
//! browser. The switch that refuses tokens is the scope's, and only its admins see how it stands.

mod api;
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

pub(super) use api::JsrApi;
pub(super) use guide::JsrGuides;

use crate::model::PackageName;

/// Scope (without its `@`) and name.
fn halves(name: &PackageName) -> (&str, &str) {
    let (scope, package) = name.as_str().split_once('/').unwrap_or(("", name.as_str()));
    (scope.trim_start_matches('@'), package)
}
