//! crates.io inside a CI job: cargo knows no OIDC, so whatever its token variable holds is sent.

use crate::registry::ci::{CiRules, Precedence};
use crate::registry::rules::from_source;

pub(super) static CI: CiRules = CiRules {
    doctor_token: Some("CRATES_IO_DOCTOR_TOKEN"),
    ..CiRules::plain(
        from_source(Precedence::Token, "rust-lang/crates-io-auth-action action.yml", "2026-08-21"),
        "cargo sends whatever CARGO_REGISTRY_TOKEN holds, and a secret there is sent instead of the short-lived token",
    )
};
