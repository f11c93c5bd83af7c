//! PowerShell: commands, assignments and the blocks that hold them; expressions only as far as they hold commands.
//!
//! One pass over the script. What is computed is opaque, what is not closed is a doubt; neither hides the lines behind it.

mod blocks;
mod expressions;
mod words;

use std::ops::Range;

use super::cursor::Cursor;
use super::{BlockKind, Command, Item, Piece, Redirect, Source, Word};

/// The items of a script.
pub(super) fn items(source: Source<'_>, part: Range<usize>) -> Vec<Item> {
    let mut reader = Reader { cursor: Cursor::new(source, part), expressing: false };
    let mut out = Vec::new();
    loop {
        let value = reader.statements(&mut out);
        hoist(value, &mut out);
        if reader.cursor.peek().is_none() {
            return out;
        }
        reader.cursor.doubt(reader.cursor.at, "this closes nothing");
        reader.cursor.bump();
    }
}

/// What an expression stands for, as far as it can be told.
enum Value {
    /// It is a command, or more than one thing.
    Nothing,
    Word(Word),
    List(Vec<Word>),
}

/// Keeps the commands that a value holds, when the value itself is of no use.
fn hoist(value: Value, out: &mut Vec<Item>) {
    let words = match value {
        Value::Nothing => return,
        Value::Word(word) => vec![word],
        Value::List(words) => words,
    };
    for piece in words.into_iter().flat_map(|word| word.pieces) {
        if let Piece::Substitution(body) = piece
            && !body.is_empty()
        {
            out.push(Item::Block { kind: BlockKind::Group, body, redirects: Vec::new() });
        }
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    /// An operand of an expression is being read: members of variables are its operators.
    expressing: bool,
}

impl Reader<'_> {
    /// Blanks, comments and continued lines.
    fn skip_blank(&mut self) {
        loop {
            if self.cursor.starts("<#") {
                let start = self.cursor.at;
                match self.cursor.rest().find("#>") {
                    Some(n) => self.cursor.at += n + 2,
                    None => self.cursor.unclosed(start, "a comment is not closed"),
                }
            } else if self.cursor.starts("`\n") {
                self.cursor.at += 2;
            } else if self.cursor.starts("`\r\n") {
                self.cursor.at += 3;
            } else {
                match self.cursor.peek() {
                    Some(' ' | '\t' | '\r') => self.cursor.bump(),
                    Some('#') => self.cursor.skip_line(),
                    _ => return,
                }
            }
        }
    }

    /// Blanks and line ends.
    fn skip_all(&mut self) {
        self.skip_blank();
        while self.cursor.eat("\n") {
            self.skip_blank();
        }
    }

    /// Statements up to the end, or up to a closing brace or parenthesis; the value, if one plain expression is all.
    fn statements(&mut self, out: &mut Vec<Item>) -> Value {
        let begins = out.len();
        let (mut words, mut list, mut plain) = (Vec::new(), false, true);
        loop {
            self.skip_all();
            match self.cursor.peek() {
                None | Some(')' | '}') => break,
                Some(';') => self.cursor.bump(),
                Some(_) => {
                    let before = self.cursor.at;
                    let value = self.statement(out);
                    if plain && (out.len() > begins || matches!(value, Value::Nothing)) {
                        plain = false;
                        let mut held = Vec::new();
                        hoist(Value::List(std::mem::take(&mut words)), &mut held);
                        out.splice(begins..begins, held);
                    }
                    match value {
                        Value::Word(word) if plain => words.push(word),
                        Value::List(inner) if plain => {
                            list = true;
                            words.extend(inner);
                        }
                        value => hoist(value, out),
                    }
                    if self.cursor.at == before {
                        self.cursor.doubt(before, "this could not be read as PowerShell");
                        self.cursor.bump();
                        self.cursor.skip_line();
                    }
                }
            }
        }
        if list || words.len() > 1 {
            return Value::List(words);
        }
        words.pop().map_or(Value::Nothing, Value::Word)
    }

    /// Everything inside a bracket whose opening has been read.
    fn inside(&mut self, close: char, start: usize, out: &mut Vec<Item>) -> Value {
        if !self.cursor.enter() {
            return Value::Nothing;
        }
        let expressing = std::mem::replace(&mut self.expressing, false);
        let value = self.statements(out);
        self.expressing = expressing;
        self.cursor.leave();
        self.close(close, start);
        value
    }

    fn close(&mut self, close: char, start: usize) {
        self.skip_all();
        if self.cursor.peek() == Some(close) {
            self.cursor.bump();
        } else {
            self.cursor.doubt(start, "this bracket is not closed");
        }
    }

    /// `( … )`: its value and its items.
    fn parenthesis(&mut self) -> (Value, Vec<Item>) {
        let (start, mut items) = (self.cursor.at, Vec::new());
        self.cursor.bump();
        let value = self.inside(')', start, &mut items);
        (value, items)
    }

    fn statement(&mut self, out: &mut Vec<Item>) -> Value {
        if self.keyword(out) {
            return Value::Nothing;
        }
        let at = self.cursor.at;
        let Some((name, append)) = self.assigned() else { return self.chain(out) };
        if !self.cursor.enter() {
            return Value::Nothing;
        }
        let mut items = Vec::new();
        self.skip_all();
        let value = self.statement(&mut items);
        self.cursor.leave();
        match value {
            Value::Word(value) => {
                out.extend(items);
                out.push(Item::Assign { name, value, append, at });
            }
            Value::List(words) => {
                out.extend(items);
                out.push(Item::Array { name, words, append, at });
            }
            Value::Nothing => {
                let value = Word { pieces: vec![Piece::Substitution(items)], at };
                out.push(Item::Assign { name, value, append, at });
            }
        }
        Value::Nothing
    }

    /// `$x =`, `$env:X +=`, `[type]$x =`: the name, and whether it appends. Nothing is taken if it is none of these.
    fn assigned(&mut self) -> Option<(String, bool)> {
        let before = self.cursor.at;
        let found = self.assigned_name();
        if found.is_none() {
            self.cursor.at = before;
        }
        found
    }

    fn assigned_name(&mut self) -> Option<(String, bool)> {
        while self.cursor.peek() == Some('[') {
            let rest = self.cursor.near();
            let close = rest.find([']', '\n', '$', '(', ';']).filter(|n| rest[*n..].starts_with(']'))?;
            self.cursor.at += close + 1;
            self.cursor.eat("]");
            self.skip_blank();
        }
        if self.cursor.starts("${{") || !self.cursor.eat("$") {
            return None;
        }
        let name = if self.cursor.starts("{") {
            let rest = self.cursor.rest();
            let close = rest.find(['}', '\n']).filter(|n| rest[*n..].starts_with('}'))?;
            let inside = &rest[1..close];
            self.cursor.at += close + 1;
            inside.split_once(':').map_or(inside, |(_, name)| name).to_owned()
        } else {
            self.name()
        };
        self.skip_blank();
        let append = self.cursor.eat("+=");
        let assigns = append || (self.cursor.eat("=") && self.cursor.peek() != Some('='));
        (assigns && !name.is_empty()).then_some((name, append))
    }

    /// Pipelines joined by `&&` and `||`.
    fn chain(&mut self, out: &mut Vec<Item>) -> Value {
        let begins = out.len();
        let mut value = self.pipeline(out);
        loop {
            self.skip_blank();
            if self.cursor.eat("&&") || self.cursor.eat("||") {
                hoist(std::mem::replace(&mut value, Value::Nothing), out);
                self.skip_all();
                let mut body = Vec::new();
                let inner = self.pipeline(&mut body);
                hoist(inner, &mut body);
                out.push(Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() });
            } else {
                if self.cursor.eat("&") {
                    for item in &mut out[begins..] {
                        if let Item::Command(command) = item {
                            command.background = true;
                        }
                    }
                }
                return value;
            }
        }
    }

    fn pipeline(&mut self, out: &mut Vec<Item>) -> Value {
        self.skip_blank();
        // A line may begin with the `|` that continues the one before it.
        let mut piped = !self.cursor.starts("||") && self.cursor.eat("|");
        loop {
            self.skip_all();
            let value = self.element(piped, out);
            self.skip_blank();
            if self.cursor.starts("||") || !self.cursor.eat("|") {
                if piped {
                    hoist(value, out);
                    return Value::Nothing;
                }
                return value;
            }
            self.printed(value, Vec::new(), out);
            piped = true;
        }
    }

    /// A value that goes somewhere is what `echo` would print.
    fn printed(&self, value: Value, redirects: Vec<Redirect>, out: &mut Vec<Item>) {
        let mut words = match value {
            Value::Nothing if redirects.is_empty() => return,
            Value::Nothing => Vec::new(),
            Value::Word(word) => vec![word],
            Value::List(words) => words,
        };
        let at = words.first().map_or(self.cursor.at, |word| word.at);
        if !words.is_empty() {
            words.insert(0, Word { pieces: vec![Piece::Text("echo".to_owned())], at });
        }
        out.push(Item::Command(Command { words, redirects, at, ..Command::default() }));
    }

    /// A command or an expression.
    fn element(&mut self, piped: bool, out: &mut Vec<Item>) -> Value {
        let mut called = false;
        while !self.cursor.starts("&&")
            && (self.cursor.peek() == Some('&')
                || (self.cursor.peek() == Some('.')
                    && matches!(self.cursor.byte(1), b' ' | b'\t' | b'$' | b'"' | b'\'' | b'(' | b'{')))
        {
            self.cursor.bump();
            self.skip_blank();
            called = true;
        }
        if called && self.cursor.peek() == Some('{') {
            let (start, mut body) = (self.cursor.at, Vec::new());
            self.cursor.bump();
            let value = self.inside('}', start, &mut body);
            hoist(value, &mut body);
            out.push(Item::Block { kind: BlockKind::Group, body, redirects: Vec::new() });
        } else if !called && self.is_expression() {
            let value = self.expression_value(out);
            let mut redirects = Vec::new();
            while self.redirect(&mut redirects) {}
            if redirects.is_empty() {
                return value;
            }
            self.printed(value, redirects, out);
            return Value::Nothing;
        }
        self.command(piped, out);
        Value::Nothing
    }

    fn command(&mut self, piped: bool, out: &mut Vec<Item>) {
        let (mut words, mut redirects, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.skip_blank();
            if self.redirect(&mut redirects) {
                continue;
            }
            match self.cursor.peek() {
                None | Some('\n' | ';' | '|' | '&' | ')' | '}') => break,
                Some('{') => {
                    let start = self.cursor.at;
                    blocks.push(self.script_block(&words));
                    let text = self.cursor.slice(start, self.cursor.at).to_owned();
                    words.push(Word { pieces: vec![Piece::Opaque(text)], at: start });
                }
                Some(_) => words.push(self.argument()),
            }
        }
        if !(words.is_empty() && redirects.is_empty()) {
            let redirected = redirects.first().and_then(|r| r.to.as_ref());
            let at = words.first().or(redirected).map_or(self.cursor.at, |word| word.at);
            out.push(Item::Command(Command { words, redirects, at, piped, ..Command::default() }));
        }
        out.extend(blocks);
    }

    /// `>`, `>>`, `2>`, `*>`; `2>&1` is left out. `false` if none stands here.
    fn redirect(&mut self, out: &mut Vec<Redirect>) -> bool {
        self.skip_blank();
        let numbered = matches!(self.cursor.byte(0), b'0'..=b'9' | b'*') && self.cursor.byte(1) == b'>';
        if !numbered && self.cursor.byte(0) != b'>' {
            return false;
        }
        let start = self.cursor.at;
        let descriptor = self.cursor.peek().and_then(|c| c.to_digit(10));
        self.cursor.at += 1 + usize::from(numbered);
        let append = self.cursor.eat(">");
        if self.cursor.eat("&") {
            self.cursor.bump();
            return true;
        }
        self.skip_blank();
        if matches!(self.cursor.peek(), None | Some('\n' | ';' | '|' | '&' | ')' | '}')) {
            self.cursor.doubt(start, "this redirection names no file");
            return true;
        }
        let to = Some(self.argument());
        out.push(Redirect { descriptor, to, append, ..Redirect::default() });
        true
    }
}
