//! The actions that publish: which ones, under which inputs, and how they are pinned.

use crate::model::Pinned;

use super::super::model::Step;
use super::tools::{CARGO, NPM, Options, PYTHON};

/// An action that publishes.
#[derive(Debug)]
pub(super) struct Action {
    /// `owner/name`, lower-case.
    name: &'static str,
    /// What its environment means.
    pub(super) options: &'static Options,
    /// It publishes when this input is there and not empty; `None`: always.
    when: Option<When>,
    /// Inputs that hold a token.
    pub(super) token: &'static [&'static str],
    /// Inputs that name another place.
    pub(super) destination: &'static [&'static str],
    /// Inputs that name a folder or a manifest.
    pub(super) folder: &'static [&'static str],
    /// Inputs that make it a rehearsal when they are `true`.
    dry: &'static [&'static str],
    /// Whether it publishes every package that changed.
    pub(super) all: bool,
}

/// When an action publishes.
#[derive(Debug)]
enum When {
    /// The input is one of these words.
    Is(&'static str, &'static [&'static str]),
    /// The input is none of these words.
    IsNot(&'static str, &'static [&'static str]),
    /// The input is there.
    Given(&'static str),
}

const fn action(name: &'static str, options: &'static Options) -> Action {
    Action { name, options, when: None, token: &[], destination: &[], folder: &[], dry: &[], all: false }
}

/// The actions.
const ACTIONS: &[Action] = &[
    Action {
        token: &["password"],
        destination: &["repository-url", "repository_url"],
        folder: &["packages-dir", "packages_dir"],
        ..action("pypa/gh-action-pypi-publish", &PYTHON)
    },
    Action {
        when: Some(When::Is("command", &["upload", "publish"])),
        folder: &["working-directory"],
        ..action("pyo3/maturin-action", &PYTHON)
    },
    Action {
        token: &["token"],
        destination: &["registry"],
        folder: &["package"],
        dry: &["dry-run"],
        ..action("js-devtools/npm-publish", &NPM)
    },
    Action { when: Some(When::Given("publish")), all: true, ..action("changesets/action", &NPM) },
    Action {
        token: &["registry-token"],
        folder: &["path"],
        dry: &["dry-run"],
        all: true,
        ..action("katyo/publish-crates", &CARGO)
    },
    Action { when: Some(When::IsNot("command", &["release-pr"])), all: true, ..action("release-plz/action", &CARGO) },
    Action {
        when: Some(When::IsNot("command", &["release-pr"])),
        all: true,
        ..action("marcoieni/release-plz-action", &CARGO)
    },
];

/// The action of a step, if it publishes.
pub(super) fn publish(step: &Step) -> Option<&'static Action> {
    let (name, _) = step.action()?;
    let action = ACTIONS.iter().find(|action| action.name == name)?;
    let value = |input: &str| step.input(input).map(|text| text.value.trim().to_ascii_lowercase());
    let publishes = match &action.when {
        None => true,
        Some(When::Is(input, words)) => value(input).is_some_and(|value| words.contains(&value.as_str())),
        Some(When::IsNot(input, words)) => value(input).is_none_or(|value| !words.contains(&value.as_str())),
        Some(When::Given(input)) => value(input).is_some_and(|value| !value.is_empty()),
    };
    let dry = action.dry.iter().any(|input| value(input).as_deref() == Some("true"));
    (publishes && !dry).then_some(action)
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

/// The pin of the first action in these steps that exchanges an OIDC token for this registry.
pub(super) fn exchange(steps: &[Step], options: &Options) -> Option<Pinned> {
    steps
        .iter()
        .filter_map(Step::action)
        .find_map(|(name, reference)| options.exchange.contains(&name.as_str()).then(|| pinned(reference)))
}

/// The registry that a step points the tools at.
pub(super) fn points_at<'s>(step: &'s Step, options: &Options) -> Option<&'s str> {
    let (setup, input) = options.set_up?;
    let (name, _) = step.action()?;
    if name == setup { step.input(input).map(|text| text.value.as_str()) } else { None }
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
