//! What the built program says of itself for shells and for man: every command of `--help` is in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_untoken")).args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that `--help` lists.
fn commands() -> Vec<String> {
    let help = printed(&["--help"]);
    let (_, list) = help.split_once("Commands:\n").expect("a list of commands");
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names: Vec<String> = lines
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|name| name != "help")
        .collect();
    assert!(names.len() > 10, "{help}");
    names
}

#[test]
fn every_shell_completes_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&command), "{shell} lacks {command}");
        }
        assert!(script.contains("--trust-endpoint") || script.contains("-l trust-endpoint"), "{shell}");
    }
    let refused = run(&["completions", "tcl"]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
}

#[test]
fn bash_reads_its_script() {
    let Ok(mut bash) = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn() else {
        println!("left out: bash, which is not here");
        return;
    };
    bash.stdin.take().unwrap().write_all(printed(&["completions", "bash"]).as_bytes()).unwrap();
    assert!(bash.wait().unwrap().success());
}

#[test]
fn every_command_has_a_page() {
    let whole = printed(&["man"]);
    assert!(whole.contains(".TH untoken 1"), "{whole}");
    for command in commands() {
        assert!(whole.contains(&format!("untoken\\-{command}(1)")), "{command} is not in\n{whole}");
        let page = printed(&["man", &command]);
        assert!(page.contains(&format!(".TH untoken-{command} 1")) && page.contains(".SH SYNOPSIS"), "{page}");
    }
    assert!(printed(&["man", "secrets", "inspect"]).contains("untoken secrets inspect"));
}

#[test]
fn a_page_of_no_command_is_an_error_of_usage() {
    let output = run(&["man", "secrets", "nope"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(told.contains("untoken secrets has no command nope") && told.contains("untoken secrets --help"), "{told}");
}
