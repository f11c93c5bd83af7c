//! The commands that publish: which tools, which of their words, and what those words say about package, place and token.
//!
//! One table row a tool. A new tool is a new row; nothing else branches on a tool or a registry.

use crate::model::Registry;

use super::credentials::{Credential, Scope};
use super::packages::Mention;
use super::shell::Command;

/// A tool that publishes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tool {
    /// Its program.
    program: &'static str,
    /// The words after it that publish, any of them: `["npm publish"]` is `yarn npm publish`.
    verbs: &'static [&'static str],
    /// Options and words before the verb that take a value: `-C DIR`, `workspace NAME`.
    leading: &'static [&'static str],
    /// Words before the verb that apply it to many packages.
    passes: &'static [&'static str],
    /// Without one of these it publishes nothing.
    requires: &'static [&'static str],
    /// With one of these it publishes nothing.
    forbids: &'static [&'static str],
    /// What its options mean.
    pub(super) options: &'static Options,
    /// Whether it publishes every package that changed, whatever its folder.
    pub(super) all: bool,
}

/// What a family of tools calls things.
#[derive(Debug)]
pub(super) struct Options {
    /// Where it publishes to.
    pub(super) registry: Registry,
    /// Options whose value names another place, unless it is one of `main`.
    pub(super) destination: &'static [&'static str],
    /// Variables that do the same.
    pub(super) destination_variables: &'static [&'static str],
    /// Names and hosts of the main registry.
    pub(super) main: &'static [&'static str],
    /// Options whose value is a token.
    pub(super) token: &'static [&'static str],
    /// Variables that hold a token.
    pub(super) token_variables: &'static [&'static str],
    /// Options whose value names a package.
    pub(super) package: &'static [&'static str],
    /// Options whose value is a folder.
    pub(super) folder: &'static [&'static str],
    /// Options that mean all packages.
    pub(super) all: &'static [&'static str],
    /// Whether a bare word after the verb is a folder or a file of the package.
    pub(super) bare_folder: bool,
    /// Texts in an earlier step that log in with a token.
    pub(super) login: &'static [&'static str],
    /// Actions that exchange the OIDC token, without their ref.
    pub(super) exchange: &'static [&'static str],
}

/// cargo and what wraps it.
pub(super) const CARGO: Options = Options {
    registry: Registry::CratesIo,
    destination: &["--registry", "--index"],
    destination_variables: &["CARGO_REGISTRY_DEFAULT"],
    main: &["crates-io"],
    token: &["--token"],
    token_variables: &["CARGO_REGISTRY_TOKEN", "CARGO_REGISTRIES_CRATES_IO_TOKEN"],
    package: &["-p", "--package"],
    folder: &["-C", "--manifest-path"],
    all: &["--workspace", "--all"],
    bare_folder: false,
    login: &["cargo login"],
    exchange: &["rust-lang/crates-io-auth-action"],
};

/// npm, its siblings and what wraps them.
pub(super) const NPM: Options = Options {
    registry: Registry::Npm,
    destination: &["--registry", "--@jsr:registry"],
    destination_variables: &["NPM_CONFIG_REGISTRY", "npm_config_registry", "YARN_NPM_PUBLISH_REGISTRY"],
    main: &["registry.npmjs.org", "registry.npmjs.com", "registry.yarnpkg.com"],
    token: &["--//registry.npmjs.org/:_authToken"],
    token_variables: &[
        "NODE_AUTH_TOKEN",
        "NPM_TOKEN",
        "NPM_AUTH_TOKEN",
        "NPM_CONFIG_TOKEN",
        "YARN_NPM_AUTH_TOKEN",
        "npm_config__authToken",
        "NPM_CONFIG__AUTH",
        "NPM_CONFIG__AUTHTOKEN",
    ],
    package: &["--filter", "-F", "-w", "--workspace", "workspace"],
    folder: &["-C", "--prefix", "--dir", "--cwd"],
    all: &["-r", "--recursive", "--workspaces", "-ws", "foreach"],
    bare_folder: true,
    login: &["_authToken", "npmAuthToken", "npm-cli-login", "_auth="],
    exchange: &[],
};

