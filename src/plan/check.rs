//! `status --check`: does every package stand on the rungs that a gate demands?
//!
//! Nothing is decided here but what counts: seen not to hold is below, what could not be read is not read, and a package
//! that is off OIDC on purpose, or whose registry has no such thing, is not in question.

use super::{Facts, Plan};
use crate::model::{PackageId, Registry, RelPath, Rung, Standing};
use crate::registry::{self, Lock, ReadBack};

/// A package and a rung on which it does not stand, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The package.
    pub package: PackageId,
    /// The rung.
    pub rung: Rung,
    /// Why, as a fragment.
    pub why: String,
}

/// What a gate found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Check {
    /// Seen not to hold.
    pub below: Vec<Missed>,
    /// Could not be read, or was only said where it could have been read.
    pub unread: Vec<Missed>,
    /// Manifests that could not be read: their packages, if they have any, were not looked at.
    pub manifests: Vec<RelPath>,
    /// How many packages there are; none is no success.
    pub packages: usize,
    /// How many of them are not in question: off OIDC on purpose, or of a registry that has no such thing.
    pub aside: usize,
}

impl Check {
    /// The process's exit code: 1 something is below, 3 nothing is, but something could not be read or no package was found,
    /// else 0.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match (self.below.is_empty(), self.unread.is_empty() && self.manifests.is_empty(), self.packages) {
            (false, ..) => 1,
            (true, false, _) | (true, true, 0) => 3,
            (true, true, _) => 0,
        }
    }
}

/// Looks at these rungs of every package, and at no other.
#[must_use]
pub fn check(facts: &Facts, plan: &Plan, rungs: &[Rung]) -> Check {
    let manifests = facts.local.value().map(|local| local.unread_manifests.clone()).unwrap_or_default();
    let mut found = Check { packages: plan.rows.len(), manifests, ..Check::default() };
    for row in &plan.rows {
        let in_question = |rung: &Rung| !matches!(row.ladder.standing(*rung), Standing::NotApplicable(_));
        found.aside += usize::from(!rungs.iter().any(in_question));
        for &rung in rungs {
            let standing = row.ladder.standing(rung);
            let missed = |why: String| Missed { package: row.package.id.clone(), rung, why };
            match standing {
                Standing::Yes(_) | Standing::NotApplicable(_) => {}
                Standing::No(seen) => found.below.push(missed(seen.value.clone())),
                Standing::HereOnly(seen) => found.below.push(missed(format!("only here yet: {}", seen.value))),
                Standing::Stated { .. } if nobody_can_read(row.package.id.registry, rung) => {}
                Standing::Stated { what, .. } => found.unread.push(missed(format!("{what}; it was not read back"))),
                Standing::Unknown(unknown) => found.unread.push(missed(unknown.why.clone())),
            }
        }
    }
    found
}

/// Whether a person's word is all that there can be: the registry shows the thing to nobody but its owner's eyes.
fn nobody_can_read(registry: Registry, rung: Rung) -> bool {
    let rules = registry::guides(registry).rules();
    match rung {
        // A pending publisher is as invisible as any other of that registry.
        Rung::Exists | Rung::Registered => rules.read_back.value == ReadBack::Never,
        Rung::Locked => rules.lock.value == Lock::SetOnly,
        Rung::Ready | Rung::Declared | Rung::Proven | Rung::Retired => false,
    }
}
