//! Proven: what a published version shows of who published it, compared with who should.

use super::Facts;
use super::ladder::{Wanted, unread};
use crate::model::{
    EnvironmentName, Existence, Package, PublishedBy, Reading, RepoSlug, Seen, Standing, TrustedPublisher,
    TrustedWorkflow, Unknown,
};
use crate::registry::{Case, Guides, Rules};

/// Whether the newest version was published by OIDC, from the wanted repository, workflow and environment, as far as the
/// registry shows them. What it does not show is unknown, never no.
pub(super) fn proven(facts: &Facts, package: &Package, wanted: Wanted<'_>, registry: &dyn Guides) -> Standing {
    let rules = registry.rules();
    let public = match facts.registries.get(&package.id).map(|r| &r.public) {
        // Asking it would not help: there the run on GitHub and a newer version after it have to stand in.
        None | Some(Reading::NotRead | Reading::Unknown(_)) if rules.proof.is_none() => {
            return stand_in(facts, package, silent(registry));
        }
        None | Some(Reading::NotRead) => return unread(package.id.registry.title()),
        Some(Reading::Unknown(unknown)) => return Standing::Unknown(unknown.clone()),
        Some(Reading::Seen(seen)) => seen,
    };
    if public.value.existence == Existence::Absent {
        return Standing::No(Seen {
            value: "nothing is published yet".to_owned(),
            source: public.source.clone(),
            at: public.at,
        });
    }
    let proof = match &public.value.proof {
        Reading::NotRead if rules.proof.is_none() => return stand_in(facts, package, silent(registry)),
        Reading::Unknown(unknown) if rules.proof.is_none() => {
            let hint = unknown.hint.clone().unwrap_or_else(|| INSTEAD.to_owned());
            return stand_in(facts, package, unknown.clone().hint(hint));
        }
        Reading::NotRead => return Standing::Unknown(Unknown::because("no version was looked at")),
        Reading::Unknown(unknown) => return Standing::Unknown(unknown.clone()),
        Reading::Seen(proof) => proof,
    };
    let say = |value: String| Seen { value, source: proof.source.clone(), at: proof.at };
    let version = &proof.value.version;
    match &proof.value.by {
        PublishedBy::Token(who) => {
            Standing::No(say(format!("{version} was published with a token{}", in_brackets(who.as_deref()))))
        }
        PublishedBy::TokenAfterOidc { who, proven } => Standing::No(say(format!(
            "{version} was published with a token{}, though {proven} before it was published by OIDC",
            in_brackets(who.as_deref())
        ))),
        // Who is to publish runs on GitHub: a run of another provider is somebody else's.
        PublishedBy::Elsewhere(provider) => match wanted {
            Ok(_) => {
                Standing::No(say(format!("{version} was published by OIDC, but from {provider} and not from GitHub")))
            }
            Err(_) => Standing::Unknown(Unknown::because(format!(
                "{version} was published by OIDC, from {provider}; who should is not known"
            ))),
        },
        PublishedBy::Oidc { repository: None, .. } => Standing::Unknown(
            Unknown::because(format!("{version} was published by OIDC; the answer does not name the repository"))
                .hint("look at the version's page"),
        ),
        PublishedBy::Oidc { repository: Some(repository), workflow, environment, .. } => {
            let Ok(wanted) = wanted else {
                return Standing::Unknown(Unknown::because(format!(
                    "{version} was published by OIDC, by {repository}; who should is not known"
                )));
            };
            let by = By { repository, workflow: workflow.as_ref(), environment: environment.as_ref() };
            match by.other_than(wanted, rules) {
                Some(other) => Standing::No(say(format!("{version} was published by OIDC, but {other}"))),
                None => {
                    let shown = rules.proof.map(|rule| format!(" ({})", rule.value.read_from)).unwrap_or_default();
                    Standing::Yes(say(format!("{version} was published by OIDC{}{shown}", by.compared(rules))))
                }
            }
        }
    }
}

fn in_brackets(who: Option<&str>) -> String {
    who.map(|who| format!(" ({who})")).unwrap_or_default()
}

/// What stands in for a proof that nobody is shown: what was seen of a release while it was awaited.
fn stand_in(facts: &Facts, package: &Package, unknown: Unknown) -> Standing {
    match facts.memory.stood_in.get(&package.id) {
        Some((what, at)) => Standing::Stated { what: what.clone(), at: *at },
        None => Standing::Unknown(unknown),
    }
}

/// What a person can look at where no registry will ever show a proof.
const INSTEAD: &str =
    "a run of the publishing job since the token left it, and a newer version after that run, stand in";

/// Why there will never be a proof.
fn silent(registry: &dyn Guides) -> Unknown {
    let title = registry.rules().registry.title();
    Unknown::because(format!("{title} shows nobody who published a version")).hint(INSTEAD)
}

/// Who published, as far as it is public.
struct By<'a> {
    repository: &'a RepoSlug,
    workflow: Option<&'a TrustedWorkflow>,
    environment: Option<&'a EnvironmentName>,
}

impl By<'_> {
    /// The first thing that is another than wanted, as a fragment. Renamed owners and repositories are others until the
    /// remote says so: nobody here can tell a renaming from a stranger.
    fn other_than(&self, wanted: &TrustedPublisher, rules: &Rules) -> Option<String> {
        if !self.repository.same_on_github(&wanted.repository) {
            return Some(format!("by {}, which is not {}", self.repository, wanted.repository));
        }
        let workflow = self.workflow.filter(|_| rules.workflow_case.value != Case::NotCompared);
        if let Some(workflow) = workflow.filter(|workflow| !workflow.same_on_github(&wanted.workflow)) {
            return Some(format!("by {workflow} instead of {}", wanted.workflow));
        }
        // A publisher without an environment takes any.
        let (Some(environment), Some(asked)) = (self.environment, &wanted.environment) else { return None };
        let same = match rules.environment_case.value {
            Case::Exact => environment == asked,
            Case::Ignored => environment.same_on_github(asked),
            Case::NotCompared => true,
        };
        (!same).then(|| format!("in environment {environment} instead of {asked}"))
    }

    /// What could be compared beside the repository.
    fn compared(&self, rules: &Rules) -> String {
        let workflow = self.workflow.filter(|_| rules.workflow_case.value != Case::NotCompared);
        let by = workflow.map(|workflow| format!(" by {workflow}")).unwrap_or_default();
        let within = self.environment.map(|environment| format!(" in {environment}")).unwrap_or_default();
        format!("{by}{within}")
    }
}
