//! A repository whose repairs are pushed, its environment guarded and its publishers registered: what the last steps start from.

use untoken::sandbox::world::crates_io::Publisher;

use crate::bench::Bench;
use crate::scene::{HEAD, RELEASE, tags_alone};
use crate::terminal::{ENTER, ESC, Terminal};
use crate::{person, tools};

const CONFIG: &str = "putitoutthere.toml";
const POLICY: &str = "\n[package.trust_policy]\nworkflow = \"release.yml\"\nenvironment = \"release\"\n";

const CRATES: &str = "  crates:
    name: Publish crates
    runs-on: ubuntu-latest
    environment: release
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - uses: rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18
        id: auth
";

const NPM: &str = "  npm:
    runs-on: ubuntu-latest
    environment: release
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
          registry-url: https://registry.npmjs.org
      - run: npm publish --access public
        working-directory: packages/widgets
";

/// The workflow as the repairs leave it: it publishes these crates, and the npm package where that is wanted.
fn workflow(crates: &[&str], npm: bool) -> String {
    let step = |name: &&str| {
        format!(
            "      - run: cargo publish --package {name}\n        env:\n          \
             CARGO_REGISTRY_TOKEN: ${{{{ steps.auth.outputs.token }}}}\n"
        )
    };
    let steps: String = crates.iter().map(step).collect();
    format!("{HEAD}{CRATES}{steps}{}", if npm { NPM } else { "" })
}

/// These crates are registered, their workflow is repaired and pushed, the policy declared right before each of these words of
/// the config, and the environment takes release tags alone. Who sits there is signed in.
pub(crate) fn repaired(bench: &mut Bench, crates: &[&str], npm: bool, before: &[&str]) {
    let workflow = workflow(crates, npm);
    bench.write(RELEASE, &workflow);
    let mut config = bench.read(CONFIG);
    for words in before {
        assert!(config.contains(words), "{words}");
        config = config.replacen(words, &format!("{POLICY}{words}"), 1);
    }
    bench.write(CONFIG, &config);
    if tools::git("the commit of the repaired workflow") {
        bench.commit();
    }
    let token = {
        let mut world = bench.sandbox.world();
        let now = world.now();
        for (id, name) in (1..).zip(crates) {
            world.crates_io.publishers.push(Publisher {
                id,
                krate: (*name).to_owned(),
                repository_owner: "acme".to_owned(),
                repository_owner_id: 7_000_002,
                repository_name: "widgets".to_owned(),
                workflow_filename: "release.yml".to_owned(),
                environment: Some("release".to_owned()),
                created_at: now,
            });
        }
        let repo = &mut world.github.repos[0];
        repo.files.insert(RELEASE.to_owned(), workflow.into_bytes());
        tags_alone(repo);
        world.github.add_personal_token("mona", &["repo"])
    };
    bench.set("UNTOKEN_GITHUB_TOKEN", &token);
}

/// To the board, with crates.io's lists read, and npm's where that is wanted.
#[track_caller]
pub(crate) fn to_the_board(bench: &Bench, terminal: &mut Terminal, npms_list: bool) {
    terminal.wait(CONFIG).keys(ENTER).wait_all(&["mona", "is that you"]).keys("y");
    person::board(terminal);
    let token = bench.sandbox.publisher_token();
    terminal.keys("u").wait("crates.io wants a token").paste(&token).wait(&format!("({} characters", token.len()));
    terminal.keys(ENTER).wait_all(&["read: 1 publisher", "go on"]).keys(ENTER);
    if tools::npm("npm's list") {
        terminal.wait("A second factor is needed");
        if npms_list {
            terminal.keys("y");
            person::open_npms_page(terminal);
            terminal.wait_all(&["read: 1 publisher", "go on"]).keys(ENTER);
        } else {
            terminal.keys(ESC);
        }
    }
    person::board(terminal);
}
