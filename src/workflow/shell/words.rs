//! Words of a POSIX shell, read from the script itself: quotes and escapes taken away, expansions as pieces.
//!
//! Whoever calls gives the bounds of a word, which the flat text tells. Nothing is expanded here.

use std::ops::Range;

use super::mask::{Scan, finder, mask};
use super::{Item, MAX_DEPTH, Piece, Source, Word, posix};

/// Which characters mean something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    None,
    Double,
    Heredoc,
}

/// The word that fills `range`.
pub(super) fn word(source: Source<'_>, range: Range<usize>) -> Word {
    read(source, range, Quoting::None)
}

/// The text of a heredoc as a word; `tabs` at the beginnings of lines are taken away for `<<-`.
pub(super) fn heredoc(source: Source<'_>, range: Range<usize>, tabs: bool, quoted: bool) -> Word {
    let mut word = if quoted {
        let mut reader = Reader::new(source, range);
        reader.plain();
        reader.done()
    } else {
        read(source, range, Quoting::Heredoc)
    };
    if tabs {
        let mut line_begins = true;
        for piece in &mut word.pieces {
            if let Piece::Text(text) = piece {
                *text = untabbed(text, line_begins);
                line_begins = text.ends_with('\n');
            } else {
                line_begins = false;
            }
        }
    }
    word
}

fn untabbed(text: &str, begins: bool) -> String {
    let strip =
        |(n, line): (usize, &str)| if n > 0 || begins { line.trim_start_matches('\t') } else { line }.to_owned();
    text.split_inclusive('\n').enumerate().map(strip).collect()
}

