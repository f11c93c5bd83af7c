//! What the commands of a way need of the person's own tools and do not find: told beforehand, where a way is chosen.

use super::Facts;
use crate::model::{Guide, ToolFound, Unmet, Way, Who};

/// What keeps a way from being taken on this machine, each once; empty: nothing, as far as was looked.
#[must_use]
pub fn unmet(facts: &Facts, guide: &Guide) -> Vec<Unmet> {
    // On a page commands stand for those who would rather type them, and a tool that untoken does not run was not looked for.
    if guide.way != Way::Tool || guide.who == Who::YouElsewhere {
        return Vec::new();
    }
    let mut all = Vec::new();
    for call in &guide.commands {
        let missing = facts.tools.get(call.tool) == Some(&ToolFound::Missing);
        let missing = missing.then_some(Unmet::Missing(call.tool));
        for one in missing.into_iter().chain(call.needs.iter().filter_map(|need| need.unmet(&facts.tools))) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

/// The same as a fragment for a list: `not here: …`.
pub(super) fn told(unmet: &Unmet) -> String {
    let mark = if unmet.is_sure() { "not here" } else { "unknown" };
    format!("{mark}: {unmet} ({})", unmet.hint())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use semver::Version;

    use super::*;
    use crate::model::{Existence, Registry, StepKind, ToolsFound};
    use crate::plan::testing::Scene;
    use crate::plan::{first_ways, guides};

    fn here(npm: ToolFound, node: ToolFound) -> ToolsFound {
        [("cargo", ToolFound::Missing), ("npm", npm), ("node", node)].into()
    }

    fn version(major: u64, minor: u64) -> ToolFound {
        ToolFound::Version(Version::new(major, minor, 0))
    }

    /// What each way to publish a new npm package lacks.
    fn ways(found: ToolsFound) -> Vec<Vec<String>> {
        let mut scene = Scene::of(Registry::Npm, "widgets");
        scene.public().existence = Existence::Absent;
        scene.facts.tools = found;
        let ways = first_ways(&scene.facts, &scene.row());
        ways.iter().map(|way| unmet(&scene.facts, &way.guide).iter().map(told).collect()).collect()
    }

    #[test]
    fn staging_alone_wants_a_newer_npm_and_node_and_what_was_not_looked_for_is_not_missed() {
        let none = Vec::<String>::new();
        assert_eq!(ways(ToolsFound::new()), [none.clone(), none.clone(), none.clone()]);
        assert_eq!(ways(here(version(11, 15), version(22, 14))), [none.clone(), none.clone(), none.clone()]);
        let old = ways(here(version(10, 9), version(20, 20)));
        assert_eq!((&old[0], &old[2]), (&none, &none));
        assert_eq!(old[1].len(), 2, "each once, though two commands run npm");
        assert!(
            old[1][0].starts_with("not here: `npm stage` needs npm 11.15.0 or newer, and yours is 10.9.0 (npm install")
        );
        assert!(old[1][1].contains("needs node 22.14.0 or newer, and yours is 20.20.0"));
        let silent = ways(here(version(11, 15), ToolFound::Silent));
        assert!(silent[1][0].starts_with("unknown: `npm stage` needs node"), "{silent:?}");
        for way in ways(here(ToolFound::Missing, ToolFound::Missing)) {
            assert!(way[0].starts_with("not here: npm is not on PATH"), "{way:?}");
        }
    }

    #[test]
    fn a_page_needs_no_tool_and_npm_trust_does() {
        let mut scene = Scene::of(Registry::Npm, "widgets");
        scene.facts.tools = here(version(11, 14), version(20, 20));
        let ways = guides(&scene.facts, &scene.row(), StepKind::Register);
        let lacks: Vec<Vec<Unmet>> = ways.iter().map(|guide| unmet(&scene.facts, guide)).collect();
        assert!(lacks[0][0].to_string().starts_with("`npm trust` needs npm 11.15.0"), "{lacks:?}");
        assert!(lacks[1].is_empty());
    }
}
