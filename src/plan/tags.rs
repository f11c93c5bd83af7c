//! The tags that release a package, for a registry that compares them: what the project says, else what its workflow's filter
//! speaks of.

use super::Facts;
use super::wanted::jobs_of;
use crate::model::{Certainty, Package, Place, PublishJob, Refs, TagPattern, Trigger};
use crate::registry::{self, RunRef};

/// A pattern and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    /// The pattern.
    pub pattern: TagPattern,
    /// Who says so.
    pub from: TagsFrom,
}

/// Who says what the tags are like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagsFrom {
    /// The project, in untoken.toml.
    Declared(Place),
    /// The filter of the publishing workflow, which speaks of one pattern alone.
    Filter(Place),
}

/// The pattern that the registry has to be told; `None`: it compares no tags, or nobody tells.
#[must_use]
pub fn told(facts: &Facts, package: &Package) -> Option<Tags> {
    registry::guides(package.id.registry).rules().run_ref.filter(|rule| rule.value == RunRef::Tag)?;
    let local = facts.local.value()?;
    if let Some((policy, place)) = local.config.policy_for(package)
        && let Some(pattern) = &policy.tag_pattern
    {
        return Some(Tags { pattern: pattern.clone(), from: TagsFrom::Declared(place.clone()) });
    }
    let of_registry = local.packages.iter().filter(|other| other.id.registry == package.id.registry).count();
    // A filter that several packages share cannot tell which of them a tag is for.
    let alone = |job: &&PublishJob| job.packages.as_ref().map_or(of_registry, Vec::len) == 1;
    let sure = jobs_of(local, package).filter(|job| job.certainty > Certainty::CannotTell);
    let mut spoken = sure.filter(alone).flat_map(of_filter);
    let first = spoken.next()?;
    spoken.all(|other| other.pattern == first.pattern).then_some(first)
}

/// What the filters of a job's tag pushes speak of.
fn of_filter(job: &PublishJob) -> Vec<Tags> {
    let pushes = job.triggers.iter().filter(|trigger| pushes_tags(trigger));
    let each = |trigger: &Trigger| match trigger.filter.as_slice() {
        [one] => {
            TagPattern::from_filter(one).map(|pattern| Tags { pattern, from: TagsFrom::Filter(trigger.at.clone()) })
        }
        _ => None,
    };
    pushes.filter_map(each).collect()
}

/// Whether an event is a push of tags that a filter chooses.
pub(super) fn pushes_tags(trigger: &Trigger) -> bool {
    trigger.event == "push" && trigger.refs == Refs::Tags && !trigger.filter.is_empty()
}

/// The filters of the tags on which the package is published, if they take none of this pattern's tags.
#[must_use]
pub(super) fn contradicted(facts: &Facts, package: &Package, pattern: &TagPattern) -> Option<String> {
    refused(jobs_of(facts.local.value()?, package), pattern)
}

/// The filters of the tags on which these jobs run, if none of them takes this pattern's tags.
#[must_use]
pub fn refused<'a>(jobs: impl Iterator<Item = &'a PublishJob>, pattern: &TagPattern) -> Option<String> {
    let filters: Vec<&Trigger> = jobs.flat_map(|job| &job.triggers).filter(|trigger| pushes_tags(trigger)).collect();
    filters.first()?;
    let taken = filters.iter().any(|trigger| pattern.fits_all(&trigger.filter));
    (!taken).then(|| filters.iter().flat_map(|trigger| trigger.filter.clone()).collect::<Vec<_>>().join(" and "))
}