/// Python's tools.
pub(super) const PYTHON: Options = Options {
    registry: Registry::Pypi,
    destination: &["--repository", "-r", "--repository-url", "--publish-url", "--index", "--repo", "--index-url"],
    destination_variables: &[
        "TWINE_REPOSITORY",
        "TWINE_REPOSITORY_URL",
        "UV_PUBLISH_URL",
        "UV_PUBLISH_INDEX",
        "MATURIN_REPOSITORY",
        "MATURIN_REPOSITORY_URL",
        "HATCH_INDEX_REPO",
        "FLIT_INDEX_URL",
        "PDM_PUBLISH_REPO",
    ],
    main: &["pypi", "main", "pypi.org", "upload.pypi.org", "pypi.python.org"],
    token: &["--password", "-p", "--token", "-t", "--auth", "-a"],
    token_variables: &[
        "TWINE_PASSWORD",
        "UV_PUBLISH_TOKEN",
        "UV_PUBLISH_PASSWORD",
        "POETRY_PYPI_TOKEN_PYPI",
        "POETRY_HTTP_BASIC_PYPI_PASSWORD",
        "FLIT_PASSWORD",
        "HATCH_INDEX_AUTH",
        "PDM_PUBLISH_PASSWORD",
        "MATURIN_PYPI_TOKEN",
        "MATURIN_PASSWORD",
    ],
    package: &["--package"],
    folder: &["-C", "--directory", "--project", "-m", "--manifest-path"],
    all: &[],
    bare_folder: false,
    login: &["pypi-token.pypi", "http-basic.pypi", ".pypirc"],
    exchange: &[],
};

const fn tool(program: &'static str, verbs: &'static [&'static str], options: &'static Options) -> Tool {
    Tool { program, verbs, leading: &[], passes: &[], requires: &[], forbids: &[], options, all: false }
}

/// The tools, each with its verbs.
pub(super) const TOOLS: &[Tool] = &[
    Tool { leading: &["-C", "--config", "-Z", "--color"], ..tool("cargo", &["publish"], &CARGO) },
    Tool {
        requires: &["--execute", "-x"],
        forbids: &["--no-publish"],
        all: true,
        ..tool("cargo", &["release"], &CARGO)
    },
    Tool { all: true, ..tool("cargo", &["workspaces publish", "ws publish"], &CARGO) },
    Tool { requires: &["--execute"], all: true, ..tool("cargo", &["smart-release"], &CARGO) },
    Tool { all: true, ..tool("release-plz", &["release"], &CARGO) },
    Tool { leading: &["--prefix", "-w", "--workspace"], ..tool("npm", &["publish", "pub"], &NPM) },
    Tool { leading: &["--filter", "-F", "-C", "--dir"], ..tool("pnpm", &["publish"], &NPM) },
    Tool {
        leading: &["--cwd", "workspace"],
        passes: &["workspaces", "foreach"],
        ..tool("yarn", &["npm publish", "publish"], &NPM)
    },
    tool("bun", &["publish"], &NPM),
    Tool { all: true, ..tool("changeset", &["publish"], &NPM) },
    Tool { all: true, ..tool("lerna", &["publish"], &NPM) },
    Tool { all: true, forbids: &["--skip-publish"], ..tool("nx", &["release publish"], &NPM) },
    tool("twine", &["upload"], &PYTHON),
    Tool { leading: &["--directory", "--project"], ..tool("uv", &["publish"], &PYTHON) },
    Tool { leading: &["-C", "--directory", "-P", "--project"], ..tool("poetry", &["publish"], &PYTHON) },
    tool("flit", &["publish"], &PYTHON),
    tool("hatch", &["publish"], &PYTHON),
    Tool { leading: &["-p", "--project"], ..tool("pdm", &["publish"], &PYTHON) },
    tool("maturin", &["publish", "upload"], &PYTHON),
];

/// Programs that run the program that follows, with the words that may stand between.
const LAUNCHERS: &[(&str, &[&str])] = &[
    ("npx", &[]),
    ("pnpx", &[]),
    ("bunx", &[]),
    ("uvx", &[]),
    ("npm", &["exec"]),
    ("pnpm", &["exec", "dlx"]),
    ("yarn", &["exec", "dlx", "run"]),
    ("bun", &["x", "run"]),
    ("corepack", &[]),
    ("uv", &["run", "tool run"]),
    ("poetry", &["run"]),
    ("pdm", &["run"]),
    ("hatch", &["run"]),
    ("pipx", &["run"]),
    ("python", &["-m"]),
    ("python3", &["-m"]),
    ("py", &["-m"]),
];

/// A command that publishes.
#[derive(Debug, Clone)]
pub(super) struct Publish {
    pub(super) tool: Tool,
    /// The words that publish.
    verb: String,
    /// All words before the verb, its own options among them.
    pub(super) before: Vec<String>,
    /// All words after the verb.
    pub(super) after: Vec<String>,
    /// Where it starts in the script.
    pub(super) at: usize,
}

impl Publish {
    /// All values of these options, wherever they stand: `--x v` or `--x=v`.
    pub(super) fn values(&self, options: &[&str]) -> Vec<&str> {
        let mut found = Vec::new();
        for words in [&self.before, &self.after] {
            for (index, word) in words.iter().enumerate() {
                let (name, inline) = word.split_once('=').map_or((word.as_str(), None), |(n, v)| (n, Some(v)));
                if options.contains(&name) {
                    found.extend(inline.or_else(|| words.get(index + 1).map(String::as_str)));
                }
            }
        }
        found
    }

    /// Whether one of these words is there.
    pub(super) fn has(&self, options: &[&str]) -> bool {
        self.before.iter().chain(&self.after).any(|word| options.contains(&word.as_str()))
    }

    /// The command in short, for people: never an option's value, which may be a token.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.tool.program, self.verb)
    }

    /// The bare words after the verb: neither options nor the values of options that are known to take one.
    pub(super) fn bare(&self) -> Vec<&str> {
        let known = self.tool.options;
        let valued =
            [known.destination, known.token, known.package, known.folder, &["--tag", "--access", "--otp"]].concat();
        let mut bare = Vec::new();
        let mut skip = false;
        for word in self.after.iter().map(String::as_str) {
            if std::mem::take(&mut skip) {
                continue;
            }
            if word.starts_with('-') {
                skip = valued.contains(&word);
            } else if !word.contains('>') {
                bare.push(word);
            }
        }
        bare
    }
}

