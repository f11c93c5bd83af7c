//! Registered: what the registry's list holds, how old it is, and what a person said of it.

use super::Facts;
use super::ladder::Wanted;
use crate::model::{
    Existence, Package, PublishedBy, PublisherEntry, Reading, Seen, Standing, Timestamp, Trusted, TrustedPublisher,
    Unknown,
};
use crate::registry::{self, Guides, ReadBack, Rules};

/// Whether the registry holds the wanted publisher.
pub(super) fn registered(facts: &Facts, package: &Package, wanted: Wanted<'_>, registry: &dyn Guides) -> Standing {
    let rules = registry.rules();
    let stated = facts.memory.stated.get(&package.id).map(|said| match super::pending::ends_in(facts, &package.id) {
        Some(left) if left <= 0 => Standing::Unknown(ended(rules, said.1)),
        left => unused(facts, package, rules, said.1)
            .map_or_else(|| as_stated(said, wanted, rules, left), Standing::Unknown),
    });
    if !rules.can_read_back() {
        let why = format!("{} shows its publishers only to their owner", rules.registry);
        return stated
            .unwrap_or_else(|| Standing::Unknown(Unknown::because(why).hint("register it on the page, then say so")));
    }
    if let Some(Reading::Seen(public)) = facts.registries.get(&package.id).map(|r| &r.public)
        && public.value.existence == Existence::Absent
        && rules.first_publish.value.must_exist()
    {
        return Standing::No(Seen {
            value: format!("it has to be on {} once before it can be trusted", rules.registry),
            source: public.source.clone(),
            at: public.at,
        });
    }
    match facts.registries.get(&package.id).map(|r| &r.publishers) {
        Some(Reading::Seen(list)) => {
            let read = held(facts, package, wanted, registry, list);
            // What was said after the list was read is newer than the list.
            match stated {
                Some(Standing::Stated { what, at }) if at > list.at && !matches!(read, Standing::Yes(_)) => {
                    Standing::Stated { what, at }
                }
                _ => read,
            }
        }
        Some(Reading::Unknown(unknown)) => stated.unwrap_or_else(|| Standing::Unknown(unknown.clone())),
        None | Some(Reading::NotRead) => stated.unwrap_or_else(|| {
            if facts.existence(&package.id) == Some(&Existence::Absent) && rules.one_pending.is_some() {
                let why = format!("{} shows a pending publisher to the person who saved it alone", rules.registry);
                return Standing::Unknown(Unknown::because(why).hint("save it on the page, then say so"));
            }
            let mut unknown = Unknown::because(format!("{}'s list of publishers has not been read", rules.registry))
                .hint(list_hint(registry));
            if let Some((_, at)) = facts.memory.made.get(&package.id) {
                unknown.why = format!("untoken registered it on {}; the list has not been read since", at.day());
            }
            Standing::Unknown(unknown)
        }),
    }
}

/// How the list comes to be read: with a login, so never by itself.
fn list_hint(registry: &dyn Guides) -> String {
    let board = "press u on the board";
    match registry.ci().doctor_token {
        Some(variable) => format!("{board}, or give `untoken status` a token in {variable}"),
        None => board.to_owned(),
    }
}

/// A person said that the registry trusts this: the wanted publisher, or another?
fn as_stated(
    (publisher, at): &(TrustedPublisher, Timestamp),
    wanted: Wanted<'_>,
    rules: &Rules,
    left: Option<i64>,
) -> Standing {
    let said = format!("you said that {} trusts {}", rules.registry, rules.in_words(publisher));
    match wanted {
        Ok(wanted) if !rules.same(publisher, wanted) => Standing::Unknown(
            Unknown::because(format!("{said}; now {} is wanted", rules.in_words(wanted)))
                .hint("register it on the page, then say so"),
        ),
        Ok(_) | Err(_) => {
            let end = match (left, rules.lapses_after) {
                (Some(left), _) => format!("; the pending publisher ends in {} unless it is used", hours(left)),
                (None, Some(rule)) if rules.read_back.value == ReadBack::Never => {
                    format!("; one that publishes nothing for {} lapses", hours(rule.value))
                }
                (None, _) => String::new(),
            };
            Standing::Stated { what: format!("{said}{end}"), at: *at }
        }
    }
}

/// That a pending publisher which was said to be saved is past its end.
pub(super) fn ended(rules: &Rules, said: Timestamp) -> Unknown {
    let lives = rules.one_pending.map(|rule| format!(" after {}", hours(rule.value.lives))).unwrap_or_default();
    let why =
        format!("you saved a pending publisher on {}, and {} drops those not used{lives}", said.day(), rules.registry);
    Unknown::because(why).hint("look at your publishing page there, and save it again")
}

