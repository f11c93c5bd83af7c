//! Windows' cmd: commands of a line, `set`, and the blocks that hold them. Nothing is expanded.
//!
//! One pass over the script; a quote ends with its line, so nothing can swallow the rest but an unclosed parenthesis.

mod words;

use std::ops::Range;

use super::cursor::{Building, Cursor};
use super::{BlockKind, Command, Item, Piece, Redirect, Source, Word};

/// The items of a script.
pub(super) fn items(source: Source<'_>, part: Range<usize>) -> Vec<Item> {
    let mut reader = Reader { cursor: Cursor::new(source, part), blocks: 0 };
    let mut out = Vec::new();
    loop {
        reader.lines(&mut out);
        if reader.cursor.peek().is_none() {
            return out;
        }
        reader.cursor.doubt(reader.cursor.at, "this closes nothing");
        reader.cursor.bump();
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    /// How many parentheses are open: only then does `)` end a command.
    blocks: usize,
}

impl Reader<'_> {
    fn skip_blank(&mut self) {
        loop {
            if matches!(self.cursor.peek(), Some(' ' | '\t' | '\r')) {
                self.cursor.bump();
            } else if !self.cursor.eat("^\n") && !self.cursor.eat("^\r\n") {
                return;
            }
        }
    }

    fn skip_all(&mut self) {
        self.skip_blank();
        while self.cursor.eat("\n") {
            self.skip_blank();
        }
    }

    fn ends(&self) -> bool {
        match self.cursor.peek() {
            None | Some('\n' | '&' | '|') => true,
            Some(')') => self.blocks > 0,
            _ => false,
        }
    }

    /// Everything up to the end, or up to a `)`.
    fn lines(&mut self, out: &mut Vec<Item>) {
        loop {
            self.skip_all();
            match self.cursor.peek() {
                None | Some(')') => return,
                Some(_) => {
                    let before = self.cursor.at;
                    self.sentence(out);
                    if self.cursor.at == before {
                        self.cursor.doubt(before, "a command is missing here");
                        self.cursor.bump();
                    }
                }
            }
        }
    }

    /// Commands joined by `&`, `&&`, `||` and `|`.
    fn sentence(&mut self, out: &mut Vec<Item>) {
        self.command(false, out);
        loop {
            self.skip_blank();
            if self.cursor.eat("&&") || self.cursor.eat("||") {
                let mut body = Vec::new();
                self.command(false, &mut body);
                while !self.cursor.starts("||") && self.cursor.eat("|") {
                    self.command(true, &mut body);
                    self.skip_blank();
                }
                out.push(Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() });
            } else if self.cursor.eat("&") {
                self.command(false, out);
            } else if self.cursor.eat("|") {
                self.command(true, out);
            } else {
                return;
            }
        }
    }

    /// The word that begins here in small letters, without taking it.
    fn keyword(&self) -> String {
        let rest = self.cursor.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let behind = rest[length..].chars().next().unwrap_or(' ');
        if behind.is_whitespace() || matches!(behind, '(' | '"' | '&' | '|' | ')' | '/' | '^' | ';' | ',') {
            rest[..length].to_ascii_lowercase()
        } else {
            String::new()
        }
    }

    fn command(&mut self, piped: bool, out: &mut Vec<Item>) {
        loop {
            self.skip_blank();
            if !self.cursor.eat("@") {
                break;
            }
        }
        if self.cursor.peek() == Some(':') {
            return self.cursor.skip_line();
        }
        if self.cursor.peek() == Some('(') {
            return self.group(out);
        }
        let keyword = self.keyword();
        match keyword.as_str() {
            "rem" => self.cursor.skip_line(),
            "if" => {
                self.cursor.at += keyword.len();
                self.if_command(out);
            }
            "for" => {
                self.cursor.at += keyword.len();
                self.for_command(out);
            }
            "set" => {
                let before = self.cursor.at;
                self.cursor.at += keyword.len();
                if !self.set(out) {
                    self.cursor.at = before;
                    self.simple(piped, out);
                }
            }
            "call" => {
                self.cursor.at += keyword.len();
                self.skip_blank();
                self.simple(piped, out);
            }
            _ => self.simple(piped, out),
        }
    }

    /// `( … )`
    fn group(&mut self, out: &mut Vec<Item>) {
        let body = self.parentheses();
        let mut redirects = Vec::new();
        while self.redirect(&mut redirects) {}
        out.push(Item::Block { kind: BlockKind::Group, body, redirects });
    }

    /// The items of a `( … )` that stands here.
    fn parentheses(&mut self) -> Vec<Item> {
        let start = self.cursor.at;
        let mut body = Vec::new();
        self.cursor.bump();
        if !self.cursor.enter() {
            return body;
        }
        self.blocks += 1;
        self.lines(&mut body);
        self.blocks -= 1;
        self.cursor.leave();
        if !self.cursor.eat(")") {
            self.cursor.doubt(start, "this block is not closed");
        }
        body
    }

    /// What a condition or a loop runs: a block, or the rest of the line.
    fn body(&mut self) -> Vec<Item> {
        self.skip_blank();
        if self.cursor.peek() == Some('(') {
            return self.parentheses();
        }
        let mut body = Vec::new();
        if self.cursor.enter() {
            self.sentence(&mut body);
            self.cursor.leave();
        }
        body
    }

    /// The condition is stepped over: options, then a word behind `exist`, `defined`, `errorlevel`, or a comparison.
    fn if_command(&mut self, out: &mut Vec<Item>) {
        loop {
            self.skip_blank();
            let word = self.keyword();
            if self.cursor.starts("/") {
                self.word(false);
            } else if word == "not" {
                self.cursor.at += word.len();
            } else {
                break;
            }
        }
        let word = self.keyword();
        let unary = matches!(word.as_str(), "exist" | "defined" | "errorlevel" | "cmdextversion");
        if unary {
            self.cursor.at += word.len();
            self.skip_blank();
            self.word(false);
        } else {
            self.word(true);
            self.skip_blank();
            if self.cursor.eat("==") {
                self.skip_blank();
                self.word(true);
            } else if matches!(self.keyword().as_str(), "equ" | "neq" | "lss" | "leq" | "gtr" | "geq") {
                self.cursor.at += 3;
                self.skip_blank();
                self.word(true);
            } else {
                self.cursor.doubt(self.cursor.at, "this condition could not be read");
            }
        }
        let body = self.body();
        out.push(Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() });
        self.skip_blank();
        if self.keyword() == "else" {
            self.cursor.at += 4;
            let body = self.body();
            out.push(Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() });
        }
    }

    /// `for [/f "…"] %%x in (…) do …`
    fn for_command(&mut self, out: &mut Vec<Item>) {
        let start = self.cursor.at;
        self.skip_blank();
        while self.cursor.starts("/") || self.cursor.starts("\"") {
            self.word(false);
            self.skip_blank();
        }
        let mut variable = None;
        while self.cursor.eat("%") {}
        if let Some(c) = self.cursor.peek().filter(char::is_ascii_alphanumeric) {
            self.cursor.bump();
            variable = Some(c.to_string());
        }
        self.skip_blank();
        let known = variable.is_some() && self.keyword() == "in";
        if known {
            self.cursor.at += 2;
            self.skip_blank();
        }
        if !known || !self.cursor.eat("(") {
            self.cursor.doubt(start, "this loop could not be read");
            return self.cursor.skip_line();
        }
        let mut over = Vec::new();
        self.blocks += 1;
        loop {
            self.skip_all();
            if self.cursor.eat(",") || self.cursor.eat(";") {
                continue;
            }
            match self.cursor.peek() {
                None | Some(')') => break,
                Some(_) => over.push(self.word(false)),
            }
        }
        self.blocks -= 1;
        if !self.cursor.eat(")") {
            self.cursor.doubt(start, "this loop could not be read");
        }
        self.skip_blank();
        if self.keyword() == "do" {
            self.cursor.at += 2;
        }
        let body = self.body();
        out.push(Item::Block { kind: BlockKind::Loop { variable, over }, body, redirects: Vec::new() });
    }

    /// `set X=…`, `set "X=…"`; `false` if it sets nothing.
    fn set(&mut self, out: &mut Vec<Item>) -> bool {
        self.skip_blank();
        let at = self.cursor.at;
        let computed = self.cursor.starts("/");
        while self.cursor.starts("/") {
            self.word(false);
            self.skip_blank();
        }
        let quoted = self.cursor.eat("\"");
        let from = self.cursor.at;
        let rest = self.cursor.rest();
        let length = rest.find(['=', '\n', '&', '|', '%', '"']).unwrap_or(rest.len());
        if !rest[length..].starts_with('=') {
            return false;
        }
        let name = rest[..length].trim_end_matches(['+', '-', '*', '/']).trim().to_owned();
        self.cursor.at += length + 1;
        let value_at = self.cursor.at;
        let mut word = Building::new(value_at);
        let mut inside = quoted;
        while !self.cursor.starts("\n") && !self.cursor.starts("\r\n") && (inside || !self.ends()) {
            match self.cursor.peek() {
                None => break,
                Some('"') if quoted => {
                    // The last quote of the line is no part of the value.
                    self.cursor.bump();
                    inside = false;
                }
                Some(_) => self.character(&mut word, inside),
            }
        }
        let value = if computed {
            let text = self.cursor.slice(from, self.cursor.at).to_owned();
            Word { pieces: vec![Piece::Opaque(text)], at: value_at }
        } else {
            word.done()
        };
        out.push(Item::Assign { name, value, append: false, at });
        true
    }

    fn simple(&mut self, piped: bool, out: &mut Vec<Item>) {
        let (mut words, mut redirects) = (Vec::new(), Vec::new());
        loop {
            self.skip_blank();
            if self.ends() {
                break;
            }
            if !self.redirect(&mut redirects) {
                words.push(self.word(false));
            }
        }
        if words.is_empty() && redirects.is_empty() {
            return;
        }
        let redirected = redirects.first().and_then(|r| r.to.as_ref().or(r.from.as_ref()));
        let at = words.first().or(redirected).map_or(self.cursor.at, |word| word.at);
        out.push(Item::Command(Command { words, redirects, at, piped, ..Command::default() }));
    }

    fn redirect(&mut self, out: &mut Vec<Redirect>) -> bool {
        self.skip_blank();
        let numbered = self.cursor.byte(0).is_ascii_digit() && matches!(self.cursor.byte(1), b'>' | b'<');
        let sign = self.cursor.byte(usize::from(numbered));
        if !matches!(sign, b'>' | b'<') {
            return false;
        }
        let start = self.cursor.at;
        let descriptor = if numbered { self.cursor.peek().and_then(|c| c.to_digit(10)) } else { None };
        self.cursor.at += 1 + usize::from(numbered);
        let append = sign == b'>' && self.cursor.eat(">");
        if self.cursor.eat("&") {
            if self.cursor.byte(0).is_ascii_digit() {
                self.cursor.bump();
            }
            return true;
        }
        self.skip_blank();
        if self.ends() {
            self.cursor.doubt(start, "this redirection names no file");
            return true;
        }
        let word = Some(self.word(false));
        out.push(if sign == b'>' {
            Redirect { descriptor, to: word, append, ..Redirect::default() }
        } else {
            Redirect { descriptor, from: word, ..Redirect::default() }
        });
        true
    }
}
