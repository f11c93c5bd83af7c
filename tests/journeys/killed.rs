//! Killed with no chance to tidy up: the next run reads what is so and does the rest, nothing twice.

use std::time::Duration;

use rustix::process::Signal;
use untoken::sandbox::{Fault, SandboxOptions};

use crate::bench::Bench;
use crate::terminal::ENTER;
use crate::{config, person};

#[test]
fn killed_between_two_crates_the_next_run_registers_the_other_one_alone() {
    // Each answer about publishers takes this long, so that the kill falls into the second crate's.
    let slow = Duration::from_millis(700);
    let bench = Bench::with_options(SandboxOptions { slow, ..SandboxOptions::default() });
    bench.publish_macros_beforehand();
    bench.sandbox.add_fault(Fault::parse("slow@crates.io:/api/v1/trusted_publishing").unwrap());
    let token = bench.sandbox.publisher_token();

    let mut killed = bench.start();
    person::go_without(&mut killed);
    person::to_the_token(&mut killed, person::CORE, true);
    killed.paste(&token).keys(ENTER).wait("widgets-core done: entry");
    killed.signal(Signal::KILL);
    killed.end();
    bench.sandbox.clear_faults();
    let held = |name: &str| bench.sandbox.world().crates_io.publishers_of(name).len();
    assert_eq!((held("widgets-core"), held("widgets-macros")), (1, 0), "killed too early or too late");

    let mut resumed = bench.start();
    person::go_without(&mut resumed);
    person::to_the_token(&mut resumed, person::CORE, true);
    resumed.paste(&token).keys(ENTER);
    resumed.wait_all(&["widgets-core already so", "widgets-macros done: entry"]).keys(ENTER);
    person::board(&mut resumed);
    let receipt = person::finish(&mut resumed);
    assert!(receipt.contains("registered on crates.io already"), "{receipt}");
    assert_eq!((held("widgets-core"), held("widgets-macros")), (1, 1));
}

#[test]
fn killed_in_the_review_the_files_are_whole_and_the_next_run_writes_them() {
    let bench = Bench::new();
    let before = bench.read("putitoutthere.toml");
    let mut killed = bench.start();
    person::go_without(&mut killed);
    killed.keys("w").wait("Nothing is written yet").signal(Signal::KILL);
    killed.end();
    assert_eq!(bench.read("putitoutthere.toml"), before);

    let mut resumed = bench.start();
    person::go_without(&mut resumed);
    person::write_all(&mut resumed);
    person::finish(&mut resumed);
    config::assert_lines_survive(&before, &bench.read("putitoutthere.toml"));
    assert_eq!(config::policies(&bench.read("putitoutthere.toml")), config::expected());
}

#[test]
fn killed_right_after_writing_a_torn_journal_is_no_hindrance() {
    let bench = Bench::new();
    let mut killed = bench.start();
    person::go_without(&mut killed);
    person::write_all(&mut killed);
    killed.signal(Signal::KILL);
    killed.end();
    let written = bench.read("putitoutthere.toml");
    for journal in journals(&bench) {
        let mut bytes = std::fs::read(&journal).unwrap();
        bytes.extend_from_slice(b"{\"torn\":");
        std::fs::write(&journal, bytes).unwrap();
    }

    let mut resumed = bench.start();
    person::go_without(&mut resumed);
    let receipt = person::finish(&mut resumed);
    assert!(receipt.contains("Nothing was changed"), "{receipt}");
    assert!(!receipt.contains("Declare the policy"), "{receipt}");
    assert_eq!(bench.read("putitoutthere.toml"), written);
}

/// The journals that were written, at least one.
fn journals(bench: &Bench) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![bench.state.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "jsonl") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no journal in {}", bench.state.display());
    found
}
