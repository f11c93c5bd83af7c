//! What a look through a whole organisation found.

use super::{OrganizationName, RepositoryFacts, SecretNames};

/// The names of the secrets of every repository that the sign-in sees in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationSecrets {
    /// Which one.
    pub name: OrganizationName,
    /// Its repositories in GitHub's order, archived ones and forks too.
    pub repositories: Vec<RepositorySecrets>,
    /// What that took.
    pub requests: Requests,
}

/// One repository of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositorySecrets {
    /// What the organisation's list says of it.
    pub repository: RepositoryFacts,
    /// Whether it is a fork.
    pub fork: bool,
    /// The names.
    pub names: SecretNames,
}

/// How many answers there were, and where they came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Requests {
    /// Requests that were sent.
    pub sent: usize,
    /// Of these, how many were answered with 304: all is as it was.
    pub unchanged: usize,
    /// Answers that a run which was broken off had read before, and that were taken from it.
    pub taken_over: usize,
}
