//! The actions of a step: those that publish, and those that are handed a command to run.

use crate::model::{Pinned, Place, RelPath, says_credential};

use std::rc::Rc;

use super::super::actions::{Action, When};
use super::super::auth::Handed;
use super::super::below;
use super::super::families::FAMILIES;
use super::super::packages::Mention;
use super::super::prepared::Prepared;
use super::super::remote;
use super::super::tools::Serves;
use super::{COMMAND_INPUTS, Candidate, Closed, JobWalk, MAX_FOUND};
use crate::workflow::frame::{Frame, Names};
use crate::workflow::model::Step;
use crate::workflow::shell::Dialect;
use crate::workflow::value::Value;

/// What actions publish that is no package of any registry here.
const OTHERS: [&str; 16] = [
    "gh-release",
    "github-release",
    "release-please",
    "gh-pages",
    "github-pages",
    "docker",
    "vsce",
    "vscode",
    "vsix",
    "helm",
    "chrome",
    "homebrew",
    "test-result",
    "winget",
    "terraform",
    "cloudflare",
];

impl JobWalk<'_> {
    /// Retrying and wrapping actions are handed the command that they run.
    pub(super) fn command_inputs(&mut self, step: &Step, own: &Frame, file: &RelPath, at: &Place, folder: &Value) {
        let (name, _) = step.action().unwrap_or_default();
        if name == "actions-rs/cargo" {
            let words: Vec<String> =
                ["command", "args"].iter().filter_map(|name| step.input(name)).map(|text| text.value.clone()).collect();
            self.anchored(at.clone(), |walk| {
                walk.script(&format!("cargo {}", words.join(" ")), Dialect::Posix, own, folder.clone(), Vec::new())
            });
            return;
        }
        for input in COMMAND_INPUTS {
            let Some(text) = step.input(input) else { continue };
            let outer = self.text.replace((file.clone(), text.clone()));
            self.script(&text.value, Dialect::Posix, own, folder.clone(), Vec::new());
            self.text = outer;
        }
    }

    pub(super) fn action(
        &mut self,
        action: &'static Action,
        step: &Step,
        own: &Frame,
        at: Place,
        pinned: Pinned,
        folder: &Value,
    ) {
        let input = |name: &str| step.input(name).map(|text| own.resolve(&text.value));
        let word = |name: &str| input(name).and_then(|value| value.literal()).unwrap_or_default().to_ascii_lowercase();
        if action.dry.iter().any(|name| word(name) == "true") {
            return;
        }
        let mut why =
            vec![format!("the action {}", step.uses.as_ref().map(|uses| uses.value.trim()).unwrap_or_default())];
        match action.when {
            When::Always => {}
            When::Is(name, words) if words.contains(&word(name).as_str()) => {}
            When::IsNot(name, words) if !words.contains(&word(name).as_str()) => {}
            When::Runs(names) => {
                let Some(command) = names.iter().find_map(|name| input(name)).filter(|value| !harmless(value)) else {
                    return;
                };
                why.push(format!("runs `{}`", command.shown()));
            }
            When::Is(..) | When::IsNot(..) => return,
        }
        let given = |names: &[&'static str]| -> Vec<Value> { names.iter().filter_map(|name| input(name)).collect() };
        let tokens = action.token.iter().filter_map(|name| {
            let text = step.input(name)?;
            Some(Handed { by: (*name).to_owned(), value: own.resolve(&text.value), at: self.place(&at.file, text, 0) })
        });
        let mut handed: Vec<Handed> = tokens.collect();
        if let Some(arguments) = step.input("args") {
            handed.extend(self.argument_tokens(action, &own.resolve(&arguments.value), &at));
        }
        let folders: Vec<Value> = given(action.folder).into_iter().map(|path| below(folder, path)).collect();
        let mention = Mention {
            names: given(action.package),
            folders: if folders.is_empty() { vec![folder.clone()] } else { folders },
            all: action.all,
            except: Vec::new(),
        };
        let named = given(action.destination).into_iter().find(|value| !value.is_empty());
        for (family, listed) in self.served(action.serves, &own.vars) {
            let mut handed = handed.clone();
            handed.extend(self.variables(family, &own.vars, &[], &at));
            self.note(Candidate {
                family,
                at: at.clone(),
                named: named.clone(),
                handed,
                mention: mention.clone(),
                listed,
                pinned: Some(pinned),
                prepared: self.prepared.clone(),
                why: why.clone(),
                configured: action.configured,
                folder: folder.clone(),
            });
        }
    }

    /// An action that nobody here knows: its name, its command and the secrets that the step itself hands over may say what it
    /// does. Secrets of the job around do not: any action sees those.
    pub(super) fn unknown_action(&mut self, step: &Step, name: &str, pinned: Pinned, own: &Frame, at: Place) {
        let command = step.input("command").map(|text| own.resolve(&text.value).shown()).unwrap_or_default();
        let says = remote::says_publishing(&format!("{name} {command}"));
        if !says || OTHERS.iter().any(|other| name.contains(other)) || self.closed.len() >= MAX_FOUND {
            return;
        }
        // Not by its owner: an organisation for Python publishes other things too.
        let own_name = name.split_once('/').map_or(name, |(_, own)| own);
        let by_name = FAMILIES.into_iter().find(|family| family.registry.token_names().are_in(own_name));
        let mut vars = Names::new();
        for (key, text) in step.with.iter().chain(&step.env) {
            let value = own.resolve(&text.value);
            if value.secrets().is_empty() {
                continue;
            }
            // `token` of an action whose name says npm is a token for npm.
            let key = match by_name {
                Some(family) if says_credential(&key.value) => family.token_variables.first().copied(),
                _ => None,
            }
            .map_or_else(|| key.value.clone(), str::to_owned);
            vars.insert(key, value);
        }
        let label = format!("the action {name}");
        let prepared = Prepared::default();
        self.closed.push(Closed { label, at, vars: Rc::new(vars), prepared, says, pinned: Some(pinned) });
    }

    /// The tokens among an action's `args`.
    fn argument_tokens(&self, action: &Action, arguments: &Value, at: &Place) -> Vec<Handed> {
        let Serves::Family(family) = action.serves else { return Vec::new() };
        let found = family.token.iter().filter_map(|option| {
            let (_, behind) =
                arguments.split_at(&format!("{option} ")).or_else(|| arguments.split_at(&format!("{option}=")))?;
            Some(Handed { by: "args".to_owned(), value: behind, at: at.clone() })
        });
        found.filter(|handed| !handed.value.secrets().is_empty()).collect()
    }
}

/// Whether a command only says something: `echo "never published here"`. Nothing at all says less.
fn harmless(command: &Value) -> bool {
    let Some(text) = command.literal() else { return false };
    let alone = !text.trim().contains(['\n', ';', '&', '|', '`', '$', '>']);
    let first = text.split_whitespace().next().unwrap_or_default();
    first.is_empty() || alone && ["echo", "printf", "true", "false", ":", "exit"].contains(&first)
}
