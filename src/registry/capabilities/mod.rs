//! The capability matrix: what each registry offers to each provider of OIDC tokens, and what of it untoken uses.
//!
//! For GitHub Actions a fact that is a rule already is taken from the registry's [`Rules`]; all else stands in `table`. A
//! provider that is not here is not taken by that registry.

mod table;

use super::rules::from_source;
use super::{Lock, Provenance, ReadBack, Rule, Rules, guides};
use crate::model::Registry;
use table::{OFFERS, Offer};

/// The day on which untoken's own facts were written down.
const OWN_READ: &str = "2026-11-21";

/// Who signs the token that a registry takes instead of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// GitHub Actions
    GithubActions,
    /// GitLab CI
    GitlabCi,
    /// Google Cloud
    GoogleCloud,
    /// CircleCI
    CircleCi,
    /// ActiveState
    ActiveState,
}

impl Provider {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::GithubActions, Self::GitlabCi, Self::GoogleCloud, Self::CircleCi, Self::ActiveState];

    /// The name as its own people write it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::GithubActions => "GitHub Actions",
            Self::GitlabCi => "GitLab CI",
            Self::GoogleCloud => "Google Cloud",
            Self::CircleCi => "CircleCI",
            Self::ActiveState => "ActiveState",
        }
    }

    /// The name in JSON.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::GithubActions => "github-actions",
            Self::GitlabCi => "gitlab-ci",
            Self::GoogleCloud => "google-cloud",
            Self::CircleCi => "circleci",
            Self::ActiveState => "activestate",
        }
    }
}

/// What could be wanted of a registry and a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ability {
    /// The publishing job is found in the files.
    Detect,
    /// The registered publisher is read back.
    Verify,
    /// The publisher is made without a browser.
    Automate,
    /// A published version shows in public who published it.
    Prove,
    /// Tokens can be refused.
    Lock,
    /// A signed statement of origin comes with a version.
    Provenance,
}

impl Ability {
    /// All six, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Detect, Self::Verify, Self::Automate, Self::Prove, Self::Lock, Self::Provenance];

    /// The word for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Detect => "detect",
            Self::Verify => "verify",
            Self::Automate => "automate",
            Self::Prove => "prove",
            Self::Lock => "lock",
            Self::Provenance => "provenance",
        }
    }

    /// What is meant by it, as a fragment.
    #[must_use]
    pub fn means(self) -> &'static str {
        match self {
            Self::Detect => "the publishing job is found in the files",
            Self::Verify => "the registered publisher can be read back",
            Self::Automate => "the publisher can be made without a browser",
            Self::Prove => "a version shows in public who published it",
            Self::Lock => "the registry can refuse tokens",
            Self::Provenance => "a signed statement of origin comes with a version",
        }
    }
}

/// Whether it is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Able {
    /// It is, and untoken uses it.
    Yes,
    /// The registry has it; untoken does not use it.
    There,
    /// Only a person can, on a web page.
    You,
    /// There is no such thing.
    No,
    /// Nobody told.
    Unknown,
}

impl Able {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Yes, Self::There, Self::You, Self::No, Self::Unknown];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::There => "there",
            Self::You => "you",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// What is meant by it, as a fragment.
    #[must_use]
    pub fn means(self) -> &'static str {
        match self {
            Self::Yes => "it is so, and untoken uses it",
            Self::There => "the registry has it, and this untoken does not use it",
            Self::You => "only you can, on a web page; untoken shows the values",
            Self::No => "there is no such thing",
            Self::Unknown => "no source tells",
        }
    }
}

/// Whether it is so, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Can {
    /// Whether.
    pub able: Able,
    /// How, or why not, as a fragment.
    pub how: &'static str,
}

/// A short form for the tables.
const fn can(able: Able, how: &'static str) -> Can {
    Can { able, how }
}

/// What one registry offers to one provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capability {
    /// The registry.
    pub registry: Registry,
    /// The provider.
    pub provider: Provider,
    /// In the order of [`Ability::ALL`].
    facts: [Rule<Can>; 6],
}

impl Capability {
    /// One fact.
    #[must_use]
    pub fn fact(&self, ability: Ability) -> &Rule<Can> {
        &self.facts[ability as usize]
    }

    /// All facts.
    pub fn facts(&self) -> impl Iterator<Item = (Ability, &Rule<Can>)> {
        Ability::ALL.into_iter().zip(&self.facts)
    }
}

/// The whole matrix: registries and, within each, the providers that it takes.
#[must_use]
pub fn capabilities() -> Vec<Capability> {
    OFFERS.iter().map(capability).collect()
}

