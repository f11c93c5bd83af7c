//! Scripts as what they plainly do: commands with their words, assignments, and the blocks that hold them.
//!
//! Pure: text in, plain data out. It runs nothing, expands nothing, knows no tool and no registry. Whatever it can't read is
//! a [`Doubt`], whatever value can't be told is a [`Piece::Opaque`]; neither is ever guessed. Scripts are written by
//! strangers: depth, size and effort are bounded, and nothing here may panic on any text.

mod cmd;
mod cursor;
mod mask;
mod model;
mod posix;
mod powershell;
#[cfg(test)]
mod tests;
mod words;

use std::cell::Cell;

pub(super) use model::{BlockKind, Command, Dialect, Doubt, Item, Piece, Redirect, Script, Word};

/// How large a script may be, in bytes; what is larger is not read at all.
const MAX_SCRIPT: usize = 128 * 1024;

/// How deep blocks and substitutions may nest, counted together.
const MAX_DEPTH: usize = 24;

/// Reads a script. Never fails: what could not be read is said in [`Script::doubt`].
pub(super) fn read(script: &str, dialect: Dialect) -> Script {
    if script.len() > MAX_SCRIPT {
        return Script { items: Vec::new(), doubt: Some(Doubt { at: 0, why: "the script is too large to be read" }) };
    }
    let doubt = Cell::new(None);
    let source = Source { script, depth: 0, doubt: &doubt };
    let items = match dialect {
        Dialect::Posix => posix::items(source, 0..script.len()),
        Dialect::PowerShell => powershell::items(source, 0..script.len()),
        Dialect::Cmd => cmd::items(source, 0..script.len()),
        Dialect::Other => {
            source.doubt(0, "the language of this script is not read");
            Vec::new()
        }
    };
    Script { items, doubt: doubt.get() }
}

/// What every reader of a script has at hand.
#[derive(Clone, Copy)]
struct Source<'a> {
    script: &'a str,
    /// How deep what is being read is nested.
    depth: usize,
    doubt: &'a Cell<Option<Doubt>>,
}

impl Source<'_> {
    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// Says what could not be read; the first in the text stays.
    fn doubt(self, at: usize, why: &'static str) {
        if self.doubt.get().is_none_or(|before| at < before.at) {
            self.doubt.set(Some(Doubt { at, why }));
        }
    }
}
