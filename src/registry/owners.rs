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
    /// Who may make a new name, by a first publish or a pending publisher; `None`: neither makes one.
    pub new_name: Option<Rule<NewName>>,
}

/// Who may make a new name at a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewName {
    /// In a sentence, for somebody who is asked to do it.
    pub who: &'static str,
    /// Whom a name in a scope wants.
    pub scope: ScopeOf,
}

/// Whose the scope of a name has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeOf {
    /// There are no scopes, or its members were read as the package's owners.
    Nobody,
    /// It is the name of the person's account, or of an organisation that lets them publish.
    Account,
}

/// Where nothing more is known.
pub(super) const PLAIN: OwnerRules = OwnerRules {
    one: "an owner",
    many: "owners",
    account: documented(AccountBy::Untold, "no call for it is documented", "2026-08-22"),
    new_name: None,
};
