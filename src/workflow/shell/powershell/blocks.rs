//! PowerShell's statements that hold statements. What is not closed says so and keeps what it holds.

use super::super::cursor::Building;
use super::super::{BlockKind, Item, Word};
use super::{Reader, Value, hoist};

impl Reader<'_> {
    /// Reads the statement that a keyword begins; `false` if none does.
    pub(super) fn keyword(&mut self, out: &mut Vec<Item>) -> bool {
        let start = self.cursor.at;
        let length = self.cursor.rest().find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        let word = self.cursor.slice(start, start + length.unwrap_or(self.cursor.rest().len())).to_ascii_lowercase();
        self.cursor.at += word.len();
        match word.as_str() {
            "if" => self.if_statement(out),
            "foreach" => self.foreach(out),
            "for" | "while" => self.counting(out),
            "do" => self.repeating(out),
            "switch" => self.switch(out),
            "try" | "begin" | "process" | "end" | "finally" | "else" => self.held(BlockKind::Group, out),
            "catch" | "trap" | "elseif" => {
                self.skip_to_block();
                self.held(BlockKind::Branch, out);
            }
            "function" | "filter" => self.function(out),
            "param" => {
                self.skip_all();
                if self.cursor.peek() == Some('(') {
                    self.parenthesis();
                }
            }
            "return" => {
                let value = self.chain(out);
                hoist(value, out);
            }
            _ => {
                self.cursor.at = start;
                return false;
            }
        }
        true
    }

    /// The items of a `{ … }` that should stand here.
    fn block(&mut self) -> Vec<Item> {
        self.skip_all();
        let start = self.cursor.at;
        let mut out = Vec::new();
        if !self.cursor.eat("{") {
            self.cursor.doubt(start, "a block is missing here");
            return out;
        }
        let value = self.inside('}', start, &mut out);
        hoist(value, &mut out);
        out
    }

    fn held(&mut self, kind: BlockKind, out: &mut Vec<Item>) {
        let body = self.block();
        out.push(Item::Block { kind, body, redirects: Vec::new() });
    }

    /// Types and the like before a block.
    fn skip_to_block(&mut self) {
        let rest = self.cursor.rest();
        self.cursor.at += rest.find(['{', '\n']).unwrap_or(rest.len());
    }

    /// The condition's items; its value doesn't matter.
    fn condition(&mut self, out: &mut Vec<Item>) {
        self.skip_all();
        if self.cursor.peek() != Some('(') {
            self.cursor.doubt(self.cursor.at, "a condition is missing here");
            return;
        }
        let (value, items) = self.parenthesis();
        out.extend(items);
        hoist(value, out);
    }

    /// Steps over a keyword, if it is the next word.
    fn next_is(&mut self, keyword: &str) -> bool {
        let before = self.cursor.at;
        self.skip_all();
        let rest = self.cursor.rest();
        let there = rest.get(..keyword.len()).is_some_and(|text| text.eq_ignore_ascii_case(keyword))
            && !rest[keyword.len()..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
        self.cursor.at = if there { self.cursor.at + keyword.len() } else { before };
        there
    }

    fn if_statement(&mut self, out: &mut Vec<Item>) {
        self.condition(out);
        self.held(BlockKind::Branch, out);
        loop {
            if self.next_is("elseif") {
                self.condition(out);
                self.held(BlockKind::Branch, out);
            } else if self.next_is("else") {
                return self.held(BlockKind::Branch, out);
            } else {
                return;
            }
        }
    }

    /// `foreach ($x in …) { … }`
    fn foreach(&mut self, out: &mut Vec<Item>) {
        self.skip_all();
        let start = self.cursor.at;
        let (mut variable, mut over) = (None, Vec::new());
        if self.cursor.eat("(") && self.cursor.enter() {
            self.skip_all();
            if self.cursor.eat("$") {
                variable = Some(self.name());
            }
            if !self.next_is("in") {
                self.cursor.doubt(start, "this loop goes through nothing");
            }
            let mut items = Vec::new();
            match self.chain(&mut items) {
                Value::Word(word) => over.push(word),
                Value::List(words) => over = words,
                Value::Nothing => {
                    let mut word = Building::new(self.cursor.at);
                    word.piece(super::super::Piece::Substitution(std::mem::take(&mut items)));
                    over.push(word.done());
                }
            }
            out.extend(items);
            self.cursor.leave();
            self.close(')', start);
        } else {
            self.cursor.doubt(start, "this loop goes through nothing");
        }
        self.held(BlockKind::Loop { variable, over }, out);
    }

    /// `for (…; …; …) { … }`, `while (…) { … }`
    fn counting(&mut self, out: &mut Vec<Item>) {
        let mut body = Vec::new();
        self.condition(&mut body);
        body.extend(self.block());
        out.push(looped(body));
    }

    /// `do { … } while (…)`
    fn repeating(&mut self, out: &mut Vec<Item>) {
        let mut body = self.block();
        if self.next_is("while") || self.next_is("until") {
            self.condition(&mut body);
        } else {
            self.cursor.doubt(self.cursor.at, "this loop has no condition");
        }
        out.push(looped(body));
    }

    /// `switch (…) { value { … } … }`
    fn switch(&mut self, out: &mut Vec<Item>) {
        let rest = self.cursor.rest();
        self.cursor.at += rest.find(['(', '{', '\n']).unwrap_or(rest.len());
        self.condition(out);
        self.skip_all();
        let start = self.cursor.at;
        if !self.cursor.eat("{") {
            return self.cursor.doubt(start, "a block is missing here");
        }
        if !self.cursor.enter() {
            return;
        }
        loop {
            self.skip_all();
            match self.cursor.peek() {
                None | Some('}') => break,
                Some('{') => self.held(BlockKind::Branch, out),
                Some(';') => self.cursor.bump(),
                Some(_) => {
                    self.argument();
                }
            }
        }
        self.cursor.leave();
        self.close('}', start);
    }

    fn function(&mut self, out: &mut Vec<Item>) {
        self.skip_all();
        let start = self.cursor.at;
        let rest = self.cursor.rest();
        self.cursor.at += rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | '{')).unwrap_or(rest.len());
        let name = self.cursor.slice(start, self.cursor.at).to_owned();
        self.skip_all();
        if self.cursor.peek() == Some('(') {
            self.parenthesis();
        }
        let body = self.block();
        out.push(Item::Function { name, body });
    }

    /// The inside of `@{ … }`, from its brace: what its values hold.
    pub(super) fn table(&mut self, out: &mut Vec<Item>) {
        let start = self.cursor.at;
        self.cursor.bump();
        if !self.cursor.enter() {
            return;
        }
        loop {
            self.skip_all();
            match self.cursor.peek() {
                None | Some('}' | ')') => break,
                Some(';' | ',' | '|' | '&') => self.cursor.bump(),
                Some(_) => {
                    let key = self.argument();
                    hoist(Value::Word(key), out);
                    self.skip_blank();
                    if self.cursor.eat("=") {
                        let value = self.statement(out);
                        hoist(value, out);
                    }
                }
            }
        }
        self.cursor.leave();
        self.close('}', start);
    }

    /// A `{ … }` that is an argument of a command: it may run.
    pub(super) fn script_block(&mut self, command: &[Word]) -> Item {
        let name = command.first().and_then(Word::literal).unwrap_or_default().to_ascii_lowercase();
        let body = self.block();
        if matches!(name.as_str(), "foreach-object" | "foreach" | "%") {
            return looped(body);
        }
        Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() }
    }
}

fn looped(body: Vec<Item>) -> Item {
    Item::Block { kind: BlockKind::Loop { variable: None, over: Vec::new() }, body, redirects: Vec::new() }
}
