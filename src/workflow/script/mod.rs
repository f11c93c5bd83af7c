//! A script as it would go on: variables put in, functions and loops entered, each command told with its words and folder.
//!
//! Nothing is run. A value that only a run knows stays unknown; a branch that the files rule out is passed over, any other
//! one is entered. Effort is bounded, whatever a script says.

mod expand;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::frame::{Frame, Names};
use super::shell::{BlockKind, Command, Item, Redirect, Word};
use super::value::Value;

/// How many commands of one job are looked at; no real one comes near.
const MAX_COMMANDS: usize = 20_000;
/// How deep functions may call functions.
const MAX_DEPTH: usize = 16;

/// What a script has set so far.
#[derive(Debug, Clone)]
pub(super) struct Shell {
    /// Variables of the shell and of the process, as this shell sees them.
    pub(super) vars: Rc<Names>,
    /// Where it stands, relative to the checkout; an unknown folder keeps its words.
    pub(super) folder: Value,
    arrays: BTreeMap<String, Vec<Value>>,
    functions: BTreeMap<String, Rc<[Item]>>,
    /// `$1`, `$2`, …
    pub(super) arguments: Vec<Value>,
    depth: usize,
    /// How many arms of which only a run knows are around.
    arms: usize,
}

impl Shell {
    /// A shell that starts in a folder with these variables.
    pub(super) fn new(vars: Rc<Names>, folder: Value) -> Self {
        Self {
            vars,
            folder,
            arrays: BTreeMap::new(),
            functions: BTreeMap::new(),
            arguments: Vec::new(),
            depth: 0,
            arms: 0,
        }
    }
}

impl Shell {
    /// Sets a variable.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        Rc::make_mut(&mut self.vars).insert(name.to_owned(), value);
    }
}

/// A command as it would run.
#[derive(Debug, Clone)]
pub(super) struct Invocation {
    /// The program and its arguments.
    pub(super) words: Vec<Value>,
    /// Variables set for this command alone.
    pub(super) own: Vec<(String, Value)>,
    /// Files that it writes to, and text that it is fed.
    pub(super) writes: Vec<Value>,
    /// The text of its heredocs and here-strings.
    pub(super) fed: Vec<Value>,
    /// Offset of the first word in the script.
    pub(super) at: usize,
    /// Whether it runs whenever the script does; not so in an arm of which only a run knows.
    pub(super) always: bool,
    /// Whether its program is written there, not put in from a variable.
    pub(super) written: bool,
}

/// Whoever looks at the commands.
pub(super) trait Visitor {
    /// One command; the shell is as it is before the command runs.
    fn command(&mut self, invocation: &Invocation, shell: &mut Shell);
    /// Counts down the effort that is left; `false` ends the reading.
    fn goes_on(&mut self) -> bool;
}

/// How much effort is left for a job.
#[derive(Debug)]
pub(super) struct Effort(usize);

impl Default for Effort {
    fn default() -> Self {
        Self(MAX_COMMANDS)
    }
}

impl Effort {
    /// Takes one; `false` when none is left.
    pub(super) fn take(&mut self) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 > 0
    }
}

/// Goes through a script.
pub(super) fn run(items: &[Item], frame: &Frame, shell: &mut Shell, visitor: &mut dyn Visitor) {
    Runner { frame, visitor, writes: Vec::new() }.items(items, shell);
}

struct Runner<'a> {
    frame: &'a Frame,
    visitor: &'a mut dyn Visitor,
    /// Where the blocks around write to.
    writes: Vec<Value>,
}

