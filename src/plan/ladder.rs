//! Climbs the evidence ladder for one package: each rung from its facts, with source and time.

use super::{Facts, Forecast, forecast, job_of};
use crate::checkout::blob_id;
use crate::model::{
    Existence, Ladder, Package, PublishedBy, PublisherEntry, Reading, Seen, Standing, TrustedPublisher, Unknown,
    WorkflowState,
};
use crate::registry::{self, FirstPublish, Guides, Lock, ReadBack};

type Wanted<'a> = Result<&'a TrustedPublisher, &'a Unknown>;

/// The seven rungs.
pub(super) fn climb(facts: &Facts, package: &Package, wanted: Wanted<'_>) -> Ladder {
    let registry = registry::guides(package.id.registry);
    Ladder::new([
        exists(facts, package, registry),
        ready(facts, package, registry),
        declared(facts, package, wanted),
        registered(facts, package, wanted, registry),
        proven(facts, package, wanted, registry),
        locked(facts, package, registry),
        retired(facts, package, registry),
    ])
}

fn unread(what: &str) -> Standing {
    Standing::Unknown(Unknown::because(format!("{what} has not been read yet")))
}

fn exists(facts: &Facts, package: &Package, registry: &dyn Guides) -> Standing {
    let rules = registry.rules();
    match facts.registries.get(&package.id).map(|r| &r.public) {
        None | Some(Reading::NotRead) => unread(rules.registry.title()),
        Some(Reading::Unknown(unknown)) => Standing::Unknown(unknown.clone()),
        Some(Reading::Seen(seen)) => {
            let say = |value: String| Seen { value, source: seen.source.clone(), at: seen.at };
            match &seen.value.existence {
                Existence::Exists { latest: Some(version) } => Standing::Yes(say(format!("{version} is published"))),
                Existence::Exists { latest: None } => {
                    Standing::Yes(say("the name is there, without a release".to_owned()))
                }
                Existence::Absent => match (rules.first_publish.value, facts.memory.stated.get(&package.id)) {
                    (FirstPublish::Pending, Some((_, at))) => {
                        Standing::Stated { what: "you said that a pending publisher may create it".to_owned(), at: *at }
                    }
                    (FirstPublish::Pending, None) => Standing::No(say(format!(
                        "{} has no such package; a pending publisher may create it",
                        rules.registry
                    ))),
                    (FirstPublish::Needed, _) => Standing::No(say(format!("{} has no such package", rules.registry))),
                },
            }
        }
    }
}

fn ready(facts: &Facts, package: &Package, registry: &dyn Guides) -> Standing {
    let Reading::Seen(local) = &facts.local else { return unread("the checkout") };
    let Some(job) = job_of(facts, package) else {
        let files = local.value.workflow_files.len();
        return Standing::Unknown(
            Unknown::because(format!("no step that publishes it to {} was found in {files} workflow files", package.id.registry))
                .hint("a script or a tool that untoken does not know may hold one; press e in the register step to name its workflow"),
        );
    };
    let at = |place: &crate::model::Place, value: String| Seen { value, source: spot(place), at: local.at };
    match forecast(job, registry.rules()) {
        Forecast::Refused { why, at: place } => Standing::No(at(&place, why)),
        Forecast::Unknown(why) => Standing::Unknown(Unknown::because(why)),
        Forecast::Accepted => {
            let seen = at(&job.at, format!("job `{}` presents claims that {} accepts", job.job, package.id.registry));
            match on_github(facts, job) {
                None => Standing::Yes(seen),
                Some(why) => Standing::HereOnly(Seen { value: why, ..seen }),
            }
        }
    }
}

/// A line of a workflow as people say it: all workflows lie in one folder, so the file's name is enough.
fn spot(place: &crate::model::Place) -> String {
    format!("{}:{}", place.file.file_name(), place.line)
}

