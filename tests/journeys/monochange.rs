//! A project of monochange: its own file is written in its own form, once.

use crate::bench::Bench;
use crate::terminal::{ENTER, Terminal};
use crate::{config, person};

const FILE: &str = "monochange.toml";

/// What each package lacks differs: the environment, nothing for two reasons, the workflow.
const BEFORE: &str = "# Who releases what.
[source]
owner = \"acme\"
repo = \"widgets\"

[defaults]
package_type = \"cargo\"

[package.core]
path = \"crates/core\"   # the others stand on it

[package.macros]
path = \"crates/macros\"
publish = { trusted_publishing = false }   # by hand until 1.0

[package.\"@acme/widgets\"]
path = \"packages/widgets\"
type = \"npm\"

[package.wheel]
path = \"python\"
type = \"python\"
publish.trusted_publishing = true   # since March

[ecosystems.cargo.publish.trusted_publishing]
workflow = \"release.yml\"

[ecosystems.npm.publish.trusted_publishing]
workflow = \"release.yml\"
environment = \"release\"
";

const WHEEL: &str = "publish.trusted_publishing = true   # since March\n";

#[track_caller]
fn to_the_board(terminal: &mut Terminal) {
    terminal.wait(FILE).keys(ENTER).wait("see you once").keys("s");
    person::board(terminal);
}

/// How many packages the plan would still declare.
fn declare_steps(bench: &Bench) -> usize {
    let plan = bench.command(&["plan", "--offline", bench.dir.to_str().unwrap()]).output().unwrap();
    String::from_utf8(plan.stdout).unwrap().matches(". declare\n").count()
}

#[test]
fn its_own_form_is_written_by_as_little_as_it_takes_and_the_second_run_proposes_nothing() {
    let bench = Bench::new();
    std::fs::remove_file(bench.dir.join("putitoutthere.toml")).unwrap();
    bench.write(FILE, BEFORE);

    assert_eq!(declare_steps(&bench), 2);

    let mut first = bench.start();
    to_the_board(&mut first);
    first.keys("w").wait_all(&["REVIEW", FILE, "+4 -1", "Nothing is written yet"]);
    assert_eq!(bench.read(FILE), BEFORE, "not before it is said");
    first.keys("w").wait("wrote monochange.toml (+4 -1)");
    person::board(&mut first);
    person::finish(&mut first);

    let written = bench.read(FILE);
    config::assert_lines_survive(&BEFORE.replace(WHEEL, ""), &written);
    let core = "# the others stand on it\n\n[package.core.publish.trusted_publishing]\nenvironment = \"release\"\n\n[package.macros]\n";
    let wheel = "publish.trusted_publishing = { enabled = true, workflow = \"release.yml\" }   # since March\n";
    let own = written.replace(core, "# the others stand on it\n\n[package.macros]\n").replace(wheel, WHEEL);
    assert_eq!(own, BEFORE, "{written}");
    assert!(!bench.dir.join("untoken.toml").exists());

    assert_eq!(declare_steps(&bench), 0);
    let mut second = bench.start();
    to_the_board(&mut second);
    let receipt = person::finish(&mut second);
    assert!(receipt.contains("Nothing was changed") && !receipt.contains("Declare the policy"), "{receipt}");
    assert_eq!(bench.read(FILE), written);
}
