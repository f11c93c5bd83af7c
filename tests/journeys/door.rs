//! Closing the door: the registry is told to refuse tokens, the token is revoked, the secret is deleted by its name and seen
//! to be gone; and nothing of that while something may still need it.

use untoken::sandbox::Fault;
use untoken::sandbox::world::Run;
use untoken::sandbox::world::crates_io::Publishing;
use untoken::sandbox::world::github::{Grant, Level, Permission, Secret, Token};
use untoken::sandbox::world::npm::{self, PublishingAccess};

use crate::bench::Bench;
use crate::repaired::{self, to_the_board};
use crate::talk::Talk;
use crate::terminal::{DOWN, ENTER, ESC, Terminal};
use crate::{person, tools, undo};

const CARGO: &str = "CARGO_REGISTRY_TOKEN";

/// Both crates and the npm package are registered, repaired, declared and proven; all old secrets are still there.
fn proven() -> Bench {
    let mut bench = Bench::new();
    bench.publish_macros_beforehand();
    let crates = ["widgets-core", "widgets-macros"];
    repaired::repaired(&mut bench, &crates, true, &["\n# New", "\n[[package]]\nname = \"@acme", "\n# Pure"]);
    {
        let mut world = bench.sandbox.world();
        let now = world.now();
        world.npm.package_mut("@acme/widgets").unwrap().publishers.push(npm::Publisher {
            id: "0b5c6c32-0000-4000-8000-000000000001".to_owned(),
            repository: "acme/widgets".to_owned(),
            workflow: "release.yml".to_owned(),
            environment: Some("release".to_owned()),
            permissions: vec![npm::Permission::Publish],
            created_at: now,
            proven_at: None,
        });
        let run = Run {
            repository: "acme/widgets".to_owned(),
            workflow: "release.yml".to_owned(),
            environment: Some("release".to_owned()),
            event: "push".to_owned(),
            run_id: "77".to_owned(),
            sha: "5e1f".repeat(10),
        };
        for name in crates {
            world.release_crate(name, "0.2.0", &run).unwrap();
        }
        world.release_npm("@acme/widgets", "0.2.0", &run).unwrap();
    }
    bench
}

/// The names of the secrets at GitHub, level by level.
fn secrets(bench: &Bench) -> [Vec<String>; 3] {
    let world = bench.sandbox.world();
    let repo = &world.github.repos[0];
    let names = |list: &[Secret]| list.iter().map(|secret| secret.name.clone()).collect();
    [names(&repo.secrets), names(&repo.environments[0].secrets), names(&repo.organization_secrets)]
}

fn has(bench: &Bench, name: &str) -> bool {
    secrets(bench).concat().iter().any(|known| known == name)
}

/// Has crates.io refuse tokens for both crates; back to the board.
#[track_caller]
fn lock_crates(terminal: &mut Terminal) {
    person::open(terminal, person::CORE, &["▸ LOCK", "Have crates.io refuse tokens for widgets-core", "every owner"]);
    terminal.keys("b").wait("2 packages ▸ LOCK").keys(ENTER);
    terminal
        .wait_all(&["widgets-core done: tokens are refused, read back", "widgets-macros done:", "go on"])
        .keys(ENTER);
    person::board(terminal);
}

/// On the list of widgets-core's old secrets.
#[track_caller]
fn open_retire(terminal: &mut Terminal) {
    person::open(terminal, person::CORE, &["widgets-core ▸ RETIRE", CARGO, "cannot come back"]);
}

/// From the list to the field for the name.
#[track_caller]
fn to_the_name(terminal: &mut Terminal) {
    terminal.keys(ENTER).wait_all(&["Is the token in CARGO_REGISTRY_TOKEN revoked?", "/settings/tokens"]);
    terminal.keys("y").wait_all(&["Type its name to delete it", "cannot come back"]);
}

