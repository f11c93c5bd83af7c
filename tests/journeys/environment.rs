//! From a workflow with a token to one that only has to be released: registered, repaired, its environment guarded.

use untoken::sandbox::world::github::BranchPolicy;

use crate::bench::Bench;
use crate::talk::Talk;
use crate::terminal::{ENTER, ESC, Terminal};
use crate::{person, tools};

const RELEASE: &str = ".github/workflows/release.yml";

/// Registers widgets-core and repairs its job; on the board afterwards.
fn register_and_repair(terminal: &mut Terminal, token: &str) {
    person::register_crates(terminal, person::CORE, false, token);
    person::open(terminal, person::CORE, &["REVIEW", "release.yml", "Nothing is written yet"]);
    terminal.keys("w").wait("wrote .github/workflows/release.yml");
    person::board(terminal);
    person::select(terminal, person::CORE);
    terminal.wait("next: ENVIRONMENT");
}

fn is_guarded(bench: &Bench) -> bool {
    let world = bench.sandbox.world();
    let release = world.github.repos[0].environment("release").unwrap();
    matches!(&release.branches, BranchPolicy::Custom(patterns) if patterns.len() == 1 && patterns[0].pattern == "v*")
}

fn changes(bench: &Bench) -> usize {
    let all = bench.sandbox.requests();
    all.iter().filter(|one| one.method != "GET" && one.path.starts_with("/repos/")).count()
}

#[test]
fn a_token_workflow_ends_with_nothing_left_but_the_release() {
    let mut bench = Bench::new();
    let npm = tools::npm("that npm's list is left aside");
    let token = bench.sandbox.publisher_token();
    let github = bench.sandbox.world().github.add_personal_token("mona", &["repo"]);
    bench.set("UNTOKEN_GITHUB_TOKEN", &github);
    let sign_in = |terminal: &mut Terminal| {
        terminal.wait("putitoutthere.toml").keys(ENTER).wait_all(&["mona", "is that you"]).keys("y");
        person::board(terminal);
    };

    let mut first = bench.start();
    sign_in(&mut first);
    register_and_repair(&mut first, &token);
    first.keys(ENTER).wait_all(&["▸ ENVIRONMENT", "Tag rule", "v*"]);
    assert!(!is_guarded(&bench), "not before it is said");
    first.keys(ENTER).wait("done: environment release, read back").keys(ENTER);
    person::board(&mut first);
    person::write_all(&mut first);
    let receipt = person::finish(&mut first);
    assert!(receipt.contains("environment made on GitHub (read back)"), "{receipt}");
    assert!(is_guarded(&bench));
    assert_eq!(changes(&bench), 2);

    // The push.
    let files = [RELEASE, "putitoutthere.toml"].map(|path| (path.to_owned(), bench.read(path).into_bytes()));
    bench.sandbox.world().github.repos[0].files.extend(files);

    let mut second = bench.start();
    sign_in(&mut second);
    second.keys("u").wait("crates.io wants a token").paste(&token).wait(&format!("({} characters", token.len()));
    second.keys(ENTER).wait_all(&["read: 1 publisher", "go on"]).keys(ENTER);
    if npm {
        second.wait("A second factor is needed").keys(ESC);
    }
    person::board(&mut second);
    person::select(&mut second, person::CORE);
    second.wait("next: PROVE");
    person::finish(&mut second);
    assert_eq!(changes(&bench), 2, "nothing is made twice");
}

#[test]
fn who_may_not_make_it_does_so_on_the_page_and_untoken_looks_again() {
    let bench = Bench::new();
    let token = bench.sandbox.publisher_token();
    let mut terminal = bench.start();
    person::sign_in(&mut terminal, &bench);
    register_and_repair(&mut terminal, &token);
    terminal.keys(ENTER).wait_all(&["▸ ENVIRONMENT", "Tag rule", "it is saved"]);
    terminal.keys(ENTER).wait("nothing guards it yet");
    let page = format!("{}/acme/widgets/settings/environments", bench.sandbox.urls().github);
    bench.visit(&page, &[("Name", "release"), ("Tag rule", "v*")]);
    terminal.keys("r").wait("done: environment release, read at GitHub").keys(ENTER);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    assert!(is_guarded(&bench));
    assert_eq!(changes(&bench), 0, "untoken itself changed nothing");
}

#[test]
fn line_by_line_comes_to_the_same() {
    const BOARD: &str = "Type a number";
    let mut bench = Bench::new();
    let token = bench.sandbox.publisher_token();
    let github = bench.sandbox.world().github.add_personal_token("mona", &["repo"]);
    bench.set("UNTOKEN_GITHUB_TOKEN", &github);
    let mut talk = Talk::piped(bench.command(&["--plain"]));
    talk.answer("").hear("is that you");
    talk.answer("y").hear(BOARD);
    talk.say("1").answer("").hear("(not shown; empty goes back): ");
    talk.say(&token).hear("read back");
    talk.answer("").hear(BOARD);
    talk.say("1").hear("release.yml");
    talk.answer("w").hear("wrote .github/workflows/release.yml");
    talk.hear(BOARD);
    let step = talk.say("1").hear("Undo: ");
    for words in ["Tag rule: v*", "release is there and guards nothing", "who can make one decides what runs"] {
        assert!(step.contains(words), "{words}: {step}");
    }
    talk.answer("").hear("done: environment release, read back");
    talk.answer("").hear(BOARD);
    talk.say("f").answer("");
    assert_eq!(talk.end(), 0, "{}", talk.all());
    assert!(is_guarded(&bench));
}
