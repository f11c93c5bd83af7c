//! A package for JSR and a gem, from nothing to the highest rung that untoken can take them to; and again.

use untoken::sandbox::world::Run;
use untoken::sandbox::world::ruby_gems::{Gem, KeyCode, KeyScope, Publisher, Role, SecondFactor, User, Version};
use untoken::sandbox::{SandboxOptions, World};

use crate::bench::Bench;
use crate::terminal::{DOWN, ENTER, Terminal};
use crate::{person, tools};

const WORKFLOW: &str = "on:
  push:
    tags: [\"v*\"]
permissions: {}
jobs:
  jsr:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - run: npx jsr publish
  gem:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - uses: rubygems/configure-rubygems-credentials@dc5a8d8553e6ee01fc26761a49e99e733d17954a # v2.1.0
      - run: gem build widgets.gemspec && gem push widgets-*.gem
";
const GEMSPEC: &str = "Gem::Specification.new do |spec|
  spec.name = \"widgets\"
  spec.version = \"1.0.0\"
  spec.summary = \"Widgets\"
  spec.license = \"MIT\"
end
";
const JSR: &str = "{\n  \"name\": \"@acme/widgets\",\n  \"version\": \"1.0.0\",\n  \"exports\": \"./mod.ts\"\n}\n";

/// What the person's authenticator shows.
const CODE: &str = "123456";

/// A scope and a gem of mona's; her key, which wants a code for each call.
fn bench() -> (Bench, String) {
    let mut world = World::demo();
    let now = world.now();
    world.jsr.browser_user = "mona".to_owned();
    world.jsr.add_scope("acme", "mona");
    let gems = &mut world.ruby_gems;
    gems.browser_user = "mona".to_owned();
    gems.code = CODE.to_owned();
    gems.users.push(User { handle: "mona".to_owned(), second_factor: SecondFactor::UiAndApi });
    gems.gems.push(Gem {
        name: "widgets".to_owned(),
        owners: vec![("mona".to_owned(), Role::Owner)],
        versions: vec![Version { num: "0.9.0".to_owned(), created_at: now, attested: None }],
        publishers: Vec::new(),
    });
    let key = gems.add_key("mona", &[KeyScope::ConfigureTrustedPublishers], KeyCode::AsAccount, now);
    let bench = Bench::bare(SandboxOptions { world, ..SandboxOptions::default() });
    bench.write("jsr.json", JSR);
    bench.write("mod.ts", "export const widgets = 1;\n");
    bench.write("widgets.gemspec", GEMSPEC);
    bench.write(".github/workflows/release.yml", WORKFLOW);
    bench.git(&["init", "--quiet", "--initial-branch=main"]);
    bench.git(&["remote", "add", "origin", "https://github.com/acme/widgets.git"]);
    bench.commit();
    (bench, key)
}

/// From the first screen to the board, everything read.
#[track_caller]
fn to_the_board(terminal: &mut Terminal) {
    terminal.wait("2 publishing steps").keys(ENTER).wait("see you once").keys("s");
    person::board(terminal);
}

/// Approves JSR's code on its page.
fn approve(bench: &Bench) {
    let waits = bench.sandbox.waiting_pages().into_iter().find(|page| page.url.contains("/auth?code=")).unwrap();
    bench.visit(&waits.url, &[]);
}

/// Types RubyGems' key and code.
#[track_caller]
fn give_key_and_code(terminal: &mut Terminal, key: &str) {
    terminal.wait("RubyGems wants a token").paste(key).wait("not shown)").keys(ENTER);
    terminal.wait("RubyGems wants a one-time code").paste(CODE).wait("(6 characters").keys(ENTER);
}

#[test]
fn both_are_taken_up_the_ladder_and_the_second_run_repeats_nothing() {
    if !tools::git("a package for JSR and a gem") {
        return;
    }
    let (bench, key) = bench();
    let mut first = bench.start();
    to_the_board(&mut first);
    first.wait("next: FIRST PUBLISH").keys(ENTER).wait_all(&["Make @acme/widgets on JSR", "untoken acts"]).keys(ENTER);
    first.wait_all(&["JSR wants to see you once", "Compare", "/auth?code=", "this very code"]);
    approve(&bench);
    first.wait_all(&["made, and read back", "go on"]).keys(ENTER);
    person::board(&mut first);
    // The token is still there: no second code.
    first.wait("next: REGISTER").keys(ENTER).wait_all(&["Link @acme/widgets on JSR", "acme/widgets"]).keys(ENTER);
    first.wait_all(&["entry 700100200, read back", "go on"]).keys(ENTER);
    person::board(&mut first);
    first.keys(DOWN).wait_all(&["widgets · RubyGems", "next: REGISTER"]).keys(ENTER);
    first.wait_all(&["Tell RubyGems", "release.yml"]).keys(ENTER);
    give_key_and_code(&mut first, &key);
    first.wait_all(&["read back", "go on"]).keys(ENTER);
    person::board(&mut first);
    let receipt = person::finish(&mut first);
    assert!(receipt.contains("registered on JSR") && receipt.contains("registered on RubyGems"), "{receipt}");
    assert!(!first.raw().contains(&key), "the key was shown");
    {
        let world = bench.sandbox.world();
        assert_eq!(world.jsr.package("acme", "widgets").unwrap().repository, Some(700_100_200));
        let held = &world.ruby_gems.gem("widgets").unwrap().publishers;
        assert_eq!((held.len(), held[0].owner.as_str(), held[0].workflow.as_str()), (1, "acme", "release.yml"));
    }

    let seen = bench.sandbox.requests().len();
    let mut second = bench.start();
    to_the_board(&mut second);
    second.wait_until("JSR's link read without a sign-in", |screen| {
        screen.contains("@acme/widgets · JSR") && !screen.contains("next: REGISTER") && !screen.contains("next: FIRST")
    });
    second.keys("u");
    give_key_and_code(&mut second, &key);
    second.wait_all(&["read: 1 publisher", "go on"]).keys(ENTER);
    person::board(&mut second);
    second.keys(DOWN).wait("widgets · RubyGems");
    assert!(!second.shows("next: REGISTER"), "{}", second.screen());
    let receipt = person::finish(&mut second);
    assert!(receipt.contains("Nothing was changed"), "{receipt}");
    let changes: Vec<_> = bench.sandbox.requests().split_off(seen).into_iter().filter(|r| r.method != "GET").collect();
    assert!(changes.is_empty(), "{changes:?}");
}

/// The gem is pushed by a reusable workflow that several repositories share; the project says which environment that has.
const CALLING: &str = "on:
  push:
    tags: [\"v*\"]
permissions: {}
jobs:
  gem:
    permissions:
      contents: read
      id-token: write
    uses: ruby-tools/shared/.github/workflows/publish-gem.yml@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v1
";
const SAYING: &str = "[[package]]
name = \"widgets\"
kind = \"gem\"

[package.trust_policy]
workflow = \"publish-gem.yml\"
environment = \"rubygems\"
workflow_repository = \"ruby-tools/shared\"
";

/// From the first screen to the board with the gem alone.
#[track_caller]
fn to_the_gem(terminal: &mut Terminal) {
    terminal.wait("1 publishing step").keys(ENTER).wait("see you once").keys("s");
    the_gem(terminal);
}

/// Waits for the board with the gem alone, everything read.
#[track_caller]
fn the_gem(terminal: &mut Terminal) {
    terminal.wait_until("the board, all read", |screen| {
        screen.contains("look ▸ BOARD") && screen.contains(" 1 package · ") && !screen.contains("reading")
    });
}

/// The gem alone, whose workflow lies in another repository.
fn shared_workflow() -> (Bench, String) {
    let (bench, key) = bench();
    for file in ["jsr.json", "mod.ts"] {
        std::fs::remove_file(bench.dir.join(file)).unwrap();
    }
    bench.write(".github/workflows/release.yml", CALLING);
    (bench, key)
}

#[test]
fn the_environment_of_a_workflow_elsewhere_is_typed_and_its_repository_stays() {
    if !tools::git("the environment of a workflow elsewhere") {
        return;
    }
    let (bench, key) = shared_workflow();
    bench.commit();
    let mut terminal = bench.start();
    to_the_gem(&mut terminal);
    terminal
        .wait("next: REGISTER")
        .keys(ENTER)
        .wait_all(&["The environment of job `gem`", "e name the workflow"])
        .keys("e");
    terminal
        .wait_all(&["workflow file", "publish-gem.yml"])
        .keys(ENTER)
        .wait("environment")
        .keys("rubygems")
        .keys(ENTER);
    terminal.wait_all(&["Tell RubyGems", "rubygems", "workflow repository", "ruby-tools/shared"]).keys(ENTER);
    give_key_and_code(&mut terminal, &key);
    terminal.wait_all(&["read back", "go on"]).keys(ENTER);
    the_gem(&mut terminal);
    terminal.keys("w").wait_all(&["REVIEW", "workflow_repository = \"ruby-tools/shared\""]);
    terminal.keys("w").wait("wrote untoken.toml");
    the_gem(&mut terminal);
    person::finish(&mut terminal);
    let written = bench.read("untoken.toml");
    for line in SAYING.lines() {
        assert!(written.lines().any(|one| one == line), "{line}: {written}");
    }
    let held = bench.sandbox.world().ruby_gems.gem("widgets").unwrap().publishers.clone();
    let home = ("ruby-tools".to_owned(), "shared".to_owned());
    assert_eq!((held.len(), &held[0].workflow_repository), (1, &Some(home)));
}

#[test]
fn a_gem_whose_workflow_lies_in_another_repository_is_registered_and_proven() {
    if !tools::git("a gem whose workflow lies elsewhere") {
        return;
    }
    let (bench, key) = shared_workflow();
    bench.write("untoken.toml", SAYING);
    bench.commit();
    // An entry for a file of the repository itself is another one.
    let own = Publisher {
        id: 41,
        owner: "acme".to_owned(),
        owner_id: 7_000_002,
        repository: "widgets".to_owned(),
        workflow: "publish-gem.yml".to_owned(),
        environment: Some("rubygems".to_owned()),
        workflow_repository: None,
    };
    bench.sandbox.world().ruby_gems.gem_mut("widgets").unwrap().publishers.push(own);

    let mut first = bench.start();
    to_the_gem(&mut first);
    first.wait("next: REGISTER").keys(ENTER);
    first.wait_all(&["Tell RubyGems", "publish-gem.yml", "workflow repository", "ruby-tools/shared"]).keys(ENTER);
    give_key_and_code(&mut first, &key);
    first.wait_all(&["read back", "go on"]).keys(ENTER);
    the_gem(&mut first);
    person::finish(&mut first);
    let home = ("ruby-tools".to_owned(), "shared".to_owned());
    let held = bench.sandbox.world().ruby_gems.gem("widgets").unwrap().publishers.clone();
    assert_eq!((held.len(), &held[1].workflow_repository), (2, &Some(home)));
    assert_eq!((held[1].workflow.as_str(), held[1].environment.as_deref()), ("publish-gem.yml", Some("rubygems")));
    assert_eq!(bench.read("untoken.toml"), SAYING, "it says so already");

    let run = Run {
        repository: "acme/widgets".to_owned(),
        workflow: "ruby-tools/shared/.github/workflows/publish-gem.yml".to_owned(),
        environment: Some("rubygems".to_owned()),
        event: "push".to_owned(),
        run_id: "77".to_owned(),
        sha: "abc".to_owned(),
    };
    bench.sandbox.world().release_gem("widgets", "1.0.0", &run).unwrap();
    let mut second = bench.start();
    to_the_gem(&mut second);
    second.keys("u");
    give_key_and_code(&mut second, &key);
    second.wait_all(&["read: 2 publishers", "go on"]).keys(ENTER);
    the_gem(&mut second);
    assert!(!second.shows("next: REGISTER"), "{}", second.screen());
    second.keys("v").wait_all(&["registered: yes. Entry 2", "1.0.0 was published by OIDC", "publish-gem.yml of ruby-"]);
    second.keys(ENTER);
    the_gem(&mut second);
    person::finish(&mut second);
}

#[test]
fn a_code_that_is_refused_leads_to_a_typed_token() {
    if !tools::git("JSR's refused code") {
        return;
    }
    let (bench, _) = bench();
    let token =
        bench.sandbox.world().jsr.add_token("jsrp_", "mona", untoken::sandbox::world::jsr::Reach::Account, None);
    let mut terminal = bench.start();
    to_the_board(&mut terminal);
    terminal.keys(ENTER).wait("Make @acme/widgets on JSR").keys(ENTER).wait("JSR wants to see you once");
    let waits = bench.sandbox.waiting_pages().into_iter().find(|page| page.url.contains("/auth?code=")).unwrap();
    bench.visit(&waits.url, &[("decision", "deny")]);
    terminal.wait_all(&["JSR wants a token", "you refused it"]).paste(&token).wait("not shown)").keys(ENTER);
    terminal.wait_all(&["made, and read back", "go on"]).keys(ENTER);
    person::board(&mut terminal);
    person::finish(&mut terminal);
    assert!(bench.sandbox.world().jsr.package("acme", "widgets").is_some());
}
