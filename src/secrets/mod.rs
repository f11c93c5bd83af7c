//! The audit of secrets: which long-lived tokens there are, what each is for, who uses it, and whether it can go.
//!
//! Pure: facts in, an audit out. Names and places alone come in here, never a value; what is inside a credential file is read
//! by [`files`] and leaves as a destination. What could not be read is said to be unknown, and nothing is called unused while
//! something that may use it was not read.

mod by_hand;
pub mod files;
pub mod inspect;
mod order;
mod organization;
mod proof;
mod taken;
#[cfg(test)]
mod tests;
mod uses;
mod verdict;

pub use by_hand::delete_command;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Caller, Destination, EnvironmentRef, JobId, Package, PackageId, PackageName, Place, PublicFacts, Reading, Registry,
    RelPath, RepoSlug, SecretFact, SecretName, SecretNames, SecretPlace, Standing, Timestamp, Unknown,
};
use crate::workflow::WorkflowReading;
use files::CredentialFile;
pub use organization::{OfRepository, audit_organization};
pub use proof::not_proven;
use uses::Uses;

/// What was read.
#[derive(Debug, Clone)]
pub struct Facts {
    /// When.
    pub now: Timestamp,
    /// The repository on GitHub, if it is known.
    pub slug: Option<RepoSlug>,
    /// The packages that are published from here.
    pub packages: Vec<Package>,
    /// What the workflow files say.
    pub reading: WorkflowReading,
    /// Workflow files that are there and could not be read.
    pub unread: Vec<RelPath>,
    /// The secrets that Dependabot's own settings name.
    pub dependabot: Vec<(SecretName, Place)>,
    /// The names of the secrets on GitHub.
    pub github: OnGithub,
    /// What the registries say of the packages.
    pub public: BTreeMap<PackageId, Reading<PublicFacts>>,
    /// How each package stands on the rung `proven`, as its ladder has it.
    pub proven: BTreeMap<PackageId, Standing>,
    /// Why the workflows here do not tell what GitHub would run; `None`: they do.
    pub unpushed: Option<String>,
    /// Names of the variables that are set, to more than nothing, in this process's environment.
    pub variables: Vec<String>,
    /// The credential files on this machine that hold a token.
    pub files: Vec<CredentialFile>,
}

/// What GitHub was asked.
#[derive(Debug, Clone)]
pub enum OnGithub {
    /// Nothing, and why.
    NotAsked(Unknown),
    /// The names of secrets, level by level.
    Asked(Box<SecretNames>),
}

/// A token that is kept somewhere, by its name or place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub kept: Kept,
    /// What it opens, and what that rests on; never empty.
    pub tokens: Vec<Taken>,
    /// When it was first set, where GitHub says so.
    pub created: Option<Timestamp>,
    /// When it was last set.
    pub updated: Option<Timestamp>,
    /// Who uses it.
    pub uses: Vec<Use>,
    /// Whether it can go; `None`: it lies on this machine, where nobody can tell who uses it.
    pub judgement: Option<Judgement>,
}

/// Where a token is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// At GitHub.
    Secret(SecretPlace, SecretName),
    /// A workflow names it; where it is kept was not seen.
    Named(SecretName),
    /// A variable of this process's environment.
    Variable(String),
    /// A file, as a person would write its path, and whether git tracks it.
    File(String, bool),
}

/// What a token opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The registry.
    pub destination: Destination,
    /// What that rests on.
    pub why: Why,
}

/// Why a name was taken for that of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A workflow hands it to a publishing step.
    Feeds,
    /// The clients of the registry take their token by this very name.
    Client,
    /// This word is in the name.
    Word(&'static str),
    /// It stands in the file under this registry.
    Stands,
}

/// A place where a secret is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The line.
    pub at: Place,
    /// The job; `None`: Dependabot's own settings.
    pub job: Option<JobId>,
    /// The step, by its name or what it does.
    pub step: Option<String>,
    /// Where that step begins: its words may be another's too.
    step_line: Option<usize>,
    /// The job's environment.
    pub environment: EnvironmentRef,
    /// The jobs of top-level workflows that lead there, where it is in a reusable one.
    pub callers: Vec<Caller>,
    /// The publishing step that it reaches as a token.
    pub feeds: Option<Feeds>,
    /// The name means what the caller hands over, and only an environment's secret can stand behind it.
    only_environment: bool,
}

/// A publishing step that is given a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feeds {
    /// Where it publishes to.
    pub destination: Destination,
    /// Which packages; `None`: cannot tell.
    pub packages: Option<Vec<PackageName>>,
    /// By what it is given the token: a variable, an input, an option.
    pub by: String,
    /// The publishing line.
    pub at: Place,
}

/// Whether a secret can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Something uses it.
    InUse,
    /// The newest version of all that it serves came by OIDC, every version by token is older, and nothing uses it.
    Replaced,
    /// Another secret of the same name goes before it wherever it is used.
    Shadowed,
    /// Nothing that was read uses it.
    Unused,
    /// The same, but a package that it may serve is not proven: what releases it may need it yet.
    Kept,
    /// Nobody can tell.
    Unknown,
}

impl Verdict {
    /// In words, and in JSON with hyphens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::InUse => "in use",
            Self::Replaced => "replaced",
            Self::Shadowed => "shadowed",
            Self::Unused => "unused",
            Self::Kept => "kept",
            Self::Unknown => "unknown",
        }
    }
}

/// A verdict with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why: a fragment.
    pub why: String,
}

