//! Killed at a write: wherever the kill falls, each file is one that a whole run makes, and the next run comes to the same end.
//!
//! `strace` kills untoken at its nth system call that changes anything: a file, the journal, a socket, the output. A few points
//! are tried each time; `UNTOKEN_KILLS=200` tries as many, `UNTOKEN_KILLS_FROM` says where to begin.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Command;

use crate::bench::{Bench, UNTOKEN};
use crate::common;
use crate::talk::Talk;

/// Whatever changes something outside the process.
const WRITES: &str = "write,writev,pwrite64,sendto,sendmsg,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,openat,\
                      fsync,fdatasync,ftruncate,fchmod,chmod,linkat";

/// How many points are tried where nobody asks for more.
const USUAL: u32 = 4;

/// What is written in a sitting.
const FILES: [&str; 2] = ["putitoutthere.toml", ".github/workflows/release.yml"];

const BOARD: &str = "Type a number";

/// A world with a signed-in person, and the token for crates.io.
struct Scene {
    bench: Bench,
    token: String,
}

impl Scene {
    fn new() -> Self {
        let mut bench = Bench::new();
        let token = bench.sandbox.publisher_token();
        let github = bench.sandbox.world().github.add_personal_token("mona", &["repo"]);
        bench.set("UNTOKEN_GITHUB_TOKEN", &github);
        Self { bench, token }
    }

    fn files(&self) -> [String; 2] {
        FILES.map(|path| self.bench.read(path))
    }

    /// How many publishers are registered, and whether the environment is guarded.
    fn services(&self) -> (usize, bool) {
        let world = self.bench.sandbox.world();
        let environment = world.github.repos[0].environment("release").unwrap();
        let guarded = format!("{:?}", environment.branches).contains("v*");
        (world.crates_io.publishers_of("widgets-core").len(), guarded)
    }

    /// Goes as far as the sitting goes: registers widgets-core, repairs its job, guards the environment, writes the policies.
    /// `None`: untoken ended on the way.
    fn walk(&self, talk: &mut Talk, mut seen: impl FnMut(&Self)) -> Option<()> {
        talk.try_answer("")?;
        talk.try_hear(&["is that you"])?;
        talk.try_answer("y")?;
        for _ in 0..6 {
            let (_, board) = talk.try_hear(&[BOARD])?;
            seen(self);
            let next = board.rsplit_once("widgets-core on crates.io. Next: ").map(|(_, rest)| rest.split('.').next());
            match next.flatten() {
                Some("register") => {
                    talk.say("1");
                    talk.try_answer("")?;
                    talk.try_hear(&["(not shown; empty goes back): "])?;
                    talk.say(&self.token);
                    talk.try_hear(&["read back", "already so"])?;
                    talk.try_answer("")?;
                }
                Some("repair") => {
                    talk.say("1");
                    talk.try_answer("w")?;
                }
                Some("environment") => {
                    talk.say("1");
                    talk.try_answer("")?;
                    talk.try_hear(&["done: environment", "already so"])?;
                    talk.try_answer("")?;
                }
                Some("declare") => {
                    talk.say("w");
                    talk.try_answer("w")?;
                }
                _ => break,
            }
        }
        talk.say("f");
        talk.try_answer("")?;
        talk.end();
        Some(())
    }
}

#[test]
fn killed_at_any_write_each_file_is_whole_and_the_next_run_comes_to_the_same_end() {
    if Command::new("strace").arg("--version").output().is_err() {
        common::left_out("kills at writes", "strace is not here");
        return;
    }
    let whole = Scene::new();
    let mut states: [BTreeSet<String>; 2] = Default::default();
    let mut note = |scene: &Scene| {
        for (states, now) in states.iter_mut().zip(scene.files()) {
            states.insert(now);
        }
    };
    let mut talk = Talk::piped(whole.bench.command(&["--plain"]));
    whole.walk(&mut talk, &mut note).unwrap_or_else(|| panic!("{}", talk.all()));
    note(&whole);
    let end = (whole.files(), whole.services());
    assert_eq!(end.1, (1, true), "{}", talk.all());

    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let points = number("UNTOKEN_KILLS").unwrap_or(USUAL);
    let from = number("UNTOKEN_KILLS_FROM").unwrap_or(1);
    let mut killed = 0;
    for point in 0..points {
        // Where few are tried they lie far apart: the sitting makes about 200 writes a thread.
        let nth = from + if points == USUAL { 9 + point * 23 } else { point };
        killed += u32::from(survives(nth, &states, &end));
    }
    let _ = writeln!(std::io::stderr(), "{killed} kills at {points} points");
    assert!(killed > 0, "no kill came before the end");
}

/// Whether the kill came before the end. Panics where something is half-written or the next run ends elsewhere.
fn survives(nth: u32, states: &[BTreeSet<String>; 2], end: &([String; 2], (usize, bool))) -> bool {
    let scene = Scene::new();
    let plain = scene.bench.command(&["--plain"]);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={WRITES}")]);
    command.args(["-e", &format!("inject={WRITES}:signal=KILL:when={nth}")]);
    command.arg(UNTOKEN).args(plain.get_args()).current_dir(&scene.bench.dir);
    command.env_clear().envs(scene.bench.environment.iter().cloned());
    let mut talk = Talk::piped(command);
    let ended = scene.walk(&mut talk, |_| {});
    talk.hang_up();
    talk.end();
    for ((path, states), now) in FILES.iter().zip(states).zip(scene.files()) {
        assert!(
            states.contains(&now),
            "killed at write {nth}, {path} is none of the known states:\n{now}\n{}",
            talk.all()
        );
    }

    let mut resumed = Talk::piped(scene.bench.command(&["--plain"]));
    let walked = scene.walk(&mut resumed, |_| {});
    assert!(walked.is_some(), "killed at write {nth}, the next run ended early:\n{}", resumed.all());
    assert_eq!((scene.files(), scene.services()), *end, "killed at write {nth}:\n{}", resumed.all());
    for folder in [scene.bench.dir.clone(), scene.bench.dir.join(".github/workflows")] {
        let left = std::fs::read_dir(folder).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
        let left: Vec<String> = left.filter(|name| name.starts_with(".untoken-writing-")).collect();
        assert_eq!(left, [""; 0], "killed at write {nth}");
    }
    ended.is_none()
}
