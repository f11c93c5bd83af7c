//! Climbs the evidence ladder for one package: each rung from its facts, with source and time.

use super::proven::proven;
use super::ready::{no_step, ready, spot};
use super::registered::registered;
use super::wanted::jobs_of;
use super::{Facts, Local, LockedBy, job_of};
use crate::model::{
    Auth, Existence, Ladder, Package, PackageId, Reading, Seen, SourceFile, Standing, TrustedPublisher, Unknown,
};
use crate::registry::{self, Case, FirstPublish, Guides, Lock};

/// The publisher that the registry should hold, or why nobody can tell.
pub(super) type Wanted<'a> = Result<&'a TrustedPublisher, &'a Unknown>;

/// The seven rungs.
pub(super) fn climb(facts: &Facts, package: &Package, wanted: Wanted<'_>) -> Ladder {
    if let Some(reason) = super::off_oidc(facts, package) {
        return Ladder::new(std::array::from_fn(|_| Standing::NotApplicable(format!("off OIDC on purpose: {reason}"))));
    }
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

/// Nobody asked yet.
pub(super) fn unread(what: &str) -> Standing {
    Standing::Unknown(Unknown::because(format!("{what} has not been read yet")))
}

fn exists(facts: &Facts, package: &Package, registry: &dyn Guides) -> Standing {
    let rules = registry.rules();
    match facts.registries.get(&package.id).map(|r| &r.public) {
        None | Some(Reading::NotRead) => unread(rules.registry.title()),
        Some(Reading::Unknown(unknown)) => Standing::Unknown(unknown.clone()),
        Some(Reading::Seen(seen)) => {
            let doubt = super::name_doubt(facts, package).map(|doubt| format!("; {doubt}")).unwrap_or_default();
            let say = |value: String| Seen { value: value + &doubt, source: seen.source.clone(), at: seen.at };
            match &seen.value.existence {
                Existence::Exists { latest: Some(version) } => Standing::Yes(say(format!("{version} is published"))),
                Existence::Exists { latest: None } => Standing::Yes(say(match &seen.value.newest {
                    Some(newest) => format!("{newest} is published, and no version that is its latest"),
                    None => "the name is there, without a release".to_owned(),
                })),
                Existence::Absent => match (rules.first_publish.value, facts.memory.stated.get(&package.id)) {
                    (FirstPublish::Pending, Some((_, at))) => match super::pending::ends_in(facts, &package.id) {
                        Some(left) if left <= 0 => Standing::Unknown(super::registered::ended(rules, *at)),
                        _ => Standing::Stated {
                            what: "you said that a pending publisher may create it".to_owned(),
                            at: *at,
                        },
                    },
                    (FirstPublish::Pending, None) => Standing::No(say(format!(
                        "{} has no such package; a pending publisher may create it",
                        rules.registry
                    ))),
                    (FirstPublish::NotNeeded, _) => {
                        Standing::No(say(format!("{} has no such package; the first release makes it", rules.registry)))
                    }
                    (FirstPublish::Needed | FirstPublish::Record, _) => {
                        Standing::No(say(format!("{} has no such package", rules.registry)))
                    }
                },
            }
        }
    }
}

fn declared(facts: &Facts, package: &Package, wanted: Wanted<'_>) -> Standing {
    // A file with a package for each folder has no place for it.
    if let Some(whose) = &package.family {
        return Standing::NotApplicable(format!("a platform of {whose}, whose policy speaks for it"));
    }
    let Reading::Seen(local) = &facts.local else { return unread("the checkout") };
    let Some((policy, place)) = local.value.config.policy_for(package) else {
        let read = |file: &&SourceFile| local.value.config.files.iter().any(|known| known.path == file.path);
        if let Some(file) = local.value.config_files.iter().find(|file| !read(file)) {
            let why = format!("{} can't be read, and it may say who may publish it", file.path);
            return Standing::Unknown(Unknown { why, hint: Some("repair the file, then look again".to_owned()) });
        }
        return Standing::No(Seen {
            value: "no trust_policy says who may publish it".to_owned(),
            source: local.value.config_files.first().map_or_else(|| "the checkout".to_owned(), |f| f.path.to_string()),
            at: local.at,
        });
    };
    let say = |value: String| Seen { value, source: place.to_string(), at: local.at };
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(unknown) => {
            let why = format!(
                "trust_policy names {}; what the workflow presents is unknown: {}",
                policy.names(),
                unknown.why
            );
            return Standing::Unknown(Unknown { why, hint: unknown.hint.clone() });
        }
    };
    let compared = match job_of(facts, package) {
        Some(_) => "as the workflow does",
        None => "and no publishing step was found to compare it with",
    };
    let mut differs = Vec::new();
    let named = policy.trusted_workflow(&wanted.repository);
    if let Some(named) = named.filter(|named| !named.same_on_github(&wanted.workflow)) {
        differs.push(format!("workflow {named} instead of {}", wanted.workflow));
    }
    if let Some(pattern) = &policy.tag_pattern
        && let Some(filter) = super::tags::contradicted(facts, package, pattern)
    {
        differs.push(format!("tag pattern {pattern}, and the workflow runs on tags {filter}"));
    }
    let compares_environment =
        registry::guides(package.id.registry).rules().environment_case.value != Case::NotCompared;
    if compares_environment && policy.environment != wanted.environment {
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
        Standing::Yes(say(format!("trust_policy names {}, {compared}", policy.names())))
    } else {
        Standing::No(say(format!("trust_policy names {}", differs.join(" and "))))
    }
}