#[test]
fn a_crates_door_is_closed_and_the_second_run_proposes_nothing() {
    let bench = proven();
    let mut terminal = bench.start();
    to_the_board(&bench, &mut terminal, false);
    lock_crates(&mut terminal);
    for name in ["widgets-core", "widgets-macros"] {
        assert_eq!(bench.sandbox.world().crates_io.krate(name).unwrap().publishing, Publishing::TrustedOnly);
    }
    open_retire(&mut terminal);
    terminal.wait_all(&["the repository · can go", "came by OIDC", "640 days ago"]);
    to_the_name(&mut terminal);
    terminal.paste("NPM_TOKEN").keys(ENTER).wait("`NPM_TOKEN` is not its name");
    assert!(has(&bench, CARGO));
    terminal.paste(CARGO).keys(ENTER).wait_all(&["CARGO_REGISTRY_TOKEN is gone from the repository", "is left"]);
    assert_eq!(secrets(&bench)[0], ["NPM_TOKEN", "PYPI_API_TOKEN"]);
    terminal.keys(ESC);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    for words in ["crates.io refuses tokens (read back)", "its token is revoked", "secret deleted from the repository"]
    {
        assert!(receipt.contains(words), "{words}: {receipt}");
    }

    let mut second = bench.start();
    to_the_board(&bench, &mut second, false);
    for package in ["crates/core", "crates/macros"] {
        second.wait(&format!("· {package} nothing is open")).keys(ENTER).wait("nothing is open here").keys(DOWN);
    }
    person::finish(&mut second);

    let listed = undo::text(&undo::undo(&bench, &[], ""));
    let (can, stays) = listed.split_once("Stays as it is").expect(&listed);
    assert!(can.contains("widgets-core") && !can.contains(CARGO), "{listed}");
    assert!(stays.contains("delete the secret CARGO_REGISTRY_TOKEN of the repository"), "{listed}");
    let undone = undo::undo(&bench, &["--pick", "all"], &format!("{}\n", bench.sandbox.publisher_token()));
    assert!(undone.status.success(), "{}", undo::text(&undone));
    assert_eq!(bench.sandbox.world().crates_io.krate("widgets-core").unwrap().publishing, Publishing::Any);
    assert!(!has(&bench, CARGO), "a deleted secret does not come back");
}

#[test]
fn npms_door_is_closed_by_npm_and_an_organisations_secret_stays() {
    if !tools::npm("closing npm's door") {
        return;
    }
    let bench = proven();
    let mut terminal = bench.start_sized(&[], (100, 40));
    to_the_board(&bench, &mut terminal, true);
    person::open(&mut terminal, person::NPM, &["▸ LOCK", "Have npm refuse tokens for @acme/widgets", "OIDC goes on"]);
    terminal.keys(ENTER).wait_all(&["accepted: nobody can read the setting back", "go on"]).keys(ENTER);
    assert_eq!(
        bench.sandbox.world().npm.package("@acme/widgets").unwrap().publishing_access,
        PublishingAccess::SecondFactorOnly
    );
    person::board(&mut terminal);
    person::open(
        &mut terminal,
        person::NPM,
        &["RETIRE", "ACME_NPM_TOKEN · the organisation · not untoken's to delete"],
    );
    terminal.wait_all(&["NPM_TOKEN · the repository · can go", "NPM_TOKEN_LEGACY · environment release · can go"]);
    for (name, place) in [("NPM_TOKEN", "the repository"), ("NPM_TOKEN_LEGACY", "environment release")] {
        terminal.keys(ENTER).wait(&format!("Is the token in {name} revoked?")).keys("y").wait("Type its name");
        terminal.paste(name).keys(ENTER).wait(&format!("{name} is gone from {place}"));
    }
    let [repository, environment, organisation] = secrets(&bench);
    assert_eq!((repository, environment.len()), (vec![CARGO.to_owned(), "PYPI_API_TOKEN".to_owned()], 0));
    terminal.keys(ENTER).wait_all(&["it stays:", "an owner of acme deletes it"]);
    assert_eq!(organisation, ["ACME_NPM_TOKEN"]);
    terminal.keys("w").keys("q");
    assert_eq!(terminal.end(), 0);
    let asked = bench.sandbox.requests();
    assert!(!asked.iter().any(|request| request.method == "DELETE" && request.path.contains("ACME_NPM_TOKEN")));
}

#[test]
fn what_may_still_be_used_is_refused_with_the_reason() {
    // Another crate of the registry came by a token last.
    let bench = proven();
    {
        let mut world = bench.sandbox.world();
        assert!(world.release_by_token(untoken::sandbox::world::actions::Place::CratesIo, "widgets-macros", "0.3.0"));
        world.crates_io.krate_mut("widgets-core").unwrap().publishing = Publishing::TrustedOnly;
    }
    let mut terminal = bench.start();
    to_the_board(&bench, &mut terminal, false);
    open_retire(&mut terminal);
    terminal.wait("· stays").keys(ENTER).wait_all(&["it stays:", "widgets-macros"]);
    terminal.keys("q");
    assert_eq!(terminal.end(), 0);
    assert!(has(&bench, CARGO));

    // A workflow that only GitHub has, and one here that names the secret.
    for (here, reason) in [(false, "nightly.yml is on main and not here"), (true, "nightly.yml")] {
        let bench = proven();
        let text = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./x\n        env:\n          \
                    T: ${{ secrets.CARGO_REGISTRY_TOKEN }}\n";
        let path = ".github/workflows/nightly.yml";
        bench.sandbox.world().github.repos[0].files.insert(path.to_owned(), text.as_bytes().to_vec());
        if here {
            bench.write(path, text);
        }
        bench.sandbox.world().crates_io.krate_mut("widgets-core").unwrap().publishing = Publishing::TrustedOnly;
        let mut terminal = bench.start();
        to_the_board(&bench, &mut terminal, false);
        open_retire(&mut terminal);
        terminal.wait("· stays").keys(ENTER).wait_all(&["it stays:", reason]).keys("q");
        assert_eq!(terminal.end(), 0);
        assert!(has(&bench, CARGO));
    }
}

