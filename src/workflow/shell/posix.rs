//! bash, sh and their kin: a grammar by recursive descent over the flat text.
//!
//! Linear in the text and bounded in depth. Where it can't go on it says a doubt at the place and goes on at the next line,
//! so that one odd line hides nothing else; what is not closed keeps what it holds.

mod compound;
mod lexer;
mod redirects;
mod simple;

use std::ops::Range;

use super::mask::{Heredoc, mask};
use super::{BlockKind, Item, MAX_DEPTH, Piece, Source, Word, words};
use lexer::{Kind, Lexer, Token};

/// The items of a script, or of a part of it: the inside of a substitution.
pub(super) fn items(source: Source<'_>, part: Range<usize>) -> Vec<Item> {
    let base = part.start;
    let mask = mask(source.script, part, source.depth);
    if let Some(doubt) = mask.doubt {
        source.doubt(doubt.at, doubt.why);
    }
    let mut reader = Reader { source, base, lexer: Lexer::new(&mask.text), heredocs: &mask.heredocs, open: Vec::new() };
    let mut out = Vec::new();
    reader.list(&mut out);
    out
}

/// Something can't be read on; the doubt has been said.
struct Refused;

/// What waits for its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    If,
    Loop,
    Case,
    Brace,
    Paren,
}

struct Reader<'a> {
    source: Source<'a>,
    /// Where the flat text begins in the script.
    base: usize,
    lexer: Lexer<'a>,
    /// In the order of their operators.
    heredocs: &'a [Heredoc],
    open: Vec<Open>,
}

impl<'a> Reader<'a> {
    fn token(&self) -> Token {
        self.lexer.token()
    }

    fn kind(&self) -> Kind {
        self.token().kind
    }

    /// Where the token stands in the script.
    fn range(&self) -> Range<usize> {
        self.base + self.token().start..self.base + self.token().end
    }

    /// The token as the script has it.
    fn said(&self) -> &'a str {
        self.source.script.get(self.range()).unwrap_or_default()
    }

    fn word(&self) -> Word {
        words::word(self.source, self.range())
    }

    fn refuse(&self, why: &'static str) -> Refused {
        self.source.doubt(self.range().start, why);
        Refused
    }

    fn skip_lines(&mut self) {
        while self.kind() == Kind::Line {
            self.lexer.bump();
        }
    }

    /// One level deeper, if there may be one.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Refused>) -> Result<(), Refused> {
        if self.source.depth >= MAX_DEPTH {
            return Err(self.refuse("this nests too deep to be read"));
        }
        let outer = self.source;
        self.source = outer.deeper();
        let read = read(self);
        self.source = outer;
        read
    }

    /// What the token would end.
    fn closer(&self) -> Option<Open> {
        match self.kind() {
            Kind::Close => Some(Open::Paren),
            Kind::Arm => Some(Open::Case),
            Kind::Word => match self.lexer.text() {
                "then" | "elif" | "else" | "fi" => Some(Open::If),
                "do" | "done" => Some(Open::Loop),
                "esac" => Some(Open::Case),
                "}" => Some(Open::Brace),
                _ => None,
            },
            _ => None,
        }
    }

    /// The token ends something that is open, here or further out.
    fn closes(&self) -> bool {
        self.closer().is_some_and(|open| self.open.contains(&open))
    }

    /// Everything up to the end, or up to what closes something.
    fn list(&mut self, out: &mut Vec<Item>) {
        loop {
            match self.kind() {
                Kind::End => return,
                Kind::Line => self.lexer.bump(),
                _ if self.closes() => return,
                _ => {
                    if self.sentence(out).is_err() && !self.closes() {
                        self.lexer.skip_line();
                    }
                }
            }
        }
    }

    /// Pipelines joined by `&&` and `||`, and what ends them.
    fn sentence(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        let begins = out.len();
        self.pipeline(out)?;
        while matches!(self.kind(), Kind::And | Kind::Or) {
            self.lexer.bump();
            self.skip_lines();
            let mut body = Vec::new();
            let read = self.deeper(|reader| reader.pipeline(&mut body));
            out.push(Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() });
            read?;
        }
        match self.kind() {
            Kind::Ampersand => {
                self.lexer.bump();
                for item in &mut out[begins..] {
                    if let Item::Command(command) = item {
                        command.background = true;
                    }
                }
            }
            Kind::Semicolon => self.lexer.bump(),
            Kind::Line | Kind::End => {}
            _ if self.closes() => {}
            _ if self.closer().is_some() => return Err(self.refuse("this closes nothing")),
            _ => return Err(self.refuse("this can't stand here")),
        }
        Ok(())
    }

    fn pipeline(&mut self, out: &mut Vec<Item>) -> Result<(), Refused> {
        let mut piped = false;
        loop {
            let mut prefix = false;
            while self.kind() == Kind::Word && matches!(self.lexer.text(), "!" | "time") {
                let time = self.lexer.text() == "time";
                self.lexer.bump();
                if time && self.kind() == Kind::Word && self.lexer.text() == "-p" {
                    self.lexer.bump();
                }
                prefix = true;
            }
            if !(prefix && matches!(self.kind(), Kind::Line | Kind::End | Kind::Semicolon)) {
                self.command(piped, out)?;
            }
            if self.kind() != Kind::Pipe {
                return Ok(());
            }
            self.lexer.bump();
            self.skip_lines();
            piped = true;
        }
    }
}

/// Commands inside a word that itself is no item.
fn hidden(word: Word, out: &mut Vec<Item>) {
    for piece in word.pieces {
        if let Piece::Substitution(body) = piece {
            out.push(Item::Block { kind: BlockKind::Subshell, body, redirects: Vec::new() });
        }
    }
}
