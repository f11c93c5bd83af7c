//! Who owns a package at its registry, as far as the registry tells.

/// What an owner may do there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Change its settings, publishers included.
    Manages,
    /// Publish versions alone.
    Publishes,
    /// The registry does not tell.
    Untold,
}

/// One owner. All texts are cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The registry's name for them: a login, a team, a person's name.
    pub name: String,
    /// What they may do.
    pub right: Right,
    /// A team and no person.
    pub team: bool,
    /// The number of the person's GitHub account, where the registry tells it.
    pub github_id: Option<u64>,
}

impl Owner {
    /// A person by name.
    #[must_use]
    pub fn person(name: String, right: Right) -> Self {
        Self { name, right, team: false, github_id: None }
    }

    /// In words: `ada`, `team github:acme:release`.
    #[must_use]
    pub fn in_words(&self) -> String {
        if self.team { format!("team {}", self.name) } else { self.name.clone() }
    }
}