/// Why GitHub would not run this very workflow, where that was read; `None`: it would, or nobody looked.
fn on_github(facts: &Facts, job: &crate::model::PublishJob) -> Option<String> {
    let Reading::Seen(remote) = &facts.github.workflows else { return None };
    let file = facts.local.value()?.workflow_files.iter().find(|file| file.path == job.at.file)?;
    let branch = facts.github.repository.value().map_or("the default branch", |r| r.default_branch.as_str());
    let Some(there) = remote.value.iter().find(|w| w.path == file.path.as_str()) else {
        return Some(format!("ready here, not yet on GitHub: {} is not on {branch}; push it", file.path.file_name()));
    };
    if let Some(WorkflowState::Disabled(state)) = &there.state {
        return Some(format!("ready here, but GitHub has disabled the workflow ({state})"));
    }
    let blob = there.blob.as_ref()?;
    (!same_blob(&file.bytes, blob)).then(|| {
        format!("ready here, not yet on GitHub: {} on {branch} is another version; push it", file.path.file_name())
    })
}

/// Git may keep line feeds where the checkout has CRLF: both are the same version.
fn same_blob(bytes: &[u8], blob: &str) -> bool {
    if blob_id(bytes) == blob {
        return true;
    }
    let mut lf = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().peekable();
    while let Some(&byte) = rest.next() {
        if !(byte == b'\r' && rest.peek() == Some(&&b'\n')) {
            lf.push(byte);
        }
    }
    blob_id(&lf) == blob
}

fn declared(facts: &Facts, package: &Package, wanted: Wanted<'_>) -> Standing {
    let Reading::Seen(local) = &facts.local else { return unread("the checkout") };
    let Some((policy, place)) = local.value.config.policy_for(package) else {
        return Standing::No(Seen {
            value: "no trust_policy says who may publish it".to_owned(),
            source: local.value.config_files.first().map_or_else(|| "the checkout".to_owned(), |f| f.path.to_string()),
            at: local.at,
        });
    };
    let say = |value: String| Seen { value, source: place.to_string(), at: local.at };
    let Ok(wanted) = wanted else {
        return Standing::Yes(say(format!("trust_policy names {}", policy.workflow)));
    };
    let mut differs = Vec::new();
    if policy.workflow != wanted.workflow {
        differs.push(format!("workflow {} instead of {}", policy.workflow, wanted.workflow));
    }
    if policy.environment != wanted.environment {
        let name = |e: &Option<crate::model::EnvironmentName>| {
            e.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string)
        };
        differs.push(format!("environment {} instead of {}", name(&policy.environment), name(&wanted.environment)));
    }
    if let Some(repository) = &policy.repository
        && !repository.same_on_github(&wanted.repository)
    {
        differs.push(format!("repository {repository} instead of {}", wanted.repository));
    }
    if differs.is_empty() {
        Standing::Yes(say(format!("trust_policy names {}, as the workflow does", policy.workflow)))
    } else {
        Standing::No(say(format!("trust_policy names {}", differs.join(" and "))))
    }
}

fn registered(facts: &Facts, package: &Package, wanted: Wanted<'_>, registry: &dyn Guides) -> Standing {
    let rules = registry.rules();
    let stated = facts.memory.stated.get(&package.id).map(|(publisher, at)| Standing::Stated {
        what: format!("you said that {} trusts {publisher}", rules.registry),
        at: *at,
    });
    if rules.read_back.value == ReadBack::Never {
        return stated.unwrap_or_else(|| {
            Standing::Unknown(
                Unknown::because(format!("{} shows its publishers only to their owner", rules.registry))
                    .hint("register it on the page, then say so"),
            )
        });
    }
    if facts.existence(&package.id) == Some(&Existence::Absent) && rules.first_publish.value == FirstPublish::Needed {
        return Standing::No(Seen {
            value: format!("it has to be on {} once before it can be trusted", rules.registry),
            source: rules.first_publish.source.to_owned(),
            at: facts.now,
        });
    }
    match facts.registries.get(&package.id).map(|r| &r.publishers) {
        Some(Reading::Seen(list)) => held(facts, package, wanted, registry, list),
        Some(Reading::Unknown(unknown)) => stated.unwrap_or_else(|| Standing::Unknown(unknown.clone())),
        None | Some(Reading::NotRead) => stated.unwrap_or_else(|| {
            let mut unknown = Unknown::because(format!("{}'s list of publishers has not been read", rules.registry))
                .hint("press u: it is read with your own login");
            if let Some((_, at)) = facts.memory.made.get(&package.id) {
                unknown.why = format!("untoken registered it on {}; the list has not been read since", at.day());
            }
            Standing::Unknown(unknown)
        }),
    }
}