/// What a command says about its packages; `folder` is where it runs.
pub(super) fn mention(publish: &Publish, folder: &str) -> Mention {
    let options = publish.tool.options;
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let below = |path: &str| if path.starts_with('$') { path.to_owned() } else { format!("{folder}/{path}") };
    let mut folders: Vec<String> = publish.values(options.folder).into_iter().map(below).collect();
    if options.bare_folder {
        folders.extend(publish.bare().into_iter().filter(|word| !word.ends_with(".tgz")).map(below));
    }
    if folders.is_empty() {
        folders.push(folder.to_owned());
    }
    Mention {
        names: owned(publish.values(options.package)),
        folders,
        all: publish.tool.all || publish.has(options.all),
        except: owned(publish.values(&["--exclude"])),
    }
}

/// The tokens among an action's `args`.
pub(super) fn token_arguments(options: &Options, arguments: &str, scope: &Scope<'_>) -> Vec<(String, Credential)> {
    let words = super::shell::commands(arguments).into_iter().flat_map(|command| command.words).collect::<Vec<_>>();
    let values = words.windows(2).filter(|pair| options.token.contains(&pair[0].as_str())).map(|pair| &pair[1]);
    values.map(|value| ("args".to_owned(), scope.credential(value))).collect()
}

/// What a command publishes with, if it publishes.
pub(super) fn publish(command: &Command) -> Option<Publish> {
    let words = unwrapped(&command.words);
    let (program, rest) = words.split_first()?;
    let program = program_name(program);
    TOOLS.iter().filter(|tool| tool.program == program).find_map(|tool| {
        let verb = verb(tool, rest)?;
        let publish = Publish {
            tool: *tool,
            verb: rest[verb.clone()].join(" "),
            before: rest[..verb.start].to_vec(),
            after: rest[verb.end..].to_vec(),
            at: command.at,
        };
        (!rehearsal(&publish)).then_some(publish)
    })
}

/// Where the verb stands: after the tool's own options, or after a word like `foreach` that applies it to many.
fn verb(tool: &Tool, rest: &[String]) -> Option<std::ops::Range<usize>> {
    let mut index = 0;
    while let Some(word) = rest.get(index) {
        if tool.leading.contains(&word.as_str()) {
            index += 2;
            continue;
        }
        if word.starts_with('-') || word.starts_with('+') {
            index += 1;
            continue;
        }
        let found = tool.verbs.iter().find_map(|verb| {
            let parts: Vec<&str> = verb.split(' ').collect();
            let same = rest.get(index..index + parts.len())?.iter().zip(&parts).all(|(word, part)| word == part);
            same.then_some(index..index + parts.len())
        });
        if found.is_some() {
            return found;
        }
        if !tool.passes.contains(&word.as_str()) {
            return None;
        }
        index += 1;
    }
    None
}

fn rehearsal(publish: &Publish) -> bool {
    let dry = |word: &String| matches!(word.as_str(), "--dry-run" | "--dry-run=true" | "--help");
    publish.before.iter().chain(&publish.after).any(dry)
        || publish.tool.options.registry == Registry::CratesIo && publish.has(&["-n"])
        || publish.has(publish.tool.forbids)
        || !publish.tool.requires.is_empty() && !publish.has(publish.tool.requires)
}

