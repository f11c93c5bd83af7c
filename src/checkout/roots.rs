//! Where an ecosystem's packages begin: the checkout's own manifest, or folders near it that look like projects.
//!
//! Fixtures and examples look publishable and are not, so below such folders nothing is taken for a root. A workspace's own
//! list of members is never second-guessed: that is the readers' part.

use crate::model::RelPath;

use super::manifest::Shelf;

/// Words in a folder's name under which nothing is a project of its own.
const NOT_PROJECTS: [&str; 37] = [
    "example",
    "examples",
    "fixture",
    "fixtures",
    "test",
    "tests",
    "testing",
    "testdata",
    "testsuite",
    "e2e",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "vendor",
    "vendored",
    "third_party",
    "thirdparty",
    "template",
    "templates",
    "sample",
    "samples",
    "demo",
    "demos",
    "doc",
    "docs",
    "website",
    "playground",
    "fuzz",
    "node_modules",
    "site",
    "scripts",
    "tools",
    "internal",
    "internals",
    "ci",
    "hack",
];

/// How deep below the checkout a project of its own may lie.
const DEPTH: usize = 2;

/// The folders near the root that hold this manifest, outermost first, none inside another one.
pub(super) fn near(shelf: &Shelf<'_>, manifest: &str) -> Vec<RelPath> {
    outermost(shelf.folders_with(manifest))
}

/// Of these folders those near the root that look like projects, outermost first, none inside another one.
pub(super) fn outermost(mut folders: Vec<RelPath>) -> Vec<RelPath> {
    folders.retain(|folder| !folder.is_root() && depth(folder) <= DEPTH && is_project(folder));
    folders.sort_by_key(depth);
    let mut roots: Vec<RelPath> = Vec::new();
    for folder in folders {
        if !roots.iter().any(|root| inside(root, &folder)) {
            roots.push(folder);
        }
    }
    roots
}

/// Whether `folder` is `root` or lies below it.
pub(super) fn inside(root: &RelPath, folder: &RelPath) -> bool {
    root.is_root()
        || folder.as_str().strip_prefix(root.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn depth(folder: &RelPath) -> usize {
    folder.as_str().split('/').count()
}

/// Whether no part of the folder's path says that it holds something else than a project.
pub(super) fn is_project(folder: &RelPath) -> bool {
    folder.as_str().split('/').all(|part| {
        let lower = part.to_ascii_lowercase();
        let words = lower.split(['-', '_', '.']);
        !part.starts_with('.')
            && !NOT_PROJECTS.contains(&lower.as_str())
            && !words.into_iter().any(|word| matches!(word, "fixture" | "fixtures" | "example" | "examples" | "tests"))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::checkout::InMemory;
    use crate::model::SourceFile;

    #[test]
    fn projects_near_the_root_are_found_and_examples_are_not() {
        let paths = [
            "python/pyproject.toml",
            "python/nested/pyproject.toml",
            "packages/a/pyproject.toml",
            "packages/deep/er/pyproject.toml",
            "examples/x/pyproject.toml",
            "test-fixtures/pyproject.toml",
            "a/tests/pyproject.toml",
            ".hidden/pyproject.toml",
            "dbt-tests-adapter/pyproject.toml",
        ];
        let files = paths.map(|path| SourceFile::new(RelPath::new(path).unwrap(), *b""));
        let source = InMemory::new(files);
        let roots: Vec<String> = near(&Shelf::new(&source), "pyproject.toml").iter().map(ToString::to_string).collect();
        assert_eq!(roots, ["python", "packages/a"]);
    }
}
