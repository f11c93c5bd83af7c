//! What the sandbox's PyPI knows. Seeded by tests, changed by the publishing pages.

use chrono::{DateTime, TimeDelta, Utc};

/// How many pending publishers a user may have at once (warehouse, 2026-08-21).
pub const MAX_PENDING: usize = 3;

/// How long a pending publisher lives (warehouse, 2026-08-21).
pub const PENDING_LIFE: TimeDelta = TimeDelta::days(30);

/// PyPI's part of the world.
#[derive(Debug, Clone, Default)]
pub struct Pypi {
    /// Projects, under their names as registered.
    pub projects: Vec<Project>,
    /// Publishers of projects that are not there yet.
    pub pending: Vec<Pending>,
    /// The user who is signed in in the browser.
    pub browser_user: String,
    /// Whether that user verified an address.
    pub email: Email,
}

/// Whether an address was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Email {
    /// It was.
    #[default]
    Verified,
    /// It was not.
    Unverified,
}

/// A project.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its name as registered.
    pub name: String,
    /// Users who own it.
    pub owners: Vec<String>,
    /// Its releases, oldest first.
    pub releases: Vec<Release>,
    /// Its trusted publishers.
    pub publishers: Vec<Publisher>,
}

/// A release with one file.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its version.
    pub version: String,
    /// The name of its file.
    pub filename: String,
    /// The file.
    pub file: Vec<u8>,
    /// When it was uploaded.
    pub uploaded_at: DateTime<Utc>,
    /// The publisher that its provenance names; none for an upload with a token.
    pub provenance: Option<Publisher>,
}

/// A trusted publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// The owner's login in GitHub's own case.
    pub owner: String,
    /// The repository's name.
    pub repository: String,
    /// The file name of the workflow.
    pub workflow: String,
    /// The environment in lower case, if one is asked for.
    pub environment: Option<String>,
}

/// A publisher that creates its project when it is first used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The name of the project to be made.
    pub project: String,
    /// Who may make it.
    pub publisher: Publisher,
    /// The user who added it.
    pub user: String,
    /// When, which starts its thirty days.
    pub created_at: DateTime<Utc>,
}

impl Pypi {
    /// The project with this name, however it is spelt.
    #[must_use]
    pub fn project(&self, name: &str) -> Option<&Project> {
        self.projects.iter().find(|project| normalise(&project.name) == normalise(name))
    }

    /// The same, to change it.
    pub fn project_mut(&mut self, name: &str) -> Option<&mut Project> {
        self.projects.iter_mut().find(|project| normalise(&project.name) == normalise(name))
    }
}

/// A project name as PyPI compares it (PEP 503).
#[must_use]
pub fn normalise(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for part in name.split(['-', '_', '.']).filter(|part| !part.is_empty()) {
        if !normal.is_empty() {
            normal.push('-');
        }
        normal.push_str(&part.to_ascii_lowercase());
    }
    normal
}
