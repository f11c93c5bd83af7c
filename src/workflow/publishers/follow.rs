//! Where a command leads: a script of the repository, a script of package.json, a target of a Makefile, a recipe of a justfile.
//!
//! Only reads. A program that is written in another language is not understood; its text is handed on for a look.

use std::rc::Rc;

use crate::model::RelPath;

use super::super::library::Library;
use super::super::shell::Dialect;
use super::super::value::Value;
use super::commands::program_name;

/// More text to read.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    /// What it is, for people: `package.json script release`, `scripts/publish.sh`.
    pub(super) label: String,
    pub(super) text: Rc<str>,
    pub(super) dialect: Dialect,
    /// Where it runs.
    pub(super) folder: Value,
    /// Its arguments.
    pub(super) arguments: Vec<Value>,
}

/// What a command leads to.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// More scripts.
    Read(Vec<Lead>),
    /// A file or target of the repository that cannot be understood: its label, and its text where it is there.
    Closed(String, Option<Rc<str>>),
    /// Nowhere: a program of its own.
    End,
}

/// Programs that run a file in their own language.
const RUNTIMES: &[&str] = &[
    "node",
    "tsx",
    "ts-node",
    "deno",
    "bun",
    "python",
    "python3",
    "py",
    "ruby",
    "perl",
    "php",
    "dart",
    "zx",
    "esno",
    "jiti",
    "babel-node",
    "nu",
    "elixir",
    "uv",
];
const SHELLS: &[&str] = &["bash", "sh", "zsh", "dash", "ksh", "pwsh", "powershell", "source", "."];
const RUN_ALL: &[&str] = &["run-s", "run-p", "npm-run-all", "npm-run-all2", "concurrently"];

/// Looks where these words lead, run in this folder.
pub(super) fn follow(words: &[Value], folder: &Value, library: &Library<'_>) -> Way {
    let Some((program, rest)) = words.split_first() else { return Way::End };
    let Some(written) = program.literal() else { return Way::End };
    let name = program_name(&written);
    let place = Place { folder, library };
    match name {
        "npm" | "pnpm" | "yarn" | "bun" | "npm-run-all" | "run-s" | "run-p" | "npm-run-all2" | "concurrently"
        | "vp" | "wireit" => place.package_script(name, rest),
        "make" | "gmake" => place.make(rest),
        "just" => place.just(rest),
        _ if SHELLS.contains(&name) => place.shell(name, rest),
        _ if RUNTIMES.contains(&name) => place.foreign(rest),
        _ if is_path(&written) => place.file(&written, rest),
        _ => Way::End,
    }
}

fn is_path(word: &str) -> bool {
    (word.contains('/') || [".sh", ".ps1", ".py", ".ts", ".mts", ".js", ".mjs"].iter().any(|end| word.ends_with(end)))
        && !word.starts_with('/')
        && !word.starts_with('~')
        && !word.contains("://")
}

/// Where the command stands.
struct Place<'a> {
    folder: &'a Value,
    library: &'a Library<'a>,
}

