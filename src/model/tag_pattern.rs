//! The pattern of release tags that pub.dev compares, and whether a workflow's tag filter can produce such tags.

use std::fmt;

use super::names::NameError;
use super::text::is_hostile;

/// What stands for the version.
const VERSION: &str = "{{version}}";
/// Versions that stand for all others when a filter is tried.
const TRIED: [&str; 3] = ["1.2.3", "10.20.30", "2.0.0"];

/// A tag with one `{{version}}` in it: `v{{version}}`, `widgets-v{{version}}`.
///
/// By pub.dev's own rule (dart-lang/pub-dev app/lib/package/backend.dart, `verifyTagPattern`, read 2026-08-20): exactly one
/// `{{version}}`, and around it letters, digits and `-._/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagPattern {
    before: String,
    after: String,
}

impl TagPattern {
    /// Reads a pattern.
    pub fn new(text: &str) -> Result<Self, NameError> {
        const WHAT: &str = "tag pattern";
        let form = NameError::Form { what: WHAT, form: "a tag with one {{version}} in it, as v{{version}}" };
        if text.is_empty() {
            return Err(NameError::Empty(WHAT));
        }
        if text.chars().count() > 255 {
            return Err(NameError::TooLong { what: WHAT, max: 255 });
        }
        let (before, after) = text.split_once(VERSION).ok_or(form.clone())?;
        if after.contains(VERSION) {
            return Err(form);
        }
        let odd = |c: char| is_hostile(c) || !(c.is_ascii_alphanumeric() || "-._/".contains(c));
        match before.chars().chain(after.chars()).find(|&c| odd(c)) {
            Some(found) => Err(NameError::Character { what: WHAT, found }),
            None => Ok(Self { before: before.to_owned(), after: after.to_owned() }),
        }
    }

    /// `v{{version}}`: what most projects tag by.
    #[must_use]
    pub fn usual() -> Self {
        Self { before: "v".to_owned(), after: String::new() }
    }

    /// `NAME-v{{version}}`: a tag of one package among several. `None` where the name has characters that no pattern takes.
    #[must_use]
    pub fn of_package(name: &str) -> Option<Self> {
        Self::new(&format!("{name}-v{VERSION}")).ok()
    }

    /// The tag of a version.
    #[must_use]
    pub fn tag(&self, version: &str) -> String {
        format!("{}{version}{}", self.before, self.after)
    }

    /// The one pattern that a workflow's tag filter (GitHub's glob) speaks of: its literal text around one part that can
    /// hold a version. `None` where it speaks of none, or of more than one.
    #[must_use]
    pub fn from_filter(filter: &str) -> Option<Self> {
        let wild = |c: char| matches!(c, '*' | '?' | '+' | '[' | ']');
        if filter.starts_with('!') || filter.contains('\\') {
            return None;
        }
        let start = filter.find(wild)?;
        let last = filter.rfind(wild)?;
        let (before, after) = (&filter[..start], &filter[last + 1..]);
        // Between the first and the last wildcard a version's own dots and dashes may stand, and nothing else literal.
        let inside = without_sets(&filter[start..=last])?;
        if inside.chars().any(|c| !wild(c) && c != '.' && c != '-') {
            return None;
        }
        let after = after.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        let pattern = Self::new(&format!("{before}{VERSION}{after}")).ok()?;
        pattern.fits(filter).then_some(pattern)
    }

    /// Whether a filter takes the tags of this pattern.
    #[must_use]
    pub fn fits(&self, filter: &str) -> bool {
        TRIED.iter().all(|version| glob(filter, &self.tag(version)))
    }

    /// Whether a list of filters takes them: GitHub reads it from above, and `!` takes away again.
    #[must_use]
    pub fn fits_all(&self, filters: &[String]) -> bool {
        let taken = |tag: &str| {
            filters.iter().fold(false, |taken, filter| match filter.strip_prefix('!') {
                Some(out) => taken && !glob(out, tag),
                None => taken || glob(filter, tag),
            })
        };
        TRIED.iter().all(|version| taken(&self.tag(version)))
    }
}

/// A glob without its `[…]`; `None` where one is not closed.
fn without_sets(glob: &str) -> Option<String> {
    let mut rest = glob;
    let mut plain = String::new();
    while let Some((before, set)) = rest.split_once('[') {
        plain.push_str(before);
        rest = set.split_once(']')?.1;
    }
    plain.push_str(rest);
    Some(plain)
}

/// What one piece of a glob takes.
enum Piece {
    One(Vec<(char, char)>),
    Part,
    All,
}

/// How often.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Often {
    Once,
    Optional,
    Many,
}

/// GitHub's filter patterns: `*` within a part, `**` across `/`, `?` and `+` after a character or set (zero or one, one or
/// more), `[…]` a set. (Its docs, "Workflow syntax", filter pattern cheat sheet, read 2026-11-21.)
fn glob(filter: &str, tag: &str) -> bool {
    let tag: Vec<char> = tag.chars().collect();
    matches(&pieces(filter), &tag)
}

