//! Which tags and branches a publishing job runs from, as patterns for an environment.
//!
//! A workflow's filter and an environment's pattern are written in different languages: what both mean alike is taken over,
//! the rest is widened to what is literal before it. The workflow's own filter still holds.

use crate::model::{PublishJob, RefKind, RefPattern, Refs};

/// What an environment should let through.
pub(super) struct Proposal {
    pub(super) refs: Vec<RefPattern>,
    /// What to know of it, a fragment each.
    pub(super) notes: Vec<String>,
}

/// The refs from which these jobs run. `branch` is the default branch, if it is known.
pub(super) fn proposal(jobs: &[&PublishJob], branch: Option<&str>) -> Proposal {
    let mut refs: Vec<RefPattern> = Vec::new();
    let mut notes = Vec::new();
    let mut add = |kind, pattern: String| {
        let found = RefPattern { kind, pattern };
        if !refs.contains(&found) {
            refs.push(found);
        }
    };
    let triggers: Vec<_> = jobs.iter().flat_map(|job| &job.triggers).collect();
    for trigger in &triggers {
        let kind = match trigger.refs {
            Refs::Tags => RefKind::Tag,
            Refs::Branches => RefKind::Branch,
            Refs::Either => continue,
        };
        let filter: Vec<&String> = trigger.filter.iter().filter(|pattern| !pattern.starts_with('!')).collect();
        match (kind, filter.is_empty(), branch) {
            (RefKind::Tag, true, _) => add(kind, "*".to_owned()),
            (RefKind::Branch, true, Some(branch)) => add(kind, escaped(branch)),
            (RefKind::Branch, true, None) => {}
            (_, false, _) => {
                for written in filter {
                    let (pattern, same) = translated(written);
                    if !same {
                        notes.push(format!("the filter {written} is wider as a rule of an environment: {pattern}"));
                    }
                    add(kind, pattern);
                }
            }
        }
    }
    let by_hand = triggers.iter().filter(|trigger| trigger.refs == Refs::Either);
    let by_hand: Vec<&str> = by_hand.map(|trigger| trigger.event.as_str()).collect();
    if let Some(event) = by_hand.first() {
        if refs.is_empty() {
            refs.extend(branch.map(|branch| RefPattern { kind: RefKind::Branch, pattern: escaped(branch) }));
        } else {
            let shown: Vec<String> = refs.iter().map(ToString::to_string).collect();
            notes.push(format!("a run by {event} gets through only from {}", shown.join(", ")));
        }
    }
    if refs.is_empty() {
        notes.push("from which refs it runs is not known, so no rule is proposed".to_owned());
    }
    notes.sort();
    notes.dedup();
    Proposal { refs, notes }
}

/// A workflow's filter as an environment's pattern, and whether it means the same.
fn translated(filter: &str) -> (String, bool) {
    let plain = |c: char| c.is_alphanumeric() || "._-/".contains(c);
    let alike = !filter.contains("**") && filter.chars().all(|c| plain(c) || c == '*');
    if alike {
        return (filter.to_owned(), true);
    }
    // The last literal before a sign may belong to it: `v+` and `v?` may be without any `v`.
    let mut literal: String = filter.chars().take_while(|&c| plain(c)).collect();
    if matches!(filter[literal.len()..].chars().next(), Some('?' | '+')) {
        literal.pop();
    }
    (format!("{literal}*"), false)
}

/// A branch's name in which nothing is a sign.
fn escaped(branch: &str) -> String {
    branch.chars().flat_map(|c| "*?[]{}\\".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Whether a rule lets through whatever a wished pattern stands for. `*` does not cross a slash; signs that are not
/// understood cover nothing.
pub(super) fn covers(rule: &RefPattern, wished: &RefPattern) -> bool {
    rule.kind == wished.kind
        && (rule.pattern == wished.pattern || fits(rule.pattern.as_bytes(), wished.pattern.as_bytes()))
}

/// Matches from left to right, remembering where the last star may take one more.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == text[t] && *c != b'*' => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, taken)) if text[taken] != b'/' => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    t = taken + 1;
                }
                _ => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_taken_over_or_widened() {
        for (filter, pattern, same) in [
            ("v*", "v*", true),
            ("releases/v1.2", "releases/v1.2", true),
            ("v[0-9]+.[0-9]+.[0-9]+", "v*", false),
            ("**", "*", false),
            ("pkg/**", "pkg/*", false),
            ("v?1", "*", false),
            ("wé+", "w*", false),
        ] {
            assert_eq!(translated(filter), (pattern.to_owned(), same), "{filter}");
        }
    }

    #[test]
    fn a_star_stops_at_a_slash() {
        let tag = |pattern: &str| RefPattern { kind: RefKind::Tag, pattern: pattern.to_owned() };
        for (rule, wished, covered) in [
            ("*", "v*", true),
            ("v*", "v*", true),
            ("v*", "*", false),
            ("*", "pkg/v1", false),
            ("*/v*", "pkg/v1", true),
            ("v*.0", "v1.0", true),
            ("[v]*", "v1", false),
        ] {
            assert_eq!(covers(&tag(rule), &tag(wished)), covered, "{rule} {wished}");
        }
        let branch = RefPattern { kind: RefKind::Branch, pattern: "*".to_owned() };
        assert!(!covers(&branch, &tag("v1")));
    }
}