/// `/usr/bin/npm`, `npm@latest` and `twine==6.1` are npm, npm and twine.
fn program_name(word: &str) -> &str {
    let name = word.rsplit('/').next().unwrap_or(word);
    // `@changesets/cli` is a package whose program is called otherwise.
    if word.starts_with("@changesets/cli") {
        return "changeset";
    }
    name.split(['@', '=', '<', '>', '~']).next().unwrap_or(name)
}

/// The words without launchers in front: `npx --yes changeset publish` is `changeset publish`.
fn unwrapped(words: &[String]) -> &[String] {
    let mut words = words;
    // Each turn takes at least one word away.
    while let Some((program, rest)) = words.split_first() {
        let Some((_, between)) = LAUNCHERS.iter().find(|(launcher, _)| *launcher == program_name(program)) else {
            break;
        };
        let after = if between.is_empty() {
            Some(rest)
        } else {
            between.iter().find_map(|phrase| {
                let parts: Vec<&str> = phrase.split(' ').collect();
                let same = rest.len() >= parts.len() && rest.iter().zip(&parts).all(|(word, part)| word == part);
                same.then(|| &rest[parts.len()..])
            })
        };
        // `pnpm changeset publish`: package managers run programs of the project by their bare names.
        let after = after.or_else(|| {
            let named = rest.first().is_some_and(|word| matches!(word.as_str(), "changeset" | "lerna" | "nx"));
            named.then_some(rest)
        });
        let Some(mut after) = after else { break };
        while let Some((option, rest)) = after.split_first().filter(|(word, _)| word.starts_with('-')) {
            let valued =
                matches!(option.as_str(), "-p" | "--package" | "--from" | "--with" | "--python" | "--spec" | "--group");
            after = rest.get(usize::from(valued)..).unwrap_or_default();
        }
        words = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::publishers::shell::commands;

    fn registries(script: &str) -> Vec<Registry> {
        commands(script).iter().filter_map(publish).map(|found| found.tool.options.registry).collect()
    }

    #[test]
    fn tools_and_their_wrappers_are_known() {
        for script in [
            "cargo publish",
            "cargo +nightly publish --locked",
            "cargo --locked -C crates/core publish -p core",
            "cargo release --execute --no-confirm",
            "cargo workspaces publish --from-git",
            "release-plz release --backend github",
            "~/.cargo/bin/cargo publish",
        ] {
            assert_eq!(registries(script), [Registry::CratesIo], "{script}");
        }
        for script in [
            "npm publish --access public",
            "npm --workspace a publish",
            "npx --yes npm@11 publish",
            "pnpm -r publish --no-git-checks",
            "pnpm --filter ./packages/a publish",
            "yarn npm publish",
            "yarn workspaces foreach -A --no-private npm publish",
            "yarn workspace @acme/a npm publish",
            "npx changeset publish",
            "pnpm changeset publish",
            "pnpm exec changeset publish",
            "npx @changesets/cli publish",
            "bun publish",
            "npx nx release publish",
        ] {
            assert_eq!(registries(script), [Registry::Npm], "{script}");
        }
        for script in [
            "twine upload dist/*",
            "python -m twine upload dist/*",
            "python3 -m pip install twine && python3 -m twine upload dist/*",
            "uvx twine==6.1 upload dist/*",
            "uv publish",
            "uv run --with twine twine upload dist/*",
            "poetry publish --build",
            "pipx run flit publish",
            "hatch publish",
            "maturin upload --skip-existing dist/*",
        ] {
            assert_eq!(registries(script), [Registry::Pypi], "{script}");
        }
    }

    #[test]
    fn rehearsals_and_mentions_publish_nothing() {
        for script in [
            "cargo publish --dry-run",
            "cargo publish -n",
            "cargo release minor",
            "cargo release --execute --no-publish",
            "cargo package",
            "npm publish --dry-run",
            "npm run publish",
            "echo npm publish",
            "# twine upload dist/*",
            "twine check dist/*",
            "release-plz release-pr",
            "uv build",
            "git commit -m 'npm publish'",
            "npm",
            "npx",
            "python -m",
        ] {
            assert_eq!(registries(script), [], "{script}");
        }
    }

    #[test]
    fn options_are_read_in_both_forms() {
        let found = commands("npm publish --registry=https://x.example ./pkg --tag next").iter().find_map(publish);
        let found = found.as_ref();
        assert_eq!(found.map(|p| p.values(&["--registry"])), Some(vec!["https://x.example"]));
        assert_eq!(found.map(Publish::bare), Some(vec!["./pkg"]));
    }
}