fn pieces(filter: &str) -> Vec<(Piece, Often)> {
    let mut pieces: Vec<(Piece, Often)> = Vec::new();
    let mut rest = filter.chars().peekable();
    while let Some(c) = rest.next() {
        let piece = match c {
            '*' if rest.peek() == Some(&'*') => {
                rest.next();
                Piece::All
            }
            '*' => Piece::Part,
            '[' => Piece::One(set(&rest.by_ref().take_while(|c| *c != ']').collect::<Vec<_>>())),
            '?' | '+' => {
                if let Some((Piece::One(_), often)) = pieces.last_mut() {
                    *often = if c == '?' { Often::Optional } else { Often::Many };
                }
                continue;
            }
            '\\' => rest.next().map_or(Piece::One(Vec::new()), |c| Piece::One(vec![(c, c)])),
            c => Piece::One(vec![(c, c)]),
        };
        pieces.push((piece, Often::Once));
    }
    pieces
}

fn set(inside: &[char]) -> Vec<(char, char)> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(&from) = inside.get(at) {
        match (inside.get(at + 1), inside.get(at + 2)) {
            (Some('-'), Some(&to)) => {
                ranges.push((from, to));
                at += 3;
            }
            _ => {
                ranges.push((from, from));
                at += 1;
            }
        }
    }
    ranges
}

/// By the set of places where the pieces so far may end: no piece is tried twice at a place.
fn matches(pieces: &[(Piece, Often)], tag: &[char]) -> bool {
    let mut ends = vec![false; tag.len() + 1];
    ends[0] = true;
    for (piece, often) in pieces {
        let takes = |c: char| match piece {
            Piece::One(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)),
            Piece::Part => c != '/',
            Piece::All => true,
        };
        let wild = !matches!(piece, Piece::One(_));
        let mut next = vec![false; tag.len() + 1];
        for at in 0..=tag.len() {
            let skipped = ends[at] && (wild || *often == Often::Optional);
            let repeats = wild || *often == Often::Many;
            let taken = at > 0 && takes(tag[at - 1]) && (ends[at - 1] || repeats && next[at - 1]);
            next[at] = skipped || taken;
        }
        ends = next;
    }
    ends[tag.len()]
}

impl fmt::Display for TagPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.tag(VERSION))
    }
}

impl std::str::FromStr for TagPattern {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn pattern(text: &str) -> TagPattern {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_has_one_version_and_plain_characters() {
        for good in ["v{{version}}", "{{version}}", "widgets-v{{version}}", "release/{{version}}.final"] {
            assert_eq!(pattern(good).to_string(), good);
        }
        for bad in ["", "v1", "{{version}}{{version}}", "v {{version}}", "v{{version}}*", "{version}", "é{{version}}"]
        {
            assert!(TagPattern::new(bad).is_err(), "{bad}");
        }
        assert_eq!(pattern("w-v{{version}}").tag("1.0.0-beta.1"), "w-v1.0.0-beta.1");
    }

    #[test]
    fn a_filter_speaks_of_one_pattern_or_of_none() {
        for (filter, speaks) in [
            ("v*", Some("v{{version}}")),
            ("v[0-9]+.[0-9]+.[0-9]+*", Some("v{{version}}")),
            ("v[0-9]+.[0-9]+.[0-9]+", Some("v{{version}}")),
            ("widgets-v[0-9]*", Some("widgets-v{{version}}")),
            ("v*.*.*", Some("v{{version}}")),
            ("widgets/v**", Some("widgets/v{{version}}")),
            ("*", Some("{{version}}")),
            // Which package comes before the v?
            ("*-v*", None),
            ("v1.0.0", None),
            ("!v*", None),
            ("release-[a-z]+", None),
        ] {
            assert_eq!(TagPattern::from_filter(filter).map(|p| p.to_string()).as_deref(), speaks, "{filter}");
        }
    }

    #[test]
    fn a_filter_takes_the_tags_of_a_pattern_or_does_not() {
        for (filter, takes) in [
            ("v*", true),
            ("**", true),
            ("v[0-9]+.[0-9]+.[0-9]+", true),
            ("vv?*", true),
            ("vv+*", false),
            ("v?[0-9]*", true),
            ("release-*", false),
            ("[0-9]*", false),
        ] {
            assert_eq!(pattern("v{{version}}").fits(filter), takes, "{filter}");
        }
        assert!(!pattern("pkg/v{{version}}").fits("*"), "a star stops at a slash");
        let filters = |list: &[&str]| list.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>();
        assert!(pattern("v{{version}}").fits_all(&filters(&["x*", "v*"])));
        assert!(!pattern("v{{version}}").fits_all(&filters(&["v*", "!v1*"])));
    }
}
