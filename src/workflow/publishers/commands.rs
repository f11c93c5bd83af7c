//! The commands that publish: which words do, and what the others say about package, place and token.
//!
//! The tools themselves are rows of a table; nothing here branches on one of them.

use super::credentials::{Credential, Scope};
use super::packages::Mention;
use super::shell::Command;
use super::tools::{LAUNCHERS, Options, TOOLS, Tool};

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
        || publish.has(publish.tool.options.rehearsal)
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
    use crate::model::Registry;
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
