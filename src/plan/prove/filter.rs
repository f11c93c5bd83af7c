//! GitHub's filters on tags, as its documentation has them ("Filter pattern cheat sheet"), and a tag that fits one.
//!
//! `*` takes anything but a slash, `**` anything; `?` and `+` count the character before them; `[…]` is one of some
//! characters; a pattern after `!` takes back what one before it let through.

/// Whether a filter lets a ref through. An empty one lets everything through.
pub(super) fn lets(filter: &[String], name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    filter.is_empty()
        || filter.iter().fold(false, |so_far, pattern| match pattern.strip_prefix('!') {
            Some(taken) => so_far && !fits(taken, &name),
            None => so_far || fits(pattern, &name),
        })
}

/// A tag for this version that the filter lets through: what the filter begins with, then the usual forms.
pub(super) fn tag(filter: &[String], package: &str, version: &str) -> Option<String> {
    let short = package.rsplit('/').next().unwrap_or(package);
    let literal = |pattern: &String| pattern.split(['*', '?', '+', '[', '\\']).next().unwrap_or_default().to_owned();
    let begun = filter.iter().filter(|pattern| !pattern.starts_with('!')).map(|pattern| {
        let head = literal(pattern);
        // The digits at its end belong to the version: `v0.*`.
        let head = head.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        format!("{head}{version}")
    });
    let usual = [
        format!("v{version}"),
        version.to_owned(),
        format!("{short}-v{version}"),
        format!("{short}@{version}"),
        format!("{short}/v{version}"),
        format!("{short}-{version}"),
        format!("release-{version}"),
        format!("release/{version}"),
        format!("release/v{version}"),
        format!("{package}@{version}"),
        format!("{package}-v{version}"),
    ];
    begun.filter(|_| !filter.is_empty()).chain(usual).find(|tag| lets(filter, tag) && is_ref(tag))
}

/// Whether git takes it as a tag.
fn is_ref(tag: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    !tag.is_empty()
        && !tag.contains(odd)
        && !tag.contains("..")
        && !tag.starts_with(['-', '/', '.'])
        && !tag.ends_with('.')
}

/// One piece of a pattern, with how often it may come.
#[derive(Debug)]
struct Piece {
    takes: Takes,
    least: usize,
    many: bool,
}

#[derive(Debug)]
enum Takes {
    One(char),
    Any,
    NoSlash,
    Class(Vec<(char, char)>),
}

impl Takes {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::One(own) => *own == c,
            Self::Any => true,
            Self::NoSlash => c != '/',
            Self::Class(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)),
        }
    }
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let mut rest = pattern.chars().peekable();
    let mut found: Vec<Piece> = Vec::new();
    while let Some(c) = rest.next() {
        let once = |takes| Piece { takes, least: 1, many: false };
        match c {
            '*' if rest.peek() == Some(&'*') => {
                rest.next();
                found.push(Piece { takes: Takes::Any, least: 0, many: true });
            }
            '*' => found.push(Piece { takes: Takes::NoSlash, least: 0, many: true }),
            '?' => found.last_mut().into_iter().for_each(|last| last.least = 0),
            '+' => found.last_mut().into_iter().for_each(|last| last.many = true),
            '[' => {
                let inside: Vec<char> = rest.by_ref().take_while(|c| *c != ']').collect();
                found.push(once(Takes::Class(ranges(&inside))));
            }
            '\\' => found.extend(rest.next().map(|c| once(Takes::One(c)))),
            c => found.push(once(Takes::One(c))),
        }
    }
    found
}

fn ranges(inside: &[char]) -> Vec<(char, char)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&from) = inside.get(at) {
        match (inside.get(at + 1), inside.get(at + 2)) {
            (Some('-'), Some(&to)) => {
                found.push((from, to));
                at += 3;
            }
            _ => {
                found.push((from, from));
                at += 1;
            }
        }
    }
    found
}

/// Matches the whole name. The set of places reached so far is kept, so that no pattern takes long.
fn fits(pattern: &str, name: &[char]) -> bool {
    let mut at = vec![false; name.len() + 1];
    at[0] = true;
    for piece in pieces(pattern) {
        let mut next = vec![false; name.len() + 1];
        for start in (0..=name.len()).filter(|start| at[*start]) {
            next[start] |= piece.least == 0;
            let most = if piece.many { name.len() } else { (start + 1).min(name.len()) };
            for end in start + 1..=most {
                if !piece.takes.takes(name[end - 1]) {
                    break;
                }
                next[end] = true;
            }
        }
        at = next;
    }
    at[name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(patterns: &[&str]) -> Vec<String> {
        patterns.iter().map(|pattern| (*pattern).to_owned()).collect()
    }

    #[test]
    fn patterns_take_what_githubs_documentation_says() {
        for (patterns, name, takes) in [
            (&["v*"][..], "v1.0.0", true),
            (&["v*"], "core-v1.0.0", false),
            (&["v*"], "v/1", false),
            (&["**"], "a/b", true),
            (&["v[0-9]+.[0-9]+.[0-9]+"], "v1.20.3", true),
            (&["v[0-9]+.[0-9]+.[0-9]+"], "v1.20.3-rc.1", false),
            (&["v[12].[0-9]+.[0-9]+"], "v3.0.0", false),
            (&["*.*.*"], "1.2.3", true),
            (&["v?1.0"], "1.0", true),
            (&["v*", "!v*-rc*"], "v1.0.0-rc.1", false),
            (&["!v1*"], "v2", false),
            (&["pkg\\*"], "pkg*", true),
            (&[], "anything", true),
        ] {
            assert_eq!(lets(&filter(patterns), name), takes, "{patterns:?} {name}");
        }
    }

    #[test]
    fn a_tag_is_found_for_the_usual_filters() {
        for (patterns, package, version, found) in [
            (&["v*"][..], "widgets", "1.4.1", Some("v1.4.1")),
            (&["v[0-9]+.[0-9]+.[0-9]+*"], "widgets", "1.4.1", Some("v1.4.1")),
            (&["v0.*"], "widgets", "0.4.1", Some("v0.4.1")),
            (&["*.*.*"], "widgets", "1.4.1", Some("1.4.1")),
            (&["*-v*"], "@acme/widgets", "1.4.1", Some("widgets-v1.4.1")),
            (&["@acme/widgets@*"], "@acme/widgets", "1.4.1", Some("@acme/widgets@1.4.1")),
            (&["widgets/v*"], "widgets", "1.4.1", Some("widgets/v1.4.1")),
            (&["release-[0-9]*"], "widgets", "1.4.1", Some("release-1.4.1")),
            (&["v*", "!v*-*"], "widgets", "1.4.1-rc.1", None),
            (&["nightly"], "widgets", "1.4.1", None),
            (&[], "widgets", "1.4.1", Some("v1.4.1")),
        ] {
            assert_eq!(tag(&filter(patterns), package, version).as_deref(), found, "{patterns:?}");
        }
    }

    #[test]
    fn a_pattern_made_to_last_does_not() {
        let hostile = "*a".repeat(2000);
        let name: Vec<char> = "a".repeat(300).chars().collect();
        assert!(!fits(&hostile, &name));
    }
}
