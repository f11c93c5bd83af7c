//! Commands as a person can type them in the checkout: with their folders, and with the variables that they get.

use super::Row;
use crate::model::{RunIn, ToolCall, shell_word};

/// The folder of untoken's own in which commands run that must see nothing of the checkout.
const PRIVATE: &str = "$PRIVATE";
/// What makes such a folder by hand: at home, for above the system's temporary one anybody may lay settings for cargo and npm.
pub(super) const MAKE_PRIVATE: &str = "PRIVATE=$(mktemp -d \"$HOME/private.XXXXXX\")";

/// `(cd crates/core && NAME=value tool …)`
pub(super) fn typed(row: &Row, call: &ToolCall) -> String {
    // The folder is the repository's to name, and the line is there to be typed.
    let dir = row.package.dir();
    let below = |folder: &str| match dir.is_root() {
        true => folder.to_owned(),
        false => format!("{folder}/{}", shell_word(&dir.to_string())),
    };
    let (go, package) = match call.run_in {
        RunIn::Package if dir.is_root() => (String::new(), "$PWD".to_owned()),
        RunIn::Package => (format!("cd {} && ", shell_word(&dir.to_string())), "$PWD".to_owned()),
        RunIn::Private => (format!("cd {PRIVATE} && "), below("$OLDPWD")),
    };
    let env: String = call.env.iter().map(|(name, value)| format!("{name}={} ", shell_word(value))).collect();
    format!("({go}{env}{})", call.shown_in(&package, PRIVATE))
}

/// Whether a text speaks of the private folder, which then has to be explained.
pub(super) fn names_private(text: &str) -> bool {
    text.contains(PRIVATE)
}

/// A file below the private folder.
pub(super) fn private(path: &str) -> String {
    format!("{PRIVATE}/{path}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use crate::model::{Existence, Registry, RelPath, StepKind};
    use crate::plan::guides;
    use crate::plan::testing::Scene;

    #[test]
    fn a_folder_of_the_repository_is_a_word_of_the_shell_and_never_a_command() {
        let mut scene = Scene::of(Registry::CratesIo, "widgets");
        scene.public().existence = Existence::Absent;
        let mut row = scene.row();
        row.package.manifest = RelPath::new("it's $(touch here)/Cargo.toml").unwrap();
        let real = guides(&scene.facts, &row, StepKind::FirstPublish).remove(0);
        let commands: Vec<String> = real.commands.iter().map(|call| typed(&row, call)).collect();
        let word = r"'it'\''s $(touch here)'";
        assert!(commands[0].starts_with(&format!("(cd {word} && cargo package ")), "{commands:?}");
        assert!(commands[1].contains(&format!("--manifest-path $OLDPWD/{word}/Cargo.toml")), "{commands:?}");

        row.package.manifest = RelPath::new("Cargo.toml").unwrap();
        let at_root: Vec<String> = real.commands.iter().map(|call| typed(&row, call)).collect();
        assert!(
            at_root[0].starts_with("(cargo package ") && at_root[1].contains(" $OLDPWD/Cargo.toml "),
            "{at_root:?}"
        );
    }
}
