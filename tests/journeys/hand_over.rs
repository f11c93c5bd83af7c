//! Somebody who may not take a step is told so, and hands it to one who may: the message alone is enough for them.

use crate::bench::Bench;
use crate::talk::Talk;
use crate::terminal::{ENTER, ESC, PAGE_DOWN};
use crate::{person, tools};

/// widgets-core is ada's.
fn adas() -> Bench {
    let bench = Bench::new();
    {
        let mut world = bench.sandbox.world();
        let krate = world.crates_io.crates.iter_mut().find(|krate| krate.name == "widgets-core").unwrap();
        krate.owners = vec!["octocat".to_owned()];
        let mut ada = world.crates_io.users[0].clone();
        (ada.id, ada.login) = (4_101, "octocat".to_owned());
        world.crates_io.users.push(ada);
    }
    bench
}

#[test]
fn whoever_may_not_register_is_told_so_and_hands_it_over() {
    if !tools::git("a step that is handed over") {
        return;
    }
    let bench = adas();
    let mut terminal = bench.start();
    person::sign_in(&mut terminal, &bench);
    person::open(&mut terminal, person::CORE, &["▸ REGISTER", "mona is not among the owners: octocat."]);
    terminal.keys("h").wait_all(&["A message for somebody who may do this", "Only owners can do it: octocat"]);
    let page = format!("{}/crates/widgets-core/settings/new-trusted-publisher", bench.sandbox.urls().crates_io);
    terminal
        .wait("Open <http://")
        .keys(PAGE_DOWN)
        .wait("these values")
        .keys(PAGE_DOWN)
        .wait("shows how far widgets-core is")
        .keys(ESC)
        .wait("h makes a message");
    // It is in nobody's way: the person can try all the same.
    terminal.keys(ENTER).wait("crates.io wants a token").keys(ESC).wait("untoken acts").keys(ESC);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    assert!(bench.sandbox.requests().iter().any(|one| one.path.ends_with("/crates/widgets-core/owners")));

    let mut talk = Talk::piped(bench.command(&["--plain"]));
    talk.answer("").hear("sign in with a code");
    talk.say("s").hear("Type a number");
    talk.say("1").hear("nobody is signed in to GitHub");
    talk.hear("h = hand over");
    talk.say("h").hear("# Tell crates.io that this workflow may publish widgets-core");
    talk.hear(&page);
    let values = talk.hear("Save the form");
    for value in ["`acme`", "`widgets`", "`release.yml`", "`release`"] {
        assert!(values.contains(value), "{value}: {values}");
    }
}

#[test]
fn an_owner_is_told_so() {
    if !tools::git("an owner's own step") {
        return;
    }
    let bench = Bench::new();
    let mut terminal = bench.start();
    person::sign_in(&mut terminal, &bench);
    person::open(&mut terminal, person::CORE, &["▸ REGISTER", "You (mona) are an owner of widgets-core."]);
    if tools::npm("npm's own login") {
        terminal.keys(ESC);
        person::board(&mut terminal);
        person::open(&mut terminal, person::NPM, &["▸ REGISTER", "You (mona) are a maintainer of @acme/widgets."]);
    }
    terminal.keys(ESC);
    person::board(&mut terminal);
    person::finish(&mut terminal);
}
