//! What a publishing tool takes in the place of its long-lived token.

use super::super::model::{Job, Step};
use super::login::{Action, PUB_DEV};
use super::{Login, Pins, Repair, StepRef, TokenInto};
use crate::model::{JobId, PublishJob, Registry};

/// Why no repair makes a job log in by OIDC, as a fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannotRepair {
    /// The step lies in a file that is no workflow of this repository.
    #[error("the step that publishes lies in {place}, and untoken writes only workflows of this repository")]
    Elsewhere {
        /// The file, and what it is.
        place: String,
        /// What a person can write there and in the workflow, as lines to paste that name the file.
        paste: Vec<String>,
    },
    /// The tool has no login by OIDC, as far as is known.
    #[error("untoken knows of no login by OIDC for `{0}`: publish with another tool")]
    Tool(&'static str),
    /// Nobody knows what takes the place of the token.
    #[error("untoken does not know what `{what}` takes in the place of its token")]
    Unknown {
        /// The action or the tool.
        what: String,
        /// A way that is known, as lines to paste.
        paste: Vec<String>,
    },
    /// The tool finds its login in a place that a splice can't prepare safely.
    #[error("{why}")]
    Order {
        /// Why, as a fragment.
        why: &'static str,
        /// What a person can write, as lines to paste.
        paste: Vec<String>,
    },
    /// A variable for all jobs serves another one that publishes.
    #[error("the variable {variable} of the whole workflow also serves the job {job}, which publishes too")]
    Shared {
        /// The variable.
        variable: String,
        /// The other job.
        job: JobId,
    },
}

impl CannotRepair {
    /// What a person can write in the place of what stands there; empty where nothing is known.
    #[must_use]
    pub fn paste(&self) -> &[String] {
        match self {
            Self::Elsewhere { paste, .. } | Self::Unknown { paste, .. } | Self::Order { paste, .. } => paste,
            Self::Tool(_) | Self::Shared { .. } => &[],
        }
    }
}

/// Programs without a login by OIDC (their manuals and issue trackers, read 2026-11-21; `bun`: oven-sh/bun#22423).
pub(super) const WITHOUT_OIDC: &[&str] =
    &["poetry publish", "flit publish", "hatch publish", "bun publish", "yarn publish"];

/// Tools that exchange the token themselves, in an action's or a program's name.
const EXCHANGE_THEMSELVES: &[&str] = &["release-plz", "rubygems/release-gem"];

/// Registries whose tools exchange the token themselves.
const WITHOUT_STEP: &[Registry] = &[Registry::Npm, Registry::Pypi, Registry::Jsr];

/// Actions of crates.io that take the token as an input.
const TAKE_INPUT: &[(&str, &str)] = &[("katyo/publish-crates", "registry-token")];

/// Flutter's own publishing, which finds what `dart pub token` put down.
const FLUTTER: &[&str] = &["flutter pub publish", "flutter pub lish", "flutter packages pub publish"];

/// Another action that writes pub.dev's token down.
const PUB_CREDENTIALS: &str = "flutter-actions/setup-pubdev-credentials";

/// The variable that cargo and all that wraps it takes the token from.
const CARGO_VARIABLE: &str = "CARGO_REGISTRY_TOKEN";

/// The variable from which a command for NuGet has its key in lines to paste.
const NUGET_VARIABLE: &str = "NUGET_API_KEY";

/// The step that logs in where a command publishes; `None`: the registry's tools need none.
pub(super) fn usual(registry: Registry) -> Option<Login> {
    let variable = |name: &str| TokenInto::Env(name.to_owned());
    let logins = [
        (Registry::CratesIo, Login::CratesIo { into: variable(CARGO_VARIABLE), url: None }),
        (Registry::RubyGems, Login::RubyGems),
        (Registry::PubDev, Login::PubDev),
        (Registry::Nuget, Login::Nuget { into: variable(NUGET_VARIABLE) }),
    ];
    logins.into_iter().find(|(one, _)| *one == registry).map(|(_, login)| login)
}

/// A step that publishes, and where it has its token from.
pub(super) struct Publisher<'a> {
    pub(super) publish: &'a PublishJob,
    pub(super) job: &'a Job,
    pub(super) step: &'a Step,
    pub(super) at: StepRef,
    /// Where the token comes to the step, as far as its file tells.
    pub(super) from: Vec<TokenInto>,
}

