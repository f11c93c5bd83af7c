//! The first publish: what each way makes public, and that the commands which a dry run prints are the ones that work.

use std::process::Command;

use crate::bench::{Bench, executable};
use crate::person;
use crate::terminal::{ENTER, ESC};
use crate::tools;

/// The sample repository, with none of its packages on npm.
fn without_npm() -> Bench {
    let bench = Bench::new();
    bench.sandbox.world().npm.packages.clear();
    bench
}

#[test]
fn a_name_that_is_staged_shows_a_shell_of_npms_own_and_no_code() {
    if !tools::npm("staging a new name") {
        return;
    }
    let bench = without_npm();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::open(&mut terminal, person::NPM, &["▸ FIRST PUBLISH", "▸ the real version, 0.2.0"]);
    terminal.keys("w").wait_all(&["▸ the same, staged (reported)", "0.0.0-stage under the tag latest"]);
    terminal.keys(ENTER).wait("done: seen on npm as 0.0.0-stage").keys(ENTER);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("@acme/widgets"), "{receipt}");
    let world = bench.sandbox.world();
    let package = world.npm.package("@acme/widgets").unwrap();
    assert!(package.versions.iter().map(|version| version.num.as_str()).eq(["0.0.0-stage"]));
    assert!(world.npm.staged.iter().map(|staged| staged.num.as_str()).eq(["0.2.0"]));
}

#[test]
fn a_placeholder_is_chosen_knowingly_and_holds_nothing_of_the_checkout() {
    if !tools::npm("an npm placeholder") || !tools::cargo("a crate's placeholder") {
        return;
    }
    let bench = without_npm();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::open(&mut terminal, person::NPM, &["▸ FIRST PUBLISH"]);
    terminal.keys("w").wait("▸ the same, staged").keys("w").wait_all(&["▸ a placeholder", "0.0.0-placeholder, empty"]);
    terminal.wait("npm's terms forbid").keys(ENTER);
    person::open_npms_page(&mut terminal);
    terminal.wait("done: seen on npm as 0.0.0-placeholder").keys(ENTER);
    person::board(&mut terminal);
    person::open(&mut terminal, person::MACROS, &["▸ FIRST PUBLISH"]);
    terminal.keys("w").wait_all(&["▸ a placeholder", "disallows what only holds a name"]);
    terminal.keys(ENTER).wait("done: seen on crates.io as 0.0.0-placeholder").keys(ENTER);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    let world = bench.sandbox.world();
    let package = world.npm.package("@acme/widgets").unwrap();
    let [version] = package.versions.as_slice() else { panic!("{:?}", package.versions) };
    assert_eq!(version.num, "0.0.0-placeholder");
    assert!(version.manifest["description"].as_str().unwrap().contains("holds no code"), "{:?}", version.manifest);
    assert!(version.manifest.get("scripts").is_none() && version.manifest.get("dependencies").is_none());
    let numbers: Vec<_> =
        world.crates_io.krate("widgets-macros").unwrap().versions.iter().map(|v| v.num.clone()).collect();
    assert_eq!(numbers, ["0.0.0-placeholder"]);
}

