//! The whole demo line by line, through pipes and in a terminal: the same results as on the full screen. And a token that
//! was typed is nowhere afterwards.

use std::ffi::OsString;
use std::process::Command;

use rustix::process::Signal;

use crate::bench::{Bench, UNTOKEN, usual_environment};
use crate::talk::Talk;
use crate::terminal::ENTER;
use crate::{config, tools};

const BOARD: &str = "Type a number";

/// A token of another service.
const OTHERS: &str = "not-a-token-of-this-journey";

/// How the person approves what only a browser can, where the two ways of a conversation differ.
struct Ways<'a> {
    /// Types GitHub's code.
    code: &'a dyn Fn(&mut Talk),
    /// Registers npm's publisher, from the step's own question to its end.
    npm: &'a dyn Fn(&mut Talk),
    /// Saves PyPI's pending publisher, on the step's own question.
    pypi: &'a dyn Fn(&mut Talk),
    /// The token of crates.io, if it is not the one that the demo names.
    token: Option<&'a str>,
}

/// From the first question to the receipt.
fn converse(talk: &mut Talk, cargo: bool, npm: bool, ways: &Ways<'_>) {
    talk.answer("").hear("sign in with a code");
    talk.say("").hear("/login/device");
    (ways.code)(talk);
    talk.hear("is that you");
    talk.answer("y").hear(BOARD);
    if cargo {
        talk.say("2").answer("").hear("seen on crates.io as 0.2.0");
        talk.answer("").hear(BOARD);
        talk.say("2").answer("b").answer("");
    } else {
        talk.say("1").answer("");
    }
    let asked = talk.hear("(not shown; empty goes back): ");
    let named = || asked.split("the token is ").nth(1).unwrap().split_whitespace().next().unwrap();
    talk.say(ways.token.unwrap_or_else(named)).hear("read back");
    talk.answer("").hear(BOARD);
    if npm {
        talk.say("3");
        (ways.npm)(talk);
        talk.answer("").hear(BOARD);
    }
    talk.say("4").hear("/manage/account/publishing/");
    (ways.pypi)(talk);
    talk.answer("").hear("saved there");
    talk.answer("y").hear("you said");
    talk.answer("").hear(BOARD);
    talk.say("w").hear("+[package.trust_policy]");
    talk.answer("w").hear("wrote putitoutthere.toml");
    talk.hear(BOARD);
    talk.say("f").answer("");
    assert_eq!(talk.end(), 0, "{}", talk.all());
}

/// By the real npm, whose question is answered in the same terminal.
fn by_npm(talk: &mut Talk) {
    talk.answer("").hear("A second factor is needed");
    talk.answer("y").hear("Press ENTER to open in the browser");
    talk.say("").hear("done: entry");
}

/// On npm's page: without a terminal npm shows nobody the address of its second factor.
fn in_the_browser(talk: &mut Talk) {
    talk.answer("w").hear("/package/@acme/widgets/access");
    talk.answer("p").hear("the person in the browser has done it");
    talk.answer("").hear("saved there");
    talk.answer("y").hear("you said");
}

