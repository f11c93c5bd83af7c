//! bash, sh and their kin: the flat text goes through a shell grammar, and its tree becomes items.
//!
//! Where the grammar refuses a part, its lines are read one by one, so that one odd line hides nothing else; the doubt is
//! said. Effort is bounded before the grammar is asked: it doubles its work with each parenthesis that nests.

mod lines;
mod redirects;

use std::ops::Range;

use brush_parser::{ParseError, Parser, ParserOptions, SourceSpan, ast};

use super::mask::{Heredoc, Mask, mask};
use super::words::{self, is_name};
use super::{BlockKind, Command, Doubt, Item, MAX_DEPTH, Redirect, Script, Word};

/// How much the grammar may be given: bytes, doubled for each parenthesis or `case` around them.
const MAX_EFFORT: usize = 256 * 1024;

/// The words after which assignments are arguments.
const DECLARING: [&str; 5] = ["export", "declare", "local", "readonly", "typeset"];

pub(super) fn read(script: &str) -> Script {
    let mut reader = Reader { script, depth: 0, base: 0, heredocs: Vec::new(), doubt: None };
    let items = reader.part(0..script.len());
    Script { items, doubt: reader.doubt }
}

/// The items of a part of a script: the inside of a substitution.
pub(super) fn items(script: &str, part: Range<usize>, depth: usize) -> Vec<Item> {
    Reader { script, depth, base: 0, heredocs: Vec::new(), doubt: None }.part(part)
}

struct Reader<'a> {
    script: &'a str,
    depth: usize,
    /// Where the text that the grammar read begins in the script.
    base: usize,
    heredocs: Vec<Heredoc>,
    doubt: Option<Doubt>,
}

/// The tree of a flat text, or where the grammar refuses it.
fn parse(flat: &str, effort: usize) -> Result<ast::Program, usize> {
    if effort > MAX_EFFORT {
        return Err(0);
    }
    let options = ParserOptions { enable_extended_globbing: false, ..ParserOptions::default() };
    Parser::new(flat.as_bytes(), &options).parse_program().map_err(|error| match error {
        ParseError::ParsingNear(position) => position.index.min(flat.len()),
        ParseError::ParsingAtEndOfInput | ParseError::Tokenizing { .. } => 0,
    })
}

