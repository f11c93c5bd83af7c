//! What several test programs share.

use std::io::Write as _;

/// Says that something was left out on this machine, and why. It goes past the test harness, which swallows what a passing
/// test prints; `.ci/run` collects these lines.
pub(crate) fn left_out(what: &str, why: &str) {
    // In one piece, for other tests print at the same time.
    let _ = std::io::stderr().write_all(format!("left out: {what}: {why}\n").as_bytes());
}
