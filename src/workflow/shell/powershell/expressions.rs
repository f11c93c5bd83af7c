//! Expressions of PowerShell: their value where it is a plain one, and the commands that they hold. Nothing is computed.

use super::super::cursor::Building;
use super::super::{Item, Piece, Word};
use super::{Reader, Value, hoist};

/// An operator waits for what it works on, also on the next line; members, types and blocks don't.
fn waiting(operator: &str) -> bool {
    let named = operator.strip_prefix('-').is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic()));
    let sign = !operator.contains(char::is_alphanumeric) && !operator.ends_with([']', '}']);
    named || (sign && operator != "++" && operator != "--")
}

impl Reader<'_> {
    pub(super) fn is_expression(&self) -> bool {
        let rest = self.cursor.rest();
        match self.cursor.peek() {
            Some('$') => !rest.starts_with("${{"),
            Some('"' | '\'' | '(' | '@' | '[' | '{' | '!' | '+' | ',') => true,
            Some('-') => !rest.starts_with("--"),
            Some('0'..='9') => {
                let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
                !rest[end..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '\\' | '/'))
            }
            _ => false,
        }
    }

    /// An expression up to the end of its statement: its value where it is a plain one, opaque else.
    pub(super) fn expression_value(&mut self, out: &mut Vec<Item>) -> Value {
        let start = self.cursor.at;
        let outer = std::mem::replace(&mut self.expressing, true);
        let (mut words, mut plain, mut list, mut waits) = (Vec::new(), true, false, true);
        let mut end = start;
        loop {
            self.skip_blank();
            if waits && self.cursor.at > start {
                self.skip_all();
            }
            let at = self.cursor.at;
            match self.cursor.peek() {
                None | Some('\n' | ';' | '|' | '&' | ')' | '}' | '>') => break,
                Some('2' | '*') if self.cursor.byte(1) == b'>' => break,
                Some(',') => {
                    self.cursor.bump();
                    (list, waits) = (true, true);
                }
                Some('=') => {
                    self.cursor.bump();
                    plain = false;
                    if self.cursor.enter() {
                        self.skip_all();
                        let value = self.statement(out);
                        hoist(value, out);
                        self.cursor.leave();
                    }
                }
                Some('@') if self.cursor.byte(1) == b'(' && waits && words.is_empty() => {
                    self.cursor.bump();
                    let (value, items) = self.parenthesis();
                    plain &= items.is_empty();
                    out.extend(items);
                    list = true;
                    match value {
                        Value::Word(word) => words.push(word),
                        Value::List(inner) => words.extend(inner),
                        Value::Nothing => {}
                    }
                    waits = false;
                }
                Some(_) => match self.operand(out) {
                    Some(word) => {
                        plain &= waits;
                        words.push(word);
                        waits = false;
                    }
                    None => {
                        plain = false;
                        waits = waiting(self.cursor.slice(at, self.cursor.at));
                    }
                },
            }
            end = self.cursor.at;
        }
        self.expressing = outer;
        if plain && list {
            return Value::List(words);
        }
        if plain && words.len() == 1 {
            return words.pop().map_or(Value::Nothing, Value::Word);
        }
        for word in words {
            hoist(Value::Word(word), out);
        }
        let text = self.cursor.slice(start, end).to_owned();
        Value::Word(Word { pieces: vec![Piece::Opaque(text)], at: start })
    }

    /// An operand; or nothing, when it is an operator that was stepped over.
    fn operand(&mut self, out: &mut Vec<Item>) -> Option<Word> {
        let start = self.cursor.at;
        let mut word = Building::new(start);
        match self.cursor.peek()? {
            '"' | '\'' => self.string(&mut word),
            '$' => self.dollar(&mut word, false),
            '(' => self.value(&mut word),
            '@' if matches!(self.cursor.byte(1), b'"' | b'\'') => self.here(&mut word),
            '@' if matches!(self.cursor.byte(1), b'(' | b'{') => self.value(&mut word),
            '{' => {
                let block = self.script_block(&[]);
                out.push(block);
                return None;
            }
            c if c.is_ascii_digit() => {
                let rest = self.cursor.rest();
                self.cursor.at += rest.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(rest.len());
                word.text.push_str(self.cursor.slice(start, self.cursor.at));
            }
            _ => {
                self.cursor.bump();
                while self.cursor.peek().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '+' | '-')) {
                    self.cursor.bump();
                }
                return None;
            }
        }
        Some(word.done())
    }
}
