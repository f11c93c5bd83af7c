//! Where quotes, substitutions and expressions end. Searches only: nothing is written, effort and depth are bounded.

use super::{MAX_MISSES, Scan};

/// Ends of what words are made of: each answer is the offset behind the end, or nothing if it is not closed.
impl Scan<'_> {
    fn nested<T>(&mut self, find: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.nest > self.limit {
            return None;
        }
        self.nest += 1;
        let found = find(self);
        self.nest -= 1;
        found
    }

    /// A search that is given up after too many in vain.
    pub(super) fn search(&mut self, find: impl FnOnce(&mut Self) -> Option<usize>) -> Option<usize> {
        if self.misses > MAX_MISSES {
            return None;
        }
        let found = find(self);
        self.misses += usize::from(found.is_none());
        found
    }

    /// `${{ … }}`, from its `$`: strings inside may hold braces.
    pub(in super::super) fn expression(&mut self, start: usize) -> Option<usize> {
        self.search(|scan| scan.expression_inside(start))
    }

    fn expression_inside(&self, start: usize) -> Option<usize> {
        let mut i = start + 3;
        while i < self.end {
            match self.at(i) {
                b'\'' => i += 1 + self.bytes[i + 1..self.end].iter().position(|&b| b == b'\'')?,
                b'}' if self.at(i + 1) == b'}' => return Some(i + 2),
                _ => {}
            }
            i += 1;
        }
        None
    }

    /// Up to the quote that closes `'`, from behind it.
    pub(in super::super) fn single(&mut self, mut i: usize) -> Option<usize> {
        while i < self.end {
            match self.at(i) {
                b'\'' => return Some(i + 1),
                b'$' if self.starts(i, "${{") => i = self.expression(i)?,
                _ => i += 1,
            }
        }
        None
    }

    pub(in super::super) fn double(&mut self, i: usize) -> Option<usize> {
        self.nested(|scan| scan.double_inside(i))
    }

    fn double_inside(&mut self, mut i: usize) -> Option<usize> {
        while i < self.end {
            match self.at(i) {
                b'"' => return Some(i + 1),
                b'\\' => i += 2,
                b'$' => i = self.dollar(i, true)?,
                b'`' => i = self.backquote(i + 1)?,
                _ => i += 1,
            }
        }
        None
    }

    /// `$'…'`, from behind its quote.
    pub(in super::super) fn ansi(&self, mut i: usize) -> Option<usize> {
        while i < self.end {
            match self.at(i) {
                b'\'' => return Some(i + 1),
                b'\\' => i += 2,
                _ => i += 1,
            }
        }
        None
    }

    pub(in super::super) fn backquote(&self, mut i: usize) -> Option<usize> {
        while i < self.end {
            match self.at(i) {
                b'`' => return Some(i + 1),
                b'\\' => i += 2,
                _ => i += 1,
            }
        }
        None
    }

    /// Up to the `)` behind commands.
    pub(in super::super) fn parenthesis(&mut self, i: usize) -> Option<usize> {
        self.nested(|scan| scan.commands(i)).map(|end| end + 1)
    }

    /// Whatever `$` begins.
    pub(in super::super) fn dollar(&mut self, i: usize, quoted: bool) -> Option<usize> {
        match self.at(i + 1) {
            b'{' if self.at(i + 2) == b'{' => self.expression(i),
            b'{' => self.nested(|scan| scan.brace(i + 2, quoted)),
            b'(' if self.at(i + 2) == b'(' && self.arithmetic(i + 3).is_some() => self.arithmetic(i + 3),
            b'(' => self.parenthesis(i + 2),
            b'\'' if !quoted => self.ansi(i + 2),
            _ => Some(i + 1),
        }
    }

    fn brace(&mut self, mut i: usize, quoted: bool) -> Option<usize> {
        while i < self.end {
            match self.at(i) {
                b'}' => return Some(i + 1),
                b'\\' => i += 2,
                b'\'' if !quoted => i = self.single(i + 1)?,
                b'"' => i = self.double(i + 1)?,
                b'$' => i = self.dollar(i, quoted)?,
                b'`' => i = self.backquote(i + 1)?,
                _ => i += 1,
            }
        }
        None
    }

    /// Up to `))`, from behind `((`; what looks like two subshells is none.
    pub(in super::super) fn arithmetic(&mut self, i: usize) -> Option<usize> {
        self.search(|scan| scan.arithmetic_inside(i))
    }

    fn arithmetic_inside(&mut self, mut i: usize) -> Option<usize> {
        let mut depth = 0_usize;
        while i < self.end {
            match self.at(i) {
                b'(' => depth += 1,
                b')' if depth > 0 => depth -= 1,
                b')' => return (self.at(i + 1) == b')').then_some(i + 2),
                b'$' if self.starts(i, "${{") => {
                    i = self.expression(i)?;
                    continue;
                }
                _ => {}
            }
            i += 1;
        }
        None
    }

    /// Up to the `)` of a pattern such as `@(a|b)`, from behind its `(`, on the same line.
    pub(super) fn balanced(&self, mut i: usize) -> Option<usize> {
        let mut depth = 1_usize;
        while i < self.end && self.at(i) != b'\n' {
            match self.at(i) {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b'\\' => i += 1,
                _ => {}
            }
            i += 1;
            if depth == 0 {
                return Some(i);
            }
        }
        None
    }

    /// Up to `]]`, from behind `[[`.
    pub(super) fn test(&mut self, mut i: usize) -> Option<usize> {
        while i < self.end {
            i = match self.at(i) {
                b'\\' => i + 2,
                b'\'' => self.single(i + 1)?,
                b'"' => self.double(i + 1)?,
                b'`' => self.backquote(i + 1)?,
                b'$' => self.dollar(i, false)?,
                b' ' | b'\t' | b'\n' if self.starts(i + 1, "]]") => {
                    if matches!(self.at(i + 3), 0 | b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b')') {
                        return Some(i + 3);
                    }
                    i + 1
                }
                _ => i + 1,
            };
        }
        None
    }
}