impl Runner<'_> {
    fn items(&mut self, items: &[Item], shell: &mut Shell) {
        let mut known = None;
        for item in items {
            if !self.visitor.goes_on() {
                return;
            }
            known = match item {
                Item::Block { kind: BlockKind::Branch, body, redirects } => {
                    match known {
                        Some(true) => self.within(body, redirects, shell),
                        Some(false) => {}
                        None => self.branch(body, redirects, shell),
                    }
                    // What follows an arm that was ruled out is its `else`, or a condition of its own.
                    None
                }
                Item::Command(command) => {
                    self.command(command, shell);
                    expand::test(command, &mut |word| self.value(word, shell))
                }
                item => {
                    self.item(item, shell);
                    None
                }
            };
        }
    }

    fn item(&mut self, item: &Item, shell: &mut Shell) {
        match item {
            Item::Assign { name, value, append, .. } => {
                let mut value = self.value(value, shell);
                if *append {
                    let mut before = shell.vars.get(name).cloned().unwrap_or_default();
                    before.push(value);
                    value = before;
                }
                shell.set(name, value);
            }
            Item::Array { name, words, append, .. } => {
                let mut values: Vec<Value> = words.iter().flat_map(|word| self.fields(word, shell)).collect();
                if *append {
                    let mut before = shell.arrays.remove(name).unwrap_or_default();
                    before.append(&mut values);
                    values = before;
                }
                shell.arrays.insert(name.clone(), values);
            }
            Item::Function { name, body } => {
                shell.functions.insert(name.clone(), Rc::from(body.as_slice()));
            }
            Item::Command(command) => self.command(command, shell),
            Item::Block { kind, body, redirects } => match kind {
                BlockKind::Subshell => {
                    let mut inner = shell.clone();
                    self.within(body, redirects, &mut inner);
                }
                BlockKind::Loop { variable, over } => {
                    if let Some(variable) = variable {
                        let fields: Vec<Value> = over.iter().flat_map(|word| self.fields(word, shell)).collect();
                        let each = if over.is_empty() {
                            Value::unknown(format!("${variable}"))
                        } else {
                            Value::one_of(fields)
                        };
                        shell.set(variable, each);
                    }
                    self.within(body, redirects, shell);
                }
                BlockKind::Branch => self.branch(body, redirects, shell),
                BlockKind::Arm { subject, patterns } => {
                    let subject = self.value(subject, shell);
                    let fits = |pattern: &Word| expand::fits(&subject, pattern.literal().as_deref());
                    // An arm before it may have taken the subject already: that one fits is no proof that it runs.
                    if patterns.iter().any(|pattern| fits(pattern) != Some(false)) {
                        self.branch(body, redirects, shell);
                    }
                }
                BlockKind::Group => self.within(body, redirects, shell),
            },
        }
    }

    fn within(&mut self, body: &[Item], redirects: &[Redirect], shell: &mut Shell) {
        let known = self.writes.len();
        let more: Vec<Value> =
            redirects.iter().filter_map(|r| r.to.as_ref()).map(|word| self.value(word, shell)).collect();
        self.writes.extend(more);
        self.items(body, shell);
        self.writes.truncate(known);
    }

    /// An arm that may run: what it sets may be set afterwards, and what it appends may be there.
    fn branch(&mut self, body: &[Item], redirects: &[Redirect], shell: &mut Shell) {
        let before = (shell.vars.clone(), shell.arrays.clone());
        shell.arms += 1;
        self.within(body, redirects, shell);
        shell.arms -= 1;
        if !Rc::ptr_eq(&shell.vars, &before.0) {
            for (name, value) in Rc::make_mut(&mut shell.vars) {
                let old = before.0.get(name);
                if old != Some(value) {
                    let old = old.cloned().unwrap_or_default();
                    *value = Value::one_of([old, std::mem::take(value)]);
                }
            }
        }
        for (name, words) in &mut shell.arrays {
            let kept = before.1.get(name).map_or(0, Vec::len);
            for word in words.iter_mut().skip(kept) {
                *word = Value::one_of([Value::default(), std::mem::take(word)]);
            }
        }
    }

    fn command(&mut self, command: &Command, shell: &mut Shell) {
        let own: Vec<(String, Value)> =
            command.assignments.iter().map(|(name, word)| (name.clone(), self.value(word, shell))).collect();
        let words: Vec<Value> = command.words.iter().flat_map(|word| self.fields(word, shell)).collect();
        let named = |select: fn(&Redirect) -> Option<&Word>, this: &mut Self, shell: &mut Shell| {
            command.redirects.iter().filter_map(select).map(|word| this.value(word, shell)).collect::<Vec<_>>()
        };
        let mut writes = named(|r| r.to.as_ref(), self, shell);
        writes.extend(self.writes.iter().cloned());
        let fed = named(|r| r.here.as_ref(), self, shell);
        if words.is_empty() {
            own.into_iter().for_each(|(name, value)| shell.set(&name, value));
            return;
        }
        let function = words[0].literal().and_then(|name| shell.functions.get(&name).cloned());
        if let (Some(body), true) = (function, shell.depth < MAX_DEPTH) {
            let arguments = std::mem::replace(&mut shell.arguments, words[1..].to_vec());
            shell.depth += 1;
            self.items(&body, shell);
            shell.depth -= 1;
            shell.arguments = arguments;
            return;
        }
        let written = command.words.first().is_some_and(|word| word.literal().is_some());
        let always = shell.arms == 0;
        self.visitor.command(&Invocation { words, own, writes, fed, at: command.at, always, written }, shell);
    }

    /// The words that one word becomes.
    fn fields(&mut self, word: &Word, shell: &mut Shell) -> Vec<Value> {
        expand::fields(word, self, shell)
    }

    fn value(&mut self, word: &Word, shell: &mut Shell) -> Value {
        expand::value(word, self, shell)
    }
}
