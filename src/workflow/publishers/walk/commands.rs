//! The commands of a script: those that publish, those that prepare something, and those that lead on.

use std::rc::Rc;

use crate::model::Place;

use super::super::auth::Handed;
use super::super::commands::{self, Publish};
use super::super::follow::{self, Lead, Way};
use super::super::tools::Serves;
use super::super::{below, dotnet, remote, scope, spelled};
use super::{Candidate, Closed, JobWalk, MAX_DEPTH, MAX_FOUND};
use crate::workflow::frame::Names;
use crate::workflow::script::{Invocation, Shell, Visitor};
use crate::workflow::shell::Dialect;
use crate::workflow::value::Value;

/// The variables that a command sees.
fn with_own(shell: &Shell, invocation: &Invocation) -> Rc<Names> {
    let mut vars = Rc::clone(&shell.vars);
    if !invocation.own.is_empty() {
        Rc::make_mut(&mut vars).extend(invocation.own.iter().cloned());
    }
    vars
}

impl Visitor for JobWalk<'_> {
    fn goes_on(&mut self) -> bool {
        self.effort.take()
    }

    fn command(&mut self, invocation: &Invocation, shell: &mut Shell) {
        let words = commands::unwrapped(&invocation.words);
        if let Some((label, text)) = dotnet::program(words, self.library) {
            self.close(label, text, self.here(invocation.at), invocation, shell);
            return;
        }
        let Some(program) = words.first().and_then(Value::literal) else { return };
        let at = self.here(invocation.at);
        let rest = &words[1..];
        let joined = || {
            let mut text = Value::default();
            for word in rest.iter().filter(|word| !word.is("-e") && !word.is("-n")) {
                text.push(word.clone());
                text.push(Value::text("\n"));
            }
            text
        };
        match program.as_str() {
            "cd" | "pushd" | "Set-Location" | "Push-Location" => {
                shell.folder = below(&shell.folder, rest.first().cloned().unwrap_or_else(|| Value::unknown("~")));
                return;
            }
            "echo" | "printf" | "cat" | "tee" | "Write-Output" | "Add-Content" | "Set-Content" | "Out-File" => {
                let mut text = invocation.fed.first().cloned().unwrap_or_else(&joined);
                let mut files = invocation.writes.clone();
                if program == "tee" {
                    text = self.echoed.clone().unwrap_or_default();
                    files.extend(rest.iter().cloned());
                }
                self.written_files(&text, &files, &at, invocation.always, &shell.vars);
                self.echoed = Some(text);
                return;
            }
            _ => {}
        }
        let input = self.echoed.take();
        self.prepared.command(words, input.as_ref(), &at);
        let family_of = |tool: &super::super::tools::Tool| match tool.serves {
            Serves::Family(family) => Some(family),
            Serves::Listed(..) | Serves::Switched(_) => None,
        };
        if let Some(publish) = commands::publish(words, family_of) {
            self.publishes(&publish, invocation, shell);
            return;
        }
        if self.depth >= MAX_DEPTH {
            return;
        }
        if let Some(scope) = scope::of(words, self.packages) {
            let mut inner = shell.clone();
            inner.folder = scope.folder;
            self.command(&Invocation { words: scope.words, ..invocation.clone() }, &mut inner);
            return;
        }
        let mut closed = None;
        let mut read = false;
        // A folder with choices inside is each of them in turn: a matrix of packages.
        for folder in shell.folder.spread() {
            match follow::follow(words, &folder, self.library) {
                Way::Read(leads) => {
                    read = true;
                    let mut inner = shell.clone();
                    inner.vars = with_own(shell, invocation);
                    leads.iter().for_each(|lead| self.lead(lead, &at, &inner));
                }
                Way::Closed(label, text) => closed = closed.or(Some((label, text))),
                Way::End => {}
            }
        }
        if let Some((label, text)) = closed.filter(|_| !read) {
            self.close(label, text, at, invocation, shell);
        }
    }
}