/// The registry's list was read: is what is wanted in it, and alive?
fn held(
    facts: &Facts,
    package: &Package,
    wanted: Wanted<'_>,
    registry: &dyn Guides,
    list: &Seen<Vec<PublisherEntry>>,
) -> Standing {
    let say = |value: String| Seen { value, source: list.source.clone(), at: list.at };
    let count = match list.value.len() {
        1 => "1 publisher".to_owned(),
        n => format!("{n} publishers"),
    };
    let Ok(wanted) = wanted else {
        return Standing::Unknown(Unknown::because(format!(
            "{} lists {count}; which one is wanted is not known",
            package.id.registry
        )));
    };
    let Some(entry) = list.value.iter().find(|entry| registry.same(wanted, entry)) else {
        let others = list.value.iter().map(|e| e.publisher.to_string()).collect::<Vec<_>>().join("; ");
        let others = if others.is_empty() { String::new() } else { format!(": {others}") };
        return Standing::No(say(format!("{} lists {count}, none is {wanted}{others}", package.id.registry)));
    };
    let yes = |more: String| Standing::Yes(say(format!("entry {} trusts {}{more}", entry.id, entry.publisher)));
    let Some(rule) = registry.rules().lapses_after.filter(|_| !published_by_oidc(facts, package)) else {
        return yes(String::new());
    };
    match lapses_in(facts, package, Ok(wanted)) {
        None => Standing::Unknown(
            Unknown::because(format!(
                "entry {} is there and may have lapsed: it has not published, and its age is unknown",
                entry.id
            ))
            .hint(format!("an entry that publishes nothing for {} h stops working (reported)", rule.value / 3600)),
        ),
        Some(left) if left > 0 => yes(format!("; lapses in {} unless it publishes", hours(left))),
        Some(_) => Standing::No(say(format!(
            "entry {} has lapsed: it published nothing for {} h",
            entry.id,
            rule.value / 3600
        ))),
    }
}

fn published_by_oidc(facts: &Facts, package: &Package) -> bool {
    let proof = facts.registries.get(&package.id).and_then(|r| r.public.value()).and_then(|p| p.proof.value());
    proof.is_some_and(|p| matches!(p.by, PublishedBy::Oidc { .. }))
}

/// In how many seconds the wanted entry lapses (zero and less: it has); `None` where entries do not lapse, this one has
/// published, or its age is unknown.
pub(super) fn lapses_in(facts: &Facts, package: &Package, wanted: Wanted<'_>) -> Option<i64> {
    let registry = registry::guides(package.id.registry);
    let rule = registry.rules().lapses_after?;
    let wanted = wanted.ok()?;
    if published_by_oidc(facts, package) {
        return None;
    }
    let list = facts.registries.get(&package.id)?.publishers.value()?;
    let entry = list.iter().find(|entry| registry.same(wanted, entry))?;
    let made = facts.memory.made.get(&package.id).filter(|(publisher, _)| publisher == wanted).map(|(_, at)| *at);
    Some(entry.created.or(made)?.plus(rule.value).since(facts.now))
}

/// Seconds as a person says them: `41 h`, `20 min`.
#[must_use]
pub fn hours(seconds: i64) -> String {
    if seconds >= 2 * 3600 { format!("{} h", seconds / 3600) } else { format!("{} min", (seconds / 60).max(1)) }
}

/// Seconds as a countdown: `14 min 20 s`.
#[must_use]
pub fn minutes(seconds: i64) -> String {
    match seconds.max(0) {
        s if s >= 60 => format!("{} min {:02} s", s / 60, s % 60),
        s => format!("{s} s"),
    }
}

