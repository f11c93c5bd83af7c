//! Words of cmd: quotes and escapes taken away, `%X%` and its kin as pieces. Nothing is expanded.

use super::super::cursor::Building;
use super::super::{Piece, Word};
use super::Reader;

impl Reader<'_> {
    /// A word; at least one character is taken. In a comparison `=` ends it.
    pub(super) fn word(&mut self, compared: bool) -> Word {
        let start = self.cursor.at;
        let mut word = Building::new(start);
        let mut inside = false;
        while let Some(c) = self.cursor.peek() {
            let first = self.cursor.at == start;
            match c {
                '\n' => break,
                '\r' if self.cursor.byte(1) == b'\n' => break,
                '"' => {
                    word.quoted = true;
                    inside = !inside;
                    self.cursor.bump();
                }
                '=' if compared && !inside => break,
                ' ' | '\t' | '>' | '<' if !inside && !first => break,
                _ if !inside && !first && self.ends() => break,
                _ => self.character(&mut word, inside),
            }
        }
        if self.cursor.at == start && !self.cursor.starts("\n") {
            self.cursor.bump();
        }
        word.done()
    }

    /// One character of a word, or what stands for a value.
    pub(super) fn character(&mut self, word: &mut Building, inside: bool) {
        let start = self.cursor.at;
        match self.cursor.peek() {
            Some('$') if self.cursor.starts("${{") => match self.cursor.expression() {
                Some(piece) => word.piece(piece),
                None => {
                    word.text.push('$');
                    self.cursor.bump();
                    self.cursor.doubt(start, "an expression is not closed");
                }
            },
            Some('^') if !inside => {
                self.cursor.bump();
                if !self.cursor.eat("\n")
                    && !self.cursor.eat("\r\n")
                    && let Some(c) = self.cursor.peek()
                {
                    word.text.push(c);
                    self.cursor.bump();
                }
            }
            Some(sign @ ('%' | '!')) => self.percent(word, sign, inside),
            Some(c) => {
                word.text.push(c);
                self.cursor.bump();
            }
            None => {}
        }
    }

    /// `%X%`, `!X!`, `%1`, `%*`, `%%x`, `%~dp0`; any other stands for itself.
    fn percent(&mut self, word: &mut Building, sign: char, quoted: bool) {
        let start = self.cursor.at;
        self.cursor.bump();
        let variable = |name: &str, all| Piece::Variable { name: name.to_owned(), default: None, all, quoted };
        let near = self.cursor.near();
        let length = near.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '(' | ')')));
        let length = length.unwrap_or(near.len());
        let behind = &near[length..];
        let next = near.chars().next().unwrap_or(' ');
        if length > 0 && behind.starts_with(sign) {
            self.cursor.at += length + 1;
            word.piece(variable(&near[..length], false));
        } else if length > 0
            && behind.starts_with(':')
            && let Some(n) = behind.find([sign, '\n', '"']).filter(|n| behind[*n..].starts_with(sign))
        {
            self.cursor.at += length + n + 1;
            word.piece(Piece::Opaque(self.cursor.slice(start, self.cursor.at).to_owned()));
        } else if sign == '%' && (next == '*' || next.is_ascii_digit()) {
            self.cursor.bump();
            word.piece(variable(&near[..1], next == '*'));
        } else if sign == '%' && next == '~' {
            self.cursor.bump();
            let rest = &near[1..];
            let letters = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            self.cursor.at += letters;
            word.piece(Piece::Opaque(self.cursor.slice(start, self.cursor.at).to_owned()));
        } else if sign == '%' && next == '%' && near[1..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            self.cursor.at += 2;
            word.piece(variable(&near[1..2], false));
        } else {
            if sign == '%' && next == '%' {
                self.cursor.bump();
            }
            word.text.push(sign);
        }
    }
}
