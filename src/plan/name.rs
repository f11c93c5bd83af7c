//! What a registry says of a name that should make a person stop: it is somebody else's, or too like one that is there.
//!
//! A repository that moved keeps its old name on the registry's pages, so that this asks and never refuses.

use super::Facts;
use crate::model::{Existence, Guide, NameFacts, Package, Reading, RepoSlug, Who};

/// A question or a warning about the name, as a fragment; `None`: nothing that was read speaks against it.
#[must_use]
pub fn name_doubt(facts: &Facts, package: &Package) -> Option<String> {
    let Some(Reading::Seen(seen)) = facts.registries.get(&package.id).map(|read| &read.public) else { return None };
    let (registry, name) = (package.id.registry, &package.id.name);
    let NameFacts { source, like } = &seen.value.name;
    match (&seen.value.existence, source, like) {
        (Existence::Absent, _, Some(like)) => Some(format!(
            "{registry} would refuse the name {name}: {like} is there and counts as the same. Choose another, or take that one if it \
             is yours"
        )),
        (Existence::Exists { .. }, Some(source), _) if !is_ours(facts, package, source) => {
            let ours = facts.slug().map_or("this repository".to_owned(), |slug| slug.to_string());
            Some(format!("its page on {registry} names {source} as the source, and this is {ours}: is {name} yours?"))
        }
        _ => None,
    }
}

/// What would be refused in the manifest, and what speaks against the name, a sentence each: what to know before the name is
/// published for the first time.
#[must_use]
pub fn refused_beforehand(facts: &Facts, package: &Package) -> Vec<String> {
    let lacks = package.lacks.iter().map(|lack| format!("{}: {lack}", package.manifest));
    lacks.chain(name_doubt(facts, package)).collect()
}

/// The files of the repository that redirect or execute tools while a credential is near, in a line: they have to be accepted
/// before the terminal is lent. `None`: there are none, or this way lends none.
#[must_use]
pub fn steered(facts: &Facts, guide: &Guide) -> Option<String> {
    if guide.who != Who::YouInTerminal {
        return None;
    }
    let files = facts.local.value().map(|local| local.redirects.as_slice()).unwrap_or_default();
    let named = files.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    (!named.is_empty()).then(|| format!("files of the repository can redirect or steer the tools: {named}"))
}

/// Whether it is this repository, or the one that the manifest names as well.
fn is_ours(facts: &Facts, package: &Package, source: &RepoSlug) -> bool {
    // Without a remote nothing can be compared.
    facts.slug().is_none_or(|slug| slug.same_on_github(source))
        || package.repository.as_ref().is_some_and(|named| named.same_on_github(source))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::{PackageName, Registry, Rung};
    use crate::plan::testing::Scene;

    fn doubt(change: impl FnOnce(&mut Scene)) -> Option<String> {
        let mut scene = Scene::of(Registry::Npm, "wid-gets");
        change(&mut scene);
        let row = scene.row();
        let doubt = name_doubt(&scene.facts, &row.package);
        if let Some(doubt) = &doubt {
            assert!(scene.rung(Rung::Exists).why().contains(doubt.as_str()));
        }
        doubt
    }

    #[test]
    fn a_page_that_names_another_repository_is_asked_about_and_our_own_in_any_case_is_not() {
        let named = |slug: &str| {
            let source = Some(slug.parse().unwrap());
            doubt(|scene| scene.public().name.source = source)
        };
        assert!(named("other/gadgets").unwrap().ends_with("this is acme/widgets: is wid-gets yours?"));
        assert_eq!(named("Acme/Widgets"), None);
        assert_eq!(doubt(|_| {}), None, "a registry that names nothing says nothing");
    }

    #[test]
    fn a_name_too_like_another_is_told_before_it_is_refused() {
        let like = Some(PackageName::new("widgets").unwrap());
        let told = doubt(|scene| {
            scene.public().existence = Existence::Absent;
            scene.public().name.like = like;
        });
        assert!(told.unwrap().starts_with("npm would refuse the name wid-gets: widgets is there"));
    }
}