fn proven(facts: &Facts, package: &Package, wanted: Wanted<'_>, registry: &dyn Guides) -> Standing {
    let public = match facts.registries.get(&package.id).map(|r| &r.public) {
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
        Reading::NotRead => return Standing::Unknown(Unknown::because("no version was looked at")),
        Reading::Unknown(unknown) => return Standing::Unknown(unknown.clone()),
        Reading::Seen(proof) => proof,
    };
    let say = |value: String| Seen { value, source: proof.source.clone(), at: proof.at };
    let version = &proof.value.version;
    match &proof.value.by {
        PublishedBy::Token(who) => {
            let who = who.as_ref().map(|w| format!(" ({w})")).unwrap_or_default();
            Standing::No(say(format!("{version} was published with a token{who}")))
        }
        PublishedBy::Oidc { repository: None, .. } => Standing::Unknown(
            Unknown::because(format!("{version} was published by OIDC; the answer does not name the repository"))
                .hint("look at the version's page"),
        ),
        PublishedBy::Oidc { repository: Some(repository), workflow, .. } => {
            let Ok(wanted) = wanted else {
                return Standing::Unknown(Unknown::because(format!(
                    "{version} was published by OIDC, by {repository}"
                )));
            };
            let other = match workflow {
                _ if !repository.same_on_github(&wanted.repository) => Some(repository.to_string()),
                Some(seen) if *seen != wanted.workflow => Some(seen.to_string()),
                _ => None,
            };
            match other {
                Some(other) => Standing::No(say(format!("{version} was published by OIDC, but by {other}"))),
                None => {
                    let shown = registry.rules().proof.value.read_from;
                    Standing::Yes(say(format!("{version} was published by OIDC ({shown})")))
                }
            }
        }
    }
}

fn locked(facts: &Facts, package: &Package, registry: &dyn Guides) -> Standing {
    let rules = registry.rules();
    match rules.lock.value {
        Lock::None => Standing::NotApplicable(format!("{} has no switch that refuses tokens", rules.registry)),
        Lock::SetOnly => Standing::Unknown(Unknown::because(format!(
            "{} lets nobody read whether tokens are refused",
            rules.registry
        ))),
        Lock::Public => match facts.registries.get(&package.id).map(|r| &r.public) {
            None | Some(Reading::NotRead) => unread(rules.registry.title()),
            Some(Reading::Unknown(unknown)) => Standing::Unknown(unknown.clone()),
            Some(Reading::Seen(seen)) => {
                let say = |value: &str| Seen { value: value.to_owned(), source: seen.source.clone(), at: seen.at };
                match (seen.value.locked, &seen.value.existence) {
                    (Some(true), _) => Standing::Yes(say("tokens are refused")),
                    (Some(false), _) | (None, Existence::Absent) => Standing::No(say("tokens may still publish it")),
                    (None, Existence::Exists { .. }) => {
                        Standing::Unknown(Unknown::because("the answer does not say whether tokens are refused"))
                    }
                }
            }
        },
    }
}

fn retired(facts: &Facts, package: &Package, registry: &dyn Guides) -> Standing {
    let Reading::Seen(local) = &facts.local else { return unread("the checkout") };
    let used = super::steps::old_secrets(facts, package, registry.rules());
    if let Some(used) = used.workflow.first() {
        return Standing::No(Seen {
            value: format!("a workflow still logs in with secret {}", used.secret),
            source: spot(&used.at),
            at: local.at,
        });
    }
    if let Some(kept) = used.on_github.first() {
        return Standing::No(Seen {
            value: format!("secret {} is still there", kept.0),
            source: "GitHub".to_owned(),
            at: kept.1,
        });
    }
    let github = &facts.github;
    let inside = github.environments.value().into_iter().flatten().map(|environment| &environment.secrets);
    let lists = [&github.repository_secrets, &github.organization_secrets].into_iter().chain(inside);
    let unread = lists
        .filter_map(|reading| match reading {
            Reading::Seen(_) => None,
            Reading::Unknown(unknown) => Some(unknown.clone()),
            Reading::NotRead => {
                Some(Unknown::because("the names of secrets have not been read").hint("sign in to GitHub"))
            }
        })
        .next();
    match (unread, &github.environments, &github.repository_secrets) {
        (Some(unknown), _, _) => Standing::Unknown(unknown),
        (None, Reading::Unknown(unknown), _) => Standing::Unknown(unknown.clone()),
        (None, Reading::Seen(_), Reading::Seen(seen)) => Standing::Yes(Seen {
            value: format!("no secret for {} is left in repository, organisation or environments", package.id.registry),
            source: seen.source.clone(),
            at: seen.at,
        }),
        _ => Standing::Unknown(Unknown::because("the names of secrets have not been read").hint("sign in to GitHub")),
    }
}
