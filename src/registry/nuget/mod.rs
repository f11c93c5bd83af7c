//! NuGet.org: a policy belongs to the user who makes it and holds for the packages of an owner. It is managed in a browser
//! alone, and nobody else can read it.

mod api;
mod ci;
mod guide;
mod index;
mod owners;
mod rules;
#[cfg(test)]
pub(super) mod subject;

pub(super) use api::NugetApi;
pub(super) use guide::NugetGuides;

use crate::model::Registry;

const REGISTRY: Registry = Registry::Nuget;
