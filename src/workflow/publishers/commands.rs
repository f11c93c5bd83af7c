//! The commands that publish: which words do, and what the others say about package, place and token.
//!
//! The tools themselves are rows of a table; nothing here branches on one of them. Words of which only a run knows the value
//! never count as options.

use super::super::value::Value;
use super::families::Family;
use super::packages::Mention;
use super::tools::{BARE_PROGRAMS, LAUNCHERS, TOOLS, Tool};

/// Programs that run the words behind their own options.
const WRAPPERS: &[&str] = &[
    "sudo",
    "env",
    "command",
    "exec",
    "time",
    "nice",
    "nohup",
    "timeout",
    "gtimeout",
    "xargs",
    "stdbuf",
    "retry",
    "eval",
    "builtin",
    "script",
    "unbuffer",
    "caffeinate",
    "then",
    "do",
    "else",
    "!",
    "busybox",
    "&",
    "call",
    "wsl",
    "cmd",
    "start",
];

/// Programs that run the words behind `--`, `-c` or `--command`.
const ENCLOSERS: &[&str] = &[
    "nix",
    "devenv",
    "op",
    "doppler",
    "dotenvx",
    "dotenv",
    "infisical",
    "chamber",
    "mise",
    "flox",
    "pixi",
    "aws-vault",
    "devbox",
    "proto",
    "melos",
];

/// A command that publishes.
#[derive(Debug, Clone)]
pub(super) struct Publish {
    pub(super) tool: Tool,
    /// The words that publish.
    verb: &'static str,
    /// All words before the verb, its own options among them.
    before: Vec<Value>,
    /// All words after the verb.
    after: Vec<Value>,
}

impl Publish {
    fn words(&self) -> impl Iterator<Item = (&[Value], usize)> {
        [self.before.as_slice(), self.after.as_slice()]
            .into_iter()
            .flat_map(|words| (0..words.len()).map(move |index| (words, index)))
    }

    /// All values of these options, wherever they stand: `--x v` or `--x=v`.
    pub(super) fn values(&self, options: &[&str]) -> Vec<Value> {
        let mut found = Vec::new();
        for (words, index) in self.words() {
            let Some((name, inline)) = option(&words[index]) else { continue };
            if options.contains(&name.as_str()) {
                found.extend(inline.or_else(|| words.get(index + 1).cloned()));
            }
        }
        found
    }

    /// Whether one of these words is there for certain.
    pub(super) fn has(&self, options: &[&str]) -> bool {
        self.words().any(|(words, index)| options.iter().any(|option| words[index].is(option)))
    }

    /// The command in short, for people: never an option's value, which may be a token.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.tool.program, self.verb).trim_end().to_owned()
    }

    /// The bare words after the verb: neither options nor the values of options that are known to take one.
    fn bare(&self, family: &Family) -> Vec<Value> {
        let valued = [family.destination, family.token, family.package, family.folder, family.valued].concat();
        let mut bare = Vec::new();
        let mut skip = false;
        for word in &self.after {
            if std::mem::take(&mut skip) {
                continue;
            }
            match option(word) {
                Some((name, inline)) => skip = inline.is_none() && valued.contains(&name.as_str()),
                None => bare.push(word.clone()),
            }
        }
        bare
    }

    /// What it says about its packages; `folder` is where it runs.
    pub(super) fn mention(&self, family: &Family, folder: &Value) -> Mention {
        let below = |path: Value| super::below(folder, path);
        let mut folders: Vec<Value> = self.values(family.folder).into_iter().map(below).collect();
        if family.bare_folder {
            let archive = |word: &Value| word.shown().ends_with(".tgz");
            folders.extend(self.bare(family).into_iter().filter(|word| !archive(word)).map(below));
        }
        if folders.is_empty() {
            folders.push(folder.clone());
        }
        Mention {
            names: self.values(family.package),
            folders,
            all: self.tool.all || self.has(family.all),
            except: self.values(&["--exclude"]),
        }
    }
}

/// `--x` or `--x=v`; an option whose name is not known is none.
fn option(word: &Value) -> Option<(String, Option<Value>)> {
    use super::super::value::Part;
    let Some(Part::Text(first)) = word.0.first() else { return None };
    if !first.starts_with('-') || first == "-" {
        return None;
    }
    match first.split_once('=') {
        Some((name, rest)) => {
            let mut value = Value::text(rest);
            value.push(Value(word.0[1..].to_vec()));
            Some((name.to_owned(), Some(value)))
        }
        None => (word.0.len() == 1).then(|| (first.clone(), None)),
    }
}

/// What a command publishes with, if it publishes.
pub(super) fn publish(words: &[Value], family_of: impl Fn(&Tool) -> Option<&'static Family>) -> Option<Publish> {
    let (program, rest) = words.split_first()?;
    let program = program.literal()?;
    let program = program_name(&program);
    TOOLS.iter().filter(|tool| tool.program == program).find_map(|tool| {
        let (verb, at) = verb(tool, rest)?;
        let publish = Publish { tool: *tool, verb, before: rest[..at.start].to_vec(), after: rest[at.end..].to_vec() };
        (!rehearsal(&publish, family_of(tool))).then_some(publish)
    })
}

