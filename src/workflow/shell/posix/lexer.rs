//! Tokens of a flat text: words, operators, line ends. It looks at each byte once, and never at what a word says.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing is left.
    End,
    /// The end of a line.
    Line,
    Word,
    /// `x=(` that no `)` closes.
    Unclosed,
    /// `;`
    Semicolon,
    /// `&`
    Ampersand,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `|`, `|&`
    Pipe,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `;;`, `;&`, `;;&`
    Arm,
    /// A redirection's operator, its descriptor included.
    Redirect,
}

/// A token and its bytes in the flat text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How many digits before `<` and `>` are a descriptor.
const MAX_DIGITS: usize = 4;

#[derive(Clone, Copy)]
pub(super) struct Lexer<'a> {
    flat: &'a str,
    token: Token,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(flat: &'a str) -> Self {
        let mut lexer = Self { flat, token: Token { kind: Kind::Line, start: 0, end: 0 } };
        lexer.bump();
        lexer
    }

    /// The token that reading stands at.
    pub(super) fn token(&self) -> Token {
        self.token
    }

    pub(super) fn text(&self) -> &'a str {
        self.flat.get(self.token.start..self.token.end).unwrap_or_default()
    }

    /// Goes to the next token.
    pub(super) fn bump(&mut self) {
        // `2>&1>f`: the `1` is no descriptor.
        let target = self.token.kind == Kind::Redirect;
        let mut start = self.token.end;
        while matches!(self.at(start), b' ' | b'\t') {
            start += 1;
        }
        let (kind, end) = self.token_at(start, target);
        self.token = Token { kind, start, end };
    }

    /// Goes to the end of the line.
    pub(super) fn skip_line(&mut self) {
        let rest = self.flat.get(self.token.start..).unwrap_or_default();
        self.token.end = rest.find('\n').map_or(self.flat.len(), |n| self.token.start + n);
        self.bump();
    }

    fn at(&self, i: usize) -> u8 {
        self.flat.as_bytes().get(i).copied().unwrap_or(0)
    }

    fn token_at(&self, i: usize, target: bool) -> (Kind, usize) {
        if i >= self.flat.len() {
            return (Kind::End, self.flat.len());
        }
        match (self.at(i), self.at(i + 1)) {
            (b'\n', _) => (Kind::Line, i + 1),
            (b'(', _) => (Kind::Open, i + 1),
            (b')', _) => (Kind::Close, i + 1),
            (b';', b';') => (Kind::Arm, i + 2 + usize::from(self.at(i + 2) == b'&')),
            (b';', b'&') => (Kind::Arm, i + 2),
            (b';', _) => (Kind::Semicolon, i + 1),
            (b'&', b'&') => (Kind::And, i + 2),
            (b'&', b'>') => (Kind::Redirect, i + 2 + usize::from(self.at(i + 2) == b'>')),
            (b'&', _) => (Kind::Ampersand, i + 1),
            (b'|', b'|') => (Kind::Or, i + 2),
            (b'|', b'&') => (Kind::Pipe, i + 2),
            (b'|', _) => (Kind::Pipe, i + 1),
            (b'<' | b'>', _) => (Kind::Redirect, self.operator(i)),
            _ => self.word(i, target),
        }
    }

    fn operator(&self, i: usize) -> usize {
        match (self.at(i), self.at(i + 1)) {
            (b'<', b'<') => i + 2 + usize::from(self.at(i + 2) == b'<'),
            (_, b'>' | b'&') | (b'>', b'|') => i + 2,
            _ => i + 1,
        }
    }

    fn word(&self, start: usize, target: bool) -> (Kind, usize) {
        let mut i = start;
        loop {
            let rest = self.flat.get(i..).unwrap_or_default();
            i += rest.find([' ', '\t', '\n', ';', '&', '|', '(', ')', '<', '>']).unwrap_or(rest.len());
            let array = self.at(i) == b'(' && i > start && self.at(i - 1) == b'=';
            if !array {
                break;
            }
            // The elements hold no parentheses: what has any is flat.
            let inside = self.flat.get(i + 1..).unwrap_or_default();
            match inside.find(['(', ')']) {
                Some(n) if self.at(i + 1 + n) == b')' => i += n + 2,
                _ => return (Kind::Unclosed, i + 1),
            }
        }
        let digits = i - start <= MAX_DIGITS && self.flat.as_bytes()[start..i].iter().all(u8::is_ascii_digit);
        if digits && !target && matches!(self.at(i), b'<' | b'>') {
            return (Kind::Redirect, self.operator(i));
        }
        (Kind::Word, i)
    }
}
