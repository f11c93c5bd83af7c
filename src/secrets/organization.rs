//! The audit of a whole organisation: which of its repositories keep tokens, by their names.
//!
//! Who uses a token stands in the workflows, and to read those would take a request a file. So the verdict is unknown here,
//! and said to be; the audit of one repository tells it.

use super::{Entry, Judgement, Kept, Verdict, listed, taken};
use crate::model::{OrganizationSecrets, RepositoryFacts, RepositorySecrets, SecretFact, Unknown};

/// What one repository keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfRepository<'a> {
    /// Which one.
    pub repository: &'a RepositoryFacts,
    /// Whether it is a fork.
    pub fork: bool,
    /// The tokens, by registry.
    pub entries: Vec<Entry>,
    /// How many other names of secrets were read and passed over.
    pub others: usize,
    /// What could not be read, and why.
    pub unread: Vec<(String, Unknown)>,
}

/// Audits, repository by repository.
#[must_use]
pub fn audit_organization(read: &OrganizationSecrets) -> Vec<OfRepository<'_>> {
    read.repositories.iter().map(of_repository).collect()
}

fn of_repository(read: &RepositorySecrets) -> OfRepository<'_> {
    let (secrets, unread) = listed(&read.names);
    let mut entries: Vec<Entry> = secrets.iter().filter_map(|secret| entry(&read.repository, secret)).collect();
    let others = secrets.len() - entries.len();
    entries.sort_by(|a, b| a.tokens[0].destination.cmp(&b.tokens[0].destination).then_with(|| a.kept.cmp(&b.kept)));
    OfRepository { repository: &read.repository, fork: read.fork, entries, others, unread }
}

fn entry(repository: &RepositoryFacts, secret: &SecretFact) -> Option<Entry> {
    let tokens = taken::tokens(&secret.name, &[]);
    if tokens.is_empty() {
        return None;
    }
    let why = format!("the workflows were not read: untoken secrets --repo {} reads them", repository.slug);
    Some(Entry {
        kept: Kept::Secret(secret.place.clone(), secret.name.clone()),
        tokens,
        created: secret.created,
        updated: secret.updated,
        uses: Vec::new(),
        judgement: Some(Judgement::new(Verdict::Unknown, why)),
    })
}
