//! A script made flat, byte for byte: whatever a shell reads as part of a word (quotes, escapes, `$…`, `${{ … }}`) becomes
//! `x`, comments and heredoc bodies become blanks, so that the grammar sees words, operators and line ends alone.
//!
//! The flat text is ASCII and as long as the script: an offset in one is an offset in the other. What the words say is read
//! from the script itself, never from the flat text. One pass, no backtracking; recursion is bounded by a depth.

mod ends;
mod heredocs;

use std::cell::Cell;
use std::ops::Range;

use super::{Doubt, MAX_DEPTH};

/// How often reading goes on after something unclosed; each time may cost one look at the rest of the script.
const MAX_FAILURES: usize = 16;

/// How often a search for an end may come to nothing; each may look at the rest of the script.
const MAX_MISSES: usize = 32;

/// The flat form of a part of a script.
pub(super) struct Mask {
    /// As long as the part; ASCII.
    pub(super) text: String,
    pub(super) heredocs: Vec<Heredoc>,
    pub(super) doubt: Option<Doubt>,
}

/// A heredoc; in the flat text it is an input redirection from a word of `x`.
#[derive(Debug, Clone)]
pub(super) struct Heredoc {
    /// Offset of `<<`.
    pub(super) operator: usize,
    pub(super) body: Range<usize>,
    /// `<<-`: tabs that begin a line are taken away.
    pub(super) tabs: bool,
    /// The delimiter is quoted: the body is text as it stands.
    pub(super) quoted: bool,
    delimiter: String,
}

/// Makes a part of a script flat. `depth` says how deep the part itself is nested.
pub(super) fn mask(script: &str, part: Range<usize>, depth: usize) -> Mask {
    let bytes = script.as_bytes();
    let mut scan = Scan {
        script,
        bytes,
        end: part.end,
        base: part.start,
        out: bytes.get(part.clone()).unwrap_or_default().to_vec(),
        heredocs: Vec::new(),
        doubt: None,
        failures: 0,
        misses: 0,
        line: Cell::default(),
        nest: 0,
        limit: MAX_DEPTH.saturating_sub(depth),
    };
    scan.commands(part.start);
    let text = String::from_utf8(scan.out).unwrap_or_default();
    Mask { text, heredocs: scan.heredocs, doubt: scan.doubt }
}

/// Finds ends inside a part of a script, for the reader of words.
pub(super) fn finder(script: &str, end: usize, depth: usize) -> Scan<'_> {
    Scan {
        script,
        bytes: script.as_bytes(),
        end,
        base: 0,
        out: Vec::new(),
        heredocs: Vec::new(),
        doubt: None,
        failures: 0,
        misses: 0,
        line: Cell::default(),
        nest: 1,
        limit: MAX_DEPTH.saturating_sub(depth),
    }
}

/// What is open while commands are scanned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    If,
    Loop,
    Brace,
    Paren,
    Array,
    Case,
    Other,
}

pub(super) struct Scan<'a> {
    script: &'a str,
    bytes: &'a [u8],
    end: usize,
    base: usize,
    out: Vec<u8>,
    heredocs: Vec<Heredoc>,
    doubt: Option<Doubt>,
    failures: usize,
    misses: usize,
    /// Where the line that was asked for last was come to, and its end: a line of many heredocs is asked for by each.
    line: Cell<Option<(usize, usize)>>,
    /// 0 while the flat text is written; deeper, only ends are looked for.
    nest: usize,
    limit: usize,
}

/// Where a scan of commands stands.
struct State {
    open: Vec<Open>,
    /// Start of the word that is being read.
    word: Option<usize>,
    /// A command or keyword may begin here.
    command: bool,
    /// `case` was read, its `in` not yet.
    head: bool,
    /// `for` or `select` was read just now.
    counted: bool,
    pending: Vec<Heredoc>,
}

