//! The doctor: what is wrong with how a checkout publishes, found without asking anybody.
//!
//! A pure function: [`examine`] reads [`Facts`] and nothing else. It works in five phases, in order, and each says what it
//! looked at, so that "no finding" never means more than that. A check is a small function; a phase is a file. It opens no
//! file and no connection, and it never says more than a fact says: what cannot be told is a remark or a note, no error.

mod about;
mod code;
mod compare;
mod declared;
mod facts;
mod forecast;
mod found;
mod hygiene;
mod listed;
mod local;
mod reading;
mod silence;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use code::{Code, NoCode};
pub use declared::declared_for;
pub use facts::{Facts, Listed, Run, RunVariables};
pub use forecast::{Forecasted, Verdict};
pub use found::{Fix, Found};

use crate::model::Severity;

/// A phase, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// What the workflow files must have.
    Local,
    /// What the registries would make of the claims.
    Forecast,
    /// Whether `trust_policy` fits.
    Declared,
    /// Whether the registry holds what is declared.
    Listed,
    /// What is unsafe or will bite later.
    Hygiene,
}

impl Phase {
    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Local => "trust policy (local)",
            Self::Forecast => "forecast",
            Self::Declared => "trust policy (declared)",
            Self::Listed => "trust policy (crates.io registry)",
            Self::Hygiene => "hygiene",
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Forecast => "forecast",
            Self::Declared => "declared",
            Self::Listed => "registry",
            Self::Hygiene => "hygiene",
        }
    }
}

/// What a phase looked at and found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseReport {
    /// Which.
    pub phase: Phase,
    /// What it looked at, or why it was skipped: one line.
    pub scope: String,
    /// Whether it was skipped.
    pub skipped: bool,
    /// Neutral lines: what could not be told, what is deliberately so.
    pub remarks: Vec<String>,
    /// What is wrong, most severe first.
    pub findings: Vec<Found>,
    /// The forecasts; of the forecast phase alone.
    pub forecasts: Vec<Forecasted>,
}

impl PhaseReport {
    fn new(phase: Phase, scope: impl Into<String>) -> Self {
        Self {
            phase,
            scope: scope.into(),
            skipped: false,
            remarks: Vec::new(),
            findings: Vec::new(),
            forecasts: Vec::new(),
        }
    }

    fn skipped(phase: Phase, why: impl Into<String>) -> Self {
        Self { skipped: true, ..Self::new(phase, why) }
    }
}

/// A finding that was silenced, with the reason given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silenced {
    /// The finding.
    pub found: Found,
    /// Why, in the words of the project.
    pub reason: String,
}

/// All that the doctor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The five phases, in order.
    pub phases: Vec<PhaseReport>,
    /// What was silenced.
    pub silenced: Vec<Silenced>,
    /// How many findings were there before, at the revision compared with; `None`: nothing was compared.
    pub known: Option<usize>,
}

impl Diagnosis {
    /// All findings, in the order of the phases.
    pub fn findings(&self) -> impl Iterator<Item = &Found> {
        self.phases.iter().flat_map(|phase| &phase.findings)
    }

    /// How many findings there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|found| found.severity == severity).count()
    }

    /// The process's exit code: 1 where there is an error (or, strictly, a warning), 3 where strictly something that was
    /// asked for could not be read, else 0.
    #[must_use]
    pub fn exit_code(&self, strict: bool) -> u8 {
        let fails = if strict { Severity::Warning } else { Severity::Error };
        if self.findings().any(|found| found.severity >= fails) {
            return 1;
        }
        if strict && self.findings().any(|found| found.code.is_unread()) { 3 } else { 0 }
    }

    /// Leaves only what is new since another diagnosis, and counts the rest.
    #[must_use]
    pub fn since(self, base: &Self) -> Self {
        compare::since(self, base)
    }
}

/// Looks at everything.
#[must_use]
pub fn examine(facts: &Facts) -> Diagnosis {
    let mut local = local::examine(facts);
    local.findings.splice(0..0, reading::findings(facts));
    let mut phases = vec![
        local,
        forecast::examine(facts),
        declared::examine(facts),
        listed::examine(facts),
        hygiene::examine(facts),
    ];
    let silenced = silence::apply(facts, &mut phases);
    for phase in &mut phases {
        // Stable: within a severity the order of the checks and files stays.
        phase.findings.sort_by_key(|found| std::cmp::Reverse(found.severity));
    }
    Diagnosis { phases, silenced, known: None }
}
