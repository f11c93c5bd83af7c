//! Packages of kinds that no registry of untoken takes: named, with the reason why there is nothing to set up.
//!
//! Only the list of files is looked at, and of Go's, PHP's and Elixir's manifests the name; projects as [`super::roots`] finds
//! them, and never more than a few of a kind.

use crate::model::{OtherPackage, RelPath, clean_line};

use super::manifest::Shelf;
use super::roots::is_project;

/// How many of one kind are named; a repository may hold hundreds of modules.
const MOST: usize = 5;

/// What a kind of package is known by, and why untoken sets up nothing for it.
struct Kind {
    what: &'static str,
    manifest: Manifest,
    name: fn(&str) -> Option<String>,
    why: &'static str,
}

enum Manifest {
    Named(&'static [&'static str]),
    Ending(&'static str),
}

use Manifest::{Ending, Named};

const FETCHED: &str = "its clients fetch the tag from the repository, so there is no upload and no token";

/// What untoken knows of them, as of November 2026.
const KINDS: [Kind; 11] = [
    Kind {
        what: "Go module",
        manifest: Named(&["go.mod"]),
        name: go,
        why: "the Go proxy fetches the tag from the repository, so there is no upload and no token",
    },
    Kind { what: "Swift package", manifest: Named(&["Package.swift"]), name: none, why: FETCHED },
    Kind {
        what: "PHP package",
        manifest: Named(&["composer.json"]),
        name: php,
        why: "Packagist reads the tags of the repository, so there is no upload and no publish token",
    },
    Kind { what: "GitHub action", manifest: Named(&["action.yml", "action.yaml"]), name: none, why: FETCHED },
    Kind {
        what: "Maven project",
        manifest: Named(&["pom.xml"]),
        name: none,
        why: "untoken knows of no trusted publishing at Maven Central: its token stays a secret to guard",
    },
    Kind {
        what: "Gradle project",
        manifest: Named(&["build.gradle", "build.gradle.kts"]),
        name: none,
        why: "untoken knows of no trusted publishing at Maven Central: its token stays a secret to guard",
    },
    Kind {
        what: "Elixir package",
        manifest: Named(&["mix.exs"]),
        name: elixir,
        why: "untoken knows of no trusted publishing at Hex: its key stays a secret to guard",
    },
    Kind {
        what: "Haskell package",
        manifest: Ending(".cabal"),
        name: none,
        why: "untoken knows of no trusted publishing at Hackage: its token stays a secret to guard",
    },
    Kind {
        what: "Perl distribution",
        manifest: Named(&["dist.ini", "Makefile.PL", "Build.PL"]),
        name: none,
        why: "untoken knows of no trusted publishing at CPAN: its password stays a secret to guard",
    },
    Kind {
        what: "CocoaPod",
        manifest: Ending(".podspec"),
        name: none,
        why: "untoken knows of no trusted publishing at CocoaPods: its token stays a secret to guard",
    },
    Kind {
        what: "container image",
        manifest: Named(&["Dockerfile", "Containerfile"]),
        name: none,
        why: "registries of images are not untoken's: on GitHub's own a job's GITHUB_TOKEN is enough",
    },
];

/// The packages of these kinds, kind by kind, outermost first.
pub(super) fn read(shelf: &mut Shelf<'_>) -> Vec<OtherPackage> {
    let mut found = Vec::new();
    for kind in &KINDS {
        let mut manifests = manifests(shelf, &kind.manifest);
        manifests.sort_by_key(|path| (path.as_str().matches('/').count(), path.clone()));
        // A folder is one project, by however many files it is known.
        manifests.dedup_by_key(|path| path.parent());
        let more = manifests.len().saturating_sub(MOST);
        for manifest in manifests.into_iter().take(MOST) {
            let name = if named(kind) { shelf.text(&manifest).and_then(|text| (kind.name)(&text)) } else { None };
            found.push(OtherPackage { what: kind.what, name, manifest, why: kind.why, more: 0 });
        }
        if let Some(last) = found.last_mut().filter(|_| more > 0) {
            last.more = more;
        }
    }
    found
}

/// Whether the file is read at all.
fn named(kind: &Kind) -> bool {
    matches!(kind.what, "Go module" | "PHP package" | "Elixir package")
}

fn manifests(shelf: &Shelf<'_>, manifest: &Manifest) -> Vec<RelPath> {
    let paths = match manifest {
        Named(names) => names
            .iter()
            .flat_map(|name| shelf.folders_with(name).into_iter().filter_map(|folder| folder.join(name).ok()))
            .collect(),
        Ending(end) => shelf.files_ending(&[end]),
    };
    let project = |path: &RelPath| {
        let folder = path.parent();
        folder.is_root() || is_project(&folder)
    };
    paths.into_iter().filter(project).collect()
}

fn none(_: &str) -> Option<String> {
    None
}

/// `module github.com/acme/widgets`
fn go(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
    shown(line.split("//").next()?.trim().trim_matches('"'))
}

fn php(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    shown(value.get("name")?.as_str()?)
}

/// `app: :widgets`
fn elixir(text: &str) -> Option<String> {
    let rest = text.split_once("app: :")?.1;
    shown(rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?)
}

fn shown(name: &str) -> Option<String> {
    Some(clean_line(name, 200)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::checkout::{InMemory, look};
    use crate::model::SourceFile;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| SourceFile::new(RelPath::new(path).unwrap(), text.as_bytes()));
        look(&InMemory::new(files)).others.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_kind_is_named_with_its_reason() {
        let all = found(&[
            ("go.mod", "// a comment\nmodule github.com/acme/widgets // the module\n\ngo 1.25\n"),
            ("php/composer.json", "{\"name\": \"acme/widgets\"}"),
            ("elixir/mix.exs", "def project do\n  [app: :widgets, version: \"1.0.0\"]\n"),
            ("java/pom.xml", "<project/>"),
            ("hs/widgets.cabal", "name: widgets"),
            ("Dockerfile", "FROM scratch"),
        ]);
        let starts = [
            "Go module github.com/acme/widgets (go.mod): the Go proxy fetches the tag",
            "PHP package acme/widgets (php/composer.json): Packagist",
            "Maven project (java/pom.xml): untoken knows of no trusted publishing",
            "Elixir package widgets (elixir/mix.exs): ",
            "Haskell package (hs/widgets.cabal): ",
            "container image (Dockerfile): ",
        ];
        assert_eq!(all.len(), starts.len(), "{all:#?}");
        for (line, start) in all.iter().zip(starts) {
            assert!(line.starts_with(start), "{line} does not start with {start}");
        }
    }

    #[test]
    fn examples_are_none_many_are_counted_and_hostile_names_are_cleaned() {
        assert_eq!(found(&[("examples/a/go.mod", "module a\n"), ("testdata/go.mod", "module b\n")]), [""; 0]);
        let many: Vec<(String, &str)> =
            (0..9).map(|n| (format!("m{n}/go.mod"), "module \u{1b}[2Jx\u{202e}y\n")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let all = found(&many);
        assert_eq!(all.len(), MOST);
        assert!(all[0].starts_with("Go module [2Jxy (m0/go.mod)"), "{}", all[0]);
        assert!(all[MOST - 1].contains("and 4 more"), "{}", all[MOST - 1]);
    }

    #[test]
    fn a_manifest_that_is_no_text_has_no_name() {
        assert!(found(&[("go.mod", "\0\0"), ("composer.json", "{")])[0].starts_with("Go module (go.mod)"));
    }
}