impl Scan<'_> {
    fn at(&self, i: usize) -> u8 {
        if i < self.end { self.bytes.get(i).copied().unwrap_or(0) } else { 0 }
    }

    fn starts(&self, i: usize, with: &str) -> bool {
        self.bytes.get(i..self.end).is_some_and(|rest| rest.starts_with(with.as_bytes()))
    }

    fn fill(&mut self, range: Range<usize>, with: u8) {
        if self.nest == 0
            && let Some(out) = self.out.get_mut(range.start - self.base..range.end - self.base)
        {
            out.fill(with);
        }
    }

    fn doubt(&mut self, at: usize, why: &'static str) {
        if self.doubt.is_none() {
            self.doubt = Some(Doubt { at, why });
        }
    }

    /// The end of the line that holds `i`: the offset of its `\n`.
    fn line_end(&self, i: usize) -> usize {
        if let Some((_, end)) = self.line.get().filter(|(from, end)| (*from..=*end).contains(&i)) {
            return end;
        }
        let rest = self.bytes.get(i..self.end).unwrap_or_default();
        let end = rest.iter().position(|&b| b == b'\n').map_or(self.end, |n| i + n);
        self.line.set(Some((i, end)));
        end
    }

    /// Reads commands from `i`. In a substitution the answer is the offset of the `)` that ends it, or nothing if there is
    /// none; for a whole script it is its end.
    fn commands(&mut self, mut i: usize) -> Option<usize> {
        let mut state =
            State { open: Vec::new(), word: None, command: true, head: false, counted: false, pending: Vec::new() };
        while i < self.end {
            let c = self.at(i);
            i = match c {
                b' ' | b'\t' => {
                    self.end_word(&mut state, i);
                    i + 1
                }
                b'\r' if i + 1 == self.end || self.at(i + 1) == b'\n' => {
                    self.end_word(&mut state, i);
                    self.fill(i..i + 1, b' ');
                    i + 1
                }
                b'\n' => self.line(&mut state, i),
                b';' | b'&' | b'|' => {
                    self.end_word(&mut state, i);
                    let redirect = c != b';' && i > self.base && matches!(self.bytes[i - 1], b'>' | b'<');
                    state.command = !redirect && self.at(i + 1) != b'>';
                    i + 1
                }
                b'#' if state.word.is_none() => {
                    let end = self.line_end(i);
                    self.fill(i..end, b' ');
                    end
                }
                b'<' if self.starts(i, "<<<") => {
                    self.end_word(&mut state, i);
                    i + 3
                }
                b'<' if self.starts(i, "<<") => self.heredoc(&mut state, i),
                b'<' | b'>' if self.at(i + 1) != b'(' => {
                    self.end_word(&mut state, i);
                    i + 1
                }
                b')' => {
                    self.end_word(&mut state, i);
                    let last = state.open.iter().rposition(|o| matches!(o, Open::Paren | Open::Array | Open::Case));
                    match last {
                        Some(n) if state.open[n] != Open::Case => state.open.truncate(n),
                        None if self.nest > 0 => return Some(i),
                        _ => {}
                    }
                    state.command = true;
                    i + 1
                }
                _ => match self.part(&mut state, i) {
                    Ok(next) => next,
                    Err(why) => {
                        if self.nest > 0 {
                            return None;
                        }
                        self.failed(&mut state, i, why)
                    }
                },
            };
        }
        self.end_word(&mut state, self.end);
        if self.nest > 0 {
            return None;
        }
        if let Some(heredoc) = state.pending.first() {
            self.doubt(heredoc.operator, "this heredoc has no text");
        }
        Some(self.end)
    }

    /// Something unclosed begins at `i`: its line is one odd word, and reading goes on behind it.
    fn failed(&mut self, state: &mut State, i: usize, why: &'static str) -> usize {
        self.doubt(i, why);
        self.failures += 1;
        if self.failures > MAX_FAILURES {
            self.fill(i..self.end, b' ');
            return self.end;
        }
        let end = self.line_end(i).max(i + 1);
        self.fill(i..end, b'x');
        state.word.get_or_insert(i);
        end
    }

    /// One part of a word at `i`, or an opening parenthesis: where it ends.
    fn part(&mut self, state: &mut State, i: usize) -> Result<usize, &'static str> {
        let c = self.at(i);
        let end = match c {
            b'\\' => {
                let next = i + 1 + usize::from(self.starts(i + 1, "\r\n"));
                if self.at(next) == b'\n' {
                    return Ok(self.continuation(state, i, next + 1));
                }
                (i + 2).min(self.end)
            }
            b'\'' => self.single(i + 1).ok_or("a quote is not closed")?,
            b'"' => self.double(i + 1).ok_or("a quote is not closed")?,
            b'`' => self.backquote(i + 1).ok_or("a backquote is not closed")?,
            b'$' => self.dollar(i, false).ok_or("a `$` form is not closed")?,
            b'<' | b'>' => self.parenthesis(i + 2).ok_or("a substitution is not closed")?,
            b'(' => return self.paren(state, i),
            b'[' if state.word.is_none() => {
                let test = state.command && self.starts(i, "[[") && matches!(self.at(i + 2), b' ' | b'\t' | b'\n');
                match if test { self.search(|scan| scan.test(i + 2)) } else { None } {
                    Some(end) => end,
                    None => {
                        state.word = Some(i);
                        return Ok(i + 1);
                    }
                }
            }
            b']' if state.word.is_none() => {
                state.word = Some(i);
                return Ok(i + 1);
            }
            // What only the script has to know.
            b'[' | b']' | 0..=31 | 127.. => i + 1,
            _ => {
                state.word.get_or_insert(i);
                return Ok(i + 1);
            }
        };
        state.word.get_or_insert(i);
        self.fill(i..end, b'x');
        Ok(end)
    }

    /// A backslash at the end of a line: nothing inside a word, a blank between words.
    fn continuation(&mut self, state: &State, i: usize, next: usize) -> usize {
        let goes_on = !matches!(self.at(next), 0 | b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>');
        let inside = state.word.is_some() && goes_on && !matches!(self.at(next), b'(' | b')');
        self.fill(i..next, if inside { b'x' } else { b' ' });
        next
    }

    fn paren(&mut self, state: &mut State, i: usize) -> Result<usize, &'static str> {
        let before = state.word.map_or(0, |_| self.bytes[i - 1]);
        let bang = state.command && state.word == Some(i.saturating_sub(1));
        if matches!(before, b'@' | b'?' | b'*' | b'+') || (before == b'!' && !bang) {
            let end = self.balanced(i + 1).ok_or("a parenthesis is not closed")?;
            self.fill(i..end, b'x');
            return Ok(end);
        }
        if before == 0
            && (state.command || state.counted)
            && self.starts(i, "((")
            && let Some(end) = self.arithmetic(i + 2)
        {
            self.fill(i..end, b'x');
            state.word = Some(i);
            return Ok(end);
        }
        let array = before == b'=';
        self.end_word(state, i);
        self.open(state, if array { Open::Array } else { Open::Paren });
        state.command = !array;
        Ok(i + 1)
    }

    fn open(&mut self, state: &mut State, what: Open) {
        if state.open.len() <= self.limit {
            state.open.push(what);
        }
    }

    /// Closes the innermost of a kind, but nothing across a parenthesis or `case`.
    fn close(state: &mut State, what: Open) {
        for n in (0..state.open.len()).rev() {
            if state.open[n] == what {
                state.open.truncate(n);
                return;
            }
            if matches!(state.open[n], Open::Paren | Open::Array | Open::Case) {
                return;
            }
        }
    }

    /// A word ends before `i`: keywords open and close, and say whether a command may follow.
    fn end_word(&mut self, state: &mut State, i: usize) {
        let Some(start) = state.word.take() else { return };
        let word = self.bytes.get(start..i).unwrap_or_default();
        let command = std::mem::replace(&mut state.command, false);
        let counted = std::mem::replace(&mut state.counted, false);
        if state.head && word == b"in" {
            state.head = false;
            state.command = true;
        } else if state.open.last() == Some(&Open::Array) || counted {
        } else if word == b"{" {
            self.open(state, Open::Brace);
            state.command = true;
        } else if command {
            match word {
                b"if" => self.open(state, Open::If),
                b"while" | b"until" => self.open(state, Open::Loop),
                b"for" | b"select" => {
                    self.open(state, Open::Loop);
                    state.counted = true;
                    return;
                }
                b"case" => {
                    self.open(state, Open::Case);
                    state.head = true;
                    return;
                }
                b"coproc" => self.open(state, Open::Other),
                b"fi" => return Self::close(state, Open::If),
                b"done" => return Self::close(state, Open::Loop),
                b"esac" => return Self::close(state, Open::Case),
                b"}" => return Self::close(state, Open::Brace),
                b"then" | b"else" | b"elif" | b"do" | b"!" | b"time" => {}
                _ => return,
            }
            state.command = true;
        }
    }
}