/// That a publisher nobody can read was said to be saved so long ago that it has lapsed if it published nothing since, and
/// nothing was seen of a release.
fn unused(facts: &Facts, package: &Package, rules: &Rules, said: Timestamp) -> Option<Unknown> {
    let rule = rules.lapses_after.filter(|_| rules.read_back.value == ReadBack::Never)?;
    if said.plus(rule.value).since(facts.now) > 0 || facts.memory.stood_in.contains_key(&package.id) {
        return None;
    }
    let why = format!(
        "you said so on {}; one that publishes nothing for {} lapses, and {} shows nobody whether it did",
        said.day(),
        hours(rule.value),
        rules.registry
    );
    Some(Unknown::because(why).hint("look at its page, enable it again if it lapsed, then say so"))
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
        let others = list.value.iter().map(|entry| in_words(registry, wanted, entry)).collect::<Vec<_>>().join("; ");
        let others = if others.is_empty() { String::new() } else { format!(": {others}") };
        return Standing::No(say(format!("{} lists {count}, none is {wanted}{others}", package.id.registry)));
    };
    let yes = |more: String| Standing::Yes(say(format!("entry {} trusts {}{more}", entry.id, entry.publisher)));
    let Some(rule) = registry.rules().lapses_after.filter(|_| !has_published(facts, package, wanted)) else {
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

/// An entry that is not the wanted one: one of the same repository by what differs, any other as it is.
fn in_words(registry: &dyn Guides, wanted: &TrustedPublisher, entry: &PublisherEntry) -> String {
    if !entry.publisher.repository().same_on_github(&wanted.repository) {
        return entry.publisher.to_string();
    }
    format!("entry {} has {}", entry.id, registry.differs(wanted, entry).join(" and "))
}

/// The entries of the same repository that are not the wanted one, each with what differs: they go on working beside it.
#[must_use]
pub fn drifted(facts: &Facts, package: &Package, wanted: &TrustedPublisher) -> Vec<(PublisherEntry, Vec<String>)> {
    let registry = registry::guides(package.id.registry);
    let list = facts.registries.get(&package.id).and_then(|r| r.publishers.value());
    list.into_iter()
        .flatten()
        .filter(|entry| entry.publisher.repository().same_on_github(&wanted.repository))
        .filter(|entry| !registry.same(wanted, entry))
        .map(|entry| (entry.clone(), registry.differs(wanted, entry)))
        .collect()
}

/// The drifted entries that may go: the wanted one is in the same list and works, and it did not take their place by itself.
/// Only a workflow's entry, for that alone can be made again.
#[must_use]
pub fn superseded(facts: &Facts, package: &Package, wanted: &TrustedPublisher) -> Vec<(PublisherEntry, Vec<String>)> {
    let registry = registry::guides(package.id.registry);
    let list = facts.registries.get(&package.id).and_then(|r| r.publishers.value());
    let held = list.is_some_and(|list| list.iter().any(|entry| registry.same(wanted, entry)));
    let one_alone = registry.rules().max_publishers.is_some_and(|rule| rule.value <= 1);
    if !held || one_alone || !lapsed(facts, package, wanted).is_empty() {
        return Vec::new();
    }
    let mut entries = drifted(facts, package, wanted);
    entries.retain(|(entry, _)| matches!(entry.publisher, Trusted::Workflow(_)));
    entries
}

/// The listed entries that are the wanted one and may have stopped working: they have to be taken away before the same one
/// can be made again.
#[must_use]
pub fn lapsed(facts: &Facts, package: &Package, wanted: &TrustedPublisher) -> Vec<PublisherEntry> {
    let registry = registry::guides(package.id.registry);
    let lives = lapses_in(facts, package, Ok(wanted)).is_some_and(|left| left > 0);
    if registry.rules().lapses_after.is_none() || has_published(facts, package, wanted) || lives {
        return Vec::new();
    }
    let list = facts.registries.get(&package.id).and_then(|r| r.publishers.value());
    list.into_iter().flatten().filter(|entry| registry.same(wanted, entry)).cloned().collect()
}

/// Whether the newest version came by this publisher, as far as it is public: another repository's says nothing of it.
fn has_published(facts: &Facts, package: &Package, wanted: &TrustedPublisher) -> bool {
    let proof = facts.registries.get(&package.id).and_then(|r| r.public.value()).and_then(|p| p.proof.value());
    match proof.map(|proof| &proof.by) {
        Some(PublishedBy::Oidc { repository, .. }) => {
            repository.as_ref().is_none_or(|repository| repository.same_on_github(&wanted.repository))
        }
        Some(PublishedBy::Token(_) | PublishedBy::TokenAfterOidc { .. } | PublishedBy::Elsewhere(_)) | None => false,
    }
}

/// In how many seconds the wanted entry lapses (zero and less: it has); `None` where entries do not lapse, this one has
/// published, or its age is unknown.
pub(super) fn lapses_in(facts: &Facts, package: &Package, wanted: Wanted<'_>) -> Option<i64> {
    let registry = registry::guides(package.id.registry);
    let rule = registry.rules().lapses_after?;
    let wanted = wanted.ok()?;
    if has_published(facts, package, wanted) {
        return None;
    }
    let list = facts.registries.get(&package.id)?.publishers.value()?;
    let entry = list.iter().find(|entry| registry.same(wanted, entry))?;
    let made = facts.memory.made.get(&package.id).filter(|(publisher, _)| publisher == wanted).map(|(_, at)| *at);
    Some(entry.created.or(made)?.plus(rule.value).since(facts.now))
}

/// Seconds as a person says them: `29 days`, `41 h`, `20 min`.
#[must_use]
pub fn hours(seconds: i64) -> String {
    if seconds >= 4 * 24 * 3600 {
        return format!("{} days", seconds / (24 * 3600));
    }
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
