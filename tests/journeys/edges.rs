//! Odd beginnings: a clear sentence, a next step, the right exit code, and nothing lost.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::bench::Bench;
use crate::person;
use crate::terminal::{ENTER, ESC};
use crate::{config, tools};

#[test]
fn a_folder_without_git_is_named_with_what_to_do() {
    let bench = Bench::new();
    if !tools::git("a folder that is no checkout") {
        return;
    }
    std::fs::remove_dir_all(bench.dir.join(".git")).unwrap();
    let mut terminal = bench.start();
    terminal.wait_all(&["is no git checkout", "--repo OWNER/NAME", "look again"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 1);
    terminal.assert_restored();
    assert!(terminal.farewell().starts_with("error: "), "{}", terminal.farewell());

    let mut named = bench.start_with(&["--repo=acme/widgets"]);
    person::go_without(&mut named);
    assert!(named.shows("acme/widgets") && named.shows("4 packages"), "{}", named.screen());
}

#[test]
fn without_a_remote_there_is_a_board_and_nothing_to_register() {
    if !tools::git("a checkout without a remote") {
        return;
    }
    let bench = Bench::new();
    bench.git(&["remote", "remove", "origin"]);
    let mut terminal = bench.start();
    terminal.wait_all(&["no remote", "git remote add origin", "go on"]).keys(ENTER);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(!receipt.contains("Register a publisher"), "{receipt}");
}

#[test]
fn a_remote_elsewhere_is_named_without_its_password() {
    if !tools::git("a remote on another host") {
        return;
    }
    let bench = Bench::new();
    bench.git(&["remote", "set-url", "origin", "https://mona:not-a-password@gitlab.com/acme/widgets.git"]);
    let mut terminal = bench.start();
    terminal.wait_all(&["is on gitlab.com", "--repo OWNER/NAME", "go on"]).keys(ENTER);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    assert!(!terminal.raw().contains("not-a-password"));
}

#[test]
fn a_checkout_without_packages_says_so_and_offers_nothing() {
    let bench = Bench::new();
    for folder in ["crates", "packages", "python", "examples"] {
        std::fs::remove_dir_all(bench.dir.join(folder)).unwrap();
    }
    for file in ["Cargo.toml", "package.json"] {
        std::fs::remove_file(bench.dir.join(file)).unwrap();
    }
    let mut terminal = bench.start();
    terminal.wait("No package").keys(ENTER).wait("see you once").keys("s").wait("0 packages").keys(ENTER).keys("w");
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("Nothing was changed"), "{receipt}");
}

#[test]
fn a_broken_config_is_named_with_its_line_never_written_and_its_rung_is_unknown() {
    let bench = Bench::new();
    let broken = format!("[[package]\n{}", bench.read("putitoutthere.toml"));
    bench.write("putitoutthere.toml", &broken);
    let mut terminal = bench.start();
    terminal.wait_all(&["putitoutthere.toml:1", "not valid TOML", "go on"]);
    person::go_without(&mut terminal);
    person::select(&mut terminal, person::CORE);
    terminal.keys("w").wait_all(&["REVIEW", "not written", "Lines to paste"]).keys("w");
    terminal.keys(ESC);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("Nothing was changed"), "{receipt}");
    assert_eq!(bench.read("putitoutthere.toml"), broken);
    assert!(!bench.dir.join("untoken.toml").exists());
    let plan = bench.command(&["--plain"]).stdin(Stdio::null()).output().unwrap();
    assert!(plan.status.success());
}

#[test]
fn a_broken_workflow_is_named_with_its_line_and_what_it_publishes_is_unknown() {
    let bench = Bench::new();
    bench.write(".github/workflows/release.yml", "on: push\njobs:\n  crates:\n   steps:\n  - run: [cargo publish\n");
    let mut terminal = bench.start();
    terminal.wait_all(&["release.yml:5", "YAML", "go on"]);
    person::go_without(&mut terminal);
    person::select(&mut terminal, person::CORE);
    terminal.keys("v").wait("ready: unknown. release.yml can't be read").keys(ENTER);
    person::board(&mut terminal);
    person::finish(&mut terminal);
}

