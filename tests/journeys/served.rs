//! `untoken demo --serve`: the sandbox in a process of its own, for whoever wants to try untoken, or another tool, against it.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::bench::{UNTOKEN, USUAL, usual_environment};
use crate::person;
use crate::terminal::Terminal;

/// A sandbox that is served, until it is dropped.
struct Served {
    child: Child,
    told: Value,
    root: tempfile::TempDir,
}

impl Served {
    fn start(flags: &[&str]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let mut command = Command::new(UNTOKEN);
        command.args(["demo", "--serve"]).args(flags).env_clear().envs(usual_environment());
        command.env("TMPDIR", root.path()).stdout(Stdio::piped()).stdin(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap();
        Self { child, told, root }
    }

    fn dir(&self) -> PathBuf {
        self.told["dir"].as_str().unwrap().into()
    }

    /// The variables that it tells to set, and no others.
    fn environment(&self) -> Vec<(OsString, OsString)> {
        let told = self.told["env"].as_object().unwrap();
        told.iter().map(|(name, value)| (name.into(), value.as_str().unwrap().into())).collect()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

#[test]
fn what_it_tells_is_enough_to_register_a_crate_and_the_folder_is_private_to_it() {
    let mut served = Served::start(&[]);
    let told = served.told.clone();
    let program = [UNTOKEN.into(), served.dir().into()];
    let mut terminal = Terminal::start(&program, served.root.path(), &served.environment(), USUAL);
    person::go_without(&mut terminal);
    person::register_crates(&mut terminal, person::CORE, false, told["crates_io_token"].as_str().unwrap());
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("registered on crates.io"), "{receipt}");
    assert!(served.dir().starts_with(served.root.path().canonicalize().unwrap()));
    for url in told["urls"].as_object().unwrap().values() {
        assert!(url.as_str().unwrap().starts_with("http://127.0.0.1:"), "{url}");
    }
    served.signal(Signal::TERM);
    assert!(served.child.wait().unwrap().success());
}

#[test]
fn its_faults_are_the_services_and_untoken_names_them() {
    let served = Served::start(&["--fault", "500@crates.io:/api/v1/crates", "--fault", "html@npm:/@acme"]);
    let program = [UNTOKEN.into(), served.dir().into()];
    let mut terminal = Terminal::start(&program, served.root.path(), &served.environment(), (100, 40));
    person::go_without(&mut terminal);
    person::select(&mut terminal, person::CORE);
    terminal.wait_all(&["exists unknown", "500"]);
    person::select(&mut terminal, person::NPM);
    terminal.wait_all(&["exists unknown", "web page"]);
    person::finish(&mut terminal);
}
