//! Words of PowerShell: strings, variables, parentheses, and arguments as they are written. Nothing is evaluated.

use super::super::cursor::Building;
use super::super::{Piece, Word};
use super::{Reader, Value};

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name without what says where it lives.
fn unscoped(name: &str) -> &str {
    match name.split_once(':') {
        Some((scope, name))
            if ["env", "script", "global", "local", "private", "using", "variable"]
                .contains(&scope.to_ascii_lowercase().as_str()) =>
        {
            name
        }
        _ => name,
    }
}

impl Reader<'_> {
    /// An argument of a command, up to what ends it; at least one character is taken.
    pub(super) fn argument(&mut self) -> Word {
        let start = self.cursor.at;
        let mut word = Building::new(start);
        while let Some(c) = self.cursor.peek() {
            let first = self.cursor.at == start;
            match c {
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '&' | ')' | '}' => break,
                '>' | '<' if !first => break,
                '$' => self.dollar(&mut word, false),
                '"' | '\'' => self.string(&mut word),
                '@' if first && matches!(self.cursor.byte(1), b'"' | b'\'') => self.here(&mut word),
                '@' if first && matches!(self.cursor.byte(1), b'(' | b'{') => self.value(&mut word),
                '@' if first && is_name(char::from(self.cursor.byte(1))) => {
                    self.cursor.bump();
                    let name = self.name();
                    word.piece(Piece::Variable { name, default: None, all: true, quoted: false });
                }
                '(' => self.value(&mut word),
                '`' => self.escape(&mut word),
                c => {
                    word.text.push(c);
                    self.cursor.bump();
                }
            }
        }
        if self.cursor.at == start {
            self.cursor.bump();
            word.text.push_str(self.cursor.slice(start, self.cursor.at));
        }
        word.done()
    }

    /// A backtick and what it makes of the next character.
    fn escape(&mut self, word: &mut Building) {
        self.cursor.bump();
        if self.cursor.eat("\r\n") || self.cursor.eat("\n") {
            return;
        }
        let Some(c) = self.cursor.peek() else { return };
        self.cursor.bump();
        word.text.push(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '0' => '\0',
            c => c,
        });
    }

    /// `'…'` or `"…"`.
    pub(super) fn string(&mut self, word: &mut Building) {
        let start = self.cursor.at;
        let Some(quote) = self.cursor.peek() else { return };
        word.quoted = true;
        self.cursor.bump();
        while let Some(c) = self.cursor.peek() {
            match c {
                c if c == quote => {
                    self.cursor.bump();
                    if self.cursor.peek() != Some(quote) {
                        return;
                    }
                    word.text.push(quote);
                    self.cursor.bump();
                }
                '$' if quote == '"' => self.dollar(word, true),
                '$' if self.expression(word) => {}
                '`' if quote == '"' => self.escape(word),
                c => {
                    word.text.push(c);
                    self.cursor.bump();
                }
            }
        }
        self.lost(word, start, "a quote is not closed");
    }

    /// `@"` or `@'` up to the line that begins with its end.
    pub(super) fn here(&mut self, word: &mut Building) {
        let start = self.cursor.at;
        let plain = self.cursor.byte(1) == b'\'';
        word.quoted = true;
        let rest = self.cursor.rest();
        let line = rest.find('\n').map_or(rest.len(), |n| n + 1);
        let close = if plain { "\n'@" } else { "\n\"@" };
        // The line end before the text may be the one before its end.
        let found = rest.get(line.saturating_sub(1)..).and_then(|text| text.find(close));
        let blank = rest.get(2..line).is_some_and(|text| text.trim().is_empty());
        let (Some(length), true) = (found, blank) else {
            return self.lost(word, start, "a here-string is not closed");
        };
        let outer = self.cursor.end;
        let close_at = start + line - 1 + length;
        self.cursor.at = start + line;
        self.cursor.end = close_at.max(self.cursor.at);
        while let Some(c) = self.cursor.peek() {
            match c {
                '$' if !plain => self.dollar(word, true),
                '$' if self.expression(word) => {}
                '`' if !plain => self.escape(word),
                '\r' if self.cursor.at + 1 == self.cursor.end => self.cursor.bump(),
                c => {
                    word.text.push(c);
                    self.cursor.bump();
                }
            }
        }
        self.cursor.end = outer;
        self.cursor.at = close_at + close.len();
    }

    /// Something unclosed: its line is opaque, and reading goes on behind it.
    fn lost(&mut self, word: &mut Building, start: usize, why: &'static str) {
        self.cursor.unclosed(start, why);
        word.text.clear();
        let end =
            self.cursor.source.script.get(start..).map_or(start, |rest| start + rest.find('\n').unwrap_or(rest.len()));
        word.piece(Piece::Opaque(self.cursor.slice(start, end).to_owned()));
    }

    fn expression(&mut self, word: &mut Building) -> bool {
        match self.cursor.expression() {
            Some(piece) => {
                word.piece(piece);
                true
            }
            None => false,
        }
    }

    /// The name that begins here, without its scope.
    pub(super) fn name(&mut self) -> String {
        let start = self.cursor.at;
        while let Some(c) = self.cursor.peek() {
            let colon = c == ':' && self.cursor.at > start && is_name(char::from(self.cursor.byte(1)));
            if !is_name(c) && !colon {
                break;
            }
            self.cursor.bump();
        }
        unscoped(self.cursor.slice(start, self.cursor.at)).to_owned()
    }

    /// Whatever `$` begins.
    pub(super) fn dollar(&mut self, word: &mut Building, quoted: bool) {
        let start = self.cursor.at;
        if self.cursor.starts("${{") {
            if !self.expression(word) {
                self.lost(word, start, "an expression is not closed");
            }
            return;
        }
        match char::from(self.cursor.byte(1)) {
            '(' => {
                self.cursor.bump();
                self.value(word);
            }
            '{' => match self.cursor.rest().find(['}', '\n']) {
                Some(n) if self.cursor.byte(n) == b'}' => {
                    let name = unscoped(self.cursor.slice(start + 2, start + n)).to_owned();
                    self.cursor.at = start + n + 1;
                    self.variable(word, name, start, quoted);
                }
                _ => self.lost(word, start, "a `$` form is not closed"),
            },
            '?' | '$' | '^' => {
                self.cursor.at += 2;
                word.piece(Piece::Opaque(self.cursor.slice(start, start + 2).to_owned()));
            }
            _ => {
                self.cursor.bump();
                let name = self.name();
                if name.is_empty() {
                    word.text.push('$');
                } else {
                    self.variable(word, name, start, quoted);
                }
            }
        }
    }

    /// A variable whose name has been read; outside strings its members are read too, and can't be told.
    fn variable(&mut self, word: &mut Building, name: String, start: usize, quoted: bool) {
        let constant = ["null", "true", "false"].iter().any(|c| name.eq_ignore_ascii_case(c));
        let before = self.cursor.at;
        if !quoted && !self.expressing {
            self.members(word);
        }
        if constant || self.cursor.at > before {
            word.piece(Piece::Opaque(self.cursor.slice(start, self.cursor.at).to_owned()));
        } else {
            word.piece(Piece::Variable { name, default: None, all: false, quoted });
        }
    }

    /// `.name`, `[…]`, `.method(…)` behind a variable in an argument.
    fn members(&mut self, word: &mut Building) {
        loop {
            match self.cursor.byte(0) {
                b'.' if char::from(self.cursor.byte(1)).is_ascii_alphabetic() => {
                    self.cursor.bump();
                    self.name();
                    if self.cursor.byte(0) == b'(' {
                        self.value(word);
                    }
                }
                b'[' => match self.cursor.near().find([']', '\n']) {
                    Some(n) if self.cursor.byte(n) == b']' => self.cursor.at += n + 1,
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// `( … )`, also behind `$` or `@`, and `@{ … }`: the value inside where it is a plain one, else the output of what
    /// stands there.
    pub(super) fn value(&mut self, word: &mut Building) {
        if self.cursor.starts("@{") {
            let start = self.cursor.at;
            self.cursor.bump();
            let mut items = Vec::new();
            self.table(&mut items);
            if !items.is_empty() {
                word.piece(Piece::Substitution(items));
            }
            return word.piece(Piece::Opaque(self.cursor.slice(start, self.cursor.at).to_owned()));
        }
        self.cursor.eat("@");
        let (value, items) = self.parenthesis();
        match value {
            Value::Word(inner) if items.is_empty() => {
                word.quoted = true;
                for piece in inner.pieces {
                    match piece {
                        Piece::Text(text) => word.text.push_str(&text),
                        piece => word.piece(piece),
                    }
                }
            }
            Value::List(words) if items.is_empty() => {
                for (n, inner) in words.into_iter().enumerate() {
                    if n > 0 {
                        word.text.push(' ');
                    }
                    for piece in inner.pieces {
                        word.piece(piece);
                    }
                }
            }
            _ => word.piece(Piece::Substitution(items)),
        }
    }
}
