//! Simple commands: assignments, words, redirections. It doesn't know what any command does.

use std::ops::Range;

use super::super::{Command, Item, Redirect, Word, words};
use super::lexer::Kind;
use super::{Reader, Refused, hidden};

/// The words after which assignments are arguments.
const DECLARING: [&str; 5] = ["export", "declare", "local", "readonly", "typeset"];

/// What a simple command holds.
#[derive(Default)]
struct Read {
    assigned: Vec<Item>,
    words: Vec<Word>,
    redirects: Vec<Redirect>,
}

impl Reader<'_> {
    /// A simple command, or a function of the form `name() …`. What was read before something odd is kept.
    pub(super) fn simple(&mut self, piped: bool, out: &mut Vec<Item>) -> Result<(), Refused> {
        if self.kind() == Kind::Word && self.said().starts_with("((") && !self.lexer.text().starts_with('(') {
            hidden(self.word(), out);
            self.lexer.bump();
            self.redirects();
            return Ok(());
        }
        let mut read = Read::default();
        let mut declaring = false;
        let refused = loop {
            match self.kind() {
                Kind::Redirect => self.redirect(&mut read.redirects),
                Kind::Word if read.words.is_empty() => {
                    if let Some(item) = self.assignment(self.range()) {
                        read.assigned.push(item);
                        self.lexer.bump();
                    } else if let Err(refused) = self.name(&mut read.words) {
                        break Err(refused);
                    } else if read.assigned.is_empty() && read.redirects.is_empty() && self.empty_parentheses() {
                        let name = read.words.first().map(Word::shown).unwrap_or_default();
                        return self.function_body(name, out);
                    } else {
                        let name = read.words.first().and_then(Word::literal).unwrap_or_default();
                        declaring = DECLARING.contains(&name.as_str());
                    }
                }
                Kind::Word => {
                    match if declaring { self.assignment(self.range()) } else { None } {
                        Some(item) => read.assigned.push(item),
                        None => read.words.push(self.word()),
                    }
                    self.lexer.bump();
                }
                Kind::Unclosed => break Err(self.refuse("this list of words is not closed")),
                Kind::Open => break Err(self.refuse("a parenthesis can't stand here")),
                _ => break Ok(()),
            }
        };
        read.finish(declaring, piped, out);
        refused
    }

    /// The word that names a command; a `[[ … ]]` gives all of its words.
    fn name(&mut self, out: &mut Vec<Word>) -> Result<(), Refused> {
        let (range, said) = (self.range(), self.said());
        if said == "[[" {
            return Err(self.refuse("a test is not closed"));
        }
        if said.starts_with("[[") && said.ends_with("]]") && said.len() > 4 && !self.lexer.text().starts_with('[') {
            out.push(words::word(self.source, range.start..range.start + 2));
            out.extend(words::list(self.source, range.start + 2..range.end - 2));
            out.push(words::word(self.source, range.end - 2..range.end));
        } else {
            out.push(self.word());
        }
        self.lexer.bump();
        Ok(())
    }

    /// Steps over `()`, if it is there.
    pub(super) fn empty_parentheses(&mut self) -> bool {
        let mut next = self.lexer;
        next.bump();
        let there = self.kind() == Kind::Open && next.token().kind == Kind::Close;
        if there {
            next.bump();
            self.lexer = next;
        }
        there
    }

    /// `NAME=…`, `NAME+=…`, `NAME[…]=…`, `NAME=( … )` as the script has it.
    fn assignment(&self, range: Range<usize>) -> Option<Item> {
        let source = self.source.script.get(range.clone())?;
        let length = source.find(|c| !words::is_name(c))?;
        let (name, rest) = source.split_at(length);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let index = if rest.starts_with('[') { rest.find("]=").or_else(|| rest.find("]+="))? + 1 } else { 0 };
        let append = rest[index..].starts_with('+');
        let value = rest[index + usize::from(append)..].strip_prefix('=')?;
        let from = range.end - value.len();
        let (name, at) = (name.to_owned(), range.start);
        if let Some(inside) = value.strip_prefix('(') {
            let inside = inside.strip_suffix(')').unwrap_or(inside);
            let words = words::list(self.source, from + 1..from + 1 + inside.len());
            return Some(Item::Array { name, words, append, at });
        }
        let value = words::word(self.source, from..range.end);
        Some(if index > 0 {
            Item::Array { name, words: vec![value], append: true, at }
        } else {
            Item::Assign { name, value, append, at }
        })
    }
}

impl Read {
    fn finish(self, declaring: bool, piped: bool, out: &mut Vec<Item>) {
        let Self { assigned, words, redirects } = self;
        let names =
            words.iter().skip(1).filter(|word| word.literal().is_none_or(|text| !text.starts_with('-'))).count();
        if words.is_empty() || declaring {
            let bare = assigned.is_empty() || names > 0;
            out.extend(assigned);
            if bare && !(words.is_empty() && redirects.is_empty()) {
                out.push(command(Vec::new(), words, redirects, piped));
            }
            return;
        }
        let assignments = assigned.into_iter().filter_map(|item| match item {
            Item::Assign { name, value, .. } => Some((name, value)),
            _ => None,
        });
        out.push(command(assignments.collect(), words, redirects, piped));
    }
}

fn command(assignments: Vec<(String, Word)>, words: Vec<Word>, redirects: Vec<Redirect>, piped: bool) -> Item {
    let redirected = redirects.first().and_then(|r| r.to.as_ref().or(r.from.as_ref()).or(r.here.as_ref()));
    let at = words.first().or(redirected).map_or(0, |word| word.at);
    Item::Command(Command { assignments, words, redirects, at, piped, background: false })
}
