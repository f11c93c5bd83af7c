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

/// What `untoken plan --format markdown` prints.
fn markdown(bench: &Bench) -> String {
    bench.printed(&["plan", "--format", "markdown"])
}

#[test]
fn a_plan_in_markdown_holds_the_messages_for_those_who_may() {
    if !tools::npm("npm's own login beside a plan") {
        return;
    }
    let mut bench = adas();
    let token = bench.sandbox.world().github.add_personal_token("mona", &["repo"]);
    bench.set("UNTOKEN_GITHUB_TOKEN", &token);
    let plan = markdown(&bench);
    let heading = "### To hand over: Tell crates.io that this workflow may publish widgets-core\n";
    let (_, message) = plan.split_once(heading).unwrap_or_else(|| panic!("{plan}"));
    let (message, _) = message.split_once("\n## ").unwrap();
    let page = format!("Open <{}/crates/widgets-core/settings/new-trusted-publisher>", bench.sandbox.urls().crates_io);
    for part in ["> mona is not among the owners: octocat.", &page, "| Repository owner | `acme` |", "Save the form"] {
        assert!(message.contains(part), "{part:?} is not in: {message}");
    }
    // mona maintains the npm package and administers the repository: that is hers to do.
    assert_eq!(plan.matches("### To hand over").count(), 1, "{plan}");
    assert!(!plan.contains(&token));

    // Nobody is signed in, and npm says of nobody who it is.
    bench.set("UNTOKEN_GITHUB_TOKEN", "");
    bench.set("NPM_CONFIG_USERCONFIG", "/dev/null");
    let plan = markdown(&bench);
    let asked: Vec<&str> = plan.lines().filter_map(|line| line.strip_prefix("### To hand over: ")).collect();
    let known = [
        "Tell crates.io that this workflow may publish widgets-core",
        "Guard the environment release on GitHub",
        "Tell npm that this workflow may publish @acme/widgets",
    ];
    assert_eq!(asked, known, "an environment of several packages is asked for once");
    assert!(
        plan.contains("> Whether you are among the maintainers cannot be read: your own tool is not logged in there.")
    );
}