fn locked(facts: &Facts, package: &Package, registry: &dyn Guides) -> Standing {
    let rules = registry.rules();
    match rules.lock.value {
        Lock::None => Standing::NotApplicable(format!("{} has no switch that refuses tokens", rules.registry)),
        Lock::SetOnly => known_to_refuse(facts, package, registry).unwrap_or_else(|| {
            let why = format!("{} lets nobody read whether tokens are refused", rules.registry);
            Standing::Unknown(Unknown::because(why))
        }),
        Lock::WholeScope => known_to_refuse(facts, package, registry).unwrap_or_else(|| {
            let why = format!(
                "{} refuses tokens for a whole scope at once, and shows that to the scope's admins alone",
                rules.registry
            );
            Standing::Unknown(Unknown::because(why))
        }),
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

/// What the journal knows of a switch that nobody else can read.
fn known_to_refuse(facts: &Facts, package: &Package, registry: &dyn Guides) -> Option<Standing> {
    let holds =
        |id: &PackageId| id.registry == package.id.registry && registry.lock_holds_for(&id.name, &package.id.name);
    let known = facts.memory.locked.iter().filter(|(id, _)| holds(id)).map(|(_, known)| *known);
    let (by, at) = known.max_by_key(|(_, at)| *at)?;
    let title = package.id.registry.title();
    let what = match by {
        LockedBy::Untoken => format!("untoken told {title} to refuse tokens"),
        LockedBy::Seen => format!("untoken saw that {title} refuses tokens"),
        LockedBy::Person => format!("you said that {title} refuses tokens"),
    };
    Some(Standing::Stated { what, at })
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
    if let Some(unknown) = unseen_login(facts, &local.value, package) {
        return Standing::Unknown(unknown);
    }
    let github = &facts.github;
    let inside = github.environments.value().into_iter().flatten().map(|environment| &environment.secrets);
    let lists = [&github.repository_secrets, &github.organization_secrets].into_iter().chain(inside);
    let mut unread = lists.filter_map(|reading| match reading {
        Reading::Seen(_) => None,
        Reading::Unknown(unknown) => Some(not_read(Some(unknown))),
        Reading::NotRead => Some(not_read(None)),
    });
    match (unread.next(), &github.environments, &github.repository_secrets) {
        (Some(unknown), _, _) => Standing::Unknown(unknown),
        (None, Reading::Unknown(unknown), _) => Standing::Unknown(not_read(Some(unknown))),
        (None, Reading::Seen(_), Reading::Seen(seen)) => Standing::Yes(Seen {
            value: format!(
                "no secret for {} is left in repository, organisation or environments; Dependabot's are not read here \
                 (`untoken secrets` does)",
                package.id.registry
            ),
            source: seen.source.clone(),
            at: seen.at,
        }),
        _ => Standing::Unknown(not_read(None)),
    }
}

/// That the names of secrets were not read, for this reason; `None`: nobody asked.
fn not_read(because: Option<&Unknown>) -> Unknown {
    let why = "the names of secrets have not been read".to_owned();
    match because {
        Some(Unknown { why: because, hint }) => Unknown { why: format!("{why}: {because}"), hint: hint.clone() },
        None => Unknown::because(why).hint("sign in to GitHub"),
    }
}

/// Why nobody can tell which secrets publish a package: a step whose login is unknown, or no step at all.
fn unseen_login(facts: &Facts, local: &Local, package: &Package) -> Option<Unknown> {
    if job_of(facts, package).is_none() {
        return Some(no_step(facts, local, package));
    }
    let unknown = jobs_of(local, package).find(|job| job.auth == Auth::Unknown)?;
    Some(Unknown::because(format!("how job `{}` logs in cannot be told from {}", unknown.job, spot(&unknown.at))))
}
