//! The proof: named, watched for on GitHub and at the registry, and taken up again after untoken was left.

use untoken::sandbox::world::actions::{JobPlan, Place};

use crate::bench::Bench;
use crate::repaired::{self, to_the_board};
use crate::talk::Talk;
use crate::terminal::{ENTER, Terminal};
use crate::{person, tools};

const REPO: u64 = 700_100_200;

/// widgets-core is registered, its workflow repaired and pushed, its environment guarded: only the release is missing.
fn only_the_release_is_missing() -> Bench {
    let mut bench = Bench::new();
    repaired::repaired(&mut bench, &["widgets-core"], false, &["\n# New"]);
    {
        let mut world = bench.sandbox.world();
        world.actions.pace = 0;
        world.actions.plans[0].jobs = vec![JobPlan {
            key: "crates".to_owned(),
            name: "Publish crates".to_owned(),
            environment: Some("release".to_owned()),
            publishes: vec![(Place::CratesIo, "widgets-core".to_owned())],
        }];
    }
    bench
}

/// On the prove step of widgets-core, with the release named; then waiting for it.
fn wait_for_it(bench: &Bench, terminal: &mut Terminal) {
    to_the_board(bench, terminal, false);
    person::open(
        terminal,
        person::CORE,
        &["▸ PROVE", "git tag v0.2.0", "git push origin v0.2.0", "the newest on crates.io is 0.1.0", "pre-release"],
    );
    terminal.keys(ENTER).wait_all(&["is awaited since", "No run of release.yml", "still 0.1.0"]);
}

fn push(bench: &Bench) -> u64 {
    bench.sandbox.world().push_tag(REPO, "v0.2.0", "mona")[0]
}

fn play_out(bench: &Bench, run: u64) {
    bench.sandbox.world().play_out(run);
}

/// Looks until the screen shows all of these.
#[track_caller]
fn look(terminal: &mut Terminal, texts: &[&str]) {
    terminal.keys("r").wait_all(texts);
}

#[test]
fn a_release_is_named_approved_and_proven() {
    let bench = only_the_release_is_missing();
    bench.sandbox.world().github.repos[0].environments[0].reviewers = vec!["mona".to_owned()];
    let mut terminal = bench.start();
    wait_for_it(&bench, &mut terminal);
    let run = push(&bench);
    look(&mut terminal, &["Run 1 of release.yml (push v0.2.0) is queued"]);
    play_out(&bench, run);
    look(&mut terminal, &["waits for approval", "release waits for mona", "you may"]);
    bench.visit(&format!("{}/acme/widgets/actions/runs/{run}", bench.sandbox.urls().github), &[]);
    terminal.wait_all(&["Proven: the release came by OIDC", "0.2.0 was published by OIDC"]);
    terminal.keys(ENTER);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("0.2.0 was published by OIDC"), "{receipt}");
    assert!(!receipt.contains("awaited"), "{receipt}");
}

#[test]
fn a_failed_run_names_job_and_step_and_another_one_proves() {
    let bench = only_the_release_is_missing();
    let held = std::mem::take(&mut bench.sandbox.world().crates_io.publishers);
    bench.sandbox.world().crates_io.publishers = held.clone();
    let mut terminal = bench.start_sized(&[], (100, 40));
    wait_for_it(&bench, &mut terminal);
    bench.sandbox.world().crates_io.publishers[0].workflow_filename = "publish.yml".to_owned();
    let run = push(&bench);
    play_out(&bench, run);
    look(
        &mut terminal,
        &[
            "Run 1 of release.yml (push v0.2.0) failed",
            "Job \"Publish crates\" failed",
            "Publish widgets-core",
            "no entry fits",
        ],
    );
    bench.sandbox.world().crates_io.publishers = held;
    let run = push(&bench);
    play_out(&bench, run);
    look(&mut terminal, &["Proven: the release came by OIDC", "Run 2 of release.yml"]);
    terminal.keys(ENTER);
    person::board(&mut terminal);
    person::finish(&mut terminal);
}

