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

/// What an owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// One person.
    Person,
    /// A team, by its name.
    Team,
    /// A group of people of whom the registry names none; the name says which group.
    Hidden,
}

/// One owner. All texts are cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The registry's name for them: a login, a team, a person's name.
    pub name: String,
    /// What they may do.
    pub right: Right,
    /// Whether that is a person.
    pub party: Party,
    /// The number of the person's GitHub account, where the registry tells it.
    pub github_id: Option<u64>,
}

impl Owner {
    /// A person by name.
    #[must_use]
    pub fn person(name: String, right: Right) -> Self {
        Self { name, right, party: Party::Person, github_id: None }
    }

    /// In words: `ada`, `team github:acme:release`.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self.party {
            Party::Person => self.name.clone(),
            Party::Team => format!("team {}", self.name),
            Party::Hidden => format!("{} (not public)", self.name),
        }
    }
}
