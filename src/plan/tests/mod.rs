//! The judgement, rung by rung and step by step: facts in, standings and states out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access;
mod browser;
mod check;
mod environment;
mod new_workflow;
mod publishers;
mod ready;
mod repairs;
mod rules;
mod secrets;
mod steps;
mod unread;
mod versions;

use crate::model::Standing;

/// The word of a standing and why, to be read in a failed test.
fn told(standing: &Standing) -> String {
    format!("{}: {}", standing.word(), standing.why())
}

/// That a standing has this word, and that its reason holds these.
#[track_caller]
fn is(standing: &Standing, word: &str, parts: &[&str]) {
    let told = told(standing);
    assert_eq!(standing.word(), word, "{told}");
    for part in parts {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
}
