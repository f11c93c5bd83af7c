//! An old entry beside the new one: offered after the registration, gone after a yes, and made again by `untoken undo`.

use untoken::sandbox::world::crates_io::Publisher;

use crate::bench::Bench;
use crate::person;
use crate::terminal::ENTER;

const CRATE: &str = "widgets-core";

fn workflows(bench: &Bench) -> Vec<String> {
    let world = bench.sandbox.world();
    world.crates_io.publishers_of(CRATE).iter().map(|held| held.workflow_filename.clone()).collect()
}

/// widgets-core is trusted to an older workflow of this repository, and to one of another.
fn with_old_entries() -> Bench {
    let bench = Bench::new();
    let mut world = bench.sandbox.world();
    for (id, owner, workflow) in [(901, "acme", "publish.yml"), (902, "contoso", "other.yml")] {
        let created_at = world.now();
        world.crates_io.publishers.push(Publisher {
            id,
            krate: CRATE.to_owned(),
            repository_owner: owner.to_owned(),
            repository_owner_id: 1,
            repository_name: "widgets".to_owned(),
            workflow_filename: workflow.to_owned(),
            environment: None,
            created_at,
        });
    }
    drop(world);
    bench
}

#[test]
fn an_old_entry_goes_after_a_yes_and_comes_back_by_undo() {
    let bench = with_old_entries();
    let token = bench.sandbox.publisher_token();
    let mut terminal = bench.start();
    person::go_without(&mut terminal);
    person::to_the_token(&mut terminal, person::CORE, false);
    terminal.paste(&token).keys(ENTER).wait_all(&["read back", "old entry of this repository", "d takes it away"]);
    assert_eq!(workflows(&bench), ["publish.yml", "other.yml", "release.yml"]);
    terminal.keys("d").wait_all(&["entry 901 has workflow publish.yml", "No release has proven"]);
    assert!(!terminal.shows("entry 902"), "{}", terminal.screen());
    terminal.keys("y").wait_all(&["entry 901 is gone, read back", "go on"]).keys(ENTER);
    person::board(&mut terminal);
    let receipt = person::finish(&mut terminal);
    assert!(receipt.contains("no longer trusts"), "{receipt}");
    assert_eq!(workflows(&bench), ["other.yml", "release.yml"]);

    let mut terminal = bench.start_with(&["undo"]);
    terminal.wait("Take back which?").keys("1").keys(ENTER).wait("Paste it").keys(&token).keys(ENTER);
    assert_eq!(terminal.end(), 0);
    assert_eq!(workflows(&bench), ["other.yml", "release.yml", "publish.yml"]);
    bench.assert_nowhere(&token);
}