#[test]
fn a_refused_deletion_leaves_it_and_shows_the_command() {
    for fault in ["403", "404", "500"] {
        let bench = proven();
        bench.sandbox.world().crates_io.krate_mut("widgets-core").unwrap().publishing = Publishing::TrustedOnly;
        let mut terminal = bench.start();
        to_the_board(&bench, &mut terminal, false);
        open_retire(&mut terminal);
        to_the_name(&mut terminal);
        bench
            .sandbox
            .add_fault(Fault::parse(&format!("{fault}@github:/repos/acme/widgets/actions/secrets/{CARGO}")).unwrap());
        terminal.paste(CARGO).keys(ENTER);
        terminal.wait_all(&[
            "✗",
            "gh secret delete CARGO_REGISTRY_TOKEN --repo acme/widgets",
            "/settings/secrets/actions",
        ]);
        assert!(has(&bench, CARGO));
        bench.sandbox.clear_faults();
        // The person takes it away; what untoken says is what it reads.
        terminal.keys(ENTER).wait("GitHub still lists CARGO_REGISTRY_TOKEN in the repository");
        bench.sandbox.world().github.repos[0].secrets.retain(|secret| secret.name != CARGO);
        terminal.keys("w").wait("yourself").keys(ENTER).wait("CARGO_REGISTRY_TOKEN is gone from the repository");
        terminal.keys("q");
        assert_eq!(terminal.end(), 0, "what failed was made good");
    }
}

#[test]
fn a_sign_in_that_may_only_read_gets_the_command() {
    let mut bench = proven();
    let token = "ghu_sandbox-not-a-real-token";
    for (level, may) in [(Level::Read, false), (Level::Write, true)] {
        {
            let mut world = bench.sandbox.world();
            world.crates_io.krate_mut("widgets-core").unwrap().publishing = Publishing::TrustedOnly;
            world.github.installations[0].permissions.insert(Permission::Secrets, level);
            world.github.installations[0].permissions.insert(Permission::DependabotSecrets, level);
            let client_id = world.github.clients[0].client_id.clone();
            let grant = Grant::App { client_id, only: None };
            world.github.tokens.push(Token {
                value: token.to_owned(),
                user: "mona".to_owned(),
                grant,
                expires_at: None,
                refresh: None,
            });
        }
        bench.set("UNTOKEN_GITHUB_TOKEN", token);
        let mut terminal = bench.start();
        to_the_board(&bench, &mut terminal, false);
        open_retire(&mut terminal);
        if may {
            // What was said of the token holds on.
            terminal.keys(ENTER).wait("Type its name to delete it").paste(CARGO).keys(ENTER);
            terminal.wait("CARGO_REGISTRY_TOKEN is gone from the repository");
        } else {
            terminal.keys(ENTER).wait("revoked?").keys("y");
            terminal.wait_all(&["This sign-in may not delete it", "gh secret delete CARGO_REGISTRY_TOKEN"]);
            assert!(has(&bench, CARGO));
        }
        terminal.keys("q");
        assert_eq!(terminal.end(), 0);
    }
    assert!(!has(&bench, CARGO));
}

#[test]
fn line_by_line_an_answer_deletes_only_what_it_names() {
    for (answer, gone) in [("yes", false), ("NPM_TOKEN", false), (CARGO, true)] {
        let bench = proven();
        bench.sandbox.world().crates_io.krate_mut("widgets-core").unwrap().publishing = Publishing::TrustedOnly;
        bench.write("../answers.json", &format!("{{\"retire.name\": \"{answer}\"}}"));
        let token = bench.sandbox.publisher_token();
        let mut talk = Talk::piped(bench.command(&["--plain", "--answers", "../answers.json"]));
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
        talk.say("1").hear("1. CARGO_REGISTRY_TOKEN · the repository · can go");
        talk.hear("Type a number");
        talk.say("1").hear("Is the token in CARGO_REGISTRY_TOKEN revoked?");
        talk.answer("y");
        if gone {
            talk.hear("CARGO_REGISTRY_TOKEN is gone from the repository");
            talk.answer("back");
        } else {
            talk.hear("is not its name");
            talk.hear("the secret's name");
            talk.say("back").hear("Type a number");
            talk.say("back");
        }
        talk.hear("Type a number");
        talk.say("f").answer("");
        assert_eq!(talk.end(), 0, "{}", talk.all());
        assert_eq!(has(&bench, CARGO), !gone, "{answer}");
    }
}
