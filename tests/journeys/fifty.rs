//! Fifty packages of one registry in one sitting: what a person presses and approves, and what the services are asked.
//!
//! The figures stand in docs/fifty.md too, and a test holds them equal.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use untoken::sandbox::World;
use untoken::sandbox::world::npm::ApprovalState;

use crate::bench::Bench;
use crate::terminal::{ENTER, HOME, Terminal};
use crate::{person, tools};

const FIFTY: usize = 50;
/// How many packages outlast an approval where npm is slow.
const DOZEN: usize = 12;
/// How long fifty packages may take on a busy machine.
const LONG: Duration = Duration::from_secs(600);
/// By how much the services' clock moves with each call of npm: five minutes are 80 calls, as npm's documentation has it.
const NPM_CALL: TimeDelta = TimeDelta::milliseconds(3750);

/// The same where npm is so slow that a dozen packages outlast an approval, which is good for twenty calls then.
const SLOW_CALL: TimeDelta = TimeDelta::seconds(15);

/// A terminal that counts the keys. A paste is one.
struct Counted {
    terminal: Terminal,
    keys: usize,
}

impl Counted {
    fn press(&mut self, key: &str) -> &mut Self {
        self.keys += 1;
        self.terminal.keys(key);
        self
    }

    fn paste(&mut self, text: &str) -> &mut Self {
        self.keys += 1;
        self.terminal.paste(text);
        self
    }

    #[track_caller]
    fn wait(&mut self, text: &str) -> &mut Self {
        self.terminal.wait(text);
        self
    }
}

/// So many packages that exist and are published by a workflow with a token.
fn repository(world: World, crates: bool, many: usize) -> Bench {
    let bench = Bench::bare(untoken::sandbox::SandboxOptions { world, ..Default::default() });
    let step = if crates { "cargo publish --workspace" } else { "npm publish --workspaces" };
    bench.write(
        ".github/workflows/release.yml",
        &format!("on:\n  push:\n    tags: [\"v*\"]\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: {step}\n"),
    );
    if crates {
        bench.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
    } else {
        bench.write("package.json", r#"{"private": true, "workspaces": ["packages/*"]}"#);
    }
    for number in 1..=many {
        if crates {
            let manifest = format!(
                "[package]\nname = \"fifty-{number:02}\"\nversion = \"1.0.0\"\nlicense = \"MIT\"\ndescription = \"x\"\n"
            );
            bench.write(&format!("crates/c{number:02}/Cargo.toml"), &manifest);
        } else {
            let manifest = format!(
                r#"{{"name": "@acme/fifty-{number:02}", "version": "1.0.0", "repository": "github:acme/widgets"}}"#
            );
            bench.write(&format!("packages/p{number:02}/package.json"), &manifest);
        }
    }
    bench.git(&["init", "--quiet", "--initial-branch=main"]);
    bench.git(&["remote", "add", "origin", "https://github.com/acme/widgets.git"]);
    bench.commit();
    let mut world = bench.sandbox.world();
    let mut krate = world.crates_io.crates.remove(0);
    let mut package = world.npm.packages.remove(0);
    for number in 1..=many {
        if crates {
            krate.id += 1_000;
            krate.name = format!("fifty-{number:02}");
            world.crates_io.crates.push(krate.clone());
        } else {
            package.name = format!("@acme/fifty-{number:02}");
            world.npm.packages.push(package.clone());
        }
    }
    drop(world);
    bench
}

/// From the first screen to the register step of all of them, without a sign-in.
fn to_the_step(bench: &Bench, many: usize) -> Counted {
    let mut sitting = Counted { terminal: bench.start(), keys: 0 };
    sitting.wait(&format!("{many}: ")).press(ENTER).wait("see you once").press("s");
    person::board(&mut sitting.terminal);
    sitting
        .press(HOME)
        .press(ENTER)
        .wait(&format!("The same step is open for {} more", many - 1))
        .press("b")
        .wait(&format!("{many} packages ▸ REGISTER"));
    sitting
}

/// What the services were asked, by method and what follows the name of the package.
fn asked(bench: &Bench) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for request in bench.sandbox.requests() {
        let kind = if request.path.contains("github_configs") || request.path.ends_with("/trust") {
            "publishers"
        } else if request.path.ends_with("/owners") {
            "owners"
        } else if request.path.contains("/-/") || request.path.starts_with("/auth") {
            "other"
        } else {
            "public"
        };
        *counts.entry(format!("{} {} {kind}", request.service, request.method)).or_default() += 1;
    }
    counts
}

