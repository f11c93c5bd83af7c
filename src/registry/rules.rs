//! The form of a registry's rules: typed constants, each with the source that it was read from and the date.

pub use crate::model::WorkflowClaim;

use crate::model::{Registry, Trusted, TrustedPublisher};

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Read in the registry's or its client's own source, or seen by running it.
    Source,
    /// Read in the vendor's own documentation.
    Documented,
    /// Reported by others; to be shown as reported.
    Reported,
}

impl Confidence {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Documented => "documented",
            Self::Reported => "reported",
        }
    }
}

impl Confidence {
    /// What a sentence adds where the rule is only reported: ` (reported)`; else nothing.
    #[must_use]
    pub fn caveat(self) -> &'static str {
        match self {
            Self::Reported => " (reported)",
            Self::Source | Self::Documented => "",
        }
    }
}

/// A rule with its source and the date on which it was read there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<T> {
    /// The rule.
    pub value: T,
    /// Where it was read.
    pub source: &'static str,
    /// When, as `2026-08-21`.
    pub read: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
}

impl std::fmt::Display for Rule<&str> {
    /// With how sure it is, and when it was read.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}, read {})", self.value, self.confidence.word(), self.read)
    }
}

impl<T> Rule<T> {
    /// The same source and day for what follows from the rule.
    #[must_use]
    pub fn map<U>(self, follows: impl FnOnce(T) -> U) -> Rule<U> {
        Rule { value: follows(self.value), source: self.source, read: self.read, confidence: self.confidence }
    }
}

/// A rule that was read in the source.
pub(super) const fn from_source<T>(value: T, source: &'static str, read: &'static str) -> Rule<T> {
    Rule { value, source, read, confidence: Confidence::Source }
}

/// A rule that the vendor documents.
pub(super) const fn documented<T>(value: T, source: &'static str, read: &'static str) -> Rule<T> {
    Rule { value, source, read, confidence: Confidence::Documented }
}

/// A rule that others report.
pub(super) const fn reported<T>(value: T, source: &'static str, read: &'static str) -> Rule<T> {
    Rule { value, source, read, confidence: Confidence::Reported }
}

/// Whether letter case matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// It does.
    Exact,
    /// It does not.
    Ignored,
    /// The value is not compared at all.
    NotCompared,
}

/// What the ref of a run has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunRef {
    /// A tag.
    Tag,
}

/// Whether a package must exist before it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstPublish {
    /// It must have been published once by other means.
    Needed,
    /// Its record must have been made; a version need not be there.
    Record,
    /// A pending publisher creates it.
    Pending,
    /// The owner's publisher holds for packages that do not exist yet.
    NotNeeded,
}

impl FirstPublish {
    /// Whether the name has to be there before a publisher can be registered.
    #[must_use]
    pub fn must_exist(self) -> bool {
        matches!(self, Self::Needed | Self::Record)
    }
}

/// Whether a registered publisher can be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBack {
    /// By an API.
    Api,
    /// By nothing but the owner's eyes.
    Never,
}

/// How tokens can be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// A switch that everybody can read.
    Public,
    /// A switch that can be set and not read.
    SetOnly,
    /// A switch that holds for all packages of the scope at once.
    WholeScope,
    /// No such switch.
    None,
}

/// Where the proof of an OIDC publish is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProofSource {
    /// The field or API, in words: `trustpub_data of the version`.
    pub read_from: &'static str,
    /// Whether it names the workflow file.
    pub names_workflow: bool,
    /// Whether its absence means "not by OIDC" (else it means nothing).
    pub absence_means_no: bool,
}

/// The limits of publishers of packages that are not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// How many a user may have at a time; `None`: as many as they like.
    pub most: Option<usize>,
    /// Whether two of the same repository, workflow and environment may wait side by side.
    pub alike: bool,
    /// In how many seconds one ends that was not used.
    pub lives: i64,
}

/// What becomes of provenance (a signed statement of which source and run a version was made from).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// It keeps it, and a publish can be made to carry it or fail.
    Demanded {
        /// By which means, in words: `npm publish --provenance`.
        by: &'static str,
    },
    /// It keeps what a client sends along; nothing makes a publish without it fail.
    Kept {
        /// Who sends it, in words.
        by: &'static str,
    },
    /// It keeps none.
    None,
}

impl Provenance {
    /// Whether a release can rely on its being there.
    #[must_use]
    pub fn can_be_demanded(self) -> bool {
        matches!(self, Self::Demanded { .. })
    }
}

