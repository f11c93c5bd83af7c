//! Would the registry accept the claims that a publishing job presents? Judged by the registry's own rules.

use crate::model::{Auth, Certainty, IdToken, Place, PublishJob, Reach, Refs, Trigger, WorkflowRole};
use crate::registry::{self, Precedence, Rules, RunRef, WorkflowClaim};

/// What a refusal comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// No workflow file can be told to the registry.
    Workflow,
    /// The job gets no OIDC token.
    IdToken,
    /// It holds a long-lived token.
    Token,
    /// The events that start it, or the refs of its runs.
    Event,
}

/// The judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forecast {
    /// It would be accepted, once the publisher is registered.
    Accepted,
    /// It would not, for this reason.
    Refused {
        /// What kind of reason.
        because: Because,
        /// One sentence.
        why: String,
        /// Where to look.
        at: Place,
    },
    /// Nobody can tell from here.
    Unknown(String),
}

/// Judges one job.
#[must_use]
pub fn forecast(job: &PublishJob, rules: &Rules) -> Forecast {
    let file = job.at.file.file_name();
    let refused = |because, why: String| Forecast::Refused { because, why, at: job.at.clone() };
    if let Some(why) = nameless(job, rules) {
        return refused(Because::Workflow, why);
    }
    let instead = match &job.auth {
        Auth::Token(secret) => format!(" It logs in with secret {secret} instead."),
        Auth::Oidc | Auth::Unknown => String::new(),
    };
    match &job.id_token {
        IdToken::Missing => {
            let why = format!(
                "job `{}` in {file} has no id-token: write, so GitHub gives it no OIDC token.{instead}",
                job.job
            );
            return refused(Because::IdToken, why);
        }
        IdToken::Unknown(why) => {
            return Forecast::Unknown(format!("whether job `{}` gets an OIDC token is unknown: {why}", job.job));
        }
        IdToken::Granted(_) => {}
    }
    if let Auth::Token(secret) = &job.auth {
        let job = &job.job;
        let why = match registry::guides(rules.registry).ci().precedence.value {
            Precedence::Token => format!(
                "job `{job}` in {file} may ask for an OIDC token, and still logs in with secret {secret}, which wins"
            ),
            Precedence::OidcThenToken => format!(
                "job `{job}` in {file} may ask for an OIDC token, and still holds secret {secret}, which takes over \
                 without a word when OIDC fails"
            ),
        };
        return refused(Because::Token, why);
    }
    match run(job, rules) {
        Forecast::Accepted => {}
        other => return other,
    }
    if let (Reach::Remote { callee, .. }, true) = (&job.reach, job.certainty < Certainty::Certain) {
        return Forecast::Unknown(format!(
            "the steps are in {callee}, which cannot be read from here: what they publish and how they log in is not known"
        ));
    }
    if job.certainty == Certainty::CannotTell {
        let why = job.why.first().map(|why| format!(": {why}")).unwrap_or_default();
        return Forecast::Unknown(format!("whether job `{}` in {file} publishes at all cannot be told{why}", job.job));
    }
    if job.auth == Auth::Unknown {
        return Forecast::Unknown(format!("how job `{}` in {file} logs in cannot be told from the files", job.job));
    }
    Forecast::Accepted
}

/// Why no workflow file can be told to the registry, where it wants one.
fn nameless(job: &PublishJob, rules: &Rules) -> Option<String> {
    let (file, registry) = (job.at.file.file_name(), rules.registry);
    let claim = rules.claim.value;
    if job.workflow_anywhere(claim).is_some() || job.role(claim) == WorkflowRole::NotUsed {
        return None;
    }
    Some(match (&job.reach, claim) {
        (Reach::Uncalled(_), _) => {
            format!("{registry} compares the workflow that calls {file}, and nothing here calls it")
        }
        (_, WorkflowClaim::CalleeAnywhere) => {
            format!(
                "{registry} compares the file that holds the job `{}`, and which one that is cannot be told",
                job.job
            )
        }
        _ => format!("{registry} compares a workflow file of this repository, and the job `{}` is in another", job.job),
    })
}

/// Whether the registry takes the runs that these events start.
fn run(job: &PublishJob, rules: &Rules) -> Forecast {
    let (file, registry) = (job.at.file.file_name(), rules.registry);
    let picky = rules.only_events.is_some() || rules.run_ref.is_some();
    if job.triggers.is_empty() {
        return match &job.reach {
            Reach::Uncalled(_) if picky => Forecast::Unknown(format!(
                "{registry} judges the event and the ref of the run, and nothing here calls {file}"
            )),
            _ => Forecast::Accepted,
        };
    }
    let refused = rules.refused_events.map_or(&[][..], |rule| rule.value);
    let takes = |trigger: &&Trigger| {
        let event = trigger.event.as_str();
        !refused.contains(&event) && rules.only_events.is_none_or(|only| only.value.contains(&event))
    };
    let taken: Vec<&Trigger> = job.triggers.iter().filter(takes).collect();
    if taken.is_empty() {
        let only = rules.only_events.map(|only| format!("; it takes only {}", only.value.join(" and ")));
        let events: Vec<&str> = job.triggers.iter().map(|trigger| trigger.event.as_str()).collect();
        let why =
            format!("{file} runs on {}, which {registry} refuses{}", events.join(" and "), only.unwrap_or_default());
        return Forecast::Refused { because: Because::Event, why, at: job.at.clone() };
    }
    match rules.run_ref.map(|rule| rule.value) {
        None => Forecast::Accepted,
        Some(RunRef::Tag) => of_a_tag(job, &taken, rules),
    }
}

/// Whether one of these events starts runs of a tag. A run by hand may be of one: that is for the person to choose.
fn of_a_tag(job: &PublishJob, taken: &[&Trigger], rules: &Rules) -> Forecast {
    let (file, registry) = (job.at.file.file_name(), rules.registry);
    let by_itself =
        |trigger: &&&Trigger| trigger.refs == Refs::Tags || (trigger.refs == Refs::Either && trigger.event == "push");
    if taken.iter().find(by_itself).is_some() {
        return Forecast::Accepted;
    }
    match taken.iter().find(|trigger| trigger.refs == Refs::Either) {
        Some(trigger) => Forecast::Unknown(format!(
            "{registry} takes only runs of a tag, and a run of {file} by {} may be of a tag or not",
            trigger.event
        )),
        None => Forecast::Refused {
            because: Because::Event,
            why: format!("{file} runs on pushes of branches, and {registry} takes only runs of a tag"),
            at: taken.first().map_or(&job.at, |trigger| &trigger.at).clone(),
        },
    }
}