/// The figures as docs/fifty.md has them, a line each.
#[track_caller]
fn hold(title: &str, figures: &[(&str, usize)]) {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/fifty.md")).unwrap();
    for (what, count) in figures {
        let line = format!("| {title} | {what} | {count} |");
        assert!(page.contains(&line), "docs/fifty.md lacks {line}; all of them: {figures:?}");
    }
}

#[test]
fn fifty_crates_take_one_token_and_nine_keys() {
    if !tools::git("fifty crates") {
        return;
    }
    let bench = repository(World::demo(), true, FIFTY);
    let token = bench.sandbox.publisher_token();
    let mut sitting = to_the_step(&bench, FIFTY);
    sitting.press(ENTER).wait("crates.io wants a token").paste(&token).press(ENTER);
    sitting.terminal.wait_long(LONG, |screen| screen.contains("go on") && screen.contains("read back"));
    sitting.press(ENTER);
    person::board(&mut sitting.terminal);
    {
        let world = bench.sandbox.world();
        for number in 1..=FIFTY {
            assert_eq!(world.crates_io.publishers_of(&format!("fifty-{number:02}")).len(), 1, "{number}");
        }
        assert_eq!(world.crates_io.mails.len(), FIFTY, "one owner each");
    }
    let asked = asked(&bench);
    let count = |kind: &str| asked.get(kind).copied().unwrap_or_default();
    hold(
        "crates.io",
        &[
            ("keys and pastes", sitting.keys),
            ("tokens typed", 1),
            ("public reads", count("crates.io GET public")),
            ("owners read", count("crates.io GET owners")),
            ("lists read", count("crates.io GET publishers")),
            ("entries sent", count("crates.io POST publishers")),
        ],
    );
}

/// Registers so many packages of npm, each call so long after the one before; the figures, each with its name.
fn npm_packages(many: usize, call: TimeDelta, announced: usize) -> Vec<(&'static str, usize)> {
    let mut world = World::demo();
    world.stand_still();
    world.npm.call_takes = call;
    let bench = repository(world, false, many);
    let mut sitting = to_the_step(&bench, many);
    let calls = format!("take {} calls of npm", many * 3);
    let approvals = format!("about {announced} approval");
    sitting.wait(&calls).wait(&approvals).press(ENTER);
    sitting.wait("A second factor").press("y").wait("Press ENTER to open in the browser").press(ENTER);
    sitting.terminal.wait_long(LONG, |screen| screen.contains("Approval 2 of about"));
    sitting.press("y").wait("Press ENTER to open in the browser").press(ENTER);
    sitting.terminal.wait_long(LONG, |screen| screen.contains("go on") && screen.contains("read back"));
    sitting.press(ENTER);
    person::board(&mut sitting.terminal);
    let world = bench.sandbox.world();
    for number in 1..=many {
        assert_eq!(world.npm.package(&format!("@acme/fifty-{number:02}")).unwrap().publishers.len(), 1, "{number}");
    }
    let approved = world.npm.approvals.iter().filter(|one| one.state != ApprovalState::Waiting).count();
    drop(world);
    let asked = asked(&bench);
    let count = |kind: &str| asked.get(kind).copied().unwrap_or_default();
    vec![
        ("keys", sitting.keys),
        ("approvals in the browser", approved),
        ("public reads", count("npm GET public")),
        ("lists asked for", count("npm GET publishers")),
        ("entries sent", count("npm POST publishers")),
    ]
}

#[test]
fn a_dozen_npm_packages_outlast_an_approval_and_go_on_with_the_next() {
    if !tools::git("a dozen npm packages") || !tools::npm("a dozen npm packages") {
        return;
    }
    let figures = npm_packages(DOZEN, SLOW_CALL, 1);
    // An approval costs the call that was refused, and the two of the page; twenty calls later the next one is due. One public
    // read more tells whether the person is among the maintainers.
    let expected = [
        ("keys", 11),
        ("approvals in the browser", 2),
        ("public reads", DOZEN + 1),
        ("lists asked for", 2 * DOZEN + 6),
        ("entries sent", DOZEN),
    ];
    assert_eq!(figures, expected);
}

#[test]
fn fifty_npm_packages_are_counted() {
    if !tools::git("fifty npm packages") || !tools::npm("fifty npm packages") {
        return;
    }
    hold("npm", &npm_packages(FIFTY, NPM_CALL, 2));
}