#[test]
fn a_read_only_config_stays_as_it_is_and_can_be_written_once_that_is_allowed() {
    let bench = Bench::new();
    let file = bench.dir.join("putitoutthere.toml");
    let before = bench.read("putitoutthere.toml");
    let allow = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    allow(0o444);
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    terminal.keys("w").wait("Nothing is written yet").keys("w").wait_all(&["read-only", "chmod u+w"]).keys(ENTER);
    assert_eq!(bench.read("putitoutthere.toml"), before);
    allow(0o640);
    terminal.wait_all(&["REVIEW", "failed:"]).keys("w").wait("wrote putitoutthere.toml");
    person::board(&mut terminal);
    person::finish(&mut terminal);
    config::assert_lines_survive(&before, &bench.read("putitoutthere.toml"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_config_that_changed_meanwhile_is_not_overwritten() {
    let bench = Bench::new();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    terminal.keys("w").wait("Nothing is written yet");
    let theirs = format!("# written meanwhile\n{}", bench.read("putitoutthere.toml"));
    bench.write("putitoutthere.toml", &theirs);
    terminal.keys("w").wait_all(&["changed since it was read", "nothing was written"]).keys(ENTER).wait("failed:");
    assert_eq!(bench.read("putitoutthere.toml"), theirs);
    terminal.keys(ESC);
    person::board(&mut terminal);
    person::write_all(&mut terminal);
    person::finish(&mut terminal);
    config::assert_lines_survive(&theirs, &bench.read("putitoutthere.toml"));
    assert_eq!(config::policies(&bench.read("putitoutthere.toml")), config::expected());
}

#[test]
fn line_ends_a_byte_order_mark_and_a_missing_last_line_end_stay() {
    let bench = Bench::new();
    let windows = format!("\u{feff}{}", bench.read("putitoutthere.toml").trim_end().replace('\n', "\r\n"));
    bench.write("putitoutthere.toml", &windows);
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::write_all(&mut terminal);
    person::finish(&mut terminal);
    let written = bench.read("putitoutthere.toml");
    config::assert_lines_survive(&format!("{windows}\r\n"), &format!("{written}\r\n"));
    assert_eq!(written.matches('\n').count(), written.matches("\r\n").count(), "{written:?}");
    assert_eq!(config::policies(written.trim_start_matches('\u{feff}')), config::expected());
}

#[test]
fn a_config_that_leads_out_of_the_checkout_is_said_and_left_alone() {
    let bench = Bench::new();
    let (inside, outside) = (bench.dir.join("putitoutthere.toml"), bench.state.with_file_name("outside.toml"));
    let before = bench.read("putitoutthere.toml");
    std::fs::rename(&inside, &outside).unwrap();
    std::os::unix::fs::symlink(&outside, &inside).unwrap();
    let mut terminal = bench.start();
    terminal.wait_all(&["putitoutthere.toml", "no regular file"]);
    person::go_without(&mut terminal);
    terminal.keys("w").wait("Nothing is written yet").keys("w").wait("wrote untoken.toml");
    person::board(&mut terminal);
    person::finish(&mut terminal);
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), before);
    assert_eq!(config::policies(&bench.read("untoken.toml")), config::expected());
}

#[test]
fn escape_sequences_in_names_never_reach_the_terminal() {
    let bench = Bench::new();
    let hostile = bench.read("packages/widgets/package.json").replace("@acme/widgets", "@acme/w\\u001b]0;owned\\u0007");
    bench.write("packages/widgets/package.json", &hostile);
    let release = bench.read(".github/workflows/release.yml");
    let release = release.replace("name: Release", "name: \"R\\e[2Jelease\\x9b31m\"");
    let release = release.replace("  npm:\n", "  \"np\\e[2Jm\":\n").replace("Publish to PyPI", "\u{202e}Publish");
    bench.write(".github/workflows/release.yml", &release);
    bench.write(".github/workflows/\u{1b}[31mred.yml", "on: push\njobs: {}\n");
    let text = bench.read("putitoutthere.toml").replace("\"hatch\"", "\"h\\u001b[5m\\u202etch\"");
    bench.write(
        "putitoutthere.toml",
        &format!("{text}\n[[package]]\nname = \"x\\u001b[31m\"\nkind = \"cr\\u001bates\"\n"),
    );
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    terminal.keys("x").wait("Names of secrets").keys(ESC);
    person::board(&mut terminal);
    terminal.keys("w").wait("Nothing is written yet").keys(ESC);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    let plain = bench.command(&["--plain"]).stdin(Stdio::null()).output().unwrap();
    let scan = bench.command(&["scan"]).output().unwrap();
    let piped = [plain.stdout, plain.stderr, scan.stdout, scan.stderr].concat();
    let piped = String::from_utf8_lossy(&piped).into_owned();
    assert!(!piped.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']), "{piped:?}");
    let raw = terminal.raw();
    for hostile in ["owned\u{7}", "R\u{1b}[2J", "np\u{1b}[2J", "x\u{1b}[31m", "\u{9b}", "\u{202e}", "\u{1b}[5m"] {
        assert!(!raw.contains(hostile), "{hostile:?}");
    }
}

#[test]
fn a_folder_that_is_not_there_and_a_flag_that_nobody_knows_have_their_own_exit_codes() {
    let bench = Bench::new();
    let nowhere = bench.command(&["/nowhere/at/all"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(1));
    let told = String::from_utf8(nowhere.stderr).unwrap();
    assert!(told.contains("/nowhere/at/all") && told.contains("hint"), "{told}");
    let unknown = bench.command(&["--no-such-flag"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    let fault = bench.command(&["demo", "--fault", "explode"]).output().unwrap();
    assert_eq!(fault.status.code(), Some(2));
    assert!(String::from_utf8(fault.stderr).unwrap().contains("slow_down, expired"));
}
