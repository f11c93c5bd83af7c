//! PyPI inside a CI job: its clients exchange an OIDC token only where no password or token is given.

use crate::registry::ci::{CiRules, Precedence};
use crate::registry::rules::from_source;

pub(super) static CI: CiRules = CiRules {
    more_token_variables: &["PYPI_API_TOKEN", "PYPI_TOKEN"],
    ..CiRules::plain(
        from_source(Precedence::Token, "astral-sh/uv crates/uv-publish; pypa/gh-action-pypi-publish", "2026-08-21"),
        "PyPI's clients exchange an OIDC token only where they are given no password and no token",
    )
};
