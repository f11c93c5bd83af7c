//! Generated documents: whatever a person may have written, declaring harms no line of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use proptest::sample::select;

use super::tests::{KINDS, file, package, policy};
use super::*;

const WORDS: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

/// A line that may stand anywhere.
fn filler() -> BoxedStrategy<String> {
    prop_oneof![
        4 => Just(String::new()),
        1 => Just("\n".to_owned()),
        1 => Just("  \t\n".to_owned()),
        2 => "#[ a-zä\\[\\]=\"]{0,12}\n",
        1 => "\n# [package.trust_policy]\n",
    ]
    .boxed()
}

fn tail() -> impl Strategy<Value = &'static str> {
    select(&["", " ", "\t# why", "   # \"quoted\" [x]"][..])
}

fn assignment(key: &'static str, value: String) -> BoxedStrategy<String> {
    let equals = select(&["=", " = ", "   =\t"][..]);
    (filler(), select(&["", "  ", "\t"][..]), equals, tail())
        .prop_map(move |(filler, indent, equals, tail)| format!("{filler}{indent}{key}{equals}{value}{tail}\n"))
        .boxed()
}

/// A policy that stands there already, in every form that TOML has for it.
fn present() -> BoxedStrategy<String> {
    let value = select(&["'old.yml'", "\"\"\"\nold.yml\"\"\"", "\"release.yml\"", "7", "\"a/b.yml\""][..]);
    let environment = select(&["", "\"old\"", "'release'"][..]);
    let repository = select(&["", "\"acme/old\""][..]);
    (value, environment, repository, 0..6usize, tail(), filler())
        .prop_map(|(w, e, r, form, tail, filler)| {
            let pairs = [("workflow", w), ("environment", e), ("repository", r)];
            let pairs: Vec<_> = pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
            let join = |before: &str, after: &str| {
                pairs.iter().map(|(k, v)| format!("{before}{k} = {v}{after}")).collect::<Vec<_>>()
            };
            match form {
                0 => join("trust_policy.", &format!("{tail}\n{filler}")).concat(),
                1 => join("  trust_policy . ", &format!("{tail}\n")).concat(),
                2 => format!("trust_policy = {{ {} }}{tail}\n", join("", "").join(", ")),
                3 => format!("[package.trust_policy]{tail}\n{filler}{}", join("", &format!("{tail}\n")).concat()),
                4 => format!("[ package . \"trust_policy\" ]\n{}", join("\t", "\n").concat()),
                _ => "[package.trust_policy]\n".to_owned(),
            }
        })
        .boxed()
}

fn sub_tables() -> BoxedStrategy<String> {
    select(
        &[
            "",
            "[package.meta]\nx = [\n  1, # one\n]\n",
            "[[package.list]]\na = 1\n\n[[package.list]]\na.b = { c = 2 }\n",
        ][..],
    )
    .prop_map(str::to_owned)
    .boxed()
}

/// One `[[package]]` with all that may be in it.
fn one_package(name: &'static str) -> BoxedStrategy<String> {
    let head = (filler(), select(&["[[package]]", "  [[package]]", "[[ package ]]  # p"][..]));
    let path = prop_oneof![Just(String::new()), assignment("path", format!("\"{name}\""))];
    let globs = assignment("paths", "[\n  \"**\", # all\n]".to_owned());
    let keys = (assignment("name", format!("\"{name}\"")), assignment("kind", "'crates'".to_owned()), path, globs);
    (head, keys, prop::option::of(present()), sub_tables(), filler())
        .prop_map(|((filler, header), (name, kind, path, globs), present, subs, end)| {
            let present = present.unwrap_or_default();
            let (own, below) =
                if present.starts_with('[') { (String::new(), present) } else { (present, String::new()) };
            format!("{filler}{header}\n{name}{kind}{own}{path}{globs}{subs}{below}{end}")
        })
        .boxed()
}

/// A whole file: LF, CRLF or both, with or without BOM and newline at the end.
fn document() -> BoxedStrategy<String> {
    let packages = WORDS.map(|word| prop::option::weighted(0.7, one_package(word)));
    let between = select(&["", "[other]\nx = 1\n", "[package.late]\nx = 2\n"][..]);
    let ends = prop_oneof![Just(vec![false]), Just(vec![true]), prop::collection::vec(any::<bool>(), 3..9)];
    (packages, between, ends, any::<bool>(), any::<bool>(), filler())
        .prop_map(|(packages, between, ends, bom, newline, last)| {
            let mut text: String = packages.into_iter().flatten().collect();
            // A sub-table before any package would make `package` a table.
            if text.contains("package") && text.contains("[[") || !between.contains("package") {
                text.push_str(between);
            }
            text.push_str(&last);
            let mut ends = ends.into_iter().cycle();
            let mut text = text.split_inclusive('\n').fold(String::new(), |all, line| {
                let crlf = ends.next().unwrap_or_default();
                all + &if crlf { line.replace('\n', "\r\n") } else { line.to_owned() }
            });
            if !newline {
                text.truncate(text.trim_end_matches(['\n', '\r']).len());
            }
            if bom { format!("\u{feff}{text}") } else { text }
        })
        .boxed()
}

