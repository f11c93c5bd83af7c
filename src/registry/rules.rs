//! The form of a registry's rules: typed constants, each with the source that it was read from and the date.

pub use crate::model::WorkflowClaim;

use crate::model::Registry;

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
}

/// Whether a package must exist before it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstPublish {
    /// It must have been published once by other means.
    Needed,
    /// A pending publisher creates it.
    Pending,
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

/// What a registry wants and checks.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Which registry.
    pub registry: Registry,
    /// Its `kind` in the config file: `crates`, `npm`, `pypi`.
    pub kind: &'static str,
    /// Which workflow file it compares.
    pub claim: Rule<WorkflowClaim>,
    /// Case of owner and repository.
    pub repository_case: Rule<Case>,
    /// Case of the environment.
    pub environment_case: Rule<Case>,
    /// Events whose runs it refuses.
    pub refused_events: Rule<&'static [&'static str]>,
    /// How many publishers a package can have.
    pub max_publishers: Option<Rule<u8>>,
    /// After how many seconds an entry that never published stops working.
    pub lapses_after: Option<Rule<i64>>,
    /// Whether the package must exist first.
    pub first_publish: Rule<FirstPublish>,
    /// Whether a publisher can be read back.
    pub read_back: Rule<ReadBack>,
    /// How tokens can be refused.
    pub lock: Rule<Lock>,
    /// Where the proof is read.
    pub proof: Rule<ProofSource>,
    /// Environment variables by which its clients take a token.
    pub token_variables: &'static [&'static str],
}