impl Place<'_> {
    /// A path below the folder, where both are known.
    fn path(&self, path: &str) -> Option<RelPath> {
        RelPath::new(&super::below(self.folder, Value::text(path)).literal()?).ok()
    }

    fn shell(&self, program: &str, rest: &[Value]) -> Way {
        let mut rest = rest;
        while let Some((option, after)) = rest.split_first() {
            let text = option.shown();
            let inline = text.starts_with('-') && !text.starts_with("--") && text.ends_with('c') || text == "-Command";
            if inline {
                let Some((script, arguments)) = after.split_first() else { return Way::End };
                return Way::Read(vec![Lead {
                    label: format!("{program} {text}"),
                    text: script.shown().into(),
                    dialect: Dialect::of_shell(program),
                    folder: self.folder.clone(),
                    arguments: arguments.to_vec(),
                }]);
            }
            if !text.starts_with('-') {
                break;
            }
            rest = after;
        }
        match rest.split_first().and_then(|(file, arguments)| Some((file.literal()?, arguments))) {
            Some((file, arguments)) => self.file(&file, arguments),
            None => Way::End,
        }
    }

    fn foreign(&self, rest: &[Value]) -> Way {
        let file = rest.iter().filter_map(Value::literal).find(|word| !word.starts_with('-') && word.contains('.'));
        match file.and_then(|file| Some((self.path(&file)?, file))) {
            Some((path, _)) => Way::Closed(path.to_string(), self.library.text(&path)),
            None => Way::End,
        }
    }

    /// A file that is run itself: a shell script by its name or first line, else something closed.
    fn file(&self, file: &str, arguments: &[Value]) -> Way {
        let Some(path) = self.path(file) else { return Way::End };
        let Some(text) = self.library.text(&path) else { return Way::Closed(path.to_string(), None) };
        let first = text.lines().next().unwrap_or_default().to_owned();
        let shebang = first.starts_with("#!").then(|| {
            let words = first[2..].split_whitespace().filter(|word| !word.starts_with('-') && !word.ends_with("/env"));
            words.map(Dialect::of_shell).next().unwrap_or(Dialect::Other)
        });
        let by_name = match path.file_name().rsplit_once('.').map(|(_, extension)| extension) {
            Some("sh" | "bash" | "zsh") => Some(Dialect::Posix),
            Some("ps1") => Some(Dialect::PowerShell),
            Some("cmd" | "bat") => Some(Dialect::Cmd),
            _ => None,
        };
        match shebang.or(by_name) {
            Some(dialect) if dialect != Dialect::Other => Way::Read(vec![Lead {
                label: path.to_string(),
                text,
                dialect,
                folder: self.folder.clone(),
                arguments: arguments.to_vec(),
            }]),
            _ => Way::Closed(path.to_string(), Some(text)),
        }
    }

    fn package_script(&self, manager: &str, rest: &[Value]) -> Way {
        let all = RUN_ALL.contains(&manager);
        let mut folder = self.folder.clone();
        let mut names: Vec<String> = Vec::new();
        let mut arguments = Vec::new();
        let mut index = 0;
        while let Some(word) = rest.get(index) {
            index += 1;
            let Some(text) = word.literal() else { break };
            match text.as_str() {
                "-C" | "--prefix" | "--dir" | "--cwd" => {
                    let Some(to) = rest.get(index) else { break };
                    folder = super::below(&folder, to.clone());
                    index += 1;
                }
                "--filter" | "-F" | "-w" | "--workspace" | "workspace" => index += 1,
                "run" | "run-script" | "rum" | "urn" if names.is_empty() => {}
                "--" if !names.is_empty() && !all => break,
                // npm keeps options to itself until `--`; the others hand on what stands behind the script's name.
                text if text.starts_with('-') && (names.is_empty() || all || manager == "npm") => {}
                text if names.is_empty() || all => names.push(text.to_owned()),
                _ => {
                    index -= 1;
                    break;
                }
            }
        }
        arguments.extend(rest.iter().skip(index).filter(|word| !word.is("--")).cloned());
        let asked = rest.iter().any(|word| word.is("run") || word.is("run-script"));
        if names.is_empty() {
            return Way::End;
        }
        let place = Place { folder: &folder, library: self.library };
        let Some(manifest) = place.path("package.json") else { return Way::End };
        let scripts = self.library.json(&manifest);
        let script = |name: &str| scripts.as_ref()?.get("scripts")?.get(name)?.as_str().map(str::to_owned);
        let mut leads = Vec::new();
        for name in &names {
            for name in [format!("pre{name}"), name.clone(), format!("post{name}")] {
                let Some(text) = script(&name) else { continue };
                let mut line = text;
                if name == names[names.len() - 1] && !arguments.is_empty() {
                    line.push_str(" \"$@\"");
                }
                leads.push(Lead {
                    label: format!("script `{name}` of {manifest}"),
                    text: line.into(),
                    dialect: Dialect::Posix,
                    folder: folder.clone(),
                    arguments: arguments.clone(),
                });
            }
        }
        match (leads.is_empty(), asked) {
            (false, _) => Way::Read(leads),
            // `npm ci` is npm's own; `npm run x` is the project's.
            (true, true) => Way::Closed(format!("script `{}` of {manifest}", names.join(" ")), None),
            (true, false) => Way::End,
        }
    }

    fn make(&self, rest: &[Value]) -> Way {
        let mut folder = self.folder.clone();
        let mut file = None;
        let mut targets = Vec::new();
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            match word.shown().as_str() {
                "-C" | "--directory" => folder = super::below(&folder, words.next().cloned().unwrap_or_default()),
                "-f" | "--file" | "--makefile" => file = words.next().and_then(Value::literal),
                text if text.starts_with('-') || text.contains('=') => {}
                text => targets.push(text.to_owned()),
            }
        }
        let place = Place { folder: &folder, library: self.library };
        let named = file.map_or_else(
            || vec!["Makefile".to_owned(), "makefile".to_owned(), "GNUmakefile".to_owned()],
            |file| vec![file],
        );
        let found =
            named.iter().filter_map(|name| place.path(name)).find_map(|path| Some((self.library.text(&path)?, path)));
        let Some((text, path)) = found else { return Way::Closed(format!("make {}", targets.join(" ")), None) };
        let mut leads = Vec::new();
        for target in &targets {
            let recipes = self.library.recipes(&path, target, || super::recipes::make(&text, target));
            for (name, recipe) in recipes.iter() {
                leads.push(Lead {
                    label: format!("target `{name}` of {path}"),
                    text: recipe.as_str().into(),
                    dialect: Dialect::Posix,
                    folder: folder.clone(),
                    arguments: Vec::new(),
                });
            }
        }
        if leads.is_empty() && !targets.is_empty() {
            return Way::Closed(format!("make {}", targets.join(" ")), None);
        }
        Way::Read(leads)
    }

    fn just(&self, rest: &[Value]) -> Way {
        let words: Vec<Value> = rest.iter().filter(|word| !word.shown().starts_with('-')).cloned().collect();
        let Some((name, arguments)) = words.split_first().and_then(|(name, rest)| Some((name.literal()?, rest))) else {
            return Way::End;
        };
        let named = ["justfile", "Justfile", ".justfile"];
        let found =
            named.iter().filter_map(|name| self.path(name)).find_map(|path| Some((self.library.text(&path)?, path)));
        let Some((text, path)) = found else { return Way::Closed(format!("just {name}"), None) };
        let recipes = super::recipes::just(&text, &name);
        if recipes.is_empty() {
            return Way::Closed(format!("just {name}"), None);
        }
        let lead = |(name, recipe): (String, String)| Lead {
            label: format!("recipe `{name}` of {path}"),
            text: recipe.into(),
            dialect: Dialect::Posix,
            folder: self.folder.clone(),
            arguments: arguments.to_vec(),
        };
        Way::Read(recipes.into_iter().map(lead).collect())
    }
}
