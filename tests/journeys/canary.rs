//! Recognisable secrets in every place that can hold one; then every command runs, and none of what it leaves behind holds them:
//! no output, log, journal, temporary file, argument or environment of a tool.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::bench::Bench;
use crate::talk::Talk;
use crate::tools;

/// What every planted secret ends with.
const TAIL: &str = "CANARY0not0a0real0token0Zz9";

/// Where each was planted, by its beginning.
struct Planted(BTreeMap<String, &'static str>);

impl Planted {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// A secret of its own for a place.
    fn at(&mut self, place: &'static str, prefix: &str) -> String {
        let token = format!("{prefix}{:02}{TAIL}", self.0.len());
        self.0.insert(token.clone(), place);
        token
    }

    #[track_caller]
    fn assert_not_in(&self, what: &str, text: &[u8]) {
        for (token, place) in &self.0 {
            let found = text.windows(token.len()).any(|window| window == token.as_bytes());
            assert!(!found, "the secret in {place} stands in {what}:\n{}", String::from_utf8_lossy(text));
        }
    }
}

/// Plants in files of the checkout and of the home.
fn plant(bench: &mut Bench, planted: &mut Planted) {
    let home = PathBuf::from(bench.variable("HOME"));
    let put = |path: &Path, text: String| {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    };
    let own = planted.at("a script of a workflow", "cio");
    let env = planted.at("an env of a workflow", "pypi-");
    let input = planted.at("an input of an action", "npm_");
    put(
        &bench.dir.join(".github/workflows/leaky.yml"),
        format!(
            "on: push\njobs:\n  leak:\n    runs-on: ubuntu-latest\n    env:\n      TWINE_PASSWORD: {env}\n    steps:\n      \
             - run: cargo publish -p widgets-core --token {own}\n      - run: twine upload dist/*\n      \
             - uses: JS-DevTools/npm-publish@v3\n        with:\n          token: {input}\n"
        ),
    );
    let npmrc = |token: &str| format!("\n//registry.npmjs.org/:_authToken={token}\n");
    put(&bench.dir.join(".npmrc"), npmrc(&planted.at("the project's .npmrc", "npm_")));
    put(
        &home.join(".pypirc"),
        format!("[pypi]\nusername = __token__\npassword = {}\n", planted.at(".pypirc", "pypi-")),
    );
    let credentials = planted.at("cargo's credentials", "cio");
    put(&home.join(".cargo/credentials.toml"), format!("[registries.other]\ntoken = \"{credentials}\"\n"));
    put(&home.join(".gem/credentials"), format!("---\n:rubygems_api_key: {}\n", planted.at("gem's", "rubygems_")));
    for (name, prefix) in [
        ("PYPI_API_TOKEN", "pypi-"),
        ("CARGO_REGISTRY_TOKEN_OLD", "cio"),
        ("JSR_TOKEN", "jsrp_"),
        ("GH_TOKEN", "ghp_"),
        ("MY_PASSWORD", "x-"),
    ] {
        let token = planted.at("a variable", prefix);
        bench.set(name, token);
    }
    let url = format!("https://mona:{}@github.com/acme/widgets.git", planted.at("the remote's address", "ghp_"));
    bench.git(&["remote", "set-url", "origin", &url]);
    bench.commit();
}

#[test]
fn no_command_lets_a_secret_out_of_its_place() {
    if !tools::git("canaries in a checkout") {
        return;
    }
    let mut bench = Bench::new();
    let mut planted = Planted::new();
    plant(&mut bench, &mut planted);
    let calls = bench.listen_to(&["cargo", "npm", "git", "gh"]);

    for arguments in [
        &["scan"][..],
        &["scan", "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["doctor", "--format", "sarif"],
        &["doctor", "--format", "github"],
        &["doctor", "--online"],
        &["plan"],
        &["plan", "--format", "markdown"],
        &["plan", "--json"],
        &["status", "-v"],
        &["status", "--json"],
        &["secrets"],
        &["secrets", "--json"],
        &["secrets", "--csv"],
        &["workflow"],
        &["undo"],
        &["auth", "status"],
        &["secrets", "inspect", "--env", "PYPI_API_TOKEN"],
    ] {
        let all: Vec<&str> = arguments.iter().copied().chain(["-vv"]).collect();
        let output = bench.command(&all).stdin(Stdio::null()).output().unwrap();
        if arguments == ["doctor"] {
            let said = String::from_utf8_lossy(&output.stdout);
            assert_eq!(said.matches("UT057").count(), 3, "each token in the workflow is told:\n{said}");
        }
        planted.assert_not_in(&format!("the results of {arguments:?}"), &output.stdout);
        planted.assert_not_in(&format!("the notes of {arguments:?}"), &output.stderr);
        let said = output.stdout.len() + output.stderr.len();
        assert!(said > 40 && output.status.code() != Some(2), "{arguments:?} ended with {}", output.status);
    }

    // A sitting, with a mended workflow: what goes out of it is shown as a diff and kept for undo.
    let mut talk = Talk::piped(bench.command(&["--plain", "-vv"]));
    talk.answer("").answer("s").hear("Type a number");
    talk.say("1").answer("").hear("(not shown; empty goes back): ");
    talk.say(&bench.sandbox.publisher_token()).hear("read back");
    talk.answer("").hear("Type a number");
    let review = talk.say("1").hear("What next?");
    assert!(review.contains("release.yml"), "{review}");
    talk.hear(": ");
    talk.say("w").hear("Type a number");
    let patched = talk.say("w").hear("Type a number");
    assert!(patched.contains("trust_policy"), "{patched}");
    talk.say("x").answer("back").hear("Type a number");
    for row in ["1", "4"] {
        talk.say(row).answer("back").hear("Type a number");
    }
    talk.say("f").answer("");
    talk.end();
    planted.assert_not_in("a sitting", talk.all().as_bytes());

    let calls = std::fs::read(calls).unwrap();
    planted.assert_not_in("the arguments of a tool", &arguments_of(&calls));
    let mut files = 0;
    for folder in ["state", "tmp"] {
        bench.each_file(folder, |path, bytes| {
            files += 1;
            planted.assert_not_in(&path.display().to_string(), &bytes);
        });
    }
    assert!(files > 1, "only {files} files were looked at");
}

/// Of what was written down about the calls of tools, the commands: their environment is that of this process, which the
/// person gave; those that untoken must keep from them are held by another journey.
fn arguments_of(calls: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(calls);
    let commands =
        text.lines().filter(|line| ["cargo ", "npm ", "git ", "gh "].iter().any(|tool| line.starts_with(tool)));
    commands.collect::<Vec<_>>().join("\n").into_bytes()
}
