//! A text that knows where it stands in its file, to the line of each word.
//!
//! Positions are what findings and repairs point at, so they hold for every style in which YAML lets a text be written.

/// A position in the file: line and column count from 1 (columns in characters), `byte` from 0, a BOM included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The byte.
    pub byte: usize,
}

/// A scalar: its text, where it starts, and on which line each of its words stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text after YAML's own unescaping and folding.
    pub value: String,
    /// Where it begins: the quote or the first letter, also that of a block.
    pub at: Mark,
    lines: Lines,
}

/// How positions inside a scalar map to lines of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lines {
    /// All of it is on the line that it begins on.
    One,
    /// A literal block, whose line feeds are the file's: its first line, and by how many columns it is indented.
    Literal { first: usize, indent: usize },
    /// Folded somehow: the line of each blank-separated word. Folding changes blanks, never words.
    Words(Vec<usize>),
}

impl Text {
    /// A scalar at a place.
    pub(super) fn new(value: String, at: Mark, lines: Lines) -> Self {
        Self { value, at, lines }
    }

    /// Nothing, at a place.
    pub(crate) fn empty(at: Mark) -> Self {
        Self { value: String::new(), at, lines: Lines::One }
    }

    /// Line and column in the file of the character at `offset` (in bytes, within `value`). Both count from 1; of folded
    /// text only the line is known, and the column is 1.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.value.get(..offset).unwrap_or(&self.value);
        match &self.lines {
            Lines::One => (self.at.line, self.at.column + before.chars().count()),
            Lines::Literal { first, indent } => {
                let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
                (first + before.matches('\n').count(), indent + column + 1)
            }
            Lines::Words(lines) => {
                let within = before.ends_with(|c: char| !c.is_whitespace());
                let word = before.split_whitespace().count().saturating_sub(usize::from(within));
                (lines.get(word).or(lines.last()).copied().unwrap_or(self.at.line), 1)
            }
        }
    }
}