impl Judgement {
    fn new(verdict: Verdict, why: impl Into<String>) -> Self {
        Self { verdict, why: why.into() }
    }
}

/// What the audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The tokens, by registry.
    pub entries: Vec<Entry>,
    /// How many other names of secrets were read and passed over.
    pub others: usize,
    /// What could not be read, and why.
    pub unread: Vec<(String, Unknown)>,
    /// Which entries can be removed, the safest first.
    pub removal: Vec<usize>,
}

/// Audits.
#[must_use]
pub fn audit(facts: &Facts) -> Audit {
    let uses = Uses::of(facts);
    let (secrets, unread) = match &facts.github {
        OnGithub::NotAsked(why) => (Vec::new(), vec![("the names of the secrets on GitHub".to_owned(), why.clone())]),
        OnGithub::Asked(names) => listed(names),
    };
    let mut entries: Vec<Entry> = Vec::new();
    let mut others = 0;
    for secret in &secrets {
        match on_github(facts, &uses, secret) {
            Some(entry) => entries.push(entry),
            None => others += 1,
        }
    }
    entries.extend(named_only(&uses, &secrets, !unread.is_empty()));
    entries.extend(local(facts));
    entries.sort_by(|a, b| a.tokens[0].destination.cmp(&b.tokens[0].destination).then_with(|| a.kept.cmp(&b.kept)));
    let removal = order::removal(&entries);
    Audit { entries, others, unread, removal }
}

/// All secrets of the levels that were read, and the levels that were not.
fn listed(names: &SecretNames) -> (Vec<&SecretFact>, Vec<(String, Unknown)>) {
    let mut secrets = Vec::new();
    let mut unread = Vec::new();
    let mut take = |level: String, reading: &'_ Reading<Vec<SecretFact>>| match reading {
        Reading::Seen(_) => {}
        Reading::Unknown(why) => unread.push((level, why.clone())),
        Reading::NotRead => unread.push((level, Unknown::because("not asked"))),
    };
    take("the repository's secrets".to_owned(), &names.at_repository);
    take("the organisation's secrets".to_owned(), &names.organization);
    take("Dependabot's secrets".to_owned(), &names.dependabot);
    match &names.environments {
        Reading::Seen(seen) => {
            seen.value.iter().for_each(|(name, list)| take(format!("the secrets of environment {name}"), list));
        }
        Reading::Unknown(why) => unread.push(("the environments".to_owned(), why.clone())),
        Reading::NotRead => unread.push(("the environments".to_owned(), Unknown::because("not asked"))),
    }
    let inside = names.environments.value().into_iter().flatten().map(|(_, list)| list);
    let lists = [&names.at_repository, &names.organization, &names.dependabot].into_iter().chain(inside);
    lists.filter_map(Reading::value).for_each(|list| secrets.extend(list));
    (secrets, unread)
}

fn on_github(facts: &Facts, uses: &Uses, secret: &SecretFact) -> Option<Entry> {
    let of = uses.get(&secret.name);
    let tokens = taken::tokens(&secret.name, of);
    if tokens.is_empty() {
        return None;
    }
    let (judgement, uses) = verdict::judge(facts, uses, secret, &tokens);
    Some(Entry {
        kept: Kept::Secret(secret.place.clone(), secret.name.clone()),
        tokens,
        created: secret.created,
        updated: secret.updated,
        uses,
        judgement: Some(judgement),
    })
}

/// Tokens that workflows name and no list that was read has.
fn named_only(uses: &Uses, listed: &[&SecretFact], gaps: bool) -> Vec<Entry> {
    let known: BTreeSet<&SecretName> = listed.iter().map(|secret| &secret.name).collect();
    let missing = uses.names().filter(|name| !known.contains(name));
    let entry = |name: &SecretName| {
        let of: Vec<Use> = uses.get(name).iter().filter(|used| !used.only_environment).cloned().collect();
        let tokens = taken::tokens(name, &of);
        if tokens.is_empty() || of.is_empty() {
            return None;
        }
        let judgement = match gaps {
            true => Judgement::new(Verdict::InUse, "a workflow names it; where it is kept was not read"),
            false => {
                let why = "a workflow names it, and GitHub lists no such secret here: the step is given an empty text";
                Judgement::new(Verdict::Unknown, why)
            }
        };
        let kept = Kept::Named(name.clone());
        Some(Entry { kept, tokens, created: None, updated: None, uses: of, judgement: Some(judgement) })
    };
    missing.filter_map(entry).collect()
}

/// What lies on this machine: variables by name, files by what they hold.
fn local(facts: &Facts) -> Vec<Entry> {
    let entry = |kept, tokens| Entry { kept, tokens, created: None, updated: None, uses: Vec::new(), judgement: None };
    let variables = facts.variables.iter().filter_map(|name| {
        let tokens = taken::variable(name);
        (!tokens.is_empty()).then(|| entry(Kept::Variable(name.clone()), tokens))
    });
    let files = facts.files.iter().flat_map(|file| {
        let holds = file.holds.iter().map(|destination| {
            let taken = Taken { destination: destination.clone(), why: Why::Stands };
            entry(Kept::File(file.path.clone(), file.tracked), vec![taken])
        });
        holds.collect::<Vec<_>>()
    });
    variables.chain(files).collect()
}

/// Whose language the tokens speak: for whoever has to look something up about them.
#[must_use]
pub fn registries(tokens: &[Taken]) -> Vec<Registry> {
    let mut all: Vec<Registry> = tokens.iter().map(|taken| taken.destination.speaks()).collect();
    all.dedup();
    all
}