/// The words of a part of a script that is nothing but words: an array's elements, the inside of `[[ ]]`.
pub(super) fn list(source: Source<'_>, range: Range<usize>) -> Vec<Word> {
    let flat = mask(source.script, range.clone(), source.depth).text;
    let mut words = Vec::new();
    let mut start = None;
    for (i, byte) in flat.bytes().chain([b' ']).enumerate() {
        match (byte.is_ascii_whitespace(), start) {
            (false, None) => start = Some(i),
            (true, Some(from)) => {
                words.push(word(source, range.start + from..range.start + i));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn read(source: Source<'_>, range: Range<usize>, quoting: Quoting) -> Word {
    let mut reader = Reader::new(source, range);
    reader.pieces(quoting);
    reader.done()
}

struct Reader<'a> {
    source: Source<'a>,
    start: usize,
    at: usize,
    end: usize,
    pieces: Vec<Piece>,
    text: String,
    /// Something was quoted: even nothing is a word then.
    quoted: bool,
    finder: Scan<'a>,
}

impl<'a> Reader<'a> {
    fn new(source: Source<'a>, range: Range<usize>) -> Self {
        let Range { start, end } = range;
        let finder = finder(source.script, end, source.depth);
        Self { source, start, at: start, end, pieces: Vec::new(), text: String::new(), quoted: false, finder }
    }

    fn rest(&self) -> &'a str {
        self.source.script.get(self.at..self.end).unwrap_or_default()
    }

    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.source.script.get(from..to.min(self.end)).unwrap_or_default()
    }

    /// The next character is text.
    fn keep(&mut self) {
        if let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            self.text.push(c);
        }
    }

    fn piece(&mut self, piece: Piece) {
        if !self.text.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.text)));
        }
        self.pieces.push(piece);
    }

    fn done(mut self) -> Word {
        if !self.text.is_empty() || (self.pieces.is_empty() && self.quoted) {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.text)));
        }
        Word { pieces: self.pieces, at: self.start }
    }

    /// Text as it stands, but for expressions: GitHub replaces them wherever they are.
    fn plain(&mut self) {
        while !self.rest().is_empty() {
            if self.rest().starts_with("${{") && self.expression() {
                continue;
            }
            self.keep();
        }
    }

    fn expression(&mut self) -> bool {
        let Some(end) = self.finder.expression(self.at) else { return false };
        let inside = self.slice(self.at + 3, end - 2).trim().to_owned();
        self.piece(Piece::Expression(inside));
        self.at = end;
        true
    }

    fn pieces(&mut self, quoting: Quoting) {
        while let Some(c) = self.rest().chars().next() {
            match c {
                '\\' => self.escape(quoting),
                '\'' if quoting == Quoting::None => self.single(),
                '"' if quoting != Quoting::Heredoc => self.double(quoting),
                '`' => self.backquote(),
                '$' => self.dollar(quoting),
                '<' | '>' if quoting == Quoting::None && self.rest()[1..].starts_with('(') => self.process(),
                _ => self.keep(),
            }
        }
    }

    fn escape(&mut self, quoting: Quoting) {
        self.at += 1;
        let rest = self.rest();
        if rest.starts_with("\r\n") {
            self.at += 2;
        } else if rest.starts_with('\n') {
            self.at += 1;
        } else {
            let kept = match quoting {
                Quoting::None => rest.is_empty(),
                Quoting::Double => !rest.starts_with(['$', '`', '"', '\\']),
                Quoting::Heredoc => !rest.starts_with(['$', '`', '\\']),
            };
            if kept {
                self.text.push('\\');
            }
            if !kept || !rest.starts_with(['$', '`', '"', '\\']) {
                self.keep();
            }
        }
    }

    fn single(&mut self) {
        self.quoted = true;
        self.at += 1;
        let close = self.finder.single(self.at);
        let (end, outer) = (close.map_or(self.end, |end| end - 1), self.end);
        self.end = end;
        self.plain();
        self.end = outer;
        self.at = close.unwrap_or(outer);
    }

    /// `"…"`; inside the word of a quoted `${X:-…}` its quotes only toggle.
    fn double(&mut self, quoting: Quoting) {
        self.quoted = true;
        self.at += 1;
        if quoting == Quoting::Double {
            return;
        }
        let close = self.finder.double(self.at);
        let (end, outer) = (close.map_or(self.end, |end| end - 1), self.end);
        self.end = end;
        self.pieces(Quoting::Double);
        self.end = outer;
        self.at = close.unwrap_or(outer);
    }

    fn inner(&self, from: usize, to: usize) -> Vec<Item> {
        posix::items(self.source.deeper(), from..to)
    }

    fn opaque(&mut self, end: usize) {
        let text = self.slice(self.at, end).to_owned();
        self.piece(Piece::Opaque(text));
        self.at = end;
    }

    fn too_deep(&self) -> bool {
        let deep = self.source.depth + 1 >= MAX_DEPTH;
        if deep {
            self.source.doubt(self.at, "this nests too deep to be read");
        }
        deep
    }

    fn backquote(&mut self) {
        let Some(end) = self.finder.backquote(self.at + 1) else { return self.opaque(self.end) };
        if self.slice(self.at + 1, end - 1).contains("\\`") {
            self.source.doubt(self.at, "backquotes inside backquotes are not read");
            return self.opaque(end);
        }
        if self.too_deep() {
            return self.opaque(end);
        }
        let items = self.inner(self.at + 1, end - 1);
        self.piece(Piece::Substitution(items));
        self.at = end;
    }

    fn process(&mut self) {
        let start = self.at;
        let Some(end) = self.finder.parenthesis(start + 2) else { return self.opaque(self.end) };
        if self.too_deep() {
            return self.opaque(end);
        }
        let items = self.inner(start + 2, end - 1);
        self.piece(Piece::Substitution(items));
        self.at = end;
    }

    fn dollar(&mut self, quoting: Quoting) {
        let quoted = quoting != Quoting::None;
        let rest = self.rest();
        if rest.starts_with("${{") {
            if !self.expression() {
                self.opaque(self.end);
            }
            return;
        }
        let after = rest[1..].chars().next().unwrap_or(' ');
        match after {
            '(' | '{' => match self.finder.dollar(self.at, quoted) {
                None => self.opaque(self.end),
                Some(end) if self.too_deep() => self.opaque(end),
                Some(end) if after == '{' => self.braced(end, quoting),
                Some(end) if self.finder.arithmetic(self.at + 3) == Some(end) && rest[2..].starts_with('(') => {
                    self.opaque(end);
                }
                Some(end) => {
                    let items = self.inner(self.at + 2, end - 1);
                    self.piece(Piece::Substitution(items));
                    self.at = end;
                }
            },
            '\'' if !quoted => self.ansi(),
            '"' if !quoted => self.at += 1,
            '@' | '*' => self.variable(self.at + 2, after.to_string(), true, quoted),
            '0'..='9' => self.variable(self.at + 2, after.to_string(), false, quoted),
            '#' | '?' | '$' | '!' | '-' => self.opaque(self.at + 2),
            c if is_name(c) => {
                let name: String = rest[1..].chars().take_while(|&c| is_name(c)).collect();
                self.variable(self.at + 1 + name.len(), name, false, quoted);
            }
            _ => self.keep(),
        }
    }

    fn variable(&mut self, end: usize, name: String, all: bool, quoted: bool) {
        self.piece(Piece::Variable { name, default: None, all, quoted });
        self.at = end;
    }

    /// `${…}`, whose end is known.
    fn braced(&mut self, end: usize, quoting: Quoting) {
        let quoted = quoting != Quoting::None;
        let inside = self.slice(self.at + 2, end - 1);
        let name: String = match inside.chars().next() {
            Some(c @ ('@' | '*')) => c.to_string(),
            _ => inside.chars().take_while(|&c| is_name(c)).collect(),
        };
        let all = matches!(name.as_str(), "@" | "*");
        let tail = &inside[name.len()..];
        let word_at = |skip: usize| end - 1 - (tail.len() - skip);
        let sub = if quoted { Quoting::Double } else { Quoting::None };
        let operator = tail.trim_start_matches(':');
        let colon = tail.len() - operator.len();
        if name.is_empty() || colon > 1 {
            return self.opaque(end);
        }
        match operator.chars().next() {
            None if colon == 0 => self.variable(end, name, all, quoted),
            Some('[') if matches!(tail, "[@]" | "[*]") => self.variable(end, name, true, quoted),
            Some('-' | '=') => {
                let default = Some(read(self.source.deeper(), word_at(colon + 1)..end - 1, sub));
                self.piece(Piece::Variable { name, default, all, quoted });
                self.at = end;
            }
            Some('+') => {
                let word = read(self.source.deeper(), word_at(colon + 1)..end - 1, sub);
                self.piece(Piece::Alternative { name, word, quoted });
                self.at = end;
            }
            Some('?') => self.variable(end, name, all, quoted),
            _ => self.opaque(end),
        }
    }

    fn ansi(&mut self) {
        self.quoted = true;
        let Some(end) = self.finder.ansi(self.at + 2) else { return self.opaque(self.end) };
        let inside = self.slice(self.at + 2, end - 1);
        let mut chars = inside.chars();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            let plain = if c != '\\' {
                c
            } else {
                match chars.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('r') => '\r',
                    Some(c @ ('\\' | '\'' | '"' | '?')) => c,
                    _ => return self.opaque(end),
                }
            };
            text.push(plain);
        }
        self.text.push_str(&text);
        self.at = end;
    }
}

pub(super) fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