fn wanted_policy() -> BoxedStrategy<TrustPolicy> {
    let environment = select(&[None, Some("release"), Some("it's \"prod\"")][..]);
    let repository = select(&[None, Some("acme/widgets")][..]);
    (environment, repository).prop_map(|(e, r)| policy("release.yml", e, r)).boxed()
}

/// Lines as they stand, each with its own end. Those which hold a policy may change.
fn unharmed(before: &str, after: &str) -> Result<(), TestCaseError> {
    let [before, after] = [before, after].map(|text| text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut rest = after.split_inclusive('\n');
    let in_policy = |line: &str| {
        let line = line.trim_start();
        ["workflow", "environment", "repository", "trust_policy", "old.yml\"\"\""].iter().any(|k| line.starts_with(k))
    };
    for line in before.split_inclusive('\n').filter(|line| !in_policy(line)) {
        let kept = rest.any(|new| {
            new == line
                || (!line.ends_with('\n') && new.strip_suffix('\n').map(|n| n.trim_end_matches('\r')) == Some(line))
        });
        prop_assert!(kept, "lost {line:?}\n--- before\n{before}\n--- after\n{after}");
    }
    Ok(())
}

fn declare_all(text: &str, path: &str, packages: &[Package], policy: &TrustPolicy) -> Declaration {
    let wanted: Vec<_> =
        packages.iter().map(|package| Wanted { package, kind: "crates", policy: policy.clone() }).collect();
    declare(&[file(path, text)], None, &wanted)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_line_is_harmed_and_the_policy_is_there(
        text in document(),
        path in select(&["untoken.toml", "putitoutthere.toml"][..]),
        policy in wanted_policy(),
    ) {
        prop_assume!(text.trim_start_matches('\u{feff}').parse::<toml_edit::DocumentMut>().is_ok());
        let packages: Vec<_> = WORDS.map(|w| package("crates", w, &format!("{w}/Cargo.toml"))).into();
        let declaration = declare_all(&text, path, &packages, &policy);
        // Refusing is right only where a comment would be lost with an environment.
        for refused in &declaration.refused {
            prop_assert!(refused.why.contains("a comment with it") && policy.environment.is_none(), "{refused:?}\n{text}");
        }
        let refused: Vec<_> = declaration.refused.iter().flat_map(|r| r.packages.clone()).collect();
        let mut files = vec![file(path, &text)];
        for change in &declaration.changes {
            let after = String::from_utf8(change.after.to_vec()).unwrap();
            if change.path == files[0].path {
                unharmed(&text, &after)?;
                prop_assert_eq!(text.starts_with('\u{feff}'), after.starts_with('\u{feff}'));
                files[0] = file(path, &after);
            } else {
                prop_assert_eq!((change.path.as_str(), &change.before), ("untoken.toml", &None));
                files.push(file("untoken.toml", &after));
            }
        }
        let reading = read(&files, &KINDS);
        let again: Vec<_> = packages.iter().filter(|p| !refused.contains(&p.id)).collect();
        for package in &again {
            let (is, _) = reading.policy_for(package).unwrap();
            prop_assert_eq!((&is.workflow, &is.environment), (&policy.workflow, &policy.environment));
            prop_assert!(policy.repository.is_none() || is.repository == policy.repository);
        }
        let wanted: Vec<_> = again.iter().map(|package| Wanted { package, kind: "crates", policy: policy.clone() }).collect();
        let second = declare(&files, None, &wanted);
        prop_assert_eq!((second.changes, second.refused.len(), second.already.len()), (vec![], 0, again.len()));
    }

    /// Anything at all: no panic, and whatever comes out reads back.
    #[test]
    fn noise_is_survived(text in "([\\[\\]{}=\",.#\r\n '\u{feff}]|package|name|kind|trust_policy|workflow|core|crates){0,60}") {
        let core = package("crates", "core", "crates/core/Cargo.toml");
        let policy = policy("release.yml", None, None);
        for change in declare_all(&text, "untoken.toml", std::slice::from_ref(&core), &policy).changes {
            let after = String::from_utf8(change.after.to_vec()).unwrap();
            unharmed(&text, &after)?;
            let reading = read(&[file("untoken.toml", &after)], &KINDS);
            prop_assert_eq!(&reading.policy_for(&core).unwrap().0, &policy);
        }
    }
}
