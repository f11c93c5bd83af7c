//! What guards a publish: an environment's rules, and who can change what a release rests on.

use super::{BranchPolicy, EnvironmentFacts, EnvironmentName, Permission, Protection, Reading};

/// Branch or tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefKind {
    /// A branch.
    Branch,
    /// A tag.
    Tag,
}

impl RefKind {
    /// GitHub's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Tag => "tag",
        }
    }
}

/// Which branches or tags: a pattern in which `*` does not cross a slash (Ruby's `File.fnmatch` with `FNM_PATHNAME`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RefPattern {
    /// Branches or tags.
    pub kind: RefKind,
    /// The pattern.
    pub pattern: String,
}

impl std::fmt::Display for RefPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.pattern)
    }
}

/// Who may approve a deployment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reviewer {
    /// A person, by login.
    Person(String),
    /// A team, by its slug: how many are in it is not read.
    Team(String),
}

impl std::fmt::Display for Reviewer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(login) => f.write_str(login),
            Self::Team(slug) => write!(f, "team {slug}"),
        }
    }
}

/// Somebody who can push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collaborator {
    /// The login.
    pub login: String,
    /// GitHub's number for the account: reviewers are named by it.
    pub id: u64,
    /// What they may do.
    pub permission: Permission,
}

/// A ruleset on branches or tags that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruleset {
    /// Its name.
    pub name: String,
    /// Branches or tags.
    pub target: RefKind,
    /// Which refs it is about, as GitHub writes them: `refs/tags/v*`, `~ALL`, `~DEFAULT_BRANCH`.
    pub include: Vec<String>,
    /// Which of those it leaves out.
    pub exclude: Vec<String>,
    /// The kinds of its rules, in GitHub's words: `creation`, `update`, `pull_request`.
    pub rules: Vec<String>,
    /// How many may pass it by; `None`: GitHub does not show it to this account.
    pub bypass: Option<usize>,
}

/// Who can change what a release rests on. Each part can fail alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GuardFacts {
    /// Who can push.
    pub collaborators: Reading<Vec<Collaborator>>,
    /// The kinds of rules in force on the default branch.
    pub branch_rules: Reading<Vec<String>>,
    /// The rulesets on tags.
    pub tag_rulesets: Reading<Vec<Ruleset>>,
}

/// An environment to be made, or a bare one to be guarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentWish {
    /// Its name.
    pub name: EnvironmentName,
    /// Which refs may deploy; empty: no rule is asked for.
    pub refs: Vec<RefPattern>,
    /// Who has to approve, each with GitHub's number (at most [`EnvironmentWish::REVIEWERS`]); empty: nobody is asked for.
    pub reviewers: Vec<(String, u64)>,
}

impl EnvironmentWish {
    /// How many reviewers GitHub takes (its REST documentation, 2026-11).
    pub const REVIEWERS: usize = 6;
}

/// How making an environment ended, with what GitHub shows afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvironmentMade {
    /// Made, and read back as wished.
    Done(EnvironmentFacts),
    /// It was so before; nothing was sent.
    AlreadySo(EnvironmentFacts),
    /// Sent, and read back otherwise; the text says how, as a fragment.
    Differs(String, EnvironmentFacts),
}

impl EnvironmentFacts {
    /// Whether nothing guards it: any ref deploys to it, and nobody and nothing is asked or waited for.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.protection.is_empty() && self.refs == BranchPolicy::Any
    }

    /// What it has otherwise than wished, as a fragment; `None`: it is as wished. Rules that nobody wished for do not
    /// count, for they only guard it more; refs that nobody wished for do.
    #[must_use]
    pub fn differs_from(&self, wish: &EnvironmentWish) -> Option<String> {
        if !self.name.same_on_github(&wish.name) {
            return Some(format!("it is called {}", self.name));
        }
        self.refs_differ(&wish.refs).or_else(|| self.reviewers_differ(wish))
    }

    fn refs_differ(&self, wished: &[RefPattern]) -> Option<String> {
        if wished.is_empty() {
            return None;
        }
        let there = match &self.refs {
            BranchPolicy::Any => return Some("any branch and tag may deploy to it".to_owned()),
            BranchPolicy::ProtectedBranches => return Some("only protected branches may deploy to it".to_owned()),
            BranchPolicy::Custom(Reading::Seen(seen)) => &seen.value,
            BranchPolicy::Custom(Reading::Unknown(unknown)) => {
                return Some(format!("which refs may deploy could not be read: {}", unknown.why));
            }
            BranchPolicy::Custom(Reading::NotRead) => return Some("which refs may deploy was not read".to_owned()),
        };
        let shown =
            |patterns: Vec<&RefPattern>| patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let missing: Vec<_> = wished.iter().filter(|pattern| !there.contains(pattern)).collect();
        if !missing.is_empty() {
            return Some(format!("it lacks the rule for {}", shown(missing)));
        }
        let more: Vec<_> = there.iter().filter(|pattern| !wished.contains(pattern)).collect();
        (!more.is_empty()).then(|| format!("{} may deploy too", shown(more)))
    }

    fn reviewers_differ(&self, wish: &EnvironmentWish) -> Option<String> {
        if wish.reviewers.is_empty() {
            return None;
        }
        let there = self.reviewers();
        let missing: Vec<&str> = wish
            .reviewers
            .iter()
            .map(|(login, _)| login.as_str())
            .filter(|login| !there.iter().any(|r| matches!(r, Reviewer::Person(l) if l.eq_ignore_ascii_case(login))))
            .collect();
        if !missing.is_empty() {
            return Some(format!("{} is not among its reviewers", missing.join(", ")));
        }
        (there.len() > wish.reviewers.len()).then(|| {
            let named = there.iter().map(ToString::to_string).collect::<Vec<_>>();
            format!("its reviewers are {}", named.join(", "))
        })
    }

    /// Who has to approve.
    #[must_use]
    pub fn reviewers(&self) -> &[Reviewer] {
        self.protection
            .iter()
            .find_map(|rule| match rule {
                Protection::Reviewers { reviewers, .. } => Some(reviewers.as_slice()),
                _ => None,
            })
            .unwrap_or_default()
    }
}
