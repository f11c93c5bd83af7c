//! A config of a name of its own, named by `--config`: what is declared goes there, and every command reads it there.

use crate::bench::Bench;
use crate::terminal::ENTER;
use crate::{config, person};

const OWN: &str = "conf/publishing.toml";
const FLAG: &str = "--config=conf/publishing.toml";
const HEAD: &str = "# who may publish what\n";

/// What a command prints with the flag, and its exit code.
fn run(bench: &Bench, arguments: &[&str]) -> (String, Option<i32>) {
    let output = bench.command(&[arguments, &[FLAG]].concat()).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn a_named_config_is_written_and_read_by_every_command() {
    let bench = Bench::new();
    bench.write(OWN, HEAD);
    let theirs = bench.read("putitoutthere.toml");
    let mut terminal = bench.start_with(&[FLAG]);
    terminal.wait("publishing step").keys(ENTER).wait("see you once").keys("s");
    person::board(&mut terminal);
    terminal.keys("w").wait_all(&["REVIEW", OWN]).keys("w").wait(&format!("wrote {OWN}"));
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains(OWN), "{receipt}");

    let written = bench.read(OWN);
    config::assert_lines_survive(HEAD, &written);
    let mut expected = config::expected();
    expected.sort();
    let mut policies = config::policies(&written);
    policies.sort();
    assert_eq!(policies, expected);
    assert_eq!(bench.read("putitoutthere.toml"), theirs, "another tool's file is not touched");

    let (plan, _) = run(&bench, &["plan", "--offline"]);
    assert_eq!(plan.matches(&format!("({OWN}:")).count(), expected.len(), "declared there: {plan}");
    assert!(!plan.contains(". declare\n"), "{plan}");
}

/// The doctor's gate holds for what the named file says: a workflow that is not there is an error.
#[test]
fn the_doctor_finds_what_is_wrong_in_a_named_config() {
    let bench = Bench::new();
    let policy = "[package.trust_policy]\nworkflow = \"gone.yml\"\n";
    bench.write(OWN, &format!("[[package]]\nname = \"widgets-core\"\nkind = \"crates\"\n{policy}"));
    let (found, code) = run(&bench, &["doctor", "--format=github"]);
    assert!(found.contains(&format!("file={OWN}")) && found.contains("gone.yml"), "{found}");
    assert_eq!(code, Some(1));
}

/// A slip in the flag lets no gate through; an untoken.toml that is to be made is none.
#[test]
fn a_named_config_that_is_not_there_is_an_error() {
    let bench = Bench::new();
    let told = |config: &str| {
        let flag = format!("--config={config}");
        let doctor = bench.command(&["doctor", "--json", &flag]).output().unwrap();
        let plan = bench.command(&["plan", "--offline", &flag]).output().unwrap();
        let plan = String::from_utf8(plan.stderr).unwrap();
        (String::from_utf8(doctor.stdout).unwrap(), plan)
    };
    let words = "the config that was named is not read: conf/gone.toml is not there";
    let (doctor, plan) = told("conf/gone.toml");
    assert!(doctor.contains(words) && plan.contains(words), "{doctor}\n{plan}");
    let (doctor, plan) = told("untoken.toml");
    assert!(!doctor.contains("that was named") && !plan.contains("that was named"), "{doctor}\n{plan}");
}
