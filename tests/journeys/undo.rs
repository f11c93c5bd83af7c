//! Taking back: what a sitting did is listed, and gone from registry and files when it is picked; what changed since stays.

use std::io::Write as _;
use std::process::{Output, Stdio};

use crate::bench::Bench;
use crate::person;
use crate::terminal::ENTER;

const CONFIG: &str = "putitoutthere.toml";
const RELEASE: &str = ".github/workflows/release.yml";

/// Registers widgets-core, repairs its job, writes the policies, and leaves.
fn sitting(bench: &Bench) {
    let mut terminal = bench.start();
    person::sign_in(&mut terminal, bench);
    person::register_crates(&mut terminal, person::CORE, false, &bench.sandbox.publisher_token());
    person::open(&mut terminal, person::CORE, &["REVIEW", "release.yml", "Nothing is written yet"]);
    terminal.keys("w").wait("wrote .github/workflows/release.yml");
    person::board(&mut terminal);
    person::write_all(&mut terminal);
    person::finish(&mut terminal);
}

/// `untoken undo` without a terminal, with these lines to read.
pub(crate) fn undo(bench: &Bench, arguments: &[&str], typed: &str) -> Output {
    let mut all = vec!["undo"];
    all.extend(arguments);
    let mut command = bench.command(&all);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn registered(bench: &Bench) -> usize {
    bench.sandbox.world().crates_io.publishers_of("widgets-core").len()
}

#[test]
fn everything_is_taken_back_and_nothing_is_left_to_take_back() {
    let bench = Bench::new();
    let before = [bench.read(CONFIG), bench.read(RELEASE)];
    let token = bench.sandbox.publisher_token();
    sitting(&bench);
    assert_ne!([bench.read(CONFIG), bench.read(RELEASE)], before);
    assert_eq!(registered(&bench), 1);

    let listed = undo(&bench, &[], "");
    let list = text(&listed);
    assert!(listed.status.success(), "{list}");
    for shown in ["1  ", "3  ", CONFIG, RELEASE, "widgets-core", "is told to forget this publisher"] {
        assert!(list.contains(shown), "{shown}: {list}");
    }
    assert_eq!(registered(&bench), 1, "a list changes nothing");

    let done = undo(&bench, &["--pick", "all"], &format!("{token}\n"));
    assert!(done.status.success(), "{}", text(&done));
    assert!(!text(&done).contains(&token));
    assert_eq!([bench.read(CONFIG), bench.read(RELEASE)], before);
    assert_eq!(registered(&bench), 0);

    let again = text(&undo(&bench, &[], ""));
    assert!(again.contains("Nothing that untoken did") && !again.contains(CONFIG), "{again}");
    bench.assert_nowhere(&token);
}

#[test]
fn a_file_that_changed_since_stays_and_a_refused_credential_takes_nothing_back() {
    let bench = Bench::new();
    sitting(&bench);
    bench.write(CONFIG, &format!("{}\n# mine\n", bench.read(CONFIG)));
    let mine = bench.read(CONFIG);

    let list = text(&undo(&bench, &[], ""));
    let (can, stays) = list.split_once("Stays as it is:").unwrap();
    assert!(!can.contains(CONFIG) && can.contains(RELEASE), "{list}");
    assert!(stays.contains(CONFIG) && stays.contains("it changed since"), "{list}");

    let number = can.lines().position(|line| line.contains("was registered")).map(|at| can.lines().nth(at).unwrap());
    let number = number.unwrap().split_whitespace().next().unwrap();
    let refused = undo(&bench, &["--pick", number], "cio_not-a-token\n");
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    assert!(text(&refused).contains("hint"), "{}", text(&refused));
    assert_eq!(registered(&bench), 1);
    assert_eq!(bench.read(CONFIG), mine);

    let beyond = undo(&bench, &["--pick", "99"], "");
    assert_eq!(beyond.status.code(), Some(2), "{}", text(&beyond));
}

#[test]
fn at_a_terminal_it_asks_which_and_enter_takes_nothing() {
    let bench = Bench::new();
    sitting(&bench);
    let written = bench.read(CONFIG);
    let mut terminal = bench.start_with(&["undo"]);
    terminal.wait("Take back which?").keys("x").keys(ENTER).wait("names no numbers").keys(ENTER);
    assert_eq!(terminal.end(), 0);
    assert_eq!(bench.read(CONFIG), written);
}
