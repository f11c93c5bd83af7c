//! What a script says, as plain data. Offsets are bytes of the script that was given; they lie on char boundaries.

use std::sync::Arc;

/// The language of a script, as far as it matters for reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::workflow) enum Dialect {
    /// bash, sh, dash, zsh.
    Posix,
    /// pwsh, powershell.
    PowerShell,
    /// Windows' cmd.
    Cmd,
    /// Anything else (python, node, a template nobody knows): not read.
    Other,
}

impl Dialect {
    /// The dialect of a step's `shell:` text (`bash`, `bash -e {0}`, `pwsh`, …).
    pub(in crate::workflow) fn of_shell(shell: &str) -> Self {
        let program = shell.split_whitespace().next().unwrap_or_default();
        let name = program.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "bash" | "sh" | "dash" | "zsh" | "ksh" | "ash" => Self::Posix,
            "pwsh" | "powershell" => Self::PowerShell,
            "cmd" => Self::Cmd,
            _ => Self::Other,
        }
    }

    /// The dialect of a step that names no shell: GitHub takes pwsh on Windows runners, and bash elsewhere.
    pub(in crate::workflow) fn of_runner(runs_on: &str) -> Self {
        if runs_on.to_ascii_lowercase().contains("windows") { Self::PowerShell } else { Self::Posix }
    }
}

/// A script that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::workflow) struct Script {
    /// What could be read, in the order of the text.
    pub(in crate::workflow) items: Vec<Item>,
    /// The first thing that could not be read.
    pub(in crate::workflow) doubt: Option<Doubt>,
}

/// Something in a script that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::workflow) struct Doubt {
    /// Where, as a byte offset.
    pub(in crate::workflow) at: usize,
    /// What, as half a sentence.
    pub(in crate::workflow) why: &'static str,
}

/// One thing that a script does, or a block of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::workflow) enum Item {
    /// `X=…`, also after `export`, `declare`, `local`, `readonly`; PowerShell's `$x = …` and `$env:X = …`.
    Assign { name: String, value: Word, append: bool, at: usize },
    /// `x=(a b)`, `x+=(c)`; `x[1]=a` appends one word.
    Array { name: String, words: Vec<Word>, append: bool, at: usize },
    /// A command that runs when the script comes here. In PowerShell a value that is piped or redirected is an `echo` of it.
    Command(Command),
    /// A function: its body runs only where the function is called.
    Function { name: String, body: Vec<Item> },
    /// Several items together; `redirects` are those of the whole block.
    Block { kind: BlockKind, body: Vec<Item>, redirects: Vec<Redirect> },
}

/// Why items stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::workflow) enum BlockKind {
    /// `( … )`: assignments and `cd` end with it.
    Subshell,
    /// `for`, `while`, `until`, `select`; `over` is what a `for` goes through (empty: the script's own arguments).
    Loop { variable: Option<String>, over: Vec<Word> },
    /// May run or not: an arm of `if`, the right side of `&&` or `||`. Conditions come as items before it.
    Branch,
    /// An arm of `case`: it runs if the subject is like one of the patterns, and none before it was.
    Arm { subject: Arc<Word>, patterns: Vec<Word> },
    /// `{ … }`; also an `if` or `case` with redirections of its own.
    Group,
}

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::workflow) struct Command {
    /// `NAME=value` before it.
    pub(in crate::workflow) assignments: Vec<(String, Word)>,
    /// The command and its arguments; empty for bare redirections.
    pub(in crate::workflow) words: Vec<Word>,
    /// Its redirections, duplications of descriptors (`2>&1`) left out.
    pub(in crate::workflow) redirects: Vec<Redirect>,
    /// Offset of the first word.
    pub(in crate::workflow) at: usize,
    /// It stands right of a `|`: its input is the output of the command before it.
    pub(in crate::workflow) piped: bool,
    /// It ends with `&`.
    pub(in crate::workflow) background: bool,
}

/// One redirection; exactly one of `to`, `from` and `here` is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::workflow) struct Redirect {
    /// The descriptor where one is written (`2>`); `&>` has none.
    pub(in crate::workflow) descriptor: Option<u32>,
    /// `>`, `>>`, `&>`: the file.
    pub(in crate::workflow) to: Option<Word>,
    /// `<`: the file, or a process substitution.
    pub(in crate::workflow) from: Option<Word>,
    /// The text of a heredoc or of `<<<`.
    pub(in crate::workflow) here: Option<Word>,
    /// `>>`.
    pub(in crate::workflow) append: bool,
}

/// A word: pieces that stand together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::workflow) struct Word {
    pub(in crate::workflow) pieces: Vec<Piece>,
    pub(in crate::workflow) at: usize,
}

/// A piece of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::workflow) enum Piece {
    /// Text as it stands, quotes and escapes taken away.
    Text(String),
    /// `$X`, `${X}`, `${X:-default}`, `$env:X`, `%X%`; `all`: every element (`${x[@]}`, `$@`, PowerShell's `@x`).
    Variable { name: String, default: Option<Word>, all: bool, quoted: bool },
    /// `${X:+word}`: nothing, or the word if the variable is there.
    Alternative { name: String, word: Word, quoted: bool },
    /// The inside of a GitHub `${{ … }}`, trimmed.
    Expression(String),
    /// The output of these: `$( … )`, backquotes, `<( … )`.
    Substitution(Vec<Item>),
    /// Something whose value can't be told, as it is written.
    Opaque(String),
}

impl Word {
    /// The text of a word that is nothing but text.
    pub(in crate::workflow) fn literal(&self) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            let Piece::Text(part) = piece else { return None };
            text.push_str(part);
        }
        Some(text)
    }

    /// The word for people: text as it is, the rest in the notation that it came in; substitutions as `$(…)`.
    pub(in crate::workflow) fn shown(&self) -> String {
        self.pieces.iter().map(Piece::shown).collect()
    }
}

impl Piece {
    fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Opaque(text) => text.clone(),
            Self::Variable { name, default: Some(word), .. } => format!("${{{name}:-{}}}", word.shown()),
            Self::Variable { name, all: true, .. } if name != "@" && name != "*" => format!("${{{name}[@]}}"),
            Self::Variable { name, .. } => format!("${name}"),
            Self::Alternative { name, word, .. } => format!("${{{name}:+{}}}", word.shown()),
            Self::Expression(inside) => format!("${{{{ {inside} }}}}"),
            Self::Substitution(_) => "$(…)".to_owned(),
        }
    }
}
