//! npm: asked through the person's own `npm`, because only its session and second factor are accepted.
//!
//! npm runs in an empty folder of untoken's own with the registry on its command line: an .npmrc of the checkout, or a
//! `publishConfig` in its package.json, must not send it elsewhere.

mod api;
mod ci;
mod cli;
mod first;
mod guide;
mod login;
mod owners;
mod packument;
mod rules;
#[cfg(test)]
pub(super) mod subject;
#[cfg(test)]
mod tests;

pub(super) use api::NpmApi;
#[cfg(test)]
pub(super) use cli::with_trust;
pub(super) use guide::NpmGuides;

use std::time::Duration;

use crate::model::{Arg, PackageName, RunIn, ToolCall};
use crate::registry::Endpoints;

/// npm's documentation of `npm trust` asks for two seconds between calls (npm/documentation npm-trust.mdx, read 2026-08-21).
const PACE: Duration = Duration::from_secs(2);

/// A call of npm in the private folder, quiet about its own updates, which it would otherwise ask the registry for.
fn npm_call(args: Vec<Arg>, purpose: &str, endpoints: &Endpoints) -> ToolCall {
    let registry = Arg::from(format!("--registry={}/", endpoints.npm.as_str()));
    ToolCall {
        tool: "npm",
        args: args.into_iter().chain([registry]).collect(),
        run_in: RunIn::Private,
        env: vec![
            ("NPM_CONFIG_UPDATE_NOTIFIER".to_owned(), "false".to_owned()),
            // npm's own repeating takes over a minute for one answer of 429, and looks at no Retry-After.
            ("NPM_CONFIG_FETCH_RETRIES".to_owned(), "0".to_owned()),
        ],
        purpose: purpose.to_owned(),
        credential: true,
        needs: &[],
    }
}

/// The scope of a name: `@acme`.
fn scope(name: &PackageName) -> Option<&str> {
    name.as_str().split_once('/').map(|(scope, _)| scope).filter(|scope| scope.starts_with('@'))
}
