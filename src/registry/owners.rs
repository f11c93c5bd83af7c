//! Who owns packages at a registry: what the owners are called there, and by what the person at the keyboard is known.

use super::Rule;
use super::rules::documented;

/// By what the person at the keyboard is known at a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountBy {
    /// Accounts have the login of GitHub.
    GithubLogin,
    /// Accounts are tied to the number of a GitHub account.
    GithubNumber,
    /// The person's own tool says it.
    Tool,
    /// By nothing that untoken can read.
    Untold,
}

/// What a registry calls those who may change a package's settings, and how it knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerRules {
    /// One of them, with the article: `an owner`.
    pub one: &'static str,
    /// All of them: `owners`.
    pub many: &'static str,
    /// How the person at the keyboard is known, with its source.
    pub account: Rule<AccountBy>,
}

/// Where nothing more is known.
pub(super) const PLAIN: OwnerRules = OwnerRules {
    one: "an owner",
    many: "owners",
    account: documented(AccountBy::Untold, "no call for it is documented", "2026-08-22"),
};