impl Publisher<'_> {
    /// What the tool takes in the place of its token.
    pub(super) fn instead(self) -> Result<Vec<Repair>, CannotRepair> {
        let registry = self.publish.destination.speaks();
        let said = |text: &Option<crate::yaml::Text>| text.as_ref().map(|text| text.value.clone()).unwrap_or_default();
        let (uses, run) = (said(&self.step.uses).to_ascii_lowercase(), said(&self.step.run));
        if registry == Registry::Npm {
            let renew = Repair::NpmNewEnough { job: self.job.id.clone(), publish: self.at };
            return Ok(if run.contains("yarn npm publish") { Vec::new() } else { vec![renew] });
        }
        let exchanges = EXCHANGE_THEMSELVES.iter().any(|tool| uses.contains(tool) || run.contains(tool));
        if exchanges || WITHOUT_STEP.contains(&registry) {
            return Ok(Vec::new());
        }
        let logins = if registry == Registry::CratesIo {
            vec![Login::CratesIo { into: self.cargo()?, url: None }]
        } else if registry == Registry::RubyGems {
            self.is_command(&Login::RubyGems, "gem push *.gem")?;
            vec![Login::RubyGems]
        } else if registry == Registry::PubDev {
            self.pub_dev(&run)?
        } else {
            self.nuget()?
        };
        let step = |login| Repair::LoginStep { job: self.job.id.clone(), publish: self.at, login };
        Ok(logins.into_iter().map(step).collect())
    }

    fn cargo(&self) -> Result<TokenInto, CannotRepair> {
        let action = self.step.action().map(|(name, _)| name);
        let input = TAKE_INPUT.iter().find(|(name, _)| action.as_deref() == Some(name));
        match (input, action) {
            (Some((_, input)), _) => Ok(TokenInto::Input((*input).to_owned())),
            (None, None) => Ok(TokenInto::Env(CARGO_VARIABLE.to_owned())),
            (None, Some(what)) => Err(CannotRepair::Unknown { what, paste: Vec::new() }),
        }
    }

    fn nuget(&self) -> Result<Vec<Login>, CannotRepair> {
        let login = |into: &TokenInto| Login::Nuget { into: into.clone() };
        if self.from.is_empty() {
            let command = "dotnet nuget push … --api-key \"$NUGET_API_KEY\"";
            return Err(self.unknown(&login(&TokenInto::Env(NUGET_VARIABLE.to_owned())), command));
        }
        Ok(self.from.iter().map(login).collect())
    }

    /// Dart's own `pub` needs the step that sets Dart up; Flutter's takes the token of one that stands right before it.
    fn pub_dev(&self, run: &str) -> Result<Vec<Login>, CannotRepair> {
        let steps = &self.job.steps;
        let logs_in =
            |step: &Step| PUB_DEV.is_used(step) || step.action().is_some_and(|(name, _)| name == PUB_CREDENTIALS);
        if steps[..self.at.index()].iter().any(logs_in) {
            return Ok(Vec::new());
        }
        self.is_command(&Login::PubDev, "dart pub publish --force")?;
        let mut later = steps[self.at.index()..].iter().filter_map(|step| step.run.as_ref());
        let runs_dart = later.any(|run| run.value.split_whitespace().any(|word| word == "dart"));
        if !FLUTTER.iter().any(|command| run.contains(command)) || runs_dart {
            let why = "dart-lang/setup-dart must run before the Dart that publishes is set up, and that place is yours to choose";
            return Err(CannotRepair::Order { why, paste: step_lines(&PUB_DEV, "among the first steps of") });
        }
        Ok(vec![Login::PubDev])
    }

    /// Refuses an action of which nobody knows how it takes a short-lived token.
    fn is_command(&self, login: &Login, command: &str) -> Result<(), CannotRepair> {
        if self.step.run.is_some() { Ok(()) } else { Err(self.unknown(login, command)) }
    }

    fn unknown(&self, login: &Login, command: &str) -> CannotRepair {
        let action = self.step.action().map(|(name, _)| name);
        let what = action.unwrap_or_else(|| self.publish.destination.to_string());
        let mut paste = super::paste::login(&self.job.id, login, Pins::known());
        paste.insert(1, format!("# (or in its place: run: {command})"));
        CannotRepair::Unknown { what, paste }
    }
}

fn step_lines(action: &Action, place: &str) -> Vec<String> {
    let (uses, comment) = action.pinned(Pins::known());
    vec![format!("# {place} the job that publishes"), format!("- uses: {uses}{comment}")]
}
