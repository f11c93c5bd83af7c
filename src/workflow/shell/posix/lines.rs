//! A part that the grammar refuses, line by line: one odd line hides nothing else.
//!
//! In flat text a line is a whole one: quotes, substitutions, heredocs and continuations hold no line ends.

use brush_parser::ast;

use super::super::{Item, MAX_DEPTH};
use super::{Reader, parse};

/// How long a line may be, in bytes, that is read a second time without its keywords.
const MAX_LINE: usize = 4096;

impl Reader<'_> {
    /// Line by line, keywords put aside; a line that is refused even so is left out.
    pub(super) fn lines(&mut self, flat: &str) -> Vec<Item> {
        let mut out = Vec::new();
        let mut start = self.base;
        for line in flat.split('\n') {
            let twist = line.bytes().filter(|b| *b == b'(').count() + line.matches("case").count();
            let effort = line.len().checked_shl(u32::try_from(twist).unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
            let nested = line.split([' ', '\t', ';', '(', '&', '|']).filter(|word| is_opening(word)).count();
            self.base = start;
            if twist + nested + self.depth < MAX_DEPTH
                && let Some(program) = line_tree(line, effort)
            {
                out.extend(self.program(&program));
            }
            start += line.len() + 1;
        }
        out
    }
}

/// The tree of a line; its own keywords may be what the grammar refuses.
fn line_tree(line: &str, effort: usize) -> Option<ast::Program> {
    let tree = parse(line, effort);
    if tree.is_err() && line.len() <= MAX_LINE {
        return parse(&bare(line), effort).ok();
    }
    tree.ok()
}

fn is_opening(word: &str) -> bool {
    matches!(word, "if" | "while" | "until" | "for" | "{" | "coproc")
}

/// A line without the keywords that begin and end it, blanks in their place.
fn bare(line: &str) -> String {
    let mut out = line.as_bytes().to_vec();
    let mut from = 0;
    loop {
        let rest = &line[from..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', ';', '(', ')']).len();
        let word = rest[blank..].split([' ', '\t', ';']).next().unwrap_or_default();
        let keyword = matches!(
            word,
            "if" | "then" | "else" | "elif" | "fi" | "while" | "until" | "do" | "done" | "{" | "}" | "!" | "esac"
        );
        let arm = word.ends_with(')') && !word.contains('(');
        let skip = blank + if keyword || arm { word.len() } else { 0 };
        if skip == 0 {
            break;
        }
        out[from..from + skip].fill(b' ');
        from += skip;
    }
    let mut text = String::from_utf8(out).unwrap_or_default();
    loop {
        let trimmed = text.trim_end_matches([' ', '\t', ';', ')']);
        let word = trimmed.rsplit([' ', '\t', ';']).next().unwrap_or_default();
        let keyword = matches!(word, "then" | "do" | "else" | "{" | "}" | "fi" | "done" | "esac");
        let keep = if keyword { trimmed.len() - word.len() } else { trimmed.len() };
        if keep == text.len() {
            return text;
        }
        text.truncate(keep);
    }
}