#[test]
fn who_leaves_meanwhile_finds_it_awaited_and_then_proven() {
    let bench = only_the_release_is_missing();
    let mut first = bench.start();
    wait_for_it(&bench, &mut first);
    first.keys("q");
    assert_eq!(first.end(), 0);
    let farewell = first.farewell();
    assert!(farewell.contains("is awaited since"), "{farewell}");

    let run = push(&bench);
    let mut second = bench.start();
    second.wait("putitoutthere.toml").keys(ENTER).wait_all(&["mona", "is that you"]).keys("y");
    second.wait_all(&["look ▸ BOARD", "A release by release.yml is awaited since", "run 1 is queued"]);
    play_out(&bench, run);
    second.wait_until("the proof on the board", |screen| !screen.contains("is awaited since"));
    let receipt = person::finish(&mut second);
    assert!(receipt.contains("0.2.0 was published by OIDC"), "{receipt}");

    let mut third = bench.start();
    third.wait("putitoutthere.toml").keys(ENTER).wait_all(&["mona", "is that you"]).keys("y");
    person::board(&mut third);
    assert!(!third.words().contains("awaited"), "{}", third.words());
    person::finish(&mut third);
}

#[test]
fn a_version_by_token_is_no_proof() {
    let bench = only_the_release_is_missing();
    let mut terminal = bench.start();
    wait_for_it(&bench, &mut terminal);
    assert!(bench.sandbox.world().release_by_token(Place::CratesIo, "widgets-core", "0.2.0"));
    look(&mut terminal, &["The release was seen", "0.2.0 was published with a token", "nothing is proven"]);
    terminal.keys(ENTER);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("0.2.0 was published with a token"), "{receipt}");
    assert!(receipt.contains("Release once by OIDC") || receipt.contains("Prove"), "it stays open: {receipt}");
}

/// Line by line from the first screen to the board, with crates.io's list read.
fn on_the_board(bench: &Bench) -> Talk {
    let token = bench.sandbox.publisher_token();
    let mut talk = Talk::piped(bench.command(&["--plain"]));
    talk.answer("").hear("is that you");
    talk.answer("y").hear("Type a number");
    talk.say("u").hear("(not shown; empty goes back): ");
    talk.say(&token).hear("read: 1 publisher");
    talk.answer("");
    if tools::npm("npm's list") {
        talk.hear("A second factor is needed");
        talk.answer("back");
    }
    talk.hear("Type a number");
    talk
}

#[test]
fn line_by_line_it_is_the_same_and_a_typed_word_looks_again() {
    let bench = only_the_release_is_missing();
    let mut talk = on_the_board(&bench);
    let named = talk.say("1").hear("watch for it");
    assert!(named.contains("git push origin v0.2.0"), "{named}");
    let run = push(&bench);
    play_out(&bench, run);
    talk.say("").hear("Proven: the release came by OIDC");
    talk.answer("").hear("Type a number");
    talk.say("f").answer("");
    assert_eq!(talk.end(), 0, "{}", talk.all());
}

#[test]
fn line_by_line_the_news_come_by_themselves_while_another_question_is_open() {
    let bench = only_the_release_is_missing();
    let mut talk = on_the_board(&bench);
    talk.say("1").hear("watch for it");
    talk.say("").hear("is awaited since");
    talk.say("back").hear("Type a number");
    // Nothing is typed from here on until the news have come.
    let run = push(&bench);
    talk.hear("News: Run 1 of release.yml (push v0.2.0)");
    talk.hear("What next?");
    play_out(&bench, run);
    talk.hear("News: widgets-core on crates.io: 0.2.0 was published by OIDC");
    talk.answer("f").hear("0.2.0 was published by OIDC");
    talk.answer("");
    assert_eq!(talk.end(), 0, "{}", talk.all());
}
