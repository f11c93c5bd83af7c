//! Heredocs: their operators, and the lines that belong to them. Each text is passed over once.

use std::ops::Range;

use super::{Heredoc, Open, Scan, State};

impl Scan<'_> {
    pub(super) fn line(&mut self, state: &mut State, i: usize) -> usize {
        self.end_word(state, i);
        state.command = state.open.last() != Some(&Open::Array);
        let mut next = i + 1;
        for mut heredoc in std::mem::take(&mut state.pending) {
            let (body, end) = self.body(&heredoc, next);
            self.fill(next..end, b' ');
            heredoc.body = body;
            next = end;
            if self.at(next) == b'\n' {
                next += 1;
            }
            if self.nest == 0 {
                self.heredocs.push(heredoc);
            }
        }
        // The line end after the last body stays one; those between bodies are blanks.
        if next > i + 1 && self.bytes[next - 1] == b'\n' {
            self.fill(i + 1..next - 1, b' ');
        }
        next
    }

    /// The text of a heredoc from `i`, and the end of its last line.
    fn body(&mut self, heredoc: &Heredoc, start: usize) -> (Range<usize>, usize) {
        let mut i = start;
        while i < self.end {
            let end = self.line_end(i);
            let line = self.script.get(i..end).unwrap_or_default();
            let text = line.strip_suffix('\r').unwrap_or(line);
            let tabs = if heredoc.tabs { text.len() - text.trim_start_matches('\t').len() } else { 0 };
            if text[tabs..] == heredoc.delimiter {
                return (start..i, end);
            }
            if self.nest > 0 && text[tabs..].strip_prefix(&heredoc.delimiter).is_some_and(|rest| rest.starts_with(')'))
            {
                return (start..i, i + tabs + heredoc.delimiter.len());
            }
            i = end + 1;
        }
        self.doubt(heredoc.operator, "the end of this heredoc is missing");
        (start..self.end, self.end)
    }

    pub(super) fn heredoc(&mut self, state: &mut State, start: usize) -> usize {
        self.end_word(state, start);
        let mut i = start + 2;
        let tabs = self.at(i) == b'-';
        i += usize::from(tabs);
        while matches!(self.at(i), b' ' | b'\t') {
            i += 1;
        }
        let (mut delimiter, mut quoted, word) = (Vec::new(), false, i);
        loop {
            match self.at(i) {
                0 | b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => break,
                quote @ (b'\'' | b'"') => {
                    quoted = true;
                    let rest = &self.bytes[i + 1..self.line_end(i)];
                    let inside = rest.iter().position(|&b| b == quote).unwrap_or(rest.len());
                    delimiter.extend_from_slice(&rest[..inside]);
                    i = (i + inside + 2).min(self.end);
                }
                b'\\' => {
                    quoted = true;
                    i += 1;
                }
                c => {
                    delimiter.push(c);
                    i += 1;
                }
            }
        }
        let i = i.min(self.line_end(start));
        if word == i {
            self.doubt(start, "this heredoc has no delimiter");
        }
        self.fill(start..i, b'x');
        self.fill(start..start + 1, b'<');
        if word != i {
            let delimiter = String::from_utf8_lossy(&delimiter).into_owned();
            state.pending.push(Heredoc { operator: start, body: i..i, tabs, quoted, delimiter });
        }
        i
    }
}
