//! Which tools this machine has, and what a run leaves out where one is missing.

use std::process::Command;
use std::sync::LazyLock;

use semver::Version;

use crate::common;

static GIT: LazyLock<bool> = LazyLock::new(|| answers("git"));
static CARGO: LazyLock<bool> = LazyLock::new(|| answers("cargo"));
static NPM: LazyLock<bool> = LazyLock::new(|| {
    let output = Command::new("npm").arg("--version").output().ok();
    let version = output.and_then(|output| Version::parse(String::from_utf8(output.stdout).ok()?.trim()).ok());
    version.is_some_and(|version| version >= Version::new(11, 15, 0))
});

fn answers(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Whether git is here; else says what is left out.
pub(crate) fn git(what: &str) -> bool {
    *GIT || left_out(what, "git is missing")
}

/// Whether cargo is here; else says what is left out.
pub(crate) fn cargo(what: &str) -> bool {
    *CARGO || left_out(what, "cargo is missing")
}

/// Whether an npm that knows `npm trust github` is here; else says what is left out.
pub(crate) fn npm(what: &str) -> bool {
    *NPM || left_out(what, "npm is missing or older than 11.15")
}

fn left_out(what: &str, why: &str) -> bool {
    common::left_out(what, why);
    false
}
