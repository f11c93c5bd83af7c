//! Whether the packages that a token serves have come by OIDC since.

use super::{Facts, Taken, Use};
use crate::model::{PackageId, PublishedBy, Reading, Registry, Standing, Unknown};

/// Why a package may still need its token, by its rung `proven`: the audit and the retire step refuse by this alone.
#[must_use]
pub fn not_proven(id: &PackageId, proven: &Standing) -> Option<String> {
    match proven {
        Standing::Yes(_) | Standing::Stated { .. } => None,
        Standing::NotApplicable(why) => Some(format!("it may serve {} on {}, which is {why}", id.name, id.registry)),
        other => Some(format!("it may serve {} on {}, which is not proven yet: {}", id.name, id.registry, other.why())),
    }
}

/// Why one of the packages that these may serve still needs them.
pub(super) fn still_needed(facts: &Facts, tokens: &[Taken]) -> Option<String> {
    let mains: Vec<Registry> = tokens.iter().filter_map(|taken| taken.destination.registry()).collect();
    let served = facts.packages.iter().filter(|package| mains.contains(&package.id.registry));
    let unread = Standing::Unknown(Unknown::because("nobody looked at it"));
    served.filter_map(|package| not_proven(&package.id, facts.proven.get(&package.id).unwrap_or(&unread))).next()
}

/// What the registries show of the packages that a token serves.
pub(super) enum Proven {
    /// None of them is published from here.
    Nothing,
    /// Of each the newest version came by OIDC from this repository, and every version by token is older: the packages with
    /// that version.
    Since(Vec<(PackageId, String)>),
    /// The newest version of this one came by a token, or from another repository: as a fragment.
    Not(String),
    /// Nobody can tell.
    Unknown(Unknown),
}

/// Looks at all of them: the packages that the steps name, else all of the registry.
pub(super) fn proven(facts: &Facts, tokens: &[Taken], uses: &[Use]) -> Proven {
    let mains: Vec<Registry> = tokens.iter().filter_map(|taken| taken.destination.registry()).collect();
    let mut since = Vec::new();
    for package in facts.packages.iter().filter(|package| mains.contains(&package.id.registry)) {
        let fed = uses.iter().filter_map(|used| used.feeds.as_ref());
        let mut named = fed.filter(|feeds| feeds.destination.registry() == Some(package.id.registry)).peekable();
        let concerned = named.peek().is_none()
            || named.any(|feeds| feeds.packages.as_ref().is_none_or(|names| names.contains(&package.id.name)));
        if !concerned {
            continue;
        }
        match of(facts, &package.id) {
            Ok(version) => since.push((package.id.clone(), version)),
            Err(other) => return other,
        }
    }
    if since.is_empty() { Proven::Nothing } else { Proven::Since(since) }
}

fn of(facts: &Facts, id: &PackageId) -> Result<String, Proven> {
    let open = |why: String| Proven::Unknown(Unknown::because(why));
    let public = match facts.public.get(id) {
        Some(Reading::Seen(seen)) => &seen.value,
        Some(Reading::Unknown(unknown)) => return Err(Proven::Unknown(unknown.clone())),
        None | Some(Reading::NotRead) => return Err(open(format!("{} was not asked about {}", id.registry, id.name))),
    };
    let proof = match &public.proof {
        Reading::Seen(seen) => &seen.value,
        Reading::Unknown(unknown) => return Err(Proven::Unknown(unknown.clone())),
        Reading::NotRead => return Err(open(format!("no version of {} was looked at", id.name))),
    };
    let version = &proof.version;
    let repository = match &proof.by {
        PublishedBy::Token(_) | PublishedBy::TokenAfterOidc { .. } => {
            return Err(Proven::Not(format!("{} {version}, the newest, was published with a token", id.name)));
        }
        PublishedBy::Elsewhere(provider) => {
            return Err(Proven::Not(format!("{} {version} came by OIDC from {provider}", id.name)));
        }
        PublishedBy::Oidc { repository, .. } => repository,
    };
    if let (Some(repository), Some(slug)) = (repository, &facts.slug)
        && !repository.same_on_github(slug)
    {
        return Err(Proven::Not(format!("{} {version} came by OIDC from {repository}", id.name)));
    }
    match (&public.by_token, proof.published) {
        (Reading::Unknown(unknown), _) => Err(Proven::Unknown(unknown.clone())),
        (Reading::NotRead, _) => Err(open(format!("the versions of {} were not looked at", id.name))),
        (Reading::Seen(seen), published) => match (&seen.value, published) {
            (None, _) => Ok(version.clone()),
            (Some(_), None) => {
                Err(open(format!("{} does not tell when {} {version} was published", id.registry, id.name)))
            }
            (Some(token), Some(published)) if token.published < published => Ok(version.clone()),
            (Some(token), Some(_)) => {
                Err(Proven::Not(format!("{} {} was published with a token after {version}", id.name, token.version)))
            }
        },
    }
}