#[test]
fn the_commands_of_a_dry_run_do_nothing_when_printed_and_work_when_typed() {
    if !tools::cargo("typing a dry run's commands") {
        return;
    }
    let bench = Bench::new();
    let output = bench.command(&["--dry-run"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && text.ends_with("nothing was changed, and none of these commands was run.\n"),
        "{text}"
    );
    assert!(bench.sandbox.world().crates_io.krate("widgets-macros").is_none());

    // For machines the same, way by way.
    let output = bench.command(&["plan", "--json"]).output().unwrap();
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = plan["packages"].as_array().unwrap();
    let macros = packages.iter().find(|package| package["name"] == "widgets-macros").unwrap();
    let ways = macros["steps"][0]["ways"].as_array().unwrap();
    assert!(ways.iter().map(|way| way["what"].as_str().unwrap()).eq(["the real version, 0.2.0", "a placeholder"]));
    assert!(ways.iter().all(|way| way["who"] == "terminal" && way["leaves_public"].is_string()), "{ways:?}");

    // The first way of the one crate that is not there.
    let (_, of_macros) = text.split_once("way 1: the real version, 0.2.0").unwrap();
    let (first, others) = of_macros.split_once("way 2: ").unwrap();
    assert!(others.contains("a placeholder") && others.contains("Cargo.toml"), "{others}");
    let private = bench.dir.parent().unwrap().join("by-hand");
    std::fs::create_dir(&private).unwrap();
    let typed: Vec<&str> = first.lines().filter_map(|line| line.trim().strip_prefix("$ ")).collect();
    assert_eq!(typed.len(), 2, "{first}");
    for line in typed {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(&bench.dir).env_clear().envs(bench.environment.iter().cloned());
        let output = shell.env("PRIVATE", &private).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(bench.sandbox.world().crates_io.krate("widgets-macros").unwrap().versions[0].num, "0.2.0");
}

#[test]
fn what_staging_needs_of_npm_and_node_is_told_where_the_way_is_chosen() {
    if !tools::git("a checkout of a package that npm does not have") {
        return;
    }
    let bench = without_npm();
    let old =
        ["`npm stage` needs npm 11.15.0 or newer, and yours is 11.14.9", "node 22.14.0 or newer, and yours is 22.13.1"];
    bench.pretend("npm", "11.14.9");
    bench.pretend("node", "v22.13.1");
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    // Beside the name of the way, before it is taken.
    person::open(&mut terminal, person::NPM, &["▸ FIRST PUBLISH", "staged (reported) – npm 11.14.9 is too old"]);
    terminal
        .keys("w")
        .wait("▸ the same, staged")
        .wait_all(&["✗ `npm stage` needs npm 11.15.0", "✗ `npm stage` needs node"]);
    terminal.keys(ESC);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    let dry = bench.printed(&["--dry-run"]);
    let (_, staged) = dry.split_once("way 2: the same, staged").unwrap();
    let (staged, _) = staged.split_once("way 3: ").unwrap();
    for what in old {
        assert!(staged.contains(what) && dry.matches(what).count() == 1, "{dry}");
    }
    let json: serde_json::Value = serde_json::from_str(&bench.printed(&["plan", "--json"])).unwrap();
    let npm = json["packages"].as_array().unwrap().iter().find(|one| one["registry"] == "npm").unwrap();
    let unmet = npm["steps"][0]["ways"].as_array().unwrap().iter().map(|way| way["unmet"].as_array().unwrap().len());
    assert!(unmet.eq([0, 2, 0]), "{npm}");

    bench.pretend("npm", "11.15.0");
    bench.pretend("node", "v22.14.0");
    assert!(!bench.printed(&["--dry-run"]).contains("not here"), "just new enough");
    bench.pretend("node", "no version");
    assert!(
        bench
            .printed(&["--dry-run"])
            .contains("unknown: `npm stage` needs node 22.14.0 or newer, and yours did not tell")
    );
}

#[test]
fn an_npm_without_trust_leads_the_plan_to_the_page() {
    let bench = Bench::new();
    bench.pretend("npm", "11.14.9");
    let page = format!("{}/package/@acme/widgets/access", bench.sandbox.urls().npm);
    let why = "not here: `npm trust` needs npm 11.15.0 or newer, and yours is 11.14.9";
    let plan = bench.printed(&["plan"]);
    let (_, register) = plan.split_once("Tell npm which workflow may publish @acme/widgets.").unwrap();
    let (register, _) = register.split_once(" repair").unwrap();
    assert!(register.contains(why) && register.contains(&page) && !register.contains("npm trust github"), "{register}");
    bench.pretend("npm", "11.15.0");
    let plan = bench.printed(&["plan"]);
    assert!(plan.contains("npm trust github @acme/widgets") && !plan.contains("not here"), "{plan}");
}

#[test]
fn settings_above_the_temporary_folder_are_kept_away_from_the_token() {
    if !tools::cargo("publishing below somebody else's settings") || !tools::git("the same") {
        return;
    }
    // A temporary folder that others write to as well, or one in the checkout: cargo reads the settings of every folder above.
    let mut bench = Bench::new();
    let shared = bench.state.with_file_name("shared");
    let (temporary, provider, used) = (shared.join("tmp"), shared.join("provider"), shared.join("used"));
    std::fs::create_dir_all(&temporary).unwrap();
    std::fs::create_dir(shared.join(".cargo")).unwrap();
    executable(&provider, &format!("#!/bin/sh\nenv > '{}'\n", used.display()));
    let settings = format!("[registries.untoken]\ncredential-provider = [\"{}\"]\n", provider.display());
    std::fs::write(shared.join(".cargo/config.toml"), settings).unwrap();
    bench.set("TMPDIR", &temporary);
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::publish_first(&mut terminal);
    person::finish(&mut terminal);
    assert!(!used.exists());
}