/// Where the verb stands: after the tool's own options, or after a word like `foreach` that applies it to many.
fn verb(tool: &Tool, rest: &[Value]) -> Option<(&'static str, std::ops::Range<usize>)> {
    if tool.verbs == [""] {
        return Some(("", 0..0));
    }
    let mut index = 0;
    while let Some(word) = rest.get(index) {
        let literal = word.literal();
        if literal.as_deref().is_some_and(|word| tool.leading.contains(&word)) {
            index += 2;
            continue;
        }
        if option(word).is_some() || literal.as_deref().is_some_and(|word| word.starts_with('+') || word.is_empty()) {
            index += 1;
            continue;
        }
        let found = tool.verbs.iter().find_map(|verb| {
            let parts: Vec<&str> = verb.split(' ').collect();
            let same = rest.get(index..index + parts.len())?.iter().zip(&parts).all(|(word, part)| word.is(part));
            same.then_some((*verb, index..index + parts.len()))
        });
        if found.is_some() {
            return found;
        }
        if !literal.as_deref().is_some_and(|word| tool.passes.contains(&word)) {
            return None;
        }
        index += 1;
    }
    None
}

fn rehearsal(publish: &Publish, family: Option<&Family>) -> bool {
    let dry = ["--dry-run", "--dry-run=true", "--dryRun", "--help", "-h", "--list", "--version", "--ci=false"];
    let short = family.map_or(&[][..], |family| family.rehearsal);
    let flag = |value: Value| value.is("true");
    publish.has(&dry)
        || publish.words().any(|(words, index)| {
            option(&words[index]).is_some_and(|(name, inline)| name == "--dry-run" && inline.is_some_and(flag))
        })
        || publish.has(short)
        || publish.has(publish.tool.forbids)
        || !publish.tool.requires.is_empty() && !publish.has(publish.tool.requires)
}

/// `/usr/bin/npm`, `npm@latest` and `twine==6.1` are npm, npm and twine.
pub(super) fn program_name(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    match word {
        // Packages whose program is called otherwise.
        _ if word.starts_with("@changesets/cli") => "changeset",
        _ if word.starts_with("@monochange/cli") => "monochange",
        _ if word.starts_with("@jsdevtools/npm-publish") => "npm-publish",
        _ => name.split(['@', '=', '<', '>', '~']).next().filter(|name| !name.is_empty()).unwrap_or(name),
    }
}

/// The words without what is put in front to run them: `sudo env A=b npx --yes changeset publish` is `changeset publish`.
pub(super) fn unwrapped(words: &[Value]) -> &[Value] {
    let mut words = words;
    // Each turn takes at least one word away.
    while let Some((program, rest)) = words.split_first() {
        let Some(program) = program.literal() else { break };
        let program = program_name(&program);
        let next = if WRAPPERS.contains(&program) {
            behind_options(rest)
        } else if ENCLOSERS.contains(&program) {
            let mark = rest.iter().position(|word| ["--", "-c", "--command"].iter().any(|mark| word.is(mark)));
            match mark {
                Some(at) => &rest[at + 1..],
                None => break,
            }
        } else {
            match launched(program, rest) {
                Some(next) => next,
                None => break,
            }
        };
        words = next;
    }
    words
}

/// The words behind options, `NAME=value` and durations.
fn behind_options(words: &[Value]) -> &[Value] {
    let own = |word: &Value| {
        let text = word.shown();
        let assigns =
            text.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'));
        text.starts_with('-') || assigns || text.starts_with(|c: char| c.is_ascii_digit())
    };
    let skip = words.iter().take_while(|word| own(word)).count();
    &words[skip..]
}

fn launched<'w>(program: &str, rest: &'w [Value]) -> Option<&'w [Value]> {
    let after = LAUNCHERS.iter().filter(|(launcher, _)| *launcher == program).find_map(|(_, between)| {
        if between.is_empty() {
            // `python script.py` is a script; only programs of this table are taken for one here.
            return (!program.starts_with("python") || rest.first().is_some_and(|word| word.is("setup.py")))
                .then_some(rest);
        }
        between.iter().find_map(|phrase| {
            let parts: Vec<&str> = phrase.split(' ').collect();
            let same = rest.len() >= parts.len() && rest.iter().zip(&parts).all(|(word, part)| word.is(part));
            same.then(|| &rest[parts.len()..])
        })
    });
    // `pnpm changeset publish`: package managers run programs of the project by their bare names.
    let after = after.or_else(|| {
        let manager = matches!(program, "pnpm" | "yarn" | "bun" | "npm");
        let skip = if rest.first().is_some_and(|word| word.is("run")) { 1 } else { 0 };
        let named = rest.get(skip).and_then(Value::literal).is_some_and(|word| BARE_PROGRAMS.contains(&word.as_str()));
        (manager && named).then(|| &rest[skip..])
    });
    let mut after = after?;
    while let Some((option, rest)) = after.split_first().filter(|(word, _)| word.shown().starts_with('-')) {
        let valued = [
            "-p",
            "--package",
            "--from",
            "--with",
            "--python",
            "--spec",
            "--group",
            "--extra",
            "-C",
            "--directory",
            "--project",
        ]
        .iter()
        .any(|known| option.is(known));
        after = rest.get(usize::from(valued)..).unwrap_or_default();
    }
    Some(after)
}
