//! Scripts as what they plainly do: commands with their words, assignments, and the blocks that hold them.
//!
//! Pure: text in, plain data out. It runs nothing, expands nothing, knows no tool and no registry. Whatever it can't read is
//! a [`Doubt`], whatever value can't be told is a [`Piece::Opaque`]; neither is ever guessed. Scripts are written by
//! strangers: depth, size and effort are bounded, and nothing here may panic on any text.

mod mask;
mod model;
mod posix;
#[cfg(test)]
mod tests;
mod words;

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
    match dialect {
        Dialect::Posix => posix::read(script),
        Dialect::PowerShell | Dialect::Cmd | Dialect::Other => {
            Script { items: Vec::new(), doubt: Some(Doubt { at: 0, why: "the language of this script is not read" }) }
        }
    }
}