/// A demo in a folder of its own: what the conversation said, and the config file before and after.
fn demo(piped: bool) {
    let (cargo, npm) = (tools::cargo("the plain demo's first publish"), tools::npm("the plain demo's npm publisher"));
    let root = tempfile::tempdir().unwrap();
    let mut environment = usual_environment();
    environment.push(("TMPDIR".into(), root.path().into()));
    environment.push(("CARGO_TARGET_DIR".into(), root.path().join("target").into()));
    let program: [OsString; 3] = [UNTOKEN.into(), "demo".into(), "--plain".into()];
    let mut talk = if piped {
        let mut command = Command::new(&program[0]);
        command.args(&program[1..]).env_clear().envs(environment).current_dir(root.path());
        Talk::piped(command)
    } else {
        Talk::in_terminal(&program, root.path(), &environment)
    };
    let dir = talk.hear("/widgets").rsplit(' ').next().unwrap().to_owned();
    let before = std::fs::read_to_string(format!("{dir}/putitoutthere.toml")).unwrap();
    let npms_way = |talk: &mut Talk| {
        if piped {
            in_the_browser(talk);
        } else {
            by_npm(talk);
        }
    };
    let ways = Ways {
        code: &|talk| {
            talk.say("v");
        },
        npm: &npms_way,
        pypi: &|talk| {
            talk.answer("p").hear("the person in the browser has done it");
        },
        token: None,
    };
    converse(&mut talk, cargo, npm, &ways);
    let after = std::fs::read_to_string(format!("{dir}/putitoutthere.toml")).unwrap();
    config::assert_lines_survive(&before, &after);
    assert_eq!(config::policies(&after), config::expected());
    let receipt = talk.rest();
    for words in ["registered on crates.io", "you said", "wrote", "Still open", "The demo's repository stays at"] {
        assert!(receipt.contains(words), "{words}: {receipt}");
    }
    let of_npm = if piped { "is saved on npm" } else { "registered on npm" };
    assert_eq!(receipt.contains(of_npm), npm, "{receipt}");
    assert!(!talk.all().contains("\x1b[?1049h") && (!piped || !talk.all().contains('\x1b')), "no cursor moves");
}

#[test]
fn the_whole_demo_through_pipes() {
    demo(true);
}

#[test]
fn the_whole_demo_line_by_line_in_a_terminal() {
    demo(false);
}

#[test]
fn a_token_that_was_typed_is_in_no_output_no_file_no_argument_and_no_tools_environment() {
    let mut bench = Bench::new();
    // Tokens of other services, which no tool that is called here has any business with.
    bench.set("GH_TOKEN", OTHERS);
    bench.set("PYPI_API_TOKEN", OTHERS);
    let (cargo, npm) = (tools::cargo("the canary's crate"), tools::npm("the canary's npm publisher"));
    let token = bench.sandbox.publisher_token();
    let calls = bench.listen_to(&["cargo", "npm", "git"]);
    let program = [UNTOKEN.into(), "--plain".into(), "-vv".into(), bench.dir.clone().into()];
    let mut talk = Talk::in_terminal(&program, &bench.dir, &bench.environment);
    let ways = Ways {
        code: &|_| bench.type_the_code(),
        npm: &by_npm,
        pypi: &|_| bench.save_pending_publisher(),
        token: Some(&token),
    };
    converse(&mut talk, cargo, npm, &ways);
    bench.assert_registered_once(cargo, npm);
    assert!(!talk.all().contains(&token), "{}", talk.all());
    bench.assert_nowhere(&token);
    assert!(!talk.all().contains(OTHERS), "{}", talk.all());
    let calls = std::fs::read_to_string(calls).unwrap();
    assert!(calls.contains("npm trust") || !npm, "{calls}");
    assert!(!calls.contains(OTHERS) && !calls.lines().any(|line| line.starts_with("UNTOKEN_")), "{calls}");
}

#[test]
fn a_signal_at_the_question_for_a_token_gives_the_terminal_back() {
    let bench = Bench::new();
    let mut terminal = bench.start_with(&["--plain"]);
    terminal.wait("What next? enter").keys(ENTER).wait("s = go on without").keys("s\r").wait(BOARD);
    terminal.keys("1\r").wait("enter = do it").keys(ENTER).wait("not shown");
    // Nothing is typed here: what the kernel brings only after the signal, the restored terminal may echo.
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
}

#[test]
fn an_input_that_ends_early_ends_untoken_and_writes_nothing() {
    let bench = Bench::new();
    let before = bench.read("putitoutthere.toml");
    let mut talk = Talk::piped(bench.command(&["--plain"]));
    talk.answer("").answer("s").hear(BOARD);
    talk.say("w").hear("Nothing is written yet");
    talk.hang_up();
    talk.end();
    assert_eq!(bench.read("putitoutthere.toml"), before);
    assert!(talk.rest().contains("Nothing was changed"), "{}", talk.rest());
}