impl Reader<'_> {
    fn part(&mut self, part: Range<usize>) -> Vec<Item> {
        let Mask { text, heredocs, doubt, depth, twist } = mask(self.script, part.clone(), self.depth);
        self.doubt = doubt;
        self.heredocs = heredocs;
        self.base = part.start;
        if text.trim().is_empty() {
            return Vec::new();
        }
        let deep = self.depth + depth >= MAX_DEPTH;
        let effort = text.len().checked_shl(u32::try_from(twist).unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
        match if deep { Err(0) } else { parse(&text, effort) } {
            Ok(program) => self.program(&program),
            Err(at) => {
                let at = part.start + at;
                self.doubt.get_or_insert(Doubt { at, why: "this could not be read as a shell script" });
                self.lines(&text)
            }
        }
    }

    fn program(&mut self, program: &ast::Program) -> Vec<Item> {
        let mut out = Vec::new();
        for list in &program.complete_commands {
            self.list(list, &mut out);
        }
        out
    }

    fn list(&mut self, list: &ast::CompoundList, out: &mut Vec<Item>) {
        for ast::CompoundListItem(and_or, separator) in &list.0 {
            let begins = out.len();
            self.pipeline(&and_or.first, out);
            for other in &and_or.additional {
                let (ast::AndOr::And(pipeline) | ast::AndOr::Or(pipeline)) = other;
                let mut body = Vec::new();
                self.inside(|reader| reader.pipeline(pipeline, &mut body));
                out.push(Item::Block { kind: BlockKind::Branch, body, redirects: Vec::new() });
            }
            if matches!(separator, ast::SeparatorOperator::Async) {
                for item in &mut out[begins..] {
                    if let Item::Command(command) = item {
                        command.background = true;
                    }
                }
            }
        }
    }

    /// One level deeper.
    fn inside(&mut self, read: impl FnOnce(&mut Self)) {
        self.depth += 1;
        read(self);
        self.depth -= 1;
    }

    fn body(&mut self, list: &ast::CompoundList) -> Vec<Item> {
        let mut out = Vec::new();
        self.inside(|reader| reader.list(list, &mut out));
        out
    }

    fn pipeline(&mut self, pipeline: &ast::Pipeline, out: &mut Vec<Item>) {
        for (n, command) in pipeline.seq.iter().enumerate() {
            match command {
                ast::Command::Simple(simple) => self.simple(simple, n > 0, out),
                ast::Command::Compound(compound, redirects) => self.compound(compound, redirects.as_ref(), out),
                ast::Command::Function(function) => {
                    let name = function.fname.loc.as_ref().map(|span| self.source(span).to_owned());
                    let mut body = Vec::new();
                    self.inside(|reader| reader.compound(&function.body.0, function.body.1.as_ref(), &mut body));
                    out.push(Item::Function { name: name.unwrap_or_default(), body });
                }
                ast::Command::ExtendedTest(..) => {}
            }
        }
    }

    fn compound(
        &mut self,
        compound: &ast::CompoundCommand,
        redirects: Option<&ast::RedirectList>,
        out: &mut Vec<Item>,
    ) {
        let redirects: Vec<Redirect> =
            redirects.map(|list| list.0.iter().filter_map(|r| self.redirect(r)).collect()).unwrap_or_default();
        let block = |kind, body| Item::Block { kind, body, redirects: redirects.clone() };
        match compound {
            ast::CompoundCommand::BraceGroup(group) => out.push(block(BlockKind::Group, self.body(&group.list))),
            ast::CompoundCommand::Subshell(shell) => out.push(block(BlockKind::Subshell, self.body(&shell.list))),
            ast::CompoundCommand::ForClause(clause) => {
                let over = clause.values.iter().flatten().filter_map(|word| self.word(word)).collect();
                let kind = BlockKind::Loop { variable: self.variable(clause), over };
                out.push(block(kind, self.body(&clause.body.list)));
            }
            ast::CompoundCommand::WhileClause(clause) | ast::CompoundCommand::UntilClause(clause) => {
                let mut body = self.body(&clause.0);
                body.extend(self.body(&clause.1.list));
                out.push(block(BlockKind::Loop { variable: None, over: Vec::new() }, body));
            }
            ast::CompoundCommand::IfClause(clause) => {
                self.list(&clause.condition, out);
                out.push(block(BlockKind::Branch, self.body(&clause.then)));
                for other in clause.elses.iter().flatten() {
                    if let Some(condition) = &other.condition {
                        self.list(condition, out);
                    }
                    out.push(block(BlockKind::Branch, self.body(&other.body)));
                }
            }
            ast::CompoundCommand::CaseClause(clause) => {
                if let Some(word) = self.word(&clause.value) {
                    hidden(word, out);
                }
                for case in &clause.cases {
                    if let Some(list) = &case.cmd {
                        out.push(block(BlockKind::Branch, self.body(list)));
                    }
                }
            }
            ast::CompoundCommand::Coprocess(process) => {
                let mut body = Vec::new();
                let seq = vec![(*process.body).clone()];
                let pipeline = ast::Pipeline { timed: None, bang: false, seq };
                self.inside(|reader| reader.pipeline(&pipeline, &mut body));
                out.push(block(BlockKind::Subshell, body));
            }
            // Arithmetic is flat before the grammar sees it.
            ast::CompoundCommand::Arithmetic(_) | ast::CompoundCommand::ArithmeticForClause(_) => {}
        }
    }

    /// The name that a `for` gives its values; `for (( … ))` has none.
    fn variable(&self, clause: &ast::ForClauseCommand) -> Option<String> {
        let at = self.base + clause.loc.start.index;
        // `select` is as long as the grammar's `for` and the blanks behind it.
        let rest = self.script.get(at..)?;
        let rest = rest.strip_prefix("for").or_else(|| rest.strip_prefix("select"))?;
        let name: String = rest.trim_start().chars().take_while(|&c| is_name(c)).collect();
        (!name.is_empty()).then_some(name)
    }

    fn range(&self, span: &SourceSpan) -> Range<usize> {
        let end = (self.base + span.end.index).min(self.script.len());
        (self.base + span.start.index).min(end)..end
    }

    fn source(&self, span: &SourceSpan) -> &str {
        self.script.get(self.range(span)).unwrap_or_default()
    }

    fn word(&self, word: &ast::Word) -> Option<Word> {
        word.loc.as_ref().map(|span| words::word(self.script, self.range(span), self.depth))
    }

    fn simple(&mut self, simple: &ast::SimpleCommand, piped: bool, out: &mut Vec<Item>) {
        let mut read = Read::default();
        let prefix = simple.prefix.iter().flat_map(|prefix| &prefix.0);
        for item in prefix {
            self.argument(item, true, &mut read);
        }
        if let Some(name) = &simple.word_or_name {
            let range = name.loc.as_ref().map_or(0..0, |span| self.range(span));
            let source = self.script.get(range.clone()).unwrap_or_default();
            if source.starts_with("((") {
                return;
            }
            if source.starts_with("[[") && source.ends_with("]]") {
                read.words.extend(words::list(self.script, range.start + 2..range.end - 2, self.depth));
                read.words.insert(0, words::word(self.script, range.start..range.start + 2, self.depth));
                read.words.push(words::word(self.script, range.end - 2..range.end, self.depth));
            } else {
                read.words.extend(self.word(name));
            }
        }
        let name = read.words.first().and_then(Word::literal).unwrap_or_default();
        let declaring = DECLARING.contains(&name.as_str());
        for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
            self.argument(item, declaring, &mut read);
        }
        read.finish(declaring, piped, out);
    }

    fn argument(&mut self, item: &ast::CommandPrefixOrSuffixItem, assigns: bool, read: &mut Read) {
        match item {
            ast::CommandPrefixOrSuffixItem::IoRedirect(redirect) => read.redirects.extend(self.redirect(redirect)),
            ast::CommandPrefixOrSuffixItem::Word(word) => read.words.extend(self.word(word)),
            ast::CommandPrefixOrSuffixItem::AssignmentWord(_, word) => {
                let Some(range) = word.loc.as_ref().map(|span| self.range(span)) else { return };
                match if assigns { self.assignment(range.clone()) } else { None } {
                    Some(item) => read.assigned.push(item),
                    None => read.words.push(words::word(self.script, range, self.depth)),
                }
            }
            // Flat text has none: they are words there.
            ast::CommandPrefixOrSuffixItem::ProcessSubstitution(..) => {}
        }
    }

    /// `NAME=…`, `NAME+=…`, `NAME[…]=…`, `NAME=( … )` as the script has it.
    fn assignment(&self, range: Range<usize>) -> Option<Item> {
        let source = self.script.get(range.clone())?;
        let length = source.find(|c| !is_name(c))?;
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
            let words = words::list(self.script, from + 1..from + 1 + inside.len(), self.depth);
            return Some(Item::Array { name, words, append, at });
        }
        let value = words::word(self.script, from..range.end, self.depth);
        Some(if index > 0 {
            Item::Array { name, words: vec![value], append: true, at }
        } else {
            Item::Assign { name, value, append, at }
        })
    }
}

/// What a simple command holds.
#[derive(Default)]
struct Read {
    assigned: Vec<Item>,
    words: Vec<Word>,
    redirects: Vec<Redirect>,
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

/// Commands inside a word that itself is no item.
fn hidden(word: Word, out: &mut Vec<Item>) {
    for piece in word.pieces {
        if let super::Piece::Substitution(body) = piece {
            out.push(Item::Block { kind: BlockKind::Subshell, body, redirects: Vec::new() });
        }
    }
}
