//! The doctor's checks, each on a repository of a few lines; a phase is a file.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod browser;
mod local;
mod others;

use super::testing::*;
use super::*;

#[test]
fn a_repository_as_it_should_be_gives_nothing_and_says_what_was_looked_at() {
    let diagnosis = examine(&with_release(CARGO, GOOD));
    assert_eq!(diagnosis.findings().collect::<Vec<_>>(), Vec::<&Found>::new());
    assert_eq!(diagnosis.exit_code(true), 0);
    let scopes: Vec<&str> = diagnosis.phases.iter().map(|phase| phase.scope.as_str()).collect();
    assert_eq!(scopes[0], "looked at 1 workflow file, 1 publishing step and 1 package");
    assert!(scopes[2].starts_with("skipped: no trust_policy"), "{}", scopes[2]);
    assert!(scopes[3].contains("CRATES_IO_DOCTOR_TOKEN is not set"), "{}", scopes[3]);
    let forecast = &diagnosis.phases[1].forecasts[0];
    assert_eq!(forecast.verdict, Verdict::Accepted);
    let register = [("repository", "acme/widgets"), ("workflow", "release.yml"), ("environment", "release")];
    assert_eq!(forecast.register, [register.map(|(name, value)| (name, value.to_owned())).to_vec()]);
}

#[test]
fn nothing_at_all_is_said_to_be_nothing() {
    let diagnosis = examine(&facts(&[]));
    assert_eq!(diagnosis.exit_code(true), 0);
    assert_eq!(diagnosis.phases[0].remarks, ["no package and no publishing step was found here, in 0 workflow files"]);
}

#[test]
fn every_code_has_its_number_once_and_reads_back() {
    let mut numbers: Vec<u16> = Code::ALL.iter().map(|code| code.number()).collect();
    assert!(numbers.is_sorted());
    numbers.dedup();
    assert_eq!(numbers.len(), Code::ALL.len());
    for code in Code::ALL {
        assert_eq!(code.to_string().parse::<Code>().unwrap(), *code);
    }
    assert!("UT999".parse::<Code>().is_err());
}

#[test]
fn warnings_and_what_is_unread_fail_only_where_it_is_strict() {
    let mut diagnosis = examine(&with_release(CARGO, GOOD));
    let mut add = |code: Code| {
        diagnosis.phases[4].findings.push(Found::new(code, "x", "x"));
        (diagnosis.exit_code(false), diagnosis.exit_code(true))
    };
    assert_eq!(add(Code::TwoFilenames), (0, 0));
    assert_eq!(add(Code::RegistryUnread), (0, 3));
    assert_eq!(add(Code::NotPinned), (0, 1));
    assert_eq!(add(Code::NoIdToken), (1, 1));
}
