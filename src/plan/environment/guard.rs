//! Who can change the workflow file, and who can make the tag that starts a release: as far as rulesets tell.

use super::refs::covers;
use crate::model::{Collaborator, GuardFacts, Reading, RefKind, RefPattern, Ruleset};
use crate::plan::Facts;

/// How many people are named.
const NAMED: usize = 5;

/// Sentences about who can change what a release through this environment rests on. `file` is the workflow's name, `refs`
/// are what it runs from.
#[must_use]
pub fn who_can_change(facts: &Facts, file: &str, refs: &[RefPattern]) -> Vec<String> {
    let guard = &facts.github.guard;
    if *guard == GuardFacts::default() {
        return vec!["Who can change the workflow or make its tags was not read.".to_owned()];
    }
    let branch = facts.github.repository.value().map_or("the default branch", |r| r.default_branch.as_str());
    let pushers = pushers(&guard.collaborators);
    let mut lines = vec![workflow(guard, file, branch, &pushers)];
    let tags: Vec<&RefPattern> = refs.iter().filter(|pattern| pattern.kind == RefKind::Tag).collect();
    if !tags.is_empty() {
        lines.extend(tags.iter().map(|tag| making(guard, tag, &pushers)));
        lines.push("A tag brings its own workflow file: who can make one decides what runs.".to_owned());
    }
    lines
}

fn workflow(guard: &GuardFacts, file: &str, branch: &str, pushers: &str) -> String {
    match &guard.branch_rules {
        Reading::NotRead => format!("Who can change {file} on {branch} was not read."),
        Reading::Unknown(unknown) => format!("Who can change {file} on {branch} is unknown: {}.", unknown.why),
        Reading::Seen(seen) => {
            let has = |kind: &str| seen.value.iter().any(|rule| rule == kind);
            if has("pull_request") {
                format!("{file} on {branch} changes only by a pull request (a ruleset).")
            } else if has("update") || has("file_path_restriction") {
                format!("Only those whom a ruleset lets pass can change {file} on {branch}.")
            } else {
                format!(
                    "No ruleset asks for a pull request on {branch}: {pushers} can change {file} there. Classic branch \
                     protection is not read."
                )
            }
        }
    }
}

fn making(guard: &GuardFacts, tag: &RefPattern, pushers: &str) -> String {
    match &guard.tag_rulesets {
        Reading::NotRead => format!("Who can make tags {} was not read.", tag.pattern),
        Reading::Unknown(unknown) => format!("Who can make tags {} is unknown: {}.", tag.pattern, unknown.why),
        Reading::Seen(seen) => match seen.value.iter().find(|ruleset| keeps(ruleset, tag)) {
            Some(ruleset) => {
                let who = match ruleset.bypass {
                    Some(0) => "nobody can".to_owned(),
                    Some(n) => format!("only those on its list of {n} can"),
                    None => "only those on its list can, which this account is not shown".to_owned(),
                };
                format!("The ruleset {} restricts tags {}: {who} make one.", ruleset.name, tag.pattern)
            }
            None => {
                format!("No ruleset restricts tags {}: {pushers} can make one, and so start a release.", tag.pattern)
            }
        },
    }
}

/// Whether a ruleset keeps others from making every tag that the pattern stands for.
fn keeps(ruleset: &Ruleset, tag: &RefPattern) -> bool {
    let includes = |include: &String| match include.as_str() {
        "~ALL" => true,
        include => include.strip_prefix("refs/tags/").is_some_and(|rest| {
            rest == "**/*" || covers(&RefPattern { kind: RefKind::Tag, pattern: rest.to_owned() }, tag)
        }),
    };
    ruleset.target == RefKind::Tag
        && ruleset.rules.iter().any(|rule| rule == "creation")
        && ruleset.exclude.is_empty()
        && ruleset.include.iter().any(includes)
}

/// `whoever can push (mona, ada and 3 more)`
fn pushers(reading: &Reading<Vec<Collaborator>>) -> String {
    match reading {
        Reading::Seen(seen) if !seen.value.is_empty() => {
            let names: Vec<&str> = seen.value.iter().take(NAMED).map(|one| one.login.as_str()).collect();
            let more = seen.value.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("whoever can push ({}{more})", names.join(", "))
        }
        Reading::Seen(_) => "whoever can push".to_owned(),
        Reading::NotRead => "whoever can push (who that is was not read)".to_owned(),
        Reading::Unknown(unknown) => format!("whoever can push (who that is is unknown: {})", unknown.why),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::model::{Permission, Unknown};
    use crate::plan::testing::{NOON, Scene};

    fn tag(pattern: &str) -> RefPattern {
        RefPattern { kind: RefKind::Tag, pattern: pattern.to_owned() }
    }

    fn ruleset(include: &str, rule: &str, bypass: Option<usize>) -> Ruleset {
        Ruleset {
            name: "Release tags".to_owned(),
            target: RefKind::Tag,
            include: vec![include.to_owned()],
            exclude: Vec::new(),
            rules: vec![rule.to_owned()],
            bypass,
        }
    }

    fn said(branch: &[&str], tags: Vec<Ruleset>) -> String {
        let mut facts = Scene::bare().on_github().facts;
        let mona = Collaborator { login: "mona".to_owned(), id: 5, permission: Permission::Admin };
        facts.github.guard = GuardFacts {
            collaborators: Reading::seen(vec![mona], "GitHub", NOON),
            branch_rules: Reading::seen(branch.iter().map(|r| (*r).to_owned()).collect(), "GitHub", NOON),
            tag_rulesets: Reading::seen(tags, "GitHub", NOON),
        };
        who_can_change(&facts, "release.yml", &[tag("v*")]).join("\n")
    }

    #[test]
    fn what_no_rule_holds_whoever_pushes_may() {
        let text = said(&[], Vec::new());
        assert!(text.contains("whoever can push (mona) can change release.yml"), "{text}");
        assert!(text.contains("whoever can push (mona) can make one"), "{text}");
        for (tags, kept) in [
            (ruleset("refs/tags/v*", "creation", Some(1)), true),
            (ruleset("~ALL", "creation", None), true),
            (ruleset("refs/tags/w*", "creation", Some(1)), false),
            (ruleset("refs/tags/v*", "deletion", Some(1)), false),
            (Ruleset { exclude: vec!["refs/tags/v1".into()], ..ruleset("~ALL", "creation", Some(1)) }, false),
        ] {
            let text = said(&["pull_request"], vec![tags.clone()]);
            assert!(text.contains("only by a pull request"), "{text}");
            assert_eq!(text.contains("restricts tags v*: only"), kept, "{tags:?}\n{text}");
        }
    }

    #[test]
    fn what_was_not_read_is_not_said_to_be_open() {
        let mut facts = Scene::bare().on_github().facts;
        let said = |facts: &Facts| who_can_change(facts, "release.yml", &[tag("v*")]).join("\n");
        assert!(said(&facts).contains("was not read"));
        let unread = || Unknown::because("the token may not");
        facts.github.guard = GuardFacts {
            collaborators: Reading::Unknown(unread()),
            branch_rules: Reading::Unknown(unread()),
            tag_rulesets: Reading::Unknown(unread()),
        };
        let text = said(&facts);
        assert_eq!(text.matches("is unknown: the token may not").count(), 2, "{text}");
        assert!(!text.contains("can make one, and so") && !text.contains("can change release.yml there"), "{text}");
    }
}
