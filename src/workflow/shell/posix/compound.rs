//! Commands that hold commands. What is not closed says so and keeps what it holds.

use std::sync::Arc;

use super::super::{BlockKind, Item, Word, words::is_name};
use super::lexer::Kind;
use super::{Open, Reader, Refused, hidden};

impl Reader<'_> {
    /// The command that begins here.
    pub(super) fn command(&mut self, piped: bool, out: &mut Vec<Item>) -> Result<(), Refused> {
        match self.kind() {
            Kind::Open => self.block(Open::Paren, out),
            Kind::Word => match self.lexer.text() {
                "{" => self.block(Open::Brace, out),
                "if" => self.if_clause(out),
                "while" | "until" => self.while_clause(out),
                "for" | "select" => self.for_clause(out),
                "case" => self.case_clause(out),
                "function" => self.function_clause(out),
                "coproc" => self.coprocess(piped, out),
                _ if self.closer().is_some() => Err(self.refuse("this closes nothing")),
                _ => self.simple(piped, out),
            },
            Kind::Redirect | Kind::Unclosed => self.simple(piped, out),
            Kind::Close | Kind::Arm => Err(self.refuse("this closes nothing")),
            _ => Err(self.refuse("a command is missing here")),
        }
    }

    /// The items up to whatever closes something that is open.
    fn body(&mut self, open: Open) -> Result<Vec<Item>, Refused> {
        let mut out = Vec::new();
        self.open.push(open);
        let read = self.deeper(|reader| {
            reader.list(&mut out);
            Ok(())
        });
        self.open.pop();
        read.map(|()| out)
    }

    fn keyword(&self, word: &str) -> bool {
        self.kind() == Kind::Word && self.lexer.text() == word
    }

    /// Steps over a keyword, if it is there.
    fn eat(&mut self, word: &str) -> bool {
        let there = self.keyword(word);
        if there {
            self.lexer.bump();
        }
        there
    }

    /// `( … )` and `{ … }`.
    fn block(&mut self, open: Open, out: &mut Vec<Item>) -> Result<(), Refused> {
        let at = self.base + self.token().start;
        self.lexer.bump();
        let body = self.body(open)?;
        if self.closer() == Some(open) {
            self.lexer.bump();
        } else {
            self.source.doubt(at, "this block is not closed");
        }
        let kind = if open == Open::Paren { BlockKind::Subshell } else { BlockKind::Group };
        let redirects = self.redirects();
        out.push(Item::Block { kind, body, redirects });
        Ok(())
    }

    /// Pushes what an `if` or `case` gave; redirections of its own make one block of it.
    fn several(&mut self, items: Vec<Item>, out: &mut Vec<Item>) {
        let redirects = self.redirects();
        if redirects.is_empty() {
            out.extend(items);
        } else {
            out.push(Item::Block { kind: BlockKind::Group, body: items, redirects });
        }
    }

    fn if_clause(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        let at = self.base + self.token().start;
        self.lexer.bump();
        let mut items = self.body(Open::If)?;
        if !self.eat("then") {
            self.source.doubt(at, "this `if` has no `then`");
        }
        loop {
            let body = self.body(Open::If)?;
            items.push(Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() });
            if self.eat("fi") {
                break;
            } else if self.eat("elif") {
                items.extend(self.body(Open::If)?);
                if !self.eat("then") {
                    self.source.doubt(at, "this `if` has no `then`");
                }
            } else if self.keyword("then") {
                self.source.doubt(self.base + self.token().start, "this `then` belongs to no `if`");
                self.lexer.bump();
            } else if !self.eat("else") {
                self.source.doubt(at, "this `if` is not closed");
                break;
            }
        }
        self.several(items, out);
        Ok(())
    }

    /// `do … done`, or `{ … }` in its place.
    fn do_group(&mut self) -> Result<Vec<Item>, Refused> {
        let at = self.base + self.token().start;
        let (open, close) = if self.keyword("{") { (Open::Brace, "}") } else { (Open::Loop, "done") };
        self.lexer.bump();
        let body = self.body(open)?;
        if !self.eat(close) {
            self.source.doubt(at, "this loop is not closed");
        }
        Ok(body)
    }

    fn while_clause(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        let at = self.base + self.token().start;
        self.lexer.bump();
        let mut body = self.body(Open::Loop)?;
        let mut read = Ok(());
        if self.keyword("do") {
            match self.do_group() {
                Ok(items) => body.extend(items),
                Err(refused) => read = Err(refused),
            }
        } else {
            self.source.doubt(at, "this loop has no `do`");
        }
        let redirects = self.redirects();
        out.push(Item::Block { kind: BlockKind::Loop { variable: None, over: Vec::new() }, body, redirects });
        read
    }

    fn for_clause(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        self.lexer.bump();
        if self.kind() != Kind::Word {
            return Err(self.refuse("this loop has no variable"));
        }
        let said = self.said();
        let variable = match said {
            // `for (( … ))`
            said if said.starts_with("((") => {
                hidden(self.word(), out);
                None
            }
            said if said.chars().all(is_name) => Some(said.to_owned()),
            _ => return Err(self.refuse("this loop has no variable")),
        };
        self.lexer.bump();
        self.skip_lines();
        let mut over = Vec::new();
        if self.eat("in") {
            while self.kind() == Kind::Word {
                over.push(self.word());
                self.lexer.bump();
            }
        }
        if self.kind() == Kind::Semicolon {
            self.lexer.bump();
        }
        self.skip_lines();
        if !self.keyword("do") && !self.keyword("{") {
            return Err(self.refuse("this loop has no `do`"));
        }
        let body = self.do_group()?;
        let redirects = self.redirects();
        out.push(Item::Block { kind: BlockKind::Loop { variable, over }, body, redirects });
        Ok(())
    }

    fn case_clause(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        let at = self.base + self.token().start;
        self.lexer.bump();
        if self.kind() != Kind::Word {
            return Err(self.refuse("this `case` has no subject"));
        }
        let subject = self.word();
        self.lexer.bump();
        self.skip_lines();
        if !self.eat("in") {
            return Err(self.refuse("this `case` has no `in`"));
        }
        let mut items = Vec::new();
        let subject = Arc::new(subject);
        hidden(Word::clone(&subject), &mut items);
        loop {
            let before = self.lexer;
            self.skip_lines();
            if self.eat("esac") {
                break;
            }
            let Some(patterns) = self.patterns() else {
                self.lexer = before;
                self.source.doubt(at, "this `case` is not closed");
                break;
            };
            let body = self.body(Open::Case)?;
            let kind = BlockKind::Arm { subject: Arc::clone(&subject), patterns };
            items.push(Item::Block { kind, body, redirects: Vec::new() });
            if self.kind() == Kind::Arm {
                self.lexer.bump();
            }
        }
        self.several(items, out);
        Ok(())
    }

    /// The patterns of an arm up to behind their `)`.
    fn patterns(&mut self) -> Option<Vec<Word>> {
        let mut patterns = Vec::new();
        if self.kind() == Kind::Open {
            self.lexer.bump();
        }
        loop {
            if self.kind() != Kind::Word {
                return None;
            }
            patterns.push(self.word());
            self.lexer.bump();
            let more = match self.kind() {
                Kind::Pipe => true,
                Kind::Close => false,
                _ => return None,
            };
            self.lexer.bump();
            if !more {
                return Some(patterns);
            }
        }
    }

    /// `function name`, with or without `()`.
    fn function_clause(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        self.lexer.bump();
        if self.kind() != Kind::Word {
            return Err(self.refuse("this function has no name"));
        }
        let name = self.said().to_owned();
        self.lexer.bump();
        self.empty_parentheses();
        self.function_body(name, out)
    }

    pub(super) fn function_body(&mut self, name: String, out: &mut Vec<Item>) -> Result<(), Refused> {
        self.skip_lines();
        let mut body = Vec::new();
        let read = self.deeper(|reader| reader.command(false, &mut body));
        out.push(Item::Function { name, body });
        read
    }

    /// `coproc [NAME] command`: the command alone.
    fn coprocess(&mut self, piped: bool, out: &mut Vec<Item>) -> Result<(), Refused> {
        self.lexer.bump();
        let mut next = self.lexer;
        next.bump();
        let compound = match next.token().kind {
            Kind::Open => true,
            Kind::Word => matches!(next.text(), "{" | "if" | "while" | "until" | "for" | "select" | "case"),
            _ => false,
        };
        if self.kind() == Kind::Word && compound && !self.keyword("{") {
            self.lexer.bump();
        }
        self.deeper(|reader| reader.command(piped, out))
    }
}