/// What a registry wants and checks.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Which registry.
    pub registry: Registry,
    /// Which workflow file it compares.
    pub claim: Rule<WorkflowClaim>,
    /// Case of owner and repository.
    pub repository_case: Rule<Case>,
    /// Case of the environment.
    pub environment_case: Rule<Case>,
    /// Case of the workflow file's name.
    pub workflow_case: Rule<Case>,
    /// Events whose runs it refuses; `None`: it refuses some, and which is not known.
    pub refused_events: Option<Rule<&'static [&'static str]>>,
    /// The only events whose runs it takes; `None`: any that it does not refuse.
    pub only_events: Option<Rule<&'static [&'static str]>>,
    /// What the ref of a run has to be; `None`: anything.
    pub run_ref: Option<Rule<RunRef>>,
    /// How many publishers a package can have.
    pub max_publishers: Option<Rule<u8>>,
    /// After how many seconds an entry that never published stops working.
    pub lapses_after: Option<Rule<i64>>,
    /// Whether the package must exist first.
    pub first_publish: Rule<FirstPublish>,
    /// It takes only one pending publisher of the same repository, workflow and environment, whatever the package, and few
    /// of a user; `None`: no such limit is known.
    pub one_pending: Option<Rule<Pending>>,
    /// Whether a publisher can be read back.
    pub read_back: Rule<ReadBack>,
    /// How tokens can be refused.
    pub lock: Rule<Lock>,
    /// Where the proof is read; `None`: no place is known.
    pub proof: Option<Rule<ProofSource>>,
    /// Whether it keeps provenance, and whether that can be demanded.
    pub provenance: Rule<Provenance>,
    /// Environment variables by which its clients take a token.
    pub token_variables: &'static [&'static str],
}

impl Rules {
    /// Whether a secret of this name is taken for a token of this registry: a variable of its clients, or a name with one of
    /// its words in it.
    #[must_use]
    pub fn named_by(&self, secret: &str) -> bool {
        self.token_variables.contains(&secret) || self.registry.token_names().sign_in(secret).is_some()
    }

    /// Whether untoken can read back which publishers the registry holds.
    #[must_use]
    pub fn can_read_back(&self) -> bool {
        self.read_back.value == ReadBack::Api
    }

    /// Whether two publishers are the same to this registry: what it does not compare makes no difference.
    #[must_use]
    pub fn same(&self, a: &TrustedPublisher, b: &TrustedPublisher) -> bool {
        let alike = |case: Case, exact: bool, folded: bool| match case {
            Case::Exact => exact,
            Case::Ignored => folded,
            Case::NotCompared => true,
        };
        let (wa, wb) = (a.workflow.file_alone(), b.workflow.file_alone());
        let homes = match (a.workflow.home(), b.workflow.home()) {
            (None, None) => true,
            (Some(a), Some(b)) => alike(self.repository_case.value, a == b, a.same_on_github(b)),
            (Some(_), None) | (None, Some(_)) => false,
        };
        let folded = match (&a.environment, &b.environment) {
            (None, None) => true,
            (Some(a), Some(b)) => a.same_on_github(b),
            _ => false,
        };
        alike(self.repository_case.value, a.repository == b.repository, a.repository.same_on_github(&b.repository))
            && (homes || self.workflow_case.value == Case::NotCompared)
            && alike(self.workflow_case.value, wa == wb, wa.as_str().eq_ignore_ascii_case(wb.as_str()))
            && alike(self.environment_case.value, a.environment == b.environment, folded)
    }

    /// Whether an entry trusts what is wanted: all that the registry compares has to be in it.
    #[must_use]
    pub fn holds(&self, wanted: &TrustedPublisher, held: &Trusted) -> bool {
        match held {
            Trusted::Workflow(publisher) => self.same(wanted, publisher),
            Trusted::Repository(repository) => {
                let whole = [self.workflow_case.value, self.environment_case.value] == [Case::NotCompared; 2];
                let publisher = TrustedPublisher { repository: repository.clone(), ..wanted.clone() };
                whole && self.same(wanted, &publisher)
            }
        }
    }

    /// In which of the compared values `held` is not the wanted one, as fragments; empty where they are the same.
    #[must_use]
    pub fn differs(&self, wanted: &TrustedPublisher, held: &Trusted) -> Vec<String> {
        let held = match held {
            Trusted::Workflow(publisher) => publisher,
            other if self.holds(wanted, other) => return Vec::new(),
            Trusted::Repository(repository) => return vec![format!("repository {repository} and no workflow")],
        };
        let mut found = Vec::new();
        let other = |change: &dyn Fn(&mut TrustedPublisher)| {
            let mut like = wanted.clone();
            change(&mut like);
            !self.same(wanted, &like)
        };
        if other(&|like| like.repository = held.repository.clone()) {
            found.push(format!("repository {} instead of {}", held.repository, wanted.repository));
        }
        if other(&|like| like.workflow = held.workflow.clone()) {
            found.push(format!("workflow {} instead of {}", held.workflow, wanted.workflow));
        }
        if other(&|like| like.environment = held.environment.clone()) {
            let name = |it: &TrustedPublisher| match &it.environment {
                Some(name) => format!("environment {name}"),
                None => "any environment".to_owned(),
            };
            found.push(format!("{} instead of {}", name(held), name(wanted)));
        }
        found
    }

    /// A publisher in words, without what the registry does not compare.
    #[must_use]
    pub fn in_words(&self, publisher: &TrustedPublisher) -> String {
        let mut words = publisher.repository.to_string();
        if self.workflow_case.value != Case::NotCompared {
            words.push_str(&format!(" {}", publisher.workflow));
        }
        if self.environment_case.value != Case::NotCompared {
            match &publisher.environment {
                Some(environment) => words.push_str(&format!(" in {environment}")),
                None => words.push_str(" in any environment"),
            }
        }
        words
    }
}
