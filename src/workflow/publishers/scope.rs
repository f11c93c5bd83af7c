//! Commands that a package manager runs in other packages of the repository: `pnpm --filter X run release`,
//! `yarn workspace X exec npm publish`, `turbo run release`.
//!
//! Only reads words. Which packages are meant is said as the folder in which the inner command runs; a name that is none of
//! the packages' is an unknown folder, never the one around.

use crate::model::Package;

use super::super::value::Value;
use super::families::NPM;
use super::packages::{self, Meant, Mention};
use super::remote::says_publishing;

/// The inner command and where it runs.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) folder: Value,
    pub(super) words: Vec<Value>,
}

/// Options whose value names packages.
const NAMES: [&str; 5] = ["--filter", "-F", "-w", "--workspace", "--scope"];
/// Words that apply what follows to all packages.
const ALL: [&str; 9] = ["-r", "--recursive", "--workspaces", "-ws", "workspaces", "foreach", "-A", "--all", "run-many"];
/// Options with a value that say nothing about packages.
const VALUED: [&str; 8] = ["-c", "--concurrency", "-j", "--jobs", "--since", "--loglevel", "--parallel-limit", "--cwd"];

/// Takes the words apart; `None` where they name no package.
pub(super) fn of(words: &[Value], all_packages: &[Package]) -> Option<Scope> {
    let (program, rest) = words.split_first()?;
    let program = program.literal()?;
    let runner = matches!(program.as_str(), "turbo" | "lerna" | "nx");
    if !runner && !matches!(program.as_str(), "npm" | "pnpm" | "yarn" | "bun") {
        return None;
    }
    let mut names: Vec<Value> = Vec::new();
    let mut all = runner;
    let mut inner: Vec<Value> = Vec::new();
    let mut index = 0;
    while let Some(word) = rest.get(index) {
        index += 1;
        if word.is("--") {
            inner.extend(rest[index..].iter().cloned());
            break;
        }
        let shown = word.shown();
        let (option, inline) = match shown.split_once('=') {
            Some((option, value)) if option.starts_with('-') => (option, Some(Value::text(value))),
            _ => (shown.as_str(), None),
        };
        if NAMES.contains(&option) || option == "workspace" && inner.is_empty() {
            let value = inline.or_else(|| rest.get(index).cloned());
            index += usize::from(!shown.contains('='));
            names.extend(value);
        } else if ALL.contains(&option) && (option.starts_with('-') || inner.is_empty()) {
            all = true;
        } else if runner && matches!(option, "-t" | "--target" | "--targets") {
            inner.extend(inline.or_else(|| rest.get(index).cloned()));
            index += usize::from(!shown.contains('='));
        } else if inner.is_empty() && option.starts_with('-') {
            index += usize::from(VALUED.contains(&option) && inline.is_none());
        } else {
            let exec = inner.is_empty() && ["exec", "dlx", "x"].contains(&option);
            inner.push(word.clone());
            if exec {
                // What it runs has options of its own.
                let rest = rest[index..].iter().skip_while(|word| word.shown().starts_with('-'));
                inner.extend(rest.cloned());
                break;
            }
        }
    }
    if names.is_empty() && !all {
        return None;
    }
    // Where a name is given the script is meant to be there; among all packages those that have it run it.
    let named = !names.is_empty();
    let words = command(inner, runner, named)?;
    let script = words.iter().skip(1).map(Value::shown).find(|word| word != "run").unwrap_or_default();
    if !named && words[0].is("npm") && !says_publishing(&script) {
        return None;
    }
    Some(Scope { folder: folder(names, all_packages), words })
}

/// The command that is run in each package.
fn command(inner: Vec<Value>, runner: bool, named: bool) -> Option<Vec<Value>> {
    let first = inner.first()?.literal()?;
    let script = |words: &[Value], run: bool| {
        words.first()?;
        let mut command = vec![Value::text("npm")];
        command.extend(run.then(|| Value::text("run")));
        command.extend(words.iter().cloned());
        Some(command)
    };
    match first.as_str() {
        "exec" | "dlx" | "x" => (inner.len() > 1).then(|| inner[1..].to_vec()),
        "run" | "run-script" | "run-many" => script(&inner[1..], named),
        // A word of the runner's own, with what belongs to it.
        _ if runner && inner.len() > 1 => None,
        // A script by its bare name, or a word of the manager's own.
        _ => script(&inner, false),
    }
}

/// The folders of the packages of these names; of all where none is named.
fn folder(names: Vec<Value>, packages: &[Package]) -> Value {
    let shown = names.first().map_or_else(|| "every package".to_owned(), Value::shown);
    let mention = Mention { all: names.is_empty(), names, ..Mention::default() };
    let (Meant::Named(found) | Meant::Among(found)) = packages::meant(NPM.registry, &mention, packages) else {
        return Value::unknown(shown);
    };
    let dirs = packages.iter().filter(|p| p.id.registry == NPM.registry && found.contains(&p.id.name));
    Value::one_of(dirs.map(|package| Value::text(package.dir().as_str())))
}
