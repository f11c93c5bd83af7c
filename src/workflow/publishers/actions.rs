//! The actions that publish: which ones, under which inputs, and how they are pinned.
//!
//! Data and look-ups; what a step's inputs come to is for the caller to say. The inputs are those of the actions' own
//! `action.yml`, read in July to November 2026.

use crate::model::Pinned;

use super::super::model::Step;
use super::families::{CARGO, DART, DOTNET, Family, NPM, PYTHON, RUBY};
use super::tools::Serves;

/// An action that publishes.
#[derive(Debug)]
pub(super) struct Action {
    /// `owner/name`, lower-case.
    name: &'static str,
    /// Where to.
    pub(super) serves: Serves,
    /// When it publishes.
    pub(super) when: When,
    /// Inputs that hold a token.
    pub(super) token: &'static [&'static str],
    /// Inputs that name another place.
    pub(super) destination: &'static [&'static str],
    /// Inputs that name a folder or a manifest.
    pub(super) folder: &'static [&'static str],
    /// Inputs that name a package.
    pub(super) package: &'static [&'static str],
    /// Inputs that make it a rehearsal when they are `true`.
    pub(super) dry: &'static [&'static str],
    /// Whether it publishes every package that changed.
    pub(super) all: bool,
    /// Whether it may as well do something else by the project's own configuration.
    pub(super) configured: bool,
}