/// The one row of a registry and a provider; `None`: that registry does not take that provider.
#[must_use]
pub fn capability_of(registry: Registry, provider: Provider) -> Option<Capability> {
    OFFERS.iter().find(|offer| offer.registry == registry && offer.provider == provider).map(capability)
}

fn capability(offer: &Offer) -> Capability {
    let rules = guides(offer.registry).rules();
    let here = offer.provider == Provider::GithubActions;
    // What untoken does not ask for is there, and no more.
    let used = |rule: Rule<Can>| match rule.value.able {
        Able::Yes if !here => rule.map(|was| can(Able::There, was.how)),
        _ => rule,
    };
    Capability {
        registry: offer.registry,
        provider: offer.provider,
        facts: [
            detect(here),
            used(offer.verify.unwrap_or_else(|| read_back(rules))),
            used(offer.automate),
            used(offer.prove.unwrap_or_else(|| proof(rules))),
            used(lock(rules, offer.automate.value.able)),
            used(offer.provenance.unwrap_or_else(|| provenance(rules))),
        ],
    }
}

fn detect(here: bool) -> Rule<Can> {
    let value = if here {
        can(Able::Yes, "the workflow files are read")
    } else {
        can(Able::No, "untoken reads GitHub's workflow files alone")
    };
    from_source(value, "untoken src/workflow", OWN_READ)
}

fn read_back(rules: &Rules) -> Rule<Can> {
    rules.read_back.map(|value| match value {
        ReadBack::Api => can(Able::Yes, "its list of publishers"),
        ReadBack::Never => can(Able::You, "only its owner sees it, on the registry's page"),
    })
}

fn proof(rules: &Rules) -> Rule<Can> {
    match rules.proof {
        Some(rule) => rule.map(|proof| can(Able::Yes, proof.read_from)),
        None => from_source(can(Able::Unknown, "no place where it shows is known"), "untoken src/registry", OWN_READ),
    }
}

/// Who sets a publisher sets the switch: where that is a person on a page, so is this.
fn lock(rules: &Rules, set: Able) -> Rule<Can> {
    rules.lock.map(|value| match value {
        Lock::SetOnly if set == Able::You => {
            can(Able::You, "a switch on the registry's page, which nobody can read back")
        }
        Lock::Public => can(Able::Yes, "a switch that everybody can read"),
        Lock::SetOnly => can(Able::Yes, "a switch that nobody can read back"),
        Lock::WholeScope => can(Able::Yes, "a switch for all packages of the scope at once"),
        Lock::None => can(Able::No, "no such switch was found"),
    })
}

fn provenance(rules: &Rules) -> Rule<Can> {
    rules.provenance.map(|value| match value {
        Provenance::Demanded { by } | Provenance::Kept { by } => can(Able::Yes, by),
        Provenance::None => can(Able::No, "a version carries no signed statement"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn every_registry_takes_github_and_no_row_stands_twice() {
        let all = capabilities();
        for registry in Registry::ALL {
            let rows: Vec<_> = all.iter().filter(|row| row.registry == registry).map(|row| row.provider).collect();
            assert_eq!(rows.first(), Some(&Provider::GithubActions), "{registry}");
            assert!(rows.windows(2).all(|pair| pair[0] < pair[1]), "{registry}: {rows:?}");
        }
        let order: Vec<_> = all.iter().map(|row| row.registry).collect();
        assert!(order.is_sorted(), "{order:?}");
    }

    #[test]
    fn every_fact_has_words_a_source_and_a_day() {
        for row in capabilities() {
            for (ability, fact) in row.facts() {
                let here = format!("{} {:?} {ability:?}", row.registry, row.provider);
                assert!(!fact.value.how.is_empty() && !fact.source.is_empty(), "{here}");
                assert!(chrono::NaiveDate::parse_from_str(fact.read, "%Y-%m-%d").is_ok(), "{here}: {}", fact.read);
            }
        }
    }

    #[test]
    fn what_untoken_reads_as_proof_is_what_the_matrix_says() {
        for registry in Registry::ALL {
            let fact = capability_of(registry, Provider::GithubActions).unwrap();
            let used = fact.fact(Ability::Prove).value.able == Able::Yes;
            assert_eq!(used, guides(registry).rules().proof.is_some(), "{registry}");
        }
    }

    #[test]
    fn only_github_is_detected_and_nothing_else_is_used() {
        for row in capabilities() {
            let here = row.provider == Provider::GithubActions;
            let used = row.facts().skip(1).any(|(_, fact)| fact.value.able == Able::Yes);
            assert!(!used || here, "{row:?}");
            assert_eq!(row.fact(Ability::Detect).value.able == Able::Yes, here);
        }
        assert_eq!(capability_of(Registry::Jsr, Provider::GitlabCi), None);
    }
}
