//! Would the registry accept the claims that a publishing job presents? Judged by the registry's own rules.

use crate::model::{Auth, IdToken, Place, PublishJob, Reach};
use crate::registry::Rules;

/// The judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forecast {
    /// It would be accepted, once the publisher is registered.
    Accepted,
    /// It would not, for this reason.
    Refused {
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
    if job.workflow(rules.claim.value).is_none() {
        let why = match &job.reach {
            Reach::Uncalled(_) => {
                format!("{} compares the workflow that calls {file}, and nothing here calls it", rules.registry)
            }
            _ => format!(
                "{} compares a workflow file of this repository, and the job `{}` is in another",
                rules.registry, job.job
            ),
        };
        return Forecast::Refused { why, at: job.at.clone() };
    }
    let instead = match &job.auth {
        Auth::Token(secret) => format!(" It logs in with secret {secret} instead."),
        Auth::Oidc | Auth::Unknown => String::new(),
    };
    match &job.id_token {
        IdToken::Missing => {
            return Forecast::Refused {
                why: format!(
                    "job `{}` in {file} has no id-token: write, so GitHub gives it no OIDC token.{instead}",
                    job.job
                ),
                at: job.at.clone(),
            };
        }
        IdToken::Unknown(why) => {
            return Forecast::Unknown(format!("whether job `{}` gets an OIDC token is unknown: {why}", job.job));
        }
        IdToken::Granted(_) => {}
    }
    if let Auth::Token(secret) = &job.auth {
        return Forecast::Refused {
            why: format!(
                "job `{}` in {file} may ask for an OIDC token, and still logs in with secret {secret}, which wins",
                job.job
            ),
            at: job.at.clone(),
        };
    }
    let events: Vec<&str> = job.triggers.iter().map(|trigger| trigger.event.as_str()).collect();
    if !events.is_empty() && events.iter().all(|event| rules.refused_events.value.contains(event)) {
        return Forecast::Refused {
            why: format!("{file} runs on {}, which {} refuses", events.join(" and "), rules.registry),
            at: job.at.clone(),
        };
    }
    if job.auth == Auth::Unknown {
        return Forecast::Unknown(format!("how job `{}` in {file} logs in cannot be told from the files", job.job));
    }
    Forecast::Accepted
}