/// When an action publishes.
#[derive(Debug)]
pub(super) enum When {
    /// Whenever it runs.
    Always,
    /// The input is one of these words.
    Is(&'static str, &'static [&'static str]),
    /// The input is none of these words.
    IsNot(&'static str, &'static [&'static str]),
    /// One of these inputs is there: a command that is asked for itself.
    Runs(&'static [&'static str]),
}

const fn action(name: &'static str, family: &'static Family) -> Action {
    Action {
        name,
        serves: Serves::Family(family),
        when: When::Always,
        token: &[],
        destination: &[],
        folder: &[],
        package: &[],
        dry: &[],
        all: false,
        configured: false,
    }
}

const RELEASE_PLZ: Action =
    Action { when: When::IsNot("command", &["release-pr"]), all: true, ..action("release-plz/action", &CARGO) };
const MATURIN: Action = Action {
    when: When::Is("command", &["upload", "publish"]),
    folder: &["working-directory"],
    ..action("pyo3/maturin-action", &PYTHON)
};
const SEMANTIC: Action = Action {
    dry: &["dry_run", "dry-run"],
    folder: &["working_directory", "working-directory"],
    configured: true,
    ..action("cycjimmy/semantic-release-action", &NPM)
};
const CHANGESETS: Action =
    Action { when: When::Runs(&["publish", "publish-script"]), all: true, ..action("changesets/action", &NPM) };
const NUGET: Action = Action {
    token: &["nuget_key", "key"],
    destination: &["nuget_source", "source"],
    folder: &["project_file_path"],
    ..action("brandedoutcast/publish-nuget", &DOTNET)
};

/// The actions.
const ACTIONS: &[Action] = &[
    Action {
        token: &["password"],
        destination: &["repository-url", "repository_url"],
        folder: &["packages-dir", "packages_dir"],
        ..action("pypa/gh-action-pypi-publish", &PYTHON)
    },
    MATURIN,
    Action { name: "messense/maturin-action", ..MATURIN },
    Action { token: &["pypi_password", "pypi_token"], ..action("code-specialist/pypi-poetry-publish", &PYTHON) },
    Action { token: &["pypi_token"], destination: &["repository_url"], ..action("jrubics/poetry-publish", &PYTHON) },
    Action { token: &["password"], destination: &["repository_url"], ..action("casperdcl/deploy-pypi", &PYTHON) },
    Action { token: &["pypi-token"], ..action("etils-actions/pypi-auto-publish", &PYTHON) },
    Action {
        token: &["token"],
        destination: &["registry"],
        folder: &["package"],
        dry: &["dry-run"],
        ..action("js-devtools/npm-publish", &NPM)
    },
    CHANGESETS,
    Action { name: "dotansimha/changesets-action", ..CHANGESETS },
    // Its second version has a part for each step; the others of them publish nothing.
    Action { when: When::Always, name: "changesets/action/publish", ..CHANGESETS },
    Action {
        serves: Serves::Switched(&[(&NPM, &["NODE_AUTH_TOKEN", "NPM_TOKEN"]), (&CARGO, &["CARGO_REGISTRY_TOKEN"])]),
        when: When::Is("command", &["publish", "version-or-publish"]),
        all: true,
        configured: true,
        ..action("jbolda/covector/packages/action", &NPM)
    },
    action("pascalgn/npm-publish-action", &NPM),
    action("mikeal/merge-release", &NPM),
    Action { token: &["npm-auth-token"], ..action("simenandre/publish-with-pnpm", &NPM) },
    SEMANTIC,
    Action { name: "codfish/semantic-release-action", ..SEMANTIC },
    Action { name: "ridedott/release-me-action", ..SEMANTIC },
    Action {
        token: &["registry-token"],
        folder: &["path"],
        dry: &["dry-run"],
        all: true,
        ..action("katyo/publish-crates", &CARGO)
    },
    RELEASE_PLZ,
    Action { name: "marcoieni/release-plz-action", ..RELEASE_PLZ },
    action("rubygems/release-gem", &RUBY),
    Action { token: &["api_key"], ..action("dawidd6/action-publish-gem", &RUBY) },
    Action { token: &["gem_host_api_key"], ..action("cadwallion/publish-rubygems-action", &RUBY) },
    Action { token: &["gem_host_api_key"], ..action("discourse/publish-rubygems-action", &RUBY) },
    Action {
        token: &["accesstoken", "credentialjson"],
        folder: &["relativepath"],
        dry: &["dryrunonly"],
        ..action("k-paxian/dart-package-publisher", &DART)
    },
    Action {
        token: &["credential"],
        folder: &["package_directory"],
        dry: &["dry_run"],
        ..action("sakebook/actions-flutter-pub-publisher", &DART)
    },
    Action {
        when: When::Is("publish", &["true"]),
        dry: &["publish-dry-run"],
        all: true,
        ..action("bluefireteam/melos-action", &DART)
    },
    NUGET,
    Action { name: "alirezanet/publish-nuget", ..NUGET },
    Action { name: "rohith/publish-nuget", ..NUGET },
    Action {
        serves: Serves::Listed("putitoutthere.toml", &[&CARGO, &NPM]),
        when: When::Is("command", &["publish"]),
        all: true,
        ..action("thekevinscott/putitoutthere", &NPM)
    },
];

/// The action of a step, if it is one that publishes under the right inputs.
pub(super) fn known(step: &Step) -> Option<&'static Action> {
    let (name, _) = step.action()?;
    ACTIONS.iter().find(|action| action.name == name)
}

/// How an action's ref is pinned.
pub(super) fn pinned(reference: &str) -> Pinned {
    let hex = reference.len() >= 40 && reference.chars().all(|c| c.is_ascii_hexdigit());
    let number = reference.strip_prefix('v').unwrap_or(reference);
    // Also `release-plz-v0.5` and `cli@1.2.3`: a tag's version is its last part. A slash is a branch's (`release/v1`).
    let last = reference.rsplit(['@', '-']).next().unwrap_or(reference);
    let version = |text: &str| text.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    if hex {
        Pinned::Sha
    } else if !reference.contains('/') && (version(number) || (last.contains('.') && version(last))) {
        Pinned::Tag
    } else {
        Pinned::Branch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pins_are_told_apart() {
        for (reference, pin) in [
            ("c6f97d42243bad5fab37ca0427f495c86d5b1a18", Pinned::Sha),
            ("v1", Pinned::Tag),
            ("v1.4.2", Pinned::Tag),
            ("1.2", Pinned::Tag),
            ("cli@2.0.0", Pinned::Tag),
            ("release/v1", Pinned::Branch),
            ("main", Pinned::Branch),
            ("stable", Pinned::Branch),
            ("", Pinned::Branch),
        ] {
            assert_eq!(pinned(reference), pin, "{reference}");
        }
    }
}