impl JobWalk<'_> {
    /// Goes on in the scripts that a command leads to.
    fn lead(&mut self, lead: &Lead, at: &Place, shell: &Shell) {
        let mut frame = self.frame.clone();
        frame.vars.clone_from(&shell.vars);
        self.trail.push(lead.label.clone());
        self.leads.push(lead.label.clone());
        self.anchored(at.clone(), |walk| {
            walk.script(&lead.text, lead.dialect, &frame, lead.folder.clone(), lead.arguments.clone())
        });
        self.leads.pop();
        self.trail.pop();
    }

    fn publishes(&mut self, publish: &Publish, invocation: &Invocation, shell: &Shell) {
        let at = self.line_of(invocation);
        let vars = with_own(shell, invocation);
        for (family, listed) in self.served(publish.tool.serves, &vars) {
            let variable = |name: &&str| vars.get(*name).filter(|value| !value.is_empty()).cloned();
            let named = publish.values(family.destination).into_iter().find(|value| !value.is_empty());
            let options = publish.values(family.token).into_iter().map(|value| Handed {
                by: "an option".to_owned(),
                value,
                at: at.clone(),
            });
            let mut handed: Vec<Handed> = options.collect();
            handed.extend(self.variables(family, &vars, &invocation.own, &at));
            self.note(Candidate {
                family,
                at: at.clone(),
                named: named.or_else(|| family.destination_variables.iter().find_map(variable)),
                handed,
                mention: publish.mention(family, &shell.folder),
                listed,
                pinned: None,
                prepared: self.prepared.clone(),
                why: vec![format!("`{}`", publish.shown())],
                configured: publish.tool.configured,
                folder: shell.folder.clone(),
            });
        }
    }

    /// What a command writes to files: the job's variables and outputs, and what tools read their logins from.
    fn written_files(&mut self, text: &Value, files: &[Value], at: &Place, always: bool, vars: &Names) {
        for file in files.iter().map(Value::shown) {
            let into = if file.contains("GITHUB_ENV") {
                &mut self.exported
            } else if file.contains("GITHUB_OUTPUT") {
                &mut self.outputs
            } else {
                self.prepared.written(&file, &text.expanded(|name| vars.get(name).cloned()), at);
                continue;
            };
            for (name, value) in text.lines().iter().filter_map(|line| line.split_at("=")) {
                let name = name.trimmed().shown();
                let known = into.get(&name).cloned();
                let value = match (known, always) {
                    (Some(known), _) => Value::one_of([known, value.trimmed()]),
                    (None, true) => value.trimmed(),
                    (None, false) => Value::one_of([value.trimmed(), Value::unknown(name.clone())]),
                };
                into.insert(name, value);
            }
        }
    }

    /// A program of the repository in another language: its text is looked at for the commands that it spells out.
    fn close(
        &mut self,
        label: String,
        text: Option<std::rc::Rc<str>>,
        at: Place,
        invocation: &Invocation,
        shell: &Shell,
    ) {
        let vars = with_own(shell, invocation);
        let spelled = text
            .map(|text| {
                let pushes = dotnet::pushes(&text);
                if pushes.is_empty() { spelled::commands(&text) } else { pushes.join("\n") }
            })
            .unwrap_or_default();
        let before = self.found.len();
        if !spelled.is_empty() {
            let mut frame = self.frame.clone();
            frame.vars.clone_from(&vars);
            self.trail.push(format!("a command that {label} spells out"));
            self.anchored(at.clone(), |walk| {
                walk.script(&spelled, Dialect::Posix, &frame, shell.folder.clone(), Vec::new())
            });
            self.trail.pop();
        }
        // Its own words for a token: options and variables whose names speak of the registry, and hold a secret.
        let held = vars.iter().map(|(name, value)| (name.clone(), value.clone()));
        let given = invocation.words.iter().filter_map(|word| {
            let (option, value) = word.split_at("=")?;
            Some((option.shown(), value))
        });
        let own: Vec<(String, Value)> = held.chain(given).filter(|(_, value)| !value.secrets().is_empty()).collect();
        for candidate in self.found.iter_mut().skip(before) {
            candidate.configured = true;
            if candidate.handed.iter().all(|handed| handed.value.secrets().is_empty()) {
                let meant = own.iter().filter(|(name, _)| remote::speaks_of(candidate.family, name));
                candidate.handed.extend(meant.map(|(name, value)| Handed {
                    by: name.clone(),
                    value: value.clone(),
                    at: candidate.at.clone(),
                }));
            }
        }
        if self.found.len() == before && self.closed.len() < MAX_FOUND {
            let label = self.leads.iter().cloned().chain([label]).collect::<Vec<_>>().join(", ");
            let told = invocation.words.iter().any(|word| remote::says_publishing(&word.literal().unwrap_or_default()));
            let says = told || remote::says_publishing(&label);
            self.closed.push(Closed { label, at, vars, prepared: self.prepared.clone(), says, pinned: None });
        }
    }
}
