//! A place in a script, for the readers that go through it once: what stands there, and the words that are made of it.
//!
//! It knows no dialect. Whatever it answers lies inside the part it was given, on char boundaries.

use std::ops::Range;

use super::mask::{Scan, finder};
use super::{MAX_DEPTH, Piece, Source, Word};

/// How often reading goes on after something unclosed; each time may cost one look at the rest of the script.
const MAX_FAILURES: usize = 16;

/// How far a bracket may reach that is looked over and not read, in bytes.
const MAX_NEAR: usize = 80;

pub(super) struct Cursor<'a> {
    pub(super) source: Source<'a>,
    pub(super) at: usize,
    pub(super) end: usize,
    finder: Scan<'a>,
    failures: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: Source<'a>, part: Range<usize>) -> Self {
        let finder = finder(source.script, part.end, source.depth);
        Self { source, at: part.start, end: part.end, finder, failures: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.source.script.get(self.at..self.end).unwrap_or_default()
    }

    /// What stands near: enough for a bracket of a few names, bounded for those that never close.
    pub(super) fn near(&self) -> &'a str {
        let rest = self.rest();
        let mut length = rest.len().min(MAX_NEAR);
        while !rest.is_char_boundary(length) {
            length -= 1;
        }
        &rest[..length]
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> &'a str {
        self.source.script.get(from..to.min(self.end)).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The byte `n` further on; 0 behind the end.
    pub(super) fn byte(&self, n: usize) -> u8 {
        let i = self.at + n;
        if i < self.end { self.source.script.as_bytes().get(i).copied().unwrap_or(0) } else { 0 }
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with)
    }

    /// Steps over a text that may stand here.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let there = self.starts(text);
        if there {
            self.at += text.len();
        }
        there
    }

    /// Steps over a character.
    pub(super) fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    /// Goes to the end of the line, not over it.
    pub(super) fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    pub(super) fn doubt(&self, at: usize, why: &'static str) {
        self.source.doubt(at, why);
    }

    /// Something unclosed began at `at`: reading goes on at the next line, if it hasn't too often.
    pub(super) fn unclosed(&mut self, at: usize, why: &'static str) {
        self.doubt(at, why);
        self.failures += 1;
        self.at = at;
        self.skip_line();
        if self.failures > MAX_FAILURES {
            self.at = self.end;
        }
    }

    /// A level deeper, if there may be one; else the rest of the line is left out.
    pub(super) fn enter(&mut self) -> bool {
        let fits = self.source.depth < MAX_DEPTH;
        if fits {
            self.source = self.source.deeper();
        } else {
            self.doubt(self.at, "this nests too deep to be read");
            self.skip_line();
        }
        fits
    }

    pub(super) fn leave(&mut self) {
        self.source.depth = self.source.depth.saturating_sub(1);
    }

    /// Takes the `${{ … }}` that begins here.
    pub(super) fn expression(&mut self) -> Option<Piece> {
        let end = if self.starts("${{") { self.finder.expression(self.at)? } else { return None };
        let inside = self.slice(self.at + 3, end - 2).trim().to_owned();
        self.at = end;
        Some(Piece::Expression(inside))
    }
}

/// A word in the making.
pub(super) struct Building {
    at: usize,
    pieces: Vec<Piece>,
    pub(super) text: String,
    /// Something was quoted: even nothing is a word then.
    pub(super) quoted: bool,
}

impl Building {
    pub(super) fn new(at: usize) -> Self {
        Self { at, pieces: Vec::new(), text: String::new(), quoted: false }
    }

    pub(super) fn piece(&mut self, piece: Piece) {
        if !self.text.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.text)));
        }
        self.pieces.push(piece);
    }

    pub(super) fn done(mut self) -> Word {
        if !self.text.is_empty() || (self.pieces.is_empty() && self.quoted) {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.text)));
        }
        Word { pieces: self.pieces, at: self.at }
    }
}
